/* SPDX-License-Identifier: MIT */
/* An area prepared to be shown: what is where, whose it is, and by which sign. */
#ifndef CMASCOPE_MAP_AREA_H
#define CMASCOPE_MAP_AREA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cma/snapshot.h"

/**
 * struct map_kind - how a kind of page is shown
 * @sign: in a terminal
 * @words: in a legend
 * @rgb: colour in a picture; told apart by everybody, also by those who see no red or green
 *	(M. Okabe, K. Ito, "Color Universal Design", 2008)
 */
struct map_kind {
	char sign;
	const char *words;
	uint32_t rgb;
};

/* By enum cma_page. */
extern const struct map_kind map_kinds[CMA_PAGE_KINDS];

#define MAP_SIGN_PARTLY	':'	/* mostly not allocated, but there are allocated pages in it */

/**
 * struct map_group - borrowed pages of one use and user
 * @holder: the first of them, an index into the area's holders
 * @kind: borrowed or pinned
 * @pages: of all of them
 * @places: how many runs of pages
 */
struct map_group {
	size_t holder;
	enum cma_page kind;
	uint64_t pages;
	uint64_t places;
};

/**
 * struct map_area - an area
 * @area: what is known of it; not owned
 * @page_size: bytes
 * @pages: 0 where nothing is known of its pages
 * @counts: pages of each kind
 * @buffers: those of the area's holders that hold allocated pages, as indices
 * @buffer_count: how many
 * @others: the holders of pages that are lent, as indices
 * @other_count: how many
 * @groups: the same, those of one use and user together; pinned ones first, then the largest
 * @group_count: how many
 * @owners: for each page an index into @buffers plus 1, 0: none
 * @shape: how its free memory is cut up
 */
struct map_area {
	const struct cma_snapshot_area *area;
	uint32_t page_size;
	uint64_t pages;
	uint64_t counts[CMA_PAGE_KINDS];
	size_t *buffers;
	size_t buffer_count;
	size_t *others;
	size_t other_count;
	struct map_group *groups;
	size_t group_count;
	uint32_t *owners;
	struct cma_shape shape;
};

/**
 * map_area_init() - prepare an area
 * @map: out; map_area_end() frees it
 * @area: must outlive @map; looked at with CMA_LOOK_PAGES
 * @page_size: bytes
 * Return: 0 or -ENOMEM.
 */
int map_area_init(struct map_area *map, const struct cma_snapshot_area *area, uint32_t page_size);

/** map_area_end() - free; one that is all zero is fine */
void map_area_end(struct map_area *map);

/** map_area_buffer() - a buffer by its place in @buffers */
static inline const struct cma_holder *map_area_buffer(const struct map_area *map, size_t i)
{
	return &map->area->holders[map->buffers[i]];
}

/** map_letter() - the sign of a buffer: A..Z, a..z, and from the beginning */
char map_letter(size_t i);

/** map_area_unnamed() - allocated pages that no known buffer covers */
uint64_t map_area_unnamed(const struct map_area *map);

/**
 * struct map_cell - some neighbouring pages as one
 * @counts: pages of each kind
 * @kind: what it is shown as: pinned if a single page is, else what most of its pages are
 * @owner: where @kind is allocated, index into buffers plus 1, 0: unknown
 */
struct map_cell {
	uint64_t counts[CMA_PAGE_KINDS];
	enum cma_page kind;
	uint32_t owner;
};

/** map_cell() - the cell of the pages @from up to but without @to, within the area */
struct map_cell map_cell(const struct map_area *map, uint64_t from, uint64_t to);

/** map_sign() - the character for a cell */
char map_sign(const struct map_cell *cell);

/** map_address() - physical address of a page of the area */
uint64_t map_address(const struct map_area *map, uint64_t page);

/** map_size() - "7.9 MiB" or "12 KiB" */
const char *map_size(char text[24], uint64_t bytes);

/** map_owner() - "vdc-flip[12]", "[fbcon]", "?" where nobody is known */
const char *map_owner(char text[40], const struct cma_holder *holder);

#endif /* CMASCOPE_MAP_AREA_H */
