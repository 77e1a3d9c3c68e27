/* SPDX-License-Identifier: MIT */
/* vdc-probe's command line. */
#ifndef LAB_PROBE_OPTIONS_H
#define LAB_PROBE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "lab/contender.h"

#define PROBE_MAX_HOLD	16u

/**
 * struct probe_options - what was asked for
 * @wanted: which of contender_types
 * @named: they were named; otherwise all are wanted
 * @request: the picture
 * @interval_ns: from a measurement to the next, on average
 * @hold: buffers of each contender that are kept until so many newer ones were got
 * @hours: of the run
 * @period_s: from a burst to the next
 * @burst_s: length of a burst
 * @timetable: one of these three was given: the environment's timetable does not count
 * @once: one measurement of everything, then end
 * @wakeup_ns: period of the real-time thread, 0: none
 * @json: where to write the summary, "-": standard output, NULL: nowhere
 * @journal: where to write records, NULL: as the environment says
 * @seed: of the order and the times of measurements
 * @quiet: print no table
 */
struct probe_options {
	bool wanted[CONTENDERS];
	bool named;
	struct contender_request request;
	uint64_t interval_ns;
	unsigned int hold;
	double hours;
	double period_s;
	double burst_s;
	bool timetable;
	bool once;
	uint64_t wakeup_ns;
	const char *json;
	const char *journal;
	uint64_t seed;
	bool quiet;
};

/** enum probe_options_result - what to do after parsing */
enum probe_options_result {
	PROBE_OPTIONS_RUN,	/* options are good */
	PROBE_OPTIONS_DONE,	/* help or version was printed */
	PROBE_OPTIONS_BAD,	/* a message was printed */
};

/**
 * probe_options_parse() - parse the command line
 * @o: out
 * @argc: as main() has it
 * @argv: as main() has it
 * Return: what to do.
 */
enum probe_options_result probe_options_parse(struct probe_options *o, int argc, char **argv);

#endif /* LAB_PROBE_OPTIONS_H */
