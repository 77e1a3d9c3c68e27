// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>

#include "cma/sim.h"

/* For CMA_POLICY_TWO_ENDS a request is small up to this part of the area. */
#define SMALL_PART	64

struct cma_sim {
	struct cma_bitmap map;
	const struct cma_busy *busy;
	enum cma_policy policy;
	uint64_t next;		/* CMA_POLICY_NEXT_FIT: the bit behind the last place */
};

/**
 * struct search - a request on its way through the area
 * @length: bits wanted
 * @align: alignment of the page frame number
 * @step: distance of aligned places in bits
 * @place: the last place that was tried, CMA_NOWHERE: none yet
 * @run: CMA_POLICY_BEST_FIT: how long the run of that place is
 * @wrapped: CMA_POLICY_NEXT_FIT: the end of the area was reached
 */
struct search {
	uint64_t length;
	unsigned int align;
	uint64_t step;
	uint64_t place;
	uint64_t run;
	bool wrapped;
};

static uint64_t next_first(const struct cma_sim *sim, struct search *s)
{
	uint64_t start = s->place == CMA_NOWHERE ? 0 : s->place + s->step;

	return cma_bitmap_find(&sim->map, start, s->length, s->align);
}

static uint64_t next_behind(const struct cma_sim *sim, struct search *s)
{
	uint64_t start = s->place == CMA_NOWHERE ? sim->next : s->place + s->step;
	uint64_t place = cma_bitmap_find(&sim->map, start, s->length, s->align);

	if (place == CMA_NOWHERE && !s->wrapped) {
		s->wrapped = true;
		place = cma_bitmap_find(&sim->map, 0, s->length, s->align);
	}
	return s->wrapped && place >= sim->next ? CMA_NOWHERE : place;
}

/* Places are tried in the order of (length of the aligned part of the run, place). */
static uint64_t next_smallest(const struct cma_sim *sim, struct search *s)
{
	uint64_t best = CMA_NOWHERE, best_run = UINT64_MAX;
	struct cma_run run = cma_bitmap_next_run(&sim->map, 0);

	for (; run.length; run = cma_bitmap_next_run(&sim->map, run.start + run.length)) {
		struct cma_run part = cma_run_aligned(&sim->map.area, run, s->align);
		uint64_t place = part.start;

		if (s->place != CMA_NOWHERE) {
			if (part.length < s->run)
				continue;
			if (part.length == s->run && place <= s->place)
				place += (s->place - place) / s->step * s->step + s->step;
		}
		if (place + s->length <= part.start + part.length && part.length < best_run) {
			best = place;
			best_run = part.length;
		}
	}
	s->run = best_run;
	return best;
}

static uint64_t next_from_end(const struct cma_sim *sim, struct search *s)
{
	uint64_t limit = s->place == CMA_NOWHERE ? UINT64_MAX : s->place, best = CMA_NOWHERE;
	struct cma_run run = cma_bitmap_next_run(&sim->map, 0);

	for (; run.length; run = cma_bitmap_next_run(&sim->map, run.start + run.length)) {
		struct cma_run part = cma_run_aligned(&sim->map.area, run, s->align);
		uint64_t room;

		if (part.start >= limit)
			break;
		if (part.length < s->length)
			continue;
		room = part.length - s->length;
		if (limit - 1 - part.start < room)
			room = limit - 1 - part.start;
		best = part.start + room / s->step * s->step;
	}
	return best;
}

static uint64_t next_two_ends(const struct cma_sim *sim, struct search *s)
{
	if (s->length <= sim->map.bits / SMALL_PART)
		return next_from_end(sim, s);
	return next_first(sim, s);
}

static const struct {
	const char *name;
	uint64_t (*next)(const struct cma_sim *sim, struct search *s);
} policies[CMA_POLICIES] = {
	[CMA_POLICY_FIRST_FIT] = { "first-fit", next_first },
	[CMA_POLICY_NEXT_FIT] = { "next-fit", next_behind },
	[CMA_POLICY_BEST_FIT] = { "best-fit", next_smallest },
	[CMA_POLICY_TWO_ENDS] = { "two-ends", next_two_ends },
};

const char *cma_policy_name(enum cma_policy policy)
{
	return policies[policy].name;
}

struct cma_sim *cma_sim_create(const struct cma_bitmap *start, enum cma_policy policy)
{
	struct cma_sim *sim = calloc(1, sizeof(*sim));

	if (!sim)
		return NULL;
	if (cma_bitmap_copy(&sim->map, start)) {
		free(sim);
		return NULL;
	}
	sim->policy = policy;
	return sim;
}

void cma_sim_destroy(struct cma_sim *sim)
{
	if (!sim)
		return;
	cma_bitmap_end(&sim->map);
	free(sim);
}

void cma_sim_set_busy(struct cma_sim *sim, const struct cma_busy *busy)
{
	sim->busy = busy;
}

const struct cma_bitmap *cma_sim_map(const struct cma_sim *sim)
{
	return &sim->map;
}

/* How many of neighbouring bits are set; the end of the area ends them. */
static uint64_t count_taken(const struct cma_bitmap *map, uint64_t start, uint64_t length)
{
	uint64_t end = start + length, taken = 0;

	for (start = cma_bitmap_next(map, start, true); start < end && start < map->bits;) {
		uint64_t stop = cma_bitmap_next(map, start, false);

		taken += (stop < end ? stop : end) - start;
		start = cma_bitmap_next(map, stop, true);
	}
	return taken;
}

/* What alloc_contig_range() would say: unmovable pages are seen before anything is migrated. */
static int empty_place(const struct cma_sim *sim, uint64_t place, uint64_t length)
{
	const struct cma_busy *busy = sim->busy;

	if (!busy)
		return 0;
	if (busy->pinned && count_taken(busy->pinned, place, length))
		return -EBUSY;
	if (busy->movable && (count_taken(busy->movable, place, length) <<
			      sim->map.area.order_per_bit) > busy->outside)
		return -ENOMEM;
	return 0;
}

int cma_sim_alloc(struct cma_sim *sim, uint64_t count, unsigned int align, uint64_t *pfn,
		  uint64_t *retries)
{
	const struct cma_area *area = &sim->map.area;
	struct search s = { .length = cma_bits(area, count), .align = align,
			    .step = cma_align_step(area, align), .place = CMA_NOWHERE };
	uint64_t busy = 0;
	int ret = -ENOMEM;

	*pfn = CMA_NOWHERE;
	if (retries)
		*retries = 0;
	if (!s.length || s.length > sim->map.bits)
		return -EINVAL;
	while ((s.place = policies[sim->policy].next(sim, &s)) != CMA_NOWHERE) {
		ret = empty_place(sim, s.place, s.length);
		if (ret != -EBUSY)
			break;
		busy++;
	}
	if (retries)
		*retries = busy;
	if (ret)
		return ret;
	cma_bitmap_write(&sim->map, s.place, s.length, true);
	sim->next = s.place + s.length;
	*pfn = area->base_pfn + (s.place << area->order_per_bit);
	return 0;
}

int cma_sim_release(struct cma_sim *sim, uint64_t pfn, uint64_t count)
{
	const struct cma_area *area = &sim->map.area;
	uint64_t start = (pfn - area->base_pfn) >> area->order_per_bit;
	uint64_t length = cma_bits(area, count);

	if (pfn < area->base_pfn || pfn - area->base_pfn != start << area->order_per_bit)
		return -EINVAL;
	if (!length || start >= sim->map.bits || length > sim->map.bits - start)
		return -EINVAL;
	if (cma_bitmap_next(&sim->map, start, false) < start + length)
		return -EINVAL;
	cma_bitmap_write(&sim->map, start, length, false);
	return 0;
}
