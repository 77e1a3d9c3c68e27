// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/bitmap.h"

static size_t word_count(uint64_t bits)
{
	return (size_t)((bits + 63) / 64);
}

/* Bits past the end are taken, so that no search needs to look at the end. */
static void close_end(struct cma_bitmap *map)
{
	if (map->bits % 64)
		map->words[map->bits / 64] |= ~0ULL << (map->bits % 64);
}

bool cma_area_is(const struct cma_area *area, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(area->name, name, length) &&
		(!area->name[length] || area->name[length] == '/');
}

int cma_bitmap_init(struct cma_bitmap *map, const struct cma_area *area)
{
	uint64_t bits;

	memset(map, 0, sizeof(*map));
	if (area->order_per_bit > CMA_MAX_ORDER)
		return -EINVAL;
	bits = area->pages >> area->order_per_bit;
	if (!bits || bits > CMA_MAX_BITS)
		return -EINVAL;
	map->words = calloc(word_count(bits), sizeof(*map->words));
	if (!map->words)
		return -ENOMEM;
	map->area = *area;
	map->bits = bits;
	close_end(map);
	return 0;
}

int cma_bitmap_copy(struct cma_bitmap *map, const struct cma_bitmap *from)
{
	int ret = cma_bitmap_init(map, &from->area);

	if (!ret)
		memcpy(map->words, from->words, word_count(from->bits) * sizeof(*map->words));
	return ret;
}

void cma_bitmap_end(struct cma_bitmap *map)
{
	free(map->words);
	memset(map, 0, sizeof(*map));
}

void cma_bitmap_write(struct cma_bitmap *map, uint64_t start, uint64_t length, bool taken)
{
	uint64_t end;

	if (start >= map->bits)
		return;
	end = length > map->bits - start ? map->bits : start + length;
	while (start < end) {
		uint64_t in_word = 64 - start % 64;
		uint64_t part = end - start < in_word ? end - start : in_word;
		uint64_t mask = (part == 64 ? ~0ULL : (1ULL << part) - 1) << (start % 64);

		if (taken)
			map->words[start / 64] |= mask;
		else
			map->words[start / 64] &= ~mask;
		start += part;
	}
}

uint64_t cma_bitmap_next(const struct cma_bitmap *map, uint64_t start, bool taken)
{
	uint64_t flip = taken ? 0 : ~0ULL, word;
	size_t i;

	if (start >= map->bits)
		return map->bits;
	i = (size_t)(start / 64);
	word = (map->words[i] ^ flip) & (~0ULL << (start % 64));
	while (!word) {
		if (++i == word_count(map->bits))
			return map->bits;
		word = map->words[i] ^ flip;
	}
	start = (uint64_t)i * 64 + (unsigned int)__builtin_ctzll(word);
	return start < map->bits ? start : map->bits;
}

struct cma_run cma_bitmap_next_run(const struct cma_bitmap *map, uint64_t start)
{
	struct cma_run run = { .start = cma_bitmap_next(map, start, false) };

	run.length = cma_bitmap_next(map, run.start, true) - run.start;
	return run;
}

uint64_t cma_bitmap_free_bits(const struct cma_bitmap *map)
{
	uint64_t taken = 0;

	for (size_t i = 0; i < word_count(map->bits); i++)
		taken += (unsigned int)__builtin_popcountll(map->words[i]);
	return word_count(map->bits) * 64 - taken;
}

uint64_t cma_bits(const struct cma_area *area, uint64_t pages)
{
	uint64_t bits = pages >> area->order_per_bit;

	return bits + ((pages & ((1ULL << area->order_per_bit) - 1)) != 0);
}

uint64_t cma_align_step(const struct cma_area *area, unsigned int align)
{
	if (align <= area->order_per_bit)
		return 1;
	if (align > CMA_MAX_ORDER)
		align = CMA_MAX_ORDER;
	return 1ULL << (align - area->order_per_bit);
}

/* How far into an aligned block the area begins, in bits. */
static uint64_t align_offset(const struct cma_area *area, unsigned int align)
{
	if (align > CMA_MAX_ORDER)
		align = CMA_MAX_ORDER;
	return (area->base_pfn & ((1ULL << align) - 1)) >> area->order_per_bit;
}

uint64_t cma_align_bit(const struct cma_area *area, uint64_t bit, unsigned int align)
{
	uint64_t mask = cma_align_step(area, align) - 1;
	uint64_t offset = align_offset(area, align);

	return ((bit + offset + mask) & ~mask) - offset;
}

uint64_t cma_bitmap_find(const struct cma_bitmap *map, uint64_t start, uint64_t length,
			 unsigned int align)
{
	while (start < map->bits) {
		uint64_t free = cma_bitmap_next(map, start, false), taken;
		uint64_t place = cma_align_bit(&map->area, free, align);

		if (place >= map->bits || length > map->bits - place)
			break;
		taken = cma_bitmap_next(map, place, true);
		if (taken - place >= length)
			return place;
		start = taken + 1;
	}
	return CMA_NOWHERE;
}

struct cma_run cma_run_aligned(const struct cma_area *area, struct cma_run run, unsigned int align)
{
	uint64_t end = run.start + run.length;
	struct cma_run part = { .start = cma_align_bit(area, run.start, align) };

	part.length = part.start < end ? end - part.start : 0;
	return part;
}

struct cma_shape cma_bitmap_shape(const struct cma_bitmap *map, unsigned int align)
{
	struct cma_shape shape = { 0 };
	struct cma_run run = cma_bitmap_next_run(map, 0);

	for (; run.length; run = cma_bitmap_next_run(map, run.start + run.length)) {
		struct cma_run part = cma_run_aligned(&map->area, run, align);

		shape.free += run.length;
		shape.runs++;
		if (run.length > shape.longest.length)
			shape.longest = run;
		if (part.length > shape.longest_aligned.length)
			shape.longest_aligned = part;
	}
	return shape;
}

double cma_shape_fragmentation(const struct cma_shape *shape)
{
	if (!shape->free)
		return 0;
	return 1 - (double)shape->longest_aligned.length / (double)shape->free;
}
