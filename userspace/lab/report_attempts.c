// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html/json_get.h"
#include "lab/report_attempts.h"
#include "lab/report_columns.h"

static struct report_contender *find_contender(struct report_run *run, const char *name)
{
	struct report_contender *c;

	for (unsigned int i = 0; i < run->contender_count; i++)
		if (!strncmp(run->contenders[i]->name, name, REPORT_NAME - 1))
			return run->contenders[i];
	if (run->contender_count == REPORT_CONTENDERS) {
		run->dropped++;
		return NULL;
	}
	c = calloc(1, sizeof(*c));
	if (!c) {
		run->no_memory = true;
		return NULL;
	}
	snprintf(c->name, sizeof(c->name), "%s", name);
	run->contenders[run->contender_count++] = c;
	return c;
}

static void add_latency(struct report_run *run, struct report_attempts *a, uint64_t ns)
{
	if (!a->latency)
		a->latency = calloc(1, sizeof(*a->latency));
	if (a->latency)
		cma_latency_add(a->latency, ns);
	else
		run->no_memory = true;
}

static void add_attempt(struct report_run *run, struct report_attempts *a, bool failed, uint64_t ns)
{
	a->count++;
	a->failures += failed;
	if (!failed)
		add_latency(run, a, ns);
}

void report_attempts_allocation(struct report_run *run, uint64_t burst, struct json_object *record)
{
	struct report_contender *c = find_contender(run, report_run_text(record, "contender"));
	unsigned int column = report_column(run, burst);
	bool failed = json_number(record, "error") != 0;
	uint64_t ns = report_run_number(record, "ns_taken");

	if (!c)
		return;
	add_attempt(run, &c->total, failed, ns);
	add_attempt(run, &c->columns[column], failed, ns);
}

void report_attempts_merge(struct report_attempts *to, struct report_attempts *from)
{
	to->count += from->count;
	to->failures += from->failures;
	if (to->latency && from->latency) {
		cma_latency_merge(to->latency, from->latency);
		free(from->latency);
	} else if (from->latency) {
		to->latency = from->latency;
	}
	*from = (struct report_attempts){ 0 };
}

static bool alike(struct json_object *a, struct json_object *b)
{
	return !strcmp(report_run_text(a, "contender"), report_run_text(b, "contender")) &&
	       !strcmp(report_run_text(a, "cause"), report_run_text(b, "cause")) &&
	       report_run_number(a, "pages") == report_run_number(b, "pages") &&
	       json_number(a, "error") == json_number(b, "error");
}

/* causes.CONTENDER.CAUSE counts. */
static void count_cause(struct report_run *run, struct json_object *record)
{
	const char *contender = report_run_text(record, "contender");
	const char *cause = report_run_text(record, "cause");
	struct json_object *causes = json_get(run->causes, contender);
	uint64_t count;

	if (!causes) {
		if (json_object_object_length(run->causes) >= (int)REPORT_CONTENDERS)
			return;
		causes = json_object_new_object();
		json_object_object_add(run->causes, contender, causes);
	}
	count = report_run_number(causes, cause);
	if (!count && json_object_object_length(causes) >= (int)REPORT_CONTENDERS)
		return;
	json_object_object_add(causes, cause, json_object_new_uint64(count + 1));
}

void report_attempts_failure(struct report_run *run, struct json_object *record)
{
	unsigned int i = 0;

	count_cause(run, record);
	while (i < run->failure_count && !alike(run->failures[i].first, record))
		i++;
	if (i == REPORT_GROUPS) {
		run->dropped++;
		return;
	}
	if (i == run->failure_count) {
		run->failures[i].first = json_object_get(record);
		run->failure_count++;
	}
	run->failures[i].count++;
	run->failures[i].last_ns = report_run_number(record, "ns");
}
