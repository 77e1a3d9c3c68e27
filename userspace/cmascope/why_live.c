// SPDX-License-Identifier: MIT
/* What the running machine adds to a failure: exact places, and names of those in the way. */
#include <inttypes.h>
#include <string.h>

#include "cma/verdict_space.h"
#include "cmascope/why.h"

#define HOLDERS_MAX	8	/* of those told */

void why_live_place(struct cma_snapshot *live, struct cma_failure *failure)
{
	struct cma_snapshot_area *area = cma_snapshot_find(live, failure->area.name);

	if (!area && !*failure->area.name && live->area_count == 1)
		area = &live->areas[0];
	/* Of several ranges it is not known which. */
	if (area && *failure->area.name && strcmp(area->map.area.name, failure->area.name))
		area = NULL;
	if (!area || failure->area.base_pfn != CMA_UNKNOWN ||
	    (failure->area.pages != CMA_UNKNOWN && failure->area.pages != area->map.area.pages))
		return;
	failure->area = area->map.area;
}

static void tell_room(const struct cma_snapshot_area *area, const struct cma_failure *failure,
		      FILE *out)
{
	bool asked = failure->count != CMA_UNKNOWN && failure->count;
	unsigned int order = area->map.area.order_per_bit;
	struct verdict_space space = { 0 };
	struct cma_shape shape;
	uint64_t place;

	/* At the alignment that the verdict has taken for it, too. */
	if (asked)
		verdict_space_measure(&space, failure);
	shape = cma_bitmap_shape(&area->map, space.align);
	fprintf(out, "   - %" PRIu64 " of %" PRIu64
		" pages are free, the longest run at a multiple of %u has %" PRIu64 "\n",
		shape.free << order, area->map.area.pages, 1u << space.align,
		shape.longest_aligned.length << order);
	if (!asked)
		return;
	place = cma_bitmap_find(&area->map, 0, cma_bits(&area->map.area, failure->count),
				space.align);
	fprintf(out, "   - the same request would find %s place\n",
		place == CMA_NOWHERE ? "no" : "a");
}

/* Whether pages were in the way, and it is known where. */
static bool way_known(const struct cma_failure *failure, enum cma_cause cause)
{
	return (cause == CMA_CAUSE_BUSY || cause == CMA_CAUSE_LOW_MEMORY) &&
		failure->busy_pfn != CMA_UNKNOWN && failure->busy_end_pfn != CMA_UNKNOWN;
}

static bool in_the_way(const struct cma_failure *failure, const struct cma_holder *holder)
{
	return holder->pfn < failure->busy_end_pfn &&
		holder->pfn + holder->count > failure->busy_pfn;
}

static bool is_pinned(const struct cma_snapshot_area *area, const struct cma_holder *holder)
{
	uint64_t page = holder->pfn - area->map.area.base_pfn;

	return area->pages && page < area->map.area.pages &&
		area->pages[page] == CMA_PAGE_PINNED;
}

static void tell_holders(const struct cma_snapshot_area *area, const struct cma_failure *failure,
			 enum cma_cause cause, FILE *out)
{
	bool known = way_known(failure, cause);
	size_t told = 0, more = 0;

	for (size_t i = 0; i < area->holder_count; i++) {
		const struct cma_holder *h = &area->holders[i];

		if (known ? !in_the_way(failure, h) : !is_pinned(area, h))
			continue;
		if (told == HOLDERS_MAX) {
			more++;
			continue;
		}
		told++;
		fprintf(out, "   - %s: %" PRIu64 " page%s at 0x%" PRIx64 ": %s",
			known ? "in the way" : "pinned in this area", h->count,
			h->count == 1 ? "" : "s", h->pfn, h->what);
		if (*h->comm || h->pid >= 0)
			fprintf(out, " (%s%s%.0d)", h->comm, h->pid > 0 ? ":" : "",
				h->pid > 0 ? h->pid : 0);
		fputc('\n', out);
	}
	if (more)
		fprintf(out, "   - and %zu more (cmascope map)\n", more);
}

void why_live_tell(struct cma_snapshot *live, const struct cma_failure *failure,
		   enum cma_cause cause, FILE *out)
{
	bool found = false;

	fprintf(out, "   as it is now:\n");
	for (size_t i = 0; i < live->area_count; i++) {
		const struct cma_snapshot_area *area = &live->areas[i];

		if (!cma_area_is(&area->map.area, failure->area.name))
			continue;
		found = true;
		if (strcmp(area->map.area.name, failure->area.name))
			fprintf(out, "   - the range %s:\n", area->map.area.name);
		if (area->map_known)
			tell_room(area, failure, out);
		tell_holders(area, failure, cause, out);
	}
	if (!found)
		fprintf(out, "   - not known: %s\n", *failure->area.name ?
			"there is no area of that name here" : "which area it was");
	for (size_t i = 0; i < live->missing_count; i++)
		fprintf(out, "   - not known: %s\n", live->missing[i]);
}
