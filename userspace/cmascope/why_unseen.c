// SPDX-License-Identifier: MIT
/* Failures that this kernel counted and that its log has not. */
#include <inttypes.h>
#include <string.h>

#include "cma/machine.h"
#include "cmascope/why.h"

#define SYSFS_CMA	"/sys/kernel/mm/cma"

/* Pages of the failures of an area that were told, or counted as others that came again. */
static uint64_t told_pages(const struct why_report *report, const char *area)
{
	uint64_t sum = 0, pages;

	for (size_t i = 0; i < report->group_count; i++) {
		const struct why_group *g = &report->groups[i];

		if (strcmp(g->area, area) || g->count == CMA_UNKNOWN)
			continue;
		if (__builtin_mul_overflow(g->count, g->again + 1, &pages) ||
		    __builtin_add_overflow(sum, pages, &sum))
			return UINT64_MAX;
	}
	return sum;
}

static void tell_area(struct why_report *report, const char *area, uint64_t failed)
{
	uint64_t told = told_pages(report, area);
	struct json_object *o;

	if (failed <= told)
		return;
	fprintf(report->out, "Area %s: requests for %" PRIu64
		" pages failed since boot, %" PRIu64 " of these pages are in the log.\n",
		area, failed, told);
	report->unseen++;
	if (!report->unseen_list)
		return;
	o = json_object_new_object();
	json_object_object_add(o, "area", json_object_new_string(area));
	json_object_object_add(o, "failed_pages", json_object_new_uint64(failed));
	json_object_object_add(o, "told_pages", json_object_new_uint64(told));
	json_object_array_add(report->unseen_list, o);
}

bool why_tell_unseen(struct why_report *report, const char *root)
{
	const char *only = report->options->area;
	struct machine_names areas;
	bool counted = false;

	/* Of kinds beyond WHY_GROUPS the sizes were not kept. */
	if (report->other_kinds)
		return false;
	machine_list(root, &areas, SYSFS_CMA);
	for (size_t i = 0; i < areas.count; i++) {
		uint64_t failed;

		if ((only && strcmp(only, areas.names[i])) ||
		    machine_number(root, &failed, SYSFS_CMA "/%s/alloc_pages_fail",
				   areas.names[i]))
			continue;
		counted = true;
		tell_area(report, areas.names[i], failed);
	}
	machine_names_end(&areas);
	if (report->unseen)
		fputs("The rest asked for silence (__GFP_NOWARN), was rate limited,\n"
		      "or left the log: cmascope record sees all.\n", report->out);
	return counted;
}
