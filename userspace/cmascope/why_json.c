// SPDX-License-Identifier: MIT
/* Failures and verdicts, for programs. Numbers that are not known are null. */
#include "cmascope/why.h"

static void add(struct json_object *object, const char *name, struct json_object *value)
{
	json_object_object_add(object, name, value);
}

static struct json_object *number(uint64_t value)
{
	return value == CMA_UNKNOWN ? NULL : json_object_new_uint64(value);
}

static struct json_object *word(const char *text)
{
	return *text ? json_object_new_string(text) : NULL;
}

static struct json_object *lines(char **text, size_t count)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(array, json_object_new_string(text[i]));
	return array;
}

static const char *runs_name(enum cma_runs_known known)
{
	static const char *const names[] = {
		[CMA_RUNS_NONE] = "none",
		[CMA_RUNS_PART] = "part",
		[CMA_RUNS_ALL] = "all",
	};

	return names[known];
}

struct json_object *why_json(const struct cma_failure *failure, const struct cma_verdict *verdict)
{
	struct json_object *o = json_object_new_object();

	add(o, "cause", json_object_new_string(cma_cause_name(verdict->cause)));
	add(o, "certain", json_object_new_boolean(verdict->certain));
	add(o, "summary", json_object_new_string(verdict->summary));
	add(o, "area", word(failure->area.name));
	add(o, "area_pages", number(failure->area.pages));
	add(o, "base_pfn", number(failure->area.base_pfn));
	add(o, "order_per_bit", json_object_new_int((int)failure->area.order_per_bit));
	add(o, "page_size", failure->page_size ?
	    json_object_new_int((int)failure->page_size) : NULL);
	add(o, "count", number(failure->count));
	add(o, "align", failure->align < 0 ? NULL : json_object_new_int(failure->align));
	add(o, "error", failure->error ? json_object_new_int(failure->error) : NULL);
	add(o, "time", failure->time < 0 ? NULL : json_object_new_double(failure->time));
	add(o, "line", failure->line ? json_object_new_uint64(failure->line) : NULL);
	add(o, "pid", failure->pid < 0 ? NULL : json_object_new_int(failure->pid));
	add(o, "comm", word(failure->comm));
	add(o, "free_pages", number(failure->free_pages));
	add(o, "runs_known", json_object_new_string(runs_name(failure->runs_known)));
	add(o, "run_count", json_object_new_uint64(failure->run_count));
	add(o, "busy_retries", number(failure->busy_retries));
	add(o, "busy_pfn", number(failure->busy_pfn));
	add(o, "system_free_pages", number(failure->system_free_pages));
	add(o, "suppressed", json_object_new_uint64(failure->suppressed));
	add(o, "again", json_object_new_uint64(0));
	add(o, "evidence", lines(verdict->evidence, verdict->evidence_count));
	add(o, "remedies", lines(verdict->remedies, verdict->remedy_count));
	add(o, "missing", lines(verdict->missing, verdict->missing_count));
	return o;
}
