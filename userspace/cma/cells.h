/* SPDX-License-Identifier: MIT */
/* An area in a few letters: what lies where, each letter for many pages. */
#ifndef CMA_CELLS_H
#define CMA_CELLS_H

#include "cma/snapshot.h"

/**
 * cma_cells() - describe an area
 * @area: of a snapshot; where its pages were not looked at, only free and allocated are told apart
 * @count: letters wanted; an area of fewer pages has fewer
 * @cells: out: that many letters and an end. ? unknown, . free, A allocated, B borrowed, P pinned:
 *	P if a single page is, otherwise what most pages are
 */
void cma_cells(const struct cma_snapshot_area *area, unsigned int count, char *cells);

#endif /* CMA_CELLS_H */
