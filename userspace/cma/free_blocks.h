/* SPDX-License-Identifier: MIT */
/* The buddy allocator's free blocks: lines of /proc/buddyinfo and /proc/pagetypeinfo. */
#ifndef CMA_FREE_BLOCKS_H
#define CMA_FREE_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#define FREE_BLOCKS_ORDERS	32	/* most that are read */

/**
 * struct free_blocks - what a line says
 * @node: NUMA node
 * @zone: "DMA32", "Normal" and so on
 * @type: "Movable", "CMA" and so on; "": all together, as buddyinfo has it
 * @orders: how many orders there are
 * @blocks: free blocks of each; where pagetypeinfo stopped counting (">100000"), so many
 */
struct free_blocks {
	unsigned int node;
	char zone[32];
	char type[32];
	unsigned int orders;
	uint64_t blocks[FREE_BLOCKS_ORDERS];
};

/**
 * free_blocks_parse() - read a line
 * @line: "Node 0, zone DMA 1 2 3" or "Node 0, zone DMA, type Movable 1 2 3"
 * @blocks: out
 * Return: whether it is such a line.
 */
bool free_blocks_parse(const char *line, struct free_blocks *blocks);

#endif /* CMA_FREE_BLOCKS_H */
