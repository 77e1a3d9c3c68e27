// SPDX-License-Identifier: MIT
/* Failures in a trace. The bitmap is followed from event to event where its beginning is known. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cma/trace.h"
#include "cmascope/why.h"
#include "message.h"

#define PENDING_MAX	256	/* threads in cma_alloc() at one time */

/**
 * struct pending - a request that has begun
 * @open: it is one
 * @start: its cma_alloc_start
 * @retries: busy places so far
 * @busy_pfn: as in struct cma_failure
 * @busy_end_pfn: as in struct cma_failure
 */
struct pending {
	bool open;
	struct cma_event start;
	uint64_t retries;
	uint64_t busy_pfn;
	uint64_t busy_end_pfn;
};

/**
 * struct follower - a trace being followed
 * @report: is told the failures
 * @info: the traced machine
 * @maps: the bits as they are now; no words where they are not known
 * @mapped: which of @maps are set up
 * @pending: requests that have begun
 */
struct follower {
	struct why_report *report;
	const struct cma_trace_info *info;
	struct cma_bitmap maps[CMA_TRACE_MAX_AREAS];
	bool mapped[CMA_TRACE_MAX_AREAS];
	struct pending pending[PENDING_MAX];
};

/* The bits of an area, NULL: not known. */
static struct cma_bitmap *map_of(struct follower *f, int area)
{
	const struct cma_trace_area *from;

	if (area < 0 || (unsigned int)area >= f->info->area_count)
		return NULL;
	from = &f->info->areas[area];
	if (!f->mapped[area] && from->known && from->start_known) {
		f->mapped[area] = true;
		if (cma_bitmap_copy(&f->maps[area], &from->map))
			f->report->failed = true;
	}
	return f->maps[area].words ? &f->maps[area] : NULL;
}

static void write_bits(struct follower *f, const struct cma_event *event, bool taken)
{
	struct cma_bitmap *map = map_of(f, event->area);

	if (!map || event->pfn < map->area.base_pfn)
		return;
	cma_bitmap_write(map, (event->pfn - map->area.base_pfn) >> map->area.order_per_bit,
			 cma_bits(&map->area, event->count), taken);
}

static struct pending *find_pending(struct follower *f, int pid)
{
	for (size_t i = 0; i < PENDING_MAX; i++)
		if (f->pending[i].open && f->pending[i].start.pid == pid)
			return &f->pending[i];
	return NULL;
}

static void set_request(struct follower *f, struct cma_failure *failure,
			const struct cma_event *event)
{
	const struct cma_trace_area *area;
	unsigned int major, minor;

	failure->time = (double)event->ns / 1e9;
	failure->count = event->count;
	failure->align = (int)event->align;
	failure->pid = event->pid;
	memcpy(failure->comm, event->comm, sizeof(failure->comm));
	if (sscanf(f->info->release, "%3u.%3u", &major, &minor) == 2)
		failure->kernel = major * 1000 + minor;
	if (event->area < 0 || (unsigned int)event->area >= f->info->area_count)
		return;
	area = &f->info->areas[event->area];
	memcpy(failure->area.name, area->map.area.name, sizeof(failure->area.name));
	if (area->known)
		failure->area = area->map.area;
}

static void on_finish(struct follower *f, const struct cma_event *event)
{
	struct pending *pending = find_pending(f, event->pid);
	const struct cma_bitmap *map = map_of(f, event->area);
	struct cma_failure failure;

	if (!event->error) {
		write_bits(f, event, true);
	} else {
		cma_failure_init(&failure);
		set_request(f, &failure, event);
		failure.error = event->error;
		if (map && cma_failure_set_map(&failure, map))
			f->report->failed = true;
		if (pending) {
			failure.busy_retries = pending->retries;
			failure.busy_pfn = pending->busy_pfn;
			failure.busy_end_pfn = pending->busy_end_pfn;
		}
		why_tell(f->report, &failure);
		cma_failure_end(&failure);
	}
	if (pending)
		pending->open = false;
}

/* A request that never finished: too large, or for nothing. Where the size is known, only those. */
static void abandon(struct follower *f, struct pending *pending)
{
	struct cma_failure failure;

	pending->open = false;
	cma_failure_init(&failure);
	set_request(f, &failure, &pending->start);
	if (!failure.count || failure.area.pages == CMA_UNKNOWN ||
	    failure.count > failure.area.pages)
		why_tell(f->report, &failure);
	cma_failure_end(&failure);
}

static void on_start(struct follower *f, const struct cma_event *event)
{
	struct pending *pending = find_pending(f, event->pid);

	if (pending)
		abandon(f, pending);
	for (size_t i = 0; i < PENDING_MAX && !pending; i++)
		if (!f->pending[i].open)
			pending = &f->pending[i];
	if (pending)
		*pending = (struct pending){ .open = true, .start = *event,
			.busy_pfn = CMA_UNKNOWN, .busy_end_pfn = CMA_UNKNOWN };
}

static void on_busy(struct follower *f, const struct cma_event *event)
{
	struct pending *pending = find_pending(f, event->pid);

	if (!pending)
		return;
	pending->retries++;
	/* What test_pages_isolated said of this place is more exact. */
	if (pending->busy_pfn != CMA_UNKNOWN && pending->busy_pfn >= event->pfn &&
	    pending->busy_pfn < event->pfn + event->count)
		return;
	pending->busy_pfn = event->pfn;
	pending->busy_end_pfn = event->pfn + event->count;
}

static void on_isolated(struct follower *f, const struct cma_event *event)
{
	struct pending *pending = find_pending(f, event->pid);

	if (!pending || event->fin_pfn >= event->end_pfn)
		return;
	pending->busy_pfn = event->fin_pfn;
	pending->busy_end_pfn = event->fin_pfn + 1;
}

static void follow(struct follower *f, const struct cma_event *event)
{
	switch (event->type) {
	case CMA_EVENT_START:
		on_start(f, event);
		break;
	case CMA_EVENT_FINISH:
		on_finish(f, event);
		break;
	case CMA_EVENT_RELEASE:
		write_bits(f, event, false);
		break;
	case CMA_EVENT_BUSY_RETRY:
		on_busy(f, event);
		break;
	case CMA_EVENT_ISOLATED:
		on_isolated(f, event);
		break;
	default:
		break;
	}
}

static void end_follower(struct follower *f)
{
	for (size_t i = 0; i < CMA_TRACE_MAX_AREAS; i++)
		cma_bitmap_end(&f->maps[i]);
	free(f);
}

static int follow_all(struct follower *f, struct cma_trace_reader *reader)
{
	struct cma_event event;
	int ret;

	while ((ret = cma_trace_next(reader, &event)) > 0)
		follow(f, &event);
	for (size_t i = 0; i < PENDING_MAX; i++)
		if (f->pending[i].open && f->info->area_count &&
		    f->pending[i].start.area >= 0 &&
		    f->info->areas[f->pending[i].start.area].known)
			abandon(f, &f->pending[i]);
	f->report->lost = f->info->lost;
	return ret;
}

int why_read_trace(struct why_report *report, const char *path)
{
	struct follower *f = calloc(1, sizeof(*f));
	struct cma_trace_reader *reader = NULL;
	int ret = f ? cma_trace_open(path, &reader) : -ENOMEM;

	if (!ret) {
		f->report = report;
		f->info = cma_trace_info(reader);
		ret = follow_all(f, reader);
	}
	if (ret && ret != -EINVAL)
		message("cannot read %s: %s", path, strerror(-ret));
	if (f)
		end_follower(f);
	cma_trace_close(reader);
	return ret ? EXIT_ENVIRONMENT : EXIT_OK;
}
