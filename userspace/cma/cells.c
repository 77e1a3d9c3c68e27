// SPDX-License-Identifier: MIT
#include "cma/cells.h"

/* What is worth seeing in a cell of many pages: the rarer, the more. */
static char cell_kind(const struct cma_snapshot_area *area, uint64_t start, uint64_t end)
{
	static const char letters[CMA_PAGE_KINDS] = {
		[CMA_PAGE_UNKNOWN] = '?', [CMA_PAGE_FREE] = '.', [CMA_PAGE_ALLOCATED] = 'A',
		[CMA_PAGE_BORROWED] = 'B', [CMA_PAGE_PINNED] = 'P' };
	uint64_t counts[CMA_PAGE_KINDS] = { 0 };
	enum cma_page most = CMA_PAGE_UNKNOWN;

	for (uint64_t page = start; page < end; page++) {
		uint64_t bit = page >> area->map.area.order_per_bit;
		enum cma_page kind = area->pages ? area->pages[page] :
			cma_bitmap_test(&area->map, bit) ? CMA_PAGE_ALLOCATED : CMA_PAGE_FREE;

		if (kind < CMA_PAGE_KINDS)
			counts[kind]++;
	}
	if (counts[CMA_PAGE_PINNED])
		return letters[CMA_PAGE_PINNED];
	for (enum cma_page kind = 0; kind < CMA_PAGE_KINDS; kind++)
		if (counts[kind] > counts[most])
			most = kind;
	return letters[most];
}

void cma_cells(const struct cma_snapshot_area *area, unsigned int count, char *cells)
{
	uint64_t pages = area->map.bits << area->map.area.order_per_bit;
	uint64_t wanted = pages < count ? pages : count;

	for (uint64_t i = 0; i < wanted; i++)
		cells[i] = cell_kind(area, pages * i / wanted, pages * (i + 1) / wanted);
	cells[wanted] = '\0';
}
