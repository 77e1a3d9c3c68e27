// SPDX-License-Identifier: MIT
/*
 * A trace names allocations by their frame numbers. Here the live ones are kept in a tree by the
 * frames they lie on (no two overlap), so that a release of a part, or of what was taken before the
 * trace began, finds the allocation it belongs to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "cma/script.h"

/**
 * struct live - frames that are held
 * @pfn: first of them
 * @count: how many
 * @id: the allocation
 * @offset: how far in it they begin
 */
struct live {
	uint64_t pfn;
	uint64_t count;
	uint32_t id;
	uint64_t offset;
};

/**
 * struct builder - a script in the making
 * @script: the script
 * @area: index of its area in the trace
 * @tree: struct live, by frames
 * @born: for each allocation, the step that asked for it; SIZE_MAX: it failed in the recording
 */
struct builder {
	struct cma_script *script;
	int area;
	void *tree;
	size_t *born;
	size_t born_room;
};

/* Overlapping frames are equal. */
static int compare(const void *a, const void *b)
{
	const struct live *x = a, *y = b;

	if (x->pfn + x->count <= y->pfn)
		return -1;
	return x->pfn >= y->pfn + y->count;
}

static int keep(struct builder *b, const struct live *live)
{
	struct live *node = malloc(sizeof(*node)), **found;

	if (!node)
		return -ENOMEM;
	*node = *live;
	found = tsearch(node, &b->tree, compare);
	if (!found || *found != node) {
		free(node);
		return found ? 0 : -ENOMEM;
	}
	return 0;
}

static int note_birth(struct builder *b, uint32_t id, size_t step)
{
	if (id >= b->born_room) {
		size_t room = b->born_room ? b->born_room * 2 : 1024;
		size_t *born = realloc(b->born, room * sizeof(*born));

		if (!born)
			return -ENOMEM;
		b->born = born;
		b->born_room = room;
	}
	b->born[id] = step;
	return 0;
}

/* Release frames; what of them is not known to be held is counted, and left out. */
static int release(struct builder *b, uint64_t pfn, uint64_t count)
{
	struct live key = { .pfn = pfn, .count = count }, **found = tfind(&key, &b->tree, compare);
	struct live old, part, *node;
	int ret;

	if (!found || pfn < (*found)->pfn || pfn + count > (*found)->pfn + (*found)->count) {
		b->script->unknown++;
		return 0;
	}
	node = *found;
	old = *node;
	tdelete(&old, &b->tree, compare);
	free(node);
	ret = cma_script_release(b->script, old.id, old.offset + (pfn - old.pfn), count);
	part = old;
	part.count = pfn - old.pfn;
	if (!ret && part.count)
		ret = keep(b, &part);
	part.pfn = pfn + count;
	part.offset = old.offset + (part.pfn - old.pfn);
	part.count = old.pfn + old.count - part.pfn;
	if (!ret && part.count)
		ret = keep(b, &part);
	return ret;
}

/* Whatever lies there was released while nobody looked. */
static int release_overlapping(struct builder *b, const struct live *place)
{
	struct live **found;
	int ret = 0;

	while (!ret && (found = tfind(place, &b->tree, compare)))
		ret = release(b, (*found)->pfn, (*found)->count);
	return ret;
}

static int add_alloc(struct builder *b, const struct cma_event *event, bool good)
{
	struct live live = { .pfn = event->pfn, .count = event->count };
	int ret = good ? release_overlapping(b, &live) : 0;

	if (!ret)
		ret = cma_script_alloc(b->script, event->count, event->align, &live.id);
	if (!ret)
		ret = note_birth(b, live.id, good ? b->script->count - 1 : SIZE_MAX);
	b->script->failed += !good;
	return !ret && good ? keep(b, &live) : ret;
}

static bool sensible(const struct cma_event *event)
{
	return event->count && event->pfn < UINT64_MAX / 2 && event->count < UINT64_MAX / 4;
}

/* The kernel refuses what the area cannot hold after the start event, mostly without another. */
static int add_event(struct builder *b, const struct cma_event *event)
{
	const struct cma_area *area = &b->script->area;
	bool refused = area->pages && event->count > area->pages;

	if (!event->count)
		return 0;
	switch (event->type) {
	case CMA_EVENT_START:
		return refused ? add_alloc(b, event, false) : 0;
	case CMA_EVENT_FINISH:
		if (refused)
			return 0;
		if (cma_event_failed(event))
			return add_alloc(b, event, false);
		return sensible(event) ? add_alloc(b, event, true) : 0;
	case CMA_EVENT_RELEASE:
		return sensible(event) ? release(b, event->pfn, event->count) : 0;
	default:
		return 0;
	}
}

static int compare_lives(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* How many steps an allocation is held, in the median; 1 where none was released. */
static size_t median_life(const struct builder *b)
{
	const struct cma_script *script = b->script;
	size_t *lives = malloc((script->ids + 1UL) * sizeof(*lives)), n = 0, median = 1;

	if (!lives)
		return 1;
	for (size_t i = 0; i < script->count; i++) {
		const struct cma_step *step = &script->steps[i];

		if (step->type == CMA_STEP_RELEASE && !step->offset && n < script->ids &&
		    b->born[step->id] != SIZE_MAX)
			lives[n++] = i - b->born[step->id];
	}
	if (n) {
		qsort(lives, n, sizeof(*lives), compare_lives);
		median = lives[n / 2];
	}
	free(lives);
	return median;
}

/* Give each allocation that failed in the recording a release. */
static int release_failed(struct builder *b)
{
	struct cma_script *old = b->script, script = *old;
	size_t life = median_life(b), due = 0;
	int ret = 0;

	script.steps = NULL;
	script.count = 0;
	script.room = 0;
	for (size_t i = 0; !ret && i < old->count; i++) {
		struct cma_step *step = &old->steps[i];

		/* All live equally long: they fall due in the order they were asked for. */
		for (; !ret && due + life <= i; due++) {
			const struct cma_step *s = &old->steps[due];

			if (s->type == CMA_STEP_ALLOC && b->born[s->id] == SIZE_MAX)
				ret = cma_script_release(&script, s->id, 0, s->count);
		}
		if (ret)
			break;
		switch (step->type) {
		case CMA_STEP_RELEASE:
			ret = cma_script_release(&script, step->id, step->offset, step->count);
			break;
		default:
			script.ids = step->id;
			ret = step->type == CMA_STEP_ALLOC ?
			      cma_script_alloc(&script, step->count, step->align, NULL) :
			      cma_script_present(&script, step->offset, step->count, NULL);
		}
	}
	free(old->steps);
	*old = script;
	return ret;
}

/* What was taken when recording began is there before the first step. */
static int add_present(struct builder *b, const struct cma_trace_area *area)
{
	const struct cma_bitmap *map = &area->map;
	unsigned int order = map->area.order_per_bit;
	uint64_t bit = 0;
	int ret = 0;

	if (!area->known || !area->start_known || map->area.base_pfn > UINT64_MAX / 4)
		return 0;
	while (!ret && (bit = cma_bitmap_next(map, bit, true)) < map->bits) {
		uint64_t end = cma_bitmap_next(map, bit, false);
		struct live live = { .pfn = map->area.base_pfn + (bit << order),
				     .count = (end - bit) << order };

		ret = cma_script_present(b->script, bit << order, live.count, &live.id);
		if (!ret)
			ret = note_birth(b, live.id, b->script->count - 1);
		if (!ret)
			ret = keep(b, &live);
		bit = end;
	}
	return ret;
}

/**
 * struct events - all events of a trace that count here
 * @all: the events
 * @seen: by area, how many events
 */
struct events {
	struct cma_event *all;
	size_t count;
	size_t room;
	uint64_t seen[CMA_TRACE_MAX_AREAS];
};

static int read_events(struct cma_trace_reader *reader, struct events *events)
{
	struct cma_event event;
	int ret;

	while ((ret = cma_trace_next(reader, &event)) > 0) {
		if (event.area < 0 || event.area >= CMA_TRACE_MAX_AREAS ||
		    event.type > CMA_EVENT_RELEASE)
			continue;
		if (events->count == events->room) {
			size_t room = events->room ? events->room * 2 : 1024;
			struct cma_event *all = NULL;

			if (room <= CMA_SCRIPT_MAX_STEPS)
				all = realloc(events->all, room * sizeof(*all));
			if (!all)
				return room > CMA_SCRIPT_MAX_STEPS ? -E2BIG : -ENOMEM;
			events->all = all;
			events->room = room;
		}
		events->seen[event.area]++;
		events->all[events->count++] = event;
	}
	return ret;
}

static int choose_area(const struct cma_trace_info *info, const struct events *events,
		       const char *name)
{
	int best = -1;

	for (unsigned int i = 0; i < info->area_count; i++) {
		if (name && !strcmp(info->areas[i].map.area.name, name))
			return (int)i;
		if (!name && events->seen[i] > (best < 0 ? 0 : events->seen[best]))
			best = (int)i;
	}
	return best;
}

static int build(struct builder *b, const struct cma_trace_info *info, const struct events *events)
{
	const struct cma_trace_area *area = &info->areas[b->area];
	struct cma_script *script = b->script;
	int ret;

	script->area = area->map.area;
	if (!area->known)
		script->area.pages = 0;
	if (info->page_size)
		script->page_size = info->page_size;
	script->total_pages = info->total_pages;
	script->lost = info->lost;
	ret = add_present(b, area);
	for (size_t i = 0; !ret && i < events->count; i++)
		if (events->all[i].area == b->area)
			ret = add_event(b, &events->all[i]);
	return ret || !script->failed ? ret : release_failed(b);
}

int cma_script_read(struct cma_script *script, struct cma_trace_reader *reader, const char *area)
{
	struct builder b = { .script = script };
	struct events events = { 0 };
	int ret;

	cma_script_init(script);
	ret = read_events(reader, &events);
	if (!ret) {
		const struct cma_trace_info *info = cma_trace_info(reader);

		b.area = choose_area(info, &events, area);
		ret = b.area < 0 ? -ENOENT : build(&b, info, &events);
	}
	tdestroy(b.tree, free);
	free(b.born);
	free(events.all);
	return ret;
}
