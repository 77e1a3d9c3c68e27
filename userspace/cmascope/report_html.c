// SPDX-License-Identifier: MIT
/* The page: sections of text and tables. Whatever came from elsewhere goes through put_text(). */
#include <errno.h>
#include <string.h>

#include "cmascope/report.h"
#include "cmascope/report_style.h"
#include "cmascope/top_text.h"

#define SHOWN_VERDICTS	8u	/* the others wait behind a click */

static void put_text(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '"')
			fputs("&quot;", out);
		else
			putc(*text, out);
	}
}

static const char *format_us(double us, char *text)
{
	return format_ns(us > 0 ? (uint64_t)(us * 1000) : 0, text);
}

static double mib(struct json_object *report, double pages)
{
	double size = report_number(report_get(report, "machine"), "page_size");

	return pages * (size ? size : 4096) / 1048576;
}

static void put_card(const char *class, const char *value, const char *label, FILE *out)
{
	fprintf(out, "<div><b class=\"%s\">%s</b>%s</div>\n", class, value, label);
}

/* The state that a number of all areas is worst in. */
static double worst(struct json_object *areas, const char *name)
{
	double most = -1;

	for (size_t i = 0; i < report_length(areas); i++) {
		struct json_object *area = json_object_array_get_idx(areas, i);
		struct json_object *value = report_get(area, name);

		if (json_object_is_type(value, json_type_array))
			value = json_object_array_get_idx(value, report_length(value) - 1);
		if (value && json_object_get_double(value) > most)
			most = json_object_get_double(value);
	}
	return most;
}

static void put_cards(struct json_object *report, FILE *out)
{
	struct json_object *total = report_get(report_get(report, "events"), "total");
	struct json_object *latency = report_get(total, "latency_us");
	double failures = report_number(report_get(report, "why"), "failures");
	double fragmentation = worst(report_get(report, "films"), "fragmentation_align_8");
	char text[32];

	if (fragmentation < 0)
		fragmentation = worst(report_get(report_get(report, "now"), "areas"),
				      "fragmentation_align_8");
	fputs("<div class=\"cards\">\n", out);
	snprintf(text, sizeof(text), "%.0f", failures);
	put_card(failures ? "bad" : "good", text, failures == 1 ? "failed allocation" :
		 "failed allocations", out);
	if (total) {
		snprintf(text, sizeof(text), "%.0f", report_number(total, "allocations"));
		put_card("", text, "allocations", out);
	}
	if (latency) {
		format_us(report_number(latency, "p50"), text);
		put_card("", text, "half are faster", out);
		format_us(report_number(latency, "p99"), text);
		put_card("", text, "99 % are faster", out);
	}
	if (fragmentation >= 0) {
		snprintf(text, sizeof(text), "%.2f", fragmentation);
		put_card("", text, "fragmentation at the end", out);
	}
	fputs("</div>\n", out);
}

static void put_list(const char *title, struct json_object *lines, FILE *out)
{
	if (!report_length(lines))
		return;
	fprintf(out, "<h3>%s</h3><ul>\n", title);
	for (size_t i = 0; i < report_length(lines); i++) {
		fputs("<li>", out);
		put_text(json_object_get_string(json_object_array_get_idx(lines, i)), out);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void put_verdict(struct json_object *v, bool open, FILE *out)
{
	double again = report_number(v, "again");

	fprintf(out, "<details%s><summary><b>", open ? " open" : "");
	put_text(report_text(v, "cause"), out);
	fputs("</b> ", out);
	put_text(report_text(v, "summary"), out);
	fputs("</summary>\n<p class=\"soft\">", out);
	fprintf(out, "%.0f pages from ", report_number(v, "count"));
	put_text(*report_text(v, "area") ? report_text(v, "area") : "an area", out);
	if (*report_text(v, "comm")) {
		fputs(", by ", out);
		put_text(report_text(v, "comm"), out);
	}
	if (report_get(v, "time"))
		fprintf(out, ", at %.3f s", report_number(v, "time"));
	if (again > 0)
		fprintf(out, ", and %.0f more like it", again);
	fputs("</p>\n", out);
	put_list("Evidence", report_get(v, "evidence"), out);
	put_list("What helps", report_get(v, "remedies"), out);
	put_list("Not known", report_get(v, "missing"), out);
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
	struct json_object *why = report_get(report, "why"), *list = report_get(why, "verdicts");

	fputs("<section><h2>Failed allocations</h2>\n", out);
	if (!why)
		fputs("<p>Not known: no trace, and the kernel log cannot be read.</p>\n", out);
	else if (!report_length(list))
		fputs("<p class=\"good\">None was found.</p>\n", out);
	put_causes(report_get(why, "causes"), out);
	for (size_t i = 0; i < report_length(list); i++) {
		if (i == SHOWN_VERDICTS)
			fprintf(out, "<details><summary>%zu more</summary>\n",
				report_length(list) - i);
		put_verdict(json_object_array_get_idx(list, i), !i, out);
	}
	if (report_length(list) > SHOWN_VERDICTS)
		fputs("</details>\n", out);
	fputs("</section>\n", out);
}

/* What a colour means. */
struct key {
	const char *class;
	const char *label;
};

static void put_axis(const char *left, const char *right, FILE *out)
{
	fprintf(out, "<div class=\"axis\"><span>%s</span><span>%s</span></div>\n", left, right);
}

static void put_keys(const struct key *keys, FILE *out)
{
	for (; keys->label; keys++)
		fprintf(out, "<span class=\"keys\"><i class=\"key %s\"></i>%s</span>\n",
			keys->class, keys->label);
}

static void put_film(struct json_object *report, struct json_object *film, FILE *out)
{
	static const char *const lines[] = {
		"fragmentation_align_8", "fragmentation_align_0", "used", NULL };
	static const struct key keys[] = {
		{ "kA", "taken" }, { "failed", "an allocation failed" }, { NULL, NULL } };
	static const struct key line_keys[] = {
		{ "line0k", "runs that begin at a multiple of 256 pages, as large buffers need" },
		{ "line1k", "any run" }, { "line2k", "share in use" }, { NULL, NULL } };
	char end[32];

	snprintf(end, sizeof(end), "%.4g s", report_number(film, "seconds"));
	fputs("<section><h2>", out);
	put_text(report_text(film, "area"), out);
	fprintf(out, " over time</h2>\n<p class=\"soft\">%.0f MiB, its beginning on top.\n",
		mib(report, report_number(film, "pages")));
	put_keys(keys, out);
	fputs("</p>\n", out);
	report_svg_film(film, out);
	put_axis("0 s", end, out);
	fputs("<h3>Fragmentation</h3>\n<p class=\"soft\">1 less the longest free run over\n"
	      "all that is free, from 0 (below) to 1.\n", out);
	put_keys(line_keys, out);
	fputs("</p>\n", out);
	report_svg_lines(film, lines, out);
	put_axis("0 s", end, out);
	fputs("</section>\n", out);
}

static void put_sums(const char *name, struct json_object *sums, FILE *out)
{
	static const char *const percentiles[] = { "p50", "p90", "p99", "max" };
	struct json_object *latency = report_get(sums, "latency_us");
	char text[32];

	fputs("<tr><td>", out);
	put_text(name, out);
	fprintf(out, "</td><td>%.0f</td><td>%.0f</td><td>%.0f</td><td>%.0f</td>",
		report_number(sums, "allocations"), report_number(sums, "failures"),
		report_number(sums, "busy_retries"), report_number(sums, "migrated_pages"));
	for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++)
		fprintf(out, "<td>%s</td>", latency ?
			format_us(report_number(latency, percentiles[i]), text) : "");
	fputs("</tr>\n", out);
}

static void put_table(const char *what, struct json_object *rows, const char *name, FILE *out)
{
	fprintf(out, "<div class=\"wide\"><table><tr><th>%s<th>allocations<th>failed<th>busy\n"
		"<th>moved pages<th>p50<th>p90<th>p99<th>max</tr>\n", what);
	for (size_t i = 0; i < report_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		char text[64];

		snprintf(text, sizeof(text), "%s", report_text(row, name));
		if (report_get(row, "pid"))
			snprintf(text, sizeof(text), "%.40s:%.0f", report_text(row, name),
				 report_number(row, "pid"));
		put_sums(text, row, out);
	}
	fputs("</table></div>\n", out);
}

static void put_latency(struct json_object *report, FILE *out)
{
	struct json_object *events = report_get(report, "events");
	struct json_object *bars = report_get(report, "histogram");
	char from[32], to[32];

	if (!events)
		return;
	fputs("<section><h2>How long allocations took</h2>\n", out);
	if (report_length(bars)) {
		struct json_object *last = json_object_array_get_idx(bars, report_length(bars) - 1);

		report_svg_histogram(bars, out);
		format_us(report_number(json_object_array_get_idx(bars, 0), "from_us"), from);
		format_us(report_number(last, "to_us"), to);
		put_axis(from, to, out);
	}
	put_table("area", report_get(events, "areas"), "name", out);
	fputs("<h3>Processes</h3>\n", out);
	put_table("process", report_get(events, "threads"), "comm", out);
	fputs("</section>\n", out);
}

static void put_holders(struct json_object *area, FILE *out)
{
	struct json_object *holders = report_get(area, "holders");

	if (!report_length(holders))
		return;
	fputs("<div class=\"wide\"><table><tr><th>frame<th>pages\n"
	      "<th class=\"left\">process<th class=\"left\">what</tr>\n", out);
	for (size_t i = 0; i < report_length(holders); i++) {
		struct json_object *h = json_object_array_get_idx(holders, i);

		fprintf(out, "<tr><td>0x%llx</td><td>%.0f</td><td class=\"left\">",
			(unsigned long long)json_object_get_uint64(report_get(h, "pfn")),
			report_number(h, "pages"));
		put_text(report_text(h, "comm"), out);
		fputs("</td><td class=\"text\">", out);
		put_text(report_text(h, "what"), out);
		fputs("</td></tr>\n", out);
	}
	fputs("</table></div>\n", out);
}

static void put_area_now(struct json_object *report, struct json_object *area, FILE *out)
{
	static const struct key keys[] = {
		{ "kA", "allocated" }, { "kB", "lent, can move" }, { "kP", "lent, cannot move" },
		{ "", "free" }, { "kU", "not known" }, { NULL, NULL } };

	fputs("<section><h2>", out);
	put_text(report_text(area, "name"), out);
	fputs(" now</h2>\n", out);
	fprintf(out, "<p class=\"soft\">%.0f MiB", mib(report, report_number(area, "pages")));
	if (report_get(area, "free_pages")) {
		fprintf(out, ", %.1f MiB free in %.0f runs, the longest has %.1f MiB;\n",
			mib(report, report_number(area, "free_pages")),
			report_number(area, "free_runs"),
			mib(report, report_number(area, "longest_run_pages")));
		fprintf(out, "fragmentation %.2f (%.2f without alignment).\n",
			report_number(area, "fragmentation_align_8"),
			report_number(area, "fragmentation_align_0"));
		put_keys(keys, out);
	}
	fputs("</p>\n", out);
	if (*report_text(area, "cells"))
		report_svg_now(report_text(area, "cells"), out);
	put_holders(area, out);
	fputs("</section>\n", out);
}

static void put_pagetypes(struct json_object *types, FILE *out)
{
	size_t orders = 0;

	if (!report_length(types))
		return;
	for (size_t i = 0; i < report_length(types); i++) {
		size_t n = report_length(report_get(json_object_array_get_idx(types, i), "free"));

		orders = n > orders ? n : orders;
	}
	fputs("<section><h2>Free memory by type</h2>\n<p class=\"soft\">Free blocks of each order\n"
	      "(/proc/pagetypeinfo). CMA can be lent to movable memory only.</p>\n"
	      "<div class=\"wide\"><table><tr><th>zone, type<th>pages", out);
	for (size_t order = 0; order < orders; order++)
		fprintf(out, "<th>%zu", order);
	fputs("</tr>\n", out);
	for (size_t i = 0; i < report_length(types); i++) {
		struct json_object *type = json_object_array_get_idx(types, i);
		struct json_object *free = report_get(type, "free");

		/* Most kernels have types that nobody uses. */
		if (!report_number(type, "free_pages"))
			continue;
		fputs("<tr><td>", out);
		put_text(report_text(type, "zone"), out);
		fputs(", ", out);
		put_text(report_text(type, "type"), out);
		fprintf(out, "</td><td>%.0f</td>", report_number(type, "free_pages"));
		for (size_t order = 0; order < report_length(free); order++)
			fprintf(out, "<td>%.0f</td>",
				json_object_get_double(json_object_array_get_idx(free, order)));
		fputs("</tr>\n", out);
	}
	fputs("</table></div></section>\n", out);
}

static void put_head(struct json_object *report, FILE *out)
{
	struct json_object *machine = report_get(report, "machine");
	struct json_object *trace = report_get(report, "trace");

	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<title>CMA report</title>\n<style>\n", out);
	fputs(report_style, out);
	fputs("</style></head>\n<body><main>\n<h1>CMA report</h1>\n<p class=\"soft\">", out);
	if (*report_text(machine, "release")) {
		fputs("Linux ", out);
		put_text(report_text(machine, "release"), out);
		fputs(", ", out);
	}
	if (report_number(machine, "memory_kb"))
		fprintf(out, "%.0f MiB of memory, ", report_number(machine, "memory_kb") / 1024);
	if (trace) {
		put_text(report_text(trace, "file"), out);
		fprintf(out, ": %.4g s, %.0f events, ", report_number(trace, "seconds"),
			report_number(trace, "events"));
	}
	fputs("written ", out);
	put_text(report_text(report, "written"), out);
	fputs("</p>\n", out);
	if (report_number(trace, "lost"))
		fprintf(out, "<p class=\"bad\">%.0f events were lost: this is not exact.</p>\n",
			report_number(trace, "lost"));
	if (json_object_get_boolean(report_get(trace, "cut")))
		fputs("<p class=\"bad\">The trace is cut off.</p>\n", out);
}

int report_html(struct json_object *report, FILE *out)
{
	struct json_object *films = report_get(report, "films");
	struct json_object *areas = report_get(report_get(report, "now"), "areas");

	put_head(report, out);
	put_cards(report, out);
	put_verdicts(report, out);
	for (size_t i = 0; i < report_length(films); i++)
		put_film(report, json_object_array_get_idx(films, i), out);
	put_latency(report, out);
	for (size_t i = 0; i < report_length(areas); i++)
		put_area_now(report, json_object_array_get_idx(areas, i), out);
	put_pagetypes(report_get(report, "pagetypes"), out);
	if (report_length(report_get(report, "missing"))) {
		fputs("<section>", out);
		put_list("Not known, and what would tell", report_get(report, "missing"), out);
		fputs("</section>\n", out);
	}
	fputs("</main></body></html>\n", out);
	return ferror(out) ? -EIO : 0;
}
