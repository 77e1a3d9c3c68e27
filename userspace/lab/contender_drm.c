// SPDX-License-Identifier: MIT
/* Dumb buffers of DRM drivers. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "kms/card.h"
#include "lab/contender.h"

/* Who opens a card that has no master becomes it; whoever wants to set modes shall be able to. */
static int drm_open(struct contender *c)
{
	c->fd = kms_card_open(c->type->from);
	if (c->fd < 0)
		return -ENOENT;
	drmDropMaster(c->fd);
	return 0;
}

static void drm_close(struct contender *c)
{
	close(c->fd);
	c->fd = -1;
}

static int create(struct contender *c, const struct contender_request *request,
		  struct contender_buffer *buffer)
{
	struct drm_mode_create_dumb dumb = {
		.width = request->width, .height = request->height, .bpp = 32 };

	if (drmIoctl(c->fd, DRM_IOCTL_MODE_CREATE_DUMB, &dumb))
		return -errno;
	buffer->handle = dumb.handle;
	buffer->size = dumb.size;
	return 0;
}

static int dumb_allocate(struct contender *c, const struct contender_request *request,
			 struct contender_buffer *buffer, uint64_t *ns)
{
	uint64_t start = contender_clock();
	int ret = create(c, request, buffer);

	*ns = contender_clock() - start;
	return ret;
}

static void dumb_free(struct contender *c, struct contender_buffer *buffer)
{
	struct drm_mode_destroy_dumb destroy = { .handle = buffer->handle };

	if (buffer->map)
		munmap(buffer->map, buffer->size);
	drmIoctl(c->fd, DRM_IOCTL_MODE_DESTROY_DUMB, &destroy);
}

static int map(struct contender *c, struct contender_buffer *buffer)
{
	struct drm_mode_map_dumb where = { .handle = buffer->handle };
	void *address;

	if (drmIoctl(c->fd, DRM_IOCTL_MODE_MAP_DUMB, &where))
		return -errno;
	address = mmap(NULL, buffer->size, PROT_READ | PROT_WRITE, MAP_SHARED, c->fd,
		       (off_t)where.offset);
	if (address == MAP_FAILED)
		return -errno;
	buffer->map = address;
	return 0;
}

/* drm_gem_shmem_mmap() takes all pages, zeroed, and keeps them until munmap(). */
static int shmem_allocate(struct contender *c, const struct contender_request *request,
			  struct contender_buffer *buffer, uint64_t *ns)
{
	uint64_t start = contender_clock();
	int ret = create(c, request, buffer);

	if (!ret)
		ret = map(c, buffer);
	*ns = contender_clock() - start;
	if (ret && buffer->handle)
		dumb_free(c, buffer);
	return ret;
}

const struct contender_type contender_vdc = {
	.name = "vdc", .summary = "a dumb buffer of vdc", .from = "vdc", .cma = true, .order = -1,
	.open = drm_open, .allocate = dumb_allocate, .free = dumb_free, .close = drm_close,
};

const struct contender_type contender_plain = {
	.name = "plain", .summary = "a dumb buffer by the DMA helpers alone (vdc-peers)",
	.from = "vdc-plain", .cma = true, .order = -1,
	.open = drm_open, .allocate = dumb_allocate, .free = dumb_free, .close = drm_close,
};

const struct contender_type contender_vkms = {
	.name = "vkms", .summary = "a dumb buffer of vkms, shmem pages", .from = "vkms",
	.order = -1,
	.open = drm_open, .allocate = shmem_allocate, .free = dumb_free, .close = drm_close,
};
