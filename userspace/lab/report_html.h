/* SPDX-License-Identifier: MIT */
/* The page of a lab's report. */
#ifndef LAB_REPORT_HTML_H
#define LAB_REPORT_HTML_H

#include <json-c/json.h>
#include <stdio.h>

/** report_html() - write the page of what report_json() made. Return: 0 or a negative errno */
int report_html(struct json_object *report, FILE *out);

/** report_html_profiles() - section: success of each contender by profile, over several runs */
void report_html_profiles(struct json_object *by_profile, FILE *out);

/** report_html_contenders() - section: success and latency of each, as a table and over uptime */
void report_html_contenders(struct json_object *run, FILE *out);

/** report_html_memory() - sections: the area as a film, free memory, its fragmentation, latency */
void report_html_memory(struct json_object *run, FILE *out);

/** report_html_failures() - sections: failed allocations and complaints, with their verdicts */
void report_html_failures(struct json_object *run, FILE *out);

#endif /* LAB_REPORT_HTML_H */
