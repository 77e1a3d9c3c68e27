// SPDX-License-Identifier: MIT
/* Percentiles against sorted values, and what events come to. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/account.h"
#include "tests/harness.h"

#define VALUES	4000

static void buckets_are_without_gap(void **state)
{
	(void)state;
	for (unsigned int b = 0; b + 1 < CMA_LATENCY_BUCKETS; b++) {
		uint64_t low = cma_latency_low(b), next = cma_latency_low(b + 1);

		assert_true(next > low);
		assert_int_equal(cma_latency_bucket(low), b);
		assert_int_equal(cma_latency_bucket(next - 1), b);
	}
	assert_int_equal(cma_latency_bucket(UINT64_MAX), CMA_LATENCY_BUCKETS - 1);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void percentiles_are_within_a_sixteenth(void **state)
{
	static const double percents[] = { 0, 1, 25, 50, 90, 99, 99.9, 100 };
	static uint64_t values[VALUES];
	static struct cma_latency l;

	(void)state;
	srand(5);
	for (int i = 0; i < VALUES; i++) {
		values[i] = (uint64_t)rand() >> (rand() % 31);
		cma_latency_add(&l, values[i]);
	}
	qsort(values, VALUES, sizeof(*values), by_value);
	for (size_t i = 0; i < COUNT(percents); i++) {
		uint64_t got = cma_latency_percentile(&l, percents[i]);
		size_t rank = (size_t)(percents[i] / 100 * VALUES + 0.999999);
		double right = (double)values[rank ? rank - 1 : 0];

		assert_true((double)got >= right * (1 - 1.0 / 31) - 1);
		assert_true((double)got <= right * (1 + 1.0 / 31) + 1);
	}
	assert_int_equal(cma_latency_percentile(&l, 0), values[0]);
	assert_int_equal(cma_latency_percentile(&l, 100), values[VALUES - 1]);
}

/* Merged from two, or counted in one: the same. */
static void merged_ones_are_as_one(void **state)
{
	static struct cma_latency whole, part, other, none;

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++) {
		cma_latency_add(&whole, i * i);
		cma_latency_add(i % 3 ? &part : &other, i * i);
	}
	cma_latency_merge(&part, &other);
	assert_memory_equal(&part, &whole, sizeof(whole));
	cma_latency_merge(&part, &none);
	assert_memory_equal(&part, &whole, sizeof(whole));
	cma_latency_merge(&none, &whole);
	assert_memory_equal(&none, &whole, sizeof(whole));
}

static void nothing_has_no_percentile(void **state)
{
	static const struct cma_latency none;

	(void)state;
	assert_int_equal(cma_latency_percentile(&none, 50), 0);
}

static struct cma_event event(uint64_t ns, enum cma_event_type type, int pid, uint64_t pages)
{
	struct cma_event e = { .ns = ns, .type = type, .pid = pid, .count = pages, .pfn = 64 };

	snprintf(e.comm, sizeof(e.comm), "p%d", pid);
	return e;
}

static void fill(struct cma_trace_info *info)
{
	struct cma_area area = { "reserved", 0, 1024, 0 };

	memset(info, 0, sizeof(*info));
	info->area_count = 1;
	info->areas[0].known = true;
	assert_int_equal(cma_bitmap_init(&info->areas[0].map, &area), 0);
}

/* Two threads inside an allocation at once: each gets its own time. */
static void pairs_start_and_finish_by_thread(void **state)
{
	struct cma_account *a = cma_account_create();
	struct cma_event e;
	struct cma_trace_info info;

	(void)state;
	fill(&info);
	e = event(100, CMA_EVENT_START, 1, 8);
	cma_account_add(a, &info, &e);
	e = event(150, CMA_EVENT_START, 2, 16);
	cma_account_add(a, &info, &e);
	e = event(175, CMA_EVENT_FINISH, 2, 16);
	assert_null(cma_account_add(a, &info, &e));
	e = event(400, CMA_EVENT_FINISH, 1, 8);
	assert_null(cma_account_add(a, &info, &e));
	e = event(500, CMA_EVENT_RELEASE, 2, 8);
	cma_account_add(a, &info, &e);
	assert_int_equal(a->thread_count, 2);
	assert_int_equal(a->threads[0]->sums.latency.max, 300);
	assert_int_equal(a->threads[1]->sums.latency.max, 25);
	assert_string_equal(a->threads[1]->comm, "p2");
	assert_int_equal(a->areas[0].pages, 24);
	assert_int_equal(a->areas[0].pages_released, 8);
	assert_int_equal(a->total.latency.count, 2);
	assert_int_equal(a->last_ns - a->first_ns, 400);
	cma_account_destroy(a);
	cma_bitmap_end(&info.areas[0].map);
}

static void a_failure_knows_who_was_in_the_way(void **state)
{
	struct cma_account *a = cma_account_create();
	const struct cma_failed *failed;
	struct cma_trace_info info;
	struct cma_event e;

	(void)state;
	fill(&info);
	e = event(10, CMA_EVENT_START, 1, 8);
	cma_account_add(a, &info, &e);
	e = event(20, CMA_EVENT_ISOLATED, 1, 0);
	e.area = -1;
	e.end_pfn = 72;
	e.fin_pfn = 67;
	cma_account_add(a, &info, &e);
	e = event(30, CMA_EVENT_BUSY_RETRY, 1, 8);
	cma_account_add(a, &info, &e);
	e = event(40, CMA_EVENT_FINISH, 1, 8);
	e.error = -EBUSY;
	failed = cma_account_add(a, &info, &e);
	assert_non_null(failed);
	assert_int_equal(failed->busy_pfn, 67);
	assert_int_equal(failed->retries, 1);
	assert_int_equal(failed->started, 10);
	assert_int_equal(a->areas[0].failures, 1);
	assert_int_equal(a->areas[0].allocations, 0);
	cma_account_destroy(a);
	cma_bitmap_end(&info.areas[0].map);
}

/* It has a start event only. */
static void a_request_larger_than_its_area_has_failed(void **state)
{
	struct cma_account *a = cma_account_create();
	const struct cma_failed *failed;
	struct cma_trace_info info;
	struct cma_event e;

	(void)state;
	fill(&info);
	e = event(10, CMA_EVENT_START, 1, 1025);
	failed = cma_account_add(a, &info, &e);
	assert_non_null(failed);
	assert_int_equal(failed->event.error, -EINVAL);
	assert_int_equal(a->total.failures, 1);
	/* Its thread is in no allocation: a finish whose start was lost has no latency. */
	e = event(15, CMA_EVENT_FINISH, 1, 8);
	cma_account_add(a, &info, &e);
	assert_int_equal(a->total.latency.count, 0);
	e = event(20, CMA_EVENT_START, 1, 1024);
	assert_null(cma_account_add(a, &info, &e));
	cma_account_destroy(a);
	cma_bitmap_end(&info.areas[0].map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buckets_are_without_gap),
		cmocka_unit_test(percentiles_are_within_a_sixteenth),
		cmocka_unit_test(merged_ones_are_as_one),
		cmocka_unit_test(nothing_has_no_percentile),
		cmocka_unit_test(pairs_start_and_finish_by_thread),
		cmocka_unit_test(a_failure_knows_who_was_in_the_way),
		cmocka_unit_test(a_request_larger_than_its_area_has_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
