// SPDX-License-Identifier: MIT
/* The page: the head, the comparison of runs, and what surrounds the charts of each. */
#include <string.h>

#include "cma/latency.h"
#include "html/html.h"
#include "html/json_get.h"
#include "lab/report_html.h"
#include "lab/report_plot.h"
#include "lab/report_results.h"

static bool is_known(struct json_object *o, const char *name)
{
	return json_get(o, name);
}

static bool has_failed(struct json_object *run)
{
	struct json_object *checks = json_get(run, "checks");

	for (size_t i = 0; i < json_length(checks); i++)
		if (!strcmp(json_text(json_at(checks, i), "result"), "fail"))
			return true;
	return false;
}

/* The result of a check by its name: "pass", "fail", "skip" or "". */
static const char *result_of(struct json_object *run, const char *name)
{
	struct json_object *checks = json_get(run, "checks");

	for (size_t i = 0; i < json_length(checks); i++)
		if (!strcmp(json_text(json_at(checks, i), "name"), name))
			return json_text(json_at(checks, i), "result");
	return "";
}

static const char *result_class(const char *result)
{
	return !strcmp(result, "pass") ? "good" : !strcmp(result, "fail") ? "bad" : "";
}

/* A count that should be 0; "–" where it is not known. */
static void put_count(struct json_object *run, const char *name, const char *label, FILE *out)
{
	double value = json_number(run, name);
	char text[32] = "–";

	if (is_known(run, name))
		snprintf(text, sizeof(text), "%.0f", value);
	html_card(!is_known(run, name) ? "" : value ? "bad" : "good", text, label, out);
}

static void put_share(struct json_object *o, const char *name, const char *class, const char *label,
		      FILE *out)
{
	char text[32];

	if (!is_known(o, name))
		return;
	snprintf(text, sizeof(text), "%.3g %%", json_number(o, name) * 100);
	html_card(class, text, label, out);
}

static const char *leak_text(struct json_object *run)
{
	const char *leaks = result_of(run, "no leaks");

	return !strcmp(leaks, "pass") ? "0" : !strcmp(leaks, "fail") ? "some" : "–";
}

static void put_cards(struct json_object *run, FILE *out)
{
	const char *leaks = result_of(run, "no leaks"), *aged = result_of(run, "aged");
	bool complete = json_object_get_boolean(json_get(run, "complete"));
	char text[32];

	fputs("<div class=\"cards\">\n", out);
	plot_duration(json_number(run, "virtual_seconds"), text);
	html_card(complete ? "" : "bad", text, complete ? "of uptime" : "of uptime: ended early",
		  out);
	snprintf(text, sizeof(text), "%.0f", json_number(run, "frames"));
	html_card("", is_known(run, "frames") ? text : "–", "frames", out);
	put_count(run, "torn", "torn", out);
	put_count(run, "lost", "lost", out);
	put_count(run, "wrong", "wrong contents", out);
	put_count(run, "crc_mismatches", "CRC mismatches", out);
	html_card(result_class(leaks), leak_text(run), "leaks", out);
	put_share(json_get(run, "aged"), "success_last", result_class(aged),
		  "of the largest blocks at the end", out);
	fputs("</div>\n", out);
}

static void put_checks(struct json_object *checks, FILE *out)
{
	fputs("<section><h2>What has to hold</h2>\n<div class=\"wide\"><table>\n", out);
	for (size_t i = 0; i < json_length(checks); i++) {
		struct json_object *check = json_at(checks, i);
		const char *result = json_text(check, "result");

		fprintf(out, "<tr><td class=\"%s\">%s</td><td class=\"text fit\">%s ",
			result_class(result), !strcmp(result, "pass") ? "yes" :
			!strcmp(result, "fail") ? "NO" : "not known", json_text(check, "name"));
		fputs("<span class=\"soft\">", out);
		html_text(json_text(check, "message"), out);
		fputs("</span></td></tr>\n", out);
	}
	fputs("</table></div></section>\n", out);
}

static void put_activity(struct json_object *operations, FILE *out)
{
	struct svg_scale scale = { .low = 0, .high = plot_most(operations) };

	svg_open("spark", SVG_W, SVG_H, "operations over uptime", out);
	svg_line("line0", operations, &scale, out);
	svg_close(out);
}

static void put_profiles(struct json_object *run, FILE *out)
{
	struct json_object *profiles = json_get(run, "profiles");

	if (!profiles || !json_object_object_length(profiles))
		return;
	fputs("<section><h2>What aged the machine</h2>\n<div class=\"wide\"><table>\n"
	      "<tr><th>profile<th>bursts<th>operations<th>refused<th>killed\n"
	      "<th>held at most<th>operations over uptime</tr>\n", out);
	json_object_object_foreach(profiles, name, p) {
		fputs("<tr><td>", out);
		html_text(name, out);
		if (*json_text(p, "skipped")) {
			fputs("</td><td class=\"text\" colspan=\"6\">could not run: ", out);
			html_text(json_text(p, "skipped"), out);
			fputs("</td></tr>\n", out);
			continue;
		}
		fprintf(out, "</td><td>%.0f</td><td>%.0f</td><td>%.0f</td><td>%.0f</td>",
			json_number(p, "bursts"), json_number(p, "operations"),
			json_number(p, "failures"), json_number(p, "killed"));
		fprintf(out, "<td>%.4g MiB</td><td>", json_number(p, "held_kb") / 1024);
		put_activity(json_get(p, "over_time"), out);
		fputs("</td></tr>\n", out);
	}
	fputs("</table></div>\n", out);
	if (json_number(json_get(run, "aged"), "filled_kb"))
		fprintf(out, "<p class=\"soft\">%.4g MiB were filled before the first burst.</p>\n",
			json_number(json_get(run, "aged"), "filled_kb") / 1024);
	fputs("</section>\n", out);
}

static void put_sums(const char *title, struct json_object *sums, FILE *out)
{
	const char *between = "";

	fprintf(out, "<h3>%s</h3><p>", title);
	json_object_object_foreach(sums, name, value) {
		fputs(between, out);
		html_text(name, out);
		fputs(" <b>", out);
		if (value)
			fprintf(out, "%.0f</b>", json_object_get_double(value));
		else
			fputs("–</b>", out);
		between = ", ";
	}
	fputs("</p>\n", out);
}

static void put_buffers(struct json_object *run, FILE *out)
{
	static const char *const names[] = { "frames", "torn", "repeated", "lost", "missed",
		"skipped" };
	struct json_object *frames = json_object_new_object(), *leaks = json_get(run, "leaks");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_object_object_add(frames, names[i], json_object_get(json_get(run, names[i])));
	fputs("<section><h2>Frames and buffers</h2>\n", out);
	put_sums("Frames (skipped: bursts without memory for flips)", frames, out);
	put_sums("What became of buffers", json_get(run, "buffers"), out);
	put_sums("What happened meanwhile", json_get(run, "events"), out);
	if (json_object_object_length(json_get(run, "wraps")))
		put_sums("Counters that wrapped", json_get(run, "wraps"), out);
	json_object_put(frames);
	if (leaks)
		put_sums("At the end, less what there was at the start", leaks, out);
	fputs("</section>\n", out);
}

/* A line of the journal's own account, if there is anything to say. */
static void put_journal_count(struct json_object *journal, const char *name, const char *what,
			      FILE *out)
{
	if (json_number(journal, name))
		fprintf(out, "<p class=\"bad\">%.0f %s</p>\n", json_number(journal, name), what);
}

static void put_member(struct json_object *run, const char *name, const char *label, FILE *out)
{
	if (!*json_text(run, name))
		return;
	fprintf(out, "<tr><td>%s</td><td class=\"text fit\">", label);
	html_text(json_text(run, name), out);
	fputs("</td></tr>\n", out);
}

static void put_option(const char *option, struct json_object *run, const char *name, FILE *out)
{
	if (!*json_text(run, name))
		return;
	fprintf(out, " %s ", option);
	html_text(json_text(run, name), out);
}

static void put_command(struct json_object *run, FILE *out)
{
	fputs("<pre>", out);
	if (*json_text(run, "command")) {
		html_text(json_text(run, "command"), out);
	} else {
		fputs("scripts/lab", out);
		put_option("--profile", run, "profile", out);
		put_option("--seed", run, "seed", out);
		put_option("--hours", run, "hours", out);
		put_option("--period", run, "period_s", out);
		put_option("--burst", run, "burst_s", out);
		put_option("--clock", run, "clock", out);
		if (json_number(run, "cma_kb") > 0)
			fprintf(out, " --cma %.0f", json_number(run, "cma_kb") / 1024);
	}
	fputs("</pre>\n", out);
	if (!*json_text(run, "command"))
		fputs("<p class=\"soft\">With the same sources, --mem and --config.</p>\n", out);
}

static void put_origin(struct json_object *run, FILE *out)
{
	static const struct {
		const char *name;
		const char *label;
	} members[] = {
		{ "seed", "seed" }, { "profile", "profile" }, { "hours", "hours" },
		{ "period_s", "seconds from burst to burst" }, { "burst_s", "seconds of a burst" },
		{ "mem_kb", "memory, kB" }, { "cma_kb", "CMA, kB" }, { "kernel", "kernel" },
		{ "arch", "machine" }, { "clock", "clock" } };
	struct json_object *journal = json_get(run, "journal");

	fputs("<section><h2>To repeat it</h2>\n", out);
	put_command(run, out);
	fputs("<div class=\"wide\"><table>\n", out);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		put_member(run, members[i].name, members[i].label, out);
	put_member(journal, "file", "journal", out);
	put_member(journal, "records", "records in it", out);
	fputs("</table></div>\n", out);
	put_journal_count(journal, "garbage", "lines of it are garbage, or in part", out);
	put_journal_count(journal, "absurd", "records of bursts that cannot be", out);
	put_journal_count(journal, "unknown", "records of kinds that are not known here", out);
	put_journal_count(journal, "dropped", "records too many of their kind", out);
	if (json_object_get_boolean(json_get(journal, "cut")))
		fputs("<p class=\"bad\">Its last line is cut off.</p>\n", out);
	fputs("</section>\n", out);
}

static void put_run(struct json_object *run, FILE *out)
{
	put_cards(run, out);
	put_checks(json_get(run, "checks"), out);
	report_html_contenders(run, out);
	report_html_memory(run, out);
	report_html_failures(run, out);
	put_buffers(run, out);
	put_profiles(run, out);
	put_origin(run, out);
}

static void put_cell(struct json_object *run, const char *name, FILE *out)
{
	if (is_known(run, name))
		fprintf(out, "<td%s>%.0f</td>", json_number(run, name) && strcmp(name, "frames") ?
			" class=\"bad\"" : "", json_number(run, name));
	else
		fputs("<td>–</td>", out);
}

/* Success and the slow end of a contender. */
static void put_contender_cells(struct json_object *run, const char *name, FILE *out)
{
	struct json_object *c = json_get(json_get(run, "contenders"), name);
	char text[16];

	if (!c) {
		fputs("<td>–</td><td>–</td>", out);
		return;
	}
	fprintf(out, "<td>%.4g %%</td><td>%s</td>", json_number(c, "success") * 100,
		is_known(c, "p99_ns") ?
		format_ns((uint64_t)json_object_get_int64(json_get(c, "p99_ns")), text) : "–");
}

static void put_comparison(struct json_object *runs, FILE *out)
{
	static const char *const shown[] = { "vdc", "plain" };

	fputs("<section><h2>Runs</h2>\n<div class=\"wide\"><table><tr><th>run<th class=\"left\">\n"
	      "<th>uptime<th>frames<th>torn<th>lost<th>wrong\n"
	      "<th>CRC<th>leaks", out);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		fprintf(out, "<th>%s<th>p99", shown[i]);
	fputs("</tr>\n", out);
	for (size_t i = 0; i < json_length(runs); i++) {
		struct json_object *run = json_at(runs, i);
		bool complete = json_object_get_boolean(json_get(run, "complete"));
		char title[256], length[32];

		report_run_title(run, title, sizeof(title));
		fprintf(out, "<tr><td><a href=\"#run%zu\">", i + 1);
		html_text(title, out);
		fprintf(out, "</a></td><td class=\"left %s\">%s</td><td%s>%s</td>",
			has_failed(run) ? "bad" : "good", has_failed(run) ? "failed" : "right",
			complete ? "" : " class=\"bad\"",
			plot_duration(json_number(run, "virtual_seconds"), length));
		put_cell(run, "frames", out);
		put_cell(run, "torn", out);
		put_cell(run, "lost", out);
		put_cell(run, "wrong", out);
		put_cell(run, "crc_mismatches", out);
		fprintf(out, "<td class=\"%s\">%s</td>", result_class(result_of(run, "no leaks")),
			leak_text(run));
		for (size_t c = 0; c < sizeof(shown) / sizeof(shown[0]); c++)
			put_contender_cells(run, shown[c], out);
		fputs("</tr>\n", out);
	}
	fputs("</table></div></section>\n", out);
}

static void put_subtitle(struct json_object *report, FILE *out)
{
	char title[256];

	fputs("<p class=\"soft\">", out);
	report_run_title(report, title, sizeof(title));
	html_text(title, out);
	if (*json_text(report, "kernel")) {
		fputs(", Linux ", out);
		html_text(json_text(report, "kernel"), out);
	}
	fputs("</p>\n", out);
}

/* Of all runs together. */
static void put_totals(struct json_object *totals, FILE *out)
{
	char text[32];

	fputs("<div class=\"cards\">\n", out);
	plot_duration(json_number(totals, "virtual_seconds"), text);
	html_card("", text, "of uptime", out);
	snprintf(text, sizeof(text), "%.0f", json_number(totals, "frames"));
	html_card("", text, "frames", out);
	put_count(totals, "torn", "torn", out);
	put_count(totals, "lost", "lost", out);
	put_count(totals, "wrong", "wrong contents", out);
	put_count(totals, "crc_mismatches", "CRC mismatches", out);
	put_count(totals, "leaking", "runs that leak", out);
	fputs("</div>\n", out);
}

static void put_several(struct json_object *report, FILE *out)
{
	struct json_object *runs = json_get(report, "runs");

	put_totals(json_get(report, "totals"), out);
	put_checks(json_get(report, "checks"), out);
	put_comparison(runs, out);
	report_html_profiles(json_get(report, "by_profile"), out);
	for (size_t i = 0; i < json_length(runs); i++) {
		char title[256];

		report_run_title(json_at(runs, i), title, sizeof(title));
		fprintf(out, "<details class=\"run\" id=\"run%zu\"><summary>", i + 1);
		html_text(title, out);
		fprintf(out, " <span class=\"%s\">%s</span></summary>\n",
			has_failed(json_at(runs, i)) ? "bad" : "good",
			has_failed(json_at(runs, i)) ? "failed" : "right");
		put_run(json_at(runs, i), out);
		fputs("</details>\n", out);
	}
}

int report_html(struct json_object *report, FILE *out)
{
	html_begin("VDC long-uptime lab", out);
	put_subtitle(report, out);
	if (json_get(report, "runs"))
		put_several(report, out);
	else
		put_run(report, out);
	return html_end(out);
}
