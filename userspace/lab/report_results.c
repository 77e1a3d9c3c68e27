// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "cma/latency.h"
#include "html/html.h"
#include "html/json_get.h"
#include "lab/report_results.h"

void report_run_title(struct json_object *run, char *text, size_t size)
{
	const char *profile = json_text(run, "profile"), *seed = json_text(run, "seed");
	double cma_kb = json_number(run, "cma_kb");
	size_t used;

	if (json_get(run, "runs")) {
		snprintf(text, size, "all %zu runs", json_length(json_get(run, "runs")));
		return;
	}
	snprintf(text, size, "%.100s, seed %.40s", *profile ? profile : "?", *seed ? seed : "?");
	used = strlen(text);
	if (cma_kb > 0 && cma_kb < 1e15)
		snprintf(text + used, size - used, ", CMA %.4g MiB", cma_kb / 1024);
	/* It stands in lines. */
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == '#')
			*text = ' ';
}

static size_t count_checks(struct json_object *run, const char *result)
{
	struct json_object *checks = json_get(run, "checks");
	size_t count = 0;

	for (size_t i = 0; i < json_length(checks); i++)
		count += !result || !strcmp(json_text(json_at(checks, i), "result"), result);
	return count;
}

bool report_passed(struct json_object *judged)
{
	for (size_t i = 0; i < json_length(judged); i++)
		if (count_checks(json_at(judged, i), "fail"))
			return false;
	return true;
}

static void ktap_case(size_t n, const char *title, struct json_object *check, FILE *out)
{
	const char *result = json_text(check, "result");

	fprintf(out, "%s %zu %s: %s", strcmp(result, "fail") ? "ok" : "not ok", n, title,
		json_text(check, "name"));
	if (!strcmp(result, "skip"))
		fprintf(out, " # SKIP %s", json_text(check, "message"));
	fputc('\n', out);
}

void report_ktap(struct json_object *judged, FILE *out)
{
	size_t count = 0;

	for (size_t i = 0; i < json_length(judged); i++)
		count += count_checks(json_at(judged, i), NULL);
	fprintf(out, "KTAP version 1\n1..%zu\n", count);
	count = 0;
	for (size_t i = 0; i < json_length(judged); i++) {
		struct json_object *run = json_at(judged, i), *checks = json_get(run, "checks");
		char title[256];

		report_run_title(run, title, sizeof(title));
		for (size_t c = 0; c < json_length(checks); c++) {
			struct json_object *check = json_at(checks, c);

			if (!strcmp(json_text(check, "result"), "fail"))
				fprintf(out, "# %s\n", json_text(check, "message"));
			ktap_case(++count, title, check, out);
		}
	}
}

static void junit_case(const char *title, struct json_object *check, FILE *out)
{
	const char *result = json_text(check, "result");

	fputs("    <testcase classname=\"", out);
	html_text(title, out);
	fputs("\" name=\"", out);
	html_text(json_text(check, "name"), out);
	fputs("\">", out);
	if (strcmp(result, "pass")) {
		fprintf(out, "<%s message=\"", strcmp(result, "fail") ? "skipped" : "failure");
		html_text(json_text(check, "message"), out);
		fputs("\"/>", out);
	} else {
		fputs("<system-out>", out);
		html_text(json_text(check, "message"), out);
		fputs("</system-out>", out);
	}
	fputs("</testcase>\n", out);
}

int report_junit(struct json_object *judged, FILE *out)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	for (size_t i = 0; i < json_length(judged); i++) {
		struct json_object *run = json_at(judged, i), *checks = json_get(run, "checks");
		char title[256];

		report_run_title(run, title, sizeof(title));
		fputs("  <testsuite name=\"vdc-lab: ", out);
		html_text(title, out);
		fprintf(out, "\" tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\" time=\"%.3f\">\n",
			count_checks(run, NULL), count_checks(run, "fail"),
			count_checks(run, "skip"), json_number(run, "virtual_seconds"));
		for (size_t c = 0; c < json_length(checks); c++)
			junit_case(title, json_at(checks, c), out);
		fputs("  </testsuite>\n", out);
	}
	fputs("</testsuites>\n", out);
	return ferror(out) ? -EIO : 0;
}

static const char *time_text(struct json_object *o, const char *name, char *text)
{
	struct json_object *value = json_get(o, name);

	return value ? format_ns((uint64_t)json_object_get_int64(value), text) : "-";
}

static void table_contenders(struct json_object *contenders, FILE *out)
{
	if (!json_object_is_type(contenders, json_type_object) ||
	    !json_object_object_length(contenders))
		return;
	fprintf(out, "  %-14s %8s %8s %8s %9s %9s %9s\n", "contender", "allocs", "failed",
		"success", "p50", "p99", "max");
	json_object_object_foreach(contenders, name, c) {
		char p50[16], p99[16], max[16];

		fprintf(out, "  %-14.14s %8.0f %8.0f %6.1f %% %9s %9s %9s\n", name,
			json_number(c, "allocations"), json_number(c, "failures"),
			json_number(c, "success") * 100, time_text(c, "p50_ns", p50),
			time_text(c, "p99_ns", p99), time_text(c, "max_ns", max));
	}
}

static void table_checks(struct json_object *checks, FILE *out)
{
	for (size_t i = 0; i < json_length(checks); i++) {
		struct json_object *check = json_at(checks, i);

		fprintf(out, "  %-4s  %-27s %s\n", json_text(check, "result"),
			json_text(check, "name"), json_text(check, "message"));
	}
}

static void table_run(struct json_object *run, FILE *out)
{
	struct json_object *journal = json_get(run, "journal");
	double bad = json_number(journal, "garbage") + json_number(journal, "absurd");
	char title[256];

	report_run_title(run, title, sizeof(title));
	fprintf(out, "%s: %.4g h%s\n", title, json_number(run, "virtual_seconds") / 3600,
		json_object_get_boolean(json_get(run, "complete")) ? "" : ", ended early");
	table_checks(json_get(run, "checks"), out);
	if (bad)
		fprintf(out, "  %.0f lines of the journal are garbage\n", bad);
	table_contenders(json_get(run, "contenders"), out);
}

static void table_totals(struct json_object *report, FILE *out)
{
	struct json_object *totals = json_get(report, "totals");
	char title[256];

	report_run_title(report, title, sizeof(title));
	fprintf(out, "%s: %.5g h, %.0f frames, %.0f torn, %.0f lost\n", title,
		json_number(totals, "virtual_seconds") / 3600, json_number(totals, "frames"),
		json_number(totals, "torn"), json_number(totals, "lost"));
	table_checks(json_get(report, "checks"), out);
}

void report_table(struct json_object *judged, FILE *out)
{
	for (size_t i = 0; i < json_length(judged); i++) {
		struct json_object *one = json_at(judged, i);

		if (json_get(one, "runs"))
			table_totals(one, out);
		else
			table_run(one, out);
	}
}
