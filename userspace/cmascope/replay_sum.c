// SPDX-License-Identifier: MIT
/* Results of several replays, of several machines, added up as if one had made them. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmascope/replay.h"
#include "message.h"

#define MAX_RUNS	10000000000ULL	/* of a row of a file */

static struct json_object *member(struct json_object *o, const char *name)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(o, name, &value);
	return value;
}

static uint64_t number(struct json_object *o, const char *name)
{
	return json_object_get_uint64(member(o, name));
}

/* "" where there is none. */
static const char *text(struct json_object *o, const char *name)
{
	struct json_object *value = member(o, name);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

/* Whether both played the same, but for seeds and their number. */
static bool same_source(struct json_object *a, struct json_object *b)
{
	static const char *const texts[] = { "workload", "trace", "area" };
	static const char *const numbers[] = {
		"allocations", "page_size", "failed_in_recording", "lost_events",
	};
	bool same = json_object_get_double(member(a, "busy")) ==
		    json_object_get_double(member(b, "busy"));

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		same = same && !strcmp(text(a, texts[i]), text(b, texts[i]));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		same = same && number(a, numbers[i]) == number(b, numbers[i]);
	return same;
}

/* The source stands in @options and @script as if it had been replayed here. */
static int set_source(struct replay *r, struct json_object *source)
{
	struct replay_options *o = &r->options;
	struct cma_script *s = &r->script;
	uint64_t page_size = number(source, "page_size");
	int ret;

	o->workload = cma_workload_find(text(source, "workload"));
	o->trace = text(source, "trace");
	o->busy = json_object_get_double(member(source, "busy"));
	o->allocations = number(source, "allocations");
	o->seed = number(source, "seed");
	o->runs = 0;
	if ((!o->workload && !*o->trace) || page_size < 1024 || page_size > 1 << 20)
		return -EINVAL;
	cma_script_init(s);
	snprintf(s->area.name, sizeof(s->area.name), "%s", text(source, "area"));
	s->page_size = (uint32_t)page_size;
	s->failed = number(source, "failed_in_recording");
	s->unknown = number(source, "unknown_releases");
	s->lost = number(source, "lost_events");
	/* One allocation stands for all that were held at once. */
	ret = cma_script_present(s, 0, number(source, "peak_pages"), NULL);
	s->ids = (uint32_t)o->allocations;
	return ret;
}

static bool read_result(struct json_object *row, struct cma_replay_result *result)
{
	struct json_object *causes = member(row, "causes");

	*result = (struct cma_replay_result){
		.runs = number(row, "runs"),
		.failed_runs = number(row, "failed_runs"),
		.allocations = number(row, "allocations"),
		.retries = number(row, "busy_retries"),
		.skipped = number(row, "releases_skipped"),
		.asked_pages = number(row, "asked_pages"),
		.failed_pages = number(row, "failed_pages"),
		.peak_pages = number(row, "peak_pages"),
		.samples = number(row, "samples"),
		.internal_pages = number(row, "internal_pages_sum"),
		.unaligned_pages = number(row, "unaligned_pages_sum"),
		.free_pages = number(row, "free_pages_sum"),
		.fragmentation = json_object_get_double(member(row, "fragmentation_max")),
	};
	for (int i = 0; i < CMA_CAUSES; i++)
		result->failed[i] = number(causes, cma_cause_name((enum cma_cause)i));
	return result->runs && result->runs <= MAX_RUNS && result->failed_runs <= result->runs;
}

/* Return: a row for this area, new or not, NULL: @json is no row, or there is no memory. */
static struct replay_row *find_row(struct replay *r, struct json_object *json)
{
	struct json_object *align = member(json, "align");
	struct replay_row row = { .pages = number(json, "pages"), .align = CMA_ALIGN_AS_ASKED };
	struct replay_row *rows;
	int policy = 0;

	while (policy < CMA_POLICIES &&
	       strcmp(text(json, "policy"), cma_policy_name((enum cma_policy)policy)))
		policy++;
	if (json_object_is_type(align, json_type_int))
		row.align = json_object_get_int(align);
	if (policy == CMA_POLICIES || !row.pages || row.align < CMA_ALIGN_AS_ASKED)
		return NULL;
	row.policy = (enum cma_policy)policy;
	for (size_t i = 0; i < r->row_count; i++)
		if (r->rows[i].pages == row.pages && r->rows[i].align == row.align &&
		    r->rows[i].policy == row.policy)
			return &r->rows[i];
	rows = realloc(r->rows, (r->row_count + 1) * sizeof(*rows));
	if (!rows)
		return NULL;
	r->rows = rows;
	rows[r->row_count] = row;
	return &rows[r->row_count++];
}

static int add_replay(struct replay *r, struct json_object *result, struct json_object *first)
{
	struct json_object *source = member(result, "source"), *rows = member(result, "rows");
	int ret = 0;

	if (!json_object_is_type(rows, json_type_array) || !source)
		return -EINVAL;
	if (source == first)
		ret = set_source(r, source);
	else if (!same_source(source, first))
		ret = -EXDEV;
	for (size_t i = 0; !ret && i < json_object_array_length(rows); i++) {
		struct json_object *json = json_object_array_get_idx(rows, i);
		struct replay_row *row = find_row(r, json);
		struct cma_replay_result part;

		if (!row || !read_result(json, &part))
			return -EINVAL;
		cma_replay_add(&row->result, &part);
		if (row->result.runs > r->options.runs)
			r->options.runs = row->result.runs;
	}
	return ret;
}

/* By line of the plot, then by size. */
static int compare_rows(const void *a, const void *b)
{
	const struct replay_row *x = a, *y = b;

	if (x->policy != y->policy)
		return x->policy < y->policy ? -1 : 1;
	if (x->align != y->align)
		return x->align < y->align ? -1 : 1;
	return x->pages < y->pages ? -1 : x->pages > y->pages;
}

int replay_sum(struct replay *replay, const char *path, struct json_object **file)
{
	struct json_object *list = strcmp(path, "-") ? json_object_from_file(path) :
				   json_object_from_fd(0), *first;
	int ret = list ? 0 : -EINVAL;

	*file = list;
	if (!ret && json_object_is_type(list, json_type_object)) {
		ret = add_replay(replay, list, member(list, "source"));
	} else if (!ret) {
		ret = json_object_is_type(list, json_type_array) &&
		      json_object_array_length(list) ? 0 : -EINVAL;
		first = ret ? NULL : member(json_object_array_get_idx(list, 0), "source");
		for (size_t i = 0; !ret && i < json_object_array_length(list); i++)
			ret = add_replay(replay, json_object_array_get_idx(list, i), first);
	}
	if (!ret && !replay->row_count)
		ret = -EINVAL;
	if (ret == -EXDEV)
		message("replay: %s adds up different replays", path);
	else if (ret)
		message("replay: %s is no result, or list of results, of cmascope replay --json",
			path);
	else
		qsort(replay->rows, replay->row_count, sizeof(*replay->rows), compare_rows);
	return ret ? EXIT_ENVIRONMENT : EXIT_OK;
}
