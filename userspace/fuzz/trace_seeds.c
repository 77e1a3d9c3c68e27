// SPDX-License-Identifier: MIT
/* Traces for the fuzzer to begin with: each kind of event, a known and an unknown area. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/trace.h"
#include "cma/trace_format.h"

static const struct cma_event events[] = {
	{ .ns = 1000, .type = CMA_EVENT_START, .pid = 7, .comm = "a", .count = 100, .align = 7 },
	{ .ns = 2000, .type = CMA_EVENT_FINISH, .pid = 7, .comm = "a", .pfn = 0x40000,
	  .count = 100, .align = 7 },
	{ .ns = 2500, .type = CMA_EVENT_START, .pid = 8, .comm = "b", .count = 900, .align = 8 },
	{ .ns = 2600, .type = CMA_EVENT_ISOLATED, .pid = 8, .comm = "b", .area = -1,
	  .pfn = 0x40100, .end_pfn = 0x40200, .fin_pfn = 0x40180 },
	{ .ns = 2650, .type = CMA_EVENT_MIGRATE, .pid = 8, .comm = "b", .area = -1,
	  .pfn = 0x40100, .end_pfn = 0x40200, .migrated = 3, .reclaimed = 4 },
	{ .ns = 2700, .type = CMA_EVENT_BUSY_RETRY, .pid = 8, .comm = "b", .pfn = 0x40100,
	  .count = 900, .align = 8 },
	{ .ns = 3000, .type = CMA_EVENT_FINISH, .pid = 8, .comm = "b", .pfn = CMA_NOWHERE,
	  .count = 900, .align = 8, .error = -EBUSY },
	{ .ns = 3500, .type = CMA_EVENT_RELEASE, .pid = 7, .comm = "a", .pfn = 0x40000,
	  .count = 100 },
	{ .ns = 4000, .type = CMA_EVENT_START, .pid = 9, .comm = "c", .count = 5000, .align = 8 },
	{ .ns = 5000, .type = CMA_EVENT_START, .pid = 9, .comm = "c", .area = 1, .count = 1 },
};

/* The fuzzer puts the magic in front itself. */
static int cut_magic(const char *from, const char *to)
{
	char bytes[4096];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	size_t size = in ? fread(bytes, 1, sizeof(bytes), in) : 0;
	int ret = -1;

	if (out && size > CMA_FILE_MAGIC_SIZE)
		ret = fwrite(bytes + CMA_FILE_MAGIC_SIZE, 1, size - CMA_FILE_MAGIC_SIZE, out) !=
			size - CMA_FILE_MAGIC_SIZE;
	if (in)
		fclose(in);
	if (out && fclose(out))
		ret = -1;
	return ret;
}

static int write_trace(const char *path, bool start_known)
{
	struct cma_trace_info *info = calloc(1, sizeof(*info));
	struct cma_area area = { "reserved", 0x40000, 1024, 0 };
	struct cma_trace_writer *writer;
	int ret;

	if (!info)
		return -ENOMEM;
	snprintf(info->release, sizeof(info->release), "6.12.117");
	info->page_size = 4096;
	info->total_pages = 100000;
	info->area_count = 2;
	info->areas[0].known = true;
	info->areas[0].start_known = start_known;
	ret = cma_bitmap_init(&info->areas[0].map, &area);
	cma_bitmap_write(&info->areas[0].map, 700, 100, true);
	snprintf(info->areas[1].map.area.name, CMA_NAME_SIZE, "other");
	if (!ret)
		ret = cma_trace_create(path, info, &writer);
	for (size_t i = 0; !ret && i < sizeof(events) / sizeof(events[0]); i++)
		ret = cma_trace_write(writer, &events[i]);
	if (!ret)
		ret = cma_trace_finish(writer, 3);
	cma_bitmap_end(&info->areas[0].map);
	free(info);
	return ret;
}

int main(int argc, char **argv)
{
	char whole[512], seed[512];

	if (argc != 2) {
		fprintf(stderr, "Usage: cma-trace-seeds DIRECTORY\n");
		return 2;
	}
	snprintf(whole, sizeof(whole), "%s/whole", argv[1]);
	for (int i = 0; i < 2; i++) {
		snprintf(seed, sizeof(seed), "%s/seed-%d", argv[1], i);
		if (write_trace(whole, i) || cut_magic(whole, seed)) {
			fprintf(stderr, "cannot write %s\n", seed);
			return 1;
		}
	}
	return remove(whole) != 0;
}
