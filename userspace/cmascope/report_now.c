// SPDX-License-Identifier: MIT
/* The machine now: areas, who holds what, and free pages by type. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/machine.h"
#include "cma/snapshot.h"
#include "cmascope/json_add.h"
#include "cmascope/report.h"

#define MAX_HOLDERS	200
#define MAX_ORDERS	32

/* What is worth seeing in a cell of many pages: the rarer, the more. */
static char cell_kind(const struct cma_snapshot_area *area, uint64_t start, uint64_t end)
{
	static const char letters[CMA_PAGE_KINDS] = {
		[CMA_PAGE_UNKNOWN] = '?', [CMA_PAGE_FREE] = '.', [CMA_PAGE_ALLOCATED] = 'A',
		[CMA_PAGE_BORROWED] = 'B', [CMA_PAGE_PINNED] = 'P' };
	uint64_t counts[CMA_PAGE_KINDS] = { 0 };
	enum cma_page most = CMA_PAGE_UNKNOWN;

	for (uint64_t page = start; page < end; page++) {
		uint64_t bit = page >> area->map.area.order_per_bit;
		enum cma_page kind = area->pages ? area->pages[page] :
			cma_bitmap_test(&area->map, bit) ? CMA_PAGE_ALLOCATED : CMA_PAGE_FREE;

		if (kind < CMA_PAGE_KINDS)
			counts[kind]++;
	}
	if (counts[CMA_PAGE_PINNED])
		return letters[CMA_PAGE_PINNED];
	for (enum cma_page kind = 0; kind < CMA_PAGE_KINDS; kind++)
		if (counts[kind] > counts[most])
			most = kind;
	return letters[most];
}

static void add_cells(struct json_object *o, const struct cma_snapshot_area *area)
{
	uint64_t pages = area->map.bits << area->map.area.order_per_bit;
	uint64_t count = pages < REPORT_CELLS ? pages : REPORT_CELLS;
	char cells[REPORT_CELLS + 1] = "";

	for (uint64_t i = 0; i < count; i++)
		cells[i] = cell_kind(area, pages * i / count, pages * (i + 1) / count);
	json_object_object_add(o, "cells", json_object_new_string(cells));
}

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
	add_cells(o, area);
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

/* "Node    0, zone   Normal, type      Movable    163  31 ...": only lines with counts. */
static struct json_object *pagetype_line(char *line)
{
	struct json_object *o, *free;
	char zone[32], type[32];
	unsigned int node;
	uint64_t total = 0;
	int used;

	if (sscanf(line, "Node %u, zone %31[^,], type %31s%n", &node, zone, type, &used) != 3)
		return NULL;
	o = json_object_new_object();
	free = json_object_new_array();
	json_object_object_add(o, "node", json_object_new_int((int)node));
	json_object_object_add(o, "zone", json_object_new_string(zone + strspn(zone, " ")));
	json_object_object_add(o, "type", json_object_new_string(type));
	line += used;
	for (unsigned int order = 0; order < MAX_ORDERS; order++) {
		char *end;
		unsigned long long n;

		line += strspn(line, " >");
		n = strtoull(line, &end, 10);
		if (end == line)
			break;
		line = end;
		total += n << order;
		json_object_array_add(free, json_object_new_uint64(n));
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
