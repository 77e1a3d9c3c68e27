// SPDX-License-Identifier: MIT
/* cmascope replay: what another size, alignment or policy would do, and how large CMA must be. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmascope/commands.h"
#include "cmascope/json_print.h"
#include "cmascope/replay.h"
#include "message.h"

bool replay_random(const struct replay *replay)
{
	return replay->options.workload || replay->options.busy > 0;
}

static int load_trace(struct replay *r)
{
	const struct replay_options *o = &r->options;
	struct cma_trace_reader *reader;
	int ret = cma_trace_open(o->trace, &reader);

	if (ret) {
		if (ret != -EINVAL)
			message_error(ret, "open %s", o->trace);
		return EXIT_ENVIRONMENT;
	}
	ret = cma_script_read(&r->script, reader, o->area);
	if (ret == -ENOENT && o->area)
		message("replay: %s has no area \"%s\"", o->trace, o->area);
	else if (ret == -ENOENT)
		message("replay: %s has no event of CMA", o->trace);
	else if (ret)
		message_error(ret, "read %s", o->trace);
	cma_trace_close(reader);
	return ret ? EXIT_ENVIRONMENT : EXIT_OK;
}

/* The first seed's script stands for all: what it holds no smaller area can hold. */
static int load_workload(struct replay *r)
{
	const struct replay_options *o = &r->options;
	int ret = cma_workload_make(o->workload, o->seed, o->allocations, &r->script);

	if (ret)
		message_error(ret, "make %llu allocations", (unsigned long long)o->allocations);
	return ret ? EXIT_ENVIRONMENT : EXIT_OK;
}

/* A size in kB. */
static bool parse_kb(const struct replay *r, const char *text, uint64_t *kb)
{
	uint64_t pages;

	if (!cli_pages(text, r->script.page_size, &pages) || pages > UINT64_MAX / (1 << 20))
		return false;
	*kb = pages * (r->script.page_size / 1024);
	return true;
}

/* Memory: as told, else the trace's; unmovable: as told, else that of meminfo. */
static int find_ordinary(const struct cli_command *command, struct replay *r)
{
	const struct replay_options *o = &r->options;
	const char *path = o->meminfo ? o->meminfo : "/proc/meminfo";
	FILE *file = fopen(path, "r");

	r->ordinary_from = o->meminfo ? o->meminfo : "this machine's /proc/meminfo";
	if (file) {
		r->ordinary_known = cma_ordinary_read(&r->ordinary, file);
		fclose(file);
	}
	if (o->meminfo && !r->ordinary_known) {
		message("replay: %s is no copy of a /proc/meminfo", path);
		return EXIT_ENVIRONMENT;
	}
	if (r->script.total_pages) {
		r->ordinary.memory = r->script.total_pages * (r->script.page_size / 1024);
		r->ordinary_from = "memory of the trace, unmovable of /proc/meminfo";
	}
	if (o->memory && !parse_kb(r, o->memory, &r->ordinary.memory))
		return cli_refuse(command, 'm', o->memory, "a size");
	if (o->unmovable && !parse_kb(r, o->unmovable, &r->ordinary.unmovable))
		return cli_refuse(command, 'u', o->unmovable, "a size");
	if (o->memory || o->unmovable)
		r->ordinary_from = o->memory && o->unmovable ? "as given" :
			"partly as given, the rest of /proc/meminfo";
	r->ordinary_known = r->ordinary_known || (o->memory && o->unmovable);
	cma_ordinary_limit(&r->ordinary);
	return EXIT_OK;
}

static int want_ordinary(const struct cli_command *command, struct replay *r)
{
	const struct replay_options *o = &r->options;

	return o->advise || o->memory || o->unmovable || o->meminfo ?
	       find_ordinary(command, r) : EXIT_OK;
}

static int simulate(const struct cli_command *command, struct replay *r)
{
	const struct replay_options *o = &r->options;
	int status = o->workload ? load_workload(r) : load_trace(r), ret;

	if (!status)
		status = replay_make_rows(command, r);
	if (!status)
		status = want_ordinary(command, r);
	if (status)
		return status;
	ret = replay_play(r, r->rows, r->row_count, o->seed, o->runs, false);
	if (ret) {
		message_error(ret, "simulate");
		return EXIT_ENVIRONMENT;
	}
	return o->advise ? replay_advise(command, r) : EXIT_OK;
}

static int report(const struct replay *r)
{
	const struct replay_options *o = &r->options;
	int status = EXIT_OK;

	if (!o->json || strcmp(o->json, "-"))
		replay_print(r, stdout);
	if (o->json && json_print(o->json, replay_json(r)))
		return EXIT_ENVIRONMENT;
	if (o->plot)
		status = replay_plot(r, o->plot);
	for (size_t i = 0; !status && i < r->advice_count; i++)
		if (!r->advice[i].pages)
			status = EXIT_FAILED;
	return status;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
	struct replay replay = { 0 };
	struct json_object *file = NULL;
	int status = replay_parse(command, argc, argv, &replay.options);

	if (status)
		return status == CLI_HELP ? EXIT_OK : status;
	if (replay.options.sum) {
		status = replay_sum(&replay, replay.options.trace, &file);
		if (!status)
			status = want_ordinary(command, &replay);
	} else {
		status = simulate(command, &replay);
	}
	if (!status)
		status = report(&replay);
	cma_script_end(&replay.script);
	free(replay.rows);
	free(replay.advice);
	json_object_put(file);
	return status;
}

static const struct cli_option options[] = {
	{ 'w', "workload", "imx6|desktop|triple|loop56", "instead of a trace, a synthetic one:\n"
	  "DMA-BUFs of 80 kB to 5 MB that come and go; windows\n"
	  "of a 1080p desktop; full-screen programs with three\n"
	  "buffers; 56 times 1 MB out of 56 MB, over and over" },
	{ 'n', "allocations", "N", "how many it makes a run (default 2000)" },
	{ 'a', "area", "NAME", "area of the trace (default: the one with most events)" },
	{ 's', "size", "LIST", "sizes of the area: 64M,96M or 64M-256M/16M, or pages\n"
	  "(default: half to twice the usual one)" },
	{ 'A', "align", "LIST", "CONFIG_CMA_ALIGNMENT of the simulated kernel, 0 to 30;\n"
	  "asked: as the trace has it (default)" },
	{ 'p', "policy", "first-fit|next-fit|best-fit|two-ends,...",
	  "how a place is found (default: first-fit, the kernel's)" },
	{ 'b', "busy", "P", "2 MiB hold a page that cannot move with probability P" },
	{ 'r', "runs", "N", "runs of each row, if anything is random (default 10)" },
	{ 'S', "seed", "N", "of the first run (default 1)" },
	{ 'J', "jobs", "N", "threads (default: as many as processors)" },
	{ 'd', "advise", NULL, "find the smallest size that does not fail" },
	{ 'c', "confidence", "C", "of that (default 0.99)" },
	{ 'R', "risk", "P", "share of runs that may fail (default 0.01)" },
	{ 'g', "granule", "SIZE", "advised sizes are multiples of it (default 1M)" },
	{ 'm', "memory", "SIZE", "memory of the machine (default: the trace's, or this one's)" },
	{ 'u', "unmovable", "SIZE", "of that, what cannot be in CMA (default: from meminfo)" },
	{ 'M', "meminfo", "FILE", "copy of the machine's /proc/meminfo" },
	{ 'U', "sum", NULL, "TRACE is a list of results of --json: add them up" },
	{ 'o', "plot", "FILE", "draw failures over size: .svg or .png" },
	{ 'j', "json", "FILE|-", "write the result as JSON" },
	{ 0 }
};

const struct cli_command replay_command = {
	.name = "replay",
	.summary = "what another size, alignment or policy would do, and how large CMA must be",
	.operands = "[TRACE]",
	.help = "Plays a recorded or synthetic trace to a simulated CMA area.\n"
		"Exit status 1: no size can be advised.",
	.options = options,
	.run = run,
};
