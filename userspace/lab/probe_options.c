// SPDX-License-Identifier: MIT
#include "lab/probe_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#define NS			1e9
#define DEFAULT_WIDTH		1920
#define DEFAULT_HEIGHT		1080
#define MAX_SIZE		16384
#define DEFAULT_INTERVAL_S	1.0
#define DEFAULT_HOURS		1.0
#define DEFAULT_PERIOD_S	3600.0
#define DEFAULT_WAKEUP_MS	1.0
#define DEFAULT_SEED		1

static void print_help(void)
{
	printf("Usage: vdc-probe [OPTIONS]\n\n"
	       "Measures over uptime how often and how fast a 1920x1080 buffer can be had from each\n"
	       "contender, what memory looks like, and what others pay; explains each failure.\n\n"
	       "  --contender LIST       only these, with commas between (default: all there are):\n");
	for (int i = 0; i < CONTENDERS; i++)
		printf("                           %-12s %s\n", contender_types[i]->name,
		       contender_types[i]->summary);
	printf("  --width N, --height N  size of the picture (default %dx%d)\n"
	       "  --interval SECONDS     between measurements in a burst (default %g)\n"
	       "  --hold N               keep the last N buffers of each contender (default 0)\n"
	       "  --hours N              length of the run (default %g)\n"
	       "  --period SECONDS       from a burst to the next (default %g)\n"
	       "  --burst SECONDS        length of a burst (default: all of the period)\n"
	       "  --once                 one measurement of everything as a table\n"
	       "  --wakeup MS            period of the real-time thread, 0: none (default %g)\n"
	       "  --json FILE|-          the summary as JSON\n"
	       "  --journal FILE         append each result as a line of JSON\n"
	       "  --seed N               of order and times (default %d)\n"
	       "  --quiet                no table\n"
	       "  --help, --version\n\n"
	       "Without --hours, --period and --burst the timetable is the environment's\n"
	       "(VDC_LAB_START and so on), as are journal and seed (VDC_LAB_JOURNAL, VDC_LAB_SEED).\n\n"
	       "Exit status: 0 measured, 2 usage, 3 nothing to measure, no permission, no memory.\n",
	       DEFAULT_WIDTH, DEFAULT_HEIGHT, DEFAULT_INTERVAL_S, DEFAULT_HOURS, DEFAULT_PERIOD_S,
	       DEFAULT_WAKEUP_MS, DEFAULT_SEED);
}

static const struct option long_options[] = {
	{ "contender", required_argument, NULL, 'c' },
	{ "width", required_argument, NULL, 'x' },
	{ "height", required_argument, NULL, 'y' },
	{ "interval", required_argument, NULL, 'i' },
	{ "hold", required_argument, NULL, 'k' },
	{ "hours", required_argument, NULL, 'H' },
	{ "period", required_argument, NULL, 'p' },
	{ "burst", required_argument, NULL, 'b' },
	{ "once", no_argument, NULL, 'o' },
	{ "wakeup", required_argument, NULL, 'w' },
	{ "json", required_argument, NULL, 'j' },
	{ "journal", required_argument, NULL, 'J' },
	{ "seed", required_argument, NULL, 's' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 }
};

static bool parse_whole(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	unsigned long long n;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	n = strtoull(text, &end, 10);
	*value = n;
	return !*end && !errno && n >= min && n <= max;
}

static bool parse_size(const char *text, uint32_t *size)
{
	uint64_t n;
	bool good = parse_whole(text, 1, MAX_SIZE, &n);

	*size = good ? (uint32_t)n : *size;
	return good;
}

static bool parse_real(const char *text, double min, double max, double *value)
{
	char *end;

	if ((*text < '0' || *text > '9') && *text != '.')
		return false;
	*value = strtod(text, &end);
	return end != text && !*end && *value >= min && *value <= max;
}

static bool parse_time(const char *text, double unit, double min, double max, uint64_t *ns)
{
	double value;

	if (!parse_real(text, min, max, &value))
		return false;
	*ns = (uint64_t)(value * unit * NS);
	return true;
}

static bool parse_list(const char *text, struct probe_options *o)
{
	while (*text) {
		size_t length = strcspn(text, ",");
		char name[32];
		int found;

		snprintf(name, sizeof(name), "%.*s", (int)(length < 31 ? length : 31), text);
		found = contender_find(name);
		if (found < 0)
			return false;
		o->wanted[found] = true;
		o->named = true;
		text += length;
		text += *text == ',';
	}
	return o->named;
}

static bool parse_hold(const char *text, unsigned int *hold)
{
	uint64_t n;
	bool good = parse_whole(text, 0, PROBE_MAX_HOLD, &n);

	*hold = good ? (unsigned int)n : *hold;
	return good;
}

static bool take(struct probe_options *o, int option, const char *value)
{
	switch (option) {
	case 'c':
		return parse_list(value, o);
	case 'x':
		return parse_size(value, &o->request.width);
	case 'y':
		return parse_size(value, &o->request.height);
	case 'i':
		return parse_time(value, 1, 0.001, 86400, &o->interval_ns);
	case 'k':
		return parse_hold(value, &o->hold);
	case 'H':
		o->timetable = true;
		return parse_real(value, 0, 1e9, &o->hours);
	case 'p':
		o->timetable = true;
		return parse_real(value, 0, 1e9, &o->period_s);
	case 'b':
		o->timetable = true;
		return parse_real(value, 0, 1e9, &o->burst_s);
	case 'o':
		o->once = true;
		return true;
	case 'q':
		o->quiet = true;
		return true;
	case 'w':
		return parse_time(value, 1 / 1e3, 0, 1000, &o->wakeup_ns) &&
			(!o->wakeup_ns || o->wakeup_ns >= 100000);
	case 'j':
		o->json = value;
		return *value;
	case 'J':
		o->journal = value;
		return *value;
	case 's':
		return parse_whole(value, 0, UINT64_MAX, &o->seed);
	default:
		return false;
	}
}

static enum probe_options_result parse_all(struct probe_options *o, int argc, char **argv)
{
	int option, index;

	optind = 0;
	while ((option = getopt_long(argc, argv, "", long_options, &index)) != -1) {
		if (option == 'h') {
			print_help();
			return PROBE_OPTIONS_DONE;
		}
		if (option == 'V') {
			printf("vdc-probe %s\n", VDC_RELEASE);
			return PROBE_OPTIONS_DONE;
		}
		/* getopt_long() has said what is wrong. */
		if (option == '?')
			return PROBE_OPTIONS_BAD;
		if (!take(o, option, optarg)) {
			message("--%s: \"%s\" is not possible; see --help",
				long_options[index].name, optarg);
			return PROBE_OPTIONS_BAD;
		}
	}
	if (optind < argc) {
		message("unexpected \"%s\"; see --help", argv[optind]);
		return PROBE_OPTIONS_BAD;
	}
	return PROBE_OPTIONS_RUN;
}

enum probe_options_result probe_options_parse(struct probe_options *o, int argc, char **argv)
{
	const char *seed = getenv("VDC_LAB_SEED");
	enum probe_options_result result;

	*o = (struct probe_options){
		.request = { DEFAULT_WIDTH, DEFAULT_HEIGHT },
		.interval_ns = (uint64_t)(DEFAULT_INTERVAL_S * NS),
		.hours = DEFAULT_HOURS, .period_s = DEFAULT_PERIOD_S, .burst_s = -1,
		.wakeup_ns = (uint64_t)(DEFAULT_WAKEUP_MS * NS / 1000), .seed = DEFAULT_SEED,
	};
	if (seed && !parse_whole(seed, 0, UINT64_MAX, &o->seed)) {
		message("VDC_LAB_SEED=%s is not a number", seed);
		return PROBE_OPTIONS_BAD;
	}
	result = parse_all(o, argc, argv);
	for (int i = 0; i < CONTENDERS && !o->named; i++)
		o->wanted[i] = true;
	if (o->burst_s < 0)
		o->burst_s = o->period_s;
	if (result == PROBE_OPTIONS_RUN && o->once && o->timetable) {
		message("--once has no timetable: leave out --hours, --period and --burst");
		return PROBE_OPTIONS_BAD;
	}
	return result;
}
