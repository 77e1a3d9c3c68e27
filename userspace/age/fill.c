// SPDX-License-Identifier: MIT
/*
 * The filler: takes most of memory before anything else, in chunks of 1 MiB, and during the run
 * gives some back and takes it again.
 *
 * The kernel puts movable pages into CMA only when free CMA is more than half of all that is free
 * in the zone, so with an empty machine nobody borrows from it. Three chunks of four are
 * anonymous memory, one is page cache (of a file that has no disk).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "age/draw.h"
#include "age/pool.h"
#include "age/region.h"
#include "age/worker.h"

#define CHUNK		(1u << 20)
#define MISSING		8	/* one chunk of so many is missing */

static int take_anonymous(struct age_worker *w, struct age_thing *t)
{
	int ret;

	if (!age_pool_room(w, AGE_ORDINARY, CHUNK))
		return -EDQUOT;
	ret = age_region_map(t, CHUNK);
	if (ret)
		return ret;
	age_region_touch(t, 0, CHUNK);
	t->bytes = CHUNK;
	return 0;
}

static int take_cache(struct age_worker *w, struct age_thing *t)
{
	if (!age_pool_room(w, AGE_ORDINARY, CHUNK))
		return -EDQUOT;
	t->fds[0] = memfd_create("vdc-age-fill", MFD_CLOEXEC);
	/* Pages, and not only the promise of them. */
	if (t->fds[0] < 0 || fallocate(t->fds[0], 0, 0, CHUNK))
		return -errno;
	t->bytes = CHUNK;
	return 0;
}

static const struct age_kind kinds[] = {
	{ .name = "anonymous memory", .weight = 3, .take = take_anonymous },
	{ .name = "page cache", .weight = 1, .take = take_cache },
	{ .name = NULL },
};

static void fill(struct age_worker *w)
{
	for (size_t i = 0; i < w->slots && age_worker_rest(w, 0); i++)
		if (age_pool_take(w, &w->things[i], &kinds[i % 4 == 3]))
			w->tally->failures++;
}

/* Gives one chunk back, and takes another when many are missing. */
static int step(struct age_worker *w)
{
	size_t at = cma_random_below(&w->random, w->slots), missing;

	age_pool_give(w, &w->things[at]);
	missing = w->slots - w->held[AGE_ORDINARY] / CHUNK;
	if (missing <= w->slots / MISSING)
		return 0;
	do
		at = (at + 1) % w->slots;
	while (w->things[at].kind);
	return age_pool_take(w, &w->things[at], &kinds[age_draw_chance(&w->random, 4)]);
}

const struct age_profile age_fill = {
	.name = "fill",
	.summary = "the filler",
	.constant = 0x66696c6c,
	.rate = 10,
	.shares = { [AGE_ORDINARY] = 1 },
	.typical = CHUNK,
	.most = 1u << 20,
	.kinds = kinds,
	.fill = fill,
	.step = step,
};
