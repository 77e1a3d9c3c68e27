/* SPDX-License-Identifier: MIT */
/*
 * How large CMA may be before the rest of memory starves. Unmovable allocations (slab, page tables,
 * kernel stacks, drivers) never come out of CMA, and the kernel refuses them when the pages free
 * outside CMA reach the min watermark (__zone_watermark_unusable_free() of mm/page_alloc.c leaves
 * free CMA pages out). So
 *
 *	limit = memory - unmovable - kept free
 *
 * with "kept free" as the kernel computes min_free_kbytes: the root of 16 times the memory in kB,
 * from 128 to 262144 (calculate_min_free_kbytes()).
 */
#ifndef CMA_ORDINARY_H
#define CMA_ORDINARY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct cma_ordinary - the memory of a machine, in kB
 * @memory: all that the kernel manages, CMA included (MemTotal)
 * @unmovable: what cannot be in CMA
 * @kept_free: the min watermarks
 * @limit: past this size of CMA ordinary memory starves; 0 where it does without any
 */
struct cma_ordinary {
	uint64_t memory;
	uint64_t unmovable;
	uint64_t kept_free;
	uint64_t limit;
};

/** cma_ordinary_limit() - fill @kept_free and @limit out of the others */
void cma_ordinary_limit(struct cma_ordinary *ordinary);

/**
 * cma_ordinary_read() - @memory and @unmovable out of /proc/meminfo
 * @ordinary: out
 * @meminfo: the open file
 *
 * Unmovable are SUnreclaim, PageTables, SecPageTables, Percpu, and VmallocUsed or KernelStack,
 * whichever is more: mapped stacks are in both.
 * Return: whether MemTotal was there.
 */
bool cma_ordinary_read(struct cma_ordinary *ordinary, FILE *meminfo);

#endif /* CMA_ORDINARY_H */
