// SPDX-License-Identifier: MIT
/* What each page of an area is: bitmap, flags of pages, and who allocated them. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cma/machine.h"
#include "cma/page_kinds.h"
#include "cma/page_owners.h"
#include "cma/snapshot_parts.h"

#define CHUNK	8192	/* flags read at once */

static bool is_allocated(const struct cma_snapshot_area *area, uint64_t page)
{
	uint64_t bit = page >> area->map.area.order_per_bit;

	return bit < area->map.bits && cma_bitmap_test(&area->map, bit);
}

/* Reads flags from an area's first page on. Return: how many came. */
static uint64_t read_flags(FILE *file, const struct cma_area *area, uint64_t *flags)
{
	uint64_t done = 0;

	while (file && done < area->pages) {
		uint64_t wanted = area->pages - done < CHUNK ? area->pages - done : CHUNK;
		ssize_t n = pread(fileno(file), flags + done, wanted * sizeof(*flags),
				  (off_t)((area->base_pfn + done) * sizeof(*flags)));

		if (n < (ssize_t)sizeof(*flags))
			break;
		done += (uint64_t)n / sizeof(*flags);
	}
	return done;
}

/* Kinds of all pages; in @what, for those that are lent, the words for it; @what may be NULL. */
static void find_kinds(struct cma_snapshot_area *area, const uint64_t *flags, uint64_t known,
		       const char **what)
{
	for (uint64_t i = 0; i < area->map.area.pages; i++) {
		struct page_kind kind = { CMA_PAGE_UNKNOWN, NULL };

		if (is_allocated(area, i))
			kind.kind = CMA_PAGE_ALLOCATED;
		else if (i < known)
			kind = page_kind(flags[i]);
		/* Kernels before 6.10 show the flags of a large page with its first one alone. */
		if (kind.kind == CMA_PAGE_UNKNOWN && i && i < known &&
		    (flags[i] & KPF_COMPOUND_TAIL)) {
			kind.kind = area->pages[i - 1];
			kind.what = what[i - 1];
		}
		area->pages[i] = (uint8_t)kind.kind;
		what[i] = kind.kind == CMA_PAGE_BORROWED || kind.kind == CMA_PAGE_PINNED ?
			kind.what : NULL;
	}
}

/* Whether a page has the same things to be said about it as the one before. */
static bool same_as_before(const struct cma_snapshot_area *area, uint64_t i,
			   const char *const *what, const struct page_owners *owners)
{
	return area->pages[i] == area->pages[i - 1] && what[i] == what[i - 1] &&
	       (!owners->who || owners->who[i] == owners->who[i - 1]);
}

static int add_run(struct cma_snapshot_area *area, uint64_t start, uint64_t end,
		   const char *what, const struct page_owners *owners)
{
	uint32_t who = owners->who ? owners->who[start] : 0;
	struct cma_holder holder = {
		.pfn = area->map.area.base_pfn + start, .count = end - start, .pid = -1,
	};

	if (who) {
		const struct page_owner *owner = &owners->owners[who - 1];

		holder.pid = owner->pid;
		memcpy(holder.comm, owner->comm, sizeof(holder.comm));
		snprintf(holder.what, sizeof(holder.what), "%s%sallocated in %s",
			 what ? what : "", what ? ", " : "",
			 *owner->function ? owner->function : "?");
	} else {
		snprintf(holder.what, sizeof(holder.what), "%s", what ? what : "");
	}
	return snapshot_holder(area, &holder);
}

/*
 * Pages that are pinned are named, others that are lent where their owner is known. What is
 * allocated is named by its owner where DRM and DMA-BUF did not tell.
 */
static int name_pages(struct cma_snapshot_area *area, const char *const *what,
		      const struct page_owners *owners)
{
	uint64_t start = 0, count = area->map.area.pages;
	size_t known = area->holder_count;
	int ret = 0;

	for (uint64_t i = 1; !ret && i <= count; i++) {
		uint64_t pfn = area->map.area.base_pfn + start;
		bool named;

		if (i < count && same_as_before(area, i, what, owners))
			continue;
		named = area->pages[start] == CMA_PAGE_PINNED ||
			(owners->who && owners->who[start] && area->pages[start] != CMA_PAGE_FREE);
		if (named && area->pages[start] == CMA_PAGE_ALLOCATED)
			ret = snapshot_fill_gaps(area, known, pfn, i - start,
						 &owners->owners[owners->who[start] - 1]);
		else if (named)
			ret = add_run(area, start, i, what[start], owners);
		start = i;
	}
	return ret;
}

static int look_at_area(struct cma_snapshot *snapshot, struct cma_snapshot_area *area, FILE *file,
			FILE *owner_file)
{
	const struct cma_area *place = &area->map.area;
	struct page_owners owners = { 0 };
	const char **what = calloc(place->pages, sizeof(*what));
	uint64_t *flags = calloc(place->pages, sizeof(*flags));
	uint64_t known = 0;
	int ret = -ENOMEM;

	area->pages = malloc(place->pages);
	if (!flags || !what || !area->pages)
		goto out;
	known = read_flags(file, place, flags);
	find_kinds(area, flags, known, what);
	ret = 0;
	if (file && known < place->pages)
		ret = snapshot_missing(snapshot,
				       "area %s: /proc/kpageflags ends before the area does",
				       place->name);
	if (!ret && owner_file)
		ret = page_owners_read(owner_file, place->base_pfn, place->pages, &owners);
	if (ret == -EIO)
		ret = snapshot_missing(snapshot, "area %s: page_owner ended with an error",
				       place->name);
	if (!ret)
		ret = name_pages(area, what, &owners);
out:
	page_owners_end(&owners);
	free(flags);
	free(what);
	return ret;
}

/* Open a file that tells @what of pages; without it say why, and what would help. */
static FILE *open_pages(struct cma_snapshot *snapshot, const char *root, const char *path,
			const char *what, const char *absent, int *ret)
{
	FILE *file = machine_open(root, path);

	if (!file && !*ret && (errno == EACCES || errno == EPERM))
		*ret = snapshot_missing(snapshot, "%s: %s is for root: run as root", what, path);
	else if (!file && !*ret)
		*ret = snapshot_missing(snapshot, "%s: %s", what, absent);
	return file;
}

static FILE *open_flags(struct cma_snapshot *snapshot, const char *root, int *ret)
{
	return open_pages(snapshot, root, "/proc/kpageflags",
			  "which free pages are borrowed or pinned",
			  "the kernel lacks CONFIG_PROC_PAGE_MONITOR (/proc/kpageflags)", ret);
}

static FILE *open_owners(struct cma_snapshot *snapshot, const char *root, int *ret)
{
	return open_pages(snapshot, root, "/sys/kernel/debug/page_owner",
			  "who allocated the pages",
			  "no page_owner in debugfs: boot with page_owner=on; CONFIG_PAGE_OWNER",
			  ret);
}

int snapshot_pages(struct cma_snapshot *snapshot, const char *root, bool with_owners)
{
	FILE *flags, *owners = NULL;
	int ret = 0;

	flags = open_flags(snapshot, root, &ret);
	for (size_t i = 0; !ret && i < snapshot->area_count; i++) {
		struct cma_snapshot_area *area = &snapshot->areas[i];

		if (!area->map_known)
			continue;
		if (with_owners)
			owners = open_owners(snapshot, root, &ret);
		if (!ret)
			ret = look_at_area(snapshot, area, flags, owners);
		if (owners)
			fclose(owners);
		owners = NULL;
	}
	if (flags)
		fclose(flags);
	return ret;
}
