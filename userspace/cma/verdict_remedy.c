// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "cma/verdict_remedy.h"

#define KB_PER_MIB	1024

/* What the pages are taken as, where their size is not known. */
static unsigned int page_kb(const struct cma_failure *failure)
{
	return failure->page_size ? failure->page_size / 1024 : 4;
}

static uint64_t mib(const struct cma_failure *failure, uint64_t pages)
{
	unsigned int per_mib = KB_PER_MIB / page_kb(failure);

	return pages / per_mib + (pages % per_mib != 0);
}

static const char *area_name(const struct cma_failure *failure)
{
	return *failure->area.name ? failure->area.name : "the area";
}

static const char how[] = "cma= on the command line, or its reserved-memory node";

static void enlarge(struct verdict_text *text, const struct cma_failure *failure, uint64_t more,
		    const char *why)
{
	uint64_t pages = failure->area.pages;

	if (pages == CMA_UNKNOWN)
		say_remedy(text, "make %s larger by %" PRIu64 " MiB (%u kB pages) or more%s: %s",
			   area_name(failure), mib(failure, more), page_kb(failure), why, how);
	else
		say_remedy(text, "make %s larger, from %" PRIu64 " to %" PRIu64
			   " MiB (%u kB pages) or more%s: %s", area_name(failure),
			   mib(failure, pages), mib(failure, pages) + mib(failure, more),
			   page_kb(failure), why, how);
}

static void for_too_large(struct verdict_text *text, const struct cma_failure *failure,
			  const struct verdict_space *space)
{
	(void)space;
	enlarge(text, failure, failure->count - failure->area.pages, "");
	say_remedy(text, "ask for less: a smaller format, or a driver that takes scattered pages");
}

static void for_full(struct verdict_text *text, const struct cma_failure *failure,
		     const struct verdict_space *space)
{
	(void)space;
	enlarge(text, failure, failure->count - failure->free_pages, "");
	say_remedy(text, "find who holds the area, and whether he still needs it: cmascope map");
	say_remedy(text, "how large the area must be: cmascope replay --advise");
}

static void for_fragmented(struct verdict_text *text, const struct cma_failure *failure,
			   const struct verdict_space *space)
{
	uint64_t longest = space->longest.length << space->area.order_per_bit;

	say_remedy(text, "allocate large buffers first and keep them");
	say_remedy(text, "find the small, long-lived ones that cut the area up: cmascope map");
	say_remedy(text, "give large or small ones an area of their own (shared-dma-pool)");
	enlarge(text, failure, failure->count > longest ? failure->count - longest : 1,
		", the more the smaller its buffers are");
}

static void for_alignment(struct verdict_text *text, const struct cma_failure *failure,
			  const struct verdict_space *space)
{
	uint64_t step = 1ULL << space->align;

	if (space->best_align >= 0)
		say_remedy(text, "ask for less alignment: at %u pages (CONFIG_CMA_ALIGNMENT=%d) %"
			   PRIu64 "@%" PRIu64 " would have been enough", 1u << space->best_align,
			   space->best_align,
			   space->best_run.length << space->area.order_per_bit,
			   space->best_run.start);
	if (failure->count % step)
		say_remedy(text, "make such buffers a multiple of the alignment, %" PRIu64
			   " pages instead of %" PRIu64 ": what one frees fits the next",
			   (failure->count + step - 1) / step * step, failure->count);
	enlarge(text, failure, failure->count + step - 1, "");
}

static void for_low_memory(struct verdict_text *text, const struct cma_failure *failure,
			   const struct verdict_space *space)
{
	(void)failure;
	(void)space;
	say_remedy(text, "make CMA smaller: what only movable pages may use is missing elsewhere");
	say_remedy(text, "use less memory, or add swap: what can be written out makes room");
	say_remedy(text, "allocate such buffers early and keep them");
}

static void for_busy(struct verdict_text *text, const struct cma_failure *failure,
		     const struct verdict_space *space)
{
	(void)failure;
	(void)space;
	say_remedy(text, "find who holds the pages: cmascope map, with page_owner=on");
	say_remedy(text, "what pins them for long has to move them out first (FOLL_LONGTERM)");
	say_remedy(text, "try again: pages under I/O or in a CPU's batch are busy for moments");
	say_remedy(text, "take an area that lends no pages: reserved-memory without \"reusable\"");
}

static void for_signal(struct verdict_text *text, const struct cma_failure *failure,
		       const struct verdict_space *space)
{
	(void)failure;
	(void)space;
	say_remedy(text, "nothing in CMA: find who killed the process (the OOM killer?)");
}

static void for_unknown(struct verdict_text *text, const struct cma_failure *failure,
			const struct verdict_space *space)
{
	(void)failure;
	(void)space;
	say_remedy(text, "get what is missing: the whole dmesg, or cmascope record, then why");
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
