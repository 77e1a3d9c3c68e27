// SPDX-License-Identifier: MIT
/* cmascope why: for each failed allocation the cause, what proves it, and what helps. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cmascope/commands.h"
#include "cmascope/why.h"
#include "message.h"

static bool read_version(const char *text, unsigned int *kernel)
{
	unsigned int major, minor;
	int end = 0;

	if (sscanf(text, "%3u.%3u%n", &major, &minor, &end) != 2)
		return false;
	/* What uname -r has behind it is fine. */
	if (text[end] && !strchr(".-+_~", text[end]))
		return false;
	*kernel = major * 1000 + minor;
	return true;
}

/* Those of machines with CMA. */
static bool read_page_size(const char *text, unsigned int *size)
{
	uint64_t bytes;

	if (!cli_pages(text, 1, &bytes) || (bytes != 4096 && bytes != 16384 && bytes != 65536))
		return false;
	*size = (unsigned int)bytes;
	return true;
}

/* A page frame number, also as 0x... */
static bool read_pfn(const char *text, uint64_t *pfn)
{
	char *end;

	errno = 0;
	*pfn = strtoull(text, &end, 0);
	return *text >= '0' && *text <= '9' && !*end && !errno && *pfn < 1ULL << 52;
}

static int set_option(const struct cli_command *command, struct why_options *o, int key,
		      const char *value)
{
	uint64_t n;

	switch (key) {
	case 'a':
		o->area = value;
		return EXIT_OK;
	case 'n':
		if (!cli_number(value, CMA_MAX_ORDER, &n))
			return cli_refuse(command, 'n', value, "a power of two from 0 to 30");
		o->align = (int)n;
		return EXIT_OK;
	case 'b':
		if (!read_pfn(value, &o->base_pfn))
			return cli_refuse(command, 'b', value, "a page frame number");
		return EXIT_OK;
	case 'k':
		if (!read_version(value, &o->kernel))
			return cli_refuse(command, 'k', value, "a version as 6.12");
		return EXIT_OK;
	case 'p':
		if (!read_page_size(value, &o->page_size))
			return cli_refuse(command, 'p', value, "4k, 16k or 64k");
		return EXIT_OK;
	case 'j':
		o->json = value;
		return EXIT_OK;
	case 'e':
		o->all = true;
		return EXIT_OK;
	default:
		o->follow = true;
		return EXIT_OK;
	}
}

static int parse(const struct cli_command *command, int argc, char **argv, struct why_options *o)
{
	const char *value;
	int key, status;

	while ((key = cli_next(command, argc, argv, &value)) != CLI_END) {
		if (key == CLI_BAD)
			return EXIT_USAGE;
		if (key == CLI_HELP)
			return CLI_HELP;
		status = set_option(command, o, key, value);
		if (status)
			return status;
	}
	if (cli_operand() + 1 < argc) {
		message("why: unexpected \"%s\"", argv[cli_operand() + 1]);
		return EXIT_USAGE;
	}
	o->source = cli_operand() < argc ? argv[cli_operand()] : NULL;
	if (o->follow && o->source && strcmp(o->source, "live")) {
		message("--follow is for the kernel's log; else: tail -F FILE | cmascope why -");
		return EXIT_USAGE;
	}
	if (o->follow && o->json) {
		message("--follow has no end at which --json could be written; leave one out");
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

/* The machine as it is, so that places are exact and holders have names. */
static int look(struct cma_snapshot *live)
{
	int ret = cma_snapshot_take("", CMA_LOOK_PAGES | CMA_LOOK_HOLDERS | CMA_LOOK_OWNERS, live);

	if (ret) {
		message("cannot see the CMA areas (%s): needs root, CONFIG_CMA_DEBUGFS, debugfs",
			strerror(-ret));
		return EXIT_ENVIRONMENT;
	}
	return EXIT_OK;
}

static int read_source(struct why_report *report)
{
	struct why_options *o = (struct why_options *)report->options;
	struct cma_snapshot live;
	struct utsname name;
	int status;

	if (o->source && strcmp(o->source, "live"))
		return why_is_trace(o->source) ? why_read_trace(report, o->source) :
			why_read_log(report, o->source);
	if (!o->kernel && !uname(&name))
		read_version(name.release, &o->kernel);
	o->page_size = (unsigned int)sysconf(_SC_PAGESIZE);
	report->here = true;
	if (!o->source)
		return why_read_kernel(report);
	status = look(&live);
	if (status) {
		snprintf(report->error, sizeof(report->error), "cannot see the CMA areas");
		return status;
	}
	report->live = &live;
	report->look = look;
	status = why_read_kernel(report);
	cma_snapshot_end(&live);
	report->live = NULL;
	return status;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
	struct why_options options = { .align = -1, .base_pfn = CMA_UNKNOWN };
	struct why_report *report;
	int status = parse(command, argc, argv, &options), end;

	if (status)
		return status == CLI_HELP ? EXIT_OK : status;
	report = calloc(1, sizeof(*report));
	if (!report) {
		message("why: no memory");
		return EXIT_ENVIRONMENT;
	}
	report->options = &options;
	report->out = options.json && !strcmp(options.json, "-") ? stderr : stdout;
	if (options.json) {
		report->list = json_object_new_array();
		report->unseen_list = json_object_new_array();
	}
	status = read_source(report);
	end = why_end(report);
	free(report);
	return status ? status : end;
}

const struct cli_command why_command = {
	.name = "why",
	.summary = "tell why allocations failed, from a log, a trace or the running kernel",
	.operands = "[FILE|-|live]",
	.help = "For each failed allocation: the cause, what proves it, and what helps.\n\n"
		"FILE is a kernel log (dmesg, journal, serial console) or a trace (of cmascope\n"
		"record or trace-cmd). Without operand the kernel's ring buffer is read; \"live\"\n"
		"also looks at the CMA areas as they are now, and at who holds their pages.\n"
		"Exit status: 0 no failure found, 1 some, 2 usage, 3 the source cannot be read.",
	.options = (const struct cli_option[]){
		{ 'a', "area", "NAME", "only failures of this area" },
		{ 'n', "align", "N", "alignment asked for, as a power of two of pages, where it\n"
			"is not said (default: as DMA does, up to 8)" },
		{ 'b', "base-pfn", "N", "first page frame of the area, where it is not said" },
		{ 'k', "kernel", "VERSION", "its version (as 6.12), where it is not said" },
		{ 'p', "page-size", "4k|16k|64k", "of its pages, where it is not said\n"
			"(default: 4k)" },
		{ 'e', "all", NULL, "tell each failure, also those like one before" },
		{ 'f', "follow", NULL, "go on with failures to come" },
		{ 'j', "json", "FILE", "write the result as JSON, \"-\": to standard output" },
		{ 0 }
	},
	.run = run,
};
