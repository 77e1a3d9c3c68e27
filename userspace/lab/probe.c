// SPDX-License-Identifier: MIT
/* vdc-probe: how often and how fast a buffer can be had, and what that costs, over uptime. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/probe.h"
#include "message.h"

static sig_atomic_t stopped;

/* Again each second: the first one may come just before a long sleep begins. */
static void on_signal(int number)
{
	(void)number;
	__atomic_store_n(&stopped, 1, __ATOMIC_RELAXED);
	alarm(1);
}

static bool is_stopped(void)
{
	return __atomic_load_n(&stopped, __ATOMIC_RELAXED);
}

/* Without SA_RESTART: sleeping ends. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static int set_schedule(struct lab_schedule *s, const struct probe_options *o)
{
	int ret = o->timetable || o->once ? -ENOENT : lab_schedule_environment(s);

	if (ret != -ENOENT)
		return ret;
	ret = lab_schedule_set(s, o->hours, o->period_s, o->burst_s);
	if (ret)
		message("%g hours with a burst of %g s each %g s make no timetable", o->hours,
			o->burst_s, o->period_s);
	return ret;
}

static void measure(struct probe *probe)
{
	if (probe->options->once)
		probe_burst(probe);
	else
		for (; lab_schedule_wait(&probe->schedule, probe->burst) && !is_stopped();
		     probe->burst++)
			probe_burst(probe);
}

static int report(const struct probe *probe)
{
	const char *json = probe->options->json;

	if (!probe->options->quiet && (!json || strcmp(json, "-")))
		probe_table(probe);
	return json && probe_json(probe) ? EXIT_ENVIRONMENT : EXIT_OK;
}

/* Memory and wake-ups are worth measuring without any contender, unless some were named. */
static bool find_contenders(struct probe *probe)
{
	if (probe_open(probe) || !probe->options->named)
		return true;
	message("none of these contenders is here");
	return false;
}

static int run(struct probe *probe)
{
	int status = EXIT_ENVIRONMENT;

	probe->journal = journal_open(probe->options->journal, "probe", probe->schedule.start_ns);
	if (probe->journal && find_contenders(probe)) {
		probe->explainer = explain_open(probe_asks_cma(probe));
		if (probe->explainer) {
			measure(probe);
			status = report(probe);
		}
	}
	probe_close(probe);
	explain_close(probe->explainer);
	journal_close(probe->journal);
	return status;
}

static int run_with(const struct probe_options *options)
{
	struct probe *probe = calloc(1, sizeof(*probe));
	int status;

	if (!probe) {
		message("out of memory");
		return EXIT_ENVIRONMENT;
	}
	probe->options = options;
	probe->stopped = is_stopped;
	probe->random.state = options->seed ^ 0x70726f6265;	/* "probe" */
	status = set_schedule(&probe->schedule, options);
	if (status)
		status = options->timetable ? EXIT_USAGE : EXIT_ENVIRONMENT;
	else
		status = run(probe);
	free(probe);
	return status;
}

int main(int argc, char **argv)
{
	struct probe_options options;

	message_program(argv[0]);
	switch (probe_options_parse(&options, argc, argv)) {
	case PROBE_OPTIONS_DONE:
		return EXIT_OK;
	case PROBE_OPTIONS_BAD:
		return EXIT_USAGE;
	default:
		catch_signals();
		return run_with(&options);
	}
}
