/* SPDX-License-Identifier: MIT */
/*
 * Runs as JSON. All else that is written (page, table, results) is made from these objects alone,
 * so that report.json has what the page has.
 */
#ifndef LAB_REPORT_JSON_H
#define LAB_REPORT_JSON_H

#include <json-c/json.h>

#include "lab/report_read.h"

/**
 * report_json_run() - a run: its figures, "checks", and "over_time": arrays with a value for each
 *	column of uptime, null where nothing is known
 */
struct json_object *report_json_run(const struct report_run *run);

/** report_json() - one run as above; of several "runs", and what report_over_runs() adds */
struct json_object *report_json(const struct report_runs *runs);

/**
 * report_json_judged() - all that has "checks"
 * @report: from report_json()
 * Return: an array of each run, and the report itself if there are several; the caller puts it.
 */
struct json_object *report_json_judged(struct json_object *report);

#endif /* LAB_REPORT_JSON_H */
