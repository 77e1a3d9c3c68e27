// SPDX-License-Identifier: MIT
#include <string.h>

#include "cma/log_boot.h"

#define MIB	(1024ULL * 1024)

void log_boot_forget(struct log_boot *boot)
{
	boot->count = 0;
	boot->page_size = boot->page_size_given;
}

void log_boot_reserved(struct log_boot *boot, const struct log_line *line)
{
	struct log_boot_area area = { .name = "" };
	const char *place = log_after(line->text, line->end, " at ");
	uint64_t mib;

	if (boot->count == LOG_BOOT_AREAS || !place ||
	    !log_number(&place, line->end, 16, &area.base))
		return;
	if (!log_value(line->text, line->end, "eserved ", &mib) &&
	    !log_value(place, line->end, "size ", &mib))
		return;
	if (!mib || mib > UINT64_MAX / MIB)
		return;
	area.bytes = mib * MIB;
	boot->areas[boot->count++] = area;
}

void log_boot_named(struct log_boot *boot, const struct log_line *line)
{
	const char *name = log_after(line->text, line->end, "initialized node ");
	const char *end;

	if (!name || !boot->count || *boot->areas[boot->count - 1].name)
		return;
	end = log_find(name, line->end, ", ");
	if (!end || end - name >= CMA_NAME_SIZE)
		return;
	memcpy(boot->areas[boot->count - 1].name, name, (size_t)(end - name));
	boot->areas[boot->count - 1].name[end - name] = 0;
}

/* The size of a page that makes the area as large as the failure says, 0: none does. */
static unsigned int page_size(const struct log_boot *boot, const struct log_boot_area *area,
			      const struct cma_failure *failure)
{
	if (failure->area.pages == CMA_UNKNOWN)
		return boot->page_size ? boot->page_size : 4096;
	for (unsigned int size = 4096; size <= 65536; size *= 4)
		if (area->bytes / size == failure->area.pages &&
		    (!boot->page_size || boot->page_size == size))
			return size;
	return 0;
}

static bool same_name(const struct log_boot_area *area, const struct cma_failure *failure)
{
	size_t size = strcspn(area->name, "@");

	/* The node's name may carry an address that the area's name does not. */
	return *area->name && !strncmp(area->name, failure->area.name, size) &&
		(!failure->area.name[size] || failure->area.name[size] == '@');
}

/* Whether the area can be the one that the failure is about: by its name, else by its size. */
static bool can_be(const struct log_boot *boot, const struct log_boot_area *area,
		   const struct cma_failure *failure)
{
	if (!page_size(boot, area, failure))
		return false;
	if (*area->name && *failure->area.name)
		return same_name(area, failure);
	/* Where nothing else is known, one that has no name serves the default area. */
	if (*failure->area.name && strcmp(failure->area.name, "reserved"))
		return failure->area.pages != CMA_UNKNOWN;
	return failure->area.pages != CMA_UNKNOWN || boot->count == 1;
}

/* Before 6.15 a request larger than its area fails without a message: it is another area. */
static bool is_too_small(const struct cma_failure *failure, uint64_t pages)
{
	return cma_failure_is_old(failure) && failure->count != CMA_UNKNOWN &&
		failure->count > pages;
}

/* The area that the failure is about, NULL: none, or not known which. */
static const struct log_boot_area *find_area(const struct log_boot *boot,
					     const struct cma_failure *failure)
{
	const struct log_boot_area *found = NULL;
	bool named = false;

	for (size_t i = 0; i < boot->count; i++) {
		const struct log_boot_area *area = &boot->areas[i];
		bool name = *failure->area.name && same_name(area, failure);

		if (!can_be(boot, area, failure) || (named && !name))
			continue;
		/* One of that name is worth more; two are as good as none. */
		if (found && named == name)
			return NULL;
		found = area;
		named = name;
	}
	return found;
}

void log_boot_place(struct log_boot *boot, struct cma_failure *failure)
{
	const struct log_boot_area *area = find_area(boot, failure);
	unsigned int size = area ? page_size(boot, area, failure) : 0;

	if (size && !is_too_small(failure, area->bytes / size)) {
		if (failure->area.pages != CMA_UNKNOWN)
			boot->page_size = size;
		failure->area.base_pfn = area->base / size;
		failure->area.pages = area->bytes / size;
	}
	failure->page_size = boot->page_size;
}

bool log_boot_can_have(const struct log_boot *boot, const struct cma_failure *failure,
		       uint64_t pages)
{
	struct cma_failure sized = *failure;
	bool known = false;

	if (pages == CMA_UNKNOWN)
		return true;
	if (failure->area.pages != CMA_UNKNOWN)
		return failure->area.pages == pages;
	if (is_too_small(failure, pages))
		return false;
	sized.area.pages = pages;
	for (size_t i = 0; i < boot->count; i++) {
		const struct log_boot_area *area = &boot->areas[i];

		if (!same_name(area, failure))
			continue;
		if (page_size(boot, area, &sized))
			return true;
		known = true;
	}
	return !known;
}
