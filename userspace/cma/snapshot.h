/* SPDX-License-Identifier: MIT */
/*
 * The CMA areas of the running machine, or of a copy of its files: bitmap from debugfs, what sits
 * on each page from kpageflags and page_owner, who holds which buffer from DRM and DMA-BUF debugfs.
 */
#ifndef CMA_SNAPSHOT_H
#define CMA_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "cma/bitmap.h"

/** enum cma_page - what a page of an area is used for */
enum cma_page {
	CMA_PAGE_UNKNOWN,	/* not allocated, as far as known; kpageflags is missing */
	CMA_PAGE_FREE,		/* not allocated, in the buddy allocator */
	CMA_PAGE_ALLOCATED,	/* allocated from the area */
	CMA_PAGE_BORROWED,	/* lent to movable memory that can be migrated */
	CMA_PAGE_PINNED,	/* lent, and not to be moved now: locked, under I/O, pinned */
	CMA_PAGE_KINDS
};

/** cma_page_name() - "free", "allocated" and so on */
const char *cma_page_name(enum cma_page kind);

/**
 * struct cma_holder - an allocation, or a page in the way, and who it belongs to
 * @pfn: first page frame
 * @count: pages
 * @pid: process, -1: unknown or the kernel
 * @comm: its name, "": unknown
 * @what: "framebuffer 42 on crtc 38", "dma-buf of vdc, attached to vgem", "page cache"...
 */
struct cma_holder {
	uint64_t pfn;
	uint64_t count;
	int pid;
	char comm[16];
	char what[192];
};

/**
 * struct cma_snapshot_area - an area
 * @map: its bitmap. Of an area with several ranges (from 6.15 on) each is an area, NAME/0 and so on
 * @map_known: the bits are real (CMA_DEBUGFS); otherwise all are free and mean nothing, and where
 *	even the size is not known there are none
 * @pages: an enum cma_page for each page of the area, NULL: not wanted
 * @holders: who holds what, by pfn
 * @holder_count: how many
 */
struct cma_snapshot_area {
	struct cma_bitmap map;
	bool map_known;
	uint8_t *pages;
	struct cma_holder *holders;
	size_t holder_count;
};

/**
 * struct cma_snapshot - a machine at one moment
 * @ns: CLOCK_MONOTONIC when it was taken
 * @page_size: bytes
 * @mem_total_kb: MemTotal of /proc/meminfo
 * @mem_free_kb: MemFree
 * @cma_total_kb: CmaTotal
 * @cma_free_kb: CmaFree
 * @min_kb: the zones' min watermarks together (/proc/zoneinfo)
 * @areas: areas
 * @area_count: how many
 * @missing: what cannot be known, and the option or the right that would give it; a sentence each
 * @missing_count: how many
 */
struct cma_snapshot {
	uint64_t ns;
	uint32_t page_size;
	uint64_t mem_total_kb;
	uint64_t mem_free_kb;
	uint64_t cma_total_kb;
	uint64_t cma_free_kb;
	uint64_t min_kb;
	struct cma_snapshot_area *areas;
	size_t area_count;
	char **missing;
	size_t missing_count;
};

/* What to look at besides the bitmaps. */
#define CMA_LOOK_PAGES		1u	/* kpageflags, kpagecount: kinds of pages */
#define CMA_LOOK_HOLDERS	2u	/* DRM and DMA-BUF: whose the buffers are */
#define CMA_LOOK_OWNERS		4u	/* page_owner: whose the pages in the way are (slow) */

/**
 * cma_snapshot_take() - look
 * @root: "" for this machine, otherwise a directory with a copy of /proc and /sys of one
 * @look: CMA_LOOK_... or 0
 * @snapshot: out; cma_snapshot_end() frees it
 * Return: 0 also where little is known (see missing), a negative errno where nothing is.
 */
int cma_snapshot_take(const char *root, unsigned int look, struct cma_snapshot *snapshot);

/** cma_snapshot_end() - free what a snapshot holds */
void cma_snapshot_end(struct cma_snapshot *snapshot);

/** cma_snapshot_find() - the area of that name, or the first of its ranges; NULL: there is none */
struct cma_snapshot_area *cma_snapshot_find(struct cma_snapshot *snapshot, const char *name);

#endif /* CMA_SNAPSHOT_H */
