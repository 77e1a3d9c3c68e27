/* SPDX-License-Identifier: MIT */
/*
 * Why an allocation of this program failed: the CMA area's bitmap is read right after it, and where
 * there is tracing, CMA's own events say what it asked for, what error it got, and which pages were
 * in the way. What others did to the area meanwhile makes the bitmap less than certain.
 */
#ifndef LAB_EXPLAIN_H
#define LAB_EXPLAIN_H

#include <json-c/json.h>
#include <stdbool.h>

#include "cma/event.h"
#include "cma/failure.h"
#include "cma/snapshot.h"
#include "cma/verdict.h"

#define EXPLAIN_GOT_MAX	16	/* allocations of others that are undone */

/**
 * struct explain_trace - what the events of one allocation say
 * @tid: the thread that allocates
 * @since_ns: CLOCK_MONOTONIC; events before it are of others
 * @listened: there were events to be had; otherwise all below is empty
 * @seen: CMA was asked
 * @finished: and answered
 * @request: the question, with the answer's error
 * @retries: places that were tried and busy
 * @busy_pfn: as in struct cma_failure
 * @busy_end_pfn: as in struct cma_failure
 * @others: what other threads did to the same area since: requests, allocations, releases
 * @got: their allocations, the first EXPLAIN_GOT_MAX
 * @got_count: how many there were
 */
struct explain_trace {
	int32_t tid;
	uint64_t since_ns;
	bool listened;
	bool seen;
	bool finished;
	struct cma_event request;
	uint64_t retries;
	uint64_t busy_pfn;
	uint64_t busy_end_pfn;
	uint64_t others;
	struct cma_event got[EXPLAIN_GOT_MAX];
	size_t got_count;
};

/**
 * struct explain_failed - what failed
 * @trace: its events
 * @area: name of the area that was asked, "": not known
 * @snapshot: the areas right after it
 * @pages: that were needed
 * @kernel: as in struct cma_failure
 */
struct explain_failed {
	const struct explain_trace *trace;
	const char *area;
	struct cma_snapshot *snapshot;
	uint64_t pages;
	unsigned int kernel;
};

/** explain_trace_begin() - nothing is known of an allocation that begins now */
void explain_trace_begin(struct explain_trace *trace, int32_t tid, uint64_t ns);

/** explain_trace_add() - take an event, in the order of time */
void explain_trace_add(struct explain_trace *trace, const struct cma_event *event);

/**
 * explain_judge() - find the cause and add it to a record of the journal
 * @failed: what failed
 * @record: align, error, retries, free_pages, max_run, max_aligned_run, cause, summary, evidence
 *	and missing are added
 * @cause: out
 * Return: 0 or -ENOMEM.
 */
int explain_judge(const struct explain_failed *failed, struct json_object *record,
		  enum cma_cause *cause);

struct explainer;

/**
 * explain_open() - get ready
 * @listen: listen to CMA's events if there is tracing
 * Return: NULL: out of memory. Where tracing is missing a message says what that costs.
 */
struct explainer *explain_open(bool listen);

/** explain_close() - close; NULL is fine */
void explain_close(struct explainer *explainer);

/** explain_listen() - the allocation begins: events are recorded from now on */
void explain_listen(struct explainer *explainer);

/** explain_ignore() - it succeeded */
void explain_ignore(struct explainer *explainer);

/**
 * explain_failure() - it failed: why?
 * @explainer: has listened
 * @pages: that were needed
 * @record: as in explain_judge()
 * @cause: out
 * Return: 0 or a negative errno.
 */
int explain_failure(struct explainer *explainer, uint64_t pages, struct json_object *record,
		    enum cma_cause *cause);

#endif /* LAB_EXPLAIN_H */
