// SPDX-License-Identifier: MIT
/* The command line of vdc-age, and the lists of profiles in it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "age/options.h"
#include "harness.h"

#define S	1000000000ull

static enum age_options_result parse(struct age_options *o, const char *line)
{
	char *argv[16] = { "vdc-age" }, copy[256];
	int argc = 1;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	return age_options_parse(o, argc, argv);
}

static void clear_environment(void)
{
	unsetenv("VDC_LAB_START");
	unsetenv("VDC_LAB_HOURS");
	unsetenv("VDC_LAB_PERIOD");
	unsetenv("VDC_LAB_BURST");
	unsetenv("VDC_LAB_SEED");
}

static void lists_of_profiles(void **state)
{
	struct age_selection s;
	size_t all;

	(void)state;
	assert_int_equal(age_profiles_select(&s, "mixed"), 0);
	all = s.count;
	assert_int_equal(all, 11);
	/* Twice is once, and the order is the table's: a run depends on what was chosen alone. */
	assert_int_equal(age_profiles_select(&s, "anon,fs,anon"), 0);
	assert_int_equal(s.count, 2);
	assert_string_equal(s.profiles[0]->name, "fs");
	assert_string_equal(s.profiles[1]->name, "anon");
	assert_int_equal(age_profiles_select(&s, "fs,mixed"), 0);
	assert_int_equal(s.count, all);
	assert_int_equal(age_profiles_select(&s, "f"), -EINVAL);
	assert_int_equal(age_profiles_select(&s, "fss"), -EINVAL);
	assert_int_equal(age_profiles_select(&s, "fs,"), -EINVAL);
	assert_int_equal(age_profiles_select(&s, ""), -EINVAL);
	assert_int_equal(age_profiles_select(&s, "fill"), -EINVAL);
	assert_int_equal(age_profiles_select(&s, "sediment"), -EINVAL);
}

static void profiles_differ(void **state)
{
	struct age_selection s;

	(void)state;
	assert_int_equal(age_profiles_select(&s, "mixed"), 0);
	for (size_t i = 0; i < s.count; i++) {
		const struct age_profile *p = s.profiles[i];
		unsigned int kinds = 0;

		while (p->kinds[kinds].name)
			kinds++;
		assert_in_range(kinds, 1, AGE_MAX_KINDS);
		assert_true(p->rate && p->typical && p->most);
		assert_true(p->shares[AGE_ORDINARY] + p->shares[AGE_CMA] + p->shares[AGE_DISK]);
		for (size_t k = 0; k < i; k++) {
			assert_true(p->constant != s.profiles[k]->constant);
			assert_string_not_equal(p->name, s.profiles[k]->name);
		}
	}
}

static void options_are_taken(void **state)
{
	struct age_options o;

	(void)state;
	clear_environment();
	assert_int_equal(parse(&o, ""), AGE_OPTIONS_RUN);
	assert_int_equal(o.seed, 1);
	assert_int_equal(o.schedule.bursts, 1);
	assert_true(o.schedule.period_ns == 3600 * S && o.schedule.burst_ns == 3600 * S);
	assert_int_equal(o.sediment_kb, 1024);
	assert_int_equal(parse(&o, "--hours 24 --burst 20 --seed 0x10 --fill 0 --memory 8 --cma 9"),
			 AGE_OPTIONS_RUN);
	assert_int_equal(o.schedule.bursts, 24);
	assert_true(o.schedule.burst_ns == 20 * S);
	assert_int_equal(o.seed, 16);
	assert_int_equal(o.limits.fill_percent, 0);
	assert_int_equal(o.limits.memory_mb, 8);
	assert_int_equal(o.limits.cma_mb, 9);
	assert_int_equal(parse(&o, "--sediment 0"), AGE_OPTIONS_RUN);
	assert_int_equal(o.sediment_kb, 0);
	assert_int_equal(parse(&o, "--sediment 64"), AGE_OPTIONS_RUN);
	assert_int_equal(o.sediment_kb, 64);
	/* A short run is one period. */
	assert_int_equal(parse(&o, "--hours 0.1 --quiet --json - --work w --device d --journal j"),
			 AGE_OPTIONS_RUN);
	assert_true(o.schedule.period_ns == 360 * S && o.schedule.burst_ns == 360 * S);
	assert_true(o.quiet);
	assert_string_equal(o.json, "-");
	assert_string_equal(o.work, "w");
	assert_string_equal(o.device, "d");
	assert_string_equal(o.journal, "j");
}

static void nonsense_is_refused(void **state)
{
	static const char *const lines[] = {
		"--hours 0", "--hours -1", "--hours x", "--hours 1e9", "--period 1 --burst 2",
		"--burst nan", "--seed x", "--seed -1", "--seed 99999999999999999999",
		"--fill 91", "--fill x", "--sediment 63", "--sediment -1",
		"--sediment 1025", "--memory 0", "--cma -1", "--work=", "--json=",
		"--profile none", "extra", "--unknown",
	};
	struct age_options o;

	(void)state;
	clear_environment();
	for (size_t i = 0; i < COUNT(lines); i++)
		if (parse(&o, lines[i]) != AGE_OPTIONS_BAD)
			fail_msg("\"%s\" was taken", lines[i]);
	assert_int_equal(parse(&o, "--profile list"), AGE_OPTIONS_DONE);
	assert_int_equal(parse(&o, "--help"), AGE_OPTIONS_DONE);
	assert_int_equal(parse(&o, "--version"), AGE_OPTIONS_DONE);
}

static void environment_is_taken_unless_options_say_more(void **state)
{
	struct age_options o;

	(void)state;
	setenv("VDC_LAB_START", "123", 1);
	setenv("VDC_LAB_HOURS", "3", 1);
	setenv("VDC_LAB_PERIOD", "1800", 1);
	setenv("VDC_LAB_BURST", "10", 1);
	setenv("VDC_LAB_SEED", "77", 1);
	assert_int_equal(parse(&o, ""), AGE_OPTIONS_RUN);
	assert_int_equal(o.schedule.start_ns, 123);
	assert_int_equal(o.schedule.bursts, 6);
	assert_int_equal(o.seed, 77);
	assert_int_equal(parse(&o, "--seed 5 --hours 2"), AGE_OPTIONS_RUN);
	assert_int_equal(o.seed, 5);
	assert_int_equal(o.schedule.bursts, 2);
	setenv("VDC_LAB_SEED", "many", 1);
	assert_int_equal(parse(&o, ""), AGE_OPTIONS_BAD);
	unsetenv("VDC_LAB_SEED");
	setenv("VDC_LAB_BURST", "1801", 1);
	assert_int_equal(parse(&o, ""), AGE_OPTIONS_BAD);
	clear_environment();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_of_profiles),
		cmocka_unit_test(profiles_differ),
		cmocka_unit_test(options_are_taken),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(environment_is_taken_unless_options_say_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
