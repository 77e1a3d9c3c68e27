// SPDX-License-Identifier: MIT
/*
 * A desktop: windows open and close, each with two or three dumb buffers of a DRM device. Most
 * are small and short-lived, some stay for the whole run.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>

#include "age/draw.h"
#include "age/pool.h"
#include "age/worker.h"
#include "kms/card.h"

#define CARDS		16
#define BITS		32	/* of a pixel */
#define BUFFERS		3	/* at most */

/* The largest that windows are: dialogue, terminal, browser, film, full screen. */
static const struct { uint32_t width, height; } sizes[] = {
	{ 400, 200 }, { 800, 600 }, { 800, 600 }, { 1280, 900 }, { 1280, 720 }, { 1920, 1080 },
};

/* Whoever opens a card first is its master; a desktop of windows alone must not be. */
static int open_card(const char *path)
{
	uint64_t dumb = 0;
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	drmDropMaster(fd);
	if (!drmGetCap(fd, DRM_CAP_DUMB_BUFFER, &dumb) && dumb)
		return fd;
	close(fd);
	return -EOPNOTSUPP;
}

static int find_card(bool vdc)
{
	for (int n = 0; n < CARDS; n++) {
		char path[32];
		int fd;

		snprintf(path, sizeof(path), "/dev/dri/card%d", n);
		fd = open_card(path);
		if (fd >= 0 && (!vdc || kms_card_is(fd, "vdc")))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -ENODEV;
}

/* A file descriptor + 1 is kept. */
static int start(struct age_worker *w)
{
	const char *path = w->setup->device;
	int card = path ? open_card(path) : find_card(true);

	if (card < 0 && !path)
		card = find_card(false);
	if (card < 0)
		return age_worker_skip(w, "no dumb buffers: %s: %s", path ? path : "/dev/dri/card*",
				       strerror(-card));
	w->own = (void *)(intptr_t)(card + 1);
	return 0;
}

static int card(const struct age_worker *w)
{
	return (int)(intptr_t)w->own - 1;
}

static void stop(struct age_worker *w)
{
	if (w->own)
		close(card(w));
}

/* The first line of it is drawn. */
static int draw(int fd, uint32_t handle, uint32_t pitch)
{
	struct drm_mode_map_dumb map = { .handle = handle };
	void *pixels;

	if (drmIoctl(fd, DRM_IOCTL_MODE_MAP_DUMB, &map))
		return -errno;
	pixels = mmap(NULL, pitch, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)map.offset);
	if (pixels == MAP_FAILED)
		return -errno;
	memset(pixels, 0x80, pitch);
	munmap(pixels, pitch);
	return 0;
}

static void close_window(struct age_worker *w, struct age_thing *t)
{
	for (int i = 0; i < BUFFERS; i++) {
		struct drm_mode_destroy_dumb destroy = { .handle = t->handles[i] };

		if (t->handles[i])
			drmIoctl(card(w), DRM_IOCTL_MODE_DESTROY_DUMB, &destroy);
		t->handles[i] = 0;
	}
}

static int make_buffers(struct age_worker *w, struct age_thing *t, uint32_t width, uint32_t height,
			unsigned int buffers)
{
	int ret = 0;

	t->bytes = 0;
	for (unsigned int i = 0; i < buffers && !ret; i++) {
		struct drm_mode_create_dumb b = { .width = width, .height = height, .bpp = BITS };

		if (drmIoctl(card(w), DRM_IOCTL_MODE_CREATE_DUMB, &b))
			return -errno;
		t->handles[i] = b.handle;
		t->bytes += b.size;
		ret = draw(card(w), b.handle, b.pitch);
	}
	return ret;
}

/* From half of a size up to all of it, and what is too large for the budget is made smaller. */
static int open_window(struct age_worker *w, struct age_thing *t)
{
	size_t n = cma_random_below(&w->random, sizeof(sizes) / sizeof(sizes[0]));
	uint32_t width = sizes[n].width, height = sizes[n].height;
	unsigned int buffers = 2 + (unsigned int)cma_random_below(&w->random, 2);
	int ret;

	/* Full screen is full screen. */
	if (n + 1 < sizeof(sizes) / sizeof(sizes[0])) {
		width = width / 2 + (uint32_t)cma_random_below(&w->random, width / 2);
		height = height / 2 + (uint32_t)cma_random_below(&w->random, height / 2);
	}
	while ((uint64_t)width * height * BITS / 8 * buffers > w->budget[AGE_CMA] && width > 1)
		width /= 2;
	if (!age_pool_room(w, AGE_CMA, (uint64_t)width * height * BITS / 8 * buffers))
		return -EDQUOT;
	ret = make_buffers(w, t, width, height, buffers);
	if (ret)
		close_window(w, t);
	return ret;
}

static const struct age_kind kinds[] = {
	{ .name = "window", .weight = 1, .resource = AGE_CMA, .take = open_window,
	  .give = close_window },
	{ .name = NULL },
};

const struct age_profile age_desktop = {
	.name = "desktop",
	.summary = "windows of two or three dumb buffers, opened and closed",
	.constant = 0x6465736b746f70,
	.rate = 8,
	.shares = { [AGE_CMA] = 3 },
	.typical = 2u << 20,
	.most = 256,
	.kinds = kinds,
	.start = start,
	.stop = stop,
};
