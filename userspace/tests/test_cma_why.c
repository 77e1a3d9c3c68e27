// SPDX-License-Identifier: MIT
/* Failures in recorded traces: the bitmap is followed, and who was in the way is remembered. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cma/trace.h"
#include "cmascope/why.h"
#include "tests/harness.h"

#define BASE	0x40000
#define FAR	0x80000
#define PAGES	1024

/** struct told - what was told of a trace: text, and a JSON list to be put */
struct told {
	char *text;
	struct json_object *list;
	size_t count;
};

/**
 * struct traced - the machine of a trace
 * @release: its kernel
 * @placed: its area is known
 * @known: and what was taken at the start
 * @lost: events that are missing
 * @page_size: 0: 4096
 * @ranges: its area has a second range of as many pages, at FAR
 */
struct traced {
	const char *release;
	bool placed;
	bool known;
	uint64_t lost;
	uint32_t page_size;
	bool ranges;
};

/* The second range; the first becomes one, too, and the area has no place of its own. */
static void add_ranges(struct cma_trace_info *info)
{
	struct cma_area near = { "huge/0", BASE, PAGES, 0 }, far = { "huge/1", FAR, PAGES, 0 };

	info->area_count = 3;
	memcpy(&info->areas[1], &info->areas[0], sizeof(info->areas[0]));
	memset(&info->areas[0], 0, sizeof(info->areas[0]));
	strcpy(info->areas[0].map.area.name, "huge");
	info->areas[1].map.area = near;
	info->areas[2].known = true;
	info->areas[2].start_known = true;
	assert_int_equal(cma_bitmap_init(&info->areas[2].map, &far), 0);
}

static void write_trace(const char *path, const struct traced *machine,
			const struct cma_event *events, size_t count)
{
	struct cma_trace_info *info = calloc(1, sizeof(*info));
	struct cma_area area = { "reserved", BASE, PAGES, 0 };
	struct cma_trace_writer *writer;

	assert_non_null(info);
	snprintf(info->release, sizeof(info->release), "%s", machine->release);
	info->page_size = machine->page_size ? machine->page_size : 4096;
	info->area_count = 1;
	info->areas[0].known = machine->placed;
	info->areas[0].start_known = machine->known;
	assert_int_equal(cma_bitmap_init(&info->areas[0].map, &area), 0);
	cma_bitmap_write(&info->areas[0].map, 0, 100, true);
	if (machine->ranges)
		add_ranges(info);
	assert_int_equal(cma_trace_create(path, info, &writer), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(cma_trace_write(writer, &events[i]), 0);
	assert_int_equal(cma_trace_finish(writer, machine->lost), 0);
	for (unsigned int i = 0; i < info->area_count; i++)
		cma_bitmap_end(&info->areas[i].map);
	free(info);
}

static struct told why_of(const struct traced *machine, const struct cma_event *events,
			  size_t count)
{
	static const struct why_options options = { .align = -1, .base_pfn = CMA_UNKNOWN,
						    .all = true };
	struct why_report *report = calloc(1, sizeof(*report));
	char path[] = "/tmp/test_cma_why.XXXXXX";
	struct told told = { 0 };
	size_t size;

	assert_non_null(report);
	close(mkstemp(path));
	write_trace(path, machine, events, count);
	report->options = &options;
	report->out = open_memstream(&told.text, &size);
	report->list = json_object_new_array();
	assert_true(why_is_trace(path));
	assert_int_equal(why_read_trace(report, path), 0);
	unlink(path);
	told.list = report->list;
	told.count = json_object_array_length(told.list);
	/* The list is looked at here, so the report must not write it. */
	report->list = NULL;
	why_end(report);
	fclose(report->out);
	free(report);
	return told;
}

static struct told why(bool known, const struct cma_event *events, size_t count)
{
	struct traced machine = { "6.12.117", true, known, 0, 0, false };

	return why_of(&machine, events, count);
}

static void put(struct told *told)
{
	json_object_put(told->list);
	free(told->text);
}

static const char *cause(const struct told *told, size_t i)
{
	struct json_object *failure = json_object_array_get_idx(told->list, i);

	return json_object_get_string(json_object_object_get(failure, "cause"));
}

static int64_t number(const struct told *told, size_t i, const char *name)
{
	struct json_object *failure = json_object_array_get_idx(told->list, i);

	return json_object_get_int64(json_object_object_get(failure, name));
}

#define START(n, p, c, a) \
	{ .ns = (n), .type = CMA_EVENT_START, .pid = (p), .comm = "t", .count = (c), .align = (a) }
#define ALLOC(n, p, f, c) \
	START(n, p, c, 8), \
	{ .ns = (n) + 1, .type = CMA_EVENT_FINISH, .pid = (p), .comm = "t", .pfn = (f), \
	  .count = (c), .align = 8 }
#define FAIL(n, p, c, e) \
	START(n, p, c, 8), \
	{ .ns = (n) + 1, .type = CMA_EVENT_FINISH, .pid = (p), .comm = "t", \
	  .pfn = CMA_NOWHERE, .count = (c), .align = 8, .error = (e) }

/* 100 pages are taken at the start, then 256..511; 512..1023 remain, and 100..255. */
static const struct cma_event some[] = {
	ALLOC(10, 1, BASE + 256, 256),
	FAIL(20, 1, 700, -ENOMEM),
	FAIL(30, 1, 600, -ENOMEM),
	{ .ns = 40, .type = CMA_EVENT_RELEASE, .pid = 1, .comm = "t", .pfn = BASE + 256,
	  .count = 256 },
	FAIL(50, 1, 800, -ENOMEM),
	FAIL(60, 1, 1000, -ENOMEM),
};

static void follows_the_bitmap(void **state)
{
	static const char line[] =
		"924@100: first aligned page 256; 256 + 800 = 1056 is past the run's end 1024";
	struct told told = why(true, some, COUNT(some));

	(void)state;
	assert_int_equal(told.count, 4);
	assert_string_equal(cause(&told, 0), "full");
	assert_int_equal(number(&told, 0, "free_pages"), 668);
	assert_string_equal(cause(&told, 1), "fragmented");
	assert_string_equal(cause(&told, 2), "alignment");
	assert_string_equal(cause(&told, 3), "full");
	assert_non_null(strstr(told.text, line));
	put(&told);
}

static void without_a_start_it_cannot_tell(void **state)
{
	struct told told = why(false, some, COUNT(some));

	(void)state;
	assert_int_equal(told.count, 4);
	assert_string_equal(cause(&told, 0), "unknown");
	put(&told);
}

static void remembers_who_was_busy(void **state)
{
	static const struct cma_event events[] = {
		START(1, 1, 300, 8),
		START(2, 2, 10, 4),
		{ .ns = 3, .type = CMA_EVENT_ISOLATED, .pid = 1, .comm = "a", .area = -1,
		  .pfn = BASE + 256, .end_pfn = BASE + 556, .fin_pfn = BASE + 300 },
		{ .ns = 4, .type = CMA_EVENT_BUSY_RETRY, .pid = 1, .comm = "a",
		  .pfn = BASE + 256, .count = 300, .align = 8 },
		{ .ns = 5, .type = CMA_EVENT_FINISH, .pid = 2, .comm = "b",
		  .pfn = BASE + 112, .count = 10, .align = 4 },
		{ .ns = 6, .type = CMA_EVENT_FINISH, .pid = 1, .comm = "a",
		  .pfn = CMA_NOWHERE, .count = 300, .align = 8, .error = -EBUSY },
	};
	struct told told = why(true, events, COUNT(events));

	(void)state;
	assert_int_equal(told.count, 1);
	assert_string_equal(cause(&told, 0), "busy");
	assert_int_equal(number(&told, 0, "busy_pfn"), BASE + 300);
	assert_int_equal(number(&told, 0, "busy_retries"), 1);
	assert_non_null(strstr(told.text, "page frame 0x4012c could not be moved"));
	put(&told);
}

/* Such a request returns before the event that ends it. */
static void a_start_without_finish_is_too_large(void **state)
{
	static const struct cma_event events[] = {
		START(1, 1, 2000, 8),
		ALLOC(10, 1, BASE + 256, 256),
		START(20, 2, 10, 4),
		START(21, 3, 3000, 8),
	};
	struct told told = why(true, events, COUNT(events));

	(void)state;
	/* That of process 2 may still be going on. */
	assert_int_equal(told.count, 2);
	assert_string_equal(cause(&told, 0), "too-large");
	assert_int_equal(number(&told, 0, "count"), 2000);
	assert_int_equal(number(&told, 1, "pid"), 3);
	put(&told);
}

#define END(n, p, f, c, e) \
	{ .ns = (n), .type = CMA_EVENT_FINISH, .pid = (p), .comm = "t", .pfn = (f), \
	  .count = (c), .align = 8, .error = (e) }
#define BUSY(n, p, f, c) \
	{ .ns = (n), .type = CMA_EVENT_BUSY_RETRY, .pid = (p), .comm = "t", .pfn = (f), \
	  .count = (c), .align = 8 }

/* Its bits are set long before the event that tells where they are. */
static void what_is_under_way_is_not_free(void **state)
{
	static const struct cma_event events[] = {
		START(1, 1, 768, 8),
		FAIL(2, 2, 256, -ENOMEM),
		FAIL(4, 2, 950, -ENOMEM),
		END(9, 1, BASE + 256, 768, 0),
		FAIL(10, 2, 256, -ENOMEM),
	};
	struct told told = why(true, events, COUNT(events));

	(void)state;
	assert_int_equal(told.count, 3);
	assert_string_equal(cause(&told, 0), "unknown");
	assert_non_null(strstr(told.text, "at that time 1 other request of this area was under"));
	/* More than there ever was is certain; and so is what comes when all have ended. */
	assert_string_equal(cause(&told, 1), "full");
	assert_string_equal(cause(&told, 2), "full");
	put(&told);
}

/* What another one got meanwhile may have been free, or not yet, when the request searched. */
static void what_ended_meanwhile_proves_nothing(void **state)
{
	static const struct cma_event events[] = {
		START(1, 1, 700, 8),
		ALLOC(2, 2, BASE + 256, 256),
		END(4, 1, CMA_NOWHERE, 700, -ENOMEM),
		START(5, 1, 700, 8),
		{ .ns = 6, .type = CMA_EVENT_RELEASE, .pid = 2, .comm = "t", .pfn = BASE + 256,
		  .count = 256 },
		END(7, 1, CMA_NOWHERE, 700, -ENOMEM),
		FAIL(8, 1, 700, -ENOMEM),
	};
	struct told told = why(true, events, COUNT(events));

	(void)state;
	assert_int_equal(told.count, 3);
	assert_string_equal(cause(&told, 0), "unknown");
	assert_string_equal(cause(&told, 1), "unknown");
	assert_non_null(strstr(told.text, "pages were released during the request"));
	assert_string_equal(cause(&told, 2), "low-memory");
	put(&told);
}

static void with_lost_events_nothing_is_certain(void **state)
{
	static const struct traced machine = { "6.12.117", true, true, 6, 0, false };
	static const struct cma_event events[] = { FAIL(20, 1, 256, -ENOMEM) };
	struct told told = why_of(&machine, events, COUNT(events));

	(void)state;
	assert_int_equal(told.count, 1);
	assert_string_equal(cause(&told, 0), "unknown");
	assert_non_null(strstr(told.text, "what was free: the trace lost events, 6,"));
	put(&told);
}

/* Before 6.5 the event has no error; -ENOMEM is what older recordings have there. */
static void without_an_error_retries_tell(void **state)
{
	static const struct traced machine = { "6.1.0-18-arm64", true, true, 0, 0, false };
	static const struct cma_event events[] = {
		START(1, 1, 256, 8), BUSY(2, 1, BASE + 256, 256),
		END(3, 1, CMA_NOWHERE, 256, 0),
		START(4, 1, 256, 8), BUSY(5, 1, BASE + 256, 256),
		END(6, 1, CMA_NOWHERE, 256, -ENOMEM),
		FAIL(10, 1, 256, 0),
		FAIL(20, 1, 950, 0),
	};
	struct told told = why_of(&machine, events, COUNT(events));

	(void)state;
	assert_int_equal(told.count, 4);
	assert_string_equal(cause(&told, 0), "busy");
	assert_int_equal(number(&told, 0, "error"), 0);
	assert_string_equal(cause(&told, 1), "busy");
	assert_string_equal(cause(&told, 2), "unknown");
	assert_non_null(strstr(told.text, "because the error is not known"));
	assert_string_equal(cause(&told, 3), "full");
	put(&told);
}

static void starts_alone_are_no_failures(void **state)
{
	static const struct traced machine = { "6.12.117", false, false, 0, 0, false };
	static const struct cma_event events[] = {
		START(1, 1, 16, 4), START(2, 1, 16, 4), START(3, 1, 2000, 8),
	};
	struct told told = why_of(&machine, events, COUNT(events));

	(void)state;
	assert_int_equal(told.count, 0);
	put(&told);
}

/* The machine's own pages: 924 of 1024 are free, 25 more are needed. */
static void sizes_are_in_the_machines_pages(void **state)
{
	static const struct traced machine = { "6.12.117", true, true, 0, 65536, false };
	static const struct cma_event events[] = { FAIL(20, 1, 949, -ENOMEM) };
	struct told told = why_of(&machine, events, COUNT(events));

	(void)state;
	assert_string_equal(cause(&told, 0), "full");
	assert_int_equal(number(&told, 0, "page_size"), 65536);
	assert_non_null(strstr(told.text, "949 pages of 64 kB from"));
	assert_non_null(strstr(told.text, "from 64 to 66 MiB (64 kB pages)"));
	assert_null(strstr(told.text, "the size of a page"));
	put(&told);
}

/* Events name the area; by the page it is known in which range. */
static void ranges_are_followed(void **state)
{
	static const struct traced machine = { "6.15.3", true, true, 0, 4096, true };
	static const struct cma_event events[] = {
		ALLOC(10, 1, FAR, 512),
		FAIL(20, 1, 1000, -EBUSY),
		FAIL(30, 1, 1500, -EBUSY),
		{ .ns = 40, .type = CMA_EVENT_RELEASE, .pid = 1, .comm = "t", .pfn = FAR,
		  .count = 512 },
		FAIL(50, 1, 1000, -EBUSY),
	};
	struct told told = why_of(&machine, events, COUNT(events));

	(void)state;
	assert_int_equal(told.count, 3);
	assert_string_equal(cause(&told, 0), "fragmented");
	assert_int_equal(number(&told, 0, "free_pages"), 924 + 512);
	assert_int_equal(number(&told, 0, "area_pages"), 2 * PAGES);
	assert_string_equal(cause(&told, 1), "full");
	assert_string_equal(cause(&told, 2), "busy");
	assert_non_null(strstr(told.text, "1 aligned place for it was free"));
	put(&told);
}

/* A machine whose area lies at BASE + 1: its first multiple of 256 pages is bit 255. */
static void make_machine(struct cma_snapshot *live)
{
	static const struct cma_holder holders[] = {
		{ BASE + 3, 1, 7, "editor", "page cache" },
		{ BASE + 900, 1, -1, "", "anonymous memory" },
	};
	struct cma_area place = { "reserved", BASE + 1, PAGES, 0 };
	struct cma_snapshot_area *area = calloc(1, sizeof(*area));

	assert_non_null(area);
	assert_int_equal(cma_bitmap_init(&area->map, &place), 0);
	cma_bitmap_write(&area->map, 300, PAGES - 300, true);
	area->map_known = true;
	area->pages = calloc(PAGES, sizeof(*area->pages));
	area->holders = malloc(sizeof(holders));
	assert_non_null(area->pages);
	assert_non_null(area->holders);
	area->pages[2] = CMA_PAGE_PINNED;
	area->pages[899] = CMA_PAGE_PINNED;
	memcpy(area->holders, holders, sizeof(holders));
	area->holder_count = COUNT(holders);
	*live = (struct cma_snapshot){ .areas = area, .area_count = 1 };
}

static char *tell_live(const struct cma_failure *failure, enum cma_cause cause)
{
	struct cma_snapshot live;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	make_machine(&live);
	why_live_tell(&live, failure, cause, out);
	fclose(out);
	cma_snapshot_end(&live);
	return text;
}

/* Of 300 free pages 255 lie before the first aligned one. */
static void the_machine_is_seen_as_the_verdict_sees_it(void **state)
{
	struct cma_failure failure;
	char *text;

	(void)state;
	cma_failure_init(&failure);
	snprintf(failure.area.name, sizeof(failure.area.name), "reserved");
	failure.count = 256;
	text = tell_live(&failure, CMA_CAUSE_ALIGNMENT);
	assert_non_null(strstr(text, "the longest run at a multiple of 256 has 45"));
	assert_non_null(strstr(text, "the same request would find no place"));
	free(text);
	failure.align = 0;
	text = tell_live(&failure, CMA_CAUSE_ALIGNMENT);
	assert_non_null(strstr(text, "the longest run at a multiple of 1 has 300"));
	assert_non_null(strstr(text, "the same request would find a place"));
	free(text);
}

static void in_the_way_is_who_sat_in_the_place(void **state)
{
	struct cma_failure failure;
	char *text;

	(void)state;
	cma_failure_init(&failure);
	snprintf(failure.area.name, sizeof(failure.area.name), "reserved");
	failure.count = 1000;
	text = tell_live(&failure, CMA_CAUSE_FULL);
	assert_null(strstr(text, "in the way"));
	assert_non_null(strstr(text, "pinned in this area: 1 page at 0x40003: page cache"));
	assert_non_null(strstr(text, "pinned in this area: 1 page at 0x40384"));
	free(text);
	failure.busy_pfn = BASE;
	failure.busy_end_pfn = BASE + 256;
	text = tell_live(&failure, CMA_CAUSE_BUSY);
	assert_non_null(strstr(text, "in the way: 1 page at 0x40003: page cache (editor:7)"));
	assert_null(strstr(text, "0x40384"));
	free(text);
}

/* All ranges are looked at, and what they hold stands under their name. */
static void live_ranges_are_told_each(void **state)
{
	struct cma_area far = { "huge/1", FAR, PAGES, 0 };
	struct cma_snapshot live;
	struct cma_failure failure;
	char *text = NULL, *first, *second;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	make_machine(&live);
	live.areas = reallocarray(live.areas, 2, sizeof(*live.areas));
	assert_non_null(live.areas);
	strcpy(live.areas[0].map.area.name, "huge/0");
	live.areas[1] = (struct cma_snapshot_area){ .map_known = true };
	assert_int_equal(cma_bitmap_init(&live.areas[1].map, &far), 0);
	live.area_count = 2;
	cma_failure_init(&failure);
	snprintf(failure.area.name, sizeof(failure.area.name), "huge");
	failure.count = 512;
	why_live_place(&live, &failure);
	assert_int_equal(failure.area.base_pfn, CMA_UNKNOWN);
	why_live_tell(&live, &failure, CMA_CAUSE_UNKNOWN, out);
	fclose(out);
	first = strstr(text, "the range huge/0:");
	second = strstr(text, "the range huge/1:");
	assert_non_null(first);
	assert_non_null(second);
	assert_non_null(strstr(first, "would find no place"));
	assert_non_null(strstr(first, "pinned in this area: 1 page at 0x40003"));
	assert_non_null(strstr(second, "would find a place"));
	free(text);
	cma_snapshot_end(&live);
}

static void an_area_that_is_not_here_is_said(void **state)
{
	struct cma_failure failure;
	char *text;

	(void)state;
	cma_failure_init(&failure);
	snprintf(failure.area.name, sizeof(failure.area.name), "other");
	text = tell_live(&failure, CMA_CAUSE_FULL);
	assert_non_null(strstr(text, "there is no area of that name here"));
	free(text);
}

static int looks;

static int look_again(struct cma_snapshot *live)
{
	make_machine(live);
	live->areas[0].map.area.base_pfn = BASE;
	looks++;
	return 0;
}

/**
 * tell_many() - failures of different sizes, without a source
 * @options: how
 * @live: NULL: of another machine
 * @count: how many
 * @named: they name their area
 * Return: what was told, to be freed.
 */
static char *tell_many(const struct why_options *options, struct cma_snapshot *live, size_t count,
		       bool named)
{
	struct why_report *report = calloc(1, sizeof(*report));
	struct cma_failure failure;
	char *text = NULL;
	size_t size;

	assert_non_null(report);
	report->options = options;
	report->live = live;
	report->look = look_again;
	report->out = open_memstream(&text, &size);
	for (size_t i = 0; i < count; i++) {
		cma_failure_init(&failure);
		if (named)
			snprintf(failure.area.name, sizeof(failure.area.name), "reserved");
		failure.count = 256 + i;
		failure.error = -ENOMEM;
		why_tell(report, &failure);
	}
	why_end(report);
	fclose(report->out);
	free(report);
	return text;
}

static void following_looks_again(void **state)
{
	static const struct why_options options = { .align = -1, .base_pfn = CMA_UNKNOWN,
						    .follow = true };
	struct cma_snapshot live;
	char *text;

	(void)state;
	make_machine(&live);
	looks = 0;
	text = tell_many(&options, &live, 2, true);
	assert_int_equal(looks, 2);
	assert_int_equal(live.areas[0].map.area.base_pfn, BASE);
	free(text);
	cma_snapshot_end(&live);
}

/* What is seen now is for programs, too. */
static void live_is_in_the_json(void **state)
{
	static const struct why_options options = { .align = -1, .base_pfn = CMA_UNKNOWN };
	struct why_report *report = calloc(1, sizeof(*report));
	struct cma_failure failure;
	struct json_object *now;
	struct cma_snapshot live;

	(void)state;
	assert_non_null(report);
	make_machine(&live);
	cma_failure_init(&failure);
	snprintf(failure.area.name, sizeof(failure.area.name), "reserved");
	failure.count = 256;
	report->options = &options;
	report->live = &live;
	report->out = fopen("/dev/null", "w");
	report->list = json_object_new_array();
	why_tell(report, &failure);
	now = json_object_object_get(json_object_array_get_idx(report->list, 0), "now");
	assert_int_equal(json_object_array_length(now), 4);
	assert_string_equal(json_object_get_string(json_object_array_get_idx(now, 1)),
			    "the same request would find no place");
	json_object_put(report->list);
	fclose(report->out);
	free(report);
	cma_snapshot_end(&live);
}

static void kinds_beyond_the_last_are_counted(void **state)
{
	static const struct why_options options = { .align = -1, .base_pfn = CMA_UNKNOWN };
	char *text = tell_many(&options, NULL, WHY_GROUPS + 3, true);

	(void)state;
	assert_non_null(strstr(text, "\n3 more of other kinds (--all tells each)\n"));
	free(text);
}

static void failures_of_no_area_are_kept(void **state)
{
	static const struct why_options options = { .align = -1, .base_pfn = CMA_UNKNOWN,
						    .area = "reserved" };
	static const struct why_options other = { .align = -1, .base_pfn = CMA_UNKNOWN,
						  .area = "other" };
	char *text = tell_many(&options, NULL, 2, false);

	(void)state;
	assert_non_null(strstr(text, "2 failed allocations"));
	assert_non_null(strstr(text, "the area: it is not named"));
	free(text);
	text = tell_many(&other, NULL, 2, true);
	assert_non_null(strstr(text, "No failed CMA allocation of area other"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_the_bitmap),
		cmocka_unit_test(without_a_start_it_cannot_tell),
		cmocka_unit_test(remembers_who_was_busy),
		cmocka_unit_test(a_start_without_finish_is_too_large),
		cmocka_unit_test(what_is_under_way_is_not_free),
		cmocka_unit_test(what_ended_meanwhile_proves_nothing),
		cmocka_unit_test(with_lost_events_nothing_is_certain),
		cmocka_unit_test(without_an_error_retries_tell),
		cmocka_unit_test(starts_alone_are_no_failures),
		cmocka_unit_test(the_machine_is_seen_as_the_verdict_sees_it),
		cmocka_unit_test(in_the_way_is_who_sat_in_the_place),
		cmocka_unit_test(sizes_are_in_the_machines_pages),
		cmocka_unit_test(ranges_are_followed),
		cmocka_unit_test(live_ranges_are_told_each),
		cmocka_unit_test(an_area_that_is_not_here_is_said),
		cmocka_unit_test(following_looks_again),
		cmocka_unit_test(live_is_in_the_json),
		cmocka_unit_test(kinds_beyond_the_last_are_counted),
		cmocka_unit_test(failures_of_no_area_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
