// SPDX-License-Identifier: MIT
/* Buffers of the driver's own ioctls, and what its debugfs files say of all of them. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_buffer.h"
#include "vdc_cma_area.h"
#include "vdc_param.h"

#define SETTLE_US	10000
#define SETTLE_TRIES	6000	/* a minute, for a background job of milliseconds */
#define GOLDEN		2654435761U	/* 2^32 by the golden ratio: neighbours differ a lot */

int buffer_try_create(int fd, struct buffer *b, uint64_t size)
{
	*b = (struct buffer){ .fd = fd, .size = size };
	return -vdc_gem_create(fd, &b->size, 0, &b->handle);
}

int buffer_try_map(struct buffer *b)
{
	uint64_t offset;
	void *map;

	if (drmModeMapDumbBuffer(b->fd, b->handle, &offset))
		return errno;
	map = mmap(NULL, b->size, PROT_READ | PROT_WRITE, MAP_SHARED, b->fd, offset);
	if (map == MAP_FAILED)
		return errno;
	b->map = map;
	return 0;
}

void buffer_create(int fd, struct buffer *b, uint64_t size)
{
	int ret = buffer_try_create(fd, b, size);

	igt_assert_f(!ret, "buffer of %llu bytes: %s\n", (unsigned long long)size, strerror(ret));
	igt_assert_eq(buffer_try_map(b), 0);
}

void buffer_destroy(struct buffer *b)
{
	if (b->map)
		munmap(b->map, b->size);
	if (b->handle)
		igt_assert_eq(drmCloseBufferHandle(b->fd, b->handle), 0);
	memset(b, 0, sizeof(*b));
}

static uint32_t word(uint64_t number, uint32_t seed)
{
	return ((uint32_t)number ^ seed) * GOLDEN | 1;
}

void buffer_fill(struct buffer *b, uint32_t seed)
{
	uint32_t *words = (uint32_t *)b->map;
	uint64_t i;

	for (i = 0; i < b->size / 4; i++)
		words[i] = word(i, seed);
}

void buffer_check(const struct buffer *b, uint32_t seed)
{
	const uint32_t *words = (const uint32_t *)b->map;
	uint64_t i;

	for (i = 0; i < b->size / 4; i++)
		igt_assert_f(words[i] == word(i, seed),
			     "byte %llu of %llu: %#x is not of buffer %u\n",
			     (unsigned long long)i * 4, (unsigned long long)b->size, words[i],
			     seed);
}

void buffer_check_zero(const struct buffer *b)
{
	const uint32_t *words = (const uint32_t *)b->map;
	uint64_t i;

	for (i = 0; i < b->size / 4; i++)
		igt_assert_f(!words[i], "byte %llu of %llu of a fresh buffer: %#x\n",
			     (unsigned long long)i * 4, (unsigned long long)b->size, words[i]);
}

struct drm_vdc_gem_info buffer_info(const struct buffer *b)
{
	struct drm_vdc_gem_info info;

	igt_assert_eq(vdc_gem_info(b->fd, b->handle, &info), 0);
	return info;
}

unsigned int buffer_exhaust(int fd, struct buffer *list, unsigned int max, uint64_t size)
{
	unsigned int count;
	int ret = 0;

	for (count = 0; count < max; count++) {
		ret = buffer_try_create(fd, &list[count], size);
		if (ret)
			break;
	}
	igt_assert_eq(ret, ENOMEM);
	return count;
}

void buffer_destroy_all(struct buffer *list, unsigned int count)
{
	while (count)
		buffer_destroy(&list[--count]);
}

uint64_t buffer_counter(const struct kms_device *dev, const char *name)
{
	return kms_debugfs_value(dev, "allocations", "%63s %llu", name);
}

void buffer_settle(const struct kms_device *dev)
{
	unsigned int i;

	for (i = 0; i < SETTLE_TRIES && buffer_counter(dev, "pool_dirty"); i++)
		usleep(SETTLE_US);
	igt_assert_lt(i, SETTLE_TRIES);
}

void buffer_reclaim(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	igt_assert_f(fd >= 0, "drop_caches: %s\n", strerror(errno));
	/* 4: do not log it each time; 2: slab and all that has a shrinker. */
	igt_assert_eq(pwrite(fd, "4", 1, 0), 1);
	igt_assert_eq(pwrite(fd, "2", 1, 0), 1);
	close(fd);
}

uint64_t buffer_begin(struct kms_device *dev)
{
	kms_open(dev, 0);
	kms_all_off(dev);
	param_set("pool_mb", "0");
	buffer_reclaim();
	return buffer_area_used();
}

uint64_t buffer_area_used(void)
{
	struct cma_area area;

	igt_require_f(cma_area_read(&area), "no CMA area in debugfs\n");
	cma_area_free(&area);
	return area.used;
}
