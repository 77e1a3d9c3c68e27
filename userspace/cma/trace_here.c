// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cma/trace_here.h"
#include "cma/trace_reader.h"
#include "message.h"

/* Events name an area, never its range: the area that a range is of is needed, too. */
static void add_whole(struct cma_trace_info *info, const char *range)
{
	const char *end = strchr(range, '/');
	char name[CMA_NAME_SIZE];

	if (!end)
		return;
	snprintf(name, sizeof(name), "%.*s", (int)(end - range), range);
	cma_trace_add_area(info, name);
}

static int copy_area(struct cma_trace_area *area, const struct cma_snapshot_area *from)
{
	area->map.area = from->map.area;
	area->known = from->map.words;
	area->start_known = from->map_known;
	return area->known ? cma_bitmap_copy(&area->map, &from->map) : 0;
}

int cma_trace_of(struct cma_trace_info *info, const struct cma_snapshot *snapshot)
{
	int ret = 0;

	for (size_t i = 0; i < snapshot->area_count && !ret; i++) {
		add_whole(info, snapshot->areas[i].map.area.name);
		if (info->area_count == CMA_TRACE_MAX_AREAS)
			break;
		ret = copy_area(&info->areas[info->area_count++], &snapshot->areas[i]);
	}
	return ret;
}

int cma_trace_here(struct cma_trace_info *info, bool tell)
{
	struct cma_snapshot snapshot;
	struct utsname name;
	int ret;

	memset(info, 0, sizeof(*info));
	uname(&name);
	snprintf(info->release, sizeof(info->release), "%.64s", name.release);
	info->page_size = (uint32_t)sysconf(_SC_PAGESIZE);
	info->total_pages = (uint64_t)sysconf(_SC_PHYS_PAGES);
	/* Events name their areas: tracing goes on without. */
	if (cma_snapshot_take("", 0, &snapshot))
		return 0;
	ret = cma_trace_of(info, &snapshot);
	for (size_t i = 0; i < snapshot.missing_count && tell; i++)
		message("%s", snapshot.missing[i]);
	cma_snapshot_end(&snapshot);
	return ret;
}

void cma_trace_here_end(struct cma_trace_info *info)
{
	cma_trace_free_areas(info);
}
