// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "cma/verdict_remedy.h"

#define PAGES_PER_MIB	256	/* of 4 kB */

static uint64_t mib(uint64_t pages)
{
	return pages / PAGES_PER_MIB + (pages % PAGES_PER_MIB != 0);
}

static const char *area_name(const struct cma_failure *failure)
{
	return *failure->area.name ? failure->area.name : "the area";
}

/* How the size of an area is set depends on where it comes from. */
static void enlarge(struct verdict_text *text, const struct cma_failure *failure, uint64_t more,
		    const char *why)
{
	uint64_t pages = failure->area.pages;

	if (pages == CMA_UNKNOWN)
		say_remedy(text, "make %s larger by %" PRIu64 " MiB (of 4 kB pages) or more%s: cma= on "
			   "the kernel's command line, or the size of its reserved-memory node",
			   area_name(failure), mib(more), why);
	else
		say_remedy(text, "make %s larger, from %" PRIu64 " to %" PRIu64 " MiB (of 4 kB pages) "
			   "or more%s: cma= on the kernel's command line, or the size of its "
			   "reserved-memory node", area_name(failure), mib(pages),
			   mib(pages) + mib(more), why);
}

static void for_too_large(struct verdict_text *text, const struct cma_failure *failure,
			  const struct verdict_space *space)
{
	(void)space;
	enlarge(text, failure, failure->count - failure->area.pages, "");
	say_remedy(text, "ask for less: a smaller format, fewer planes in one buffer, or a driver "
		   "that takes scattered pages");
}

static void for_full(struct verdict_text *text, const struct cma_failure *failure,
		     const struct verdict_space *space)
{
	(void)space;
	enlarge(text, failure, failure->count - failure->free_pages, "");
	say_remedy(text, "find who holds the area (cmascope map) and whether he frees what he no "
		   "longer needs; fewer or smaller buffers");
	say_remedy(text, "let cmascope replay --advise say how large the area must be");
}

static void for_fragmented(struct verdict_text *text, const struct cma_failure *failure,
			   const struct verdict_space *space)
{
	uint64_t longest = space->longest.length << space->area.order_per_bit;

	say_remedy(text, "allocate the large buffers first and keep them; small, long-lived ones "
		   "between them are what cuts the area up (cmascope map names them)");
	say_remedy(text, "give the large buffers, or the small ones, an area of their own "
		   "(reserved-memory, shared-dma-pool, reusable)");
	enlarge(text, failure, failure->count > longest ? failure->count - longest : 1,
		", and the more the smaller its buffers are");
}

static void for_alignment(struct verdict_text *text, const struct cma_failure *failure,
			  const struct verdict_space *space)
{
	uint64_t step = 1ULL << space->align;

	if (space->best_align >= 0)
		say_remedy(text, "ask for less alignment: at %u pages (CONFIG_CMA_ALIGNMENT=%d) it "
			   "would have fitted into %" PRIu64 "@%" PRIu64, 1u << space->best_align,
			   space->best_align,
			   space->best_run.length << space->area.order_per_bit,
			   space->best_run.start);
	if (failure->count % step)
		say_remedy(text, "make buffers of this kind a multiple of the alignment, %" PRIu64
			   " pages instead of %" PRIu64 ": what one of them frees fits the next",
			   (failure->count + step - 1) / step * step, failure->count);
	enlarge(text, failure, failure->count + step - 1, "");
}

static void for_low_memory(struct verdict_text *text, const struct cma_failure *failure,
			   const struct verdict_space *space)
{
	(void)failure;
	(void)space;
	say_remedy(text, "make CMA smaller: memory that only movable pages may use is missing "
		   "elsewhere (cmascope replay --advise has the limit)");
	say_remedy(text, "use less memory, or add swap: pages that can be written out make room");
	say_remedy(text, "allocate such buffers early and keep them");
}

static void for_busy(struct verdict_text *text, const struct cma_failure *failure,
		     const struct verdict_space *space)
{
	(void)failure;
	(void)space;
	say_remedy(text, "find who holds the pages (cmascope map, page_owner) and make him take "
		   "memory outside CMA: long-term pins need FOLL_LONGTERM, caches __GFP_MOVABLE "
		   "that can migrate");
	say_remedy(text, "try again a little later: pages under I/O or in a CPU's batch are busy for "
		   "milliseconds");
	say_remedy(text, "a reserved area without \"reusable\" lends no pages, and none can be busy");
}

static void for_signal(struct verdict_text *text, const struct cma_failure *failure,
		       const struct verdict_space *space)
{
	(void)failure;
	(void)space;
	say_remedy(text, "nothing in CMA: find who killed the process (the OOM killer says so in the "
		   "log; a time limit, systemd, Ctrl-C do not)");
}

static void for_unknown(struct verdict_text *text, const struct cma_failure *failure,
			const struct verdict_space *space)
{
	(void)failure;
	(void)space;
	say_remedy(text, "get what is missing: the whole dmesg, or cmascope record until it happens "
		   "again, then cmascope why TRACE");
}

void verdict_remedies(struct verdict_text *text, enum cma_cause cause,
		      const struct cma_failure *failure, const struct verdict_space *space)
{
	static void (*const remedies[CMA_CAUSES])(struct verdict_text *text,
						  const struct cma_failure *failure,
						  const struct verdict_space *space) = {
		[CMA_CAUSE_UNKNOWN] = for_unknown,
		[CMA_CAUSE_TOO_LARGE] = for_too_large,
		[CMA_CAUSE_FULL] = for_full,
		[CMA_CAUSE_FRAGMENTED] = for_fragmented,
		[CMA_CAUSE_ALIGNMENT] = for_alignment,
		[CMA_CAUSE_LOW_MEMORY] = for_low_memory,
		[CMA_CAUSE_BUSY] = for_busy,
		[CMA_CAUSE_SIGNAL] = for_signal,
	};

	remedies[cause](text, failure, space);
}
