// SPDX-License-Identifier: MIT
/* Anonymous memory: mappings of all sizes come and go, with holes. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "age/draw.h"
#include "age/pool.h"
#include "age/region.h"

#define LEAST		4096u
#define MOST		(4u << 20)
#define PART		8	/* uses work on 1/8 of a mapping */

static int take(struct age_worker *w, struct age_thing *t)
{
	uint64_t size = age_draw_pages(&w->random, LEAST, age_pool_most(w, AGE_ORDINARY, MOST));

	/* What was touched first is what stays: holes come in the first half only. */
	return age_region_take(w, t, size);
}

static int use(struct age_worker *w, struct age_thing *t)
{
	size_t page = age_page(), part = t->size / PART / page * page;
	size_t at = cma_random_below(&w->random, PART / 2) * part;
	size_t rest = t->size / 2 / page * page + at;
	char *map = t->map;

	if (!part)
		return 0;
	switch (cma_random_below(&w->random, 4)) {
	case 0:
		return age_region_hole(t, at, part);
	case 1:
		return madvise(map + rest, part, MADV_DONTNEED) ? -errno : 0;
	case 2:
		/* Splits the mapping, and joins it again. */
		if (mprotect(map + rest, part, PROT_READ) ||
		    mprotect(map + rest, part, PROT_READ | PROT_WRITE))
			return -errno;
		return 0;
	default:
		age_region_touch(t, rest, part);
		return 0;
	}
}

static const struct age_kind kinds[] = {
	{ .name = "mapping", .weight = 1, .uses = 3, .take = take, .use = use },
	{ .name = NULL },
};

const struct age_profile age_anon = {
	.name = "anon",
	.summary = "anonymous memory: mappings of 4 kB to 4 MB, with holes",
	.constant = 0x616e6f6e,
	.rate = 15,
	.shares = { [AGE_ORDINARY] = 4 },
	.typical = 256u << 10,
	.most = 16384,
	.kinds = kinds,
};
