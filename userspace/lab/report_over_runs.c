// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cmascope/json_add.h"
#include "html/json_get.h"
#include "lab/report_over_runs.h"
#include "lab/report_run.h"

#define REPRODUCED	2u	/* profiles in which the plain path has to fail */

/* How many runs a check ended in some way in. */
static uint64_t count_results(struct json_object *runs, const char *check, const char *result)
{
	uint64_t count = 0;

	for (size_t i = 0; i < json_length(runs); i++) {
		struct json_object *checks = json_get(json_at(runs, i), "checks");

		for (size_t c = 0; c < json_length(checks); c++)
			count += !strcmp(json_text(json_at(checks, c), "name"), check) &&
				 !strcmp(json_text(json_at(checks, c), "result"), result);
	}
	return count;
}

/* Add a count of @from to that of @sums. */
static void add_to(struct json_object *sums, const char *name, struct json_object *from)
{
	json_add_number(sums, name, report_run_number(sums, name) + report_run_number(from, name));
}

static struct json_object *totals_json(struct json_object *runs)
{
	static const char *const names[] = { "frames", "torn", "repeated", "lost", "missed",
		"skipped", "wrong", "crc_mismatches" };
	struct json_object *totals = json_object_new_object();
	double length = 0;

	for (size_t i = 0; i < json_length(runs); i++)
		length += json_number(json_at(runs, i), "virtual_seconds");
	json_add_number(totals, "runs", json_length(runs));
	json_add_number(totals, "complete", count_results(runs, "complete", "pass"));
	json_add_real(totals, "virtual_seconds", length, 3);
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
		for (size_t i = 0; i < json_length(runs); i++)
			add_to(totals, names[n], json_at(runs, i));
	json_add_number(totals, "leaking", count_results(runs, "no leaks", "fail"));
	return totals;
}

/* A member that is an object; a new one if there is none. */
static struct json_object *member(struct json_object *o, const char *name)
{
	struct json_object *value = json_get(o, name);

	if (!value) {
		value = json_object_new_object();
		json_object_object_add(o, name, value);
	}
	return value;
}

static void add_contenders(struct json_object *profile, struct json_object *contenders)
{
	json_object_object_foreach(contenders, name, c) {
		struct json_object *sums = member(profile, name);
		double count, failures;

		add_to(sums, "allocations", c);
		add_to(sums, "failures", c);
		count = json_number(sums, "allocations");
		failures = json_number(sums, "failures");
		if (count)
			json_add_real(sums, "success", (count - failures) / count, 4);
	}
}

static struct json_object *by_profile(struct json_object *runs)
{
	struct json_object *all = json_object_new_object();

	for (size_t i = 0; i < json_length(runs); i++) {
		struct json_object *run = json_at(runs, i);

		if (*json_text(run, "profile"))
			add_contenders(member(all, json_text(run, "profile")),
				       json_get(run, "contenders"));
	}
	return all;
}

/* What the lab is there to show has to be seen in it: that the plain path fails. */
static struct json_object *check_plain(struct json_object *profiles)
{
	struct json_object *check = json_object_new_object();
	unsigned int tried = 0, failed = 0;
	char text[64];

	json_object_object_foreach(profiles, name, contenders) {
		struct json_object *plain = json_get(contenders, "plain");

		(void)name;
		tried += json_number(plain, "allocations") > 0;
		failed += json_number(plain, "failures") > 0;
	}
	snprintf(text, sizeof(text), "it fails in %u of %u", failed, tried);
	json_add_text(check, "name", "plain fails in two profiles");
	json_add_text(check, "result", tried < REPRODUCED ? "skip" :
		      failed < REPRODUCED ? "fail" : "pass");
	json_add_text(check, "message", text);
	return check;
}

void report_over_runs(struct json_object *report)
{
	struct json_object *runs = json_get(report, "runs"), *checks = json_object_new_array();
	struct json_object *profiles = by_profile(runs);

	json_object_array_add(checks, check_plain(profiles));
	json_object_object_add(report, "totals", totals_json(runs));
	json_object_object_add(report, "by_profile", profiles);
	json_object_object_add(report, "checks", checks);
}
