// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cma/snapshot.h"
#include "cma/trace_here.h"
#include "cma/trace_reader.h"
#include "message.h"

static int copy_area(struct cma_trace_area *area, const struct cma_snapshot_area *from)
{
	area->map.area = from->map.area;
	area->known = from->map.words;
	area->start_known = from->map_known;
	return area->known ? cma_bitmap_copy(&area->map, &from->map) : 0;
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
	ret = cma_snapshot_take("", 0, &snapshot);
	/* Events name their areas: tracing goes on without. */
	if (ret)
		return 0;
	for (size_t i = 0; i < snapshot.area_count && i < CMA_TRACE_MAX_AREAS && !ret; i++)
		ret = copy_area(&info->areas[info->area_count++], &snapshot.areas[i]);
	for (size_t i = 0; i < snapshot.missing_count && tell; i++)
		message("%s", snapshot.missing[i]);
	cma_snapshot_end(&snapshot);
	return ret;
}

void cma_trace_here_end(struct cma_trace_info *info)
{
	cma_trace_free_areas(info);
}
