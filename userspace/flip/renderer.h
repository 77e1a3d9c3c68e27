/* SPDX-License-Identifier: MIT */
/*
 * The renderer: draws frames on request, in a thread that shares the display's mappings, or in a
 * process of its own that gets the buffers as DMA-BUFs and knows nothing of KMS.
 *
 * Both speak the same protocol. The display sends one struct render_setup, then requests. For each
 * request the renderer sends, where it has a software timeline, a RENDER_FENCE reply with a fence
 * of the rendering that is about to begin, and in any case a RENDER_DONE when it is drawn.
 */
#ifndef FLIP_RENDERER_H
#define FLIP_RENDERER_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "flip/options.h"
#include "flip/picture.h"

/**
 * struct render_setup - first message to the renderer
 * @width: pixels
 * @height: lines
 * @render_ms: busy load of each frame
 * @pitch: of each buffer, bytes
 * @size: of each buffer, bytes
 * @map: each buffer in this process; without, the message carries DMA-BUFs
 * @info: what the picture says; the renderer fills in @info.setup
 */
struct render_setup {
	uint32_t width, height;
	uint32_t render_ms;
	uint32_t pitch[FLIP_MAX_BUFFERS];
	uint64_t size[FLIP_MAX_BUFFERS];
	void *map[FLIP_MAX_BUFFERS];
	struct picture_info info;
};

/**
 * struct render_request - draw a frame; may carry a fence to wait for first
 * @frame: its number
 * @buffer: where to
 * @not_before: CLOCK_MONOTONIC, ns
 */
struct render_request {
	uint32_t frame, buffer;
	uint64_t not_before;
};

/** enum render_event - kinds of replies */
enum render_event {
	RENDER_READY,	/* answers the setup */
	RENDER_FENCE,	/* carries a fence of the frame */
	RENDER_DONE,	/* may carry a fence of the frame */
	RENDER_FAILED,	/* @error says why; the renderer ends */
};

#define RENDER_HAS_TIMELINE	1U	/* software timeline */
#define RENDER_HAS_DMABUF	2U	/* fences of DMA-BUFs */

/**
 * struct render_reply - from the renderer
 * @event: kind
 * @frame: of the request
 * @buffer: of the request
 * @crc: DONE: what the controller must report for it
 * @fences: READY: RENDER_HAS_*
 * @error: FAILED: negative errno
 * @begin: DONE: CLOCK_MONOTONIC ns, after the wait for the buffer
 * @end: DONE: CLOCK_MONOTONIC ns
 */
struct render_reply {
	enum render_event event;
	uint32_t frame, buffer, crc;
	uint32_t fences;
	int32_t error;
	uint64_t begin, end;
};

/**
 * struct renderer - the display's end
 * @fd: the channel, -1 when stopped
 * @process: a process, not a thread
 * @pid: of the process
 * @thread: the thread
 */
struct renderer {
	int fd;
	bool process;
	pid_t pid;
	pthread_t thread;
};

/**
 * renderer_start() - start it
 * @r: out
 * @process: in a process of its own; then call this before any device is open
 * Return: 0, or a negative errno after a message. Stop with renderer_stop().
 */
int renderer_start(struct renderer *r, bool process);

/**
 * renderer_stop() - end it and wait for that
 * @r: started, or with @r->fd -1
 * @why: out, may be NULL: how a process ended by itself, empty when it ended as told
 * @size: of @why
 */
void renderer_stop(struct renderer *r, char *why, size_t size);

/**
 * renderer_main() - serve a channel until the other end closes it
 * @fd: the renderer's end; closed on return
 * Return: 0 or a negative errno.
 */
int renderer_main(int fd);

#endif /* FLIP_RENDERER_H */
