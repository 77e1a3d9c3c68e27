/* SPDX-License-Identifier: MIT */
/* What several runs tell together. */
#ifndef LAB_REPORT_OVER_RUNS_H
#define LAB_REPORT_OVER_RUNS_H

#include <json-c/json.h>

/**
 * report_over_runs() - add up and judge runs
 * @report: has "runs"; gets "totals" of them, "by_profile", of each profile and contender
 *	"allocations", "failures" and "success" (a share), and "checks", as a run has them
 */
void report_over_runs(struct json_object *report);

#endif /* LAB_REPORT_OVER_RUNS_H */
