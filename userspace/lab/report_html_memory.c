// SPDX-License-Identifier: MIT
#include <math.h>
#include <string.h>

#include "html/html.h"
#include "html/json_get.h"
#include "html/svg.h"
#include "lab/report_html.h"
#include "lab/report_plot.h"

#define CELL_W	10.0
#define CELL_H	5.0

static bool has_any(struct json_object *values)
{
	for (size_t i = 0; i < json_length(values); i++)
		if (json_at(values, i))
			return true;
	return false;
}

static size_t rows_of(struct json_object *columns)
{
	size_t rows = 0;

	for (size_t i = 0; i < json_length(columns); i++) {
		const char *column = json_at(columns, i) ?
			json_object_get_string(json_at(columns, i)) : "";

		rows = strlen(column) > rows ? strlen(column) : rows;
	}
	return rows;
}

static void put_film(struct json_object *run, FILE *out)
{
	static const struct html_key keys[] = {
		{ "kA", "allocated" }, { "kB", "lent, can move" }, { "kP", "lent, pinned" },
		{ "", "free" }, { "kU", "not known" }, { NULL, NULL } };
	struct json_object *map = json_get(json_get(run, "over_time"), "map");

	if (!has_any(map))
		return;
	fputs("<section><h2>CMA over uptime</h2>\n<p class=\"soft\">\n"
	      "The area's pages.\n", out);
	html_keys(keys, out);
	fputs("</p>\n<div class=\"plot\">", out);
	svg_open("film", CELL_W * (double)json_length(map), CELL_H * (double)rows_of(map),
		 "what the pages of CMA were used for, over uptime", out);
	svg_columns(map, svg_kind, CELL_W, CELL_H, out);
	svg_close(out);
	fputs("<span class=\"high\">start</span><span class=\"low\">end</span></div>\n", out);
	plot_uptime(run, out);
	fputs("</section>\n", out);
}

static void put_free(struct json_object *run, FILE *out)
{
	struct json_object *series = json_get(run, "over_time");
	const struct plot_line lines[] = {
		{ json_get(series, "mem_free_kb"), "line1", "free" },
		{ json_get(series, "cma_free_kb"), "line0", "of it in CMA" },
		{ json_get(series, "slab_kb"), "line3", "slab that cannot be reclaimed" },
		{ NULL, NULL, NULL } };
	struct svg_scale scale;
	double most = 0;

	for (size_t i = 0; lines[i].values; i++)
		most = fmax(most, plot_most(lines[i].values));
	if (!most)
		return;
	scale = plot_from_zero(most, PLOT_KB);
	fputs("<section><h2>Memory over uptime</h2>\n", out);
	plot_lines("free memory over uptime", lines, &scale, PLOT_KB, out);
	plot_uptime(run, out);
	fputs("</section>\n", out);
}

/* Of an array by order of arrays over time: a few orders that differ. */
static void put_unusable(struct json_object *run, FILE *out)
{
	static const struct {
		size_t order;
		const char *class;
		const char *label;
	} shown[] = {
		{ 10, "line0", "order 10" }, { 9, "line1", "9" }, { 6, "line3", "6" },
		{ 3, "line4", "3" } };
	static const struct svg_scale scale = { .low = 0, .high = 1 };
	struct json_object *orders = json_get(json_get(run, "over_time"), "unusable");
	struct plot_line lines[5] = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (has_any(json_at(orders, shown[i].order)))
			lines[count++] = (struct plot_line){ json_at(orders, shown[i].order),
				shown[i].class, shown[i].label };
	if (!count)
		return;
	fputs("<h3>Unusable free space index</h3>\n<p class=\"soft\">The share of free memory\n"
	      "that is in blocks too small for the order: 1, and nothing of it is of use.</p>\n",
	      out);
	plot_lines("unusable free space index over uptime", lines, &scale, PLOT_SHARE, out);
	plot_uptime(run, out);
}

/* Each shade is four times the one before. */
static char blocks_level(struct json_object *blocks)
{
	double count = json_object_get_double(blocks);
	int level = count > 1 ? 1 + (int)(fmin(log2(count), 60) / 2) : count > 0;

	return (char)('0' + (level < 8 ? level : 8));
}

/* Columns of levels, the highest order on top. */
static struct json_object *level_columns(struct json_object *orders)
{
	struct json_object *columns = json_object_new_array();
	size_t rows = json_length(orders), count = json_length(json_at(orders, 0));

	for (size_t x = 0; x < count; x++) {
		char column[33] = "";

		for (size_t row = 0; row < rows && row < sizeof(column) - 1; row++)
			column[row] = blocks_level(json_at(json_at(orders, rows - 1 - row), x));
		json_object_array_add(columns, json_object_new_string(column));
	}
	return columns;
}

static void put_blocks(struct json_object *run, const char *name, struct json_object *orders,
		       FILE *out)
{
	struct json_object *columns = level_columns(orders);
	size_t rows = json_length(orders);

	fputs("<div><h3>", out);
	html_text(name, out);
	fputs("</h3>\n<div class=\"plot\">", out);
	svg_open("film blocks", CELL_W * (double)json_length(columns), CELL_H * (double)rows,
		 "free blocks by order over uptime", out);
	svg_columns(columns, svg_level, CELL_W, CELL_H, out);
	svg_close(out);
	fprintf(out, "<span class=\"high\">order %zu</span><span class=\"low\">0</span></div>\n",
		rows - 1);
	plot_uptime(run, out);
	fputs("</div>\n", out);
	json_object_put(columns);
}

static bool has_blocks(struct json_object *orders)
{
	for (size_t i = 0; i < json_length(orders); i++)
		if (plot_most(json_at(orders, i)) > 0)
			return true;
	return false;
}

static void put_fragmentation(struct json_object *run, FILE *out)
{
	struct json_object *series = json_get(run, "over_time");
	struct json_object *free = json_get(series, "free"), *types = json_get(series, "types");

	if (!json_length(free))
		return;
	fputs("<section><h2>Fragmentation over uptime</h2>\n", out);
	put_unusable(run, out);
	fputs("<h3>Free blocks</h3>\n<p class=\"soft\">By order, large ones on top; each shade is\n"
	      "four times the one before.</p>\n<div class=\"plots\">\n", out);
	put_blocks(run, "All", free, out);
	if (json_object_is_type(types, json_type_object)) {
		json_object_object_foreach(types, name, orders)
			if (has_blocks(orders))
				put_blocks(run, name, orders, out);
	}
	fputs("</div></section>\n", out);
}

static const struct {
	const char *name;
	const char *title;
} durings[] = {
	{ "cma", "While memory is allocated from CMA" },
	{ "other", "While it is allocated elsewhere, or given back" },
	{ "nothing", "Otherwise" } };

/* One scale for all, so that they can be compared. */
static struct svg_scale wake_scale(struct json_object *wakes)
{
	double least = 0, most = 0;

	for (size_t i = 0; i < sizeof(durings) / sizeof(durings[0]); i++) {
		struct json_object *one = json_get(wakes, durings[i].name);
		double low = plot_least(json_get(one, "p50_ns"));

		if (low > 0 && (!least || low < least))
			least = low;
		most = fmax(most, plot_most(json_get(one, "max_ns")));
	}
	return plot_decades(least, most);
}

static void put_wakeups(struct json_object *run, FILE *out)
{
	static const struct html_key keys[] = {
		{ "line0k", "half are earlier" }, { "line1k", "99 % are earlier" },
		{ "line2k", "longest" }, { NULL, NULL } };
	struct json_object *wakes = json_get(json_get(run, "over_time"), "wakeup");
	struct svg_scale scale = wake_scale(wakes);

	fputs("<h3>How late a real-time thread wakes up</h3>\n<p class=\"soft\">", out);
	html_keys(keys, out);
	fputs("</p>\n<div class=\"plots\">\n", out);
	for (size_t i = 0; i < sizeof(durings) / sizeof(durings[0]); i++) {
		struct json_object *one = json_get(wakes, durings[i].name);
		const struct plot_line lines[] = {
			{ json_get(one, "max_ns"), "line2", NULL },
			{ json_get(one, "p99_ns"), "line1", NULL },
			{ json_get(one, "p50_ns"), "line0", NULL },
			{ NULL, NULL, NULL } };

		if (!one)
			continue;
		fprintf(out, "<div><p>%s</p>\n", durings[i].title);
		plot_lines("wake-up latency over uptime", lines, &scale, PLOT_NS, out);
		plot_uptime(run, out);
		fputs("</div>\n", out);
	}
	fputs("</div>\n", out);
}

static void put_kswapd(struct json_object *run, FILE *out)
{
	struct json_object *series = json_get(run, "over_time");
	double bursts = json_number(series, "bursts_per_column");
	const struct plot_line lines[] = {
		{ json_get(series, "kswapd_ns"), "line0", NULL }, { NULL, NULL, NULL } };
	struct svg_scale scale = plot_from_zero(plot_most(lines[0].values), PLOT_NS);

	fputs("<h3>CPU time of kswapd</h3>\n<p class=\"soft\">", out);
	if (bursts == 1)
		fputs("In each period.</p>\n", out);
	else
		fprintf(out, "In each %.0f periods.</p>\n", bursts);
	plot_lines("CPU time of kswapd over uptime", lines, &scale, PLOT_NS, out);
	plot_uptime(run, out);
}

static void put_pressure(struct json_object *pressure, FILE *out)
{
	static const struct {
		const char *name;
		const char *label;
	} shown[] = {
		{ "stalls", "allocations that waited for reclaim" },
		{ "compact_stalls", "that waited for compaction" },
		{ "compact_fails", "for which compaction made no room" },
		{ "cma_fails", "allocations from CMA that failed" },
		{ "oom_kills", "processes killed for want of memory" } };

	fputs("<h3>In the whole run</h3>\n<div class=\"wide\"><table>\n", out);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (json_get(pressure, shown[i].name))
			fprintf(out, "<tr><td class=\"text\">%s</td><td>%.0f</td></tr>\n",
				shown[i].label, json_number(pressure, shown[i].name));
	fputs("</table></div>\n", out);
}

static void put_price(struct json_object *run, FILE *out)
{
	struct json_object *series = json_get(run, "over_time");
	struct json_object *wakes = json_get(series, "wakeup");
	bool woke = wakes && json_object_object_length(wakes) > 0;
	bool looked = has_any(json_get(series, "kswapd_ns"));

	if (!woke && !looked)
		return;
	fputs("<section><h2>The price others pay</h2>\n", out);
	if (woke)
		put_wakeups(run, out);
	if (looked) {
		put_kswapd(run, out);
		put_pressure(json_get(run, "pressure"), out);
	}
	fputs("</section>\n", out);
}

void report_html_memory(struct json_object *run, FILE *out)
{
	put_film(run, out);
	put_free(run, out);
	put_fragmentation(run, out);
	put_price(run, out);
}
