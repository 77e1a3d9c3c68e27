// SPDX-License-Identifier: MIT
/* The CMA bitmap: searches against a search that looks at every bit. */
#include <errno.h>
#include <stdlib.h>

#include "cma/bitmap.h"
#include "tests/harness.h"

static struct cma_bitmap make(uint64_t base_pfn, uint64_t pages, unsigned int order)
{
	struct cma_area area = { "test", base_pfn, pages, order };
	struct cma_bitmap map;

	assert_int_equal(cma_bitmap_init(&map, &area), 0);
	return map;
}

/* First fit with no cleverness at all. */
static uint64_t slow_find(const struct cma_bitmap *map, uint64_t start, uint64_t length,
			  unsigned int align)
{
	unsigned int order = map->area.order_per_bit;
	uint64_t mask = align > order ? (1ULL << align) - 1 : 0;

	for (uint64_t bit = start; bit + length <= map->bits; bit++) {
		uint64_t i = 0;

		if ((map->area.base_pfn + (bit << order)) & mask)
			continue;
		while (i < length && !cma_bitmap_test(map, bit + i))
			i++;
		if (i == length)
			return bit;
	}
	return CMA_NOWHERE;
}

static void finds_what_a_slow_search_finds(void **state)
{
	(void)state;
	srand(1);
	for (int round = 0; round < 300; round++) {
		unsigned int order = round % 3;
		/* The kernel demands a base aligned to a pageblock, so to a bit too. */
		struct cma_bitmap map = make((uint64_t)(rand() % 64) << order,
					     (uint64_t)(65 + rand() % 400) << order, order);

		for (int i = 0; i < 40; i++)
			cma_bitmap_write(&map, (uint64_t)(rand() % 470), (uint64_t)(rand() % 20),
					 rand() % 2);
		for (int i = 0; i < 50; i++) {
			uint64_t start = (uint64_t)(rand() % 100);
			uint64_t length = 1 + (uint64_t)(rand() % 40);
			unsigned int align = (unsigned int)rand() % 7;

			assert_int_equal(cma_bitmap_find(&map, start, length, align),
					 slow_find(&map, start, length, align));
		}
		cma_bitmap_end(&map);
	}
}

static void counts_and_runs_agree(void **state)
{
	(void)state;
	srand(2);
	for (int round = 0; round < 200; round++) {
		struct cma_bitmap map = make(0, 1 + (uint64_t)(rand() % 300), 0);
		uint64_t free = 0, in_runs = 0;

		for (int i = 0; i < 30; i++)
			cma_bitmap_write(&map, (uint64_t)(rand() % 310), (uint64_t)(rand() % 70),
					 rand() % 2);
		for (uint64_t bit = 0; bit < map.bits; bit++)
			free += !cma_bitmap_test(&map, bit);
		for (struct cma_run run = cma_bitmap_next_run(&map, 0); run.length;
		     run = cma_bitmap_next_run(&map, run.start + run.length))
			in_runs += run.length;
		assert_int_equal(cma_bitmap_free_bits(&map), free);
		assert_int_equal(in_runs, free);
		assert_int_equal(cma_bitmap_shape(&map, 0).free, free);
		cma_bitmap_end(&map);
	}
}

/* The slides' case: 511 free at bit 58881, 456 wanted at 256. */
static void alignment_eats_the_run(void **state)
{
	struct cma_bitmap map = make(0, 286720, 0);
	struct cma_run part;

	(void)state;
	cma_bitmap_write(&map, 0, 286720, true);
	cma_bitmap_write(&map, 58881, 511, false);
	part = cma_run_aligned(&map.area, cma_bitmap_next_run(&map, 0), 8);
	assert_int_equal(part.start, 59136);
	assert_int_equal(part.start + part.length, 59392);
	assert_int_equal(cma_bitmap_find(&map, 0, 456, 8), CMA_NOWHERE);
	assert_int_equal(cma_bitmap_find(&map, 0, 456, 0), 58881);
	cma_bitmap_end(&map);
}

static void alignment_counts_from_frame_zero(void **state)
{
	struct cma_bitmap map = make(0x40, 1024, 0);

	(void)state;
	assert_int_equal(cma_bitmap_find(&map, 0, 1, 8), 0x100 - 0x40);
	assert_int_equal(cma_align_step(&map.area, 8), 256);
	cma_bitmap_end(&map);
}

static void shape_tells_fragmentation(void **state)
{
	struct cma_bitmap map = make(0, 1024, 0);
	struct cma_shape shape = cma_bitmap_shape(&map, 8);

	(void)state;
	assert_true(cma_shape_fragmentation(&shape) == 0);
	cma_bitmap_write(&map, 512, 1, true);
	shape = cma_bitmap_shape(&map, 8);
	assert_int_equal(shape.runs, 2);
	assert_int_equal(shape.longest.length, 512);
	assert_true(cma_shape_fragmentation(&shape) > 0.49);
	/* 513..1023 begins aligned only at 768. */
	cma_bitmap_write(&map, 0, 512, true);
	shape = cma_bitmap_shape(&map, 8);
	assert_int_equal(shape.longest.length, 511);
	assert_int_equal(shape.longest_aligned.start, 768);
	assert_int_equal(shape.longest_aligned.length, 256);
	cma_bitmap_end(&map);
}

static void refuses_no_area(void **state)
{
	struct cma_bitmap map;
	struct cma_area area = { "", 0, 0, 0 };

	(void)state;
	assert_int_equal(cma_bitmap_init(&map, &area), -EINVAL);
	area.pages = 15;
	area.order_per_bit = 4;
	assert_int_equal(cma_bitmap_init(&map, &area), -EINVAL);
	area.order_per_bit = 64;
	assert_int_equal(cma_bitmap_init(&map, &area), -EINVAL);
	area.order_per_bit = 0;
	area.pages = UINT64_MAX;
	assert_int_equal(cma_bitmap_init(&map, &area), -EINVAL);
	cma_bitmap_end(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_a_slow_search_finds),
		cmocka_unit_test(counts_and_runs_agree),
		cmocka_unit_test(alignment_eats_the_run),
		cmocka_unit_test(alignment_counts_from_frame_zero),
		cmocka_unit_test(shape_tells_fragmentation),
		cmocka_unit_test(refuses_no_area),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
