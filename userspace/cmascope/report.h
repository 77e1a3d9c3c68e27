/* SPDX-License-Identifier: MIT */
/*
 * The parts of `cmascope report`. All that is known becomes one JSON object; the page is drawn from
 * that object alone, so that --json has what the page has.
 */
#ifndef CMASCOPE_REPORT_H
#define CMASCOPE_REPORT_H

#include <json-c/json.h>
#include <stdio.h>

#include "cma/account.h"
#include "html/json_get.h"

#define REPORT_COLUMNS	120	/* of a film: moments */
#define REPORT_ROWS	64	/* of a film: places, the beginning of the area first */
#define REPORT_LEVELS	8	/* from all free, '0', to all taken, '8' */
#define REPORT_CELLS	512	/* of the map of now */

/**
 * report_films() - replay the bitmaps of a trace
 * @path: the trace
 * @account: of the same trace; its first and last times are the film's
 * @missing: sentences on what cannot be shown are added
 * Return: an array with a film for each area whose beginning is known; NULL: unreadable.
 */
struct json_object *report_films(const char *path, const struct cma_account *account,
				 struct json_object *missing);

/** report_histogram() - an array of "from_us", "to_us" and "count", from min to max */
struct json_object *report_histogram(const struct cma_latency *latency);

/**
 * report_now() - the areas as they are
 * @root: "" for this machine, or a directory with a copy of /proc and /sys
 * @missing: sentences on what is not known are added
 * Return: an object with "areas" and "memory"; NULL: nothing is known.
 */
struct json_object *report_now(const char *root, struct json_object *missing);

/** report_pagetypes() - /proc/pagetypeinfo: an array of "zone", "type" and "free" by order */
struct json_object *report_pagetypes(const char *root, struct json_object *missing);

/**
 * report_verdicts() - why allocations failed
 * @trace: a trace, NULL: none
 * @log: a kernel log, NULL: none. With neither, the log of the running kernel
 * @page_size: of the log's machine, in bytes, 0: not known
 * Return: an object with "failures", "causes" and "verdicts"; NULL: unreadable.
 */
struct json_object *report_verdicts(const char *trace, const char *log,
				    unsigned int page_size);

/** report_html() - draw the page. Return: 0 or a negative errno */
int report_html(struct json_object *report, FILE *out);

/** report_svg_film() - areas over time; the time in which it was taken runs to the right */
void report_svg_film(struct json_object *film, FILE *out);

/** report_svg_lines() - members of @film over time, up to NULL; values from 0 to 1 */
void report_svg_lines(struct json_object *film, const char *const *names, FILE *out);

/** report_svg_histogram() - as bars */
void report_svg_histogram(struct json_object *histogram, FILE *out);

/** report_svg_now() - the map of now, a row after another */
void report_svg_now(const char *cells, FILE *out);

#endif /* CMASCOPE_REPORT_H */
