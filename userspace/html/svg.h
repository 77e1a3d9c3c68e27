/* SPDX-License-Identifier: MIT */
/*
 * The pictures of a report: inline SVG without text, stretched to whatever width there is; colours
 * are classes of the page's style, so that they follow dark and light.
 */
#ifndef HTML_SVG_H
#define HTML_SVG_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

#define SVG_W	1000.0	/* of a chart */
#define SVG_H	200.0

/** svg_open() - begin a picture: its class, its size in its own units, what a blind reader hears */
void svg_open(const char *class, double width, double height, const char *label, FILE *out);

/** svg_close() - end it */
void svg_close(FILE *out);

/** svg_box() - a rectangle; @title, unless NULL, is shown for while it is pointed at */
void svg_box(const char *class, double x, double y, double w, double h, const char *title,
	     FILE *out);

/** svg_kind() - the class for a letter of a map: A, B, P, ?; NULL: free, not drawn */
const char *svg_kind(char letter);

/** svg_level() - the class for a level from '1' to '8'; NULL: 0, not drawn */
const char *svg_level(char letter);

/**
 * svg_columns() - a film: strings beside each other, each a column of cells from the top
 * @columns: array of strings; one may be NULL or of another length
 * @class_of: class of a letter, NULL: not drawn
 * @w: width of a cell
 * @h: its height
 * @out: within svg_open() and svg_close()
 */
void svg_columns(struct json_object *columns, const char *(*class_of)(char letter), double w,
		 double h, FILE *out);

/** struct svg_scale - what is at the bottom and at the top; log: both above 0 */
struct svg_scale {
	double low;
	double high;
	bool log;
};

/** svg_height() - where a value is, from 0 (top) to 1 (bottom); beyond the scale: at its end */
double svg_height(const struct svg_scale *scale, double value);

/** svg_grid() - a horizontal line across a chart */
void svg_grid(const struct svg_scale *scale, double value, FILE *out);

/**
 * svg_line() - values as a line across a chart of SVG_W x SVG_H
 * @class: its colour
 * @values: array of numbers, evenly apart; where one is NULL, or no scale has it, the line breaks
 * @scale: the chart's
 * @out: within svg_open() and svg_close()
 */
void svg_line(const char *class, struct json_object *values, const struct svg_scale *scale,
	      FILE *out);

#endif /* HTML_SVG_H */
