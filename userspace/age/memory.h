/* SPDX-License-Identifier: MIT */
/* What the kernel says of its memory. */
#ifndef AGE_MEMORY_H
#define AGE_MEMORY_H

#include <stdint.h>
#include <stdio.h>

#define AGE_ORDERS	11	/* MAX_PAGE_ORDER + 1 on nearly all machines */
#define AGE_TYPES	8
#define AGE_TYPE_NAME	16

/**
 * struct age_memory - the memory of the machine at one time
 * @total_kb: MemTotal
 * @available_kb: MemAvailable
 * @free_kb: MemFree
 * @cma_total_kb: CmaTotal, 0 without CMA
 * @cma_free_kb: CmaFree
 * @slab_kb: SUnreclaim
 * @free: free blocks of each order, of all zones (/proc/buddyinfo)
 * @types: names of migrate types, "" after the last: none where /proc/pagetypeinfo cannot be read
 * @of_type: free blocks of each type and order
 */
struct age_memory {
	uint64_t total_kb;
	uint64_t available_kb;
	uint64_t free_kb;
	uint64_t cma_total_kb;
	uint64_t cma_free_kb;
	uint64_t slab_kb;
	uint64_t free[AGE_ORDERS];
	char types[AGE_TYPES][AGE_TYPE_NAME];
	uint64_t of_type[AGE_TYPES][AGE_ORDERS];
};

/** age_memory_meminfo() - the numbers of /proc/meminfo */
void age_memory_meminfo(struct age_memory *m, FILE *f);

/** age_memory_buddyinfo() - those of /proc/buddyinfo */
void age_memory_buddyinfo(struct age_memory *m, FILE *f);

/** age_memory_pagetypeinfo() - those of /proc/pagetypeinfo */
void age_memory_pagetypeinfo(struct age_memory *m, FILE *f);

/**
 * age_memory_read() - all of it, of this machine
 * @m: out; what cannot be read stays 0
 */
void age_memory_read(struct age_memory *m);

#endif /* AGE_MEMORY_H */
