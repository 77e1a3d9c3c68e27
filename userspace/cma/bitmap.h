/* SPDX-License-Identifier: MIT */
/*
 * The allocation bitmap of a CMA area, as mm/cma.c keeps it, and what can be read from it.
 *
 * One bit stands for 1 << order_per_bit pages. Alignment is on the absolute page frame number, not
 * on the bit: an area that begins at an odd frame has its aligned places shifted. All searches here
 * use the arithmetic of the kernel (bitmap_find_next_zero_area_off() with cma_bitmap_aligned_mask()
 * and cma_bitmap_aligned_offset()).
 */
#ifndef CMA_BITMAP_H
#define CMA_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No place, and "not known" for a frame number. */
#define CMA_NOWHERE	UINT64_MAX

#define CMA_NAME_SIZE	64	/* the kernel's CMA_MAX_NAME, with its end */
#define CMA_MAX_ORDER	30	/* largest alignment or order_per_bit taken */
#define CMA_MAX_BITS	0x10000000ULL	/* largest bitmap taken: 1 TiB of 4 kB pages, 32 MB */

/**
 * struct cma_area - where an area lies
 * @name: as the kernel names it ("reserved" is the default area)
 * @base_pfn: first page frame; 0 serves where it is unknown and the area is taken as aligned
 * @pages: size in pages
 * @order_per_bit: pages a bit, as a power of two
 */
struct cma_area {
	char name[CMA_NAME_SIZE];
	uint64_t base_pfn;
	uint64_t pages;
	unsigned int order_per_bit;
};

/**
 * struct cma_bitmap - an area and which of its bits are taken
 * @area: the area
 * @bits: number of bits, area.pages >> area.order_per_bit
 * @words: bit b is words[b / 64] >> (b % 64) & 1; set: allocated. Bits past @bits are set
 */
struct cma_bitmap {
	struct cma_area area;
	uint64_t bits;
	uint64_t *words;
};

/**
 * struct cma_run - neighbouring bits of one kind
 * @start: first bit
 * @length: number of bits, 0: no run
 */
struct cma_run {
	uint64_t start;
	uint64_t length;
};

/** cma_area_is() - whether an area has that name, or is one of the ranges of the one that has it */
bool cma_area_is(const struct cma_area *area, const char *name);

/**
 * cma_bitmap_init() - an area with everything free
 * @map: out; cma_bitmap_end() frees it
 * @area: copied
 * Return: 0, -EINVAL (no bit, or more than CMA_MAX_BITS, or an order above CMA_MAX_ORDER), -ENOMEM.
 */
int cma_bitmap_init(struct cma_bitmap *map, const struct cma_area *area);

/**
 * cma_bitmap_copy() - a second map with the same bits
 * @map: out; cma_bitmap_end() frees it
 * @from: what to copy
 * Return: 0 or -ENOMEM.
 */
int cma_bitmap_copy(struct cma_bitmap *map, const struct cma_bitmap *from);

/** cma_bitmap_end() - free a map; one that is all zero is fine */
void cma_bitmap_end(struct cma_bitmap *map);

/** cma_bitmap_test() - whether @bit is taken; @bit < map->bits */
static inline bool cma_bitmap_test(const struct cma_bitmap *map, uint64_t bit)
{
	return map->words[bit / 64] >> (bit % 64) & 1;
}

/**
 * cma_bitmap_write() - take or free neighbouring bits
 * @map: the map
 * @start: first bit
 * @length: how many; what lies past the end of the area is ignored
 * @taken: new value
 */
void cma_bitmap_write(struct cma_bitmap *map, uint64_t start, uint64_t length, bool taken);

/**
 * cma_bitmap_next() - the first bit of a kind
 * @map: the map
 * @start: where to begin
 * @taken: which kind
 * Return: the bit, map->bits when there is none.
 */
uint64_t cma_bitmap_next(const struct cma_bitmap *map, uint64_t start, bool taken);

/**
 * cma_bitmap_next_run() - the next free run
 * @map: the map
 * @start: where to begin
 * Return: the run; its length is 0 when there is none.
 */
struct cma_run cma_bitmap_next_run(const struct cma_bitmap *map, uint64_t start);

/** cma_bitmap_free_bits() - how many bits are free */
uint64_t cma_bitmap_free_bits(const struct cma_bitmap *map);

/** cma_bits() - the bits that @pages need, rounded up (cma_bitmap_pages_to_bits()) */
uint64_t cma_bits(const struct cma_area *area, uint64_t pages);

/**
 * cma_align_bit() - the first aligned bit at or after a bit
 * @area: the area
 * @bit: where to begin
 * @align: alignment of the page frame number, as a power of two (the kernel's "align")
 * Return: the bit; it may lie past the area's end.
 */
uint64_t cma_align_bit(const struct cma_area *area, uint64_t bit, unsigned int align);

/** cma_align_step() - distance in bits of aligned places: what a busy retry skips (mask + 1) */
uint64_t cma_align_step(const struct cma_area *area, unsigned int align);

/**
 * cma_bitmap_find() - first fit, as cma_alloc() searches
 * @map: the map
 * @start: bit to begin at, 0 for a new request
 * @length: bits wanted, at least 1
 * @align: as in cma_align_bit()
 * Return: first bit of the place, CMA_NOWHERE when there is none.
 */
uint64_t cma_bitmap_find(const struct cma_bitmap *map, uint64_t start, uint64_t length,
			 unsigned int align);

/**
 * cma_run_aligned() - what alignment leaves of a free run
 * @area: the area
 * @run: the run
 * @align: as in cma_align_bit()
 * Return: the part from its first aligned bit on; length 0 when there is none.
 */
struct cma_run cma_run_aligned(const struct cma_area *area, struct cma_run run, unsigned int align);

/**
 * struct cma_shape - how free memory is cut up
 * @free: free bits
 * @runs: number of free runs
 * @longest: the longest run (debugfs "maxchunk" in bits; ignores alignment)
 * @longest_aligned: the longest part that begins at an aligned bit
 */
struct cma_shape {
	uint64_t free;
	uint64_t runs;
	struct cma_run longest;
	struct cma_run longest_aligned;
};

/**
 * cma_bitmap_shape() - measure the free memory
 * @map: the map
 * @align: alignment for longest_aligned
 */
struct cma_shape cma_bitmap_shape(const struct cma_bitmap *map, unsigned int align);

/**
 * cma_shape_fragmentation() - 1 - longest_aligned / free
 * @shape: the shape
 * Return: 0 (one aligned run, or nothing free at all) to 1.
 */
double cma_shape_fragmentation(const struct cma_shape *shape);

#endif /* CMA_BITMAP_H */
