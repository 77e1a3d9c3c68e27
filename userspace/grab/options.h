/* SPDX-License-Identifier: MIT */
/* vdc-grab's command line. */
#ifndef GRAB_OPTIONS_H
#define GRAB_OPTIONS_H

#include <stdint.h>

/**
 * struct grab_options - what was asked for
 * @device: card node, NULL: look for one
 * @crtc: KMS id of the CRTC, 0: see @connector
 * @connector: name or id of a connector whose CRTC is meant, NULL: the first CRTC that runs
 * @output: PNG file, "-": standard output
 * @json: where to write JSON, "-": standard output, NULL: nowhere
 * @timeout_ms: how long to wait for the picture
 */
struct grab_options {
	const char *device;
	uint32_t crtc;
	const char *connector;
	const char *output;
	const char *json;
	int timeout_ms;
};

/** enum grab_options_result - what to do after parsing */
enum grab_options_result {
	GRAB_OPTIONS_RUN,	/* options are good */
	GRAB_OPTIONS_DONE,	/* help or version was printed */
	GRAB_OPTIONS_BAD,	/* a message was printed */
};

/**
 * grab_options_parse() - parse the command line
 * @o: out
 * @argc: as main() has it
 * @argv: as main() has it
 * Return: what to do.
 */
enum grab_options_result grab_options_parse(struct grab_options *o, int argc, char **argv);

#endif /* GRAB_OPTIONS_H */
