// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "cma/verdict_space.h"

unsigned int verdict_order(uint64_t pages)
{
	return pages > 1 ? 64 - (unsigned int)__builtin_clzll(pages - 1) : 0;
}

bool verdict_space_fits(const struct verdict_space *space, const struct cma_failure *failure,
			unsigned int align)
{
	for (size_t i = 0; i < failure->run_count; i++)
		if (cma_run_aligned(&space->area, failure->runs[i], align).length >= space->need)
			return true;
	return false;
}

static void choose_base(struct verdict_space *space, const struct cma_failure *failure)
{
	space->area = failure->area;
	if (failure->area.base_pfn != CMA_UNKNOWN)
		return;
	space->area.base_pfn = 0;
	space->base_assumed = failure->base_offset == CMA_UNKNOWN;
	if (!space->base_assumed)
		space->area.base_pfn = failure->base_offset << failure->area.order_per_bit;
}

bool verdict_is_huge(const struct cma_failure *failure)
{
	return !strncmp(failure->area.name, "hugetlb", strlen("hugetlb"));
}

static void choose_align(struct verdict_space *space, const struct cma_failure *failure)
{
	unsigned int order = verdict_order(failure->count);
	unsigned int most = verdict_is_huge(failure) ? CMA_MAX_ORDER : CMA_DMA_ALIGN;

	space->align_assumed = failure->align < 0;
	if (failure->align > CMA_MAX_ORDER)
		space->align = CMA_MAX_ORDER;
	else if (failure->align >= 0)
		space->align = (unsigned int)failure->align;
	else
		space->align = order < most ? order : most;
}

static void measure_run(struct verdict_space *space, struct cma_run run)
{
	struct cma_run part = cma_run_aligned(&space->area, run, space->align);

	space->enough += run.length >= space->need;
	if (run.length > space->longest.length)
		space->longest = run;
	if (part.length >= space->need) {
		space->places += (part.length - space->need) /
			cma_align_step(&space->area, space->align) + 1;
		if (!space->fitting.length)
			space->fitting = part;
	} else if (run.length >= space->need) {
		space->unaligned++;
	}
}

/* What smaller alignment would have been enough. */
static void measure_smaller(struct verdict_space *space, const struct cma_failure *failure)
{
	space->best_align = -1;
	for (int align = (int)space->align - 1; align >= 0 && space->best_align < 0; align--)
		for (size_t i = 0; i < failure->run_count && space->best_align < 0; i++)
			if (cma_run_aligned(&space->area, failure->runs[i],
					    (unsigned int)align).length >= space->need) {
				space->best_align = align;
				space->best_run = failure->runs[i];
			}
}

void verdict_space_measure(struct verdict_space *space, const struct cma_failure *failure)
{
	memset(space, 0, sizeof(*space));
	choose_base(space, failure);
	choose_align(space, failure);
	space->need = cma_bits(&space->area, failure->count);
	space->runs = failure->run_count;
	for (size_t i = 0; i < failure->run_count; i++) {
		space->shown += failure->runs[i].length << space->area.order_per_bit;
		measure_run(space, failure->runs[i]);
	}
	space->hidden = CMA_UNKNOWN;
	if (failure->runs_known == CMA_RUNS_ALL)
		space->hidden = 0;
	else if (failure->free_pages != CMA_UNKNOWN)
		space->hidden = failure->free_pages > space->shown ?
			failure->free_pages - space->shown : 0;
	if (space->unaligned && !space->places)
		measure_smaller(space, failure);
	else
		space->best_align = -1;
}

bool verdict_pieces_too_small(const struct cma_failure *failure,
			      const struct verdict_space *space)
{
	return failure->ranges > 1 && failure->runs_known == CMA_RUNS_ALL &&
		failure->free_pages == failure->area.pages && !space->enough;
}

void verdict_space_doubt(struct cma_failure *failure)
{
	struct verdict_space space;

	if (failure->count == CMA_UNKNOWN || !failure->count)
		return;
	verdict_space_measure(&space, failure);
	if (!space.places)
		return;
	free(failure->runs);
	failure->runs = NULL;
	failure->run_count = 0;
	failure->runs_known = CMA_RUNS_NONE;
	failure->free_pages = CMA_UNKNOWN;
}
