// SPDX-License-Identifier: MIT
/* vdc-lab-report: what the journals of ageing runs tell. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmascope/json_print.h"
#include "html/json_get.h"
#include "lab/report_html.h"
#include "lab/report_json.h"
#include "lab/report_read.h"
#include "lab/report_results.h"
#include "message.h"

/** struct wanted - the command line; @made: names that are to be freed */
struct wanted {
	char *made[3];
	const char *output;
	const char *json;
	const char *junit;
	const char *command;
	bool ktap;
	bool quiet;
};

static void print_help(void)
{
	printf("Usage: vdc-lab-report [OPTIONS] JOURNAL...\n\n"
	       "Tells what ageing runs found, from their journals: one HTML page, JSON, and a table.\n"
	       "A run whose guest lost power is reported as far as it came.\n\n"
	       "  -o, --output FILE    page to write (report.html); a directory: report.html, report.json\n"
	       "                       and junit.xml in it\n"
	       "  --json FILE          the same as JSON (report.json)\n"
	       "  --junit FILE         what has to hold, as JUnit's XML\n"
	       "  --command TEXT       what repeats the run, if it is one and its journal does not tell\n"
	       "  --ktap               what has to hold, as KTAP, in place of the table\n"
	       "  --quiet              no table\n"
	       "  --help, --version\n\n"
	       "FILE - is standard output; the table is left out then. JOURNAL - is standard input.\n"
	       "Exit status: 0 all holds, 1 something does not, 2 usage, 3 cannot read or write.\n");
}

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "json", required_argument, NULL, 'j' },
	{ "junit", required_argument, NULL, 'u' },
	{ "command", required_argument, NULL, 'c' },
	{ "ktap", no_argument, NULL, 'k' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 }
};

static bool is_stdout(const char *path)
{
	return path && !strcmp(path, "-");
}

/* Returns -1: go on, otherwise what to exit with. */
static int take(struct wanted *w, int key)
{
	switch (key) {
	case 'o':
		w->output = optarg;
		return -1;
	case 'j':
		w->json = optarg;
		return -1;
	case 'u':
		w->junit = optarg;
		return -1;
	case 'c':
		w->command = optarg;
		return -1;
	case 'k':
		w->ktap = true;
		return -1;
	case 'q':
		w->quiet = true;
		return -1;
	case 'h':
		print_help();
		return EXIT_OK;
	case 'V':
		printf("vdc-lab-report %s\n", VDC_RELEASE);
		return EXIT_OK;
	default:
		message("see --help");
		return EXIT_USAGE;
	}
}

/* As take(). */
static int parse(int argc, char **argv, struct wanted *w)
{
	int key, streams, ret;

	while ((key = getopt_long(argc, argv, "ho:", long_options, NULL)) != -1) {
		ret = take(w, key);
		if (ret >= 0)
			return ret;
	}
	if (optind == argc) {
		message("no journal; see --help");
		return EXIT_USAGE;
	}
	streams = is_stdout(w->output) + is_stdout(w->json) + is_stdout(w->junit);
	if (streams + w->ktap > 1) {
		message("only one thing can go to standard output");
		return EXIT_USAGE;
	}
	w->quiet |= streams > 0;
	return -1;
}

static bool is_directory(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

/* What is not named goes to @w->output, a directory. Returns whether there was memory. */
static bool name_files(struct wanted *w)
{
	static const char *const names[] = { "report.html", "report.json", "junit.xml" };
	const char **paths[] = { &w->output, &w->json, &w->junit };
	const char *directory = w->output;

	if (!is_directory(directory)) {
		w->json = w->json ? w->json : "report.json";
		return true;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (i && *paths[i])
			continue;
		if (asprintf(&w->made[i], "%s/%s", directory, names[i]) < 0) {
			w->made[i] = NULL;
			return false;
		}
		*paths[i] = w->made[i];
	}
	return true;
}

static int write_file(const char *path, int (*put)(struct json_object *, FILE *),
		      struct json_object *o)
{
	FILE *out = is_stdout(path) ? stdout : fopen(path, "we");
	int ret = out ? put(o, out) : -errno;

	if (out && fflush(out) && !ret)
		ret = -errno;
	if (out && out != stdout && fclose(out) && !ret)
		ret = -errno;
	if (ret)
		message("writing %s: %s", path, strerror(-ret));
	return ret;
}

static int write_all(const struct wanted *w, const struct report_runs *read)
{
	struct json_object *report = report_json(read), *judged = report_json_judged(report);
	int ret;

	if (w->command && read->count == 1 && !json_get(report, "command"))
		json_object_object_add(report, "command", json_object_new_string(w->command));
	ret = write_file(w->output, report_html, report);
	if (!ret && w->junit)
		ret = write_file(w->junit, report_junit, judged);
	if (!ret && w->ktap)
		report_ktap(judged, stdout);
	else if (!ret && !w->quiet)
		report_table(judged, stdout);
	if (!ret && fflush(stdout)) {
		message("writing: %s", strerror(errno));
		ret = -EIO;
	}
	if (!ret)
		ret = json_print(w->json, json_object_get(report));
	ret = ret ? EXIT_ENVIRONMENT : report_passed(judged) ? EXIT_OK : EXIT_FAILED;
	json_object_put(judged);
	json_object_put(report);
	return ret;
}

int main(int argc, char **argv)
{
	struct wanted w = { .output = "report.html" };
	struct report_runs runs = { 0 };
	int ret;

	message_program(argv[0]);
	ret = parse(argc, argv, &w);
	if (ret >= 0)
		return ret;
	ret = name_files(&w) ? 0 : -ENOMEM;
	if (ret)
		message("out of memory");
	for (int i = optind; i < argc && !ret; i++) {
		ret = report_read(&runs, argv[i]);
		if (ret)
			message("reading %s: %s", argv[i], strerror(-ret));
	}
	ret = ret ? EXIT_ENVIRONMENT : write_all(&w, &runs);
	report_runs_end(&runs);
	for (size_t i = 0; i < sizeof(w.made) / sizeof(w.made[0]); i++)
		free(w.made[i]);
	return ret;
}
