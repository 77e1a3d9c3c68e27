// SPDX-License-Identifier: MIT
/*
 * The pictures of the page: inline SVG without text, stretched to whatever width there is; colours
 * are classes of the page's style, so that they follow dark and light.
 */
#include <string.h>

#include "cmascope/report.h"

#define CELL_W		10
#define CELL_H		5
#define CHART_W		1000.0
#define CHART_H		200.0
#define MAP_ROW		64u	/* cells a row of the map of now */

static void open_svg(const char *class, double width, double height, const char *label, FILE *out)
{
	fprintf(out, "<svg class=\"%s\" viewBox=\"0 0 %g %g\" preserveAspectRatio=\"none\" ", class,
		width, height);
	fprintf(out, "role=\"img\" aria-label=\"%s\">\n", label);
}

/* A rectangle that @title, unless NULL, is shown for while it is pointed at. */
static void put_box(const char *class, double x, double y, double w, double h,
		    const char *title, FILE *out)
{
	fprintf(out, "<rect class=\"%s\" x=\"%.5g\" y=\"%.5g\" ", class, x, y);
	fprintf(out, "width=\"%.5g\" height=\"%.5g\"", w, h);
	if (title)
		fprintf(out, "><title>%s</title></rect>\n", title);
	else
		fputs("/>\n", out);
}

static void print_column(const char *cells, size_t x, FILE *out)
{
	size_t length = strlen(cells);
	char class[4];

	for (size_t row = 0; row < length;) {
		size_t end = row;

		while (end < length && cells[end] == cells[row])
			end++;
		snprintf(class, sizeof(class), "l%c", cells[row]);
		if (cells[row] != '0')
			put_box(class, (double)x * CELL_W, (double)row * CELL_H, CELL_W,
				(double)(end - row) * CELL_H, NULL, out);
		row = end;
	}
}

void report_svg_film(struct json_object *film, FILE *out)
{
	struct json_object *columns = report_get(film, "columns");
	struct json_object *failures = report_get(film, "failures");
	size_t count = report_length(columns), rows;

	if (!count)
		return;
	rows = strlen(json_object_get_string(json_object_array_get_idx(columns, 0)));
	open_svg("film", (double)(count * CELL_W), (double)(rows * CELL_H),
		 "which part of the area was taken when", out);
	for (size_t x = 0; x < count; x++)
		print_column(json_object_get_string(json_object_array_get_idx(columns, x)), x, out);
	for (size_t x = 0; x < count; x++) {
		double n = json_object_get_double(json_object_array_get_idx(failures, x));
		char title[64];

		snprintf(title, sizeof(title), "%.0f failed", n);
		if (n)
			put_box("failed", (double)x * CELL_W + 3, 0, 4, (double)rows * CELL_H,
				title, out);
	}
	fputs("</svg>", out);
}

void report_svg_lines(struct json_object *film, const char *const *names, FILE *out)
{
	open_svg("chart", CHART_W, CHART_H, "values from 0 to 1 over time", out);
	for (int i = 1; i < 4; i++)
		put_box("grid", 0, CHART_H * i / 4, CHART_W, 0, NULL, out);
	for (int line = 0; names[line]; line++) {
		struct json_object *values = report_get(film, names[line]);
		size_t count = report_length(values);

		fprintf(out, "<polyline class=\"line%d\" points=\"", line);
		for (size_t i = 0; i < count; i++) {
			double v = json_object_get_double(json_object_array_get_idx(values, i));

			fprintf(out, "%.4g,%.4g ", CHART_W * (double)i / (double)(count - 1),
				2 + (CHART_H - 4) * (1 - v));
		}
		fputs("\"/>", out);
	}
	fputs("</svg>", out);
}

void report_svg_histogram(struct json_object *histogram, FILE *out)
{
	size_t count = report_length(histogram);
	double most = 1, width = count ? CHART_W / (double)count : CHART_W;

	for (size_t i = 0; i < count; i++) {
		double n = report_number(json_object_array_get_idx(histogram, i), "count");

		most = n > most ? n : most;
	}
	open_svg("chart", CHART_W, CHART_H, "how many allocations took how long", out);
	for (size_t i = 0; i < count; i++) {
		struct json_object *bar = json_object_array_get_idx(histogram, i);
		double n = report_number(bar, "count"), height = CHART_H * n / most;
		char title[96];

		/* One in a million is still to be seen. */
		if (n && height < 3)
			height = 3;
		snprintf(title, sizeof(title), "%g from %g to %g µs", n,
			 report_number(bar, "from_us"), report_number(bar, "to_us"));
		if (n)
			put_box("bar", width * ((double)i + 0.06), CHART_H - height, width * 0.88,
				height, title, out);
	}
	fputs("</svg>", out);
}

/* Of a letter of "cells"; free ones are not drawn. */
static const char *kind_class(char kind)
{
	static const struct {
		char kind;
		const char *class;
	} classes[] = { { 'A', "kA" }, { 'B', "kB" }, { 'P', "kP" }, { '?', "kU" } };

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (classes[i].kind == kind)
			return classes[i].class;
	return NULL;
}

void report_svg_now(const char *cells, FILE *out)
{
	size_t count = strlen(cells), rows = (count + MAP_ROW - 1) / MAP_ROW;

	open_svg("map", MAP_ROW * CELL_W, (double)(rows * CELL_W), "what pages are used for", out);
	for (size_t i = 0; i < count;) {
		size_t end = i + 1;

		while (end < count && cells[end] == cells[i] && end % MAP_ROW)
			end++;
		if (kind_class(cells[i]))
			put_box(kind_class(cells[i]), (double)(i % MAP_ROW) * CELL_W,
				(double)(i / MAP_ROW) * CELL_W, (double)(end - i) * CELL_W,
				CELL_W - 1, NULL, out);
		i = end;
	}
	fputs("</svg>", out);
}
