// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "cmascope/json_add.h"
#include "html/json_get.h"
#include "lab/report_series.h"

static struct json_object *short_real(double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.4g", value);
	return json_object_new_double_s(value, text);
}

static struct json_object *gauge_array(const struct report_run *run, enum report_gauge gauge)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < run->columns_used; i++) {
		const struct report_sum *sum = &run->columns[i].gauges[gauge];

		json_object_array_add(array, sum->count ?
				      short_real(sum->sum / (double)sum->count) : NULL);
	}
	return array;
}

/* Means of medians, and the worst of what is already the end of a distribution. */
static struct json_object *wake_array(const struct report_run *run, int during, int percentile)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < run->columns_used; i++) {
		const struct report_sum *sum = &run->columns[i].wakes[during][percentile];
		double value = percentile ? sum->max : sum->sum / (double)sum->count;

		json_object_array_add(array, sum->count ? short_real(value) : NULL);
	}
	return array;
}

static struct json_object *wakes_json(const struct report_run *run)
{
	static const char *const names[REPORT_PERCENTILES] = { "p50_ns", "p99_ns", "max_ns" };
	struct json_object *o = json_object_new_object();

	for (int during = 0; during < REPORT_DURINGS; during++) {
		struct json_object *one = json_object_new_object();

		if (!run->wakeups[during].count) {
			json_object_put(one);
			continue;
		}
		for (int i = 0; i < REPORT_PERCENTILES; i++)
			json_object_object_add(one, names[i], wake_array(run, during, i));
		json_object_object_add(o, report_run_during_name((enum report_during)during), one);
	}
	return o;
}

/* What was used between the last look of a column and that of the next. */
static struct json_object *kswapd_array(const struct report_run *run)
{
	struct json_object *array = json_object_new_array();
	uint64_t before = run->kswapd_ns[0];

	for (unsigned int i = 0; i < run->columns_used; i++) {
		const struct report_column *column = &run->columns[i];
		bool known = column->memories && column->kswapd_ns >= before;

		json_object_array_add(array, known ?
			json_object_new_uint64(column->kswapd_ns - before) : NULL);
		if (known)
			before = column->kswapd_ns;
	}
	return array;
}

static struct json_object *mean(const struct report_run *run, unsigned int i, double sum)
{
	return run->columns[i].memories ? short_real(sum / (double)run->columns[i].memories) : NULL;
}

/* An array for each order; of a type, or of all. */
static struct json_object *free_arrays(const struct report_run *run, int type)
{
	struct json_object *orders = json_object_new_array();

	for (unsigned int order = 0; order < run->orders; order++) {
		struct json_object *array = json_object_new_array();

		for (unsigned int i = 0; i < run->columns_used; i++) {
			const struct report_column *column = &run->columns[i];

			json_object_array_add(array, mean(run, i, type < 0 ? column->free[order] :
							  column->types[type][order]));
		}
		json_object_array_add(orders, array);
	}
	return orders;
}

static struct json_object *unusable_arrays(const struct report_run *run)
{
	struct json_object *orders = json_object_new_array();

	for (unsigned int order = 0; order < run->orders; order++) {
		struct json_object *array = json_object_new_array();

		for (unsigned int i = 0; i < run->columns_used; i++)
			json_object_array_add(array, mean(run, i,
							  run->columns[i].unusable[order] / 1000));
		json_object_array_add(orders, array);
	}
	return orders;
}

static struct json_object *map_array(const struct report_run *run)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < run->columns_used; i++) {
		const char *map = run->columns[i].map;

		json_object_array_add(array, *map ? json_object_new_string(map) : NULL);
	}
	return array;
}

struct json_object *report_series(const struct report_run *run)
{
	static const struct {
		const char *name;
		enum report_gauge gauge;
	} gauges[] = {
		{ "cma_free_kb", REPORT_CMA_FREE },
		{ "mem_free_kb", REPORT_MEM_FREE },
		{ "slab_kb", REPORT_SLAB },
	};
	struct json_object *o = json_object_new_object(), *types = json_object_new_object();
	double period_s = json_number(run->start, "period_s");

	json_add_number(o, "bursts_per_column", run->width);
	json_object_object_add(o, "seconds_per_column",
			       short_real(period_s > 0 ? period_s * (double)run->width : 0));
	for (size_t i = 0; i < sizeof(gauges) / sizeof(gauges[0]); i++)
		json_object_object_add(o, gauges[i].name, gauge_array(run, gauges[i].gauge));
	json_object_object_add(o, "wakeup", wakes_json(run));
	json_object_object_add(o, "kswapd_ns", kswapd_array(run));
	json_object_object_add(o, "unusable", unusable_arrays(run));
	json_object_object_add(o, "free", free_arrays(run, -1));
	for (unsigned int i = 0; i < run->type_count; i++)
		json_object_object_add(types, run->types[i], free_arrays(run, (int)i));
	json_object_object_add(o, "types", types);
	json_object_object_add(o, "map", map_array(run));
	return o;
}

static struct json_object *percentile_array(const struct report_run *run,
					    const struct report_contender *c, double percent)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < run->columns_used; i++) {
		const struct cma_latency *latency = c->columns[i].latency;

		json_object_array_add(array, latency ?
			json_object_new_uint64(cma_latency_percentile(latency, percent)) : NULL);
	}
	return array;
}

struct json_object *report_series_contender(const struct report_run *run,
					    const struct report_contender *contender)
{
	struct json_object *o = json_object_new_object(), *success = json_object_new_array();

	for (unsigned int i = 0; i < run->columns_used; i++) {
		const struct report_attempts *a = &contender->columns[i];
		double share = (double)(a->count - a->failures) / (double)a->count;

		json_object_array_add(success, a->count ? short_real(share) : NULL);
	}
	json_object_object_add(o, "success", success);
	json_object_object_add(o, "p50_ns", percentile_array(run, contender, 50));
	json_object_object_add(o, "p99_ns", percentile_array(run, contender, 99));
	json_object_object_add(o, "max_ns", percentile_array(run, contender, 100));
	return o;
}

struct json_object *report_series_profile(const struct report_run *run,
					  const struct report_profile *profile)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < run->columns_used; i++)
		json_object_array_add(array, short_real(profile->columns[i]));
	return array;
}
