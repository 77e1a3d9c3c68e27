/* SPDX-License-Identifier: MIT */
/* Charts over uptime: lines and what is beside their axes. */
#ifndef LAB_REPORT_PLOT_H
#define LAB_REPORT_PLOT_H

#include <json-c/json.h>
#include <stdio.h>

#include "html/svg.h"

/** enum plot_unit - how numbers on an axis are written */
enum plot_unit {
	PLOT_NS,	/* "10 ms" */
	PLOT_KB,	/* "128 MiB", of kB */
	PLOT_SHARE,	/* "0.5" */
};

/** struct plot_line - an array of values, its class ("line0"), what it is; values NULL: the end */
struct plot_line {
	struct json_object *values;
	const char *class;
	const char *label;
};

/** plot_most() - the largest value of an array, 0 if there is none */
double plot_most(struct json_object *values);

/** plot_least() - the smallest value above 0, 0 if there is none */
double plot_least(struct json_object *values);

/** plot_decades() - a logarithmic scale of whole decades with both values in it */
struct svg_scale plot_decades(double least, double most);

/** plot_from_zero() - a linear scale whose quarters are round numbers of the unit */
struct svg_scale plot_from_zero(double most, enum plot_unit unit);

/** plot_lines() - a chart with numbers at its left edge, and below it what the colours mean */
void plot_lines(const char *label, const struct plot_line *lines, const struct svg_scale *scale,
		enum plot_unit unit, FILE *out);

/** plot_uptime() - the axis below charts of a run */
void plot_uptime(struct json_object *run, FILE *out);

/** plot_duration() - "14 h", "30 days"; @text has 32 bytes. Return: @text */
const char *plot_duration(double seconds, char *text);

#endif /* LAB_REPORT_PLOT_H */
