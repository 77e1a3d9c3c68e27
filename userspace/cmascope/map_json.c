// SPDX-License-Identifier: MIT
#include <string.h>

#include "cmascope/map_area.h"
#include "cmascope/map_json.h"

static void add_number(struct json_object *object, const char *name, uint64_t value)
{
	json_object_object_add(object, name, json_object_new_uint64(value));
}

/* Pages of one kind beside each other. */
static struct json_object *run_list(const struct map_area *map)
{
	struct json_object *list = json_object_new_array();
	const struct cma_snapshot_area *area = map->area;
	uint64_t start = 0;

	for (uint64_t i = 1; i <= map->pages; i++) {
		struct json_object *run;

		if (i < map->pages && area->pages[i] == area->pages[start])
			continue;
		run = json_object_new_object();
		add_number(run, "pfn", area->map.area.base_pfn + start);
		add_number(run, "pages", i - start);
		json_object_object_add(run, "kind",
				       json_object_new_string(cma_page_name(area->pages[start])));
		json_object_array_add(list, run);
		start = i;
	}
	return list;
}

static struct json_object *holder_list(const struct map_area *map, const size_t *which,
				       size_t count)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < count; i++) {
		const struct cma_holder *holder = &map->area->holders[which[i]];
		struct json_object *entry = json_object_new_object();

		add_number(entry, "pfn", holder->pfn);
		add_number(entry, "pages", holder->count);
		json_object_object_add(entry, "pid",
				       holder->pid < 0 ? NULL : json_object_new_int(holder->pid));
		json_object_object_add(entry, "comm", json_object_new_string(holder->comm));
		json_object_object_add(entry, "what", json_object_new_string(holder->what));
		json_object_array_add(list, entry);
	}
	return list;
}

static void add_contents(struct json_object *object, const struct map_area *map)
{
	struct json_object *kinds = json_object_new_object();
	unsigned int order = map->area->map.area.order_per_bit;

	for (enum cma_page kind = 0; kind < CMA_PAGE_KINDS; kind++)
		add_number(kinds, cma_page_name(kind), map->counts[kind]);
	json_object_object_add(object, "kinds", kinds);
	add_number(object, "not_allocated_pages", map->shape.free << order);
	add_number(object, "not_allocated_runs", map->shape.runs);
	add_number(object, "longest_run_pages", map->shape.longest.length << order);
	add_number(object, "longest_run_pfn",
		   map->area->map.area.base_pfn + (map->shape.longest.start << order));
	add_number(object, "unnamed_pages", map_area_unnamed(map));
	json_object_object_add(object, "buffers",
			       holder_list(map, map->buffers, map->buffer_count));
	json_object_object_add(object, "borrowed", holder_list(map, map->others, map->other_count));
	json_object_object_add(object, "runs", run_list(map));
}

static struct json_object *area_json(const struct map_area *map)
{
	const struct cma_area *place = &map->area->map.area;
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "name", json_object_new_string(place->name));
	json_object_object_add(object, "known", json_object_new_boolean(map->pages != 0));
	if (place->pages)
		add_number(object, "pages", place->pages);
	if (map->pages) {
		add_number(object, "base_pfn", place->base_pfn);
		add_number(object, "order_per_bit", place->order_per_bit);
		add_contents(object, map);
	}
	return object;
}

static int add_areas(struct json_object *list, const struct cma_snapshot *snapshot,
		     const char *only)
{
	for (size_t i = 0; i < snapshot->area_count; i++) {
		struct map_area map;
		int ret;

		if (only && !cma_area_is(&snapshot->areas[i].map.area, only))
			continue;
		ret = map_area_init(&map, &snapshot->areas[i], snapshot->page_size);
		if (ret)
			return ret;
		json_object_array_add(list, area_json(&map));
		map_area_end(&map);
	}
	return 0;
}

struct json_object *map_json(const struct cma_snapshot *snapshot, const char *only)
{
	struct json_object *object = json_object_new_object(), *areas = json_object_new_array();
	struct json_object *missing = json_object_new_array();

	add_number(object, "monotonic_ns", snapshot->ns);
	add_number(object, "page_size", snapshot->page_size);
	add_number(object, "mem_total_kb", snapshot->mem_total_kb);
	add_number(object, "mem_free_kb", snapshot->mem_free_kb);
	add_number(object, "cma_total_kb", snapshot->cma_total_kb);
	add_number(object, "cma_free_kb", snapshot->cma_free_kb);
	add_number(object, "min_kb", snapshot->min_kb);
	for (size_t i = 0; i < snapshot->missing_count; i++)
		json_object_array_add(missing, json_object_new_string(snapshot->missing[i]));
	json_object_object_add(object, "missing", missing);
	json_object_object_add(object, "areas", areas);
	if (add_areas(areas, snapshot, only)) {
		json_object_put(object);
		return NULL;
	}
	return object;
}
