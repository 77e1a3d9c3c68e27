/* SPDX-License-Identifier: MIT */
/* The parts a snapshot is put together from, one source of knowledge each. */
#ifndef CMA_SNAPSHOT_PARTS_H
#define CMA_SNAPSHOT_PARTS_H

#include <stdio.h>

#include "cma/page_owners.h"
#include "cma/processes.h"
#include "cma/snapshot.h"

/* All parts return 0 or -ENOMEM; what else goes wrong becomes a sentence in snapshot->missing. */

/** snapshot_missing() - add a sentence on what cannot be known; one that is there already is not */
int snapshot_missing(struct cma_snapshot *snapshot, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** snapshot_areas() - the areas and their bitmaps, from debugfs, else their names from sysfs */
int snapshot_areas(struct cma_snapshot *snapshot, const char *root);

/** snapshot_holder() - append a holder; it is copied */
int snapshot_holder(struct cma_snapshot_area *area, const struct cma_holder *holder);

/** snapshot_sort_holders() - by frame */
void snapshot_sort_holders(struct cma_snapshot_area *area);

/**
 * snapshot_fill_gaps() - name allocated pages whose buffer is not known
 * @area: the area
 * @known: the first so many holders are buffers, sorted by frame
 * @pfn: first page
 * @count: pages, all allocated by @owner
 * @owner: what page_owner says; also fills in the process of a buffer that has none
 */
int snapshot_fill_gaps(struct cma_snapshot_area *area, size_t known, uint64_t pfn, uint64_t count,
		       const struct page_owner *owner);

/** snapshot_drm() - buffers of display drivers, from debugfs dri/N */
int snapshot_drm(struct cma_snapshot *snapshot, const char *root,
		 const struct processes *processes);

/** snapshot_heaps() - buffers of DMA-BUF heaps, which have no address: by their size */
int snapshot_heaps(struct cma_snapshot *snapshot, const struct processes *processes);

/** snapshot_pages() - kinds of pages, who pins them, and with page_owner who allocated them */
int snapshot_pages(struct cma_snapshot *snapshot, const char *root, bool with_owners);

#endif /* CMA_SNAPSHOT_PARTS_H */
