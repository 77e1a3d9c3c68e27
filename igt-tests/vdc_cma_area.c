// SPDX-License-Identifier: MIT
/* A contiguous-memory area as debugfs shows it. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "vdc_cma_area.h"

#define CMA_DEBUGFS		"/sys/kernel/debug/cma"
#define CMA_ALIGN_ORDER		8	/* CONFIG_CMA_ALIGNMENT */

static bool read_number(const char *area, const char *file, uint64_t *value)
{
	char path[256];
	unsigned long long v;
	bool ok;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s/%s", CMA_DEBUGFS, area, file);
	f = fopen(path, "re");
	if (!f)
		return false;
	ok = fscanf(f, "%llu", &v) == 1;
	*value = v;
	fclose(f);
	return ok;
}

/* The bitmap comes as decimal 32-bit words, lowest pages first. */
static bool read_bitmap(struct cma_area *area)
{
	char path[256];
	unsigned int word;
	uint64_t page = 0;
	FILE *f;
	int i;

	snprintf(path, sizeof(path), "%s/%s/bitmap", CMA_DEBUGFS, area->name);
	f = fopen(path, "re");
	area->bitmap = calloc(1, area->count + 32);
	while (f && page < area->count && fscanf(f, "%u", &word) == 1)
		for (i = 0; i < 32; i++)
			area->bitmap[page++] = word >> i & 1;
	if (f)
		fclose(f);
	return page >= area->count;
}

bool cma_area_read(struct cma_area *area)
{
	uint64_t count, order = 0;
	struct dirent *entry;
	DIR *d = opendir(CMA_DEBUGFS);

	memset(area, 0, sizeof(*area));
	while (d && (entry = readdir(d))) {
		if (entry->d_name[0] == '.' || !read_number(entry->d_name, "count", &count) ||
		    count <= area->count)
			continue;
		area->count = count;
		snprintf(area->name, sizeof(area->name), "%.63s", entry->d_name);
	}
	if (d)
		closedir(d);
	return area->count && read_number(area->name, "base_pfn", &area->base_pfn) &&
	       read_number(area->name, "used", &area->used) &&
	       read_number(area->name, "order_per_bit", &order) && !order && read_bitmap(area);
}

void cma_area_free(struct cma_area *area)
{
	free(area->bitmap);
	area->bitmap = NULL;
}

static unsigned int order_of(uint64_t pages)
{
	unsigned int order = 0;

	while (1ULL << order < pages)
		order++;
	return order < CMA_ALIGN_ORDER ? order : CMA_ALIGN_ORDER;
}

long cma_area_first_fit(const struct cma_area *area, uint64_t pages)
{
	uint64_t align = 1ULL << order_of(pages), start = 0, i;

	start = (align - area->base_pfn % align) % align;
	while (start + pages <= area->count) {
		for (i = 0; i < pages && !area->bitmap[start + i]; i++)
			;
		if (i == pages)
			return start;
		/* Behind the page that was in the way, up to the next aligned frame */
		start += i + 1;
		start += (align - (area->base_pfn + start) % align) % align;
	}
	return -1;
}

void cma_area_take(struct cma_area *area, uint64_t start, uint64_t pages)
{
	memset(area->bitmap + start, 1, pages);
}

/* Write to a file of procfs or debugfs; what is not there is not needed either. */
static void order(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
}

long cma_free_kb(const struct cma_area *area)
{
	char path[256], line[128];
	long kb = -1;
	FILE *f;

	sync();
	order("/proc/sys/vm/drop_caches", "3");
	/*
	 * Pages that were freed wait in per-processor lists, where CmaFree does not
	 * count them. An allocation from the area empties those lists.
	 */
	snprintf(path, sizeof(path), "%s/%s/alloc", CMA_DEBUGFS, area->name);
	order(path, "1");
	snprintf(path, sizeof(path), "%s/%s/free", CMA_DEBUGFS, area->name);
	order(path, "1");
	f = fopen("/proc/meminfo", "re");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "CmaFree: %ld kB", &kb);
	if (f)
		fclose(f);
	return kb;
}
