/* SPDX-License-Identifier: MIT */
/* A failed allocation as far as it is known: from a kernel log, a trace, or a live kernel. */
#ifndef CMA_FAILURE_H
#define CMA_FAILURE_H

#include <stdbool.h>
#include <stdint.h>

#include "cma/bitmap.h"

#define CMA_UNKNOWN	UINT64_MAX	/* for numbers that nobody told */

/** enum cma_runs_known - how much of the list of free runs is known */
enum cma_runs_known {
	CMA_RUNS_NONE,		/* nothing */
	CMA_RUNS_PART,		/* the list is cut: some runs are missing */
	CMA_RUNS_ALL,		/* every free run */
};

/**
 * struct cma_failure - a failed allocation
 * @area: name, place and size; name "": unknown; pages and base_pfn CMA_UNKNOWN where unknown
 * @time: seconds since boot, below 0: unknown
 * @line: line of the log it was found at, 0: no log
 * @ranges: pieces the area has (6.15 and later list each alone), 0 or 1: it is one. The runs of all
 *	are in @runs, each counted from the first page of its piece; base_pfn is the first piece's
 * @base_offset: how many pages into an aligned block the area begins, as the kernel's search said
 *	it, CMA_UNKNOWN: not said. Serves where base_pfn is not known
 * @count: pages asked for, CMA_UNKNOWN: not known
 * @align: alignment as a power of two, below 0: unknown
 * @error: negative errno (-12, -16, -4...), 0: unknown
 * @pid: who asked, -1: unknown
 * @comm: its name, "": unknown
 * @kernel: release of the kernel, major * 1000 + minor (6.12: 6012), 0: unknown
 * @old_message: the message is of a form that ended before 6.12, where @kernel is not known
 * @search_failed: the kernel's search is known to have reached the area's end without a place
 * @runs_known: what @runs is worth
 * @list_unclear: there were lists, but which of several failures they are of is not known
 * @list_rival: another list followed at once, with no message before it; either may be this one's
 * @runs: free runs in bits of the area's bitmap
 * @run_count: how many
 * @order_max: the free runs agree with any order_per_bit of the area up to this; not above
 *	area.order_per_bit: that is certain
 * @free_pages: free pages as the kernel said, CMA_UNKNOWN: not said (or cut off)
 * @busy_retries: places that were tried and busy, CMA_UNKNOWN: nobody watched
 * @busy_pfn: a page that could not be moved, CMA_UNKNOWN: not known
 * @busy_end_pfn: above @busy_pfn + 1: some page from @busy_pfn up to here (exclusive) is meant
 * @page_size: bytes, 0: unknown, taken as 4096
 * @system_free_pages: free pages outside CMA then, CMA_UNKNOWN: not known
 * @system_min_pages: the zones' min watermark together, CMA_UNKNOWN: not known
 * @suppressed: messages that rate limiting dropped before this one
 */
struct cma_failure {
	struct cma_area area;
	unsigned int ranges;
	uint64_t base_offset;
	double time;
	uint64_t line;
	uint64_t count;
	int align;
	int error;
	int pid;
	char comm[16];
	unsigned int kernel;
	bool old_message;
	bool search_failed;
	enum cma_runs_known runs_known;
	bool list_unclear;
	bool list_rival;
	struct cma_run *runs;
	size_t run_count;
	unsigned int order_max;
	uint64_t free_pages;
	uint64_t busy_retries;
	uint64_t busy_pfn;
	uint64_t busy_end_pfn;
	unsigned int page_size;
	uint64_t system_free_pages;
	uint64_t system_min_pages;
	uint64_t suppressed;
};

/** cma_failure_init() - nothing is known */
void cma_failure_init(struct cma_failure *failure);

/** cma_failure_end() - free the runs */
void cma_failure_end(struct cma_failure *failure);

/**
 * cma_failure_is_old() - whether its kernel is surely older than 6.15, which changed the errors
 *
 * Such a kernel gives -EBUSY for busy pages alone, and no message for a request that is larger than
 * its area.
 */
bool cma_failure_is_old(const struct cma_failure *failure);

/**
 * cma_failure_add_run() - append a free run to @runs
 * Return: 0 or -ENOMEM.
 */
int cma_failure_add_run(struct cma_failure *failure, struct cma_run run);

/**
 * cma_failure_set_map() - take the free runs, their sum and the area out of a bitmap
 * @failure: its runs are replaced; all of them are known then
 * @map: the bits as they were
 * Return: 0 or -ENOMEM.
 */
int cma_failure_set_map(struct cma_failure *failure, const struct cma_bitmap *map);

#endif /* CMA_FAILURE_H */
