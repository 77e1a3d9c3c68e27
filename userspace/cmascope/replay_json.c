// SPDX-License-Identifier: MIT
#include "cma/bound.h"
#include "cmascope/replay.h"

static void add_number(struct json_object *o, const char *name, uint64_t n)
{
	json_object_object_add(o, name, json_object_new_uint64(n));
}

static void add_real(struct json_object *o, const char *name, double x)
{
	json_object_object_add(o, name, json_object_new_double(x));
}

static void add_text(struct json_object *o, const char *name, const char *text)
{
	json_object_object_add(o, name, json_object_new_string(text));
}

static void add_bool(struct json_object *o, const char *name, bool value)
{
	json_object_object_add(o, name, json_object_new_boolean(value));
}

/* "align": a number, or "asked". */
static void add_area(const struct replay *r, struct json_object *o, uint64_t pages, int align,
		     enum cma_policy policy)
{
	add_number(o, "pages", pages);
	add_real(o, "mib", replay_mib(r, pages));
	json_object_object_add(o, "align", align == CMA_ALIGN_AS_ASKED ?
			       json_object_new_string("asked") : json_object_new_int(align));
	add_text(o, "policy", cma_policy_name(policy));
}

static struct json_object *source_json(const struct replay *r)
{
	struct json_object *o = json_object_new_object();
	const struct replay_options *options = &r->options;

	if (options->workload) {
		add_text(o, "workload", options->workload->name);
		add_number(o, "allocations", options->allocations);
	} else {
		add_text(o, "trace", options->trace);
		add_text(o, "area", r->script.area.name);
		add_number(o, "allocations", r->script.ids);
		add_number(o, "failed_in_recording", r->script.failed);
		add_number(o, "unknown_releases", r->script.unknown);
		add_number(o, "lost_events", r->script.lost);
	}
	add_number(o, "page_size", r->script.page_size);
	add_number(o, "peak_pages", cma_script_peak(&r->script));
	add_number(o, "seed", options->seed);
	add_number(o, "runs", options->runs);
	add_real(o, "busy", options->busy);
	return o;
}

static struct json_object *row_json(const struct replay *r, const struct replay_row *row)
{
	struct json_object *o = json_object_new_object(), *failed = json_object_new_object();
	const struct cma_replay_result *s = &row->result;

	add_area(r, o, row->pages, row->align, row->policy);
	add_number(o, "runs", s->runs);
	add_number(o, "failed_runs", s->failed_runs);
	if (replay_random(r))
		add_real(o, "failed_runs_share_at_most",
			 cma_bound_share(s->failed_runs, s->runs, r->options.confidence));
	add_number(o, "allocations", s->allocations);
	add_number(o, "failures", cma_replay_failures(s));
	for (int i = 0; i < CMA_CAUSES; i++)
		if (i != CMA_CAUSE_UNKNOWN && i != CMA_CAUSE_SIGNAL)
			add_number(failed, cma_cause_name((enum cma_cause)i), s->failed[i]);
	json_object_object_add(o, "causes", failed);
	add_number(o, "busy_retries", s->retries);
	add_number(o, "releases_skipped", s->skipped);
	add_number(o, "asked_pages", s->asked_pages);
	add_number(o, "failed_pages", s->failed_pages);
	add_number(o, "peak_pages", s->peak_pages);
	add_number(o, "samples", s->samples);
	add_number(o, "internal_pages_sum", s->internal_pages);
	add_number(o, "unaligned_pages_sum", s->unaligned_pages);
	add_number(o, "free_pages_sum", s->free_pages);
	add_real(o, "fragmentation_max", s->fragmentation);
	return o;
}

static struct json_object *advice_json(const struct replay *r, const struct replay_advice *a)
{
	struct json_object *o = json_object_new_object();

	add_area(r, o, a->pages, a->align, a->policy);
	add_bool(o, "found", a->pages > 0);
	add_number(o, "tried_pages", a->tried);
	add_number(o, "peak_pages", a->peak);
	add_bool(o, "random", replay_random(r));
	if (a->pages && replay_random(r)) {
		add_number(o, "runs", a->runs);
		add_real(o, "confidence", r->options.confidence);
		add_real(o, "failed_runs_share_at_most", a->share);
		add_number(o, "sizes_tried", a->attempts);
	}
	if (a->larger)
		add_number(o, "larger_that_failed_pages", a->larger);
	if (a->pages && r->ordinary_known)
		add_bool(o, "ordinary_memory_starves",
			 replay_mib(r, a->pages) * 1024 > (double)r->ordinary.limit);
	return o;
}

static struct json_object *ordinary_json(const struct replay *r)
{
	struct json_object *o = json_object_new_object();

	add_number(o, "memory_kb", r->ordinary.memory);
	add_number(o, "unmovable_kb", r->ordinary.unmovable);
	add_number(o, "kept_free_kb", r->ordinary.kept_free);
	add_number(o, "cma_limit_kb", r->ordinary.limit);
	add_text(o, "from", r->ordinary_from);
	return o;
}

struct json_object *replay_json(const struct replay *replay)
{
	struct json_object *root = json_object_new_object(), *rows = json_object_new_array();
	struct json_object *advice = json_object_new_array();

	json_object_object_add(root, "source", source_json(replay));
	for (size_t i = 0; i < replay->row_count; i++)
		json_object_array_add(rows, row_json(replay, &replay->rows[i]));
	json_object_object_add(root, "rows", rows);
	for (size_t i = 0; i < replay->advice_count; i++)
		json_object_array_add(advice, advice_json(replay, &replay->advice[i]));
	json_object_object_add(root, "advice", advice);
	if (replay->ordinary_known)
		json_object_object_add(root, "ordinary_memory", ordinary_json(replay));
	return root;
}
