// SPDX-License-Identifier: MIT
/*
 * How a cause is found. mm/cma.c looks for a free, aligned run in the bitmap; only when it has one
 * does it move the pages that sit there. Before 6.15 -ENOMEM means that there was no run, or that
 * the pages had nowhere to go, and -EBUSY that there was a run and its pages could not be moved.
 * Since 6.15 -EBUSY is also what "no run" gives, and -ENOMEM only comes from moving pages.
 */
#include <errno.h>
#include <string.h>

#include "cma/verdict_judge.h"
#include "cma/verdict_remedy.h"

static const char *const cause_names[CMA_CAUSES] = {
	[CMA_CAUSE_UNKNOWN] = "unknown",
	[CMA_CAUSE_TOO_LARGE] = "too-large",
	[CMA_CAUSE_FULL] = "full",
	[CMA_CAUSE_FRAGMENTED] = "fragmented",
	[CMA_CAUSE_ALIGNMENT] = "alignment",
	[CMA_CAUSE_LOW_MEMORY] = "low-memory",
	[CMA_CAUSE_BUSY] = "busy",
	[CMA_CAUSE_SIGNAL] = "signal",
};

const char *cma_cause_name(enum cma_cause cause)
{
	return cause < CMA_CAUSES ? cause_names[cause] : "unknown";
}

static enum says error_says(const struct cma_failure *f)
{
	bool old = cma_failure_is_old(f);

	switch (f->error) {
	case -EINTR:
		return SAYS_SIGNAL;
	case -ENOMEM:
		return f->kernel && !old ? SAYS_MEMORY : SAYS_SPACE_OR_MEMORY;
	case -EBUSY:
		return old ? SAYS_BUSY : SAYS_SPACE_OR_BUSY;
	default:
		return f->error ? SAYS_OTHER : SAYS_NOTHING;
	}
}

/* Whether a run that fits could be among those that are not known. */
static bool may_hide_place(const struct judge *j)
{
	if (j->failure->runs_known == CMA_RUNS_ALL || j->failure->search_failed)
		return false;
	return j->space.hidden >= j->failure->count;
}

static bool may_hide_run(const struct judge *j)
{
	return j->failure->runs_known != CMA_RUNS_ALL && j->space.hidden >= j->failure->count;
}

/* Memory status: 1: there was room for the pages in the way, 0: not, below 0: not known. */
static int memory_had_room(const struct cma_failure *f)
{
	uint64_t min = f->system_min_pages == CMA_UNKNOWN ? 0 : f->system_min_pages;

	if (f->system_free_pages == CMA_UNKNOWN)
		return -1;
	return f->system_free_pages >= min && f->system_free_pages - min >= f->count;
}

/* Places were tried and busy, and nothing says that it ended for another reason. */
static bool was_retried(const struct cma_failure *f)
{
	return (f->error == -EBUSY || !f->error) && f->busy_retries != CMA_UNKNOWN &&
		f->busy_retries;
}

static enum cma_cause judge_place(struct judge *j)
{
	if (j->failure->error == -EBUSY || was_retried(j->failure))
		return CMA_CAUSE_BUSY;
	if (j->failure->error != -ENOMEM)
		return CMA_CAUSE_UNKNOWN;
	return memory_had_room(j->failure) > 0 ? CMA_CAUSE_UNKNOWN : CMA_CAUSE_LOW_MEMORY;
}

static enum cma_cause judge_space(struct judge *j)
{
	const struct cma_failure *f = j->failure;

	if (f->free_pages != CMA_UNKNOWN && f->free_pages < f->count)
		return CMA_CAUSE_FULL;
	if (j->space.places)
		return judge_place(j);
	if (was_retried(f))
		return CMA_CAUSE_BUSY;
	if (f->runs_known == CMA_RUNS_NONE || may_hide_place(j))
		return CMA_CAUSE_UNKNOWN;
	if (j->space.unaligned)
		return CMA_CAUSE_ALIGNMENT;
	return may_hide_run(j) ? CMA_CAUSE_UNKNOWN : CMA_CAUSE_FRAGMENTED;
}

static enum cma_cause find_cause(struct judge *j)
{
	const struct cma_failure *f = j->failure;

	if (j->says == SAYS_SIGNAL)
		return CMA_CAUSE_SIGNAL;
	if (f->count == CMA_UNKNOWN || !f->count)
		return CMA_CAUSE_UNKNOWN;
	if (f->area.pages != CMA_UNKNOWN && f->count > f->area.pages)
		return CMA_CAUSE_TOO_LARGE;
	if (verdict_pieces_too_small(f, &j->space) && j->says != SAYS_MEMORY)
		return CMA_CAUSE_TOO_LARGE;
	if (j->says == SAYS_OTHER)
		return CMA_CAUSE_UNKNOWN;
	if (j->says == SAYS_BUSY)
		return CMA_CAUSE_BUSY;
	if (j->says == SAYS_MEMORY)
		return memory_had_room(f) > 0 ? CMA_CAUSE_UNKNOWN : CMA_CAUSE_LOW_MEMORY;
	return judge_space(j);
}

/* The same list, were there more pages a bit. Its runs are as they were when this returns. */
static enum cma_cause cause_at(const struct cma_failure *failure, unsigned int more)
{
	struct cma_failure other = *failure;
	struct judge j = { .failure = &other, .says = error_says(failure) };

	other.area.order_per_bit += more;
	for (size_t i = 0; i < other.run_count; i++)
		other.runs[i].length >>= more;
	verdict_space_measure(&j.space, &other);
	for (size_t i = 0; i < other.run_count; i++)
		other.runs[i].length <<= more;
	return find_cause(&j);
}

static enum cma_cause judge_orders(struct judge *j)
{
	const struct cma_failure *f = j->failure;

	j->cause = find_cause(j);
	j->other = j->cause;
	if (f->count == CMA_UNKNOWN || !f->count)
		return j->cause;
	for (unsigned int order = f->area.order_per_bit + 1; order <= f->order_max; order++) {
		j->other = cause_at(f, order - f->area.order_per_bit);
		if (j->other != j->cause)
			return CMA_CAUSE_UNKNOWN;
	}
	return j->cause;
}

/*
 * A message, where a request that is larger than its area has none, or has another error: it asked
 * another area.
 */
static bool is_of_another_area(const struct cma_failure *f)
{
	return f->line && f->error && (cma_failure_is_old(f) || f->error == -ENOMEM) &&
		f->count != CMA_UNKNOWN && f->area.pages != CMA_UNKNOWN &&
		f->count > f->area.pages;
}

static void forget_area(struct cma_failure *f)
{
	f->list_unclear |= f->runs_known != CMA_RUNS_NONE || f->free_pages != CMA_UNKNOWN;
	f->area.pages = CMA_UNKNOWN;
	f->area.base_pfn = CMA_UNKNOWN;
	f->area.order_per_bit = 0;
	f->order_max = 0;
	f->ranges = 0;
	f->free_pages = CMA_UNKNOWN;
	f->runs_known = CMA_RUNS_NONE;
	f->run_count = 0;
}

int cma_judge(const struct cma_failure *failure, struct cma_verdict *verdict)
{
	struct cma_failure own = *failure;
	struct judge j = { .failure = &own, .text.verdict = verdict };

	memset(verdict, 0, sizeof(*verdict));
	j.says = error_says(failure);
	j.another_area = is_of_another_area(failure);
	if (j.another_area || own.list_rival)
		forget_area(&own);
	if (own.count != CMA_UNKNOWN && own.count)
		verdict_space_measure(&j.space, &own);
	verdict->cause = judge_orders(&j);
	verdict_say(&j, verdict->cause);
	verdict_remedies(&j.text, verdict->cause, &own, &j.space);
	if (!j.text.failed)
		return 0;
	cma_verdict_end(verdict);
	return -ENOMEM;
}
