/* SPDX-License-Identifier: MIT */
/* The command line of vdc-age. */
#ifndef AGE_OPTIONS_H
#define AGE_OPTIONS_H

#include "age/budget.h"
#include "age/profiles.h"
#include "lab/schedule.h"

/**
 * struct age_options - what a person wants
 * @selection: the profiles
 * @schedule: the timetable
 * @limits: of memory
 * @seed: of random numbers
 * @sediment_kb: size of a block in which a page that cannot be moved is left; 0: none are
 * @work: directory for files, NULL: a fresh one
 * @device: DRM device, NULL: look for one
 * @json: file for the summary, "-": stdout, NULL: none
 * @journal: file for the journal, NULL: the environment's
 * @quiet: no progress, no table
 */
struct age_options {
	struct age_selection selection;
	struct lab_schedule schedule;
	struct age_limits limits;
	uint64_t seed;
	unsigned int sediment_kb;
	const char *work;
	const char *device;
	const char *json;
	const char *journal;
	bool quiet;
};

enum age_options_result { AGE_OPTIONS_RUN, AGE_OPTIONS_DONE, AGE_OPTIONS_BAD };

/**
 * age_options_parse() - read the command line, and the environment for what it does not say
 * @o: out
 * @argc: as of main()
 * @argv: as of main()
 * Return: whether to run, to end well (--help and the like), or to end with EXIT_USAGE.
 */
enum age_options_result age_options_parse(struct age_options *o, int argc, char **argv);

#endif /* AGE_OPTIONS_H */
