// SPDX-License-Identifier: MIT
/* The pictures of the page. */
#include <string.h>

#include "cmascope/report.h"
#include "html/svg.h"

#define CELL_W		10
#define CELL_H		5
#define MAP_ROW		64u	/* cells a row of the map of now */

void report_svg_film(struct json_object *film, FILE *out)
{
	struct json_object *columns = json_get(film, "columns");
	struct json_object *failures = json_get(film, "failures");
	size_t count = json_length(columns), rows;

	if (!count)
		return;
	rows = strlen(json_object_get_string(json_at(columns, 0)));
	svg_open("film", (double)(count * CELL_W), (double)(rows * CELL_H),
		 "which part of the area was taken when", out);
	svg_columns(columns, svg_level, CELL_W, CELL_H, out);
	for (size_t x = 0; x < count; x++) {
		double n = json_object_get_double(json_at(failures, x));
		char title[64];

		snprintf(title, sizeof(title), "%.0f failed", n);
		if (n)
			svg_box("failed", (double)x * CELL_W + 3, 0, 4, (double)rows * CELL_H,
				title, out);
	}
	svg_close(out);
}

void report_svg_lines(struct json_object *film, const char *const *names, FILE *out)
{
	static const char *const classes[] = { "line0", "line1", "line2" };
	static const struct svg_scale scale = { .low = 0, .high = 1 };

	svg_open("chart", SVG_W, SVG_H, "values from 0 to 1 over time", out);
	for (int i = 1; i < 4; i++)
		svg_grid(&scale, i / 4.0, out);
	for (size_t line = 0; names[line] && line < sizeof(classes) / sizeof(classes[0]); line++)
		svg_line(classes[line], json_get(film, names[line]), &scale, out);
	svg_close(out);
}

void report_svg_histogram(struct json_object *histogram, FILE *out)
{
	size_t count = json_length(histogram);
	double most = 1, width = count ? SVG_W / (double)count : SVG_W;

	for (size_t i = 0; i < count; i++) {
		double n = json_number(json_at(histogram, i), "count");

		most = n > most ? n : most;
	}
	svg_open("chart", SVG_W, SVG_H, "how many allocations took how long", out);
	for (size_t i = 0; i < count; i++) {
		struct json_object *bar = json_at(histogram, i);
		double n = json_number(bar, "count"), height = SVG_H * n / most;
		char title[96];

		/* One in a million is still to be seen. */
		if (n && height < 3)
			height = 3;
		snprintf(title, sizeof(title), "%g from %g to %g µs", n,
			 json_number(bar, "from_us"), json_number(bar, "to_us"));
		if (n)
			svg_box("bar", width * ((double)i + 0.06), SVG_H - height, width * 0.88,
				height, title, out);
	}
	svg_close(out);
}

void report_svg_now(const char *cells, FILE *out)
{
	size_t count = strlen(cells), rows = (count + MAP_ROW - 1) / MAP_ROW;

	svg_open("map", MAP_ROW * CELL_W, (double)(rows * CELL_W), "what pages are used for", out);
	for (size_t i = 0; i < count;) {
		size_t end = i + 1;

		while (end < count && cells[end] == cells[i] && end % MAP_ROW)
			end++;
		if (svg_kind(cells[i]))
			svg_box(svg_kind(cells[i]), (double)(i % MAP_ROW) * CELL_W,
				(double)(i / MAP_ROW) * CELL_W, (double)(end - i) * CELL_W,
				CELL_W - 1, NULL, out);
		i = end;
	}
	svg_close(out);
}
