/* SPDX-License-Identifier: MIT */
/* Pages that are pinned, at most one in each block of memory. */
#ifndef AGE_SEDIMENT_PINS_H
#define AGE_SEDIMENT_PINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEDIMENT_MOST_PINS	(1u << 14)	/* that a ring has */

/**
 * struct sediment_pins - what is pinned
 * @ring: of io_uring, with a place for each
 * @pagemap: tells where pages are
 * @count: pages
 * @block: size, bytes
 * @marks: whether a block has one
 * @blocks: how many there are in @marks
 */
struct sediment_pins {
	int ring;
	int pagemap;
	unsigned int count;
	uint64_t block;
	bool *marks;
	uint64_t blocks;
};

/**
 * sediment_pins_open() - begin with none
 * @p: out
 * @block: size of a block, bytes
 * Return: 0; -EPERM: the kernel does not tell where pages are; what io_uring is refused with.
 */
int sediment_pins_open(struct sediment_pins *p, uint64_t block);

/** sediment_pins_close() - give all back */
void sediment_pins_close(struct sediment_pins *p);

/**
 * sediment_pins_sift() - pin a page in each block that has none yet
 * @p: the pins
 * @map: pages to choose from; they stay when the rest of it is unmapped
 * @pages: how many
 * @first: the one to begin with
 * @most: pins that there are to be at most
 * Return: 0, or what the kernel refused with.
 */
int sediment_pins_sift(struct sediment_pins *p, char *map, size_t pages, size_t first,
		       unsigned int most);

#endif /* AGE_SEDIMENT_PINS_H */
