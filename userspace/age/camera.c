// SPDX-License-Identifier: MIT
/*
 * A camera or decoder pipeline: V4L2 buffers exported as DMA-BUFs, the device opened again with
 * another size, while the consumer still holds the buffers of the last one. Of the virtual driver
 * vivid; with its parameter allocators=1 the buffers are contiguous.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "age/draw.h"
#include "age/pool.h"
#include "age/worker.h"

#define DEVICES		64
#define PATIENCE_MS	1000	/* for a frame */
#define FRAME_ONCE	4	/* in so many streams a frame is captured */

static const struct { uint32_t width, height; } sizes[] = {
	{ 320, 180 }, { 640, 360 }, { 640, 360 }, { 1280, 720 }, { 1280, 720 }, { 1920, 1080 },
};

static int open_number(uint32_t number)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/video%u", number);
	fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

static bool captures(int fd)
{
	const uint32_t wanted = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
	struct v4l2_capability caps = { 0 };

	return !ioctl(fd, VIDIOC_QUERYCAP, &caps) && !strcmp((char *)caps.driver, "vivid") &&
	       (caps.device_caps & wanted) == wanted;
}

/* Its number + 1 is kept: it is opened again for each stream. */
static int start(struct age_worker *w)
{
	for (uint32_t n = 0; n < DEVICES && !w->own; n++) {
		int fd = open_number(n);

		if (fd < 0)
			continue;
		if (captures(fd))
			w->own = (void *)(uintptr_t)(n + 1);
		close(fd);
	}
	return w->own ? 0 :
	       age_worker_skip(w, "no capture device of vivid: modprobe vivid allocators=1");
}

static int set_size(struct age_worker *w, int fd, uint64_t *bytes)
{
	size_t n = cma_random_below(&w->random, sizeof(sizes) / sizeof(sizes[0]));
	struct v4l2_format format = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };

	format.fmt.pix.width = sizes[n].width;
	format.fmt.pix.height = sizes[n].height;
	format.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
	if (ioctl(fd, VIDIOC_S_FMT, &format))
		return -errno;
	*bytes = format.fmt.pix.sizeimage;
	return 0;
}

static int capture(int fd, uint32_t buffers)
{
	struct v4l2_buffer b = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP };
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE, ret = 0;

	for (b.index = 0; b.index < buffers; b.index++)
		if (ioctl(fd, VIDIOC_QBUF, &b))
			return -errno;
	if (ioctl(fd, VIDIOC_STREAMON, &type))
		return -errno;
	if (poll(&ready, 1, PATIENCE_MS) != 1)
		ret = -ETIMEDOUT;
	else if (ioctl(fd, VIDIOC_DQBUF, &b))
		ret = -errno;
	ioctl(fd, VIDIOC_STREAMOFF, &type);
	return ret;
}

static int export(int fd, struct age_thing *t, uint32_t buffers)
{
	for (uint32_t i = 0; i < buffers; i++) {
		struct v4l2_exportbuffer e = {
			.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .index = i,
			.flags = O_RDWR | O_CLOEXEC,
		};

		if (ioctl(fd, VIDIOC_EXPBUF, &e))
			return -errno;
		t->fds[i] = e.fd;
	}
	return 0;
}

static int stream(struct age_worker *w, struct age_thing *t, int fd)
{
	struct v4l2_requestbuffers request = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP,
		.count = 2 + (uint32_t)cma_random_below(&w->random, AGE_FDS - 1),
	};
	uint64_t bytes = 0;
	int ret = set_size(w, fd, &bytes);

	if (ret)
		return ret;
	t->bytes = bytes * request.count;
	if (!age_pool_room(w, AGE_CMA, t->bytes))
		return -EDQUOT;
	if (ioctl(fd, VIDIOC_REQBUFS, &request))
		return -errno;
	/* It may be fewer, or more than wanted. */
	if (request.count > AGE_FDS)
		request.count = AGE_FDS;
	t->bytes = bytes * request.count;
	ret = export(fd, t, request.count);
	if (!ret && age_draw_chance(&w->random, FRAME_ONCE))
		ret = capture(fd, request.count);
	return ret;
}

/* The device is closed at once; the buffers live as long as their DMA-BUFs. */
static int take(struct age_worker *w, struct age_thing *t)
{
	int fd = open_number((uint32_t)(uintptr_t)w->own - 1), ret;

	if (fd < 0)
		return fd;
	ret = stream(w, t, fd);
	close(fd);
	return ret;
}

static const struct age_kind kinds[] = {
	{ .name = "stream of vivid", .weight = 1, .resource = AGE_CMA, .take = take },
	{ .name = NULL },
};

const struct age_profile age_camera = {
	.name = "camera",
	.summary = "camera pipelines: V4L2 buffers of vivid, exported and outliving their stream",
	.constant = 0x63616d657261,
	.rate = 4,
	.shares = { [AGE_CMA] = 2 },
	.typical = 2u << 20,
	.most = 64,
	.kinds = kinds,
	.start = start,
};
