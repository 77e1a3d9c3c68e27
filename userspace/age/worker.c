// SPDX-License-Identifier: MIT
/* The process that runs a profile, burst by burst. */
#define _GNU_SOURCE
#include "age/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "age/pool.h"
#include "age/workdir.h"
#include "message.h"

#define NS		1000000000u
#define NICENESS	10	/* what is measured comes before what disturbs it */
#define OOM_ADJUST	"500"	/* and outlives it when memory runs out */

void age_worker_say(const struct age_worker *w, const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	message("%s: %s", w->profile->name, text);
}

int age_worker_skip(struct age_worker *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(w->tally->reason, sizeof(w->tally->reason), format, args);
	va_end(args);
	return -ENODEV;
}

static sigset_t ending_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return set;
}

void age_worker_block(void)
{
	sigset_t set = ending_signals();

	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

bool age_worker_rest(struct age_worker *w, uint64_t until)
{
	sigset_t set = ending_signals();

	do {
		uint64_t now = lab_now(), left = until > now ? until - now : 0;
		struct timespec t = { (time_t)(left / NS), (long)(left % NS) };

		if (!w->ended && sigtimedwait(&set, NULL, &t) > 0)
			w->ended = true;
	} while (!w->ended && lab_now() < until);
	return !w->ended;
}

static void report_burst(const struct age_worker *w, unsigned int burst,
			 const struct age_tally *was)
{
	struct json_object *record = journal_record(w->setup->journal, "burst");
	const struct age_tally *is = w->tally;

	journal_add(record, "burst", burst);
	journal_add_text(record, "profile", w->profile->name);
	journal_add(record, "operations", (int64_t)(is->operations - was->operations));
	journal_add(record, "failures", (int64_t)(is->failures - was->failures));
	journal_add(record, "held_kb", (int64_t)(is->held / 1024));
	journal_write(w->setup->journal, record);
}

static void step(struct age_worker *w)
{
	int ret = w->profile->step ? w->profile->step(w) : age_pool_step(w);

	w->tally->operations++;
	/* Its own budget is no refusal of the kernel's. */
	if (ret && ret != -EDQUOT)
		w->tally->failures++;
}

/* A worker that is late does not catch up: its part of the processor is what it got. */
static void run_burst(struct age_worker *w, unsigned int burst)
{
	uint64_t interval = NS / w->profile->rate, due = lab_now();
	const struct lab_schedule *s = &w->setup->schedule;
	struct age_tally was = *w->tally;

	while (lab_schedule_active(s, burst) && age_worker_rest(w, due)) {
		uint64_t now;

		step(w);
		now = lab_now();
		due = due + interval > now ? due + interval : now;
	}
	report_burst(w, burst, &was);
	w->tally->bursts = burst + 1;
}

static void run(struct age_worker *w, unsigned int burst)
{
	const struct lab_schedule *s = &w->setup->schedule;

	for (; burst < s->bursts; burst++) {
		if (!age_worker_rest(w, s->start_ns + burst * s->period_ns))
			return;
		run_burst(w, burst);
	}
	/* What is held stays until somebody says to end. */
	age_worker_rest(w, UINT64_MAX / 2);
}

static void adjust(const char *profile)
{
	char name[16];
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	snprintf(name, sizeof(name), "age-%s", profile);
	prctl(PR_SET_NAME, name);
	setpriority(PRIO_PROCESS, 0, NICENESS);
	if (fd < 0)
		return;
	if (write(fd, OOM_ADJUST, strlen(OOM_ADJUST)) < 0)
		message("%s: /proc/self/oom_score_adj: %s", profile, strerror(errno));
	close(fd);
}

static int start(struct age_worker *w)
{
	int ret = age_workdir_enter(w);

	if (!ret && w->profile->start)
		ret = w->profile->start(w);
	if (!ret)
		ret = age_pool_start(w);
	if (!ret && w->profile->fill)
		w->profile->fill(w);
	w->tally->filled = w->tally->held;
	return ret;
}

static void stop(struct age_worker *w)
{
	age_pool_end(w);
	if (w->profile->stop)
		w->profile->stop(w);
	age_workdir_leave(w);
}

/* The process itself. */
static int live(struct age_worker *w, unsigned int burst, int ready, pid_t parent)
{
	int ret = 0;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	adjust(w->profile->name);
	/* It may have gone before it could tell. */
	w->ended = getppid() != parent;
	if (!w->ended)
		ret = start(w);
	if (!ret && !w->ended && write(ready, "", 1) == 1) {
		close(ready);
		run(w, burst);
	}
	stop(w);
	return ret ? EXIT_ENVIRONMENT : EXIT_OK;
}

pid_t age_worker_start(struct age_worker *w, unsigned int life, unsigned int burst)
{
	pid_t parent = getpid(), pid;
	int ready[2], ret = 0;
	char byte;

	if (pipe2(ready, O_CLOEXEC))
		return -errno;
	w->random.state = w->setup->seed ^ w->profile->constant;
	w->random.state += life * 0xd1342543de82ef95ull;
	pid = fork();
	if (!pid) {
		close(ready[0]);
		_exit(live(w, burst, ready[1], parent));
	}
	if (pid < 0)
		ret = -errno;
	close(ready[1]);
	/* Nothing comes when it cannot run, or died. */
	while (!ret && read(ready[0], &byte, 1) < 0 && errno == EINTR)
		;
	close(ready[0]);
	return ret ? ret : pid;
}
