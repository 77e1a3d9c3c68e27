// SPDX-License-Identifier: MIT
/* vdc-flip: flip at every vblank, and prove that each frame on screen was the one intended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flip/report.h"
#include "message.h"

/* Standard output is for the JSON when that goes there. */
static FILE *talk(const struct flip_options *o)
{
	return o->json && !strcmp(o->json, "-") ? stderr : stdout;
}

static void tick(const struct run *r)
{
	report_live(talk(r->options), r);
}

static int run(const struct flip_options *options)
{
	struct report_subject subject;
	struct run *r = malloc(sizeof(*r));
	int status = EXIT_ENVIRONMENT;

	if (!r)
		return EXIT_ENVIRONMENT;
	if (run_open(r, options)) {
		run_close(r);
	} else {
		report_subject(&subject, r);
		if (r->no_crc[0])
			message("verification is off: %s", r->no_crc);
		run_flip(r, options->quiet ? NULL : tick);
		run_close(r);
		status = report_status(r);
		if (!options->quiet)
			report_table(talk(options), &subject, r);
		if (options->json && report_json(options->json, &subject, r))
			status = EXIT_ENVIRONMENT;
	}
	run_free(r);
	free(r);
	return status;
}

int main(int argc, char **argv)
{
	struct flip_options options;

	message_program(argv[0]);
	switch (flip_options_parse(&options, argc, argv)) {
	case FLIP_OPTIONS_DONE:
		return EXIT_OK;
	case FLIP_OPTIONS_BAD:
		return EXIT_USAGE;
	default:
		return run(&options);
	}
}
