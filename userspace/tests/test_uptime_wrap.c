// SPDX-License-Identifier: MIT
/* What vdc_uptime makes of counters that wrap. */
#include "harness.h"
#include "vdc_uptime_wrap.h"

static void note_all(struct wrap *w, uint32_t first, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		wrap_note(w, first + i);
}

static void counter_that_only_grows_has_not_wrapped(void **state)
{
	struct wrap w = { .any = false };

	(void)state;
	assert_false(wrap_passed(&w, UINT32_MAX));
	note_all(&w, UINT32_MAX - 9, 10);
	assert_false(w.wrapped);
	assert_int_equal(w.first, UINT32_MAX - 9);
	assert_int_equal(w.last, UINT32_MAX);
	assert_false(wrap_passed(&w, 9));
	assert_true(wrap_passed(&w, 10));
}

static void wrap_is_kept_with_both_its_sides(void **state)
{
	struct wrap w = { .any = false };

	(void)state;
	/* Readings need not follow each other closely. */
	wrap_note(&w, UINT32_MAX - 9);
	wrap_note(&w, UINT32_MAX - 2);
	note_all(&w, 3, 5);
	assert_true(w.wrapped);
	assert_int_equal(w.from, UINT32_MAX - 2);
	assert_int_equal(w.to, 3);
	assert_int_equal(w.last, 7);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(counter_that_only_grows_has_not_wrapped),
		cmocka_unit_test(wrap_is_kept_with_both_its_sides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
