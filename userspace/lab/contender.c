// SPDX-License-Identifier: MIT
/* The table of contenders, and what all of them use. */
#include "lab/contender.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define PIXEL_BYTES	4

const struct contender_type *const contender_types[CONTENDERS] = {
	&contender_vdc,
	&contender_plain,
	&contender_heap_cma,
	&contender_heap_system,
	&contender_vkms,
	&contender_buddy_11,
	&contender_buddy_10,
};

int contender_find(const char *name)
{
	for (int i = 0; i < CONTENDERS; i++)
		if (!strcmp(contender_types[i]->name, name))
			return i;
	return -1;
}

uint64_t contender_pages(const struct contender_type *type,
			 const struct contender_request *request)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	if (type->order >= 0)
		return 1ull << type->order;
	return ((uint64_t)request->width * request->height * PIXEL_BYTES + page - 1) / page;
}

uint64_t contender_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
