// SPDX-License-Identifier: MIT
/*
 * DMA-BUFs of mixed sizes, as an i.MX6 wandboard's codecs take them: 80 kB to 5 MB, most from the
 * CMA heap, some from the system heap, until one of 5 MB fails.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "age/draw.h"
#include "age/heap.h"
#include "age/pool.h"
#include "age/worker.h"

#define LEAST		(80u << 10)
#define MOST		(5u << 20)
#define LARGEST_ONCE	8	/* in so many allocations one is of the largest size */

/* struct heaps - open heaps, or errors */
struct heaps {
	int cma;
	int system;
};

static int start(struct age_worker *w)
{
	struct heaps *heaps = malloc(sizeof(*heaps));

	if (!heaps)
		return age_worker_skip(w, "out of memory");
	heaps->cma = age_heap_open(true);
	heaps->system = age_heap_open(false);
	w->own = heaps;
	return 0;
}

static void stop(struct age_worker *w)
{
	struct heaps *heaps = w->own;

	if (heaps && heaps->cma >= 0)
		close(heaps->cma);
	if (heaps && heaps->system >= 0)
		close(heaps->system);
	free(heaps);
}

static uint64_t draw_size(struct age_worker *w)
{
	if (age_draw_chance(&w->random, LARGEST_ONCE))
		return MOST;
	return age_draw_pages(&w->random, LEAST, MOST);
}

static int take_cma(struct age_worker *w, struct age_thing *t)
{
	const struct heaps *heaps = w->own;
	uint64_t size = draw_size(w);

	if (!age_pool_room(w, AGE_CMA, size))
		return -EDQUOT;
	return age_heap_take(heaps->cma, t, size);
}

static int take_system(struct age_worker *w, struct age_thing *t)
{
	const struct heaps *heaps = w->own;
	uint64_t size = draw_size(w);

	if (!age_pool_room(w, AGE_ORDINARY, size))
		return -EDQUOT;
	return age_heap_take(heaps->system, t, size);
}

static const struct age_kind kinds[] = {
	{ .name = "CMA heap", .weight = 3, .resource = AGE_CMA, .take = take_cma },
	{ .name = "system heap", .weight = 1, .take = take_system },
	{ .name = NULL },
};

const struct age_profile age_dmabuf = {
	.name = "dmabuf",
	.summary = "DMA-BUFs of 80 kB to 5 MB from the CMA and the system heap (i.MX6)",
	.constant = 0x646d61627566,
	.rate = 15,
	.shares = { [AGE_ORDINARY] = 2, [AGE_CMA] = 3 },
	.typical = 512u << 10,
	.most = 1024,
	.kinds = kinds,
	.start = start,
	.stop = stop,
};
