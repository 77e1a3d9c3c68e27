// SPDX-License-Identifier: MIT
/*
 * The loop of a run. A buffer goes: request - (fence) - drawn - commit - latched - free, and
 * nothing waits for more than it must:
 *
 *  - a frame is committed as soon as the flip before it is done, even while it is still being
 *    drawn; its in-fence holds the flip back;
 *  - a buffer goes back to the renderer as soon as its successor is committed; that commit's
 *    out-fence holds the renderer back.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "flip/channel.h"
#include "flip/clock.h"
#include "flip/run.h"
#include "kms/crc.h"
#include "message.h"

#define TICK_NS			(NS_PER_S / 4)	/* how often to look at the connector */
#define TICKS_A_SECOND		4
#define STUCK_NS		(5 * NS_PER_S)	/* a flip takes 17 ms */
#define LAST_FLIP_NS		(2 * NS_PER_S)	/* wait so long for the flip under way */
#define LAST_CRC_NS		(1 * NS_PER_S)	/* and for its CRC */
#define RETRY_MS		1		/* after -EBUSY */

static void take_reply(struct run *r, const struct render_reply *reply, int fence)
{
	struct run_buffer *b = &r->buffer[reply->buffer % FLIP_MAX_BUFFERS];

	switch (reply->event) {
	case RENDER_READY:
		r->fences = reply->fences;
		break;
	case RENDER_DONE:
		b->rendering = false;
		b->begin = reply->begin;
		verify_predict(&r->verify, reply->frame, reply->crc);
		break;
	case RENDER_FENCE:
		break;
	case RENDER_FAILED:
		run_fail(r, RUN_RENDERER, "the renderer failed: %s", strerror(-reply->error));
		break;
	}
	if (fence >= 0 && b->waiting && b->fence < 0)
		b->fence = fence;
	else if (fence >= 0)
		close(fence);
}

bool run_replies(struct run *r, bool wait)
{
	bool any = false;

	while (r->renderer.fd >= 0) {
		struct render_reply reply;
		unsigned int num = 1;
		int fence = -1, ret;

		ret = channel_receive(r->renderer.fd, &reply, sizeof(reply), &fence, &num, wait);
		if (ret == -EAGAIN)
			break;
		if (ret <= 0) {
			run_fail(r, RUN_RENDERER, "the renderer died%s%s", ret ? ": " : "",
				 ret ? strerror(-ret) : "");
			break;
		}
		take_reply(r, &reply, fence);
		any = true;
		wait = false;
	}
	return any;
}

void run_request(struct run *r, int buffer, int fence, uint64_t not_before)
{
	struct run_buffer *b = &r->buffer[buffer];
	struct render_request q = {
		.frame = r->next_request,
		.buffer = (uint32_t)buffer,
		.not_before = not_before,
	};
	int ret = channel_send(r->renderer.fd, &q, sizeof(q), &fence, fence >= 0);

	/* When it is gone, run_replies() finds out why. */
	if (ret)
		return;
	b->frame = r->next_request++;
	b->rendering = true;
	b->waiting = true;
}

/* The buffer to commit next, -1 while the renderer has not got so far. */
static int next_buffer(const struct run *r)
{
	for (unsigned int i = 0; i < r->options->buffers; i++) {
		const struct run_buffer *b = &r->buffer[i];

		if (b->waiting && b->frame == r->next_commit && (!b->rendering || b->fence >= 0))
			return (int)i;
	}
	return -1;
}

static int commit(struct run *r, struct run_buffer *b, int32_t *out_fence)
{
	uint32_t flags = DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT;
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	int ret;

	if (!req)
		return -ENOMEM;
	ret = kms_object_set(&r->output.primary, req, "FB_ID", b->kms.fb);
	if (!ret && b->fence >= 0)
		ret = kms_object_set(&r->output.primary, req, "IN_FENCE_FD",
				     (uint64_t)b->fence);
	if (!ret)
		ret = kms_object_set(&r->output.crtc, req, "OUT_FENCE_PTR",
				     (uint64_t)(uintptr_t)out_fence);
	if (!ret && drmModeAtomicCommit(r->device.fd, req, flags, r))
		ret = -errno;
	drmModeAtomicFree(req);
	return ret;
}

static void commit_next(struct run *r)
{
	int next = next_buffer(r), previous = r->shown, ret;
	struct run_buffer *b = &r->buffer[next < 0 ? 0 : next];
	int32_t out_fence = -1;

	r->retry = false;
	if (next < 0 || r->pending >= 0 || r->end != RUN_GOING)
		return;
	b->committed = clock_now();
	ret = commit(r, b, &out_fence);
	if (ret == -EBUSY) {
		r->retry = true;
		return;
	}
	if (ret == -ENODEV) {
		run_fail(r, RUN_UNPLUGGED, "%s is gone: unplugged, or its driver unbound",
			 r->device.path);
		return;
	}
	if (ret) {
		message_error(ret, "DRM_IOCTL_MODE_ATOMIC: flip to frame %u", b->frame);
		run_fail(r, RUN_ERROR, "flip refused: %s", strerror(-ret));
		return;
	}
	if (b->fence >= 0)
		close(b->fence);
	b->fence = -1;
	b->waiting = false;
	r->pending = next;
	r->next_commit++;
	/* The out-fence says when the buffer on screen is free: drawing may be ordered now. */
	if (previous != next)
		run_request(r, previous, out_fence, 0);
	if (out_fence >= 0)
		close(out_fence);
}

static void on_flip(int fd, unsigned int sequence, unsigned int sec, unsigned int usec,
		    unsigned int crtc, void *data)
{
	struct run *r = data;
	struct run_buffer *b;
	uint64_t vblank = sec * NS_PER_S + usec * 1000ULL;

	(void)fd;
	(void)crtc;
	if (r->pending < 0)
		return;
	b = &r->buffer[r->pending];
	/* Its last message was sent before its fence signalled, so it is there. */
	if (b->rendering && b->frame + 1 == r->next_commit)
		run_replies(r, false);
	verify_flip(&r->verify, r->next_commit - 1, sequence);
	samples_add(&r->render_latency, vblank > b->begin ? vblank - b->begin : 0);
	samples_add(&r->commit_latency, vblank > b->committed ? vblank - b->committed : 0);
	r->shown = r->pending;
	r->pending = -1;
	r->last_flip = vblank;
	if (!r->first_flip)
		r->first_flip = vblank;
	/*
	 * The only buffer is drawn into while it is on screen, in the middle of the scan, so that
	 * what is above the beam is of the old frame and what is below of the new one.
	 */
	if (r->options->buffers == 1) {
		double period = 1e9 / kms_mode_refresh(&r->output.mode);

		run_request(r, 0, -1, vblank + (uint64_t)(period / 2));
	}
}

static void read_crcs(struct run *r)
{
	uint32_t label, crc;
	int ret = 0;

	while (r->crc_fd >= 0 && (ret = kms_crc_read(r->crc_fd, &label, &crc)) > 0)
		verify_crc(&r->verify, label, crc);
	if (ret < 0) {
		snprintf(r->no_crc, sizeof(r->no_crc), "reading CRCs: %s", strerror(-ret));
		message("%s; verification stops here", r->no_crc);
		close(r->crc_fd);
		r->crc_fd = -1;
	}
}

static void read_signals(struct run *r)
{
	struct signalfd_siginfo info;

	if (read(r->signal_fd, &info, sizeof(info)) == sizeof(info) && r->end == RUN_GOING)
		r->end = RUN_SIGNAL;
}

static void look_around(struct run *r)
{
	int connected = kms_output_connected(&r->output, r->device.fd);
	uint64_t now = clock_now();

	run_replies(r, false);
	read_crcs(r);
	if (connected == -ENODEV)
		run_fail(r, RUN_UNPLUGGED, "%s is gone: unplugged, or its driver unbound",
			 r->device.path);
	else if (connected == 0)
		run_fail(r, RUN_UNPLUGGED, "the display on %s was unplugged", r->output.name);
	if (r->pending >= 0 && !r->buffer[r->pending].rendering &&
	    now > r->buffer[r->pending].committed + STUCK_NS &&
	    now > r->buffer[r->pending].begin + STUCK_NS)
		run_fail(r, RUN_STUCK, "no flip event for frame %u within %llu s: lost interrupt?",
			 r->next_commit - 1, STUCK_NS / NS_PER_S);
}

/* One round of waiting and handling, at most until @deadline. */
static void turn(struct run *r, uint64_t deadline)
{
	drmEventContext events = { .version = 3, .page_flip_handler2 = on_flip };
	/*
	 * While a flip is under way nothing can be done about frames and CRCs: they wait for it, so
	 * that a frame costs one wake-up. A dead renderer's end stays readable.
	 */
	bool flipping = r->pending >= 0 && r->end == RUN_GOING;
	struct pollfd p[] = {
		{ .fd = flipping || r->end == RUN_RENDERER ? -1 : r->renderer.fd,
		  .events = POLLIN },
		{ .fd = r->device.fd, .events = POLLIN },
		{ .fd = flipping ? -1 : r->crc_fd, .events = POLLIN },
		{ .fd = r->signal_fd, .events = POLLIN },
	};
	uint64_t now = clock_now();
	int timeout = now < deadline ? (int)((deadline - now) / NS_PER_MS) + 1 : 0;

	if (r->retry && timeout > RETRY_MS)
		timeout = RETRY_MS;
	if (poll(p, sizeof(p) / sizeof(p[0]), timeout) < 0 && errno != EINTR) {
		message_error(errno, "poll");
		run_fail(r, RUN_ERROR, "poll: %s", strerror(errno));
		return;
	}
	if (p[1].revents & POLLIN)
		drmHandleEvent(r->device.fd, &events);
	if (p[0].revents || (flipping && r->pending < 0))
		run_replies(r, false);
	if (p[2].revents || (flipping && r->pending < 0))
		read_crcs(r);
	if (p[3].revents)
		read_signals(r);
}

static void check_limits(struct run *r)
{
	const struct flip_options *o = r->options;

	if (r->end != RUN_GOING)
		return;
	if (o->frames && r->verify.counts.flips >= o->frames)
		r->end = RUN_FRAMES;
	else if (o->seconds > 0 && r->first_flip &&
		 (double)(r->last_flip - r->first_flip) >= o->seconds * 1e9)
		r->end = RUN_SECONDS;
}

/* The flip under way is waited for, and the CRC of what it shows. */
static void drain(struct run *r)
{
	uint64_t deadline = clock_now() + LAST_FLIP_NS;

	if (r->end == RUN_UNPLUGGED || r->end == RUN_STUCK)
		return;
	while (r->pending >= 0 && clock_now() < deadline)
		turn(r, deadline);
	deadline = clock_now() + LAST_CRC_NS;
	while (r->crc_fd >= 0 && r->verify.any_flip && clock_now() < deadline &&
	       !verify_seen(&r->verify, r->verify.last_seq + 1))
		turn(r, deadline);
}

/*
 * The first picture in a buffer is drawn in full. That is slow, and no part of what is measured: it
 * is waited for.
 */
static void fill_buffers(struct run *r)
{
	for (unsigned int i = 0; i < r->options->buffers; i++)
		if ((int)i != r->shown || r->options->buffers == 1)
			run_request(r, (int)i, -1, 0);
	for (unsigned int i = 0; i < r->options->buffers; i++)
		while (r->end == RUN_GOING && r->buffer[i].rendering)
			run_replies(r, true);
}

void run_flip(struct run *r, void (*tick)(const struct run *r))
{
	uint64_t next_tick;
	unsigned int ticks = 0;

	fill_buffers(r);
	next_tick = clock_now() + TICK_NS;
	while (r->end == RUN_GOING) {
		commit_next(r);
		turn(r, next_tick);
		if (clock_now() >= next_tick) {
			next_tick += TICK_NS;
			look_around(r);
			if (++ticks % TICKS_A_SECOND == 0) {
				run_cma(r);
				if (tick)
					tick(r);
			}
		}
		check_limits(r);
	}
	drain(r);
	verify_finish(&r->verify);
}
