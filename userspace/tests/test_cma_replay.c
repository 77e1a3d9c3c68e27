// SPDX-License-Identifier: MIT
/* Scripts played to areas: failures and their causes, waste, alignment, busy pages. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/workload.h"
#include "tests/cma_play.h"

static void releases_of_failures_are_skipped(void **state)
{
	struct cma_script script;
	struct cma_replay_result result;

	(void)state;
	assert_int_equal(cma_workload_make(cma_workload_find("loop56"), 1, 560, &script), 0);
	assert_int_equal(cma_script_peak(&script), 14336);
	result = play(&script, with(14336));
	assert_int_equal(cma_replay_failures(&result), 0);
	assert_int_equal(result.allocations, 560);
	assert_int_equal(result.peak_pages, 14336);
	result = play(&script, with(14335));
	assert_int_equal(result.failed[CMA_CAUSE_FULL], 10);
	assert_int_equal(result.skipped, 10);
	assert_int_equal(result.peak_pages, 14336 - 256);
	cma_script_end(&script);
}

/* A failure of a random area, as a log would tell it; @runs has room for all. */
static struct cma_failure make_failure(const struct cma_bitmap *map, struct cma_run *runs)
{
	struct cma_failure failure;

	cma_failure_init(&failure);
	failure.area = map->area;
	failure.count = 1 + (uint64_t)(rand() % 310);
	failure.align = rand() % 7;
	failure.kernel = 6012;
	failure.runs_known = CMA_RUNS_ALL;
	failure.free_pages = cma_bitmap_free_bits(map);
	failure.runs = runs;
	for (struct cma_run run = cma_bitmap_next_run(map, 0); run.length;
	     run = cma_bitmap_next_run(map, run.start + run.length))
		runs[failure.run_count++] = run;
	return failure;
}

static void the_cause_is_the_one_that_why_finds(void **state)
{
	unsigned int seen[CMA_CAUSES] = { 0 };

	(void)state;
	srand(5);
	for (int i = 0; i < 4000; i++) {
		struct cma_area area = { "a", 0x100, 300, 0 };
		struct cma_run runs[300];
		struct cma_failure failure;
		struct cma_verdict verdict;
		struct cma_bitmap map;
		struct cma_sim *sim;
		enum cma_cause cause;
		uint64_t pfn;
		int ret;

		assert_int_equal(cma_bitmap_init(&map, &area), 0);
		for (int k = rand() % 20; k; k--)
			cma_bitmap_write(&map, (uint64_t)(rand() % 300), (uint64_t)(rand() % 60),
					 true);
		failure = make_failure(&map, runs);
		sim = cma_sim_create(&map, CMA_POLICY_FIRST_FIT);
		ret = cma_sim_alloc(sim, failure.count, (unsigned int)failure.align, &pfn, NULL);
		failure.error = ret == -EINVAL ? -ENOMEM : ret;
		if (ret) {
			cause = cma_replay_cause(&map, failure.count, (unsigned int)failure.align,
						 ret);
			assert_int_equal(cma_judge(&failure, &verdict), 0);
			assert_string_equal(cma_cause_name(cause), cma_cause_name(verdict.cause));
			cma_verdict_end(&verdict);
			seen[cause]++;
		}
		cma_sim_destroy(sim);
		cma_bitmap_end(&map);
	}
	assert_true(seen[CMA_CAUSE_TOO_LARGE] > 20);
	assert_true(seen[CMA_CAUSE_FULL] > 20);
	assert_true(seen[CMA_CAUSE_FRAGMENTED] > 20);
	assert_true(seen[CMA_CAUSE_ALIGNMENT] > 20);
	assert_int_equal(cma_replay_cause(NULL, 1, 0, -EBUSY), CMA_CAUSE_BUSY);
}

/* Where a place is free, only what has to be moved out of it can be why. */
static void memory_is_low_where_there_is_a_place(void **state)
{
	struct cma_area area = { "a", 0, 256, 0 };
	struct cma_bitmap map;

	(void)state;
	assert_int_equal(cma_bitmap_init(&map, &area), 0);
	assert_int_equal(cma_replay_cause(&map, 256, 8, -ENOMEM), CMA_CAUSE_LOW_MEMORY);
	cma_bitmap_end(&map);
}

/* FACTS: 2025 pages aligned to 256 waste 23 each. */
static void waste_is_what_alignment_leaves(void **state)
{
	struct cma_replay_result result;
	struct cma_script script;

	(void)state;
	cma_script_init(&script);
	for (int i = 0; i < 17; i++)
		assert_int_equal(cma_script_alloc(&script, 2025, 8, NULL), 0);
	result = play(&script, with(17 * 2048));
	assert_int_equal(cma_replay_failures(&result), 0);
	/* Measured with 1 and with 17 of them in place. */
	assert_int_equal(result.samples, 2);
	assert_int_equal(result.unaligned_pages, 23 + 17 * 23);
	assert_int_equal(result.free_pages, 17 * 2048 - 2025 + 17 * 23);
	assert_true(result.fragmentation == 1);
	assert_int_equal(result.internal_pages, 0);
	cma_script_end(&script);
	cma_script_init(&script);
	script.area.order_per_bit = 3;
	assert_int_equal(cma_script_alloc(&script, 9, 0, NULL), 0);
	assert_int_equal(play(&script, with(64)).internal_pages, 7);
	cma_script_end(&script);
	/* Bits of two pages: 3 taken, the next aligned one is the 8th. */
	cma_script_init(&script);
	script.area.order_per_bit = 1;
	assert_int_equal(cma_script_alloc(&script, 6, 4, NULL), 0);
	assert_int_equal(play(&script, with(64)).unaligned_pages, 5 * 2);
	cma_script_end(&script);
}

/* The rule of the DMA API follows CONFIG_CMA_ALIGNMENT; who chose otherwise is left alone. */
static void alignment_follows_the_simulated_kernel(void **state)
{
	struct cma_replay replay = with(5 * 2048);
	struct cma_script script;

	(void)state;
	cma_script_init(&script);
	for (int i = 0; i < 5; i++)
		assert_int_equal(cma_script_alloc(&script, 1300, 8, NULL), 0);
	assert_int_equal(failures(&script, replay), 0);
	replay.pages -= 2048;
	assert_int_equal(failures(&script, replay), 0);
	replay.align = 11;
	assert_int_equal(failures(&script, replay), 1);
	replay.align = 0;
	replay.pages = 6500;
	assert_int_equal(failures(&script, replay), 0);
	cma_script_end(&script);

	cma_script_init(&script);
	for (int i = 0; i < 2; i++)
		assert_int_equal(cma_script_alloc(&script, 300, 2, NULL), 0);
	assert_int_equal(cma_script_alloc(&script, 1, 9, NULL), 0);
	replay.align = 11;
	replay.pages = 513;
	assert_int_equal(play(&script, replay).failed[CMA_CAUSE_FULL], 1);
	replay.pages = 700;
	assert_int_equal(play(&script, replay).failed_pages, 1);
	replay.pages = 1025;
	assert_int_equal(failures(&script, replay), 0);
	cma_script_end(&script);
}

static void busy_pages_are_as_likely_as_asked(void **state)
{
	struct cma_replay replay = with(CMA_BUSY_BLOCK);
	struct cma_script script;
	uint32_t id;

	(void)state;
	cma_script_init(&script);
	for (int i = 0; i < 10000; i++) {
		assert_int_equal(cma_script_alloc(&script, CMA_BUSY_BLOCK, 0, &id), 0);
		assert_int_equal(cma_script_release(&script, id, 0, CMA_BUSY_BLOCK), 0);
	}
	for (int percent = 0; percent <= 100; percent += 20) {
		struct cma_replay_result result;

		replay.busy = percent / 100.0;
		replay.seed = (uint64_t)percent;
		result = play(&script, replay);
		assert_int_equal(result.failed[CMA_CAUSE_BUSY], cma_replay_failures(&result));
		/* Four standard deviations are 200 of 10,000 at most. */
		assert_true(llabs((long long)cma_replay_failures(&result) - 100LL * percent) <=
			    (percent % 100 ? 200 : 0));
		assert_int_equal(result.retries, cma_replay_failures(&result));
		assert_int_equal(play(&script, replay).retries, result.retries);
	}
	cma_script_end(&script);
}

static void until_failure_ends_there(void **state)
{
	struct cma_replay replay = with(14336 - 1);
	struct cma_script script;
	struct cma_replay_result result, sum = { 0 };

	(void)state;
	replay.until_failure = true;
	assert_int_equal(cma_workload_make(cma_workload_find("loop56"), 1, 560, &script), 0);
	result = play(&script, replay);
	assert_int_equal(result.allocations, 56);
	assert_int_equal(result.failed_runs, 1);
	cma_replay_add(&sum, &result);
	cma_replay_add(&sum, &result);
	assert_int_equal(sum.runs, 2);
	assert_int_equal(sum.allocations, 112);
	assert_int_equal(sum.failed[CMA_CAUSE_FULL], 2);
	assert_int_equal(sum.peak_pages, result.peak_pages);
	cma_script_end(&script);
	replay.pages = 0;
	assert_int_equal(cma_replay_run(&script, &replay, &result), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(releases_of_failures_are_skipped),
		cmocka_unit_test(the_cause_is_the_one_that_why_finds),
		cmocka_unit_test(memory_is_low_where_there_is_a_place),
		cmocka_unit_test(waste_is_what_alignment_leaves),
		cmocka_unit_test(alignment_follows_the_simulated_kernel),
		cmocka_unit_test(busy_pages_are_as_likely_as_asked),
		cmocka_unit_test(until_failure_ends_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
