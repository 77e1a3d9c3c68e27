// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cma/machine.h"
#include "cma/snapshot_parts.h"

int snapshot_missing(struct cma_snapshot *snapshot, const char *format, ...)
{
	char **grown, *sentence;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&sentence, format, args);
	va_end(args);
	if (n < 0)
		return -ENOMEM;
	for (size_t i = 0; i < snapshot->missing_count; i++) {
		if (!strcmp(snapshot->missing[i], sentence)) {
			free(sentence);
			return 0;
		}
	}
	grown = realloc(snapshot->missing, (snapshot->missing_count + 1) * sizeof(*grown));
	if (!grown) {
		free(sentence);
		return -ENOMEM;
	}
	snapshot->missing = grown;
	grown[snapshot->missing_count++] = sentence;
	return 0;
}

static int read_meminfo(struct cma_snapshot *snapshot, const char *root)
{
	const struct {
		const char *name;
		uint64_t *kb;
	} wanted[] = {
		{ "MemTotal", &snapshot->mem_total_kb }, { "MemFree", &snapshot->mem_free_kb },
		{ "CmaTotal", &snapshot->cma_total_kb }, { "CmaFree", &snapshot->cma_free_kb },
	};
	FILE *file = machine_open(root, "/proc/meminfo");
	char line[256], name[64];
	unsigned long long kb;

	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63[^:]: %20llu", name, &kb) != 2)
			continue;
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (!strcmp(name, wanted[i].name))
				*wanted[i].kb = kb;
	}
	fclose(file);
	return 0;
}

/* The zones' min watermarks; each zone has a line "        min      1234". */
static void read_zoneinfo(struct cma_snapshot *snapshot, const char *root)
{
	FILE *file = machine_open(root, "/proc/zoneinfo");
	unsigned long long pages;
	char line[256];

	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " min %20llu", &pages) == 1)
			snapshot->min_kb += pages * (snapshot->page_size / 1024);
	fclose(file);
}

/*
 * A copy's pages may have another size than ours, and no file says which; but CmaTotal is in kB and
 * the areas are counted in pages.
 */
static void find_page_size(struct cma_snapshot *snapshot)
{
	uint64_t pages = 0, kb;

	for (size_t i = 0; i < snapshot->area_count; i++)
		pages += snapshot->areas[i].map.area.pages;
	if (!pages || snapshot->cma_total_kb % pages)
		return;
	kb = snapshot->cma_total_kb / pages;
	if (kb == 4 || kb == 8 || kb == 16 || kb == 64)
		snapshot->page_size = (uint32_t)kb * 1024;
}

static bool any_known(const struct cma_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->area_count; i++)
		if (snapshot->areas[i].map_known)
			return true;
	return false;
}

static int look_at_holders(struct cma_snapshot *snapshot, const char *root)
{
	struct processes processes;
	int ret = processes_read(root, &processes);

	if (!ret && processes.hidden)
		ret = snapshot_missing(snapshot,
				       "which DMA-BUFs %u processes have open: run as root",
				       processes.hidden);
	if (!ret)
		ret = snapshot_drm(snapshot, root, &processes);
	if (!ret)
		ret = snapshot_heaps(snapshot, &processes);
	processes_end(&processes);
	return ret;
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ULL + (uint64_t)t.tv_nsec;
}

int cma_snapshot_take(const char *root, unsigned int look, struct cma_snapshot *snapshot)
{
	int ret;

	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->ns = now();
	snapshot->page_size = (uint32_t)sysconf(_SC_PAGESIZE);
	ret = read_meminfo(snapshot, root);
	if (ret)
		return ret;
	ret = snapshot_areas(snapshot, root);
	if (!ret && *root)
		find_page_size(snapshot);
	read_zoneinfo(snapshot, root);
	if (!ret && (look & CMA_LOOK_HOLDERS) && any_known(snapshot))
		ret = look_at_holders(snapshot, root);
	if (!ret && (look & (CMA_LOOK_PAGES | CMA_LOOK_OWNERS)) && any_known(snapshot))
		ret = snapshot_pages(snapshot, root, look & CMA_LOOK_OWNERS);
	for (size_t i = 0; !ret && i < snapshot->area_count; i++)
		snapshot_sort_holders(&snapshot->areas[i]);
	if (ret)
		cma_snapshot_end(snapshot);
	return ret;
}

void cma_snapshot_end(struct cma_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->area_count; i++) {
		cma_bitmap_end(&snapshot->areas[i].map);
		free(snapshot->areas[i].pages);
		free(snapshot->areas[i].holders);
	}
	for (size_t i = 0; i < snapshot->missing_count; i++)
		free(snapshot->missing[i]);
	free(snapshot->areas);
	free(snapshot->missing);
	memset(snapshot, 0, sizeof(*snapshot));
}

struct cma_snapshot_area *cma_snapshot_find(struct cma_snapshot *snapshot, const char *name)
{
	for (size_t i = 0; i < snapshot->area_count; i++)
		if (cma_area_is(&snapshot->areas[i].map.area, name))
			return &snapshot->areas[i];
	return NULL;
}
