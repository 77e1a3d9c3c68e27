/* SPDX-License-Identifier: MIT */
/* vdc-flip's command line. */
#ifndef FLIP_OPTIONS_H
#define FLIP_OPTIONS_H

#include <stdbool.h>

#include "kms/output.h"

#define FLIP_MAX_BUFFERS	3

/**
 * struct flip_options - what was asked for
 * @device: card node, NULL: look for one
 * @any: any driver will do
 * @connector: name or id, NULL: the first connected
 * @mode: the mode
 * @buffers: 1 .. FLIP_MAX_BUFFERS
 * @seconds: stop after so long, 0: no limit
 * @frames: stop after so many flips, 0: no limit
 * @render_ms: busy load of each frame
 * @export: render in a second process, through DMA-BUFs
 * @json: where to write JSON, "-": standard output, NULL: nowhere
 * @quiet: no live line and no table
 */
struct flip_options {
	const char *device;
	bool any;
	const char *connector;
	struct kms_mode_wish mode;
	unsigned int buffers;
	double seconds;
	unsigned int frames;
	unsigned int render_ms;
	bool export;
	const char *json;
	bool quiet;
};

/** enum flip_options_result - what to do after parsing */
enum flip_options_result {
	FLIP_OPTIONS_RUN,	/* options are good */
	FLIP_OPTIONS_DONE,	/* help or version was printed */
	FLIP_OPTIONS_BAD,	/* a message was printed */
};

/**
 * flip_options_parse() - parse the command line
 * @o: out
 * @argc: as main() has it
 * @argv: as main() has it
 * Return: what to do.
 */
enum flip_options_result flip_options_parse(struct flip_options *o, int argc, char **argv);

#endif /* FLIP_OPTIONS_H */
