/* SPDX-License-Identifier: MIT */
/* cmascope replay: what is to be simulated, and what came of it. */
#ifndef CMASCOPE_REPLAY_H
#define CMASCOPE_REPLAY_H

#include <json-c/json.h>

#include "cma/ordinary.h"
#include "cma/replay.h"
#include "cma/workload.h"
#include "cmascope/cli.h"

#define REPLAY_MAX_LIST	256

/**
 * struct replay_options - the command line
 * @trace: file, NULL: none
 * @workload: NULL: none
 * @area: of the trace, NULL: the one with most events
 * @sizes: text of --size, NULL: not given
 * @aligns: simulated values of CONFIG_CMA_ALIGNMENT, or CMA_ALIGN_AS_ASKED
 * @policies: simulated policies
 * @busy: as struct cma_replay has it
 * @allocations: length of a synthetic script
 * @seed: of the first run; the others follow
 * @runs: runs of each row, 0: not given
 * @jobs: threads
 * @json: file, NULL: none
 * @plot: file, NULL: none
 * @sum: the file is no trace but results, to be added up
 * @advise: find the smallest size that never fails
 * @confidence: of that
 * @risk: share of runs that may fail
 * @granule: text: sizes that are advised are multiples of it
 * @memory: text: the machine's memory, NULL: not given
 * @unmovable: text: what of it cannot be in CMA, NULL: not given
 * @meminfo: file, NULL: this machine's
 */
struct replay_options {
	const char *trace;
	const struct cma_workload *workload;
	const char *area;
	const char *sizes;
	int aligns[REPLAY_MAX_LIST];
	size_t align_count;
	enum cma_policy policies[CMA_POLICIES];
	size_t policy_count;
	double busy;
	uint64_t allocations;
	uint64_t seed;
	uint64_t runs;
	unsigned int jobs;
	const char *json;
	const char *plot;
	bool sum;
	bool advise;
	double confidence;
	double risk;
	const char *granule;
	const char *memory;
	const char *unmovable;
	const char *meminfo;
};

/** struct replay_row - an area and what became of all runs with it */
struct replay_row {
	uint64_t pages;
	int align;
	enum cma_policy policy;
	struct cma_replay_result result;
};

/**
 * struct replay_advice - the smallest size that did not fail
 * @align: for this simulated kernel
 * @policy: and this policy
 * @pages: the size, 0: none was found up to @tried
 * @tried: the largest size that was tried
 * @peak: most pages that are held at once: no smaller size can do
 * @runs: runs with new seeds that proved it; 1: nothing was random
 * @share: at most this share of runs fails
 * @attempts: sizes that such runs were made with
 * @larger: a larger size that failed, 0: none of those that were tried
 */
struct replay_advice {
	int align;
	enum cma_policy policy;
	uint64_t pages;
	uint64_t tried;
	uint64_t peak;
	uint64_t runs;
	double share;
	unsigned int attempts;
	uint64_t larger;
};

/**
 * struct replay - a command at work
 * @options: the command line
 * @script: of the trace, or of the workload with the first seed
 * @rows: what is simulated
 * @advice: one for each alignment and policy
 * @ordinary: the machine's memory
 * @ordinary_known: it is known
 * @ordinary_from: where from
 */
struct replay {
	struct replay_options options;
	struct cma_script script;
	struct replay_row *rows;
	size_t row_count;
	struct replay_advice *advice;
	size_t advice_count;
	struct cma_ordinary ordinary;
	bool ordinary_known;
	const char *ordinary_from;
};

/**
 * replay_parse() - read the command line
 * Return: EXIT_OK, EXIT_USAGE after a message, or CLI_HELP.
 */
int replay_parse(const struct cli_command *command, int argc, char **argv,
		 struct replay_options *options);

/** replay_make_rows() - every size with every alignment and policy. Return: an exit status */
int replay_make_rows(const struct cli_command *command, struct replay *replay);

/** replay_random() - whether runs differ by their seeds */
bool replay_random(const struct replay *replay);

/**
 * replay_play() - play rows, on all processors
 * @replay: what is played; its rows are not looked at
 * @rows: results are stored here
 * @count: how many
 * @seed: of the first run
 * @runs: runs of each row
 * @until_failure: the first failure of any run ends all: only whether there was one is told
 * Return: 0 or a negative errno.
 */
int replay_play(const struct replay *replay, struct replay_row *rows, size_t count, uint64_t seed,
		uint64_t runs, bool until_failure);

/** replay_advise() - fill @advice. Return: an exit status; messages were printed */
int replay_advise(const struct cli_command *command, struct replay *replay);

/**
 * replay_sum() - add up results of --json: an object, or a list of them
 * @replay: out: as if all had been played here
 * @path: file, "-": standard input
 * @file: out: holds the strings of @replay; json_object_put() frees it
 * Return: an exit status; messages were printed.
 */
int replay_sum(struct replay *replay, const char *path, struct json_object **file);

/** replay_align_name() - "asked" or the number; valid until the next call */
const char *replay_align_name(int align);

/** replay_mib() - pages in MiB */
double replay_mib(const struct replay *replay, uint64_t pages);

/** replay_print() - the table, for a person */
void replay_print(const struct replay *replay, FILE *out);

/** replay_json() - all of it. Return: an object, the caller's */
struct json_object *replay_json(const struct replay *replay);

/** replay_plot() - draw failures over size into an SVG or PNG file. Return: an exit status */
int replay_plot(const struct replay *replay, const char *path);

#endif /* CMASCOPE_REPLAY_H */
