/* SPDX-License-Identifier: MIT */
/* What happened to a CMA area, one thing at a time: mm/'s trace events, of any kernel version. */
#ifndef CMA_EVENT_H
#define CMA_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "cma/bitmap.h"

/** enum cma_event_type - which trace event */
enum cma_event_type {
	CMA_EVENT_START,	/* cma_alloc_start: area, count, align */
	CMA_EVENT_FINISH,	/* cma_alloc_finish: area, pfn, count, align, error */
	CMA_EVENT_RELEASE,	/* cma_release: area, pfn, count */
	CMA_EVENT_BUSY_RETRY,	/* cma_alloc_busy_retry: area, pfn, count, align */
	CMA_EVENT_ISOLATED,	/* test_pages_isolated: pfn, end_pfn, fin_pfn */
	CMA_EVENT_MIGRATE,	/* mm_alloc_contig_migrate_range_info: pfn, end_pfn, migrated... */
};

/**
 * struct cma_event - one event
 * @ns: time since the trace's clock began, in ns
 * @type: what happened
 * @pid: the thread that did it, 0 where unknown
 * @comm: its name, "" where unknown
 * @area: index into the trace's areas, -1 where the event names none
 * @pfn: first page frame, CMA_NOWHERE where there is none (a failure)
 * @count: pages
 * @align: alignment as a power of two, in pages
 * @error: 0 or a negative errno; kernels before 6.5 do not say it: 0 also of a failure
 * @end_pfn: end of a range, exclusive
 * @fin_pfn: ISOLATED: the first page that was not isolated; equal to @end_pfn: all were
 * @migrated: MIGRATE: pages that moved
 * @reclaimed: MIGRATE: clean pages dropped instead
 */
struct cma_event {
	uint64_t ns;
	enum cma_event_type type;
	int32_t pid;
	char comm[16];
	int32_t area;
	uint64_t pfn;
	uint64_t count;
	uint32_t align;
	int32_t error;
	uint64_t end_pfn;
	uint64_t fin_pfn;
	uint64_t migrated;
	uint64_t reclaimed;
};

/** cma_event_failed() - whether an allocation ended without pages */
static inline bool cma_event_failed(const struct cma_event *event)
{
	return event->type == CMA_EVENT_FINISH && (event->error || event->pfn == CMA_NOWHERE);
}

#endif /* CMA_EVENT_H */
