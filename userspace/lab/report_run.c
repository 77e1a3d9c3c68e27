// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html/json_get.h"
#include "lab/report_attempts.h"
#include "lab/report_columns.h"
#include "lab/report_run.h"

#define MAX_BURST	1000000u	/* where no timetable is known */

static const struct {
	unsigned int kind;
	const char *name;
} counts[REPORT_COUNTS] = {
	[REPORT_FRAMES] = { 0, "frames" },
	[REPORT_TORN] = { 0, "torn" },
	[REPORT_REPEATED] = { 0, "repeated" },
	[REPORT_LOST] = { 0, "lost" },
	[REPORT_MISSED] = { 0, "missed" },
	[REPORT_SKIPPED] = { 0, "skipped" },
	[REPORT_ALLOCATED] = { 1, "allocated" },
	[REPORT_FAILED] = { 1, "failed" },
	[REPORT_EXPORTED] = { 1, "exported" },
	[REPORT_IMPORTED] = { 1, "imported" },
	[REPORT_SCANNED] = { 1, "scanned" },
	[REPORT_CHECKED] = { 1, "checked" },
	[REPORT_WRONG] = { 1, "wrong" },
	[REPORT_MISMATCHES] = { 1, "crc_mismatches" },
	[REPORT_MODESETS] = { 2, "modesets" },
	[REPORT_UNPLUGS] = { 2, "unplugs" },
	[REPORT_KILLS] = { 2, "kills" },
};

const char *report_run_count_name(enum report_count count)
{
	return counts[count].name;
}

unsigned int report_run_count_kind(enum report_count count)
{
	return counts[count].kind;
}

const char *report_run_during_name(enum report_during during)
{
	static const char *const names[REPORT_DURINGS] = { "cma", "other", "nothing" };

	return names[during];
}

const char *report_run_pressure_name(enum report_pressure pressure)
{
	static const char *const names[REPORT_PRESSURES] = {
		"stalls", "compact_stalls", "compact_fails", "oom_kills", "cma_fails" };

	return names[pressure];
}

uint64_t report_run_number(struct json_object *record, const char *name)
{
	int64_t value = json_object_get_int64(json_get(record, name));

	return value > 0 ? (uint64_t)value : 0;
}

const char *report_run_text(struct json_object *record, const char *name)
{
	struct json_object *value = json_get(record, name);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

struct report_run *report_run_create(const char *file)
{
	struct report_run *run = calloc(1, sizeof(*run));

	if (!run)
		return NULL;
	run->width = 1;
	run->file = strdup(file);
	run->complaints = json_object_new_array();
	run->causes = json_object_new_object();
	run->ended = json_object_new_object();
	run->wraps = json_object_new_object();
	if (run->file && run->complaints && run->causes && run->ended && run->wraps)
		return run;
	report_run_destroy(run);
	return NULL;
}

static void destroy_contender(struct report_contender *c)
{
	free(c->total.latency);
	for (unsigned int i = 0; i < REPORT_COLUMNS; i++)
		free(c->columns[i].latency);
	free(c);
}

void report_run_destroy(struct report_run *run)
{
	if (!run)
		return;
	for (unsigned int i = 0; i < run->contender_count; i++)
		destroy_contender(run->contenders[i]);
	for (unsigned int i = 0; i < run->profile_count; i++)
		free(run->profiles[i]);
	for (unsigned int i = 0; i < run->failure_count; i++)
		json_object_put(run->failures[i].first);
	json_object_put(run->start);
	json_object_put(run->end);
	json_object_put(run->balance[0]);
	json_object_put(run->balance[1]);
	json_object_put(run->unusable);
	json_object_put(run->extfrag);
	json_object_put(run->complaints);
	json_object_put(run->causes);
	json_object_put(run->ended);
	json_object_put(run->wraps);
	free(run->file);
	free(run);
}

static void replace(struct json_object **kept, struct json_object *record)
{
	json_object_put(*kept);
	*kept = json_object_get(record);
}

static void add_start(struct report_run *run, uint64_t burst, struct json_object *record)
{
	(void)burst;
	replace(&run->start, record);
}

static void add_end(struct report_run *run, uint64_t burst, struct json_object *record)
{
	(void)burst;
	replace(&run->end, record);
}

static void add_balance(struct report_run *run, uint64_t burst, struct json_object *record)
{
	const char *when = report_run_text(record, "when");

	(void)burst;
	if (!strcmp(when, "start"))
		replace(&run->balance[0], record);
	else if (!strcmp(when, "end"))
		replace(&run->balance[1], record);
	else
		run->unknown++;
}

static void add_ended(struct report_run *run, uint64_t burst, struct json_object *record)
{
	struct json_object *status = json_get(record, "status");

	(void)burst;
	if (json_object_object_length(run->ended) < (int)REPORT_PROFILES)
		json_object_object_add(run->ended, report_run_text(record, "program"),
				       json_object_get(status));
	else
		run->dropped++;
}

static void add_filled(struct report_run *run, uint64_t burst, struct json_object *record)
{
	(void)burst;
	run->filled_kb = report_run_number(record, "kb");
}

static struct report_profile *find_profile(struct report_run *run, const char *name)
{
	struct report_profile *p;

	for (unsigned int i = 0; i < run->profile_count; i++)
		if (!strncmp(run->profiles[i]->name, name, REPORT_NAME - 1))
			return run->profiles[i];
	if (run->profile_count == REPORT_PROFILES) {
		run->dropped++;
		return NULL;
	}
	p = calloc(1, sizeof(*p));
	if (!p) {
		run->no_memory = true;
		return NULL;
	}
	snprintf(p->name, sizeof(p->name), "%s", name);
	run->profiles[run->profile_count++] = p;
	return p;
}

static void add_profile(struct report_run *run, uint64_t burst, struct json_object *record)
{
	struct report_profile *p = find_profile(run, report_run_text(record, "profile"));
	uint64_t held_kb = report_run_number(record, "held_kb");
	unsigned int column = report_column(run, burst);

	if (!p)
		return;
	p->bursts++;
	p->operations += report_run_number(record, "operations");
	p->failures += report_run_number(record, "failures");
	if (held_kb > p->held_kb)
		p->held_kb = held_kb;
	p->columns[column] += (double)report_run_number(record, "operations");
}

static void add_skipped(struct report_run *run, uint64_t burst, struct json_object *record)
{
	struct report_profile *p = find_profile(run, report_run_text(record, "profile"));

	(void)burst;
	if (p)
		snprintf(p->skipped, sizeof(p->skipped), "%s", report_run_text(record, "reason"));
}

static void add_killed(struct report_run *run, uint64_t burst, struct json_object *record)
{
	struct report_profile *p = find_profile(run, report_run_text(record, "profile"));

	(void)burst;
	if (p)
		p->killed++;
}

static void add_counts(struct report_run *run, unsigned int kind, uint64_t burst,
		       struct json_object *record)
{
	run->counted[kind]++;
	report_column(run, burst);
	for (size_t i = 0; i < REPORT_COUNTS; i++) {
		uint64_t value = report_run_number(record, counts[i].name);

		if (counts[i].kind != kind || !value)
			continue;
		if (!run->counts[i])
			run->first_burst[i] = burst;
		run->counts[i] += value;
	}
}

static void add_frames(struct report_run *run, uint64_t burst, struct json_object *record)
{
	add_counts(run, 0, burst, record);
	if (report_run_number(record, "frames") && run->shown_last != burst + 1) {
		run->shown_last = burst + 1;
		run->shown++;
	}
}

static void add_buffers(struct report_run *run, uint64_t burst, struct json_object *record)
{
	add_counts(run, 1, burst, record);
}

static void add_events(struct report_run *run, uint64_t burst, struct json_object *record)
{
	add_counts(run, 2, burst, record);
}

static void add_wrap(struct report_run *run, uint64_t burst, struct json_object *record)
{
	const char *counter = report_run_text(record, "counter");
	uint64_t count = report_run_number(run->wraps, counter);

	(void)burst;
	if (count || json_object_object_length(run->wraps) < (int)REPORT_PROFILES)
		json_object_object_add(run->wraps, counter, json_object_new_uint64(count + 1));
	else
		run->dropped++;
}

static void add_failure(struct report_run *run, uint64_t burst, struct json_object *record)
{
	(void)burst;
	report_attempts_failure(run, record);
}

static void add_complaint(struct report_run *run, uint64_t burst, struct json_object *record)
{
	(void)burst;
	if (json_length(run->complaints) < REPORT_GROUPS)
		json_object_array_add(run->complaints, json_object_get(record));
	else
		run->dropped++;
}

static const struct {
	const char *who;
	const char *what;
	bool burst;
	void (*add)(struct report_run *run, uint64_t burst, struct json_object *record);
} kinds[] = {
	{ "lab", "start", false, add_start },
	{ "lab", "end", false, add_end },
	{ "lab", "balance", false, add_balance },
	{ "lab", "ended", false, add_ended },
	{ "age", "filled", false, add_filled },
	{ "age", "skipped", false, add_skipped },
	{ "age", "killed", false, add_killed },
	{ "age", "burst", true, add_profile },
	{ "probe", "allocation", true, report_attempts_allocation },
	{ "probe", "failure", true, add_failure },
	{ "probe", "memory", true, report_column_memory },
	{ "probe", "wakeup", true, report_column_wakeup },
	{ "uptime", "frames", true, add_frames },
	{ "uptime", "buffers", true, add_buffers },
	{ "uptime", "events", true, add_events },
	{ "uptime", "wrap", true, add_wrap },
	{ "uptime", "complaint", false, add_complaint },
};

/* Whether a run can have a burst of that number. */
static bool is_possible(const struct report_run *run, uint64_t burst)
{
	double hours = json_number(run->start, "hours");
	double period_s = json_number(run->start, "period_s");

	if (hours > 0 && period_s > 0)
		return (double)burst <= hours * 3600 / period_s + 1;
	return burst < MAX_BURST;
}

void report_run_add(struct report_run *run, struct json_object *record)
{
	const char *who = report_run_text(record, "who"), *what = report_run_text(record, "what");
	uint64_t burst = run->burst, ns = report_run_number(record, "ns");
	size_t i = 0;

	run->records++;
	while (i < sizeof(kinds) / sizeof(kinds[0]) &&
	       (strcmp(kinds[i].who, who) || strcmp(kinds[i].what, what)))
		i++;
	if (i == sizeof(kinds) / sizeof(kinds[0])) {
		run->unknown++;
		return;
	}
	if (kinds[i].burst && json_get(record, "burst")) {
		burst = report_run_number(record, "burst");
		if (!is_possible(run, burst)) {
			run->absurd++;
			return;
		}
	}
	run->burst = burst;
	if (ns > run->last_ns)
		run->last_ns = ns;
	kinds[i].add(run, burst, record);
}
