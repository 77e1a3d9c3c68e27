// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flip/options.h"
#include "message.h"

#define DEFAULT_SECONDS	20
#define MAX_SECONDS	(10.0 * 365 * 86400)
#define MAX_FRAMES	0x7fffffffUL
#define MAX_RENDER_MS	10000UL

static void print_help(void)
{
	printf("Usage: vdc-flip [OPTIONS]\n\n"
	       "Shows a moving picture with one, two or three buffers, flips at every vblank, and\n"
	       "proves by CRC that each frame scanned was the frame intended.\n\n"
	       "  --device PATH        card node (default: the first whose driver is \"vdc\")\n"
	       "  --any                the first card with atomic modesetting, of any driver\n"
	       "  --connector NAME|ID  default: the first with a display\n"
	       "  --mode WxH[@HZ]      default: the display's preferred mode\n"
	       "  --buffers 1|2|3      default 3; with 1 the picture tears, and that is detected\n"
	       "  --seconds N          run so long (default %d; 0: until interrupted)\n"
	       "  --frames N           stop after N flips\n"
	       "  --render-ms N        busy load of each frame: why three buffers help\n"
	       "  --export             a second process renders, through exported DMA-BUFs\n"
	       "  --json FILE|-        write the result as JSON\n"
	       "  --quiet              no live line, no table\n"
	       "  --help, --version\n\n"
	       "Exit status: 0 right, 1 torn, repeated or lost frames, 2 usage, 3 no device, no\n"
	       "permission, unplugged.\n", DEFAULT_SECONDS);
}

static bool parse_count(const char *text, unsigned long max, unsigned int *value)
{
	char *end;
	unsigned long n;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	n = strtoul(text, &end, 10);
	if (*end || errno || n > max)
		return false;
	*value = (unsigned int)n;
	return true;
}

static bool parse_seconds(const char *text, double *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	*value = strtod(text, &end);
	return !*end && *value <= MAX_SECONDS;
}

static const struct option long_options[] = {
	{ "device", required_argument, NULL, 'd' },
	{ "any", no_argument, NULL, 'a' },
	{ "connector", required_argument, NULL, 'c' },
	{ "mode", required_argument, NULL, 'm' },
	{ "buffers", required_argument, NULL, 'b' },
	{ "seconds", required_argument, NULL, 's' },
	{ "frames", required_argument, NULL, 'n' },
	{ "render-ms", required_argument, NULL, 'r' },
	{ "export", no_argument, NULL, 'e' },
	{ "json", required_argument, NULL, 'j' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 }
};

/* Returns whether @value suits the option. */
static bool take(struct flip_options *o, int option, const char *value)
{
	switch (option) {
	case 'd':
		o->device = value;
		return *value;
	case 'a':
		o->any = true;
		return true;
	case 'c':
		o->connector = value;
		return *value;
	case 'm':
		return kms_mode_parse(value, &o->mode);
	case 'b':
		return parse_count(value, FLIP_MAX_BUFFERS, &o->buffers) && o->buffers;
	case 's':
		return parse_seconds(value, &o->seconds);
	case 'n':
		return parse_count(value, MAX_FRAMES, &o->frames) && o->frames;
	case 'r':
		return parse_count(value, MAX_RENDER_MS, &o->render_ms);
	case 'e':
		o->export = true;
		return true;
	case 'j':
		o->json = value;
		return *value;
	case 'q':
		o->quiet = true;
		return true;
	default:
		return false;
	}
}

enum flip_options_result flip_options_parse(struct flip_options *o, int argc, char **argv)
{
	bool seconds_given = false;
	int option, index;

	memset(o, 0, sizeof(*o));
	o->buffers = FLIP_MAX_BUFFERS;
	o->seconds = DEFAULT_SECONDS;
	optind = 0;
	while ((option = getopt_long(argc, argv, "", long_options, &index)) != -1) {
		if (option == 'h') {
			print_help();
			return FLIP_OPTIONS_DONE;
		}
		if (option == 'V') {
			printf("vdc-flip %s\n", VDC_RELEASE);
			return FLIP_OPTIONS_DONE;
		}
		/* getopt_long() has said what is wrong. */
		if (option == '?')
			return FLIP_OPTIONS_BAD;
		if (!take(o, option, optarg)) {
			message("--%s: \"%s\" is not possible; see --help",
				long_options[index].name, optarg);
			return FLIP_OPTIONS_BAD;
		}
		seconds_given |= option == 's';
	}
	if (optind < argc) {
		message("unexpected \"%s\"; see --help", argv[optind]);
		return FLIP_OPTIONS_BAD;
	}
	if (o->device && o->any) {
		message("--device and --any exclude each other");
		return FLIP_OPTIONS_BAD;
	}
	/* A number of frames alone says how long. */
	if (o->frames && !seconds_given)
		o->seconds = 0;
	return FLIP_OPTIONS_RUN;
}
