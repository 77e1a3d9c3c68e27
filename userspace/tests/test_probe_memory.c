// SPDX-License-Identifier: MIT
/* What vdc-probe reads of memory out of the files of a machine, whole and damaged. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/memory_state.h"
#include "tests/fake_machine.h"
#include "tests/harness.h"

static int setup(void **state)
{
	char *root = fake_machine_create();

	fake_file(root, "/proc/meminfo",
		  "MemTotal:         655360 kB\nMemFree:          500000 kB\n"
		  "SReclaimable:       4321 kB\nSUnreclaim:         1234 kB\n"
		  "CmaTotal:            512 kB\nCmaFree:             100 kB\n");
	*state = root;
	return 0;
}

static int teardown(void **state)
{
	fake_machine_destroy(*state);
	return 0;
}

static struct memory_state take(const char *root)
{
	static struct memory_state s;

	assert_int_equal(memory_state_read(root, &s), 0);
	return s;
}

static void only_meminfo_is_needed(void **state)
{
	struct memory_state s = take(*state);

	assert_int_equal(s.mem_free_kb, 500000);
	assert_int_equal(s.cma_free_kb, 100);
	assert_int_equal(s.slab_kb, 1234);
	assert_false(s.kswapd_known);
	assert_int_equal(s.orders, 0);
	assert_int_equal(s.type_count, 0);
	assert_string_equal(s.map, "");
	fake_file(*state, "/proc/meminfo", NULL);
	assert_int_equal(memory_state_read(*state, &s), -ENOENT);
}

static void counts_stalls_and_kills(void **state)
{
	struct memory_state s;

	fake_file(*state, "/proc/vmstat",
		  "nr_free_pages 1\nallocstall_dma 1\nallocstall_dma32 20\nallocstall_normal 300\n"
		  "allocstall_movable 4000\ncompact_stall 7\ncompact_fail 5\ncompact_success 2\n"
		  "oom_kill 3\noom_killer 99\ncma_alloc_success 8\ncma_alloc_fail 9\n"
		  "broken\nbroken too many words\n");
	s = take(*state);
	assert_int_equal(s.stalls, 4321);
	assert_int_equal(s.compact_stalls, 7);
	assert_int_equal(s.compact_fails, 5);
	assert_int_equal(s.oom_kills, 3);
	assert_int_equal(s.cma_fails, 9);
}

static void adds_the_zones_up(void **state)
{
	struct memory_state s;

	fake_file(*state, "/proc/buddyinfo",
		  "Node 0, zone      DMA      1      0      0      1\n"
		  "Node 0, zone    DMA32      3      2      1      0\n"
		  "Node 0, zone   Normal\nnonsense\nNode x, zone DMA 1 1 1 1\n");
	s = take(*state);
	assert_int_equal(s.orders, 4);
	assert_int_equal(s.free[0], 4);
	assert_int_equal(s.free[1], 2);
	assert_int_equal(s.free[2], 1);
	assert_int_equal(s.free[3], 1);
	/* 20 pages, of which 16, 12 and 8 lie in blocks of order 1, 2, 3 and more. */
	assert_int_equal(s.unusable[0], 0);
	assert_int_equal(s.unusable[1], 200);
	assert_int_equal(s.unusable[2], 400);
	assert_int_equal(s.unusable[3], 600);
	for (unsigned int order = 0; order < 4; order++)
		assert_int_equal(s.extfrag[order], EXTFRAG_WOULD_SUCCEED);
}

/* By hand from __fragmentation_index(): 1000 - (1000 + 1000 * pages / 2^order) / blocks. */
static void indices_are_the_kernels(void **state)
{
	static const uint64_t singles[4] = { 100 }, nothing[4] = { 0 }, one[4] = { 1 };

	(void)state;
	assert_int_equal(memory_unusable(singles, 4, 0), 0);
	assert_int_equal(memory_unusable(singles, 4, 1), 1000);
	assert_int_equal(memory_extfrag(singles, 4, 0), EXTFRAG_WOULD_SUCCEED);
	assert_int_equal(memory_extfrag(singles, 4, 3), 1000 - (1000 + 12500) / 100);
	assert_int_equal(memory_extfrag(one, 4, 3), 1000 - (1000 + 125));
	/* All of nothing cannot be used, and that is no fragmentation. */
	assert_int_equal(memory_unusable(nothing, 4, 2), 1000);
	assert_int_equal(memory_extfrag(nothing, 4, 2), 0);
}

static void keeps_types_apart(void **state)
{
	struct memory_state s;

	fake_file(*state, "/proc/pagetypeinfo",
		  "Page block order: 9\nPages per block:  512\n\n"
		  "Free pages count per migrate type at order       0      1      2\n"
		  "Node    0, zone      DMA, type    Unmovable      1      2      3\n"
		  "Node    0, zone      DMA, type          CMA      0      0      0\n"
		  "Node    0, zone    DMA32, type    Unmovable     10     20     30\n"
		  "Node    0, zone    DMA32, type          CMA >100000      5      6\n"
		  "Node    0, zone    DMA32, type\n\n"
		  "Number of blocks type     Unmovable      Movable\n"
		  "Node 0, zone      DMA, type Unmovable 77 77 77\n");
	s = take(*state);
	assert_int_equal(s.type_count, 2);
	assert_string_equal(s.types[0].name, "Unmovable");
	assert_int_equal(s.types[0].blocks[0], 11);
	assert_int_equal(s.types[0].blocks[2], 33);
	assert_string_equal(s.types[1].name, "CMA");
	assert_int_equal(s.types[1].blocks[0], 100000);
	assert_int_equal(s.types[1].blocks[1], 5);
}

static void more_types_than_expected_do_no_harm(void **state)
{
	char text[1024] = "";
	size_t at = 0;

	for (int i = 0; i < 2 * MEMORY_TYPES; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "Node 0, zone DMA, type Type%d 1 1\n", i);
	fake_file(*state, "/proc/pagetypeinfo", text);
	assert_int_equal(take(*state).type_count, MEMORY_TYPES);
}

static void more_orders_than_expected_do_no_harm(void **state)
{
	char text[1024] = "Node 0, zone DMA";
	size_t at = strlen(text);

	for (int i = 0; i < 2 * FREE_BLOCKS_ORDERS; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, " 1");
	fake_file(*state, "/proc/buddyinfo", text);
	assert_int_equal(take(*state).orders, FREE_BLOCKS_ORDERS);
}

static void finds_kswapd(void **state)
{
	struct memory_state s;

	fake_file(*state, "/proc/1/comm", "init\n");
	fake_file(*state, "/proc/1/schedstat", "5000000000 1 1\n");
	fake_file(*state, "/proc/40/comm", "kswapd0\n");
	fake_file(*state, "/proc/40/schedstat", "123456 777 8\n");
	fake_file(*state, "/proc/41/comm", "kswapd1\n");
	fake_file(*state, "/proc/41/schedstat", "1000000 777 8\n");
	fake_file(*state, "/proc/50/comm", "kswapd-watcher\n");
	fake_file(*state, "/proc/50/schedstat", "99 9 9\n");
	fake_file(*state, "/proc/self/comm", "kswapd0\n");
	s = take(*state);
	assert_true(s.kswapd_known);
	assert_int_equal(s.kswapd_ns, 1123456);
}

/* A kernel that does not count shows zeroes, or no such file. */
static void kswapd_in_clock_ticks(void **state)
{
	struct memory_state s;

	fake_file(*state, "/proc/40/comm", "kswapd0\n");
	fake_file(*state, "/proc/40/schedstat", "0 0 0\n");
	fake_file(*state, "/proc/40/stat",
		  "40 (kswapd0) (x) S 2 0 0 0 -1 10758144 0 0 0 0 3 4 0 0 20 0 1 0 5 0 0\n");
	s = take(*state);
	assert_true(s.kswapd_known);
	/* Of the machine the test runs on: 100 a second. */
	assert_int_equal(s.kswapd_ns, 70000000);
	fake_file(*state, "/proc/40/stat", "40 (kswapd0\n");
	assert_false(take(*state).kswapd_known);
	fake_file(*state, "/proc/40/stat", "");
	assert_false(take(*state).kswapd_known);
}

static void shows_the_area_in_letters(void **state)
{
	struct memory_state s;

	fake_number(*state, "/sys/kernel/debug/cma/reserved/base_pfn", 0x1000);
	fake_number(*state, "/sys/kernel/debug/cma/reserved/count", 1024);
	fake_number(*state, "/sys/kernel/debug/cma/reserved/order_per_bit", 0);
	fake_file(*state, "/sys/kernel/debug/cma/reserved/bitmap",
		  "4294967295 7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
	s = take(*state);
	/* Four pages a letter, as there is no kpageflags to tell free from borrowed. */
	assert_int_equal(strlen(s.map), MEMORY_CELLS);
	assert_memory_equal(s.map, "AAAAAAAAA", 9);
	assert_int_not_equal(s.map[9], 'A');
}

static void all_of_it_is_in_the_record(void **state)
{
	struct json_object *record = json_object_new_object(), *types, *o;
	struct memory_state s;

	fake_file(*state, "/proc/buddyinfo", "Node 0, zone DMA 4 2 1 1\n");
	fake_file(*state, "/proc/pagetypeinfo", "Node 0, zone DMA, type Movable 4 2 1 1\n");
	s = take(*state);
	memory_state_json(record, &s);
	memory_state_json(NULL, &s);
	assert_int_equal(json_object_get_int(json_object_object_get(record, "slab_kb")), 1234);
	assert_null(json_object_object_get(record, "kswapd_ns"));
	o = json_object_object_get(record, "unusable");
	assert_int_equal(json_object_array_length(o), 4);
	assert_int_equal(json_object_get_int(json_object_array_get_idx(o, 1)), 200);
	types = json_object_object_get(record, "types");
	o = json_object_object_get(types, "Movable");
	assert_int_equal(json_object_array_length(o), 4);
	json_object_put(record);
}

#define WITH_MACHINE(test)	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_MACHINE(only_meminfo_is_needed),
		WITH_MACHINE(counts_stalls_and_kills),
		WITH_MACHINE(adds_the_zones_up),
		cmocka_unit_test(indices_are_the_kernels),
		WITH_MACHINE(keeps_types_apart),
		WITH_MACHINE(more_types_than_expected_do_no_harm),
		WITH_MACHINE(more_orders_than_expected_do_no_harm),
		WITH_MACHINE(finds_kswapd),
		WITH_MACHINE(kswapd_in_clock_ticks),
		WITH_MACHINE(shows_the_area_in_letters),
		WITH_MACHINE(all_of_it_is_in_the_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
