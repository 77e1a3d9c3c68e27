/* SPDX-License-Identifier: MIT */
/* The columns of a run as JSON: arrays of one value a column. */
#ifndef LAB_REPORT_SERIES_H
#define LAB_REPORT_SERIES_H

#include <json-c/json.h>

#include "lab/report_run.h"

/**
 * report_series() - memory and wake-ups
 * Return: "bursts_per_column", "seconds_per_column" (0: not known), gauges (means), "wakeup" (by
 *	what went on: the mean median, worst 99th percentile and longest), "kswapd_ns" (of the
 *	column), "unusable" and "free" (by order), "types" (free blocks by order), and "map".
 */
struct json_object *report_series(const struct report_run *run);

/** report_series_contender() - "success", "p50_ns", "p99_ns", "max_ns" */
struct json_object *report_series_contender(const struct report_run *run,
					    const struct report_contender *contender);

/** report_series_profile() - operations */
struct json_object *report_series_profile(const struct report_run *run,
					  const struct report_profile *profile);

#endif /* LAB_REPORT_SERIES_H */
