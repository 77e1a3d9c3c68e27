// SPDX-License-Identifier: MIT
/* What a verdict says of its cause: each number is out of the failure. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cma/verdict_judge.h"

/* Something that is not known would make it another cause; it is said among what is missing. */
static void doubt(struct judge *j)
{
	j->text.verdict->certain = false;
}

/* Sizes and places, for people. */
static void say_request(struct judge *j)
{
	const struct cma_failure *f = j->failure;
	const struct verdict_space *s = &j->space;

	say_evidence(&j->text, "%" PRIu64 " pages were asked for, at a multiple of %u pages%s",
		     f->count, 1u << s->align,
		     !s->align_assumed ? "" : verdict_is_huge(f) ?
		     " (assumed: huge pages are aligned to their size)" :
		     " (assumed: what the DMA API asks for this size)");
	if (f->free_pages != CMA_UNKNOWN && f->area.pages != CMA_UNKNOWN)
		say_evidence(&j->text, "%" PRIu64 " of the area's %" PRIu64 " pages were free",
			     f->free_pages, f->area.pages);
	else if (f->free_pages != CMA_UNKNOWN)
		say_evidence(&j->text, "%" PRIu64 " pages of the area were free", f->free_pages);
	else if (f->area.pages != CMA_UNKNOWN)
		say_evidence(&j->text, "the area has %" PRIu64 " pages", f->area.pages);
	if (f->runs_known == CMA_RUNS_PART)
		say_evidence(&j->text, "the list of free runs is cut: %zu runs with %" PRIu64
			     " pages are left of it", s->runs, s->shown);
	if (s->runs > s->enough)
		say_evidence(&j->text, "%zu %sfree run%s shorter than that", s->runs - s->enough,
			     f->runs_known == CMA_RUNS_PART ? "listed " : "",
			     s->runs - s->enough == 1 ? " is" : "s are");
	if (s->longest.length)
		say_evidence(&j->text, "the longest free run%s is %" PRIu64 "@%" PRIu64,
			     f->runs_known == CMA_RUNS_PART ? " that is listed" : "",
			     s->longest.length << s->area.order_per_bit, s->longest.start);
}

static const char *error_name(int error)
{
	return error == -ENOMEM ? " (-ENOMEM)" : error == -EBUSY ? " (-EBUSY)" :
		error == -EINTR ? " (-EINTR)" : "";
}

static void say_error(struct judge *j)
{
	static const char *const meanings[] = {
		[SAYS_SPACE_OR_MEMORY] = "no free place, or no memory to move pages out of it",
		[SAYS_MEMORY] = "since Linux 6.15: a place, but no memory to move pages out of it",
		[SAYS_BUSY] = "before Linux 6.15: a place, but its pages could not be moved",
		[SAYS_SPACE_OR_BUSY] = "pages could not be moved; since Linux 6.15 also: no place",
		[SAYS_SIGNAL] = "a fatal signal came while pages were moved",
		[SAYS_OTHER] = "neither lack of space nor busy pages give that",
	};

	if (j->says != SAYS_NOTHING)
		say_evidence(&j->text, "the kernel returned %d%s: %s", j->failure->error,
			     error_name(j->failure->error), meanings[j->says]);
}

/* The arithmetic of the issue: each run that was long enough but for its place. */
static void say_unaligned(struct judge *j)
{
	const struct verdict_space *s = &j->space;
	unsigned int order = s->area.order_per_bit;

	for (size_t i = 0; i < j->failure->run_count; i++) {
		struct cma_run run = j->failure->runs[i];
		struct cma_run part = cma_run_aligned(&s->area, run, s->align);
		uint64_t end = run.start + run.length;

		if (run.length < s->need || part.length >= s->need)
			continue;
		if (!part.length)
			say_evidence(&j->text, "%" PRIu64 "@%" PRIu64 ": first aligned page %"
				     PRIu64 " is past the run's end %" PRIu64,
				     run.length << order, run.start, part.start, end);
		else
			say_evidence(&j->text, "%" PRIu64 "@%" PRIu64 ": first aligned page %"
				     PRIu64 "; %" PRIu64 " + %" PRIu64 " = %" PRIu64
				     " is past the run's end %" PRIu64, run.length << order,
				     run.start, part.start, part.start, s->need,
				     part.start + s->need, end);
	}
	if (order)
		say_evidence(&j->text, "places count in units of %u pages, as in the bitmap",
			     1u << order);
}

static void say_place(struct judge *j)
{
	const struct verdict_space *s = &j->space;

	if (s->places)
		say_evidence(&j->text, "%" PRIu64 " aligned place%s free, the first at %" PRIu64,
			     s->places, s->places == 1 ? " for it was" : "s for it were",
			     s->fitting.start);
}

static void say_busy(struct judge *j)
{
	const struct cma_failure *f = j->failure;

	if (f->busy_retries != CMA_UNKNOWN && f->busy_retries)
		say_evidence(&j->text, "%" PRIu64 " place%s tried and found busy", f->busy_retries,
			     f->busy_retries == 1 ? " was" : "s were");
	if (f->busy_pfn == CMA_UNKNOWN)
		return;
	if (f->busy_end_pfn != CMA_UNKNOWN && f->busy_end_pfn > f->busy_pfn + 1)
		say_evidence(&j->text, "in the last of them some page of 0x%" PRIx64 "-0x%" PRIx64
			     " could not be moved", f->busy_pfn, f->busy_end_pfn - 1);
	else
		say_evidence(&j->text, "page frame 0x%" PRIx64 " could not be moved", f->busy_pfn);
}

static void say_memory(struct judge *j)
{
	const struct cma_failure *f = j->failure;

	if (f->system_free_pages == CMA_UNKNOWN)
		return;
	if (f->system_min_pages == CMA_UNKNOWN)
		say_evidence(&j->text, "outside CMA %" PRIu64 " pages were free",
			     f->system_free_pages);
	else
		say_evidence(&j->text, "outside CMA %" PRIu64 " pages were free, the kernel keeps %"
			     PRIu64 " of them (min watermark), up to %" PRIu64
			     " pages had to be moved", f->system_free_pages, f->system_min_pages,
			     f->count);
}

static void say_too_large(struct judge *j)
{
	const struct verdict_space *s = &j->space;

	if (verdict_pieces_too_small(j->failure, s)) {
		uint64_t longest = s->longest.length << s->area.order_per_bit;

		say_summary(&j->text, "The request is larger than each of the area's %u pieces: %"
			    PRIu64 " pages, the largest has %" PRIu64, j->failure->ranges,
			    j->failure->count, longest);
		say_request(j);
		say_error(j);
		return;
	}
	say_summary(&j->text, "The request is larger than the whole area: %" PRIu64 " pages of %"
		    PRIu64, j->failure->count, j->failure->area.pages);
	say_evidence(&j->text, "%" PRIu64 " pages were asked for, the area has %" PRIu64,
		     j->failure->count, j->failure->area.pages);
	say_error(j);
}

static void say_full(struct judge *j)
{
	say_summary(&j->text, "The area is full: %" PRIu64 " pages are free, %" PRIu64
		    " were asked for", j->failure->free_pages, j->failure->count);
	say_request(j);
	say_error(j);
}

static void say_fragmented(struct judge *j)
{
	const struct verdict_space *s = &j->space;

	say_summary(&j->text, "The area is fragmented: no free run is as long as the %" PRIu64
		    " pages asked for; the longest has %" PRIu64, j->failure->count,
		    s->longest.length << s->area.order_per_bit);
	say_request(j);
	if (s->hidden && s->hidden != CMA_UNKNOWN)
		say_evidence(&j->text, "the runs that are missing have %" PRIu64
			     " pages together, too few as well", s->hidden);
	say_error(j);
}

static void say_alignment(struct judge *j)
{
	const struct verdict_space *s = &j->space;

	say_summary(&j->text, "Alignment: %zu free run%s long enough for %" PRIu64
		    " pages, but not behind %s first page that is a multiple of %u", s->unaligned,
		    s->unaligned == 1 ? " is" : "s are", j->failure->count,
		    s->unaligned == 1 ? "its" : "their", 1u << s->align);
	say_request(j);
	say_unaligned(j);
	if (j->failure->search_failed)
		say_evidence(&j->text,
			     "the kernel's search passed the area's end: no place is hidden either");
	else if (s->hidden && s->hidden != CMA_UNKNOWN)
		say_evidence(&j->text, "the runs that are missing have %" PRIu64
			     " pages together, too few as well", s->hidden);
	say_error(j);
}

static void say_low_memory(struct judge *j)
{
	bool likely = j->failure->system_free_pages == CMA_UNKNOWN && j->says != SAYS_MEMORY;

	say_summary(&j->text, "%s too low: the pages in the way had nowhere to go",
		    likely ? "A place was free, so memory outside CMA was" :
		    "Memory outside CMA was");
	if (likely)
		doubt(j);
	say_request(j);
	say_place(j);
	say_memory(j);
	say_error(j);
	if (j->failure->system_free_pages == CMA_UNKNOWN)
		say_missing(&j->text, "how much memory was free: there is no Mem-Info%s", likely ?
			    "; a place that came free after the search would look the same" : "");
}

static void say_busy_cause(struct judge *j)
{
	const struct cma_failure *f = j->failure;

	say_summary(&j->text,
		    "Pages in the way could not be moved: somebody holds them, or allocates there");
	say_request(j);
	say_place(j);
	say_busy(j);
	say_error(j);
	if (f->runs_known == CMA_RUNS_ALL && !j->space.places)
		say_evidence(&j->text,
			     "the list, printed later, has no such place any more");
	if (f->busy_pfn == CMA_UNKNOWN)
		say_missing(&j->text,
			    "which page, and whose: cmascope record, cmascope map, page_owner=on");
	if (j->says != SAYS_SPACE_OR_BUSY || (f->busy_retries != CMA_UNKNOWN && f->busy_retries))
		return;
	doubt(j);
	say_missing(&j->text, "the search: a place that came free after it would look the same");
}

static void say_signal(struct judge *j)
{
	say_summary(&j->text, "The asking process was being killed; nothing is wrong with CMA");
	if (j->failure->count != CMA_UNKNOWN && j->failure->count)
		say_request(j);
	say_error(j);
}

/* Each way in which it cannot be told has its reason. */
static void say_reason(struct judge *j)
{
	const struct cma_failure *f = j->failure;

	if (f->count == CMA_UNKNOWN && f->error) {
		say_summary(&j->text, "Cannot tell, because the size asked for cannot be read");
		say_missing(&j->text, "the request: trace cma_alloc_start (cmascope record)");
	} else if (f->count == CMA_UNKNOWN) {
		say_summary(&j->text,
			    "Cannot tell, because rate limiting dropped the line with the request");
		say_missing(&j->text, "the request: trace cma_alloc_start (cmascope record)");
	} else if (j->other != j->cause) {
		say_summary(&j->text, "Cannot tell, because pages a bit are not known: %s or %s",
			    cma_cause_name(j->cause), cma_cause_name(j->other));
		say_missing(&j->text, "pages a bit, 2^%u to 2^%u: debugfs cma/%s/order_per_bit",
			    f->area.order_per_bit, f->order_max, f->area.name);
	} else if (!f->count) {
		say_summary(&j->text, "No page at all was asked for: a fault of the caller");
	} else if ((j->space.places || j->says == SAYS_MEMORY) && f->error == -ENOMEM) {
		say_summary(&j->text,
			    "Cannot tell, because a place was free, and memory to move pages to");
		say_missing(&j->text, "what happened between search and list (cmascope record)");
	} else if (j->says == SAYS_OTHER) {
		say_summary(&j->text,
			    "Cannot tell, because CMA is not known to give error %d", f->error);
		say_missing(&j->text, "where error %d comes from: this kernel's mm/cma.c",
			    f->error);
	} else if (j->says == SAYS_NOTHING) {
		say_summary(&j->text, "Cannot tell, because the error is not known");
		say_missing(&j->text, "the error; a request larger than its area never finishes");
	} else if (f->runs_known == CMA_RUNS_NONE) {
		say_summary(&j->text, "Cannot tell, because the free runs are not %s: %s",
			    f->list_unclear ? "known" : "listed",
			    f->error == -EBUSY ? "no place, or busy pages" :
			    "full, fragmented, alignment, or no memory to move pages to");
		say_missing(&j->text, f->list_unclear ?
			    "the free runs: no list says whose it is (CONFIG_PRINTK_CALLER=y)" :
			    "the free runs: CONFIG_CMA_DEBUG=y before 6.12; or debugfs cma/*/bitmap");
	} else {
		say_summary(&j->text, "Cannot tell, because the list of free runs is cut; %s",
			    j->space.unaligned ? "if no place is hidden, it is alignment" :
			    "if no place is hidden, it is fragmentation or alignment");
		say_missing(&j->text, "the rest of the list");
	}
}

static void say_unknown(struct judge *j)
{
	const struct cma_failure *f = j->failure;

	say_reason(j);
	if (f->count != CMA_UNKNOWN && f->count)
		say_request(j);
	else if (j->failure->free_pages != CMA_UNKNOWN)
		say_evidence(&j->text, "%" PRIu64 " pages were free", f->free_pages);
	else if (!f->count)
		say_evidence(&j->text, "0 pages were asked for");
	else if (!f->error)
		say_evidence(&j->text, "the kernel listed free runs without a request");
	if (j->other == j->cause) {
		if (j->space.unaligned)
			say_unaligned(j);
		say_place(j);
	}
	say_memory(j);
	say_busy(j);
	say_error(j);
}

static void (*const say_cause[CMA_CAUSES])(struct judge *j) = {
	[CMA_CAUSE_UNKNOWN] = say_unknown,
	[CMA_CAUSE_TOO_LARGE] = say_too_large,
	[CMA_CAUSE_FULL] = say_full,
	[CMA_CAUSE_FRAGMENTED] = say_fragmented,
	[CMA_CAUSE_ALIGNMENT] = say_alignment,
	[CMA_CAUSE_LOW_MEMORY] = say_low_memory,
	[CMA_CAUSE_BUSY] = say_busy_cause,
	[CMA_CAUSE_SIGNAL] = say_signal,
};

/* Whether a remedy is in MiB, or free memory was counted in pages. */
static bool page_size_matters(const struct judge *j, enum cma_cause cause)
{
	return cause == CMA_CAUSE_TOO_LARGE || cause == CMA_CAUSE_FULL ||
		cause == CMA_CAUSE_FRAGMENTED || cause == CMA_CAUSE_ALIGNMENT ||
		j->failure->system_free_pages != CMA_UNKNOWN;
}

/* What was taken for granted, and what it would be otherwise. */
static void say_assumptions(struct judge *j, enum cma_cause cause)
{
	const struct verdict_space *s = &j->space;
	unsigned int order = verdict_order(j->failure->count);

	if (cause == CMA_CAUSE_ALIGNMENT && (s->base_assumed || s->align_assumed))
		doubt(j);
	if (cause == CMA_CAUSE_ALIGNMENT && s->base_assumed)
		say_missing(&j->text,
			    "where the area begins: taken as a multiple of %u pages; see --base-pfn",
			    1u << s->align);
	if (cause == CMA_CAUSE_ALIGNMENT && s->align_assumed)
		say_missing(&j->text, "the alignment asked for: with none, %" PRIu64 "@%" PRIu64
			    " would have done, and %s; see --align",
			    s->longest.length << s->area.order_per_bit, s->longest.start,
			    j->failure->error == -EBUSY ? "its pages been busy" :
			    "memory been short");
	if ((cause == CMA_CAUSE_LOW_MEMORY || cause == CMA_CAUSE_BUSY) && s->places &&
	    j->says != SAYS_MEMORY && j->says != SAYS_BUSY && s->align_assumed &&
	    order > s->align && !verdict_space_fits(s, j->failure, order)) {
		doubt(j);
		say_missing(&j->text,
			    "the alignment asked for: with 2^%u it would be the cause; see --align",
			    order);
	}
	if (j->another_area)
		say_missing(&j->text,
			    "its area: the one listed is another area, for it is smaller: %s",
			    cma_failure_is_old(j->failure) ?
			    "before Linux 6.15 such a request has no message" :
			    "such a request has no message, or error -16");
	if (!j->failure->page_size && page_size_matters(j, cause))
		say_missing(&j->text, "the size of a page: taken as 4 kB; see --page-size");
	if (j->failure->ranges > 1 && cause != CMA_CAUSE_TOO_LARGE)
		say_missing(&j->text, "where the area's %u pieces begin: taken as aligned",
			    j->failure->ranges);
	if (j->failure->ranges > 1 && cause == CMA_CAUSE_FRAGMENTED) {
		doubt(j);
		say_missing(&j->text,
			    "how large each of the %u pieces is: it may be that none is enough",
			    j->failure->ranges);
	}
	if (j->failure->list_rival && j->says != SAYS_SIGNAL)
		say_missing(&j->text,
			    "whose the list is: another followed at once, without a message");
	if (j->failure->suppressed)
		say_missing(&j->text, "%" PRIu64 " more messages of this kind (rate limited)",
			    j->failure->suppressed);
}

void verdict_say(struct judge *j, enum cma_cause cause)
{
	j->text.verdict->certain = cause != CMA_CAUSE_UNKNOWN;
	say_cause[cause](j);
	if (j->failure->count != CMA_UNKNOWN && j->failure->count)
		say_assumptions(j, cause);
}
