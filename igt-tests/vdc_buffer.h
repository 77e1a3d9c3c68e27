/* SPDX-License-Identifier: MIT */
/* Buffers of the driver's own ioctls, and what its debugfs files say of all of them. */
#ifndef VDC_BUFFER_H
#define VDC_BUFFER_H

#include "kms/vdc_gem.h"
#include "vdc_kms.h"

#define BUFFER_PAGE	4096UL
#define BUFFER_1080P	(1920UL * 1080 * 4)	/* 2025 pages: CMA or nothing */

/** struct buffer - a buffer; @map is NULL until buffer_map() */
struct buffer {
	int fd;
	uint32_t handle;
	uint64_t size;
	uint8_t *map;
};

/** buffer_try_create() - create a buffer of @size bytes of client @fd. Return: 0 or the errno */
int buffer_try_create(int fd, struct buffer *b, uint64_t size);

/** buffer_create() - as buffer_try_create(), which must succeed, and map it */
void buffer_create(int fd, struct buffer *b, uint64_t size);

/** buffer_try_map() - map it. Return: 0 or the errno */
int buffer_try_map(struct buffer *b);

/** buffer_destroy() - unmap and close it; twice does no harm */
void buffer_destroy(struct buffer *b);

/** buffer_fill() - write words that depend on @seed to all of it */
void buffer_fill(struct buffer *b, uint32_t seed);

/** buffer_check() - assert that it holds what buffer_fill() wrote */
void buffer_check(const struct buffer *b, uint32_t seed);

/** buffer_check_zero() - assert that it is all zeros */
void buffer_check_zero(const struct buffer *b);

/** buffer_info() - what DRM_IOCTL_VDC_GEM_INFO says; must succeed */
struct drm_vdc_gem_info buffer_info(const struct buffer *b);

/**
 * buffer_exhaust() - create buffers until there is no memory
 * @fd: the client
 * @list: where to put them
 * @max: of them
 * @size: of each
 * Return: how many.
 */
unsigned int buffer_exhaust(int fd, struct buffer *list, unsigned int max, uint64_t size);

/** buffer_destroy_all() - destroy @count buffers */
void buffer_destroy_all(struct buffer *list, unsigned int count);

/** buffer_counter() - a counter of debugfs' file allocations */
uint64_t buffer_counter(const struct kms_device *dev, const char *name);

/** buffer_settle() - wait until the pool has cleared all it has, in the background */
void buffer_settle(const struct kms_device *dev);

/** buffer_reclaim() - have the kernel's shrinkers give back what they can */
void buffer_reclaim(void);

/**
 * buffer_begin() - open @dev, with all pipes off and no pool: what is freed is free in the area
 * Return: buffer_area_used().
 */
uint64_t buffer_begin(struct kms_device *dev);

/** buffer_area_used() - pages in use of the area that buffers come from; skips without one */
uint64_t buffer_area_used(void);

#endif /* VDC_BUFFER_H */
