// SPDX-License-Identifier: MIT
/* What a run tells. */
#include "age/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "message.h"

#define NS	1000000000u
#define CELLS	24	/* of the progress bar */

void age_report_progress(const struct age_crew *c, void *data)
{
	const struct lab_schedule *s = &c->setup->schedule;
	uint64_t now = lab_now(), gone = now > s->start_ns ? now - s->start_ns : 0;
	uint64_t all = s->bursts * s->period_ns, operations = 0, failures = 0, held = 0;
	unsigned int burst, cells;
	char bar[CELLS + 1];

	(void)data;
	gone = gone < all ? gone : all;
	burst = (unsigned int)(gone / s->period_ns);
	cells = (unsigned int)((double)gone / (double)all * CELLS);
	for (unsigned int i = 0; i < CELLS; i++)
		bar[i] = i < cells ? '#' : '.';
	bar[CELLS] = '\0';
	for (size_t i = 0; i < c->count; i++) {
		operations += c->members[i].worker.tally->operations;
		failures += c->members[i].worker.tally->failures;
		held += c->members[i].worker.tally->held;
	}
	fprintf(stderr, "\r[%s] burst %u/%u  %u h %02u min  %" PRIu64 " operations, %" PRIu64
		" refused, %" PRIu64 " MB held\033[K", bar, burst < s->bursts ? burst + 1 : burst,
		s->bursts, (unsigned int)(gone / NS / 3600), (unsigned int)(gone / NS / 60 % 60),
		operations, failures, held >> 20);
	fflush(stderr);
}

void age_report_progress_end(void)
{
	fputs("\r\033[K", stderr);
}

static void print_orders(FILE *f, const char *name, const uint64_t orders[AGE_ORDERS])
{
	fprintf(f, "%-14s", name);
	for (int i = 0; i < AGE_ORDERS; i++)
		fprintf(f, " %5" PRIu64, orders[i]);
	fputc('\n', f);
}

void age_report_table(FILE *f, const struct age_crew *c, const struct age_memory *before,
		      const struct age_memory *after)
{
	fprintf(f, "profile   operations   refused   held kB   killed\n");
	for (size_t i = 0; i < c->count; i++) {
		const struct age_member *m = &c->members[i];
		const struct age_tally *t = m->worker.tally;

		if (t->reason[0])
			fprintf(f, "%-8s  skipped: %s\n", m->worker.profile->name, t->reason);
		else
			fprintf(f, "%-8s %11" PRIu64 " %9" PRIu64 " %9" PRIu64 " %8u\n",
				m->worker.profile->name, t->operations, t->failures, t->held / 1024,
				m->deaths);
	}
	fprintf(f, "free blocks of order 0 to %d\n", AGE_ORDERS - 1);
	print_orders(f, "  before", before->free);
	print_orders(f, "  after", after->free);
}

static void add(struct json_object *o, const char *name, uint64_t value)
{
	json_object_object_add(o, name, json_object_new_int64((int64_t)value));
}

static struct json_object *orders(const uint64_t counts[AGE_ORDERS])
{
	struct json_object *array = json_object_new_array();

	for (int i = 0; i < AGE_ORDERS; i++)
		json_object_array_add(array, json_object_new_int64((int64_t)counts[i]));
	return array;
}

static struct json_object *memory(const struct age_memory *m)
{
	struct json_object *o = json_object_new_object(), *types = json_object_new_object();

	add(o, "mem_available_kb", m->available_kb);
	add(o, "mem_free_kb", m->free_kb);
	add(o, "cma_free_kb", m->cma_free_kb);
	add(o, "slab_kb", m->slab_kb);
	json_object_object_add(o, "free", orders(m->free));
	for (int i = 0; i < AGE_TYPES && m->types[i][0]; i++)
		json_object_object_add(types, m->types[i], orders(m->of_type[i]));
	json_object_object_add(o, "types", types);
	return o;
}

static struct json_object *member(const struct age_member *m)
{
	struct json_object *o = json_object_new_object();
	const struct age_tally *t = m->worker.tally;

	json_object_object_add(o, "profile", json_object_new_string(m->worker.profile->name));
	if (t->reason[0])
		json_object_object_add(o, "skipped", json_object_new_string(t->reason));
	add(o, "operations", t->operations);
	add(o, "failures", t->failures);
	add(o, "held_kb", t->held / 1024);
	add(o, "killed", m->deaths);
	return o;
}

struct json_object *age_report_json(const struct age_options *o, const struct age_crew *c,
				    const struct age_budget *b, const struct age_memory *before,
				    const struct age_memory *after)
{
	struct json_object *j = json_object_new_object(), *profiles = json_object_new_array();
	const struct lab_schedule *s = &o->schedule;

	add(j, "seed", o->seed);
	add(j, "bursts", s->bursts);
	json_object_object_add(j, "period_s", json_object_new_double((double)s->period_ns / NS));
	json_object_object_add(j, "burst_s", json_object_new_double((double)s->burst_ns / NS));
	add(j, "fill_kb", b->fill / 1024);
	add(j, "memory_kb", b->total[AGE_ORDINARY] / 1024);
	add(j, "cma_kb", b->total[AGE_CMA] / 1024);
	add(j, "disk_kb", b->total[AGE_DISK] / 1024);
	for (size_t i = 0; i < c->count; i++)
		json_object_array_add(profiles, member(&c->members[i]));
	json_object_object_add(j, "profiles", profiles);
	json_object_object_add(j, "before", memory(before));
	json_object_object_add(j, "after", memory(after));
	return j;
}

int age_report_write(const char *path, struct json_object *json)
{
	int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		    JSON_C_TO_STRING_NOSLASHESCAPE;
	bool standard = !strcmp(path, "-");
	FILE *f = standard ? stdout : fopen(path, "we");
	int ret = 0;

	if (!f || fprintf(f, "%s\n", json_object_to_json_string_ext(json, flags)) < 0)
		ret = -errno;
	if (f && (standard ? fflush(f) : fclose(f)))
		ret = -errno;
	if (ret)
		message("writing %s: %s", path, strerror(-ret));
	json_object_put(json);
	return ret;
}
