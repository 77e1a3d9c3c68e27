// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmascope/map_area.h"

const struct map_kind map_kinds[CMA_PAGE_KINDS] = {
	[CMA_PAGE_UNKNOWN] = { '?', "not allocated, use unknown", 0xcccccc },
	[CMA_PAGE_FREE] = { '.', "free", 0xf7f7f2 },
	[CMA_PAGE_ALLOCATED] = { '#', "allocated from CMA", 0x44546a },
	[CMA_PAGE_BORROWED] = { '+', "borrowed by movable pages", 0xf0e442 },
	[CMA_PAGE_PINNED] = { '!', "pinned: borrowed, cannot move now", 0xd55e00 },
};

/* Sort the holders into buffers and others, and mark the pages of the buffers. */
static void sort_holders(struct map_area *map)
{
	const struct cma_snapshot_area *area = map->area;

	for (size_t i = 0; i < area->holder_count; i++) {
		const struct cma_holder *holder = &area->holders[i];
		uint64_t page = holder->pfn - area->map.area.base_pfn;

		if (page >= map->pages)
			continue;
		if (area->pages[page] != CMA_PAGE_ALLOCATED) {
			map->others[map->other_count++] = i;
			continue;
		}
		map->buffers[map->buffer_count++] = i;
		for (uint64_t n = 0; n < holder->count && page + n < map->pages; n++)
			map->owners[page + n] = (uint32_t)map->buffer_count;
	}
}

static enum cma_page kind_of(const struct cma_snapshot_area *area, const struct cma_holder *holder)
{
	return area->pages[holder->pfn - area->map.area.base_pfn];
}

/* The same kind, use and user: 0. */
static int compare_use(const struct cma_snapshot_area *area, size_t a, size_t b)
{
	const struct cma_holder *x = &area->holders[a], *y = &area->holders[b];
	int order = (int)kind_of(area, y) - (int)kind_of(area, x);

	if (!order)
		order = (x->pid > y->pid) - (x->pid < y->pid);
	if (!order)
		order = strcmp(x->comm, y->comm);
	return order ?: strcmp(x->what, y->what);
}

static int by_use(const void *a, const void *b, void *area)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return compare_use(area, x, y) ?: (x > y) - (x < y);
}

static int by_importance(const void *a, const void *b)
{
	const struct map_group *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind == CMA_PAGE_PINNED ? -1 : 1;
	if (x->pages != y->pages)
		return x->pages > y->pages ? -1 : 1;
	return x->holder < y->holder ? -1 : 1;
}

static int group_others(struct map_area *map)
{
	const struct cma_snapshot_area *area = map->area;
	size_t *sorted = calloc(map->other_count + 1, sizeof(*sorted));

	map->groups = calloc(map->other_count + 1, sizeof(*map->groups));
	if (!sorted || !map->groups) {
		free(sorted);
		return -ENOMEM;
	}
	memcpy(sorted, map->others, map->other_count * sizeof(*sorted));
	qsort_r(sorted, map->other_count, sizeof(*sorted), by_use, (void *)area);
	for (size_t i = 0; i < map->other_count; i++) {
		struct map_group *group;

		if (!i || compare_use(area, sorted[i - 1], sorted[i]))
			map->groups[map->group_count++] = (struct map_group){
				.holder = sorted[i],
				.kind = kind_of(area, &area->holders[sorted[i]]),
			};
		group = &map->groups[map->group_count - 1];
		group->pages += area->holders[sorted[i]].count;
		group->places++;
	}
	free(sorted);
	qsort(map->groups, map->group_count, sizeof(*map->groups), by_importance);
	return 0;
}

int map_area_init(struct map_area *map, const struct cma_snapshot_area *area, uint32_t page_size)
{
	memset(map, 0, sizeof(*map));
	map->area = area;
	map->page_size = page_size;
	if (!area->map_known || !area->pages)
		return 0;
	map->pages = area->map.area.pages;
	map->shape = cma_bitmap_shape(&area->map, 0);
	map->buffers = calloc(area->holder_count + 1, sizeof(*map->buffers));
	map->others = calloc(area->holder_count + 1, sizeof(*map->others));
	map->owners = calloc(map->pages, sizeof(*map->owners));
	if (!map->buffers || !map->others || !map->owners) {
		map_area_end(map);
		return -ENOMEM;
	}
	for (uint64_t i = 0; i < map->pages; i++)
		map->counts[area->pages[i]]++;
	sort_holders(map);
	if (group_others(map)) {
		map_area_end(map);
		return -ENOMEM;
	}
	return 0;
}

void map_area_end(struct map_area *map)
{
	free(map->buffers);
	free(map->others);
	free(map->owners);
	free(map->groups);
	memset(map, 0, sizeof(*map));
}

char map_letter(size_t i)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	return letters[i % (sizeof(letters) - 1)];
}

uint64_t map_area_unnamed(const struct map_area *map)
{
	uint64_t unnamed = 0;

	for (uint64_t i = 0; i < map->pages; i++)
		unnamed += map->area->pages[i] == CMA_PAGE_ALLOCATED && !map->owners[i];
	return unnamed;
}

struct map_cell map_cell(const struct map_area *map, uint64_t from, uint64_t to)
{
	struct map_cell cell = { .kind = CMA_PAGE_UNKNOWN };

	for (uint64_t i = from; i < to && i < map->pages; i++) {
		enum cma_page kind = map->area->pages[i];

		cell.counts[kind]++;
		if (kind == CMA_PAGE_ALLOCATED && !cell.owner)
			cell.owner = map->owners[i];
	}
	for (enum cma_page kind = 0; kind < CMA_PAGE_KINDS; kind++)
		if (cell.counts[kind] > cell.counts[cell.kind])
			cell.kind = kind;
	if (cell.counts[CMA_PAGE_PINNED])
		cell.kind = CMA_PAGE_PINNED;
	return cell;
}

char map_sign(const struct map_cell *cell)
{
	if (cell->kind == CMA_PAGE_ALLOCATED && cell->owner)
		return map_letter(cell->owner - 1);
	if (cell->kind != CMA_PAGE_ALLOCATED && cell->kind != CMA_PAGE_PINNED &&
	    cell->counts[CMA_PAGE_ALLOCATED])
		return MAP_SIGN_PARTLY;
	return map_kinds[cell->kind].sign;
}

uint64_t map_address(const struct map_area *map, uint64_t page)
{
	return (map->area->map.area.base_pfn + page) * map->page_size;
}

const char *map_size(char text[24], uint64_t bytes)
{
	if (bytes < 1024 * 1024)
		snprintf(text, 24, "%llu KiB", (unsigned long long)bytes / 1024);
	else
		snprintf(text, 24, "%.1f MiB", (double)bytes / (1024 * 1024));
	return text;
}

const char *map_owner(char text[40], const struct cma_holder *holder)
{
	if (holder->pid >= 0)
		snprintf(text, 40, "%s[%d]", holder->comm, holder->pid);
	else
		snprintf(text, 40, "%s", *holder->comm ? holder->comm : "?");
	return text;
}
