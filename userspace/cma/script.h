/* SPDX-License-Identifier: MIT */
/*
 * What is asked of a CMA area, without the places it got: so it can be asked of another area. Made
 * from a trace or by a workload.
 */
#ifndef CMA_SCRIPT_H
#define CMA_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#include "cma/bitmap.h"
#include "cma/trace.h"

#define CMA_SCRIPT_MAX_STEPS	0x10000000	/* 6 GiB of steps */

/** enum cma_step_type - what is asked */
enum cma_step_type {
	CMA_STEP_PRESENT,	/* was allocated before the script began, at @offset of the area */
	CMA_STEP_ALLOC,		/* an allocation */
	CMA_STEP_RELEASE,	/* release @count pages from @offset of the allocation on */
};

/**
 * struct cma_step - one thing that is asked
 * @count: pages
 * @offset: pages from the beginning, see the types
 * @id: which allocation, from 0 in the order of the script
 * @align: alignment as a power of two
 * @type: what is asked, an enum cma_step_type
 */
struct cma_step {
	uint64_t count;
	uint64_t offset;
	uint32_t id;
	uint8_t align;
	uint8_t type;
};

/**
 * struct cma_script - all that is asked
 * @area: the area it was asked of; pages 0: unknown
 * @page_size: bytes
 * @total_pages: memory of that machine, 0: unknown
 * @steps: in order of time; those of CMA_STEP_PRESENT come first
 * @count: how many
 * @room: for how many there is memory
 * @ids: number of allocations
 * @max_align: largest alignment that was asked for
 * @failed: allocations that failed in the recording. How long they would have been held nobody
 *	knows: they are released after as many steps as the others' median
 * @unknown: releases in the recording of what the script does not know
 * @lost: events that the recording lost
 */
struct cma_script {
	struct cma_area area;
	uint32_t page_size;
	uint64_t total_pages;
	struct cma_step *steps;
	size_t count;
	size_t room;
	uint32_t ids;
	unsigned int max_align;
	uint64_t failed;
	uint64_t unknown;
	uint64_t lost;
};

/** cma_script_init() - nothing is asked, of nobody; pages of 4 kB */
void cma_script_init(struct cma_script *script);

/** cma_script_end() - free the steps */
void cma_script_end(struct cma_script *script);

/**
 * cma_script_alloc() - ask for pages
 * @script: the script
 * @count: pages
 * @align: alignment as a power of two
 * @id: out: the allocation; may be NULL
 * Return: 0, -ENOMEM or -E2BIG (CMA_SCRIPT_MAX_STEPS).
 */
int cma_script_alloc(struct cma_script *script, uint64_t count, unsigned int align, uint32_t *id);

/** cma_script_present() - pages taken from the start, at @offset. Return: as cma_script_alloc() */
int cma_script_present(struct cma_script *script, uint64_t offset, uint64_t count, uint32_t *id);

/**
 * cma_script_release() - give pages back
 * @script: the script
 * @id: the allocation
 * @offset: first page in it
 * @count: pages; more steps release the rest
 * Return: as cma_script_alloc().
 */
int cma_script_release(struct cma_script *script, uint32_t id, uint64_t offset, uint64_t count);

/**
 * cma_script_read() - make a script of a trace
 * @script: out; cma_script_end() frees it, after a failure too
 * @reader: the trace, read to its end
 * @area: name of the area, NULL: the one with most events
 * Return: 0; -ENOENT: no such area, or no event of any; or what cma_trace_next() or
 * cma_script_alloc() said.
 */
int cma_script_read(struct cma_script *script, struct cma_trace_reader *reader, const char *area);

/** cma_script_peak() - the most pages that would be held at once if nothing failed */
uint64_t cma_script_peak(const struct cma_script *script);

/** cma_pages_order() - get_order() of the kernel: the power of two that holds so many pages */
unsigned int cma_pages_order(uint64_t pages);

#endif /* CMA_SCRIPT_H */
