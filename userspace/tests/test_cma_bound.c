// SPDX-License-Identifier: MIT
/* What runs prove, and how large CMA may be: against published and hand-made figures. */
#include <math.h>
#include <string.h>

#include "cma/bound.h"
#include "cma/ordinary.h"
#include "tests/harness.h"

static void is_near(double value, double expected, double tolerance)
{
	if (fabs(value - expected) > tolerance)
		fail_msg("%.9g is not %.9g", value, expected);
}

/* One-sided bounds, from sums of exact binomials. */
static void shares_are_those_of_clopper_and_pearson(void **state)
{
	(void)state;
	is_near(cma_bound_share(0, 1, 0.95), 0.95, 0.000001);
	is_near(cma_bound_share(0, 10, 0.95), 0.258866, 0.000001);
	is_near(cma_bound_share(1, 10, 0.95), 0.394163, 0.000001);
	is_near(cma_bound_share(5, 10, 0.95), 0.777559, 0.000001);
	is_near(cma_bound_share(10, 10, 0.95), 1, 0);
	is_near(cma_bound_share(0, 0, 0.95), 1, 0);
	/* Hanley and Lippman-Hand: about 3 / n. */
	is_near(cma_bound_share(0, 1000, 0.95) * 1000, 3, 0.01);
}

/* A bound is exact: with it, as few failures as were seen are as unlikely as is claimed. */
static void the_tail_at_the_bound_is_the_error(void **state)
{
	(void)state;
	for (unsigned int n = 2; n < 60; n += 7) {
		for (unsigned int failed = 0; failed < n; failed += 3) {
			double p = cma_bound_share(failed, n, 0.99), term = pow(1 - p, n), sum = 0;

			for (unsigned int k = 0; k <= failed; k++) {
				sum += term;
				term *= (double)(n - k) / (k + 1) * p / (1 - p);
			}
			is_near(sum, 0.01, 0.000001);
		}
	}
}

static void as_many_runs_as_needed_and_no_more(void **state)
{
	static const double shares[] = { 0.5, 0.1, 0.01, 0.001 };

	(void)state;
	assert_int_equal(cma_bound_runs(0.01, 0.99), 459);
	assert_int_equal(cma_bound_runs(0.05, 0.95), 59);
	assert_int_equal(cma_bound_runs(0.5, 0.5), 1);
	for (size_t i = 0; i < COUNT(shares); i++) {
		uint64_t n = cma_bound_runs(shares[i], 0.999);

		assert_true(cma_bound_share(0, n, 0.999) <= shares[i] * 1.000001);
		assert_true(cma_bound_share(0, n - 1, 0.999) > shares[i]);
	}
}

static void memory_keeps_a_root_free(void **state)
{
	struct cma_ordinary o = { .memory = 1 << 20, .unmovable = 100000 };

	(void)state;
	cma_ordinary_limit(&o);
	assert_int_equal(o.kept_free, 4096);
	assert_int_equal(o.limit, (1 << 20) - 100000 - 4096);
	o.memory = 512;
	cma_ordinary_limit(&o);
	assert_int_equal(o.kept_free, 128);
	assert_int_equal(o.limit, 0);
	o.unmovable = UINT64_MAX;
	cma_ordinary_limit(&o);
	assert_int_equal(o.limit, 0);
	o.memory = 1ULL << 40;
	o.unmovable = 0;
	cma_ordinary_limit(&o);
	assert_int_equal(o.kept_free, 262144);
}

static bool read_text(const char *text, struct cma_ordinary *o)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	bool known;

	assert_non_null(file);
	known = cma_ordinary_read(o, file);
	fclose(file);
	return known;
}

static void meminfo_tells_what_is_unmovable(void **state)
{
	struct cma_ordinary o;

	(void)state;
	assert_true(read_text("MemTotal:        1000000 kB\nMemFree:  5 kB\nSUnreclaim:  10000 kB\n"
			      "KernelStack:  3000 kB\nPageTables: 200 kB\nSecPageTables: 30 kB\n"
			      "VmallocTotal: 34359738367 kB\nVmallocUsed: 4000 kB\nPercpu: 5 kB\n"
			      "HugePages_Total:  0\n", &o));
	assert_int_equal(o.memory, 1000000);
	assert_int_equal(o.unmovable, 10000 + 200 + 30 + 5 + 4000);
	assert_true(read_text("MemTotal: 8 kB\nVmallocUsed: 1 kB\nKernelStack: 2 kB\n", &o));
	assert_int_equal(o.unmovable, 2);
	assert_false(read_text("MemFree: 8 kB\n", &o));
	assert_false(read_text("MemTotal: lots\n\n:::\n", &o));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_those_of_clopper_and_pearson),
		cmocka_unit_test(the_tail_at_the_bound_is_the_error),
		cmocka_unit_test(as_many_runs_as_needed_and_no_more),
		cmocka_unit_test(memory_keeps_a_root_free),
		cmocka_unit_test(meminfo_tells_what_is_unmovable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
