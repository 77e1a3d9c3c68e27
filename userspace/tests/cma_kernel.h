/* SPDX-License-Identifier: MIT */
/* A CMA area of the running kernel: allocate from it, and see what the kernel did. */
#ifndef TESTS_CMA_KERNEL_H
#define TESTS_CMA_KERNEL_H

#include "cma/bitmap.h"
#include "cma/event.h"

/**
 * struct cma_kernel - an area
 * @area: where it lies
 * @heap: its DMA-BUF heap
 * @alloc: debugfs: pages written here are allocated, with no alignment
 * @free: debugfs: so many pages are freed, of the newest allocation first
 * @trace: the trace events of CMA
 */
struct cma_kernel {
	struct cma_area area;
	int heap;
	int alloc;
	int free;
	int trace;
};

/**
 * cma_kernel_open() - open everything, begin to trace
 * @kernel: out; cma_kernel_close() closes it, after a failure too
 * @name: "reserved" is the default area
 * Return: 0 or a negative errno, after a message.
 */
int cma_kernel_open(struct cma_kernel *kernel, const char *name);

/** cma_kernel_close() - close everything, stop to trace */
void cma_kernel_close(struct cma_kernel *kernel);

/**
 * cma_kernel_map() - read the bitmap
 * @kernel: the area
 * @map: out; cma_bitmap_end() frees it
 * Return: 0 or a negative errno, after a message.
 */
int cma_kernel_map(struct cma_kernel *kernel, struct cma_bitmap *map);

/**
 * cma_kernel_heap_alloc() - a buffer of the heap
 * Return: its file descriptor, whose close() releases the pages, or a negative errno.
 */
int cma_kernel_heap_alloc(struct cma_kernel *kernel, uint64_t pages);

/** cma_kernel_debug_alloc() - allocate by debugfs. Return: 0 or a negative errno */
int cma_kernel_debug_alloc(struct cma_kernel *kernel, uint64_t pages);

/** cma_kernel_debug_free() - free by debugfs. Return: 0 or a negative errno */
int cma_kernel_debug_free(struct cma_kernel *kernel, uint64_t pages);

/**
 * cma_kernel_events() - what the area's trace events said since the last call
 * @kernel: the area
 * @events: out; all events of CMA on the machine; those of another area have area -1
 * @max: room in @events
 * Return: how many, or a negative errno: -EOVERFLOW: more than @max, or the kernel lost some.
 */
int cma_kernel_events(struct cma_kernel *kernel, struct cma_event *events, int max);

#endif /* TESTS_CMA_KERNEL_H */
