/* SPDX-License-Identifier: MIT */
/*
 * What a stream of events comes to: for each area and each thread how many allocations there were,
 * how long they took, and what failed.
 */
#ifndef CMA_ACCOUNT_H
#define CMA_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "cma/latency.h"
#include "cma/trace.h"

#define CMA_ACCOUNT_THREADS	4096	/* more are counted for their areas only */
#define CMA_ACCOUNT_FAILURES	10000	/* more are only counted */

/**
 * struct cma_sums - counts
 * @allocations: that succeeded
 * @failures: that did not, requests larger than their area included
 * @releases: of memory
 * @pages: allocated
 * @pages_released: released
 * @retries: busy places that were tried
 * @migrated: pages that were moved away
 * @latency: ns from start to finish, of failures too
 */
struct cma_sums {
	uint64_t allocations;
	uint64_t failures;
	uint64_t releases;
	uint64_t pages;
	uint64_t pages_released;
	uint64_t retries;
	uint64_t migrated;
	struct cma_latency latency;
};

/**
 * struct cma_thread_sums - those of a thread
 * @pid: the thread
 * @comm: its latest name
 * @sums: its counts
 * @open: inside an allocation; the members below tell of that
 * @started: when it began, ns
 * @area: its area
 * @retries: busy places so far
 * @busy_pfn: the page that was in the way last, CMA_NOWHERE: none is known
 */
struct cma_thread_sums {
	int32_t pid;
	char comm[16];
	struct cma_sums sums;
	bool open;
	uint64_t started;
	int32_t area;
	uint64_t retries;
	uint64_t busy_pfn;
};

/**
 * struct cma_failed - a failed allocation
 * @event: its finish event; for a request larger than its area the start event, with -EINVAL
 * @started: when it began, ns
 * @retries: busy places
 * @busy_pfn: as above
 */
struct cma_failed {
	struct cma_event event;
	uint64_t started;
	uint64_t retries;
	uint64_t busy_pfn;
};

/**
 * struct cma_account - all of it
 * @events: how many there were
 * @first_ns: time of the first one
 * @last_ns: time of the last one
 * @total: everything
 * @areas: by area, as the trace numbers them
 * @threads: by thread, in the order of appearance
 * @thread_count: how many
 * @failed: failures in the order of time
 * @failed_count: how many
 */
struct cma_account {
	uint64_t events;
	uint64_t first_ns;
	uint64_t last_ns;
	struct cma_sums total;
	struct cma_sums areas[CMA_TRACE_MAX_AREAS];
	struct cma_thread_sums **threads;
	size_t thread_count;
	struct cma_failed *failed;
	size_t failed_count;
	size_t failed_room;
};

/** cma_account_create() - an empty account. Return: NULL: no memory */
struct cma_account *cma_account_create(void);

/** cma_account_destroy() - free; NULL is fine */
void cma_account_destroy(struct cma_account *account);

/**
 * cma_account_add() - count an event
 * @account: the account
 * @info: the areas, for their sizes
 * @event: in the order of time
 * Return: the failure that this event told of, NULL: none.
 */
const struct cma_failed *cma_account_add(struct cma_account *account,
					 const struct cma_trace_info *info,
					 const struct cma_event *event);

#endif /* CMA_ACCOUNT_H */
