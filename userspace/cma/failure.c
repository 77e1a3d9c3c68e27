// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/failure.h"

#define KERNEL_NEW_ERRORS	6015

void cma_failure_init(struct cma_failure *failure)
{
	*failure = (struct cma_failure){
		.area = { .base_pfn = CMA_UNKNOWN, .pages = CMA_UNKNOWN },
		.base_offset = CMA_UNKNOWN,
		.time = -1,
		.count = CMA_UNKNOWN,
		.align = -1,
		.pid = -1,
		.free_pages = CMA_UNKNOWN,
		.busy_retries = CMA_UNKNOWN,
		.busy_pfn = CMA_UNKNOWN,
		.busy_end_pfn = CMA_UNKNOWN,
		.system_free_pages = CMA_UNKNOWN,
		.system_min_pages = CMA_UNKNOWN,
	};
}

void cma_failure_end(struct cma_failure *failure)
{
	free(failure->runs);
	cma_failure_init(failure);
}

bool cma_failure_is_old(const struct cma_failure *failure)
{
	return failure->kernel ? failure->kernel < KERNEL_NEW_ERRORS : failure->old_message;
}

int cma_failure_add_run(struct cma_failure *failure, struct cma_run run)
{
	/* The array grows whenever its length is a power of two. */
	if (!(failure->run_count & (failure->run_count - 1))) {
		size_t room = failure->run_count ? failure->run_count * 2 : 1;
		struct cma_run *runs = realloc(failure->runs, room * sizeof(*runs));

		if (!runs)
			return -ENOMEM;
		failure->runs = runs;
	}
	failure->runs[failure->run_count++] = run;
	return 0;
}

int cma_failure_set_map(struct cma_failure *failure, const struct cma_bitmap *map)
{
	struct cma_run run;

	free(failure->runs);
	failure->runs = NULL;
	failure->run_count = 0;
	failure->area = map->area;
	failure->free_pages = 0;
	failure->runs_known = CMA_RUNS_ALL;
	for (run = cma_bitmap_next_run(map, 0); run.length;
	     run = cma_bitmap_next_run(map, run.start + run.length)) {
		if (cma_failure_add_run(failure, run))
			return -ENOMEM;
		failure->free_pages += run.length << map->area.order_per_bit;
	}
	return 0;
}
