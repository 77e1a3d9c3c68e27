// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmascope/replay.h"
#include "message.h"

#define DEFAULT_RUNS	10
#define MAX_JOBS	1024
#define MAX_RUNS	100000000ULL
#define MAX_GIVEN	31	/* options, each once */

/* The next of "a,b,c" into @word. Return: whether there was one that fits. */
static bool next_word(const char **list, char *word, size_t size)
{
	size_t length = strcspn(*list, ",");

	if (!length || length >= size)
		return false;
	memcpy(word, *list, length);
	word[length] = '\0';
	*list += length + ((*list)[length] == ',');
	return true;
}

static bool parse_aligns(const char *text, struct replay_options *o)
{
	char word[32];

	for (o->align_count = 0; *text; o->align_count++) {
		uint64_t n = 0;

		if (o->align_count == REPLAY_MAX_LIST || !next_word(&text, word, sizeof(word)))
			return false;
		if (!strcmp(word, "asked"))
			o->aligns[o->align_count] = CMA_ALIGN_AS_ASKED;
		else if (cli_number(word, CMA_MAX_ORDER, &n))
			o->aligns[o->align_count] = (int)n;
		else
			return false;
	}
	return o->align_count > 0;
}

static bool parse_policies(const char *text, struct replay_options *o)
{
	char word[32];

	for (o->policy_count = 0; *text; o->policy_count++) {
		int policy = 0;

		if (o->policy_count == CMA_POLICIES || !next_word(&text, word, sizeof(word)))
			return false;
		while (policy < CMA_POLICIES &&
		       strcmp(word, cma_policy_name((enum cma_policy)policy)))
			policy++;
		if (policy == CMA_POLICIES)
			return false;
		o->policies[o->policy_count] = (enum cma_policy)policy;
	}
	return o->policy_count > 0;
}

static bool parse_jobs(const char *text, struct replay_options *o)
{
	uint64_t n;

	if (!cli_number(text, MAX_JOBS, &n) || !n)
		return false;
	o->jobs = (unsigned int)n;
	return true;
}

/* What is kept as text, because its unit may be the trace's page size. */
static const char **text_option(struct replay_options *o, int key)
{
	switch (key) {
	case 'a': return &o->area;
	case 's': return &o->sizes;
	case 'j': return &o->json;
	case 'o': return &o->plot;
	case 'g': return &o->granule;
	case 'm': return &o->memory;
	case 'u': return &o->unmovable;
	case 'M': return &o->meminfo;
	}
	return NULL;
}

/* Return: what the value should have been, NULL: it is right. */
static const char *set_option(struct replay_options *o, int key, const char *value)
{
	const char **text = text_option(o, key);

	if (text) {
		*text = value;
		return NULL;
	}
	switch (key) {
	case 'w':
		o->workload = cma_workload_find(value);
		return o->workload ? NULL : "a workload; see cmascope replay --help";
	case 'A':
		return parse_aligns(value, o) ? NULL : "a list of \"asked\" and powers of two";
	case 'p':
		return parse_policies(value, o) ? NULL : "a list of policies";
	case 'b':
		return cli_real(value, 0, 1, &o->busy) ? NULL : "a probability";
	case 'n':
		return cli_number(value, CMA_SCRIPT_MAX_STEPS / 4, &o->allocations) &&
		       o->allocations ? NULL : "a number from 1 to 67108864";
	case 'S':
		return cli_number(value, UINT64_MAX / 2, &o->seed) ? NULL : "a number";
	case 'r':
		return cli_number(value, MAX_RUNS, &o->runs) && o->runs ? NULL :
		       "a number from 1 to 100000000";
	case 'J':
		return parse_jobs(value, o) ? NULL : "a number from 1 to 1024";
	case 'c':
		return cli_real(value, 0.5, 0.999999, &o->confidence) ? NULL :
		       "a number from 0.5 to 0.999999";
	case 'R':
		return cli_real(value, 0.000001, 0.5, &o->risk) ? NULL :
		       "a number from 0.000001 to 0.5";
	case 'U':
		o->sum = true;
		return NULL;
	default:
		o->advise = true;
		return NULL;
	}
}

/* What --sum does not look at would be thought to have had an effect. */
static int check_sum(const struct cli_command *command, const char *given)
{
	const char *ignored = strpbrk(given, "wnasApbrSJdRg");
	const struct cli_option *o = command->options;

	if (!ignored)
		return EXIT_OK;
	while (o->name && o->key != *ignored)
		o++;
	message("replay: --sum adds up what was simulated, and simulates nothing: leave out --%s",
		o->name);
	return EXIT_USAGE;
}

static int check(int argc, char **argv, struct replay_options *o)
{
	int operands = argc - cli_operand();

	if (operands > 1) {
		message("replay: unexpected \"%s\"", argv[cli_operand() + 1]);
		return EXIT_USAGE;
	}
	o->trace = operands ? argv[cli_operand()] : NULL;
	if (!o->trace == !o->workload) {
		message("replay: give either a trace or --workload");
		return EXIT_USAGE;
	}
	if (o->plot && (strlen(o->plot) < 5 || (strcmp(o->plot + strlen(o->plot) - 4, ".svg") &&
						strcmp(o->plot + strlen(o->plot) - 4, ".png")))) {
		message("replay: --plot: \"%s\" ends neither in .svg nor in .png", o->plot);
		return EXIT_USAGE;
	}
	if (!o->runs)
		o->runs = o->workload || o->busy > 0 ? DEFAULT_RUNS : 1;
	return EXIT_OK;
}

int replay_parse(const struct cli_command *command, int argc, char **argv,
		 struct replay_options *options)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	char given[MAX_GIVEN + 1] = "";
	const char *value, *why;
	size_t count = 0;
	int key, status;

	*options = (struct replay_options){
		.aligns = { CMA_ALIGN_AS_ASKED }, .align_count = 1, .policy_count = 1,
		.allocations = 2000, .seed = 1, .confidence = 0.99, .risk = 0.01, .granule = "1M",
		.jobs = processors > 0 && processors < MAX_JOBS ? (unsigned int)processors : 1,
	};
	while ((key = cli_next(command, argc, argv, &value)) != CLI_END) {
		if (key == CLI_BAD)
			return EXIT_USAGE;
		if (key == CLI_HELP)
			return CLI_HELP;
		if (count < MAX_GIVEN && !strchr(given, key))
			given[count++] = (char)key;
		why = set_option(options, key, value);
		if (why)
			return cli_refuse(command, (char)key, value, why);
	}
	status = options->sum ? check_sum(command, given) : EXIT_OK;
	return status ? status : check(argc, argv, options);
}

/* "64M", or "64M-256M/16M": every 16 MiB from 64 to 256. */
static bool add_sizes(const struct replay *r, char *word, uint64_t *sizes, size_t *count)
{
	char *to = strchr(word, '-'), *step = to ? strchr(to, '/') : NULL;
	uint64_t first, last, distance;

	if (to)
		*to++ = '\0';
	if (step)
		*step++ = '\0';
	if (!to != !step || !cli_pages(word, r->script.page_size, &first))
		return false;
	last = first;
	distance = 1;
	if (to && (!cli_pages(to, r->script.page_size, &last) ||
		   !cli_pages(step, r->script.page_size, &distance)))
		return false;
	if (last < first || last > CMA_MAX_BITS)
		return false;
	for (uint64_t size = first; size <= last; size += distance) {
		if (*count == REPLAY_MAX_LIST)
			return false;
		sizes[(*count)++] = size;
	}
	return true;
}

/* Half to twice what such a machine has. */
static void usual_sizes(const struct replay *r, uint64_t *sizes, size_t *count)
{
	uint64_t usual = r->script.area.pages;

	if (r->options.workload)
		usual = r->options.workload->pages;
	else if (!usual)
		usual = cma_script_peak(&r->script);
	if (usual > CMA_MAX_BITS / 2)
		usual = CMA_MAX_BITS / 2;
	for (uint64_t eighths = 4; eighths <= 16; eighths += eighths < 12 ? 1 : 4)
		sizes[(*count)++] = usual * eighths / 8 ? usual * eighths / 8 : 1;
}

int replay_make_rows(const struct cli_command *command, struct replay *replay)
{
	const struct replay_options *o = &replay->options;
	uint64_t sizes[REPLAY_MAX_LIST];
	const char *list = o->sizes;
	size_t count = 0;
	char word[64];

	if (!list)
		usual_sizes(replay, sizes, &count);
	while (list && *list)
		if (!next_word(&list, word, sizeof(word)) ||
		    !add_sizes(replay, word, sizes, &count))
			return cli_refuse(command, 's', o->sizes, "a list of up to 256 sizes");
	if (!count)
		return cli_refuse(command, 's', o->sizes, "a list of up to 256 sizes");
	replay->rows = calloc(count * o->align_count * o->policy_count, sizeof(*replay->rows));
	if (!replay->rows) {
		message("replay: no memory");
		return EXIT_ENVIRONMENT;
	}
	for (size_t p = 0; p < o->policy_count; p++)
		for (size_t a = 0; a < o->align_count; a++)
			for (size_t s = 0; s < count; s++)
				replay->rows[replay->row_count++] = (struct replay_row){
					.pages = sizes[s], .align = o->aligns[a],
					.policy = o->policies[p],
				};
	return EXIT_OK;
}
