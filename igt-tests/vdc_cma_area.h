/* SPDX-License-Identifier: MIT */
/* A contiguous-memory area as debugfs shows it, and where its allocator will look. */
#ifndef VDC_CMA_AREA_H
#define VDC_CMA_AREA_H

#include <stdbool.h>
#include <stdint.h>

/** struct cma_area - a snapshot; one bit of @bitmap is one page (order_per_bit is 0) */
struct cma_area {
	char name[64];
	uint64_t base_pfn, count, used;
	uint8_t *bitmap;	/* one byte a page: 1 is taken */
};

/**
 * cma_area_read() - read the area that display buffers come from, the largest there is
 * @area: the snapshot; free with cma_area_free()
 * Return: false if there is none or no debugfs.
 */
bool cma_area_read(struct cma_area *area);

/** cma_area_free() - free a snapshot's memory */
void cma_area_free(struct cma_area *area);

/**
 * cma_area_first_fit() - where the kernel puts the next request
 * @area: the snapshot
 * @pages: size of the request
 * Return: index of its first page, -1 if it will fail.
 *
 * What mm/cma.c (6.12) does: first fit, start aligned to the request's order, at most
 * CONFIG_CMA_ALIGNMENT (8: 1 MiB), counted on the absolute page frame number.
 */
long cma_area_first_fit(const struct cma_area *area, uint64_t pages);

/** cma_area_take() - mark @pages from @start as taken in the snapshot */
void cma_area_take(struct cma_area *area, uint64_t start, uint64_t pages);

/** cma_free_kb() - CmaFree of /proc/meminfo, caches dropped and lists of free pages settled */
long cma_free_kb(const struct cma_area *area);

#endif /* VDC_CMA_AREA_H */
