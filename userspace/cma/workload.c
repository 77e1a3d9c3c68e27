// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cma/workload.h"

#define ALIGNMENT	8	/* CONFIG_CMA_ALIGNMENT's default: 1 MiB */
#define PAGES_1080P	2025	/* 1920 x 1080 x 4 bytes */
#define MAX_HELD	256

/** struct held - buffers that are held now */
struct held {
	struct cma_script *script;
	struct { uint64_t pages; uint32_t id; } buffers[MAX_HELD];
	unsigned int count;
	uint64_t pages;
};

/* As the DMA API aligns: min(get_order(size), CONFIG_CMA_ALIGNMENT). */
static int take(struct held *held, uint64_t pages)
{
	unsigned int order = cma_pages_order(pages);
	int ret = cma_script_alloc(held->script, pages, order < ALIGNMENT ? order : ALIGNMENT,
				   &held->buffers[held->count].id);

	if (ret)
		return ret;
	held->buffers[held->count++].pages = pages;
	held->pages += pages;
	return 0;
}

/* Buffers from @first on; the later ones move down. */
static int drop(struct held *held, unsigned int first, unsigned int count)
{
	int ret = 0;

	for (unsigned int i = first; !ret && i < first + count; i++) {
		held->pages -= held->buffers[i].pages;
		ret = cma_script_release(held->script, held->buffers[i].id, 0,
					 held->buffers[i].pages);
	}
	held->count -= count;
	memmove(&held->buffers[first], &held->buffers[first + count],
		(held->count - first) * sizeof(held->buffers[0]));
	return ret;
}

static unsigned int one_of(struct cma_random *random, unsigned int n)
{
	return (unsigned int)cma_random_below(random, n);
}

/*
 * The i.MX6 complaint: DMA-BUFs of 80 kB to 5 MB come and go, small ones more often; up to 64 MiB
 * of them are held, and some are released for each that would exceed that.
 */
static int imx6(struct cma_script *script, struct cma_random *random, uint64_t allocations)
{
	const uint64_t limit = 16384;
	struct held held = { .script = script };
	int ret = 0;

	while (!ret && allocations) {
		unsigned int doublings = (unsigned int)cma_random_below(random, 6);
		uint64_t least = 20ULL << doublings;
		uint64_t pages = least + cma_random_below(random, least);

		while (!ret && (held.pages + pages > limit || held.count == MAX_HELD ||
				(held.count && !cma_random_below(random, 3))))
			ret = drop(&held, one_of(random, held.count), 1);
		if (!ret)
			ret = take(&held, pages);
		allocations--;
	}
	return ret;
}

/* Windows of a desktop: two buffers each, open, resized, closed; the screen's three stay. */
static int desktop(struct cma_script *script, struct cma_random *random, uint64_t allocations)
{
	static const uint64_t sizes[] = { 4, 64, 300, 469, 768, 900, 1025, 1407, PAGES_1080P };
	const unsigned int fixed = 5, most = fixed + 2 * 16;
	struct held held = { .script = script };
	int ret = 0;

	for (unsigned int i = 0; !ret && i < fixed; i++)
		ret = take(&held, i < 3 ? PAGES_1080P : 4);
	for (uint64_t n = fixed; !ret && n < allocations;) {
		unsigned int windows = (held.count - fixed) / 2;
		uint64_t what = cma_random_below(random, 3);
		uint64_t pages = sizes[cma_random_below(random, sizeof(sizes) / sizeof(sizes[0]))];

		/* 0: close, 1: open, 2: resize: the new buffers come before the old ones go. */
		if (what != 0 && held.count < most) {
			ret = take(&held, pages);
			if (!ret)
				ret = take(&held, pages);
			n += 2;
		}
		if (!ret && what != 1 && windows)
			ret = drop(&held, fixed + 2 * one_of(random, windows), 2);
	}
	return ret;
}

/* Full-screen programs of three 1080p buffers, begun before the last one ends; some with video. */
static int triple(struct cma_script *script, struct cma_random *random, uint64_t allocations)
{
	struct held held = { .script = script };
	unsigned int before = 0;
	int ret = 0;

	for (uint64_t n = 0; !ret && n < allocations; n += held.count) {
		bool video = !cma_random_below(random, 3);
		uint64_t picture = cma_random_below(random, 2) ? 338 : 760; /* NV12: 720p, 1080p */

		for (int i = 0; !ret && i < 3; i++)
			ret = take(&held, PAGES_1080P);
		for (uint64_t i = 4 + cma_random_below(random, 5); !ret && video && i; i--)
			ret = take(&held, picture);
		if (!ret)
			ret = drop(&held, 0, before);
		before = held.count;
	}
	return ret;
}

/* Laura Abbott's loop of 2012: 56 buffers of 1 MB, the whole of the area, taken and released. */
static int loop56(struct cma_script *script, struct cma_random *random, uint64_t allocations)
{
	struct held held = { .script = script };
	int ret = 0;

	(void)random;
	for (uint64_t n = 0; !ret && n < allocations; n += 56) {
		for (int i = 0; !ret && i < 56; i++)
			ret = take(&held, 256);
		if (!ret)
			ret = drop(&held, 0, held.count);
	}
	return ret;
}

const struct cma_workload cma_workloads[] = {
	{ "imx6", "DMA-BUFs of 80 kB to 5 MB that come and go, up to 64 MiB held", 24576, imx6 },
	{ "desktop", "windows opened, resized and closed on a 1080p screen", 65536, desktop },
	{ "triple", "full-screen programs with three 1080p buffers, some with video", 32768,
	  triple },
	{ "loop56", "56 buffers of 1 MB out of 56 MB, over and over", 14336, loop56 },
	{ 0 }
};

const struct cma_workload *cma_workload_find(const char *name)
{
	for (const struct cma_workload *w = cma_workloads; w->name; w++)
		if (!strcmp(w->name, name))
			return w;
	return NULL;
}

int cma_workload_make(const struct cma_workload *workload, uint64_t seed, uint64_t allocations,
		      struct cma_script *script)
{
	struct cma_random random = { seed };

	cma_script_init(script);
	snprintf(script->area.name, sizeof(script->area.name), "%s", workload->name);
	return workload->generate(script, &random, allocations);
}
