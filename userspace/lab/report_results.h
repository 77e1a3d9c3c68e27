/* SPDX-License-Identifier: MIT */
/* A report for other programs and for a terminal; all from what report_json_judged() makes. */
#ifndef LAB_REPORT_RESULTS_H
#define LAB_REPORT_RESULTS_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

/** report_ktap() - each check a case */
void report_ktap(struct json_object *judged, FILE *out);

/** report_junit() - the same as XML. Return: 0 or a negative errno */
int report_junit(struct json_object *judged, FILE *out);

/** report_table() - a line for each run and each contender */
void report_table(struct json_object *judged, FILE *out);

/** report_passed() - whether no check failed */
bool report_passed(struct json_object *judged);

/** report_run_title() - "mixed, seed 1, CMA 128 MiB", "all 12 runs"; @text is cut to @size bytes */
void report_run_title(struct json_object *run, char *text, size_t size);

#endif /* LAB_REPORT_RESULTS_H */
