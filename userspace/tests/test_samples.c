// SPDX-License-Identifier: MIT
/* Percentiles by nearest rank, within a step. */
#include <math.h>
#include <stdlib.h>

#include "flip/samples.h"
#include "harness.h"

#define MS	1000000ULL

static void assert_close(double a, double b)
{
	if (fabs(a - b) > SAMPLES_STEP_NS / 1e6)
		fail_msg("%f is not %f", a, b);
}

static void empty_is_zero(void **state)
{
	struct samples s;

	(void)state;
	assert_int_equal(samples_init(&s), 0);
	assert_true(samples_percentile(&s, 50) == 0);
	assert_true(samples_percentile(&s, 100) == 0);
	samples_free(&s);
}

static void one_is_all_percentiles(void **state)
{
	struct samples s;

	(void)state;
	samples_init(&s);
	samples_add(&s, 5 * MS + 123);
	assert_close(samples_percentile(&s, 1), 5);
	assert_close(samples_percentile(&s, 50), 5);
	assert_true(samples_percentile(&s, 100) == (5 * MS + 123) / 1e6);
	samples_free(&s);
}

static void ranks_are_nearest(void **state)
{
	struct samples s;

	(void)state;
	samples_init(&s);
	/* 1 .. 100 ms, in an order that is not theirs. */
	for (uint64_t i = 0; i < 100; i++)
		samples_add(&s, (i * 37 % 100 + 1) * MS);
	assert_close(samples_percentile(&s, 1), 1);
	assert_close(samples_percentile(&s, 50), 50);
	assert_close(samples_percentile(&s, 99), 99);
	assert_close(samples_percentile(&s, 99.5), 100);
	assert_close(samples_percentile(&s, 100), 100);
	samples_free(&s);
}

static void agrees_with_sorting(void **state)
{
	static double sorted[1001];
	struct samples s;
	uint64_t x = 88172645463325252ULL;

	(void)state;
	samples_init(&s);
	for (int i = 0; i < 1001; i++) {
		int at = i;
		uint64_t ns;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		ns = x % (1900 * MS);
		samples_add(&s, ns);
		while (at && sorted[at - 1] > ns / 1e6) {
			sorted[at] = sorted[at - 1];
			at--;
		}
		sorted[at] = ns / 1e6;
	}
	for (int p = 1; p <= 100; p++)
		assert_close(samples_percentile(&s, p),
			     sorted[(int)ceil(p / 100.0 * 1001) - 1]);
	samples_free(&s);
}

static void long_ones_keep_the_maximum(void **state)
{
	struct samples s;

	(void)state;
	samples_init(&s);
	for (int i = 0; i < 10; i++)
		samples_add(&s, 10000 * MS + (uint64_t)i);
	assert_int_equal(s.count, 10);
	assert_true(samples_percentile(&s, 100) == (10000 * MS + 9) / 1e6);
	assert_close(samples_percentile(&s, 50), 10000);
	samples_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_is_zero),
		cmocka_unit_test(one_is_all_percentiles),
		cmocka_unit_test(ranks_are_nearest),
		cmocka_unit_test(agrees_with_sorting),
		cmocka_unit_test(long_ones_keep_the_maximum),
	};

	return cmocka_run_group_tests_name("samples", tests, NULL, NULL);
}
