// SPDX-License-Identifier: MIT
/* Transparent huge pages, taken and split. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "age/draw.h"
#include "age/pool.h"
#include "age/region.h"
#include "age/worker.h"

#define HUGE		(2u << 20)
#define MOST		3	/* huge pages of a region */

#define SWITCH		"/sys/kernel/mm/transparent_hugepage/enabled"

static int start(struct age_worker *w)
{
	if (!access(SWITCH, F_OK))
		return 0;
	return age_worker_skip(w, "no transparent huge pages: no " SWITCH);
}

/* The region begins anywhere: the kernel takes huge pages where whole ones fit. */
static int take(struct age_worker *w, struct age_thing *t)
{
	uint64_t most = age_pool_most(w, AGE_ORDINARY, HUGE * MOST) / HUGE;
	uint64_t size = HUGE * (2 + cma_random_below(&w->random, most ? most : 1));
	int ret;

	if (!age_pool_room(w, AGE_ORDINARY, size))
		return -EDQUOT;
	ret = age_region_map(t, size);
	if (ret)
		return ret;
	if (madvise(t->map, size, MADV_HUGEPAGE))
		return -errno;
	age_region_touch(t, 0, size);
	t->bytes = size;
	return 0;
}

/* Unmapping a part splits the huge page at once, madvise() of a part when memory is short. */
static int use(struct age_worker *w, struct age_thing *t)
{
	size_t page = age_page(), at = cma_random_below(&w->random, t->size / page / 2) * 2 * page;

	if (age_draw_chance(&w->random, 2))
		return age_region_hole(t, at, page);
	return madvise((char *)t->map + at + page, page, MADV_DONTNEED) ? -errno : 0;
}

static const struct age_kind kinds[] = {
	{ .name = "huge region", .weight = 1, .uses = 10, .take = take, .use = use },
	{ .name = NULL },
};

const struct age_profile age_thp = {
	.name = "thp",
	.summary = "transparent huge pages: taken, and split by partial unmaps",
	.constant = 0x746870,
	.rate = 10,
	.shares = { [AGE_ORDINARY] = 3 },
	.typical = 4u << 20,
	.most = 1024,
	.kinds = kinds,
	.start = start,
};
