/* SPDX-License-Identifier: MIT */
/* Buffers that take room in the CMA area and are never looked at: what a field's machine held. */
#ifndef VDC_UPTIME_HOLD_H
#define VDC_UPTIME_HOLD_H

#include <stdbool.h>
#include <stdint.h>

#define HOLD_MAX	4096

/**
 * struct hold - buffers of one path
 * @fd: the device they come from
 * @path: what stands behind it: "plain" is the kernel's drm_gem_dma and nothing else
 * @count: how many, holes included
 * @buffer: handle 0: a hole, given back
 */
struct hold {
	int fd;
	const char *path;
	unsigned int count;
	struct {
		uint32_t handle;
		uint32_t pages;
	} buffer[HOLD_MAX];
};

/**
 * hold_begin() - nothing is held yet
 * @h: the buffers
 *
 * Here is decided which path the complaints' buffers take: that of vdc-plain (the peers module),
 * which has no other, or where it is not loaded that of vdc itself.
 */
void hold_begin(struct hold *h);

/** hold_add() - one more buffer of so many pages. Return: 0 or the errno */
int hold_add(struct hold *h, uint32_t pages);

/** hold_drop() - give a buffer back; nothing happens to a hole */
void hold_drop(struct hold *h, unsigned int i);

/** hold_drop_all() - give all of them back */
void hold_drop_all(struct hold *h);

/**
 * hold_fill() - buffers of so many pages until the area has no place for another
 * @h: the buffers
 * @pages: size of each
 * Return: how many were added. What came from elsewhere, when the area was full, is not kept.
 */
unsigned int hold_fill(struct hold *h, uint32_t pages);

/** hold_end() - give all back and close */
void hold_end(struct hold *h);

#endif /* VDC_UPTIME_HOLD_H */
