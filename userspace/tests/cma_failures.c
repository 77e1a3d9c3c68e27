// SPDX-License-Identifier: MIT
/*
 * cma-failures DIRECTORY: recorded traces, each with one failure, CAUSE@KERNEL.trace: CAUSE is what
 * the trace proves (why_trace.sh). The area has 1024 pages, the first 100 of them taken.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/trace.h"
#include "message.h"

#define BASE		0x40000
#define PAGES		1024
#define TAKEN		100
#define EVENTS_MAX	8

/**
 * struct scene - a trace
 * @name: its file, without .trace
 * @blind: what was taken at the start is not recorded
 * @lost: events that are missing
 * @events: what happened, up to one without pages
 */
struct scene {
	const char *name;
	bool blind;
	uint64_t lost;
	struct cma_event events[EVENTS_MAX];
};

#define START(n, c) \
	{ .ns = (n), .type = CMA_EVENT_START, .pid = 7, .comm = "camera", .count = (c), .align = 8 }
#define END(n, c, f, e) \
	{ .ns = (n), .type = CMA_EVENT_FINISH, .pid = 7, .comm = "camera", .pfn = (f), \
	  .count = (c), .align = 8, .error = (e) }
#define BUSY(n, c, f) \
	{ .ns = (n), .type = CMA_EVENT_BUSY_RETRY, .pid = 7, .comm = "camera", .pfn = (f), \
	  .count = (c), .align = 8 }
#define STUCK(n, c, f, page) \
	{ .ns = (n), .type = CMA_EVENT_ISOLATED, .pid = 7, .comm = "camera", .area = -1, \
	  .pfn = (f), .end_pfn = (f) + (c), .fin_pfn = (page), .count = (c) }
#define ALLOC(n, c, f)	START(n, c), END((n) + 1, c, f, 0)
#define FAIL(n, c, e)	START(n, c), END((n) + 1, c, CMA_NOWHERE, e)

/* Behind the taken ones 100..255 and 512..1023 are free once 256..511 are allocated. */
static const struct scene scenes[] = {
	{ "too-large@6.12.117", .events = { START(10, 1025) } },
	{ "too-large@6.15.3", .events = { FAIL(10, 1025, -EBUSY) } },
	{ "full@6.12.117", .events = { ALLOC(10, 256, BASE + 256), FAIL(20, 700, -ENOMEM) } },
	{ "full@6.15.3", .events = { ALLOC(10, 256, BASE + 256), FAIL(20, 700, -EBUSY) } },
	{ "fragmented@6.12.117", .events = {
		ALLOC(10, 256, BASE + 256), FAIL(20, 600, -ENOMEM) } },
	{ "fragmented@6.15.3", .events = {
		ALLOC(10, 256, BASE + 256), FAIL(20, 600, -EBUSY) } },
	{ "fragmented@6.1.0", .events = { ALLOC(10, 256, BASE + 256), FAIL(20, 600, 0) } },
	{ "alignment@6.12.117", .events = { FAIL(10, 800, -ENOMEM) } },
	{ "alignment@6.15.3", .events = { FAIL(10, 800, -EBUSY) } },
	{ "low-memory@6.12.117", .events = { FAIL(10, 256, -ENOMEM) } },
	{ "low-memory@6.15.3", .events = { FAIL(10, 256, -ENOMEM) } },
	{ "busy@6.12.117", .events = {
		START(10, 300), STUCK(11, 300, BASE + 256, BASE + 300), BUSY(12, 300, BASE + 256),
		END(13, 300, CMA_NOWHERE, -EBUSY) } },
	{ "busy@6.15.3", .events = {
		START(10, 300), BUSY(12, 300, BASE + 256), END(13, 300, CMA_NOWHERE, -EBUSY) } },
	{ "busy@6.1.0", .events = {
		START(10, 300), BUSY(12, 300, BASE + 256), END(13, 300, CMA_NOWHERE, 0) } },
	{ "signal@6.12.117", .events = { FAIL(10, 256, -EINTR) } },
	{ "unknown@6.1.0", .events = { FAIL(10, 256, 0) } },
	{ "unknown@6.12.117-blind", .blind = true, .events = { FAIL(10, 800, -ENOMEM) } },
	{ "unknown@6.12.117-lost", .lost = 6, .events = { FAIL(10, 800, -ENOMEM) } },
	/* These need no bitmap. */
	{ "too-large@6.12.117-blind", .blind = true, .events = { START(10, 1025) } },
	{ "busy@6.12.117-lost", .lost = 6, .events = { FAIL(10, 256, -EBUSY) } },
	{ "low-memory@6.15.3-blind", .blind = true, .events = { FAIL(10, 256, -ENOMEM) } },
};

static int write_scene(const char *directory, const struct scene *scene)
{
	struct cma_area area = { "reserved", BASE, PAGES, 0 };
	static struct cma_trace_info info;
	struct cma_trace_writer *writer;
	char path[512];
	int ret;

	info = (struct cma_trace_info){ .page_size = 4096, .area_count = 1 };
	snprintf(info.release, sizeof(info.release), "%s", strchr(scene->name, '@') + 1);
	snprintf(path, sizeof(path), "%s/%s.trace", directory, scene->name);
	info.areas[0].known = true;
	info.areas[0].start_known = !scene->blind;
	ret = cma_bitmap_init(&info.areas[0].map, &area);
	if (ret)
		return ret;
	cma_bitmap_write(&info.areas[0].map, 0, TAKEN, true);
	ret = cma_trace_create(path, &info, &writer);
	for (size_t i = 0; !ret && i < EVENTS_MAX && scene->events[i].count; i++)
		ret = cma_trace_write(writer, &scene->events[i]);
	if (!ret)
		ret = cma_trace_finish(writer, scene->lost);
	cma_bitmap_end(&info.areas[0].map);
	return ret;
}

int main(int argc, char **argv)
{
	message_program(argv[0]);
	if (argc != 2) {
		fputs("Usage: cma-failures DIRECTORY\n", stderr);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		int ret = write_scene(argv[1], &scenes[i]);

		if (ret) {
			message("%s: %s", scenes[i].name, strerror(-ret));
			return EXIT_ENVIRONMENT;
		}
	}
	return EXIT_OK;
}
