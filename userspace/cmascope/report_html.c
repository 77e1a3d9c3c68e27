// SPDX-License-Identifier: MIT
/* The page: sections of text and tables. Whatever came from elsewhere goes through html_text(). */
#include <string.h>

#include "cmascope/report.h"
#include "html/html.h"

#define SHOWN_VERDICTS	8u	/* the others wait behind a click */

static const char *format_us(double us, char *text)
{
	return format_ns(us > 0 ? (uint64_t)(us * 1000) : 0, text);
}

static double mib(struct json_object *report, double pages)
{
	double size = json_number(json_get(report, "machine"), "page_size");

	return pages * (size ? size : 4096) / 1048576;
}

/* The state that a number of all areas is worst in. */
static double worst(struct json_object *areas, const char *name)
{
	double most = -1;

	for (size_t i = 0; i < json_length(areas); i++) {
		struct json_object *area = json_at(areas, i);
		struct json_object *value = json_get(area, name);

		if (json_object_is_type(value, json_type_array))
			value = json_at(value, json_length(value) - 1);
		if (value && json_object_get_double(value) > most)
			most = json_object_get_double(value);
	}
	return most;
}

static void put_cards(struct json_object *report, FILE *out)
{
	struct json_object *total = json_get(json_get(report, "events"), "total");
	struct json_object *latency = json_get(total, "latency_us");
	double failures = json_number(json_get(report, "why"), "failures");
	double fragmentation = worst(json_get(report, "films"), "fragmentation_align_8");
	char text[32];

	if (fragmentation < 0)
		fragmentation = worst(json_get(json_get(report, "now"), "areas"),
				      "fragmentation_align_8");
	fputs("<div class=\"cards\">\n", out);
	snprintf(text, sizeof(text), "%.0f", failures);
	html_card(failures ? "bad" : "good", text, failures == 1 ? "failed allocation" :
		  "failed allocations", out);
	if (total) {
		snprintf(text, sizeof(text), "%.0f", json_number(total, "allocations"));
		html_card("", text, "allocations", out);
	}
	if (latency) {
		format_us(json_number(latency, "p50"), text);
		html_card("", text, "half are faster", out);
		format_us(json_number(latency, "p99"), text);
		html_card("", text, "99 % are faster", out);
	}
	if (fragmentation >= 0) {
		snprintf(text, sizeof(text), "%.2f", fragmentation);
		html_card("", text, "fragmentation at the end", out);
	}
	fputs("</div>\n", out);
}

static void put_verdict(struct json_object *v, bool open, FILE *out)
{
	double again = json_number(v, "again");

	fprintf(out, "<details%s><summary><b>", open ? " open" : "");
	html_text(json_text(v, "cause"), out);
	fputs("</b> ", out);
	html_text(json_text(v, "summary"), out);
	if (!json_object_get_boolean(json_get(v, "certain")) &&
	    strcmp(json_text(v, "cause"), "unknown"))
		fputs(" (most likely)", out);
	fputs("</summary>\n<p class=\"soft\">", out);
	fprintf(out, "%.0f pages from ", json_number(v, "count"));
	html_text(*json_text(v, "area") ? json_text(v, "area") : "an area", out);
	if (*json_text(v, "comm")) {
		fputs(", by ", out);
		html_text(json_text(v, "comm"), out);
	}
	if (json_get(v, "time"))
		fprintf(out, ", at %.3f s", json_number(v, "time"));
	if (again > 0)
		fprintf(out, ", and %.0f more like it", again);
	fputs("</p>\n", out);
	html_list("Evidence", json_get(v, "evidence"), out);
	html_list("What helps", json_get(v, "remedies"), out);
	html_list("Not known", json_get(v, "missing"), out);
	fputs("</details>\n", out);
}

/* "full 2, alignment 1" */
static void put_causes(struct json_object *causes, FILE *out)
{
	const char *between = "<p>";

	if (!causes || !json_object_object_length(causes))
		return;
	json_object_object_foreach(causes, name, count) {
		fprintf(out, "%s%s: <b>%.0f</b>", between, name, json_object_get_double(count));
		between = ", ";
	}
	fputs("</p>\n", out);
}

static void put_verdicts(struct json_object *report, FILE *out)
{
	struct json_object *why = json_get(report, "why"), *list = json_get(why, "verdicts");

	fputs("<section><h2>Failed allocations</h2>\n", out);
	if (!why)
		fputs("<p>Not known: no trace, and the kernel log cannot be read.</p>\n", out);
	else if (!json_length(list))
		fputs("<p class=\"good\">None was found.</p>\n", out);
	put_causes(json_get(why, "causes"), out);
	for (size_t i = 0; i < json_length(list); i++) {
		if (i == SHOWN_VERDICTS)
			fprintf(out, "<details><summary>%zu more</summary>\n",
				json_length(list) - i);
		put_verdict(json_at(list, i), !i, out);
	}
	if (json_length(list) > SHOWN_VERDICTS)
		fputs("</details>\n", out);
	fputs("</section>\n", out);
}

static void put_film(struct json_object *report, struct json_object *film, FILE *out)
{
	static const char *const lines[] = {
		"fragmentation_align_8", "fragmentation_align_0", "used", NULL };
	static const struct html_key keys[] = {
		{ "kA", "taken" }, { "failed", "an allocation failed" }, { NULL, NULL } };
	static const struct html_key line_keys[] = {
		{ "line0k", "runs that begin at a multiple of 256 pages, as large buffers need" },
		{ "line1k", "any run" }, { "line2k", "share in use" }, { NULL, NULL } };
	char end[32];

	snprintf(end, sizeof(end), "%.4g s", json_number(film, "seconds"));
	fputs("<section><h2>", out);
	html_text(json_text(film, "area"), out);
	fprintf(out, " over time</h2>\n<p class=\"soft\">%.0f MiB, its beginning on top.\n",
		mib(report, json_number(film, "pages")));
	html_keys(keys, out);
	fputs("</p>\n", out);
	report_svg_film(film, out);
	html_axis("0 s", end, out);
	fputs("<h3>Fragmentation</h3>\n<p class=\"soft\">1 less the longest free run over\n"
	      "all that is free, from 0 (below) to 1.\n", out);
	html_keys(line_keys, out);
	fputs("</p>\n", out);
	report_svg_lines(film, lines, out);
	html_axis("0 s", end, out);
	fputs("</section>\n", out);
}

static void put_sums(const char *name, struct json_object *sums, FILE *out)
{
	static const char *const percentiles[] = { "p50", "p90", "p99", "max" };
	struct json_object *latency = json_get(sums, "latency_us");
	char text[32];

	fputs("<tr><td>", out);
	html_text(name, out);
	fprintf(out, "</td><td>%.0f</td><td>%.0f</td><td>%.0f</td><td>%.0f</td>",
		json_number(sums, "allocations"), json_number(sums, "failures"),
		json_number(sums, "busy_retries"), json_number(sums, "migrated_pages"));
	for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++)
		fprintf(out, "<td>%s</td>", latency ?
			format_us(json_number(latency, percentiles[i]), text) : "");
	fputs("</tr>\n", out);
}

static void put_table(const char *what, struct json_object *rows, const char *name, FILE *out)
{
	fprintf(out, "<div class=\"wide\"><table><tr><th>%s<th>allocations<th>failed<th>busy\n"
		"<th>moved pages<th>p50<th>p90<th>p99<th>max</tr>\n", what);
	for (size_t i = 0; i < json_length(rows); i++) {
		struct json_object *row = json_at(rows, i);
		char text[64];

		snprintf(text, sizeof(text), "%s", json_text(row, name));
		if (json_get(row, "pid"))
			snprintf(text, sizeof(text), "%.40s:%.0f", json_text(row, name),
				 json_number(row, "pid"));
		put_sums(text, row, out);
	}
	fputs("</table></div>\n", out);
}

static void put_latency(struct json_object *report, FILE *out)
{
	struct json_object *events = json_get(report, "events");
	struct json_object *bars = json_get(report, "histogram");
	char from[32], to[32];

	if (!events)
		return;
	fputs("<section><h2>How long allocations took</h2>\n", out);
	if (json_length(bars)) {
		struct json_object *last = json_at(bars, json_length(bars) - 1);

		report_svg_histogram(bars, out);
		format_us(json_number(json_at(bars, 0), "from_us"), from);
		format_us(json_number(last, "to_us"), to);
		html_axis(from, to, out);
	}
	put_table("area", json_get(events, "areas"), "name", out);
	fputs("<h3>Processes</h3>\n", out);
	put_table("process", json_get(events, "threads"), "comm", out);
	fputs("</section>\n", out);
}

static void put_holders(struct json_object *area, FILE *out)
{
	struct json_object *holders = json_get(area, "holders");

	if (!json_length(holders))
		return;
	fputs("<div class=\"wide\"><table><tr><th>frame<th>pages\n"
	      "<th class=\"left\">process<th class=\"left\">what</tr>\n", out);
	for (size_t i = 0; i < json_length(holders); i++) {
		struct json_object *h = json_at(holders, i);

		fprintf(out, "<tr><td>0x%llx</td><td>%.0f</td><td class=\"left\">",
			(unsigned long long)json_object_get_uint64(json_get(h, "pfn")),
			json_number(h, "pages"));
		html_text(json_text(h, "comm"), out);
		fputs("</td><td class=\"text\">", out);
		html_text(json_text(h, "what"), out);
		fputs("</td></tr>\n", out);
	}
	fputs("</table></div>\n", out);
}

static void put_area_now(struct json_object *report, struct json_object *area, FILE *out)
{
	static const struct html_key keys[] = {
		{ "kA", "allocated" }, { "kB", "lent, can move" }, { "kP", "lent, cannot move" },
		{ "", "free" }, { "kU", "not known" }, { NULL, NULL } };

	fputs("<section><h2>", out);
	html_text(json_text(area, "name"), out);
	fputs(" now</h2>\n", out);
	fprintf(out, "<p class=\"soft\">%.0f MiB", mib(report, json_number(area, "pages")));
	if (json_get(area, "free_pages")) {
		fprintf(out, ", %.1f MiB free in %.0f runs, the longest has %.1f MiB;\n",
			mib(report, json_number(area, "free_pages")),
			json_number(area, "free_runs"),
			mib(report, json_number(area, "longest_run_pages")));
		fprintf(out, "fragmentation %.2f (%.2f without alignment).\n",
			json_number(area, "fragmentation_align_8"),
			json_number(area, "fragmentation_align_0"));
		html_keys(keys, out);
	}
	fputs("</p>\n", out);
	if (*json_text(area, "cells"))
		report_svg_now(json_text(area, "cells"), out);
	put_holders(area, out);
	fputs("</section>\n", out);
}

static void put_pagetypes(struct json_object *types, FILE *out)
{
	size_t orders = 0;

	if (!json_length(types))
		return;
	for (size_t i = 0; i < json_length(types); i++) {
		size_t n = json_length(json_get(json_at(types, i), "free"));

		orders = n > orders ? n : orders;
	}
	fputs("<section><h2>Free memory by type</h2>\n<p class=\"soft\">Free blocks of each order\n"
	      "(/proc/pagetypeinfo). CMA can be lent to movable memory only.</p>\n"
	      "<div class=\"wide\"><table><tr><th>zone, type<th>pages", out);
	for (size_t order = 0; order < orders; order++)
		fprintf(out, "<th>%zu", order);
	fputs("</tr>\n", out);
	for (size_t i = 0; i < json_length(types); i++) {
		struct json_object *type = json_at(types, i);
		struct json_object *free = json_get(type, "free");

		/* Most kernels have types that nobody uses. */
		if (!json_number(type, "free_pages"))
			continue;
		fputs("<tr><td>", out);
		html_text(json_text(type, "zone"), out);
		fputs(", ", out);
		html_text(json_text(type, "type"), out);
		fprintf(out, "</td><td>%.0f</td>", json_number(type, "free_pages"));
		for (size_t order = 0; order < json_length(free); order++)
			fprintf(out, "<td>%.0f</td>",
				json_object_get_double(json_at(free, order)));
		fputs("</tr>\n", out);
	}
	fputs("</table></div></section>\n", out);
}

static void put_head(struct json_object *report, FILE *out)
{
	struct json_object *machine = json_get(report, "machine");
	struct json_object *trace = json_get(report, "trace");

	html_begin("CMA report", out);
	fputs("<p class=\"soft\">", out);
	if (*json_text(machine, "release")) {
		fputs("Linux ", out);
		html_text(json_text(machine, "release"), out);
		fputs(", ", out);
	}
	if (json_number(machine, "memory_kb"))
		fprintf(out, "%.0f MiB of memory, ", json_number(machine, "memory_kb") / 1024);
	if (trace) {
		html_text(json_text(trace, "file"), out);
		fprintf(out, ": %.4g s, %.0f events, ", json_number(trace, "seconds"),
			json_number(trace, "events"));
	}
	fputs("written ", out);
	html_text(json_text(report, "written"), out);
	fputs("</p>\n", out);
	if (json_number(trace, "lost"))
		fprintf(out, "<p class=\"bad\">%.0f events were lost: this is not exact.</p>\n",
			json_number(trace, "lost"));
	if (json_object_get_boolean(json_get(trace, "cut")))
		fputs("<p class=\"bad\">The trace is cut off.</p>\n", out);
}

int report_html(struct json_object *report, FILE *out)
{
	struct json_object *films = json_get(report, "films");
	struct json_object *areas = json_get(json_get(report, "now"), "areas");

	put_head(report, out);
	put_cards(report, out);
	put_verdicts(report, out);
	for (size_t i = 0; i < json_length(films); i++)
		put_film(report, json_at(films, i), out);
	put_latency(report, out);
	for (size_t i = 0; i < json_length(areas); i++)
		put_area_now(report, json_at(areas, i), out);
	put_pagetypes(json_get(report, "pagetypes"), out);
	if (json_length(json_get(report, "missing"))) {
		fputs("<section>", out);
		html_list("Not known, and what would tell", json_get(report, "missing"), out);
		fputs("</section>\n", out);
	}
	return html_end(out);
}
