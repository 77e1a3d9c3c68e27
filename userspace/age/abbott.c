// SPDX-License-Identifier: MIT
/*
 * Laura Abbott's loop of 2012: 56 buffers of 1 MB each from an area that has room for them,
 * freed, and again, while files come and go. 450 of 8,500 loops had failures.
 */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "age/heap.h"
#include "age/pool.h"
#include "age/worker.h"

#define SIZE	(1u << 20)
#define MOST	56

static int start(struct age_worker *w)
{
	int heap = age_heap_open(true);

	if (heap < 0)
		return age_worker_skip(w, "no DMA-BUF heap of a CMA area");
	w->own = (void *)(intptr_t)(heap + 1);
	return 0;
}

static int heap(const struct age_worker *w)
{
	return (int)(intptr_t)w->own - 1;
}

static void stop(struct age_worker *w)
{
	if (w->own)
		close(heap(w));
}

static int take(struct age_worker *w, struct age_thing *t)
{
	/* Not age_pool_room(), which would free others: the loop keeps all until the last. */
	if (w->held[AGE_CMA] + SIZE > w->budget[AGE_CMA])
		return -EDQUOT;
	return age_heap_take(heap(w), t, SIZE);
}

static const struct age_kind kinds[] = {
	{ .name = "buffer of 1 MB", .weight = 1, .resource = AGE_CMA, .take = take },
	{ .name = NULL },
};

/* One buffer a step; when all had their turn, all are freed. */
static int step(struct age_worker *w)
{
	size_t turn = w->count % (w->slots + 1);
	int ret = 0;

	if (turn < w->slots) {
		ret = age_pool_take(w, &w->things[turn], kinds);
		/* One that failed had its turn. */
		w->count += ret != 0;
		return ret;
	}
	for (size_t i = 0; i < w->slots; i++)
		age_pool_give(w, &w->things[i]);
	w->count++;
	return 0;
}

static void begin(struct age_worker *w)
{
	w->count = 0;
}

const struct age_profile age_abbott = {
	.name = "abbott",
	.summary = "Laura Abbott's loop: 56 buffers of 1 MB from the CMA heap, freed, again",
	.constant = 0x61626f7474,
	.rate = 40,
	.shares = { [AGE_CMA] = 3 },
	.typical = SIZE,
	.most = MOST,
	.kinds = kinds,
	.start = start,
	.fill = begin,
	.step = step,
	.stop = stop,
};
