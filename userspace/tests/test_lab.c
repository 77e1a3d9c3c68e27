// SPDX-License-Identifier: MIT
/* The lab's timetable and journal. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lab/journal.h"
#include "lab/schedule.h"

static void timetable_refuses_nonsense(void **state)
{
	static const double wrong[][3] = {
		{ 0, 1, 1 }, { -1, 1, 1 }, { NAN, 1, 1 }, { 1, NAN, 1 }, { 1, 1, NAN },
		{ 1, 0, 0 }, { 1, 1, 2 }, { 1, 1, 0 },
		{ LAB_MAX_HOURS * 2, 1, 1 }, { LAB_MAX_HOURS, 0.001, 0.001 },
	};
	struct lab_schedule s;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		const double *w = wrong[i];

		assert_int_equal(lab_schedule_set(&s, w[0], w[1], w[2]), -EINVAL);
	}
	assert_int_equal(lab_schedule_set(&s, 24, 3600, 20), 0);
	assert_int_equal(s.bursts, 24);
	/* A part of a period counts. */
	assert_int_equal(lab_schedule_set(&s, 1.5, 3600, 20), 0);
	assert_int_equal(s.bursts, 2);
}

static void bursts_begin_and_end(void **state)
{
	struct lab_schedule s;
	unsigned int n = 0;

	(void)state;
	/* Three periods of 30 ms, 10 ms active. */
	assert_int_equal(lab_schedule_set(&s, 0.09 / 3600, 0.03, 0.01), 0);
	assert_int_equal(s.bursts, 3);
	for (; lab_schedule_wait(&s, n); n++) {
		assert_true(lab_now() >= s.start_ns + n * s.period_ns);
		while (lab_schedule_active(&s, n))
			;
		assert_true(lab_now() >= s.start_ns + n * s.period_ns + s.burst_ns);
		assert_int_equal(lab_schedule_left(&s, n), 0);
	}
	assert_int_equal(n, 3);
	/* One that has not begun has all of itself left. */
	s.start_ns = lab_now() + 1000000000u;
	assert_int_equal(lab_schedule_left(&s, 0), s.burst_ns);
}

static void timetable_comes_from_the_environment(void **state)
{
	struct lab_schedule s;

	(void)state;
	unsetenv("VDC_LAB_START");
	assert_int_equal(lab_schedule_environment(&s), -ENOENT);
	setenv("VDC_LAB_START", "12345", 1);
	setenv("VDC_LAB_HOURS", "2", 1);
	setenv("VDC_LAB_PERIOD", "600", 1);
	unsetenv("VDC_LAB_BURST");
	assert_int_equal(lab_schedule_environment(&s), -EINVAL);
	setenv("VDC_LAB_BURST", "12x", 1);
	assert_int_equal(lab_schedule_environment(&s), -EINVAL);
	setenv("VDC_LAB_BURST", "12.5", 1);
	assert_int_equal(lab_schedule_environment(&s), 0);
	assert_int_equal(s.start_ns, 12345);
	assert_int_equal(s.period_ns, 600000000000u);
	assert_int_equal(s.burst_ns, 12500000000u);
	assert_int_equal(s.bursts, 12);
	setenv("VDC_LAB_START", "now", 1);
	assert_int_equal(lab_schedule_environment(&s), -EINVAL);
	unsetenv("VDC_LAB_START");
}

static void write_some(struct journal *j, int child)
{
	for (int i = 0; i < 200; i++) {
		struct json_object *record = journal_record(j, "test");

		journal_add(record, "child", child);
		journal_add_text(record, "text", "a line\nof \"text\"");
		assert_int_equal(journal_write(j, record), 0);
	}
}

/* Two processes write; the reader finds whole lines only. */
static void journal_keeps_lines_whole(void **state)
{
	char path[] = "/tmp/test-lab-XXXXXX", line[512];
	int fd = mkstemp(path), seen[2] = { 0, 0 }, status;
	struct journal *j = journal_open(path, "test", lab_now());
	FILE *file;
	pid_t pid;

	(void)state;
	assert_true(fd >= 0);
	assert_non_null(j);
	pid = fork();
	write_some(j, !pid);
	if (!pid)
		_exit(0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	journal_close(j);
	file = fdopen(fd, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		struct json_object *record = json_tokener_parse(line), *value;

		assert_non_null(record);
		assert_true(json_object_object_get_ex(record, "ns", &value));
		assert_true(json_object_object_get_ex(record, "who", &value));
		assert_string_equal(json_object_get_string(value), "test");
		assert_true(json_object_object_get_ex(record, "child", &value));
		seen[json_object_get_int(value)]++;
		json_object_put(record);
	}
	fclose(file);
	unlink(path);
	assert_int_equal(seen[0], 200);
	assert_int_equal(seen[1], 200);
}

static void journal_without_a_place_keeps_nothing(void **state)
{
	struct journal *j;

	(void)state;
	unsetenv("VDC_LAB_JOURNAL");
	j = journal_open(NULL, "test", 0);
	assert_non_null(j);
	assert_int_equal(journal_write(j, journal_record(j, "test")), 0);
	journal_close(j);
	assert_null(journal_open("/nonexistent/journal", "test", 0));
	j = journal_open("/dev/full", "test", 0);
	assert_non_null(j);
	assert_int_equal(journal_write(j, journal_record(j, "test")), -ENOSPC);
	journal_close(j);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(timetable_refuses_nonsense),
		cmocka_unit_test(bursts_begin_and_end),
		cmocka_unit_test(timetable_comes_from_the_environment),
		cmocka_unit_test(journal_keeps_lines_whole),
		cmocka_unit_test(journal_without_a_place_keeps_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
