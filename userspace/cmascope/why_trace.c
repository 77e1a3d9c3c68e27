// SPDX-License-Identifier: MIT
/*
 * Failures in a trace. The bitmap is followed from event to event where its beginning is known. The
 * kernel sets a request's bits before it moves pages away, long before the event that tells where:
 * while others of the area are under way, the bitmap only says what may have been free.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cma/trace.h"
#include "cma/verdict_space.h"
#include "cmascope/why.h"
#include "message.h"

#define PENDING_MAX	256	/* threads in cma_alloc() at one time */
#define ENDED_MAX	16	/* requests that end during another one and are remembered */
#define KERNEL_TELLS_ERROR	6005

/**
 * struct pending - a request that has begun
 * @open: it is one
 * @start: its cma_alloc_start
 * @retries: busy places so far
 * @busy_pfn: as in struct cma_failure
 * @busy_end_pfn: as in struct cma_failure
 * @others: requests of the same area that were under way at some time of this one
 * @released: pages of the area were released meanwhile
 * @ended: what those others got, the first ENDED_MAX of them
 * @ended_count: how many got something
 */
struct pending {
	bool open;
	struct cma_event start;
	uint64_t retries;
	uint64_t busy_pfn;
	uint64_t busy_end_pfn;
	uint64_t others;
	bool released;
	struct cma_event ended[ENDED_MAX];
	size_t ended_count;
};

/**
 * struct follower - a trace being followed
 * @report: is told the failures
 * @info: the traced machine
 * @maps: the bits as they are now; no words where they are not known
 * @mapped: which of @maps are set up
 * @pending: requests that have begun
 * @used: the first so many of @pending have ever been used
 * @too_many: more than fit had begun
 * @lost: events that are missing, from the end of the trace
 * @whole: the trace has its end, so that @lost is right
 */
struct follower {
	struct why_report *report;
	const struct cma_trace_info *info;
	struct cma_bitmap maps[CMA_TRACE_MAX_AREAS];
	bool mapped[CMA_TRACE_MAX_AREAS];
	struct pending pending[PENDING_MAX];
	size_t used;
	bool too_many;
	uint64_t lost;
	bool whole;
};

/* The bits of an area, NULL: not known. */
static struct cma_bitmap *map_of(struct follower *f, int area)
{
	const struct cma_trace_area *from;

	if (area < 0 || (unsigned int)area >= f->info->area_count)
		return NULL;
	from = &f->info->areas[area];
	if (!f->mapped[area] && from->known && from->start_known && !f->lost) {
		f->mapped[area] = true;
		if (cma_bitmap_copy(&f->maps[area], &from->map))
			f->report->failed = true;
	}
	return f->maps[area].words ? &f->maps[area] : NULL;
}

/* The bits that an event is about, in one of the ranges if the area has several. */
static struct cma_bitmap *map_at(struct follower *f, const struct cma_event *event)
{
	return map_of(f, cma_trace_place(f->info, event->area, event->pfn));
}

static void write_bits(struct cma_bitmap *map, const struct cma_event *event, bool taken)
{
	if (!map || event->pfn < map->area.base_pfn)
		return;
	cma_bitmap_write(map, (event->pfn - map->area.base_pfn) >> map->area.order_per_bit,
			 cma_bits(&map->area, event->count), taken);
}

static struct pending *find_pending(struct follower *f, int pid)
{
	for (size_t i = 0; i < f->used; i++)
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
	failure->page_size = f->info->page_size;
	if (sscanf(f->info->release, "%3u.%3u", &major, &minor) == 2)
		failure->kernel = major * 1000 + minor;
	if (event->area < 0 || (unsigned int)event->area >= f->info->area_count)
		return;
	area = &f->info->areas[event->area];
	memcpy(failure->area.name, area->map.area.name, sizeof(failure->area.name));
	if (area->known)
		failure->area = area->map.area;
}

/* What may have been free at some time of the request: what others got since counts as free. */
static void set_map(struct follower *f, struct cma_failure *failure, const struct pending *pending,
		    const struct cma_bitmap *map)
{
	struct cma_bitmap most = { 0 };
	int ret = 0;

	if (!pending || !pending->ended_count) {
		ret = cma_failure_set_map(failure, map);
	} else if (pending->ended_count <= ENDED_MAX) {
		ret = cma_bitmap_copy(&most, map);
		for (size_t i = 0; !ret && i < pending->ended_count; i++)
			write_bits(&most, &pending->ended[i], false);
		if (!ret)
			ret = cma_failure_set_map(failure, &most);
		cma_bitmap_end(&most);
	}
	if (ret)
		f->report->failed = true;
}

/*
 * The ranges' free runs one after the other, as the kernel lists them. Where each range begins does
 * not matter to the alignment that the DMA API asks for: they consist of pageblocks.
 */
static void set_ranges(struct follower *f, struct cma_failure *failure, int area,
		       const struct pending *pending)
{
	struct cma_failure sum = *failure;
	bool all = !pending || !pending->ended_count;

	sum.free_pages = 0;
	sum.area.pages = 0;
	for (int i = 0; i < (int)f->info->area_count; i++) {
		struct cma_failure one;
		struct cma_bitmap *map;

		if (i == area || !cma_area_is(&f->info->areas[i].map.area, failure->area.name))
			continue;
		map = map_of(f, i);
		all = all && map;
		cma_failure_init(&one);
		if (all && cma_failure_set_map(&one, map))
			f->report->failed = true;
		for (size_t r = 0; r < one.run_count; r++)
			f->report->failed |= cma_failure_add_run(&sum, one.runs[r]) != 0;
		sum.ranges++;
		sum.free_pages += all ? one.free_pages : 0;
		sum.area.pages += f->info->areas[i].map.area.pages;
		sum.area.order_per_bit = f->info->areas[i].map.area.order_per_bit;
		cma_failure_end(&one);
	}
	sum.runs_known = CMA_RUNS_ALL;
	if (sum.ranges && all)
		*failure = sum;
	else
		cma_failure_end(&sum);
}

/* What makes the bitmap less than certain, for people. Return: whether anything does. */
static bool note_doubts(struct follower *f, const struct pending *pending)
{
	char *note = f->report->note;

	if (pending && pending->others)
		snprintf(note, WHY_NOTE, "what exactly was free: at that time %" PRIu64
			 " other request%s of this area %s under way", pending->others,
			 pending->others == 1 ? "" : "s", pending->others == 1 ? "was" : "were");
	else if (pending && pending->released)
		snprintf(note, WHY_NOTE,
			 "what exactly was free: pages were released during the request");
	else if (!pending || f->too_many)
		snprintf(note, WHY_NOTE,
			 "what exactly was free: not all requests of that time were followed");
	else if (!f->whole)
		snprintf(note, WHY_NOTE,
			 "whether events were lost: the trace has no end that says it");
	return !pending || pending->others || pending->released || f->too_many;
}

static void tell_failed(struct follower *f, const struct cma_event *event,
			const struct pending *pending)
{
	const struct cma_bitmap *map = map_of(f, event->area);
	struct cma_failure failure;

	cma_failure_init(&failure);
	set_request(f, &failure, event);
	failure.error = event->error;
	/* Where the kernel told no error, older recordings have this one, and know the area. */
	if (event->error == -ENOMEM && failure.kernel < KERNEL_TELLS_ERROR &&
	    failure.area.pages != CMA_UNKNOWN)
		failure.error = 0;
	if (map) {
		set_map(f, &failure, pending, map);
		if (note_doubts(f, pending))
			verdict_space_doubt(&failure);
	} else if (event->area >= 0) {
		set_ranges(f, &failure, event->area, pending);
		if (failure.ranges && note_doubts(f, pending))
			verdict_space_doubt(&failure);
	}
	if (!map && f->lost) {
		snprintf(f->report->note, WHY_NOTE,
			 "what was free: the trace lost events, %" PRIu64 ", before this or later",
			 f->lost);
	}
	if (pending) {
		failure.busy_retries = pending->retries;
		failure.busy_pfn = pending->busy_pfn;
		failure.busy_end_pfn = pending->busy_end_pfn;
	}
	why_tell(f->report, &failure);
	f->report->note[0] = '\0';
	cma_failure_end(&failure);
}

/* The next request that is under way in an area, NULL: no more. */
static struct pending *next_of(struct follower *f, int area, struct pending *after)
{
	for (struct pending *p = after ? after + 1 : f->pending; p < f->pending + f->used; p++)
		if (p->open && p->start.area == area)
			return p;
	return NULL;
}

static void on_finish(struct follower *f, const struct cma_event *event)
{
	struct pending *pending = find_pending(f, event->pid);

	if (cma_event_failed(event))
		tell_failed(f, event, pending);
	else
		write_bits(map_at(f, event), event, true);
	if (pending)
		pending->open = false;
	if (cma_event_failed(event))
		return;
	for (struct pending *p = next_of(f, event->area, NULL); p; p = next_of(f, event->area, p)) {
		/* Also one whose start was not seen was under way. */
		p->others += !pending;
		if (p->ended_count < ENDED_MAX)
			p->ended[p->ended_count] = *event;
		p->ended_count++;
	}
}

static void on_release(struct follower *f, const struct cma_event *event)
{
	write_bits(map_at(f, event), event, false);
	for (struct pending *p = next_of(f, event->area, NULL); p; p = next_of(f, event->area, p))
		p->released = true;
}

/* Whether the kernel refuses a request before it searches; such a one never finishes. */
static bool refused(const struct follower *f, const struct cma_event *start)
{
	const struct cma_trace_area *area = start->area < 0 ||
		(unsigned int)start->area >= f->info->area_count ? NULL :
		&f->info->areas[start->area];

	return !start->count || (area && area->known && start->count > area->map.area.pages);
}

/* A request that never finished: its end may be missing, so only what had to fail is told. */
static void abandon(struct follower *f, struct pending *pending)
{
	struct cma_failure failure;

	pending->open = false;
	if (!refused(f, &pending->start))
		return;
	cma_failure_init(&failure);
	set_request(f, &failure, &pending->start);
	why_tell(f->report, &failure);
	cma_failure_end(&failure);
}

static void on_start(struct follower *f, const struct cma_event *event)
{
	struct pending *pending = find_pending(f, event->pid), *p;
	uint64_t others = 0;

	if (pending)
		abandon(f, pending);
	for (p = next_of(f, event->area, NULL); p; p = next_of(f, event->area, p)) {
		if (refused(f, event) || refused(f, &p->start))
			continue;
		p->others++;
		others++;
	}
	for (size_t i = 0; i < PENDING_MAX && !pending; i++)
		if (!f->pending[i].open)
			pending = &f->pending[i];
	if (pending && pending == &f->pending[f->used])
		f->used++;
	if (pending)
		*pending = (struct pending){ .open = true, .start = *event, .others = others,
			.busy_pfn = CMA_UNKNOWN, .busy_end_pfn = CMA_UNKNOWN };
	else
		f->too_many = true;
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
		on_release(f, event);
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
	for (size_t i = 0; i < f->used; i++)
		if (f->pending[i].open)
			abandon(f, &f->pending[i]);
	f->report->lost = f->info->lost;
	return ret;
}

/* How much is missing says only the end of a recorded trace; it matters where bits are followed. */
static void survey(struct follower *f, const char *path)
{
	bool followed = false;

	f->whole = true;
	for (unsigned int i = 0; i < f->info->area_count; i++)
		followed |= f->info->areas[i].start_known;
	if (followed && cma_trace_survey(path, &f->lost, &f->whole))
		f->whole = false;
}

int why_read_trace(struct why_report *report, const char *path)
{
	struct follower *f = calloc(1, sizeof(*f));
	struct cma_trace_reader *reader = NULL;
	int ret = f ? cma_trace_open(path, &reader) : -ENOMEM;

	if (!ret) {
		f->report = report;
		f->info = cma_trace_info(reader);
		survey(f, path);
		ret = follow_all(f, reader);
	}
	/* Of -EINVAL the reader has said more already. */
	if (ret == -EINVAL)
		snprintf(report->error, sizeof(report->error), "%s: no trace", path);
	else if (ret)
		why_error(report, "cannot read %s: %s", path, strerror(-ret));
	if (f)
		end_follower(f);
	cma_trace_close(reader);
	return ret ? EXIT_ENVIRONMENT : EXIT_OK;
}
