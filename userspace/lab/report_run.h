/* SPDX-License-Identifier: MIT */
/*
 * A run as its journal told it, in memory that does not depend on its length: sums, and columns of
 * uptime, each of so many bursts that REPORT_COLUMNS are enough.
 */
#ifndef LAB_REPORT_RUN_H
#define LAB_REPORT_RUN_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "cma/latency.h"

#define REPORT_COLUMNS		120u	/* even */
#define REPORT_ROWS		64u	/* of a film's column */
#define REPORT_ORDERS		12u	/* of free blocks */
#define REPORT_TYPES		8u	/* migratetypes */
#define REPORT_CONTENDERS	16u
#define REPORT_PROFILES		32u
#define REPORT_GROUPS		64u	/* kinds of failures, and of complaints */
#define REPORT_NAME		32u	/* bytes of a name with its end */

/** enum report_count - what is summed up over all bursts */
enum report_count {
	REPORT_FRAMES,
	REPORT_TORN,
	REPORT_REPEATED,
	REPORT_LOST,
	REPORT_MISSED,
	REPORT_SKIPPED,
	REPORT_ALLOCATED,
	REPORT_FAILED,
	REPORT_EXPORTED,
	REPORT_IMPORTED,
	REPORT_SCANNED,
	REPORT_CHECKED,
	REPORT_WRONG,
	REPORT_MISMATCHES,
	REPORT_MODESETS,
	REPORT_UNPLUGS,
	REPORT_KILLS,
	REPORT_COUNTS
};

/** enum report_gauge - what has a value in each burst */
enum report_gauge {
	REPORT_CMA_FREE,
	REPORT_MEM_FREE,
	REPORT_SLAB,
	REPORT_GAUGES
};

/** enum report_during - what the probe did while a real-time thread was to wake up */
enum report_during {
	REPORT_DURING_CMA,	/* allocated from CMA */
	REPORT_DURING_OTHER,	/* allocated elsewhere, or gave back */
	REPORT_DURING_NOTHING,
	REPORT_DURINGS
};

/** enum report_pressure - events that /proc/vmstat counts since boot */
enum report_pressure {
	REPORT_STALLS,		/* of allocations, for reclaim */
	REPORT_COMPACT_STALLS,
	REPORT_COMPACT_FAILS,
	REPORT_OOM_KILLS,
	REPORT_CMA_FAILS,
	REPORT_PRESSURES
};

#define REPORT_PERCENTILES	3	/* of lateness: median, 99th, longest */

/** struct report_sum - values of a gauge */
struct report_sum {
	double sum;
	double max;
	uint64_t count;
};

/**
 * struct report_column - the bursts of a column
 * @seen: any record was of them
 * @gauges: values
 * @wakes: lateness of wake-ups
 * @memories: how often memory was looked at: what the three sums below are of
 * @free: free blocks by order
 * @types: the same for each of report_run.types
 * @unusable: index, in thousandths
 * @kswapd_ns: its CPU time since boot at the last look, 0: none
 * @map: of the last look, "": none
 */
struct report_column {
	bool seen;
	struct report_sum gauges[REPORT_GAUGES];
	struct report_sum wakes[REPORT_DURINGS][REPORT_PERCENTILES];
	uint64_t memories;
	double free[REPORT_ORDERS];
	double types[REPORT_TYPES][REPORT_ORDERS];
	double unusable[REPORT_ORDERS];
	uint64_t kswapd_ns;
	char map[REPORT_ROWS + 1];
};

/**
 * struct report_attempts - allocations of a contender
 * @count: how many
 * @failures: how many of them failed
 * @latency: of the others; NULL: there was none
 */
struct report_attempts {
	uint64_t count;
	uint64_t failures;
	struct cma_latency *latency;
};

/** struct report_contender - who allocates */
struct report_contender {
	char name[REPORT_NAME];
	struct report_attempts total;
	struct report_attempts columns[REPORT_COLUMNS];
};

/**
 * struct report_profile - what vdc-age did
 * @name: the profile's
 * @bursts: in which it acted
 * @operations: what it did
 * @failures: what the kernel refused
 * @killed: how often its worker was killed, or ended
 * @held_kb: the most at the end of a burst
 * @skipped: why it could not run, "": it could
 * @columns: operations
 */
struct report_profile {
	char name[REPORT_NAME];
	uint64_t killed;
	char skipped[96];
	uint64_t bursts;
	uint64_t operations;
	uint64_t failures;
	uint64_t held_kb;
	double columns[REPORT_COLUMNS];
};

/** struct report_group - failures that are alike; @first has what was said of the first */
struct report_group {
	struct json_object *first;
	uint64_t count;
	uint64_t last_ns;
};

/**
 * struct report_wakeup - how late a real-time thread was
 * @medians: of the bursts
 * @count: wake-ups
 * @p99_ns: the worst burst's
 * @max_ns: longest
 */
struct report_wakeup {
	struct cma_latency medians;
	uint64_t count;
	uint64_t p99_ns;
	uint64_t max_ns;
};

/**
 * struct report_run - a run
 * @file: where from
 * @records: how many were read
 * @unknown: records of other kinds
 * @absurd: records with numbers that cannot be
 * @garbage: lines that are none
 * @cut: the last line had no end
 * @last_ns: uptime of the last record
 * @start: record, NULL: none
 * @end: record, NULL: none
 * @balance: records of start and end, each NULL: none
 * @ended: status by program
 * @wraps: how often each counter did
 * @filled_kb: taken before the first burst
 * @width: bursts a column
 * @columns_used: columns up to the last burst
 * @burst: the last that was named
 * @counts: sums
 * @counted: number of records of frames, of buffers and of events
 * @shown: bursts with frames
 * @shown_last: the last of them, and 1
 * @first_burst: in which a count first was above 0
 * @orders: how many orders there were at most
 * @unusable: of the last look, @extfrag as well; NULL: none
 * @looked: at memory
 * @kswapd_ns: CPU time of the first look and of the last
 * @pressure: counters of the first look and of the last
 * @wakeups: by what went on
 * @dropped: records beyond the limits above
 */
struct report_run {
	char *file;
	uint64_t records;
	uint64_t unknown;
	uint64_t absurd;
	uint64_t garbage;
	bool cut;
	uint64_t last_ns;
	struct json_object *start;
	struct json_object *end;
	struct json_object *balance[2];
	struct json_object *ended;
	struct json_object *wraps;
	uint64_t filled_kb;
	uint64_t width;
	unsigned int columns_used;
	uint64_t burst;
	uint64_t counts[REPORT_COUNTS];
	uint64_t counted[3];
	uint64_t shown;
	uint64_t shown_last;
	uint64_t first_burst[REPORT_COUNTS];
	unsigned int orders;
	struct json_object *unusable;
	struct json_object *extfrag;
	bool looked;
	uint64_t kswapd_ns[2];
	uint64_t pressure[REPORT_PRESSURES][2];
	struct report_wakeup wakeups[REPORT_DURINGS];
	uint64_t dropped;
	char types[REPORT_TYPES][REPORT_NAME];
	unsigned int type_count;
	struct report_contender *contenders[REPORT_CONTENDERS];
	unsigned int contender_count;
	struct report_profile *profiles[REPORT_PROFILES];
	unsigned int profile_count;
	struct report_group failures[REPORT_GROUPS];
	unsigned int failure_count;
	struct json_object *complaints;
	struct json_object *causes;
	struct report_column columns[REPORT_COLUMNS];
	bool no_memory;
};

/** report_run_create() - a run of which nothing is known. Return: NULL: no memory */
struct report_run *report_run_create(const char *file);

/** report_run_destroy() - NULL is fine */
void report_run_destroy(struct report_run *run);

/** report_run_add() - a record, whatever is in it */
void report_run_add(struct report_run *run, struct json_object *record);

/** report_run_count_name() - the member of report.json for a count */
const char *report_run_count_name(enum report_count count);

/** report_run_count_kind() - its record: 0 frames, 1 buffers, 2 events */
unsigned int report_run_count_kind(enum report_count count);

/** report_run_during_name() - as the journal has it */
const char *report_run_during_name(enum report_during during);

/** report_run_pressure_name() - as the journal has it */
const char *report_run_pressure_name(enum report_pressure pressure);

/** report_run_number() - a member that is a count; 0 if it is missing or below 0 */
uint64_t report_run_number(struct json_object *record, const char *name);

/** report_run_text() - a member that is a string, "" if it is not */
const char *report_run_text(struct json_object *record, const char *name);

#endif /* LAB_REPORT_RUN_H */
