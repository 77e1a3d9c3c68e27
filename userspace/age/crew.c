// SPDX-License-Identifier: MIT
/* The workers of a run. */
#define _GNU_SOURCE
#include "age/crew.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "age/worker.h"
#include "message.h"

#define NS		1000000000u
#define SHOW_NS		(NS / 4)
#define LOOK_NS		(NS / 100)
#define ASK_NS		(NS / 2)	/* from one request to end to the next */
#define ASK_TIMES	120

#define TALLIES_SIZE	((AGE_MAX_PROFILES + 2) * sizeof(struct age_tally))

static void record(const struct age_member *m, const char *what, const char *name, int64_t value,
		   const char *reason)
{
	struct journal *journal = m->worker.setup->journal;
	struct json_object *r = journal_record(journal, what);

	if (m->worker.profile != &age_fill || !strcmp(what, "killed"))
		journal_add_text(r, "profile", m->worker.profile->name);
	if (name)
		journal_add(r, name, value);
	if (reason)
		journal_add_text(r, "reason", reason);
	journal_write(journal, r);
}

/* A member whose process is gone. */
static void note_end(struct age_crew *c, struct age_member *m, int status)
{
	m->pid = 0;
	m->worker.tally->held = 0;
	if (c->ended || (WIFEXITED(status) && m->worker.tally->reason[0]))
		return;
	m->deaths++;
	if (WIFSIGNALED(status))
		message("%s: killed by signal %d (%s); it starts again at the next burst",
			m->worker.profile->name, WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		message("%s: ended with status %d; it starts again at the next burst",
			m->worker.profile->name, WEXITSTATUS(status));
	record(m, "killed", "signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0, NULL);
}

static void reap(struct age_crew *c)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < c->count; i++)
			if (c->members[i].pid == pid)
				note_end(c, &c->members[i], status);
}

/* Waits for a time or a signal, and handles what comes: false when it is to end. */
static bool wait_until(struct age_crew *c, uint64_t until)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	while (!c->ended) {
		uint64_t now = lab_now(), left = until > now ? until - now : 0;
		struct timespec t;
		int signal;

		if (c->show)
			c->show(c, c->show_data);
		if (c->show && left > SHOW_NS)
			left = SHOW_NS;
		t = (struct timespec){ (time_t)(left / NS), (long)(left % NS) };
		signal = sigtimedwait(&set, NULL, &t);
		if (signal == SIGCHLD)
			reap(c);
		else if (signal > 0)
			c->ended = true;
		else if (lab_now() >= until)
			break;
	}
	return !c->ended;
}

static void start_member(struct age_crew *c, struct age_member *m, unsigned int burst)
{
	const char *name = m->worker.profile->name, *reason = m->worker.tally->reason;
	pid_t pid = age_worker_start(&m->worker, m->deaths, burst);

	if (pid < 0) {
		message("%s: starting: %s", name, strerror(-pid));
		return;
	}
	m->pid = pid;
	if (reason[0]) {
		message("%s: skipped: %s", name, reason);
		record(m, "skipped", NULL, 0, reason);
	} else if (m->worker.profile == &age_fill) {
		record(m, "filled", "kb", (int64_t)(m->worker.tally->filled / 1024), NULL);
	}
	reap(c);
}

static void start_missing(struct age_crew *c, unsigned int burst)
{
	for (size_t i = 0; i < c->count; i++)
		if (!c->members[i].pid && !c->members[i].worker.tally->reason[0])
			start_member(c, &c->members[i], burst);
}

static void add_member(struct age_crew *c, struct age_tally *tallies, const struct age_profile *p)
{
	struct age_member *m = &c->members[c->count];

	memset(m, 0, sizeof(*m));
	m->worker.profile = p;
	m->worker.setup = c->setup;
	m->worker.tally = &tallies[c->count++];
	m->worker.dir = -1;
}

/* What a person may choose, and not what works beside it. */
static bool is_profile(const struct age_member *m)
{
	return m->worker.profile != &age_fill && m->worker.profile != &age_sediment;
}

int age_crew_start(struct age_crew *c, const struct age_selection *s, const struct age_budget *b)
{
	struct age_tally *tallies = mmap(NULL, TALLIES_SIZE, PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int running = 0;

	c->count = 0;
	c->ended = false;
	if (tallies == MAP_FAILED) {
		message("out of memory");
		return -ENOMEM;
	}
	if (b->fill)
		add_member(c, tallies, &age_fill);
	if (c->setup->sediment_kb)
		add_member(c, tallies, &age_sediment);
	for (size_t i = 0; i < s->count; i++)
		add_member(c, tallies, s->profiles[i]);
	for (size_t i = 0; i < c->count; i++)
		age_budget_share(b, s, c->members[i].worker.profile, c->members[i].worker.budget);
	age_worker_block();
	start_missing(c, 0);
	for (size_t i = 0; i < c->count; i++)
		running += is_profile(&c->members[i]) && !c->members[i].worker.tally->reason[0];
	return running;
}

/* Whether a worker has not told of the last burst. */
static bool is_working(const struct age_crew *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->members[i].pid &&
		    c->members[i].worker.tally->bursts < c->setup->schedule.bursts)
			return true;
	return false;
}

void age_crew_run(struct age_crew *c)
{
	const struct lab_schedule *s = &c->setup->schedule;

	for (unsigned int n = 0; n < s->bursts; n++) {
		if (!wait_until(c, s->start_ns + n * s->period_ns))
			return;
		start_missing(c, n);
		if (!wait_until(c, s->start_ns + n * s->period_ns + s->burst_ns))
			return;
	}
	wait_until(c, s->start_ns + s->bursts * s->period_ns);
	while (is_working(c) && wait_until(c, lab_now() + LOOK_NS))
		;
}

/* Sends a signal to those that are left: how many. */
static size_t tell(struct age_crew *c, int signal)
{
	size_t left = 0;

	reap(c);
	for (size_t i = 0; i < c->count; i++)
		if (c->members[i].pid && !kill(c->members[i].pid, signal))
			left++;
	return left;
}

void age_crew_end(struct age_crew *c)
{
	const struct timespec pause = { 0, ASK_NS };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	/* Those that died before, died before. */
	reap(c);
	c->ended = true;
	for (int i = 0; i < ASK_TIMES && tell(c, SIGTERM); i++)
		sigtimedwait(&set, NULL, &pause);
	while (tell(c, SIGKILL))
		sigtimedwait(&set, NULL, &pause);
}

void age_crew_free(struct age_crew *c)
{
	if (c->count)
		munmap(c->members[0].worker.tally, TALLIES_SIZE);
	c->count = 0;
}
