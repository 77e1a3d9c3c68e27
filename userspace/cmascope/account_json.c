// SPDX-License-Identifier: MIT
#include "cmascope/account_json.h"
#include "cmascope/json_add.h"
#include "cmascope/json_print.h"

static struct json_object *latency_json(const struct cma_latency *latency)
{
	static const struct {
		const char *name;
		double percent;
	} percentiles[] = { { "p50", 50 }, { "p90", 90 }, { "p99", 99 }, { "max", 100 } };
	struct json_object *o;

	if (!latency->count)
		return NULL;
	o = json_object_new_object();
	for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++)
		json_add_real(o, percentiles[i].name,
			      (double)cma_latency_percentile(latency, percentiles[i].percent) /
			      1000, 3);
	return o;
}

static void add_sums(struct json_object *o, const struct cma_sums *s, double seconds)
{
	json_add_number(o, "allocations", s->allocations);
	json_add_real(o, "allocations_per_second",
		      seconds > 0 ? (double)s->allocations / seconds : 0, 3);
	json_add_number(o, "failures", s->failures);
	json_add_number(o, "releases", s->releases);
	json_add_number(o, "pages", s->pages);
	json_add_number(o, "pages_released", s->pages_released);
	json_add_number(o, "busy_retries", s->retries);
	json_add_number(o, "migrated_pages", s->migrated);
	json_object_object_add(o, "latency_us", latency_json(&s->latency));
}

const char *area_name(const struct cma_trace_info *info, int32_t area)
{
	return area >= 0 && (unsigned int)area < info->area_count ?
		info->areas[area].map.area.name : "?";
}

static struct json_object *failure_json(const struct cma_failed *f,
					const struct cma_trace_info *info)
{
	struct json_object *o = json_object_new_object();

	json_add_real(o, "time", (double)f->event.ns / 1e9, 3);
	json_add_text(o, "area", area_name(info, f->event.area));
	json_add_number(o, "pid", (uint64_t)f->event.pid);
	json_add_text(o, "comm", f->event.comm);
	json_add_number(o, "count", f->event.count);
	json_add_number(o, "align", f->event.align);
	json_object_object_add(o, "error",
			       f->event.error ? json_object_new_int(f->event.error) : NULL);
	json_add_number(o, "busy_retries", f->retries);
	if (f->busy_pfn != CMA_NOWHERE)
		json_add_number(o, "busy_pfn", f->busy_pfn);
	return o;
}

struct json_object *account_json(const struct cma_account *account,
				 const struct cma_trace_info *info, double seconds)
{
	struct json_object *o = json_object_new_object(), *list, *one;

	json_add_real(o, "seconds", seconds, 3);
	json_add_number(o, "events", account->events);
	one = json_object_new_object();
	add_sums(one, &account->total, seconds);
	json_object_object_add(o, "total", one);
	list = json_object_new_array();
	for (unsigned int i = 0; i < info->area_count; i++) {
		one = json_object_new_object();
		json_add_text(one, "name", area_name(info, (int32_t)i));
		add_sums(one, &account->areas[i], seconds);
		json_object_array_add(list, one);
	}
	json_object_object_add(o, "areas", list);
	list = json_object_new_array();
	for (size_t i = 0; i < account->thread_count; i++) {
		one = json_object_new_object();
		json_add_number(one, "pid", (uint64_t)account->threads[i]->pid);
		json_add_text(one, "comm", account->threads[i]->comm);
		add_sums(one, &account->threads[i]->sums, seconds);
		json_object_array_add(list, one);
	}
	json_object_object_add(o, "threads", list);
	list = json_object_new_array();
	for (size_t i = 0; i < account->failed_count; i++)
		json_object_array_add(list, failure_json(&account->failed[i], info));
	json_object_object_add(o, "failures", list);
	return o;
}

struct json_object *info_json(const struct cma_trace_info *info)
{
	struct json_object *o = json_object_new_object(), *list = json_object_new_array(), *one;

	json_add_text(o, "release", info->release);
	json_add_number(o, "page_size", info->page_size);
	json_add_number(o, "memory_kb", info->total_pages * info->page_size / 1024);
	for (unsigned int i = 0; i < info->area_count; i++) {
		const struct cma_trace_area *area = &info->areas[i];

		one = json_object_new_object();
		json_add_text(one, "name", area->map.area.name);
		if (area->known) {
			json_add_number(one, "base_pfn", area->map.area.base_pfn);
			json_add_number(one, "pages", area->map.area.pages);
			json_add_number(one, "order_per_bit", area->map.area.order_per_bit);
		}
		json_object_object_add(one, "start_known",
				       json_object_new_boolean(area->start_known));
		json_object_array_add(list, one);
	}
	json_object_object_add(o, "areas", list);
	return o;
}

int account_write(const char *path, const struct cma_account *account,
		  const struct cma_trace_info *info, double seconds, uint64_t lost,
		  const char *output)
{
	struct json_object *o = account_json(account, info, seconds);

	json_add_number(o, "lost", lost);
	if (output)
		json_add_text(o, "output", output);
	json_object_object_add(o, "machine", info_json(info));
	return json_print(path, o);
}
