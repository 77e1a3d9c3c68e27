/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_WINDOW_H
#define VDC_WINDOW_H

#include <linux/types.h>

/* So many windows are looked at for an allocation, so many may turn out to be of no use. */
#define VDC_WINDOW_TRIES	8

/**
 * struct vdc_extent - pages that follow each other
 * @first: page frame number of the first one
 * @pages: how many
 */
struct vdc_extent {
	unsigned long first;
	unsigned long pages;
};

/**
 * struct vdc_window_map - what is known of memory from which buffers come
 * @span: the pages that are looked at
 * @known: those of @span that are in the allocator's area for sure; others may be
 * @blocked: a bit for each page of @span: it is somebody's, and will not move
 * @movable: buffers that may be moved, in the order of addresses, none of their pages blocked
 * @num_movable: how many
 */
struct vdc_window_map {
	struct vdc_extent span;
	struct vdc_extent known;
	unsigned long *blocked;
	struct vdc_extent *movable;
	unsigned int num_movable;
};

/**
 * struct vdc_window_want - what a window must be
 * @pages: its size
 * @align: its first page frame number is a multiple of this power of two
 * @max_cost: most pages that may be moved for it
 * @avoid: page frame numbers with which it must not begin
 * @num_avoid: how many of @avoid are used
 */
struct vdc_window_want {
	unsigned long pages;
	unsigned long align;
	unsigned long max_cost;
	struct vdc_extent avoid[VDC_WINDOW_TRIES];
	unsigned int num_avoid;
};

/**
 * struct vdc_window - pages that are free when some buffers have gone elsewhere
 * @first: page frame number of the first one
 * @victim: index of the first buffer to be moved
 * @count: how many are to be moved; one follows the other
 * @cost: pages that they have
 * @same: page frame numbers with which it has pages of the same buffers; with some of them
 *	it may have others that are blocked
 */
struct vdc_window {
	unsigned long first;
	unsigned int victim;
	unsigned int count;
	unsigned long cost;
	struct vdc_extent same;
};

bool vdc_window_find(const struct vdc_window_map *map, const struct vdc_window_want *want,
		     struct vdc_window *best);
unsigned long vdc_window_longest(const struct vdc_window_map *map, unsigned long align);

#endif /* VDC_WINDOW_H */
