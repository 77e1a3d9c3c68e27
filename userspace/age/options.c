// SPDX-License-Identifier: MIT
/* The command line of vdc-age. */
#include "age/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#define DEFAULT_PROFILE	"mixed"
#define DEFAULT_HOURS	1.0
#define DEFAULT_PERIOD	3600.0
#define DEFAULT_FILL	50u
#define MOST_FILL	90u
#define DEFAULT_SEDIMENT 1024u
#define LEAST_SEDIMENT	64u
#define MOST_SEDIMENT	1024u	/* as large as a pipe may be */
#define MOST_MB		(1u << 24)

static void print_help(void)
{
	printf("Usage: vdc-age [OPTIONS]\n\n"
	       "Brings memory to the state of a machine after weeks: fills it, then takes and gives\n"
	       "back many kinds of things at random, the same with the same seed.\n\n"
	       "  --profile NAME[,...]  what ages it (default mixed: all); list: print them\n"
	       "  --seed N              of the random numbers (default 1)\n"
	       "  --hours H             length of the run (default %g)\n"
	       "  --period S            seconds from a burst of activity to the next (default %g)\n"
	       "  --burst S             seconds of a burst (default: all of the period)\n"
	       "  --fill PERCENT        of the memory available that is filled first (default %u)\n"
	       "  --sediment KB         a page that cannot be moved in each block of memory of so many kB\n"
	       "                        (default %u; 0: none)\n"
	       "  --memory MB           use so much memory at most, instead of what is available\n"
	       "  --cma MB              use so much contiguous memory at most\n"
	       "  --work DIR            where files come and go (default: a fresh one in /tmp)\n"
	       "  --device PATH         DRM device of the desktop's windows (default: vdc's)\n"
	       "  --json FILE|-         write a summary as JSON\n"
	       "  --journal FILE        append what happens, a JSON object a line\n"
	       "  --quiet               no progress, no table\n"
	       "  --help, --version\n\n"
	       "In the lab the environment gives timetable, seed and journal (VDC_LAB_*).\n\n"
	       "Exit status: 0 done, 1 a worker was killed, 2 usage, 3 nothing could run.\n",
	       DEFAULT_HOURS, DEFAULT_PERIOD, DEFAULT_FILL, DEFAULT_SEDIMENT);
}

/* struct times - the options that make a timetable; 0: not given */
struct times {
	double hours;
	double period;
	double burst;
};

static bool parse_whole(const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return !*end && !errno && *value <= max;
}

static bool parse_part(const char *text, unsigned int least, unsigned int most, unsigned int *value)
{
	uint64_t n;

	if (!parse_whole(text, most, &n) || n < least)
		return false;
	*value = (unsigned int)n;
	return true;
}

static bool parse_sediment(const char *text, unsigned int *kb)
{
	return parse_part(text, 0, 0, kb) || parse_part(text, LEAST_SEDIMENT, MOST_SEDIMENT, kb);
}

static bool parse_time(const char *text, double *value)
{
	char *end;

	if ((*text < '0' || *text > '9') && *text != '.')
		return false;
	*value = strtod(text, &end);
	return !*end && *value > 0;
}

static const struct option long_options[] = {
	{ "profile", required_argument, NULL, 'p' },
	{ "seed", required_argument, NULL, 's' },
	{ "hours", required_argument, NULL, 't' },
	{ "period", required_argument, NULL, 'e' },
	{ "burst", required_argument, NULL, 'b' },
	{ "fill", required_argument, NULL, 'f' },
	{ "sediment", required_argument, NULL, 'i' },
	{ "memory", required_argument, NULL, 'm' },
	{ "cma", required_argument, NULL, 'c' },
	{ "work", required_argument, NULL, 'w' },
	{ "device", required_argument, NULL, 'd' },
	{ "json", required_argument, NULL, 'j' },
	{ "journal", required_argument, NULL, 'o' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 }
};

/* Returns whether @value suits the option. */
static bool take(struct age_options *o, struct times *times, int option, const char *value)
{
	switch (option) {
	case 's':
		return parse_whole(value, UINT64_MAX, &o->seed);
	case 't':
		return parse_time(value, &times->hours);
	case 'e':
		return parse_time(value, &times->period);
	case 'b':
		return parse_time(value, &times->burst);
	case 'f':
		return parse_part(value, 0, MOST_FILL, &o->limits.fill_percent);
	case 'i':
		return parse_sediment(value, &o->sediment_kb);
	case 'm':
		return parse_part(value, 1, MOST_MB, &o->limits.memory_mb);
	case 'c':
		return parse_part(value, 1, MOST_MB, &o->limits.cma_mb);
	case 'w':
		o->work = value;
		return *value;
	case 'd':
		o->device = value;
		return *value;
	case 'j':
		o->json = value;
		return *value;
	case 'o':
		o->journal = value;
		return *value;
	case 'q':
		o->quiet = true;
		return true;
	default:
		return false;
	}
}

/* What is printed instead of a run. */
static bool is_done(int option, const char *value)
{
	if (option == 'h')
		print_help();
	else if (option == 'V')
		printf("vdc-age %s\n", VDC_RELEASE);
	else if (option == 'p' && !strcmp(value, "list"))
		age_profiles_print(stdout);
	else
		return false;
	return true;
}

static enum age_options_result read_options(struct age_options *o, struct times *times, int argc,
					    char **argv)
{
	int option, index;

	optind = 0;
	while ((option = getopt_long(argc, argv, "", long_options, &index)) != -1) {
		if (is_done(option, optarg))
			return AGE_OPTIONS_DONE;
		/* getopt_long() has said what is wrong. */
		if (option == '?')
			return AGE_OPTIONS_BAD;
		if (option == 'p') {
			if (age_profiles_select(&o->selection, optarg))
				return AGE_OPTIONS_BAD;
		} else if (!take(o, times, option, optarg)) {
			message("--%s: \"%s\" is not possible; see --help",
				long_options[index].name, optarg);
			return AGE_OPTIONS_BAD;
		}
	}
	if (optind == argc)
		return AGE_OPTIONS_RUN;
	message("unexpected \"%s\"; see --help", argv[optind]);
	return AGE_OPTIONS_BAD;
}

/* Options come before the environment; a run shorter than a period is one period. */
static int make_schedule(struct lab_schedule *s, const struct times *times)
{
	double hours = times->hours ? times->hours : DEFAULT_HOURS, period = times->period;
	int ret;

	if (!times->hours && !times->period && !times->burst) {
		ret = lab_schedule_environment(s);
		if (ret != -ENOENT)
			return ret;
	}
	if (!period)
		period = hours * 3600 < DEFAULT_PERIOD ? hours * 3600 : DEFAULT_PERIOD;
	ret = lab_schedule_set(s, hours, period, times->burst ? times->burst : period);
	if (ret)
		message("--hours, --period and --burst make no timetable; see --help");
	return ret;
}

static int environment_seed(uint64_t *seed)
{
	const char *text = getenv("VDC_LAB_SEED");

	if (!text || parse_whole(text, UINT64_MAX, seed))
		return 0;
	message("VDC_LAB_SEED=%s is not a number", text);
	return -EINVAL;
}

enum age_options_result age_options_parse(struct age_options *o, int argc, char **argv)
{
	struct times times = { 0 };
	enum age_options_result result;

	memset(o, 0, sizeof(*o));
	o->limits.fill_percent = DEFAULT_FILL;
	o->sediment_kb = DEFAULT_SEDIMENT;
	o->seed = 1;
	age_profiles_select(&o->selection, DEFAULT_PROFILE);
	if (environment_seed(&o->seed))
		return AGE_OPTIONS_BAD;
	result = read_options(o, &times, argc, argv);
	if (result == AGE_OPTIONS_RUN && make_schedule(&o->schedule, &times))
		result = AGE_OPTIONS_BAD;
	return result;
}
