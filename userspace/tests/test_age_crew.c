// SPDX-License-Identifier: MIT
/* The workers of vdc-age: they keep the timetable, survive each other, and leave nothing. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "age/crew.h"
#include "age/workdir.h"
#include "harness.h"

#define MB	(1ull << 20)
#define PERIODS	3
#define BURST	"\"what\":\"burst\""

static const struct age_budget budget = {
	.fill = 6 * MB, .outside = 16 * MB, .total = { 8 * MB, 2 * MB, 4 * MB },
};

/* struct rig - a crew with all around it */
struct rig {
	struct age_setup setup;
	struct age_workdir workdir;
	struct age_crew crew;
	char journal[32];
};

static void open_rig(struct rig *r, double hours, double period, double burst)
{
	int fd;

	memset(r, 0, sizeof(*r));
	strcpy(r->journal, "/tmp/test-age-XXXXXX");
	fd = mkstemp(r->journal);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(age_workdir_open(&r->workdir, NULL, &r->setup), 0);
	assert_int_equal(lab_schedule_set(&r->setup.schedule, hours, period, burst), 0);
	r->setup.journal = journal_open(r->journal, "age", r->setup.schedule.start_ns);
	r->setup.memory_kb = 64 << 10;
	r->setup.seed = 3;
	r->crew.setup = &r->setup;
}

static void close_rig(struct rig *r)
{
	age_crew_free(&r->crew);
	age_workdir_close(&r->workdir);
	journal_close(r->setup.journal);
	unlink(r->journal);
	/* Nothing of it was left, so it could be removed. */
	assert_int_equal(access(r->workdir.path, F_OK), -1);
}

static int start_rig(struct rig *r, const char *profiles)
{
	struct age_selection s;

	assert_int_equal(age_profiles_select(&s, profiles), 0);
	return age_crew_start(&r->crew, &s, &budget);
}

/* How many records there are with both texts in them. */
static unsigned int count_records(const struct rig *r, const char *one, const char *other)
{
	FILE *f = fopen(r->journal, "r");
	unsigned int n = 0;
	char line[512];

	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		n += strstr(line, one) && strstr(line, other);
	fclose(f);
	return n;
}

static void bursts_are_reported(void **state)
{
	struct rig r;

	(void)state;
	open_rig(&r, (PERIODS - 0.5) * 0.1 / 3600, 0.1, 0.05);
	assert_int_equal(start_rig(&r, "fs,slab,anon,fork"), 4);
	/* The filler has filled before the rest begins. */
	assert_int_equal(r.crew.members[0].worker.tally->filled, budget.fill);
	age_crew_run(&r.crew);
	for (size_t i = 0; i < r.crew.count; i++) {
		const struct age_member *m = &r.crew.members[i];

		assert_int_equal(m->worker.tally->bursts, PERIODS);
		assert_int_equal(count_records(&r, BURST, m->worker.profile->name), PERIODS);
		assert_int_equal(m->deaths, 0);
	}
	assert_int_equal(count_records(&r, "\"what\":\"filled\",\"kb\":6144", ""), 1);
	age_crew_end(&r.crew);
	assert_int_equal(waitpid(-1, NULL, 0), -1);
	close_rig(&r);
}

static void what_cannot_run_is_skipped(void **state)
{
	struct rig r;

	(void)state;
	open_rig(&r, 0.02 / 3600, 0.02, 0.01);
	r.setup.device = "/dev/null";
	assert_int_equal(start_rig(&r, "desktop"), 0);
	assert_int_equal(count_records(&r, "\"skipped\",\"profile\":\"desktop\"", "null"), 1);
	age_crew_end(&r.crew);
	assert_int_equal(r.crew.members[1].deaths, 0);
	close_rig(&r);
}

/* Kills a worker once, and ends the run when it was started again. */
static void kill_one(const struct age_crew *c, void *data)
{
	const struct age_member *m = &c->members[1];
	bool *killed = data;

	if (!*killed)
		assert_int_equal(kill(m->pid, SIGKILL), 0);
	*killed = true;
	if (m->deaths && m->pid)
		kill(getpid(), SIGTERM);
}

static void a_worker_killed_is_started_again(void **state)
{
	bool killed = false;
	struct rig r;

	(void)state;
	open_rig(&r, 1, 0.1, 0.05);
	r.crew.show = kill_one;
	r.crew.show_data = &killed;
	assert_int_equal(start_rig(&r, "fs,slab"), 2);
	age_crew_run(&r.crew);
	assert_int_equal(r.crew.members[1].deaths, 1);
	assert_int_equal(r.crew.members[2].deaths, 0);
	assert_int_equal(count_records(&r, "\"killed\",\"profile\":\"fs\"", "\"signal\":9"), 1);
	assert_true(r.crew.members[1].pid > 0);
	age_crew_end(&r.crew);
	close_rig(&r);
}

/* At most a page in each block, and as many in pipes; they are given back at the end. */
static void sediment_is_left(void **state)
{
	struct age_tally *tally, at_end;
	unsigned int bursts;
	struct rig r;

	(void)state;
	open_rig(&r, 4 * 0.2 / 3600, 0.2, 0.1);
	r.setup.sediment_kb = 256;
	assert_int_equal(start_rig(&r, "anon"), 1);
	tally = r.crew.members[1].worker.tally;
	if (tally->reason[0]) {
		age_crew_end(&r.crew);
		close_rig(&r);
		skip();
	}
	age_crew_run(&r.crew);
	at_end = *tally;
	bursts = count_records(&r, BURST, "sediment");
	age_crew_end(&r.crew);
	close_rig(&r);
	assert_int_equal(at_end.failures, 0);
	assert_in_range(at_end.held, 4096, 2 * (r.setup.memory_kb / r.setup.sediment_kb) * 4096);
	assert_int_equal(bursts, 4);
}

/* When all have begun to work. */
static void end_it(const struct age_crew *c, void *data)
{
	(void)data;
	for (size_t i = 0; i < c->count; i++)
		if (!c->members[i].worker.tally->operations)
			return;
	kill(getpid(), SIGTERM);
}

static void a_signal_ends_it(void **state)
{
	struct rig r;

	(void)state;
	open_rig(&r, 1, 3600, 3600);
	r.crew.show = end_it;
	assert_int_equal(start_rig(&r, "fs,slab,fork"), 3);
	age_crew_run(&r.crew);
	assert_true(r.crew.ended);
	age_crew_end(&r.crew);
	assert_int_equal(waitpid(-1, NULL, 0), -1);
	close_rig(&r);
}

/* In a process of its own: says that its workers run, and waits. */
static void run_to_be_killed(struct rig *r, int ready)
{
	start_rig(r, "fs,slab,fork,anon");
	if (write(ready, "", 1) == 1)
		age_crew_run(&r->crew);
	_exit(1);
}

static void workers_do_not_outlive_their_parent(void **state)
{
	int ready[2], status, ended = 0;
	struct rig r;
	char byte;
	pid_t pid;

	(void)state;
	open_rig(&r, 1, 3600, 3600);
	assert_int_equal(pipe(ready), 0);
	/* Whose parent died is this process's child. */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	pid = fork();
	if (!pid)
		run_to_be_killed(&r, ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	while (waitpid(-1, &status, 0) > 0)
		ended++;
	/* The filler, four workers, and children of one. */
	assert_true(ended >= 5);
	close(ready[0]);
	close(ready[1]);
	close_rig(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bursts_are_reported),
		cmocka_unit_test(what_cannot_run_is_skipped),
		cmocka_unit_test(a_worker_killed_is_started_again),
		cmocka_unit_test(sediment_is_left),
		cmocka_unit_test(a_signal_ends_it),
		cmocka_unit_test(workers_do_not_outlive_their_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
