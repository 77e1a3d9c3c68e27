// SPDX-License-Identifier: MIT
/* Anonymous memory of a thing. */
#include "age/region.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "age/pool.h"

size_t age_page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

int age_region_map(struct age_thing *t, size_t size)
{
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (map == MAP_FAILED)
		return -errno;
	t->map = map;
	t->size = size;
	return 0;
}

void age_region_touch(struct age_thing *t, size_t from, size_t size)
{
	size_t page = age_page();
	char *map = t->map;

	for (size_t at = from; at < from + size && at < t->size; at += page)
		__atomic_store_n(&map[at], (char)at, __ATOMIC_RELAXED);
}

int age_region_take(struct age_worker *w, struct age_thing *t, size_t size)
{
	int ret;

	if (!age_pool_room(w, AGE_ORDINARY, size))
		return -EDQUOT;
	ret = age_region_map(t, size);
	if (ret)
		return ret;
	age_region_touch(t, 0, size);
	t->bytes = size;
	return 0;
}

int age_region_hole(struct age_thing *t, size_t from, size_t size)
{
	void *map = mmap((char *)t->map + from, size, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);

	return map == MAP_FAILED ? -errno : 0;
}
