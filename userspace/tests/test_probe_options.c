// SPDX-License-Identifier: MIT
/* vdc-probe's command line, and how it finds and times what it measures. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/probe_options.h"
#include "lab/wakeup.h"
#include "tests/harness.h"

#define MAX_ARGS	8

static enum probe_options_result parse(struct probe_options *o, const char *line)
{
	char copy[128], *argv[MAX_ARGS + 2] = { "vdc-probe" };
	static char kept[MAX_ARGS][64];
	int argc = 1;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word && argc <= MAX_ARGS; word = strtok(NULL, " ")) {
		snprintf(kept[argc - 1], sizeof(kept[0]), "%s", word);
		argv[argc] = kept[argc - 1];
		argc++;
	}
	return probe_options_parse(o, argc, argv);
}

static void defaults_are_a_picture_a_second(void **state)
{
	struct probe_options o;

	(void)state;
	unsetenv("VDC_LAB_SEED");
	assert_int_equal(parse(&o, ""), PROBE_OPTIONS_RUN);
	for (int i = 0; i < CONTENDERS; i++)
		assert_true(o.wanted[i]);
	assert_false(o.named);
	assert_false(o.timetable);
	assert_true(o.burst_s == o.period_s);
	assert_int_equal(o.interval_ns, 1000000000);
	assert_int_equal(o.wakeup_ns, 1000000);
	assert_int_equal(o.seed, 1);
	assert_int_equal(contender_pages(&contender_vdc, &o.request),
			 (1920 * 1080 * 4 + sysconf(_SC_PAGESIZE) - 1) / sysconf(_SC_PAGESIZE));
	assert_int_equal(contender_pages(&contender_buddy_10, &o.request), 1024);
}

static void contenders_are_chosen(void **state)
{
	struct probe_options o;

	(void)state;
	assert_int_equal(parse(&o, "--contender plain,buddy-10"), PROBE_OPTIONS_RUN);
	assert_true(o.named);
	for (int i = 0; i < CONTENDERS; i++)
		assert_int_equal(o.wanted[i], i == contender_find("plain") ||
				 i == contender_find("buddy-10"));
	assert_int_equal(parse(&o, "--period 60"), PROBE_OPTIONS_RUN);
	assert_true(o.timetable && o.burst_s == 60);
	assert_int_equal(parse(&o, "--burst 5 --period 60"), PROBE_OPTIONS_RUN);
	assert_true(o.burst_s == 5);
	/* Twice is both. */
	assert_int_equal(parse(&o, "--contender vdc --contender vkms"), PROBE_OPTIONS_RUN);
	assert_true(o.wanted[contender_find("vdc")]);
	assert_true(o.wanted[contender_find("vkms")]);
}

static void nonsense_is_refused(void **state)
{
	static const char *const wrong[] = {
		"--contender x", "--contender ,", "--contender vdc,,plain", "--width 0",
		"--width -1", "--width 16385", "--height 1x", "--interval 0", "--interval nan",
		"--interval -1", "--hold 17", "--hold -1", "--hours x", "--seed -1", "--seed 1e3",
		"--seed 99999999999999999999", "--wakeup 0.01", "--wakeup 1001", "more",
		"--nothing", "--once --hours 1", "--burst inf",
	};
	struct probe_options o;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(parse(&o, wrong[i]), PROBE_OPTIONS_BAD);
}

static void seed_comes_from_the_environment(void **state)
{
	struct probe_options o;

	(void)state;
	setenv("VDC_LAB_SEED", "18446744073709551615", 1);
	assert_int_equal(parse(&o, ""), PROBE_OPTIONS_RUN);
	assert_true(o.seed == UINT64_MAX);
	assert_int_equal(parse(&o, "--seed 7"), PROBE_OPTIONS_RUN);
	assert_int_equal(o.seed, 7);
	setenv("VDC_LAB_SEED", "x", 1);
	assert_int_equal(parse(&o, ""), PROBE_OPTIONS_BAD);
	unsetenv("VDC_LAB_SEED");
}

static void every_contender_has_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < CONTENDERS; i++)
		assert_int_equal(contender_find(contender_types[i]->name), i);
	assert_int_equal(contender_find("vd"), -1);
	assert_int_equal(contender_find(""), -1);
}

static void reads_the_buddy_file(void **state)
{
	uint64_t ns = 0;

	(void)state;
	assert_int_equal(contender_parse_buddy("10 0 12345\n", 10, &ns), 0);
	assert_int_equal(ns, 12345);
	assert_int_equal(contender_parse_buddy("11 -12 99", 11, &ns), -ENOMEM);
	assert_int_equal(ns, 99);
	/* The answer to another question, or none. */
	assert_int_equal(contender_parse_buddy("10 0 1\n", 11, &ns), -EPROTO);
	assert_int_equal(contender_parse_buddy("", 11, &ns), -EPROTO);
	assert_int_equal(contender_parse_buddy("11", 11, &ns), -EPROTO);
	assert_int_equal(contender_parse_buddy("11 0\n", 11, &ns), -EPROTO);
	assert_int_equal(contender_parse_buddy("11 12 1\n", 11, &ns), -EPROTO);
	assert_int_equal(contender_parse_buddy("11 0 -1\n", 11, &ns), -EPROTO);
	assert_int_equal(contender_parse_buddy("11 -12 -1\n", 11, &ns), -EPROTO);
	assert_int_equal(contender_parse_buddy("11 0 1 2\n", 11, &ns), -EPROTO);
}

static void chooses_a_heap(void **state)
{
	char *const here[] = { "system", "video-pool", "reserved" };
	char *const tree[] = { "linux,cma", "system" };
	char *const late[] = { "default_cma_region" };

	(void)state;
	assert_string_equal(contender_find_heap(here, 3, "cma"), "reserved");
	assert_string_equal(contender_find_heap(here, 3, "system"), "system");
	assert_string_equal(contender_find_heap(tree, 2, "cma"), "linux,cma");
	assert_string_equal(contender_find_heap(late, 1, "cma"), "default_cma_region");
	/* A driver's own pool is no measure for the machine. */
	assert_null(contender_find_heap(here, 2, "cma"));
	assert_null(contender_find_heap(late, 1, "system"));
	assert_null(contender_find_heap(NULL, 0, "cma"));
}

/* How late is the machine's affair; that all are counted, each once, is ours. */
static void wake_ups_are_counted_by_what_goes_on(void **state)
{
	static struct wakeup_lateness late;
	struct wakeup *w = wakeup_start(200000);

	(void)state;
	if (!w) {
		assert_int_equal(errno, EPERM);
		skip();
	}
	usleep(20000);
	wakeup_set(w, WAKEUP_DURING_CMA);
	usleep(20000);
	wakeup_stop(w, &late);
	assert_true(late.during[WAKEUP_DURING_NOTHING].count > 0);
	assert_true(late.during[WAKEUP_DURING_CMA].count > 0);
	assert_int_equal(late.during[WAKEUP_DURING_OTHER].count, 0);
	/* No such thread. */
	wakeup_set(NULL, WAKEUP_DURING_CMA);
	wakeup_stop(NULL, &late);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_a_picture_a_second),
		cmocka_unit_test(contenders_are_chosen),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(seed_comes_from_the_environment),
		cmocka_unit_test(every_contender_has_its_name),
		cmocka_unit_test(reads_the_buddy_file),
		cmocka_unit_test(chooses_a_heap),
		cmocka_unit_test(wake_ups_are_counted_by_what_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
