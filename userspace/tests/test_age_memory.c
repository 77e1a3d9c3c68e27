// SPDX-License-Identifier: MIT
/* What the kernel says of its memory, and how vdc-age divides it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "age/budget.h"
#include "age/memory.h"
#include "harness.h"

#define MB	(1ull << 20)

static void read_text(struct age_memory *m, const char *text,
		      void (*read)(struct age_memory *m, FILE *f))
{
	FILE *f = fmemopen((char *)text, strlen(text), "r");

	assert_non_null(f);
	read(m, f);
	fclose(f);
}

static void meminfo_is_read(void **state)
{
	struct age_memory m = { 0 };

	(void)state;
	read_text(&m, "MemTotal:         626604 kB\nMemFree:          582740 kB\n"
		  "MemAvailable:     579836 kB\nHugePages_Total:       0\nnonsense\n"
		  "SUnreclaim:         6104 kB\nCmaTotal:         131072 kB\n"
		  "CmaFree:          122972 kB\n", age_memory_meminfo);
	assert_int_equal(m.total_kb, 626604);
	assert_int_equal(m.available_kb, 579836);
	assert_int_equal(m.free_kb, 582740);
	assert_int_equal(m.slab_kb, 6104);
	assert_int_equal(m.cma_total_kb, 131072);
	assert_int_equal(m.cma_free_kb, 122972);
}

static void buddyinfo_is_summed_over_zones(void **state)
{
	struct age_memory m = { 0 };

	(void)state;
	read_text(&m,
		  "Node 0, zone      DMA  0  0  0  0  0  0  0  0  1  1    2\n"
		  "Node 0, zone    DMA32 17 10  6  1  3  5  2  1  1  1  141\n",
		  age_memory_buddyinfo);
	assert_int_equal(m.free[0], 17);
	assert_int_equal(m.free[8], 2);
	assert_int_equal(m.free[9], 2);
	assert_int_equal(m.free[10], 143);
}

static void pagetypeinfo_is_read_to_its_blocks(void **state)
{
	struct age_memory m = { 0 };

	(void)state;
	read_text(&m,
		  "Page block order: 9\nPages per block:  512\n\n"
		  "Free pages count per migrate type at order  0 1 2 3 4 5 6 7 8 9 10\n"
		  "Node    0, zone    DMA32, type    Unmovable  1 1 0 1 0 1 0 0 0 0  3\n"
		  "Node    0, zone    DMA32, type          CMA >100000 1 1 0 1 0 0 0 0 0 30\n"
		  "Node    0, zone   Normal, type    Unmovable  2 0 0 0 0 0 0 0 0 0  4\n"
		  "\nNumber of blocks type     Unmovable          CMA\n"
		  "Node 0, zone    DMA32           10           64\n",
		  age_memory_pagetypeinfo);
	assert_string_equal(m.types[0], "Unmovable");
	assert_string_equal(m.types[1], "CMA");
	assert_string_equal(m.types[2], "");
	assert_int_equal(m.of_type[0][0], 3);
	assert_int_equal(m.of_type[0][10], 7);
	assert_int_equal(m.of_type[1][0], 100000);
	assert_int_equal(m.of_type[1][10], 30);
}

/* The guest of the lab: 640 MB, of which 128 MB CMA. */
static const struct age_memory guest = {
	.total_kb = 626604, .available_kb = 579836, .free_kb = 582740,
	.cma_total_kb = 131072, .cma_free_kb = 122972,
};

static void parts_are_within_the_whole(void **state)
{
	static const char *const lists[] = { "mixed", "abbott", "fs,cache", "dmabuf,desktop" };
	struct age_limits limits = { .fill_percent = 50 };
	struct age_selection s;
	struct age_budget b;

	(void)state;
	for (size_t i = 0; i < COUNT(lists) * 2; i++) {
		uint64_t sums[AGE_RESOURCES] = { 0 }, part[AGE_RESOURCES], memory;
		bool in_memory = i % 2;

		assert_int_equal(age_profiles_select(&s, lists[i / 2]), 0);
		age_budget_plan(&b, &guest, &limits, 90 * MB, in_memory);
		for (size_t k = 0; k < s.count; k++) {
			age_budget_share(&b, &s, s.profiles[k], part);
			for (int r = 0; r < AGE_RESOURCES; r++) {
				assert_true(!part[r] == !s.profiles[k]->shares[r]);
				sums[r] += part[r];
			}
		}
		for (int r = 0; r < AGE_RESOURCES; r++)
			assert_true(sums[r] <= b.total[r]);
		/* All of it fits, with something left for others. */
		memory = b.fill + sums[AGE_ORDINARY] + (in_memory ? sums[AGE_DISK] : 0);
		assert_true(memory + 32 * MB <= (guest.available_kb - guest.cma_free_kb) * 1024);
		assert_true(sums[AGE_CMA] <= guest.cma_free_kb * 1024 * 4 / 5);
		age_budget_share(&b, &s, &age_fill, part);
		assert_int_equal(part[AGE_ORDINARY], b.fill);
	}
}

static void limits_of_a_person_hold(void **state)
{
	struct age_limits limits = { .fill_percent = 25, .memory_mb = 40, .cma_mb = 7 };
	struct age_budget b;

	(void)state;
	age_budget_plan(&b, &guest, &limits, 0, false);
	assert_true(b.fill <= 10 * MB && b.fill > 9 * MB);
	assert_true(b.fill + b.total[AGE_ORDINARY] <= 40 * MB);
	assert_int_equal(b.total[AGE_CMA], 7 * MB);
	assert_int_equal(b.total[AGE_DISK], 0);
}

static void a_few_pages_more_make_the_same_run(void **state)
{
	struct age_limits limits = { .fill_percent = 50 };
	struct age_memory m = guest;
	struct age_budget b, c;

	(void)state;
	age_budget_plan(&b, &m, &limits, 0, false);
	m.available_kb -= 512;
	m.cma_free_kb += 256;
	age_budget_plan(&c, &m, &limits, 0, false);
	assert_memory_equal(&b, &c, sizeof(b));
}

static void buffers_without_cma_are_ordinary_memory(void **state)
{
	struct age_limits limits = { .fill_percent = 50 };
	struct age_memory m = { .total_kb = 1 << 20, .available_kb = 900 << 10 };
	struct age_budget b;

	(void)state;
	age_budget_plan(&b, &m, &limits, 0, false);
	assert_true(b.total[AGE_CMA] > 0);
	assert_true(b.fill + b.total[AGE_CMA] + b.total[AGE_ORDINARY] <= 900 * MB);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(meminfo_is_read),
		cmocka_unit_test(buddyinfo_is_summed_over_zones),
		cmocka_unit_test(pagetypeinfo_is_read_to_its_blocks),
		cmocka_unit_test(parts_are_within_the_whole),
		cmocka_unit_test(limits_of_a_person_hold),
		cmocka_unit_test(a_few_pages_more_make_the_same_run),
		cmocka_unit_test(buffers_without_cma_are_ordinary_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
