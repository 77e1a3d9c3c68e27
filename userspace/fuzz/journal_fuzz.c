// SPDX-License-Identifier: MIT
/*
 * libFuzzer target: the input is a journal of an ageing run. It is read whole and in pieces, which
 * must not differ, and all that can be made from it is made.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html/json_get.h"
#include "lab/report_html.h"
#include "lab/report_json.h"
#include "lab/report_read.h"
#include "lab/report_results.h"

static void die(const char *what)
{
	fprintf(stderr, "journal_fuzz: %s\n", what);
	abort();
}

static struct json_object *read_journal(const char *bytes, size_t size, size_t piece)
{
	struct report_runs runs = { 0 };
	struct report_reader reader;
	struct json_object *report;

	if (report_reader_begin(&reader, &runs, "journal"))
		die("no memory");
	for (size_t at = 0; at < size; at += piece)
		report_reader_feed(&reader, bytes + at, size - at < piece ? size - at : piece);
	if (report_reader_end(&reader))
		die("no memory");
	report = report_json(&runs);
	report_runs_end(&runs);
	return report;
}

/* What has to hold for any run. */
static void check_run(struct json_object *run)
{
	struct json_object *contenders = json_get(run, "contenders");
	struct json_object *map = json_get(json_get(run, "over_time"), "map");

	if (json_length(map) > REPORT_COLUMNS)
		die("more columns than there may be");
	json_object_object_foreach(contenders, name, c) {
		double success = json_number(c, "success");

		(void)name;
		if (json_number(c, "failures") > json_number(c, "allocations"))
			die("more failures than allocations");
		if (success < 0 || success > 1)
			die("a share that is none");
		if (json_number(c, "p50_ns") > json_number(c, "p99_ns") ||
		    json_number(c, "p99_ns") > json_number(c, "max_ns"))
			die("percentiles out of order");
	}
}

static void write_all(struct json_object *report)
{
	struct json_object *judged = report_json_judged(report);
	char *text = NULL;
	size_t size = 0, page;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die("no memory");
	for (size_t i = 0; i < json_length(judged); i++)
		if (!json_get(json_at(judged, i), "runs"))
			check_run(json_at(judged, i));
	report_ktap(judged, out);
	report_table(judged, out);
	fflush(out);
	page = size;
	if (report_html(report, out) || report_junit(judged, out))
		die("cannot write to memory");
	fclose(out);
	if (strstr(text + page, "<script"))
		die("markup of the journal in the page");
	free(text);
	json_object_put(judged);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct json_object *whole = read_journal(bytes, size, size ? size : 1);
	struct json_object *pieces = read_journal(bytes, size, size ? 1 + data[0] % 64u : 1);

	if (strcmp(json_object_to_json_string(whole), json_object_to_json_string(pieces)))
		die("it matters how the journal is cut");
	write_all(whole);
	json_object_put(whole);
	json_object_put(pieces);
	return 0;
}
