// SPDX-License-Identifier: MIT
/* What a snapshot reads out of the files of a machine, old and new, whole and damaged. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/snapshot.h"
#include "cma/trace_here.h"
#include "tests/fake_machine.h"
#include "tests/harness.h"

#define CMA	"/sys/kernel/debug/cma"

static int setup(void **state)
{
	char *root = fake_machine_create();

	fake_file(root, "/proc/meminfo",
		  "MemTotal:         999000 kB\nMemFree:          500000 kB\n"
		  "CmaTotal:            512 kB\nCmaFree:             100 kB\n");
	fake_file(root, "/proc/zoneinfo",
		  "Node 0, zone      DMA\n  pages free     100\n        boost    0\n"
		  "        min      11\n        low      22\n"
		  "Node 0, zone   Normal\n  pages free     9000\n        min      100\n");
	*state = root;
	return 0;
}

static int teardown(void **state)
{
	fake_machine_destroy(*state);
	return 0;
}

/* An area of 128 pages from frame 0x1000 on; bits 0..31, 33 and 127 are taken. */
static void add_area(const char *root)
{
	fake_number(root, CMA "/reserved/base_pfn", 0x1000);
	fake_number(root, CMA "/reserved/count", 128);
	fake_number(root, CMA "/reserved/order_per_bit", 0);
	fake_file(root, CMA "/reserved/bitmap", "4294967295 2 0 2147483648\n");
}

static struct cma_snapshot take(const char *root, unsigned int look)
{
	struct cma_snapshot snapshot;

	assert_int_equal(cma_snapshot_take(root, look, &snapshot), 0);
	return snapshot;
}

static void reads_memory(void **state)
{
	struct cma_snapshot s;

	add_area(*state);
	s = take(*state, 0);
	assert_int_equal(s.mem_total_kb, 999000);
	assert_int_equal(s.mem_free_kb, 500000);
	assert_int_equal(s.cma_total_kb, 512);
	assert_int_equal(s.cma_free_kb, 100);
	assert_int_equal(s.page_size, 4096);
	assert_int_equal(s.min_kb, 111 * 4);
	cma_snapshot_end(&s);
}

static void reads_an_area(void **state)
{
	struct cma_snapshot_area *area;
	struct cma_snapshot s;

	add_area(*state);
	s = take(*state, 0);
	assert_int_equal(s.area_count, 1);
	assert_int_equal(s.missing_count, 0);
	assert_null(cma_snapshot_find(&s, "other"));
	area = cma_snapshot_find(&s, "reserved");
	assert_non_null(area);
	assert_true(area->map_known);
	assert_int_equal(area->map.area.base_pfn, 0x1000);
	assert_int_equal(area->map.bits, 128);
	assert_int_equal(cma_bitmap_free_bits(&area->map), 128 - 34);
	for (uint64_t bit = 0; bit < 128; bit++)
		assert_int_equal(cma_bitmap_test(&area->map, bit),
				 bit < 32 || bit == 33 || bit == 127);
	cma_snapshot_end(&s);
}

/* A bit may stand for several pages, and the number of bits need not fill words. */
static void reads_an_area_of_large_bits(void **state)
{
	struct cma_snapshot s;

	fake_number(*state, CMA "/huge/base_pfn", 0x40000);
	fake_number(*state, CMA "/huge/count", 40 << 9);
	fake_number(*state, CMA "/huge/order_per_bit", 9);
	fake_file(*state, CMA "/huge/bitmap", "1 128\n");
	s = take(*state, 0);
	assert_int_equal(s.area_count, 1);
	assert_true(s.areas[0].map_known);
	assert_int_equal(s.areas[0].map.bits, 40);
	assert_int_equal(s.areas[0].map.area.order_per_bit, 9);
	assert_int_equal(cma_bitmap_next(&s.areas[0].map, 1, true), 39);
	cma_snapshot_end(&s);
}

/* 6.15: ranges; base_pfn and bitmap of the area itself are links to the first. */
static void add_ranges(const char *root)
{
	fake_number(root, CMA "/reserved/count", 96);
	fake_number(root, CMA "/reserved/order_per_bit", 0);
	fake_number(root, CMA "/reserved/ranges/0/base_pfn", 0x1000);
	fake_file(root, CMA "/reserved/ranges/0/bitmap", "1 0\n");
	fake_link(root, CMA "/reserved/base_pfn", "ranges/0/base_pfn");
	fake_link(root, CMA "/reserved/bitmap", "ranges/0/bitmap");
	fake_number(root, CMA "/reserved/ranges/1/base_pfn", 0x8000);
	fake_file(root, CMA "/reserved/ranges/1/bitmap", "6\n");
}

static void reads_ranges(void **state)
{
	struct cma_snapshot s;

	add_ranges(*state);
	s = take(*state, 0);
	assert_int_equal(s.area_count, 2);
	assert_string_equal(s.areas[0].map.area.name, "reserved/0");
	assert_int_equal(s.areas[0].map.bits, 64);
	assert_int_equal(s.areas[1].map.area.base_pfn, 0x8000);
	assert_int_equal(s.areas[1].map.bits, 32);
	assert_true(s.areas[1].map_known);
	assert_int_equal(cma_bitmap_free_bits(&s.areas[1].map), 30);
	/* By the name of the area all its ranges are meant. */
	assert_ptr_equal(cma_snapshot_find(&s, "reserved"), &s.areas[0]);
	assert_ptr_equal(cma_snapshot_find(&s, "reserved/1"), &s.areas[1]);
	assert_null(cma_snapshot_find(&s, "reserve"));
	assert_null(cma_snapshot_find(&s, ""));
	cma_snapshot_end(&s);
}

/* Events name the area, and say by the page in which of its ranges they were. */
static void a_trace_has_the_area_and_its_ranges(void **state)
{
	struct cma_trace_info *info = calloc(1, sizeof(*info));
	struct cma_snapshot s;

	assert_non_null(info);
	add_ranges(*state);
	s = take(*state, 0);
	assert_int_equal(cma_trace_of(info, &s), 0);
	assert_int_equal(info->area_count, 3);
	assert_string_equal(info->areas[0].map.area.name, "reserved");
	assert_false(info->areas[0].known);
	assert_string_equal(info->areas[2].map.area.name, "reserved/1");
	assert_true(info->areas[2].known && info->areas[2].start_known);
	assert_int_equal(cma_trace_place(info, 0, 0x1000), 1);
	assert_int_equal(cma_trace_place(info, 0, 0x103f), 1);
	assert_int_equal(cma_trace_place(info, 0, 0x1040), -1);
	assert_int_equal(cma_trace_place(info, 0, 0x8000), 2);
	assert_int_equal(cma_trace_place(info, 0, CMA_NOWHERE), -1);
	assert_int_equal(cma_trace_place(info, -1, 0x8000), -1);
	cma_trace_here_end(info);
	cma_snapshot_end(&s);
	free(info);
}

static void reads_one_range_as_an_area(void **state)
{
	struct cma_snapshot s;

	fake_number(*state, CMA "/reserved/count", 40);
	fake_number(*state, CMA "/reserved/order_per_bit", 0);
	fake_number(*state, CMA "/reserved/ranges/0/base_pfn", 0x1000);
	fake_file(*state, CMA "/reserved/ranges/0/bitmap", "1 0\n");
	s = take(*state, 0);
	assert_int_equal(s.area_count, 1);
	assert_string_equal(s.areas[0].map.area.name, "reserved");
	assert_int_equal(s.areas[0].map.bits, 40);
	assert_true(s.areas[0].map_known);
	cma_snapshot_end(&s);
}

static void finds_a_copys_page_size(void **state)
{
	struct cma_snapshot s;

	add_area(*state);
	fake_file(*state, "/proc/meminfo", "CmaTotal: 8192 kB\n");
	s = take(*state, 0);
	assert_int_equal(s.page_size, 65536);
	assert_int_equal(s.min_kb, 111 * 64);
	cma_snapshot_end(&s);
}

static void says_why_there_is_no_bitmap(void **state)
{
	struct cma_snapshot s;

	s = take(*state, 0);
	assert_int_equal(s.area_count, 0);
	assert_true(says_missing(&s, "mount -t debugfs"));
	cma_snapshot_end(&s);

	fake_file(*state, "/sys/kernel/debug/bdi/x", "");
	s = take(*state, 0);
	assert_true(says_missing(&s, "CONFIG_CMA_DEBUGFS"));
	cma_snapshot_end(&s);

	fake_file(*state, "/proc/meminfo", "MemTotal: 999000 kB\n");
	s = take(*state, 0);
	assert_true(says_missing(&s, "cma=64M"));
	cma_snapshot_end(&s);
}

static void takes_names_from_sysfs(void **state)
{
	struct cma_snapshot s;

	fake_number(*state, "/sys/kernel/mm/cma/reserved/alloc_pages_success", 50);
	fake_number(*state, "/sys/kernel/mm/cma/reserved/release_pages_success", 8);
	s = take(*state, 0);
	assert_int_equal(s.area_count, 1);
	assert_false(s.areas[0].map_known);
	assert_int_equal(s.areas[0].map.area.pages, 128);
	assert_true(says_missing(&s, " 42 pages"));
	cma_snapshot_end(&s);

	fake_number(*state, "/sys/kernel/mm/cma/vpu/alloc_pages_success", 0);
	s = take(*state, 0);
	assert_int_equal(s.area_count, 2);
	assert_int_equal(s.areas[1].map.area.pages, 0);
	assert_int_equal(cma_bitmap_free_bits(&s.areas[1].map), 0);
	cma_snapshot_end(&s);
}

static void refuses_a_damaged_area(void **state)
{
	static const char *const bitmaps[] = {
		"", "1 2 3\n", "1 2 3 4 5\n", "1 2 3 x\n", "1 2 3 4294967296\n", "1 2 -3 4\n",
	};
	struct cma_snapshot s;

	for (size_t i = 0; i < COUNT(bitmaps); i++) {
		add_area(*state);
		fake_file(*state, CMA "/reserved/bitmap", bitmaps[i]);
		s = take(*state, 0);
		assert_false(s.areas[0].map_known);
		assert_true(says_missing(&s, "make no sense"));
		cma_snapshot_end(&s);
	}
	add_area(*state);
	fake_file(*state, CMA "/reserved/count", "many\n");
	fake_number(*state, CMA "/reserved/order_per_bit", 200);
	s = take(*state, 0);
	assert_false(s.areas[0].map_known);
	cma_snapshot_end(&s);
}

static void refuses_no_machine(void **state)
{
	struct cma_snapshot s;

	(void)state;
	assert_int_equal(cma_snapshot_take("/nonexistent", 0, &s), -ENOENT);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_memory),
		TEST(reads_an_area),
		TEST(reads_an_area_of_large_bits),
		TEST(reads_ranges),
		TEST(a_trace_has_the_area_and_its_ranges),
		TEST(reads_one_range_as_an_area),
		TEST(finds_a_copys_page_size),
		TEST(says_why_there_is_no_bitmap),
		TEST(takes_names_from_sysfs),
		TEST(refuses_a_damaged_area),
		TEST(refuses_no_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
