// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmascope/json_add.h"
#include "html/json_get.h"
#include "lab/report_checks.h"

#define AGED		0.1	/* success of the largest blocks below this: memory is in pieces */
#define TEST_SKIPPED	77	/* status of a test whose requirements are not met */

static void add_check(struct json_object *checks, const char *name, const char *result,
		      const char *format, ...) __attribute__((format(printf, 4, 5)));

static void add_check(struct json_object *checks, const char *name, const char *result,
		      const char *format, ...)
{
	struct json_object *o = json_object_new_object();
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* It stands in lines. */
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	json_add_text(o, "name", name);
	json_add_text(o, "result", result);
	json_add_text(o, "message", text);
	json_object_array_add(checks, o);
}

/* A count that has to be 0. */
static void check_none(struct json_object *checks, const char *name, const struct report_run *run,
		       enum report_count count, enum report_count of)
{
	static const char *const kinds[] = { "frames", "buffers", "events" };
	unsigned long long n = run->counts[count], all = run->counts[of];

	if (!run->counted[report_run_count_kind(count)] || (!all && !n))
		add_check(checks, name, "skip", "no %s were recorded",
			  kinds[report_run_count_kind(count)]);
	else if (n)
		add_check(checks, name, "fail", "%llu %s of %llu %s, first in burst %llu", n,
			  report_run_count_name(count), all, report_run_count_name(of),
			  (unsigned long long)run->first_burst[count]);
	else
		add_check(checks, name, "pass", "0 of %llu %s", all, report_run_count_name(of));
}

/* One more, after a comma. */
static void add_to_list(char *list, size_t size, const char *text)
{
	size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used ? ", " : "", text);
}

/*
 * What comes and goes with no fault of anybody's is allowed for: the kernel counts files in steps,
 * keeps slabs, and lends movable memory a little of CMA.
 */
static void check_leaks(struct json_object *checks, struct json_object *leaks)
{
	static const struct {
		const char *name;
		double slack;
	} kept[] = {
		{ "cma_used_pages", 0 }, { "dmabufs", 0 }, { "slab_kb", 8192 }, { "fds", 64 },
		{ "cma_free_kb", 4096 },
	};
	char more[256] = "", unknown[256] = "";

	if (!leaks) {
		add_check(checks, "no leaks", "skip", "no balance of both start and end");
		return;
	}
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		double n = json_number(leaks, kept[i].name);
		char text[64];

		if (!json_get(leaks, kept[i].name)) {
			add_to_list(unknown, sizeof(unknown), kept[i].name);
			continue;
		}
		snprintf(text, sizeof(text), "%s %+.0f", kept[i].name, n);
		/* Of free memory less is bad. */
		if ((strcmp(kept[i].name, "cma_free_kb") ? n : -n) > kept[i].slack)
			add_to_list(more, sizeof(more), text);
	}
	if (*more)
		add_check(checks, "no leaks", "fail", "%s", more);
	else if (*unknown)
		add_check(checks, "no leaks", "skip", "not known: %s", unknown);
	else
		add_check(checks, "no leaks", "pass", "all is given back");
}

/* What was to be had in the beginning is no more. */
static void check_aged(struct json_object *checks, const struct report_run *run,
		       struct json_object *aged, struct json_object *buddy_11)
{
	struct json_object *first = json_get(aged, "success_first");
	struct json_object *last = json_get(aged, "success_last");
	double before = json_object_get_double(first), after = json_object_get_double(last);
	bool above = buddy_11 && !json_number(buddy_11, "success");

	if (!json_get(aged, "order"))
		add_check(checks, "aged", "skip", "nobody tried an order that the kernel has");
	else if (!run->profile_count)
		add_check(checks, "aged", "fail", "vdc-age has reported nothing");
	else if (!first || !last)
		add_check(checks, "aged", "skip", "too short to age");
	else
		add_check(checks, "aged", before >= AGED && after < AGED ? "pass" : "fail",
			  "order %.0f succeeds in %.3g %% in the first third, in %.3g %% in the last%s",
			  json_number(aged, "order"), before * 100, after * 100,
			  above ? "; order 11 is above what the kernel has" : "");
}

/* The test's own status; a journal that does not tell it has the run's; NULL: not known. */
static struct json_object *test_status(const struct report_run *run)
{
	struct json_object *status = json_get(run->ended, "uptime");

	return status ? status : json_get(run->end, "status");
}

static void check_test(struct json_object *checks, const struct report_run *run)
{
	struct json_object *status = test_status(run);
	double value = json_object_get_double(status);

	if (!status)
		add_check(checks, "buffers verified", "skip", "no status of vdc_uptime");
	else if (value == TEST_SKIPPED)
		add_check(checks, "buffers verified", "skip", "vdc_uptime could not run");
	else
		add_check(checks, "buffers verified", value ? "fail" : "pass",
			  "vdc_uptime ended with status %.0f", value);
}

/*
 * That nothing wrong was seen says something only of what was looked at: frames in half of the
 * bursts, and as many buffers on a screen as there are bursts.
 */
static void check_coverage(struct json_object *checks, const struct report_run *run)
{
	unsigned long long shown = run->shown, scanned = run->counts[REPORT_SCANNED];
	double period_s = json_number(run->start, "period_s");
	double bursts = period_s > 0 ? json_number(run->start, "hours") * 3600 / period_s : 0;
	bool is_enough = (double)shown * 2 >= bursts && (double)scanned >= bursts;
	struct json_object *status = test_status(run);

	if (!(bursts > 0))
		add_check(checks, "enough was verified", "skip", "the timetable is not known");
	else if (!status && !run->counted[0] && !run->counted[1])
		add_check(checks, "enough was verified", "skip", "no word of vdc_uptime");
	else if (json_object_get_double(status) == TEST_SKIPPED)
		add_check(checks, "enough was verified", "skip", "vdc_uptime could not run");
	else
		add_check(checks, "enough was verified", is_enough ? "pass" : "fail",
			  "frames in %llu and %llu buffers on a screen in %.5g bursts", shown,
			  scanned, bursts);
}

/* The other programs of the run. */
static void check_programs(struct json_object *checks, const struct report_run *run)
{
	size_t count = 0;

	json_object_object_foreach(run->ended, program, status) {
		if (!strcmp(program, "uptime"))
			continue;
		count++;
		if (json_object_get_double(status)) {
			add_check(checks, "programs ended well", "fail",
				  "%.100s ended with status %.0f", program,
				  json_object_get_double(status));
			return;
		}
	}
	if (count)
		add_check(checks, "programs ended well", "pass", "%zu with status 0", count);
	else
		add_check(checks, "programs ended well", "skip", "no status of any");
}

static void check_end(struct json_object *checks, const struct report_run *run)
{
	if (run->end)
		add_check(checks, "complete", "pass", "the journal has its end");
	else
		add_check(checks, "complete", "fail", "ended early, after %.4g h",
			  (double)run->last_ns / 3.6e12);
}

static bool is_explained(struct json_object *complaint)
{
	const char *cause = report_run_text(complaint, "cause");

	return *cause && strcmp(cause, "unknown");
}

static void check_complaints(struct json_object *checks, const struct report_run *run)
{
	size_t count = json_length(run->complaints), reproduced = 0, open = 0;
	const char *first = "";

	for (size_t i = 0; i < count; i++) {
		struct json_object *one = json_at(run->complaints, i);

		if (!json_object_get_boolean(json_get(one, "reproduced")))
			continue;
		reproduced++;
		if (is_explained(one))
			continue;
		first = open++ ? first : report_run_text(one, "name");
	}
	if (!count)
		add_check(checks, "complaints explained", "skip", "none was tried");
	else if (open)
		add_check(checks, "complaints explained", "fail",
			  "%zu of %zu reproduced have no cause, first %.200s", open, reproduced,
			  first);
	else
		add_check(checks, "complaints explained", "pass",
			  "%zu of %zu reproduced, each with its cause", reproduced, count);
}

struct json_object *report_checks(const struct report_run *run, struct json_object *o)
{
	struct json_object *checks = json_object_new_array();

	check_end(checks, run);
	check_test(checks, run);
	check_programs(checks, run);
	check_coverage(checks, run);
	check_none(checks, "no torn frames", run, REPORT_TORN, REPORT_FRAMES);
	check_none(checks, "no lost frames", run, REPORT_LOST, REPORT_FRAMES);
	check_none(checks, "no wrong contents", run, REPORT_WRONG, REPORT_CHECKED);
	check_none(checks, "no CRC mismatches", run, REPORT_MISMATCHES, REPORT_SCANNED);
	check_leaks(checks, json_get(o, "leaks"));
	check_aged(checks, run, json_get(o, "aged"),
		   json_get(json_get(o, "contenders"), "buddy-11"));
	check_complaints(checks, run);
	return checks;
}
