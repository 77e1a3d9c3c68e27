// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grab/options.h"
#include "message.h"

#define DEFAULT_OUTPUT		"vdc-grab.png"
#define DEFAULT_TIMEOUT_MS	5000
#define MAX_TIMEOUT_S		3600.0

static void print_help(void)
{
	printf("Usage: vdc-grab [OPTIONS]\n\n"
	       "Takes a screenshot of what a CRTC puts out, all planes and colours as they are on\n"
	       "screen, through the controller's writeback, and stores it as PNG.\n\n"
	       "  --output FILE|-      default %s\n"
	       "  --connector NAME|ID  the CRTC that feeds this connector\n"
	       "  --crtc ID            this CRTC (default: the first that runs)\n"
	       "  --device PATH        card node (default: the first whose driver is \"vdc\")\n"
	       "  --timeout SECONDS    wait so long for the picture (default %g)\n"
	       "  --json FILE|-        describe the picture as JSON\n"
	       "  --help, --version\n\n"
	       "A commit needs DRM master: while a compositor or vdc-flip runs, vdc-grab says who it\n"
	       "is and gives up.\n\n"
	       "Exit status: 0 done, 1 the picture did not come, 2 usage, 3 no device, no permission.\n",
	       DEFAULT_OUTPUT, DEFAULT_TIMEOUT_MS / 1000.0);
}

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "connector", required_argument, NULL, 'c' },
	{ "crtc", required_argument, NULL, 'C' },
	{ "device", required_argument, NULL, 'd' },
	{ "timeout", required_argument, NULL, 't' },
	{ "json", required_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 }
};

static bool parse_id(const char *text, uint32_t *id)
{
	unsigned long n;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	n = strtoul(text, &end, 10);
	*id = (uint32_t)n;
	return !*end && !errno && n && n <= UINT32_MAX;
}

static bool parse_timeout(const char *text, int *ms)
{
	double s;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	s = strtod(text, &end);
	if (*end || !(s > 0 && s <= MAX_TIMEOUT_S))
		return false;
	*ms = (int)(s * 1000 + 0.5);
	return true;
}

static bool take(struct grab_options *o, int option, const char *value)
{
	switch (option) {
	case 'o':
		o->output = value;
		return *value;
	case 'c':
		o->connector = value;
		return *value;
	case 'C':
		return parse_id(value, &o->crtc);
	case 'd':
		o->device = value;
		return *value;
	case 't':
		return parse_timeout(value, &o->timeout_ms);
	case 'j':
		o->json = value;
		return *value;
	default:
		return false;
	}
}

enum grab_options_result grab_options_parse(struct grab_options *o, int argc, char **argv)
{
	int option, index;

	memset(o, 0, sizeof(*o));
	o->output = DEFAULT_OUTPUT;
	o->timeout_ms = DEFAULT_TIMEOUT_MS;
	optind = 0;
	while ((option = getopt_long(argc, argv, "", long_options, &index)) != -1) {
		if (option == 'h') {
			print_help();
			return GRAB_OPTIONS_DONE;
		}
		if (option == 'V') {
			printf("vdc-grab %s\n", VDC_RELEASE);
			return GRAB_OPTIONS_DONE;
		}
		/* getopt_long() has said what is wrong. */
		if (option == '?')
			return GRAB_OPTIONS_BAD;
		if (!take(o, option, optarg)) {
			message("--%s: \"%s\" is not possible; see --help",
				long_options[index].name, optarg);
			return GRAB_OPTIONS_BAD;
		}
	}
	if (optind < argc) {
		message("unexpected \"%s\"; see --help", argv[optind]);
		return GRAB_OPTIONS_BAD;
	}
	if (o->crtc && o->connector) {
		message("--crtc and --connector exclude each other");
		return GRAB_OPTIONS_BAD;
	}
	if (o->json && !strcmp(o->json, "-") && !strcmp(o->output, "-")) {
		message("picture and JSON cannot both go to standard output");
		return GRAB_OPTIONS_BAD;
	}
	return GRAB_OPTIONS_RUN;
}
