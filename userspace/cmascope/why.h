/* SPDX-License-Identifier: MIT */
/* The parts of `cmascope why`: where failures come from, and how they are told. */
#ifndef CMASCOPE_WHY_H
#define CMASCOPE_WHY_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

#include "cma/failure.h"
#include "cma/snapshot.h"
#include "cma/verdict.h"

/**
 * struct why_options - the command line
 * @source: file, "-", "live", NULL: the kernel's ring buffer
 * @area: only failures of this area, NULL: of all
 * @align: as a power of two, where the source does not say, below 0: what DMA asks for
 * @base_pfn: first page frame of the area, CMA_UNKNOWN: what the source says
 * @kernel: struct cma_failure's, where the source does not say; 0: not known
 * @page_size: bytes of a page, where the source does not say; 0: not known
 * @json: file for JSON, "-": standard output, NULL: none
 * @all: tell each failure, also those like one before
 * @follow: go on with failures to come
 */
struct why_options {
	const char *source;
	const char *area;
	int align;
	uint64_t base_pfn;
	unsigned int kernel;
	unsigned int page_size;
	const char *json;
	bool all;
	bool follow;
};

#define WHY_GROUPS	256	/* kinds of failures that are told apart */
#define WHY_NOTE	160
#define WHY_ERROR	320

/**
 * struct why_group - failures that are alike
 * @area: name, "": not known
 * @count: pages asked for, CMA_UNKNOWN: not known
 * @error: struct cma_failure's
 * @cause: of each
 * @number: of the first, counted from 1
 * @again: how many came after it
 * @json: of the first, NULL: not wanted
 */
struct why_group {
	char area[CMA_NAME_SIZE];
	uint64_t count;
	int error;
	enum cma_cause cause;
	uint64_t number;
	uint64_t again;
	struct json_object *json;
};

/**
 * struct why_report - what has been told
 * @options: the command line
 * @live: the machine now, NULL: the failures are of another, or of another time
 * @look: looks at it, a status; with @live
 * @out: where people read
 * @groups: failures told so far, each with how often it came again
 * @group_count: how many
 * @other_kinds: failures of kinds beyond WHY_GROUPS, which only --all tells
 * @failures: how many there were
 * @causes: how many of each
 * @list: JSON of the failures told, NULL: not wanted
 * @here: the log is this kernel's, so that its counters belong to it
 * @unseen: areas with failures that are not in the log
 * @unseen_list: JSON of these, NULL: not wanted
 * @lines: of the log that was read
 * @lost: events that a trace does not have
 * @note: what is not known of the failure that is told next, "": nothing of this kind
 * @error: why the source could not be read to its end, "": it was
 * @failed: out of memory
 */
struct why_report {
	const struct why_options *options;
	struct cma_snapshot *live;
	int (*look)(struct cma_snapshot *live);
	FILE *out;
	struct why_group groups[WHY_GROUPS];
	size_t group_count;
	uint64_t other_kinds;
	uint64_t failures;
	uint64_t causes[CMA_CAUSES];
	struct json_object *list;
	bool here;
	unsigned int unseen;
	struct json_object *unseen_list;
	uint64_t lines;
	uint64_t lost;
	char note[WHY_NOTE];
	char error[WHY_ERROR];
	bool failed;
};

/** why_tell() - judge a failure and tell it (a cma_log_found, @data is the report) */
void why_tell(void *data, const struct cma_failure *failure);

/** why_error() - tell, and keep for the JSON, why the source cannot be read */
void why_error(struct why_report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** why_end() - tell how often each came, write the JSON, free. Return: an exit status */
int why_end(struct why_report *report);

/** why_json() - a failure and its verdict as JSON */
struct json_object *why_json(const struct cma_failure *failure, const struct cma_verdict *verdict);

/** why_read_trace() - tell the failures in a trace. Return: an exit status */
int why_read_trace(struct why_report *report, const char *path);

/** why_read_log() - tell the failures in a log, "-": of standard input. Return: an exit status */
int why_read_log(struct why_report *report, const char *path);

/** why_read_kernel() - tell the failures in the kernel's ring buffer. Return: an exit status */
int why_read_kernel(struct why_report *report);

/** why_is_trace() - whether a file begins as traces do */
bool why_is_trace(const char *path);

/** why_live_place() - put place and size of its area into a failure of this machine */
void why_live_place(struct cma_snapshot *live, struct cma_failure *failure);

/** why_live_tell() - tell what the area looks like now, and who is in the way, or is pinned */
void why_live_tell(struct cma_snapshot *live, const struct cma_failure *failure,
		   enum cma_cause cause, FILE *out);

/**
 * why_tell_unseen() - tell how much of what this kernel counted as failed the log does not have
 * @report: whose groups were told
 * @root: as in machine_open()
 * Return: whether there are such counters (CONFIG_CMA_SYSFS).
 */
bool why_tell_unseen(struct why_report *report, const char *root);

#endif /* CMASCOPE_WHY_H */
