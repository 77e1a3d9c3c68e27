/* SPDX-License-Identifier: MIT */
/* A run: buffers, renderer and display working together, and what is measured meanwhile. */
#ifndef FLIP_RUN_H
#define FLIP_RUN_H

#include "flip/options.h"
#include "flip/renderer.h"
#include "flip/samples.h"
#include "flip/verify.h"
#include "kms/buffer.h"
#include "kms/state.h"

/** enum run_end - why a run ended */
enum run_end {
	RUN_GOING,
	RUN_SECONDS,		/* the time is over */
	RUN_FRAMES,		/* so many frames were shown */
	RUN_SIGNAL,		/* someone interrupted it */
	RUN_UNPLUGGED,		/* display or device are gone */
	RUN_RENDERER,		/* the renderer died */
	RUN_STUCK,		/* no flip event came */
	RUN_ERROR,		/* a system call failed */
};

/**
 * struct run_buffer - a buffer on its way from the renderer to the screen and back
 * @kms: the buffer
 * @dmabuf: exported, -1 otherwise
 * @frame: what it holds, or will when @rendering
 * @rendering: the renderer has a request for it
 * @waiting: it holds, or is about to hold, a frame that is not committed yet
 * @fence: of the rendering, -1: none, commit when !@rendering
 * @begin: when rendering began, ns
 * @committed: when it was committed, ns
 */
struct run_buffer {
	struct kms_buffer kms;
	int dmabuf;
	uint32_t frame;
	bool rendering, waiting;
	int fence;
	uint64_t begin, committed;
};

/**
 * struct run - all of it
 * @options: what was asked for
 * @device: the card
 * @output: where to
 * @state: what was there before
 * @renderer: who draws
 * @buffer: options->buffers of them
 * @mode_blob: of the mode
 * @crc_fd: CRCs, -1: none
 * @signal_fd: SIGINT and SIGTERM
 * @modeset: our state is on the output
 * @pending: buffer that was committed and not latched, -1
 * @shown: buffer on screen, -1
 * @next_request: frame to render next
 * @next_commit: frame to commit next
 * @fences: RENDER_HAS_*
 * @retry: the last commit met -EBUSY
 * @end: why it ended
 * @error: what failed, for the report
 * @first_flip: time of the first flip event, ns
 * @last_flip: of the last
 * @render_latency: from the start of rendering to the vblank that latched the frame
 * @commit_latency: from the commit to that
 * @verify: verdicts
 * @no_crc: why there is no verification
 * @cma_before: CmaFree in kB, -1: unknown
 * @cma_min: least seen
 * @cma_after: when all is freed
 */
struct run {
	const struct flip_options *options;
	struct kms_device device;
	struct kms_output output;
	struct kms_state state;
	struct renderer renderer;
	struct run_buffer buffer[FLIP_MAX_BUFFERS];
	uint32_t mode_blob;
	int crc_fd, signal_fd;
	bool modeset;
	int pending, shown;
	uint32_t next_request, next_commit;
	uint32_t fences;
	bool retry;
	enum run_end end;
	char error[160];
	uint64_t first_flip, last_flip;
	struct samples render_latency, commit_latency;
	struct verify verify;
	char no_crc[160];
	long cma_before, cma_min, cma_after;
};

/**
 * run_open() - renderer, device, buffers, first picture on screen
 * @r: out
 * @options: what was asked for; must live as long as @r
 * Return: 0 or a negative errno after a message. run_close() in either case.
 */
int run_open(struct run *r, const struct flip_options *options);

/**
 * run_flip() - flip until something ends it
 * @r: opened
 * @tick: called about once a second, may be NULL
 */
void run_flip(struct run *r, void (*tick)(const struct run *r));

/**
 * run_close() - restore the output, free everything, read the CMA figures once more
 * @r: opened, or not quite
 */
void run_close(struct run *r);

/**
 * run_free() - free the measurements
 * @r: closed
 */
void run_free(struct run *r);

/**
 * run_fail() - end the run because of an error
 * @r: the run
 * @end: kind
 * @format: as printf(); printed and kept for the report
 */
void run_fail(struct run *r, enum run_end end, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * run_cma() - look at CmaFree, keep the least
 * @r: the run
 * Return: kB, -1 when the kernel has no CMA.
 */
long run_cma(struct run *r);

/**
 * run_replies() - take what the renderer has sent
 * @r: the run
 * @wait: wait for one reply
 * Return: whether there was any.
 */
bool run_replies(struct run *r, bool wait);

/**
 * run_request() - have a frame rendered
 * @r: the run
 * @buffer: where to
 * @fence: wait for it first, -1: none
 * @not_before: wait until then, ns
 */
void run_request(struct run *r, int buffer, int fence, uint64_t not_before);

#endif /* FLIP_RUN_H */
