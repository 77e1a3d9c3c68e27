// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <errno.h>
#include <linux/dma-buf.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "flip/channel.h"
#include "flip/clock.h"
#include "flip/renderer.h"
#include "kms/fence.h"

#define ACQUIRE_TIMEOUT_MS	10000

/* The renderer's own state. */
struct studio {
	int fd;
	int timeline;			/* negative: none */
	uint32_t point;
	uint32_t fences;
	unsigned int buffers;
	int dmabuf[FLIP_MAX_BUFFERS];	/* -1 when the display mapped the buffer */
	uint64_t size[FLIP_MAX_BUFFERS];
	struct picture_canvas canvas[FLIP_MAX_BUFFERS];
	struct picture picture;
	uint32_t render_ms;
};

static int reply(struct studio *s, const struct render_reply *message, int fence)
{
	return channel_send(s->fd, message, sizeof(*message), &fence, fence >= 0);
}

static int map_buffers(struct studio *s, const struct render_setup *setup)
{
	for (unsigned int i = 0; i < s->buffers; i++) {
		s->canvas[i].pitch = setup->pitch[i];
		s->size[i] = setup->size[i];
		if (setup->pitch[i] < setup->width * 4 ||
		    setup->size[i] < (uint64_t)setup->pitch[i] * setup->height)
			return -EINVAL;
		if (s->dmabuf[i] < 0) {
			s->canvas[i].pixels = setup->map[i];
			if (!setup->map[i])
				return -EINVAL;
			continue;
		}
		s->canvas[i].pixels = mmap(NULL, s->size[i], PROT_READ | PROT_WRITE, MAP_SHARED,
					   s->dmabuf[i], 0);
		if (s->canvas[i].pixels == MAP_FAILED) {
			s->canvas[i].pixels = NULL;
			return -errno;
		}
	}
	return 0;
}

static void find_fences(struct studio *s)
{
	int fence;

	s->timeline = fence_timeline_open();
	if (s->timeline >= 0)
		s->fences |= RENDER_HAS_TIMELINE;
	if (s->dmabuf[0] < 0)
		return;
	fence = fence_of_dmabuf(s->dmabuf[0]);
	if (fence >= 0) {
		s->fences |= RENDER_HAS_DMABUF;
		close(fence);
	}
}

static int set_up(struct studio *s)
{
	struct render_setup setup;
	unsigned int num = FLIP_MAX_BUFFERS;
	int ret = channel_receive(s->fd, &setup, sizeof(setup), s->dmabuf, &num, 1);
	struct render_reply ready = { .event = RENDER_READY };

	if (ret <= 0)
		return ret;
	s->buffers = setup.info.buffers;
	if (!s->buffers || s->buffers > FLIP_MAX_BUFFERS || (num && num != s->buffers))
		return -EPROTO;
	s->render_ms = setup.render_ms;
	ret = map_buffers(s, &setup);
	if (ret)
		return ret;
	find_fences(s);
	snprintf(setup.info.setup, sizeof(setup.info.setup), "%u buffer%s, %s, %s", s->buffers,
		 s->buffers > 1 ? "s" : "",
		 num ? "rendered by another process through DMA-BUF" : "rendered by a thread",
		 s->timeline >= 0 ? "explicit fences" : "no fences");
	ret = picture_init(&s->picture, setup.width, setup.height, &setup.info);
	if (ret)
		return ret;
	ready.fences = s->fences;
	ret = reply(s, &ready, -1);
	return ret ? ret : 1;
}

/* A fence that signals when the frame that is drawn next is finished, or -1. */
static int make_fence(struct studio *s, unsigned int buffer)
{
	int fence, implicit, merged;

	if (s->timeline < 0)
		return -1;
	fence = fence_timeline_fence(s->timeline, s->point + 1, "vdc-flip");
	if (fence < 0 || !(s->fences & RENDER_HAS_DMABUF))
		return fence < 0 ? -1 : fence;
	/* Whoever else writes to the buffer has left its fence there. */
	implicit = fence_of_dmabuf(s->dmabuf[buffer]);
	if (implicit < 0)
		return fence;
	merged = fence_merge(fence, implicit, "vdc-flip");
	close(implicit);
	if (merged < 0)
		return fence;
	close(fence);
	return merged;
}

/* Wait until the buffer may be drawn into; the display's end may close meanwhile. */
static int acquire(struct studio *s, int fence, uint64_t not_before)
{
	struct pollfd p[2] = { { .fd = fence, .events = POLLIN }, { .fd = s->fd } };
	struct timespec t = { (time_t)(not_before / NS_PER_S), (long)(not_before % NS_PER_S) };
	int ret = 0;

	while (fence >= 0) {
		ret = poll(p, 2, ACQUIRE_TIMEOUT_MS);
		if (ret < 0 && errno == EINTR)
			continue;
		if (ret <= 0)
			return ret ? -errno : -ETIME;
		if (p[1].revents & POLLHUP)
			return -EPIPE;
		break;
	}
	while (not_before && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
	return 0;
}

static int sync_cpu(struct studio *s, unsigned int buffer, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags | DMA_BUF_SYNC_WRITE };
	int ret;

	if (s->dmabuf[buffer] < 0)
		return 0;
	do {
		ret = ioctl(s->dmabuf[buffer], DMA_BUF_IOCTL_SYNC, &sync);
	} while (ret && (errno == EINTR || errno == EAGAIN));
	return ret ? -errno : 0;
}

/* What a real renderer would need the processor for. */
static void burn(uint32_t ms)
{
	uint64_t end = clock_now() + ms * NS_PER_MS;

	while (ms && clock_now() < end)
		;
}

static int draw(struct studio *s, const struct render_request *q, struct render_reply *done)
{
	int ret;

	done->begin = clock_now();
	ret = sync_cpu(s, q->buffer, DMA_BUF_SYNC_START);
	if (ret)
		return ret;
	done->crc = picture_draw(&s->picture, &s->canvas[q->buffer], q->frame, q->buffer);
	burn(s->render_ms);
	ret = sync_cpu(s, q->buffer, DMA_BUF_SYNC_END);
	done->end = clock_now();
	return ret;
}

static int finish(struct studio *s, const struct render_request *q, struct render_reply *done,
		  bool promised)
{
	int fence = -1, ret;

	done->event = RENDER_DONE;
	/* Drawn by the processor: what the DMA-BUF still waits for is all there is. */
	if (!promised && s->fences & RENDER_HAS_DMABUF)
		fence = fence_of_dmabuf(s->dmabuf[q->buffer]);
	/* Before the fence signals, so that the prediction is there before the flip. */
	ret = reply(s, done, fence);
	if (fence >= 0)
		close(fence);
	if (s->timeline >= 0) {
		fence_timeline_advance(s->timeline, 1);
		s->point++;
	}
	return ret;
}

static int serve(struct studio *s, const struct render_request *q, int wait_for)
{
	struct render_reply r = { .frame = q->frame, .buffer = q->buffer };
	int fence = make_fence(s, q->buffer), ret = 0;

	if (fence >= 0) {
		r.event = RENDER_FENCE;
		ret = reply(s, &r, fence);
	}
	if (!ret)
		ret = acquire(s, wait_for, q->not_before);
	if (!ret)
		ret = draw(s, q, &r);
	if (!ret)
		ret = finish(s, q, &r, fence >= 0);
	/*
	 * Not before the timeline has advanced: sw_sync of Linux 6.12 takes a reference to each
	 * fence that it signals, even to one whose last reference is being dropped elsewhere.
	 */
	if (fence >= 0)
		close(fence);
	return ret;
}

static int serve_all(struct studio *s)
{
	for (;;) {
		struct render_request q;
		unsigned int num = 1;
		int fence = -1, ret = channel_receive(s->fd, &q, sizeof(q), &fence, &num, 1);

		if (ret <= 0)
			return ret;
		ret = q.buffer < s->buffers ? serve(s, &q, fence) : -EPROTO;
		if (fence >= 0)
			close(fence);
		if (ret)
			return ret;
	}
}

static void tear_down(struct studio *s)
{
	for (unsigned int i = 0; i < FLIP_MAX_BUFFERS; i++) {
		if (s->dmabuf[i] < 0)
			continue;
		if (s->canvas[i].pixels)
			munmap(s->canvas[i].pixels, s->size[i]);
		close(s->dmabuf[i]);
	}
	if (s->timeline >= 0)
		close(s->timeline);
	picture_free(&s->picture);
	close(s->fd);
}

int renderer_main(int fd)
{
	struct studio *s = calloc(1, sizeof(*s));
	int ret;

	if (!s) {
		close(fd);
		return -ENOMEM;
	}
	s->fd = fd;
	s->timeline = -1;
	for (unsigned int i = 0; i < FLIP_MAX_BUFFERS; i++)
		s->dmabuf[i] = -1;
	ret = set_up(s);
	if (ret > 0)
		ret = serve_all(s);
	if (ret < 0 && ret != -EPIPE) {
		struct render_reply failed = { .event = RENDER_FAILED, .error = ret };

		reply(s, &failed, -1);
	}
	tear_down(s);
	free(s);
	return ret == -EPIPE ? 0 : ret;
}
