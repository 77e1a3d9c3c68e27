/* SPDX-License-Identifier: MIT */
/* What a kernel log says of a request before it says that it failed. */
#ifndef CMA_LOG_REQUEST_H
#define CMA_LOG_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "cma/failure.h"
#include "cma/log_line.h"

#define LOG_BUSY_RANGES	256	/* of "PFNs busy", remembered */

/**
 * struct log_request - a request that has not failed yet
 * @name: area, "": not said
 * @count: pages, CMA_UNKNOWN: nothing was said
 * @align: as a power of two, below 0: not said
 * @time: of the last line that told of busy pages, struct log_line's
 * @pid: and who printed it
 * @retries: "is busy, retrying"
 * @bits: size of the bitmap, CMA_UNKNOWN: not said
 * @offset: struct cma_failure's base_offset
 * @search_failed: struct cma_failure's
 * @busy: ranges said to be busy, [first, end)
 * @busy_count: how many, of which the last LOG_BUSY_RANGES are kept
 */
struct log_request {
	char name[CMA_NAME_SIZE];
	uint64_t count;
	int align;
	double time;
	int pid;
	uint64_t retries;
	uint64_t bits;
	uint64_t offset;
	bool search_failed;
	uint64_t busy[LOG_BUSY_RANGES][2];
	size_t busy_count;
};

/** log_request_forget() - nothing was said */
void log_request_forget(struct log_request *request);

/** log_request_read() - "cma_alloc(cma ffff0000091a4168, name: x, count 456, align 8)" */
void log_request_read(struct log_request *request, const struct log_line *line);

/** log_request_search() - "bitmap_find_next_zero_area_off: size=286720, nr=456, ... end=287176" */
void log_request_search(struct log_request *request, const struct log_line *line);

/**
 * log_request_busy() - "alloc_contig_range: [8fa00, 8ff00) PFNs busy", or, of old kernels,
 * "alloc_contig_range test_pages_isolated(8fa00, 8ff00) failed"
 */
void log_request_busy(struct log_request *request, const struct log_line *line);

/** log_request_retry() - "memory range at pfn 0x40000 is busy, retrying" */
void log_request_retry(struct log_request *request, const struct log_line *line);

/**
 * log_request_add_busy() - count the busy ranges that are of a failure's size
 * @request: what was said
 * @failure: of its thread and its time; otherwise nothing is counted
 */
void log_request_add_busy(const struct log_request *request, struct cma_failure *failure);

/** log_request_add() - put what was said into a failure whose size is known, and forget it */
void log_request_add(struct log_request *request, struct cma_failure *failure);

#endif /* CMA_LOG_REQUEST_H */
