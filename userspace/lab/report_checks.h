/* SPDX-License-Identifier: MIT */
/* What has to hold for a run. */
#ifndef LAB_REPORT_CHECKS_H
#define LAB_REPORT_CHECKS_H

#include <json-c/json.h>

#include "lab/report_run.h"

/**
 * report_checks() - judge a run
 * @run: the run
 * @o: what report_json_run() has of it so far
 * Return: an array of "name", "result" ("pass", "fail" or "skip") and "message".
 */
struct json_object *report_checks(const struct report_run *run, struct json_object *o);

#endif /* LAB_REPORT_CHECKS_H */
