// SPDX-License-Identifier: MIT
/* vdc-age: memory as it is after weeks. */
#include <string.h>
#include <unistd.h>

#include "age/crew.h"
#include "age/options.h"
#include "age/report.h"
#include "age/workdir.h"
#include "message.h"

/* struct run - all that a run has */
struct run {
	struct age_setup setup;
	struct age_workdir workdir;
	struct age_budget budget;
	struct age_memory before;
	struct age_memory after;
	struct age_crew crew;
};

static int open_run(struct run *r, const struct age_options *o)
{
	memset(r, 0, sizeof(*r));
	r->setup.schedule = o->schedule;
	r->setup.seed = o->seed;
	r->setup.device = o->device;
	age_memory_read(&r->before);
	r->setup.memory_kb = o->limits.memory_mb ? o->limits.memory_mb * 1024ull :
			     r->before.total_kb;
	r->setup.sediment_kb = o->sediment_kb;
	r->setup.journal = journal_open(o->journal, "age", o->schedule.start_ns);
	if (!r->setup.journal)
		return -1;
	if (age_workdir_open(&r->workdir, o->work, &r->setup)) {
		journal_close(r->setup.journal);
		return -1;
	}
	age_budget_plan(&r->budget, &r->before, &o->limits, age_workdir_free(&r->workdir),
			r->setup.in_memory);
	r->crew.setup = &r->setup;
	if (!o->quiet && isatty(STDERR_FILENO))
		r->crew.show = age_report_progress;
	return 0;
}

static void close_run(struct run *r)
{
	for (size_t i = 0; i < r->crew.count; i++)
		age_workdir_remove(&r->workdir, r->crew.members[i].worker.profile->name);
	age_crew_free(&r->crew);
	age_workdir_close(&r->workdir);
	journal_close(r->setup.journal);
}

static bool any_died(const struct age_crew *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->members[i].deaths)
			return true;
	return false;
}

/* While all is still held memory is as it is to be. */
static int tell(struct run *r, const struct age_options *o)
{
	age_memory_read(&r->after);
	if (r->crew.show)
		age_report_progress_end();
	if (!o->quiet && !(o->json && !strcmp(o->json, "-")))
		age_report_table(stdout, &r->crew, &r->before, &r->after);
	if (!o->json)
		return 0;
	return age_report_write(o->json, age_report_json(o, &r->crew, &r->budget, &r->before,
							 &r->after));
}

static int age(const struct age_options *o)
{
	int status = EXIT_ENVIRONMENT, running;
	struct run r;

	if (open_run(&r, o))
		return EXIT_ENVIRONMENT;
	running = age_crew_start(&r.crew, &o->selection, &r.budget);
	if (running > 0) {
		age_crew_run(&r.crew);
		status = any_died(&r.crew) ? EXIT_FAILED : EXIT_OK;
		if (tell(&r, o))
			status = EXIT_ENVIRONMENT;
	} else if (!running) {
		message("nothing of it can run here");
	}
	age_crew_end(&r.crew);
	close_run(&r);
	return status;
}

int main(int argc, char **argv)
{
	struct age_options options;

	message_program(argv[0]);
	switch (age_options_parse(&options, argc, argv)) {
	case AGE_OPTIONS_DONE:
		return EXIT_OK;
	case AGE_OPTIONS_BAD:
		return EXIT_USAGE;
	default:
		return age(&options);
	}
}
