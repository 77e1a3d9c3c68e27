// SPDX-License-Identifier: MIT
/* cmascope record: the events of CMA into a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cma/listen.h"
#include "cma/trace_here.h"
#include "cmascope/account_json.h"
#include "cmascope/commands.h"
#include "cmascope/interrupt.h"
#include "message.h"

/* The file grows at least so often, so that a machine that dies leaves what came before. */
#define WRITE_MS	5000
#define MAX_SECONDS	(366u * 86400)

struct recording {
	const char *output;
	const char *json;
	const char *area;
	double seconds;
	char **command;
	pid_t child;
	struct cma_trace_info info;
	struct cma_listener *listener;
	struct cma_trace_writer *writer;
	unsigned int areas_written;
	struct cma_account *account;
	uint64_t started;
	uint64_t ended;
};

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int write_event(void *context, const struct cma_event *event)
{
	struct recording *r = context;
	int ret = 0;

	/* Those before are in the bitmaps already. */
	if (event->ns < r->started)
		return 0;
	while (r->areas_written < r->info.area_count && ret >= 0)
		ret = cma_trace_write_area(r->writer,
					   r->info.areas[r->areas_written++].map.area.name);
	if (ret < 0)
		return ret;
	cma_account_add(r->account, &r->info, event);
	return cma_trace_write(r->writer, event);
}

/* Areas first, for the filters; then, with events on, the bitmaps. */
static int begin(struct recording *r)
{
	int ret = cma_trace_here(&r->info, true);

	r->account = cma_account_create();
	if (ret || !r->account) {
		message("out of memory");
		return -ENOMEM;
	}
	ret = cma_listen_start(&r->info, r->area, &r->listener);
	if (ret)
		return ret;
	r->started = now();
	cma_trace_here_end(&r->info);
	ret = cma_trace_here(&r->info, false);
	if (!ret)
		ret = cma_trace_create(r->output, &r->info, &r->writer);
	if (ret)
		message("writing %s: %s", r->output, strerror(-ret));
	r->areas_written = r->info.area_count;
	return ret;
}

static int start_command(struct recording *r, const sigset_t *signals)
{
	r->child = fork();
	if (r->child < 0) {
		message_error(errno, "starting %s", r->command[0]);
		return -errno;
	}
	if (!r->child) {
		sigprocmask(SIG_SETMASK, signals, NULL);
		execvp(r->command[0], r->command);
		message("%s: %s", r->command[0], strerror(errno));
		_exit(127);
	}
	return 0;
}

/* Whether the command, if there is one, is still running. */
static bool running(struct recording *r)
{
	int status;

	if (!r->command)
		return true;
	if (waitpid(r->child, &status, WNOHANG) != r->child)
		return true;
	r->child = 0;
	if (WIFSIGNALED(status))
		message("%s was killed by signal %d", r->command[0], WTERMSIG(status));
	else if (WEXITSTATUS(status))
		message("%s ended with status %d", r->command[0], WEXITSTATUS(status));
	return false;
}

static int listen_on(struct recording *r, const sigset_t *signals)
{
	uint64_t end = r->seconds ? r->started + (uint64_t)(r->seconds * 1e9) : UINT64_MAX;
	int ret = 0;

	while (!ret && !interrupt_came() && running(r) && now() < end) {
		uint64_t left = (end - now()) / 1000000u;

		cma_listen_wait(r->listener, left < WRITE_MS ? (int)left + 1 : WRITE_MS, signals);
		ret = cma_listen_read(r->listener, write_event, r);
		if (!ret)
			ret = cma_trace_flush(r->writer);
	}
	r->ended = now();
	cma_listen_stop(r->listener);
	if (!ret)
		ret = cma_listen_read(r->listener, write_event, r);
	return ret;
}

static int summarise(const struct recording *r)
{
	const struct cma_sums *total = &r->account->total;
	double seconds = (double)(r->ended - r->started) / 1e9;
	uint64_t lost = cma_listen_lost(r->listener);
	bool to_stdout = strcmp(r->output, "-") && (!r->json || strcmp(r->json, "-"));

	fprintf(to_stdout ? stdout : stderr,
		"%s: %.1f s, %llu events, %llu allocations, %llu failures, %llu lost\n",
		r->output, seconds, (unsigned long long)r->account->events,
		(unsigned long long)total->allocations, (unsigned long long)total->failures,
		(unsigned long long)lost);
	if (lost)
		message("events were lost: a replay of this trace is not exact");
	return r->json ? account_write(r->json, r->account, &r->info, seconds, lost, r->output) : 0;
}

static int record(struct recording *r)
{
	sigset_t signals;
	int ret, end;

	interrupt_catch(&signals);
	ret = begin(r);
	if (!ret && r->command)
		ret = start_command(r, &signals);
	if (!ret) {
		ret = listen_on(r, &signals);
		if (ret)
			message("recording ended early: %s", strerror(-ret));
	}
	if (r->writer) {
		end = cma_trace_finish(r->writer, cma_listen_lost(r->listener));
		if (end)
			message("writing %s: %s", r->output, strerror(-end));
		ret = ret ?: end;
	}
	if (!ret)
		ret = summarise(r);
	cma_listen_end(r->listener);
	cma_account_destroy(r->account);
	cma_trace_here_end(&r->info);
	return ret ? EXIT_ENVIRONMENT : EXIT_OK;
}

static int parse(const struct cli_command *command, int argc, char **argv, struct recording *r)
{
	const char *value;
	int key;

	while ((key = cli_next(command, argc, argv, &value)) > 0) {
		if (key == 'o')
			r->output = value;
		else if (key == 'j')
			r->json = value;
		else if (key == 'a')
			r->area = value;
		else if (!cli_real(value, 0.001, MAX_SECONDS, &r->seconds))
			return cli_refuse(command, key, value, "a time in seconds, up to a year");
	}
	if (key == CLI_BAD)
		return EXIT_USAGE;
	if (cli_operand() < argc)
		r->command = argv + cli_operand();
	if (r->json && !strcmp(r->json, "-") && !strcmp(r->output, "-")) {
		message("record: the trace and --json cannot both go to standard output");
		return EXIT_USAGE;
	}
	return key;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
	struct recording r = { .output = "cma.trace" };
	int ret = parse(command, argc, argv, &r);

	if (ret == CLI_HELP)
		return EXIT_OK;
	return ret ? ret : record(&r);
}

const struct cli_command record_command = {
	.name = "record",
	.summary = "write what happens to a trace",
	.operands = "[-- COMMAND...]",
	.help = "Records allocations and releases of CMA until COMMAND ends, the time is over, or\n"
		"Ctrl-C. Needs root, and tracing in the kernel.",
	.options = (const struct cli_option[]){
		{ 'o', "output", "FILE", "trace to write (cma.trace), - for standard output" },
		{ 's', "seconds", "N", "how long" },
		{ 'a', "area", "NAME", "only this area" },
		{ 'j', "json", "FILE", "summary as JSON, - for standard output" },
		{ 0 } },
	.run = run,
};
