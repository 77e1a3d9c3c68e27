// SPDX-License-Identifier: MIT
#include <math.h>

#include "cma/latency.h"
#include "html/html.h"
#include "html/json_get.h"
#include "lab/report_plot.h"

double plot_most(struct json_object *values)
{
	double most = 0;

	for (size_t i = 0; i < json_length(values); i++)
		most = fmax(most, json_object_get_double(json_at(values, i)));
	return most;
}

double plot_least(struct json_object *values)
{
	double least = 0;

	for (size_t i = 0; i < json_length(values); i++) {
		double value = json_object_get_double(json_at(values, i));

		if (value > 0 && (!least || value < least))
			least = value;
	}
	return least;
}

struct svg_scale plot_decades(double least, double most)
{
	struct svg_scale scale = { .low = 1000, .high = 1000000, .log = true };

	if (least > 0 && most >= least && most < 1e18) {
		scale.low = pow(10, floor(log10(least)));
		scale.high = pow(10, ceil(log10(most)));
		if (scale.high <= scale.low)
			scale.high = scale.low * 10;
	}
	return scale;
}

struct svg_scale plot_from_zero(double most, enum plot_unit unit)
{
	static const double steps[] = { 1, 2, 4, 6, 8, 10, 20 };
	double base = unit == PLOT_KB ? 1024 : 1, decade;
	size_t i = 0;

	if (!(most > 0) || most > 1e18)
		most = base;
	decade = pow(10, floor(log10(most / base)));
	while (i < sizeof(steps) / sizeof(steps[0]) - 1 && steps[i] * decade * base < most)
		i++;
	return (struct svg_scale){ .low = 0, .high = steps[i] * decade * base };
}

static const char *tick_text(double value, enum plot_unit unit, char *text, size_t size)
{
	if (unit == PLOT_NS)
		return format_ns((uint64_t)value, text);
	if (unit == PLOT_KB)
		snprintf(text, size, "%.4g MiB", value / 1024);
	else
		snprintf(text, size, "%.3g", value);
	return text;
}

/* The next number on an axis above @value. */
static double next_tick(const struct svg_scale *scale, double value)
{
	double decades;

	if (!scale->log)
		return value + (scale->high - scale->low) / 4;
	decades = log10(scale->high / scale->low);
	return value * (decades > 5.5 ? 100 : 10);
}

static void put_ticks(const struct svg_scale *scale, enum plot_unit unit, FILE *out)
{
	double tick = next_tick(scale, scale->low);

	for (; tick <= scale->high * 1.0001; tick = next_tick(scale, tick)) {
		char text[32];

		fprintf(out, "<span style=\"top:%.3g%%\">%s</span>\n",
			100 * svg_height(scale, tick),
			tick_text(tick, unit, text, sizeof(text)));
	}
}

static void put_line_keys(const struct plot_line *lines, FILE *out)
{
	fputs("<p class=\"soft\">", out);
	for (; lines->values; lines++) {
		fprintf(out, "<span class=\"keys\"><i class=\"key %sk\"></i>", lines->class);
		html_text(lines->label, out);
		fputs("</span>\n", out);
	}
	fputs("</p>\n", out);
}

void plot_lines(const char *label, const struct plot_line *lines, const struct svg_scale *scale,
		enum plot_unit unit, FILE *out)
{
	double tick = next_tick(scale, scale->low);

	if (lines[0].label)
		put_line_keys(lines, out);
	fputs("<div class=\"plot\">", out);
	svg_open("chart", SVG_W, SVG_H, label, out);
	for (; tick <= scale->high * 1.0001; tick = next_tick(scale, tick))
		svg_grid(scale, tick, out);
	for (; lines->values; lines++)
		svg_line(lines->class, lines->values, scale, out);
	svg_close(out);
	put_ticks(scale, unit, out);
	fputs("</div>\n", out);
}

static const struct {
	double seconds;
	const char *name;
} durations[] = { { 86400, "days" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };

#define DURATIONS	(sizeof(durations) / sizeof(durations[0]))

/* The unit of which there are some. */
static size_t duration_unit(double seconds)
{
	size_t i = 0;

	while (i < DURATIONS - 1 && seconds < 3 * durations[i].seconds)
		i++;
	return i;
}

const char *plot_duration(double seconds, char *text)
{
	size_t unit = duration_unit(seconds);

	snprintf(text, 32, "%.3g %s", seconds / durations[unit].seconds, durations[unit].name);
	return text;
}

void plot_uptime(struct json_object *run, FILE *out)
{
	struct json_object *series = json_get(run, "over_time");
	double columns = (double)json_length(json_get(series, "map"));
	double seconds = columns * json_number(series, "seconds_per_column");
	size_t unit;

	if (!(seconds > 0))
		seconds = json_number(run, "virtual_seconds");
	unit = duration_unit(seconds);
	fputs("<div class=\"axis\">", out);
	for (int i = 0; i <= 4; i++)
		fprintf(out, "<span>%.3g%s%s</span>", seconds * i / 4 / durations[unit].seconds,
			i == 4 ? " " : "", i == 4 ? durations[unit].name : "");
	fputs("</div>\n", out);
}
