/* SPDX-License-Identifier: MIT */
/*
 * Fences for a renderer without a GPU: a software timeline (debugfs sync/sw_sync) and what a
 * DMA-BUF itself knows of who still uses it.
 */
#ifndef KMS_FENCE_H
#define KMS_FENCE_H

#include <stdint.h>

/**
 * fence_timeline_open() - make a software timeline at point 0
 * Return: a file descriptor, or a negative errno. close() signals all its fences.
 */
int fence_timeline_open(void);

/**
 * fence_timeline_fence() - make a fence that signals when the timeline reaches a point
 * @timeline: the timeline
 * @point: the point
 * @name: for debugging, at most 31 characters
 * Return: a sync_file, or a negative errno.
 */
int fence_timeline_fence(int timeline, uint32_t point, const char *name);

/**
 * fence_timeline_advance() - move the timeline, which signals fences
 * @timeline: the timeline
 * @steps: how far
 * Return: 0 or a negative errno.
 */
int fence_timeline_advance(int timeline, uint32_t steps);

/**
 * fence_merge() - a fence that signals when both have
 * @a: a sync_file
 * @b: another
 * @name: for debugging, at most 31 characters
 * Return: a new sync_file, or a negative errno. @a and @b stay open.
 */
int fence_merge(int a, int b, const char *name);

/**
 * fence_wait() - wait for a fence
 * @fence: a sync_file
 * @timeout_ms: at most so long, -1 for ever
 * Return: 0, -ETIME, or a negative errno.
 */
int fence_wait(int fence, int timeout_ms);

/**
 * fence_of_dmabuf() - what has to finish before someone may read a DMA-BUF
 * @dmabuf: the DMA-BUF
 * Return: a sync_file (a signalled one when nothing is outstanding), or a negative errno.
 */
int fence_of_dmabuf(int dmabuf);

#endif /* KMS_FENCE_H */
