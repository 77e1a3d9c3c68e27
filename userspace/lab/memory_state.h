/* SPDX-License-Identifier: MIT */
/* What memory looks like at one moment: how much, in which pieces, and what that has cost. */
#ifndef LAB_MEMORY_STATE_H
#define LAB_MEMORY_STATE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "cma/free_blocks.h"

#define MEMORY_TYPES	8	/* migrate types that are kept apart; 6.12 has six */
#define MEMORY_CELLS	256	/* of the map of the CMA area */

#define EXTFRAG_WOULD_SUCCEED	(-1000)

/**
 * struct memory_type - free blocks of a migrate type
 * @name: "Unmovable", "CMA" and so on
 * @blocks: of each order, of all zones
 */
struct memory_type {
	char name[32];
	uint64_t blocks[FREE_BLOCKS_ORDERS];
};

/**
 * struct memory_state - a moment
 * @mem_free_kb: MemFree
 * @cma_free_kb: CmaFree
 * @slab_kb: SUnreclaim
 * @kswapd_ns: CPU time of all kswapd threads since boot
 * @kswapd_known: there are any, and it could be read
 * @stalls: allocations that had to reclaim memory themselves (allocstall_*), since boot
 * @compact_stalls: that had to compact it themselves (compact_stall)
 * @compact_fails: in vain (compact_fail)
 * @oom_kills: processes that the kernel killed (oom_kill)
 * @cma_fails: failed allocations from CMA (cma_alloc_fail)
 * @orders: how many there are
 * @free: free blocks of each order, of all zones
 * @unusable: share of free memory that lies in smaller blocks, thousandths, for each order
 * @extfrag: fragmentation index for each order, thousandths; EXTFRAG_WOULD_SUCCEED
 * @types: free blocks by migrate type
 * @type_count: how many; 0: /proc/pagetypeinfo could not be read
 * @map: the CMA area in letters as of cma_cells(), "": not known
 */
struct memory_state {
	uint64_t mem_free_kb;
	uint64_t cma_free_kb;
	uint64_t slab_kb;
	uint64_t kswapd_ns;
	bool kswapd_known;
	uint64_t stalls;
	uint64_t compact_stalls;
	uint64_t compact_fails;
	uint64_t oom_kills;
	uint64_t cma_fails;
	unsigned int orders;
	uint64_t free[FREE_BLOCKS_ORDERS];
	int unusable[FREE_BLOCKS_ORDERS];
	int extfrag[FREE_BLOCKS_ORDERS];
	struct memory_type types[MEMORY_TYPES];
	unsigned int type_count;
	char map[MEMORY_CELLS + 1];
};

/**
 * memory_state_read() - look at memory
 * @root: "" for this machine, otherwise a directory with a copy of its /proc and /sys
 * @state: out; what cannot be read is 0 or empty
 * Return: 0, or a negative errno: there is no /proc/meminfo.
 */
int memory_state_read(const char *root, struct memory_state *state);

/**
 * memory_unusable() - unusable free space index, as mm/vmstat.c rounds it
 *	(M. Gorman, A. Whitcroft, "The what, the why and the where to of anti-fragmentation",
 *	OLS 2006)
 * @free: free blocks of each order
 * @orders: how many
 * @order: that is asked for
 * Return: free memory in blocks smaller than @order, thousandths of all that is free; 1000 where
 *	nothing is.
 */
int memory_unusable(const uint64_t *free, unsigned int orders, unsigned int order);

/**
 * memory_extfrag() - fragmentation index, as mm/vmstat.c has it
 * @free: free blocks of each order
 * @orders: how many
 * @order: that is asked for
 * Return: EXTFRAG_WOULD_SUCCEED where there is such a block; otherwise from 0, failing for lack of
 *	memory, to 1000, failing for fragmentation; 0 where nothing is free.
 */
int memory_extfrag(const uint64_t *free, unsigned int orders, unsigned int order);

/**
 * memory_kswapd() - CPU time of the threads that reclaim memory
 * @root: as above
 * @ns: out
 *
 * From schedstat (ns), else this machine's CPU clocks (ns), else stat (clock ticks).
 * Return: whether there was one to be read.
 */
bool memory_kswapd(const char *root, uint64_t *ns);

/** memory_state_json() - add all of it to a record of the journal, which may be NULL */
void memory_state_json(struct json_object *record, const struct memory_state *state);

#endif /* LAB_MEMORY_STATE_H */
