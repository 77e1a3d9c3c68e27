// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cmascope/json_add.h"
#include "html/json_get.h"
#include "lab/report_checks.h"
#include "lab/report_json.h"
#include "lab/report_over_runs.h"
#include "lab/report_series.h"

/* A run of fewer bursts, and a third of it with fewer attempts, does not tell of age. */
#define AGED_BURSTS	6
#define AGED_ATTEMPTS	4

static void add_bool(struct json_object *o, const char *name, bool value)
{
	json_object_object_add(o, name, json_object_new_boolean(value));
}

/* What the run said of itself. */
static void add_start(struct json_object *o, const struct report_run *run)
{
	static const char *const names[] = { "seed", "profile", "hours", "period_s", "burst_s",
		"mem_kb", "cma_kb", "kernel", "arch", "clock", "command" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct json_object *value = json_get(run->start, names[i]);

		if (json_object_is_type(value, json_type_object) ||
		    json_object_is_type(value, json_type_array))
			value = NULL;
		json_object_object_add(o, names[i], json_object_get(value));
	}
}

static void add_journal(struct json_object *o, const struct report_run *run)
{
	struct json_object *journal = json_object_new_object();

	json_add_text(journal, "file", run->file);
	json_add_number(journal, "records", run->records);
	json_add_number(journal, "unknown", run->unknown);
	json_add_number(journal, "absurd", run->absurd);
	json_add_number(journal, "garbage", run->garbage);
	json_add_number(journal, "dropped", run->dropped);
	add_bool(journal, "cut", run->cut);
	json_object_object_add(o, "journal", journal);
}

/* The counts of a kind; without any record of it they are null, not 0. */
static void add_counts(struct json_object *o, const struct report_run *run, unsigned int kind)
{
	for (unsigned int i = 0; i < REPORT_COUNTS; i++) {
		enum report_count count = (enum report_count)i;

		if (report_run_count_kind(count) == kind)
			json_object_object_add(o, report_run_count_name(count), run->counted[kind] ?
				json_object_new_uint64(run->counts[i]) : NULL);
	}
}

static void add_buffers(struct json_object *o, const struct report_run *run)
{
	struct json_object *buffers = json_object_new_object(), *events = json_object_new_object();

	add_counts(o, run, 0);
	add_counts(buffers, run, 1);
	add_counts(events, run, 2);
	json_object_object_add(o, "wrong", json_object_get(json_get(buffers, "wrong")));
	json_object_object_add(o, "crc_mismatches",
			       json_object_get(json_get(buffers, "crc_mismatches")));
	json_object_object_add(o, "buffers", buffers);
	json_object_object_add(o, "events", events);
	json_object_object_add(o, "wraps", json_object_get(run->wraps));
}

static const char *const balances[] = {
	"cma_free_kb", "cma_used_pages", "dmabufs", "slab_kb", "fds" };

/* Ends less starts. */
static void add_leaks(struct json_object *o, const struct report_run *run)
{
	struct json_object *leaks = NULL;

	if (run->balance[0] && run->balance[1])
		leaks = json_object_new_object();
	for (size_t i = 0; leaks && i < sizeof(balances) / sizeof(balances[0]); i++) {
		struct json_object *start = json_get(run->balance[0], balances[i]);
		struct json_object *end = json_get(run->balance[1], balances[i]);
		uint64_t before = report_run_number(run->balance[0], balances[i]);
		uint64_t after = report_run_number(run->balance[1], balances[i]);

		json_object_object_add(leaks, balances[i], start && end ?
			json_object_new_int64((int64_t)(after - before)) : NULL);
	}
	json_object_object_add(o, "leaks", leaks);
}

static double share(const struct report_attempts *a)
{
	return (double)(a->count - a->failures) / (double)a->count;
}

static void add_attempts(struct json_object *o, const struct report_attempts *a)
{
	static const struct {
		const char *name;
		double percent;
	} percentiles[] = { { "p50_ns", 50 }, { "p99_ns", 99 }, { "max_ns", 100 } };

	json_add_number(o, "allocations", a->count);
	json_add_number(o, "failures", a->failures);
	if (a->count)
		json_add_real(o, "success", share(a), 4);
	else
		json_object_object_add(o, "success", NULL);
	for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
		double percent = percentiles[i].percent;

		json_object_object_add(o, percentiles[i].name, a->latency ?
			json_object_new_uint64(cma_latency_percentile(a->latency, percent)) : NULL);
	}
}

/* As the contenders of the lab are to stand beside each other; others come after them. */
static const char *const contenders[] = {
	"vdc", "plain", "heap-cma", "heap-system", "vkms", "buddy-10", "buddy-11" };

static size_t rank(const char *name)
{
	size_t i = 0;

	while (i < sizeof(contenders) / sizeof(contenders[0]) && strcmp(contenders[i], name))
		i++;
	return i;
}

static void add_contenders(struct json_object *o, const struct report_run *run)
{
	struct json_object *all = json_object_new_object();

	for (size_t place = 0; place <= sizeof(contenders) / sizeof(contenders[0]); place++) {
		for (unsigned int i = 0; i < run->contender_count; i++) {
			const struct report_contender *c = run->contenders[i];
			struct json_object *one;

			if (rank(c->name) != place)
				continue;
			one = json_object_new_object();
			add_attempts(one, &c->total);
			json_object_object_add(one, "over_time", report_series_contender(run, c));
			json_object_object_add(all, c->name, one);
		}
	}
	json_object_object_add(o, "contenders", all);
}

static struct json_object *seconds(uint64_t ns)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3f", (double)ns / 1e9);
	return json_object_new_double_s((double)ns / 1e9, text);
}

static struct json_object *failure_json(const struct report_group *g)
{
	static const char *const names[] = { "contender", "cause", "error", "pages", "align",
		"retries", "free_pages", "max_run", "max_aligned_run", "burst", "summary",
		"evidence", "missing" };
	struct json_object *o = json_object_new_object();

	json_add_number(o, "count", g->count);
	json_object_object_add(o, "first_s", seconds(report_run_number(g->first, "ns")));
	json_object_object_add(o, "last_s", seconds(g->last_ns));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_object_object_add(o, names[i], json_object_get(json_get(g->first, names[i])));
	return o;
}

static void add_failures(struct json_object *o, const struct report_run *run)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < run->failure_count; i++)
		json_object_array_add(list, failure_json(&run->failures[i]));
	json_object_object_add(o, "causes", json_object_get(run->causes));
	json_object_object_add(o, "failures", list);
}

/* What a contender got in the columns from @from up to @until; too little of it says nothing. */
static struct json_object *success_of(const struct report_contender *c, unsigned int from,
				      unsigned int until)
{
	struct report_attempts sum = { 0 };

	for (unsigned int i = from; c && i < until; i++) {
		sum.count += c->columns[i].count;
		sum.failures += c->columns[i].failures;
	}
	return sum.count >= AGED_ATTEMPTS ? json_object_new_double(share(&sum)) : NULL;
}

static const struct report_contender *find_contender(const struct report_run *run, const char *name)
{
	for (unsigned int i = 0; i < run->contender_count; i++)
		if (!strcmp(run->contenders[i]->name, name))
			return run->contenders[i];
	return NULL;
}

/*
 * Age is what takes the largest blocks away that the kernel has at all. Order 11 is more than that
 * where it never was had.
 */
static void add_aged(struct json_object *o, const struct report_run *run)
{
	const struct report_contender *buddy_11 = find_contender(run, "buddy-11");
	const struct report_contender *buddy_10 = find_contender(run, "buddy-10");
	bool had_11 = buddy_11 && buddy_11->total.count > buddy_11->total.failures;
	const struct report_contender *judged = had_11 ? buddy_11 : buddy_10;
	bool is_long = run->columns_used * run->width >= AGED_BURSTS;
	unsigned int third = is_long ? run->columns_used / 3 : 0;
	unsigned int last = run->columns_used - third;
	struct json_object *aged = json_object_new_object();

	json_add_number(aged, "filled_kb", run->filled_kb);
	json_object_object_add(aged, "order",
			       judged ? json_object_new_int(had_11 ? 11 : 10) : NULL);
	json_object_object_add(aged, "success_first", success_of(judged, 0, third));
	json_object_object_add(aged, "success_last", success_of(judged, last, run->columns_used));
	json_object_object_add(aged, "order_11_success",
			       success_of(buddy_11, last, run->columns_used));
	json_object_object_add(aged, "order_10_success",
			       success_of(buddy_10, last, run->columns_used));
	json_object_object_add(aged, "unusable", json_object_get(run->unusable));
	json_object_object_add(aged, "extfrag", json_object_get(run->extfrag));
	json_object_object_add(o, "aged", aged);
}

static void add_wakeup(struct json_object *o, const struct report_run *run)
{
	struct json_object *all = json_object_new_object();

	for (int i = 0; i < REPORT_DURINGS; i++) {
		const struct report_wakeup *wakeup = &run->wakeups[i];
		struct json_object *one;

		if (!wakeup->count)
			continue;
		one = json_object_new_object();
		json_add_number(one, "count", wakeup->count);
		json_add_number(one, "p50_ns", cma_latency_percentile(&wakeup->medians, 50));
		json_add_number(one, "p99_ns", wakeup->p99_ns);
		json_add_number(one, "max_ns", wakeup->max_ns);
		json_object_object_add(all, report_run_during_name((enum report_during)i), one);
	}
	json_object_object_add(o, "wakeup", all);
}

/* What counters grew by between the first look and the last. */
static struct json_object *growth(const struct report_run *run, const uint64_t *looks)
{
	return run->looked && looks[1] >= looks[0] ?
	       json_object_new_uint64(looks[1] - looks[0]) : NULL;
}

static void add_pressure(struct json_object *o, const struct report_run *run)
{
	struct json_object *pressure = json_object_new_object();

	json_object_object_add(o, "kswapd_ns", growth(run, run->kswapd_ns));
	for (int i = 0; i < REPORT_PRESSURES; i++)
		json_object_object_add(pressure,
				       report_run_pressure_name((enum report_pressure)i),
				       growth(run, run->pressure[i]));
	json_object_object_add(o, "pressure", pressure);
}

static void add_complaints(struct json_object *o, const struct report_run *run)
{
	static const char *const names[] = { "name", "path", "reproduced", "cause",
		"summary", "evidence", "missing" };
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < json_length(run->complaints); i++) {
		struct json_object *one = json_object_new_object();
		struct json_object *record = json_at(run->complaints, i);

		for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
			json_object_object_add(one, names[n],
					       json_object_get(json_get(record, names[n])));
		json_object_array_add(list, one);
	}
	json_object_object_add(o, "complaints", list);
}

static void add_profiles(struct json_object *o, const struct report_run *run)
{
	struct json_object *all = json_object_new_object();

	for (unsigned int i = 0; i < run->profile_count; i++) {
		const struct report_profile *p = run->profiles[i];
		struct json_object *one = json_object_new_object();

		json_add_number(one, "bursts", p->bursts);
		json_add_number(one, "operations", p->operations);
		json_add_number(one, "failures", p->failures);
		json_add_number(one, "killed", p->killed);
		json_add_number(one, "held_kb", p->held_kb);
		if (*p->skipped)
			json_add_text(one, "skipped", p->skipped);
		json_object_object_add(one, "over_time", report_series_profile(run, p));
		json_object_object_add(all, p->name, one);
	}
	json_object_object_add(o, "profiles", all);
}

struct json_object *report_json_run(const struct report_run *run)
{
	struct json_object *o = json_object_new_object(), *checks;

	json_object_object_add(o, "virtual_seconds", seconds(run->last_ns));
	add_start(o, run);
	add_bool(o, "complete", run->end);
	json_object_object_add(o, "status", json_object_get(json_get(run->end, "status")));
	json_object_object_add(o, "ended", json_object_get(run->ended));
	add_buffers(o, run);
	add_leaks(o, run);
	add_contenders(o, run);
	add_failures(o, run);
	add_aged(o, run);
	add_wakeup(o, run);
	add_pressure(o, run);
	add_complaints(o, run);
	add_profiles(o, run);
	add_journal(o, run);
	checks = report_checks(run, o);
	json_object_object_add(o, "checks", checks);
	json_object_object_add(o, "over_time", report_series(run));
	return o;
}

struct json_object *report_json(const struct report_runs *runs)
{
	struct json_object *report, *list;

	if (runs->count == 1)
		return report_json_run(runs->runs[0]);
	report = json_object_new_object();
	list = json_object_new_array();
	for (size_t i = 0; i < runs->count; i++)
		json_object_array_add(list, report_json_run(runs->runs[i]));
	json_object_object_add(report, "runs", list);
	report_over_runs(report);
	return report;
}

struct json_object *report_json_judged(struct json_object *report)
{
	struct json_object *judged = json_object_new_array(), *runs = json_get(report, "runs");

	for (size_t i = 0; i < json_length(runs); i++)
		json_object_array_add(judged, json_object_get(json_at(runs, i)));
	json_object_array_add(judged, json_object_get(report));
	return judged;
}
