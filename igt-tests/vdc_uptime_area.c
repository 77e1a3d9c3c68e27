// SPDX-License-Identifier: MIT
/* What a CMA area says of a request. */
#include "igt_abi.h"
#include "vdc_cma_area.h"
#include "vdc_uptime_area.h"

static void read_area(struct cma_area *area)
{
	igt_require_f(cma_area_read(area), "no CMA area in debugfs\n");
}

void area_look(struct area_place *place)
{
	struct cma_area area;

	read_area(&area);
	*place = (struct area_place){ area.base_pfn, area.count, area.count - area.used };
	cma_area_free(&area);
}

unsigned int area_free_blocks(unsigned int pages, bool *blank, unsigned int count)
{
	struct cma_area area;
	unsigned int found = 0;

	read_area(&area);
	igt_assert_lte_s64(area.count / pages, count);
	for (unsigned int i = 0; i < area.count / pages; i++) {
		blank[i] = !memchr(area.bitmap + (size_t)i * pages, 1, pages);
		found += blank[i];
	}
	cma_area_free(&area);
	return found;
}

/* The area's name does not change; its bitmap takes long to read. */
uint64_t area_used(void)
{
	unsigned long long used = 0;
	static char path[256];
	struct cma_area area;
	FILE *f;

	if (!*path) {
		read_area(&area);
		cma_area_free(&area);
		snprintf(path, sizeof(path), "/sys/kernel/debug/cma/%s/used", area.name);
	}
	f = fopen(path, "re");
	igt_assert(f && fscanf(f, "%llu", &used) == 1);
	fclose(f);
	return used;
}

static uint64_t longest_run(const struct cma_area *area)
{
	uint64_t longest = 0, run = 0;

	for (uint64_t i = 0; i < area->count; i++) {
		run = area->bitmap[i] ? 0 : run + 1;
		longest = run > longest ? run : longest;
	}
	return longest;
}

const char *area_expect(uint64_t pages)
{
	const char *cause = NULL;
	struct cma_area area;

	read_area(&area);
	if (area.count < pages)
		cause = "too-large";
	else if (area.count - area.used < pages)
		cause = "full";
	else if (longest_run(&area) < pages)
		cause = "fragmented";
	else if (cma_area_first_fit(&area, pages) < 0)
		cause = "alignment";
	cma_area_free(&area);
	return cause;
}

uint64_t area_failures(void)
{
	FILE *f = fopen("/proc/vmstat", "re");
	unsigned long long value = 0;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "cma_alloc_fail %llu", &value) == 1)
			break;
	if (f)
		fclose(f);
	return value;
}
