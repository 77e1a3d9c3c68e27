// SPDX-License-Identifier: MIT
/* The machine now: areas, who holds what, and free pages by type. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/cells.h"
#include "cma/free_blocks.h"
#include "cma/machine.h"
#include "cma/snapshot.h"
#include "cmascope/json_add.h"
#include "cmascope/report.h"

#define MAX_HOLDERS	200

static void add_holders(struct json_object *o, const struct cma_snapshot_area *area)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < area->holder_count && i < MAX_HOLDERS; i++) {
		const struct cma_holder *h = &area->holders[i];
		struct json_object *one = json_object_new_object();

		json_add_number(one, "pfn", h->pfn);
		json_add_number(one, "pages", h->count);
		json_object_object_add(one, "pid", h->pid < 0 ? NULL : json_object_new_int(h->pid));
		json_object_object_add(one, "comm", json_object_new_string(h->comm));
		json_object_object_add(one, "what", json_object_new_string(h->what));
		json_object_array_add(list, one);
	}
	json_object_object_add(o, "holders", list);
	json_add_number(o, "holder_count", area->holder_count);
}

static struct json_object *area_json(const struct cma_snapshot_area *area)
{
	struct json_object *o = json_object_new_object();
	char cells[REPORT_CELLS + 1];
	struct cma_shape shape;

	json_object_object_add(o, "name", json_object_new_string(area->map.area.name));
	json_add_number(o, "pages", area->map.area.pages);
	json_add_number(o, "base_pfn", area->map.area.base_pfn);
	if (!area->map_known || !area->map.words)
		return o;
	shape = cma_bitmap_shape(&area->map, 8);
	json_add_number(o, "free_pages", shape.free << area->map.area.order_per_bit);
	json_add_number(o, "free_runs", shape.runs);
	json_add_number(o, "longest_run_pages",
			shape.longest.length << area->map.area.order_per_bit);
	json_add_real(o, "fragmentation_align_8", cma_shape_fragmentation(&shape), 4);
	shape = cma_bitmap_shape(&area->map, 0);
	json_add_real(o, "fragmentation_align_0", cma_shape_fragmentation(&shape), 4);
	cma_cells(area, REPORT_CELLS, cells);
	json_add_text(o, "cells", cells);
	add_holders(o, area);
	return o;
}

struct json_object *report_now(const char *root, struct json_object *missing)
{
	struct json_object *o, *areas, *memory;
	struct cma_snapshot s;

	if (cma_snapshot_take(root, CMA_LOOK_PAGES | CMA_LOOK_HOLDERS | CMA_LOOK_OWNERS, &s))
		return NULL;
	o = json_object_new_object();
	areas = json_object_new_array();
	memory = json_object_new_object();
	for (size_t i = 0; i < s.area_count; i++)
		json_object_array_add(areas, area_json(&s.areas[i]));
	for (size_t i = 0; i < s.missing_count; i++)
		json_object_array_add(missing, json_object_new_string(s.missing[i]));
	json_add_number(memory, "total_kb", s.mem_total_kb);
	json_add_number(memory, "free_kb", s.mem_free_kb);
	json_add_number(memory, "cma_total_kb", s.cma_total_kb);
	json_add_number(memory, "cma_free_kb", s.cma_free_kb);
	json_add_number(o, "page_size", s.page_size);
	json_object_object_add(o, "memory", memory);
	json_object_object_add(o, "areas", areas);
	cma_snapshot_end(&s);
	return o;
}

/* Only lines with counts of a type. */
static struct json_object *pagetype_line(const char *line)
{
	struct json_object *o, *free;
	struct free_blocks blocks;
	uint64_t total = 0;

	if (!free_blocks_parse(line, &blocks) || !*blocks.type)
		return NULL;
	o = json_object_new_object();
	free = json_object_new_array();
	json_object_object_add(o, "node", json_object_new_int((int)blocks.node));
	json_add_text(o, "zone", blocks.zone);
	json_add_text(o, "type", blocks.type);
	for (unsigned int order = 0; order < blocks.orders; order++) {
		total += blocks.blocks[order] << order;
		json_object_array_add(free, json_object_new_uint64(blocks.blocks[order]));
	}
	json_object_object_add(o, "free", free);
	json_add_number(o, "free_pages", total);
	return o;
}

struct json_object *report_pagetypes(const char *root, struct json_object *missing)
{
	FILE *file = machine_open(root, "/proc/pagetypeinfo");
	struct json_object *list;
	char line[512];

	if (!file) {
		snprintf(line, sizeof(line), "No free pages by type: %s",
			 errno == ENOENT ? "/proc/pagetypeinfo is missing (CONFIG_PROC_FS)" :
			 "/proc/pagetypeinfo may be read by root only");
		json_object_array_add(missing, json_object_new_string(line));
		return NULL;
	}
	list = json_object_new_array();
	while (fgets(line, sizeof(line), file)) {
		struct json_object *one;

		/* A second table counts blocks of each type; this one has orders. */
		if (!strncmp(line, "Number of blocks", 16))
			break;
		one = pagetype_line(line);
		if (one)
			json_object_array_add(list, one);
	}
	fclose(file);
	return list;
}
