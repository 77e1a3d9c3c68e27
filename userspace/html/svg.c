// SPDX-License-Identifier: MIT
#include <math.h>
#include <string.h>

#include "html/json_get.h"
#include "html/svg.h"

#define EDGE	0.01	/* of the height, so that a line at an end is seen whole */

void svg_open(const char *class, double width, double height, const char *label, FILE *out)
{
	fprintf(out, "<svg class=\"%s\" viewBox=\"0 0 %g %g\" preserveAspectRatio=\"none\" ", class,
		width, height);
	fprintf(out, "role=\"img\" aria-label=\"%s\">\n", label);
}

void svg_close(FILE *out)
{
	fputs("</svg>", out);
}

void svg_box(const char *class, double x, double y, double w, double h, const char *title,
	     FILE *out)
{
	fprintf(out, "<rect class=\"%s\" x=\"%.5g\" y=\"%.5g\" ", class, x, y);
	fprintf(out, "width=\"%.5g\" height=\"%.5g\"", w, h);
	if (title)
		fprintf(out, "><title>%s</title></rect>\n", title);
	else
		fputs("/>\n", out);
}

const char *svg_kind(char letter)
{
	static const struct {
		char letter;
		const char *class;
	} kinds[] = { { 'A', "kA" }, { 'B', "kB" }, { 'P', "kP" }, { '?', "kU" } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].letter == letter)
			return kinds[i].class;
	return NULL;
}

const char *svg_level(char letter)
{
	static const char *const levels[] = { "l1", "l2", "l3", "l4", "l5", "l6", "l7", "l8" };

	return letter >= '1' && letter <= '8' ? levels[letter - '1'] : NULL;
}

static const char *column_text(struct json_object *columns, size_t x)
{
	struct json_object *column = json_at(columns, x);

	return column ? json_object_get_string(column) : "";
}

/* All cells of a letter are one path. */
static void put_letter(struct json_object *columns, char letter, double w, double h, FILE *out)
{
	for (size_t x = 0; x < json_length(columns); x++) {
		const char *cells = column_text(columns, x), *cell = cells;

		while ((cell = strchr(cell, letter))) {
			size_t length = 0;

			while (cell[length] == letter)
				length++;
			fprintf(out, "M%g %gh%gv%gh-%gz", (double)x * w, (double)(cell - cells) * h,
				w, (double)length * h, w);
			cell += length;
		}
	}
}

void svg_columns(struct json_object *columns, const char *(*class_of)(char letter), double w,
		 double h, FILE *out)
{
	bool used[128] = { false };

	for (size_t x = 0; x < json_length(columns); x++)
		for (const char *cell = column_text(columns, x); *cell; cell++)
			if (*cell > 0)
				used[(size_t)*cell] = true;
	for (size_t letter = 1; letter < sizeof(used); letter++) {
		if (!used[letter] || !class_of((char)letter))
			continue;
		fprintf(out, "<path class=\"%s\" d=\"", class_of((char)letter));
		put_letter(columns, (char)letter, w, h, out);
		fputs("\"/>\n", out);
	}
}

double svg_height(const struct svg_scale *scale, double value)
{
	double at, span = scale->log ? log(scale->high / scale->low) : scale->high - scale->low;

	if (value <= scale->low || !(span > 0))
		at = 0;
	else if (value >= scale->high)
		at = 1;
	else
		at = (scale->log ? log(value / scale->low) : value - scale->low) / span;
	return EDGE + (1 - 2 * EDGE) * (1 - at);
}

void svg_grid(const struct svg_scale *scale, double value, FILE *out)
{
	fprintf(out, "<path class=\"grid\" d=\"M0 %.4gH%g\"/>\n", SVG_H * svg_height(scale, value),
		SVG_W);
}

void svg_line(const char *class, struct json_object *values, const struct svg_scale *scale,
	      FILE *out)
{
	size_t count = json_length(values);
	bool drawing = false;

	fprintf(out, "<path class=\"line %s\" d=\"", class);
	for (size_t i = 0; i < count; i++) {
		struct json_object *value = json_at(values, i);
		double v = json_object_get_double(value);

		if (!value || isnan(v) || (scale->log && v <= 0)) {
			drawing = false;
			continue;
		}
		fprintf(out, "%c%.4g %.4g", drawing ? 'L' : 'M',
			SVG_W * ((double)i + 0.5) / (double)count, SVG_H * svg_height(scale, v));
		/* A line of no length has round ends: a value alone is seen. */
		if (!drawing)
			fputs("h0", out);
		drawing = true;
	}
	fputs("\"/>\n", out);
}
