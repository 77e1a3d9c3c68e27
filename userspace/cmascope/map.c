// SPDX-License-Identifier: MIT
/* cmascope map: what is where in the CMA areas. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmascope/commands.h"
#include "cmascope/map_draw.h"
#include "cmascope/map_json.h"
#include "cmascope/map_term.h"
#include "cmascope/map_text.h"
#include "message.h"

#define MAX_SECONDS	86400.0

/**
 * struct map_options - what the command line asks for
 * @area: the one area that is wanted, NULL: all
 * @root: "" or a directory
 * @files: where pictures and JSON go, NULL: not wanted; by enum output
 * @watch: seconds between looks, 0: once
 * @text: the printed picture, also on a terminal
 * @owners: ask page_owner
 */
enum output { OUTPUT_SVG, OUTPUT_PNG, OUTPUT_JSON, OUTPUTS };

struct map_options {
	const char *area;
	const char *root;
	const char *files[OUTPUTS];
	double watch;
	bool text;
	bool owners;
};

static const struct cli_option map_options[] = {
	{ 'a', "area", "NAME", "only this area; default: all" },
	{ 'o', "owners", NULL, "who allocated each page, from page_owner (slow)" },
	{ 't', "text", NULL, "print one picture, also on a terminal" },
	{ 'w', "watch", "SECONDS", "look again and again; default on a terminal: 1" },
	{ 's', "svg", "FILE", "draw a picture (\"-\": to standard output)" },
	{ 'p', "png", "FILE", "the same as pixels" },
	{ 'j', "json", "FILE", "all that is known (\"-\": to standard output)" },
	{ 'r', "root", "DIR", "a copy of another machine's /proc and /sys" },
	{ 0 }
};

static bool many_to_stdout(const struct map_options *o)
{
	int count = o->text;

	for (enum output i = 0; i < OUTPUTS; i++)
		count += o->files[i] && !strcmp(o->files[i], "-");
	return count > 1;
}

/* Return: CLI_END, CLI_HELP, or CLI_BAD. */
static int parse(const struct cli_command *command, int argc, char **argv, struct map_options *o)
{
	const char *value;
	int key;

	while ((key = cli_next(command, argc, argv, &value)) > CLI_END) {
		const struct {
			char key;
			const char **where;
		} texts[] = {
			{ 'a', &o->area }, { 'r', &o->root }, { 's', &o->files[OUTPUT_SVG] },
			{ 'p', &o->files[OUTPUT_PNG] }, { 'j', &o->files[OUTPUT_JSON] },
		};

		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
			if (texts[i].key == key)
				*texts[i].where = value;
		o->owners |= key == 'o';
		o->text |= key == 't';
		if (key == 'w' && !cli_real(value, 0.1, MAX_SECONDS, &o->watch)) {
			cli_refuse(command, 'w', value, "a number of seconds from 0.1 to 86400");
			return CLI_BAD;
		}
	}
	if (key == CLI_END && cli_operand() < argc) {
		message("map: unexpected \"%s\"", argv[cli_operand()]);
		return CLI_BAD;
	}
	if (key == CLI_END && many_to_stdout(o)) {
		message("map: only one of --svg, --png, --json and --text can be standard output");
		return CLI_BAD;
	}
	return key;
}

static int write_json(const struct cma_snapshot *snapshot, const struct map_options *o)
{
	const int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
			  JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *path = o->files[OUTPUT_JSON];
	struct json_object *object = map_json(snapshot, o->area);
	FILE *file;
	int ret = 0;

	if (!object)
		return -ENOMEM;
	file = strcmp(path, "-") ? fopen(path, "we") : stdout;
	if (!file || fprintf(file, "%s\n", json_object_to_json_string_ext(object, flags)) < 0)
		ret = -errno;
	if (file && (file == stdout ? fflush(file) : fclose(file)))
		ret = -errno;
	json_object_put(object);
	return ret;
}

static int write_files(const struct cma_snapshot *snapshot, const struct map_options *o)
{
	static const enum map_format formats[] = {
		[OUTPUT_SVG] = MAP_FORMAT_SVG, [OUTPUT_PNG] = MAP_FORMAT_PNG,
	};

	for (enum output i = 0; i < OUTPUTS; i++) {
		int ret;

		if (!o->files[i])
			continue;
		if (i == OUTPUT_JSON)
			ret = write_json(snapshot, o);
		else
			ret = map_draw(snapshot, o->area, formats[i], o->files[i]);
		if (ret) {
			message("writing %s: %s", o->files[i], strerror(-ret));
			return EXIT_ENVIRONMENT;
		}
	}
	return EXIT_OK;
}

static int take(const struct map_options *o, struct cma_snapshot *snapshot)
{
	int ret = cma_snapshot_take(o->root, CMA_LOOK_PAGES | CMA_LOOK_HOLDERS |
				    (o->owners ? CMA_LOOK_OWNERS : 0), snapshot);

	if (ret) {
		message("%s/proc/meminfo: %s: is %s a copy of /proc and /sys?", o->root,
			strerror(-ret), *o->root ? o->root : "/");
		return EXIT_ENVIRONMENT;
	}
	if (o->area && !cma_snapshot_find(snapshot, o->area)) {
		message("no area is called \"%s\"%s", o->area,
			snapshot->area_count ? "; there are:" : "");
		for (size_t i = 0; i < snapshot->area_count; i++)
			message("  %s", snapshot->areas[i].map.area.name);
		map_text_missing(stderr, snapshot);
		cma_snapshot_end(snapshot);
		return EXIT_ENVIRONMENT;
	}
	return EXIT_OK;
}

/* Whether at least one area can be shown. */
static bool anything_known(const struct cma_snapshot *snapshot, const char *only)
{
	for (size_t i = 0; i < snapshot->area_count; i++)
		if (snapshot->areas[i].map_known &&
		    (!only || cma_area_is(&snapshot->areas[i].map.area, only)))
			return true;
	return false;
}

static int show_once(const struct map_options *o)
{
	bool files = o->files[OUTPUT_SVG] || o->files[OUTPUT_PNG] || o->files[OUTPUT_JSON];
	struct cma_snapshot snapshot;
	int status = take(o, &snapshot);

	if (status)
		return status;
	status = write_files(&snapshot, o);
	if (!status && (!files || o->text)) {
		if (map_text(stdout, &snapshot, o->area)) {
			message("no memory");
			status = EXIT_ENVIRONMENT;
		}
		map_text_missing(stdout, &snapshot);
	} else if (!status) {
		for (size_t i = 0; i < snapshot.missing_count; i++)
			message("not known: %s", snapshot.missing[i]);
	}
	if (fflush(stdout) && !status)
		status = EXIT_ENVIRONMENT;
	if (!status && !anything_known(&snapshot, o->area))
		status = EXIT_ENVIRONMENT;
	cma_snapshot_end(&snapshot);
	return status;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
	struct map_options o = { .root = "" };
	bool files;
	int ret = parse(command, argc, argv, &o);

	if (ret != CLI_END)
		return ret == CLI_HELP ? EXIT_OK : EXIT_USAGE;
	files = o.files[OUTPUT_SVG] || o.files[OUTPUT_PNG] || o.files[OUTPUT_JSON];
	if (!files && !o.text && isatty(STDOUT_FILENO) && isatty(STDIN_FILENO)) {
		struct map_view view = {
			.area = o.area, .root = o.root, .owners = o.owners,
			.seconds = o.watch > 0 ? o.watch : 1,
		};

		return map_term(&view);
	}
	do {
		const struct timespec pause = {
			(time_t)o.watch, (long)((o.watch - (double)(time_t)o.watch) * 1e9)
		};

		ret = show_once(&o);
		if (ret || o.watch <= 0)
			break;
		putchar('\n');
		nanosleep(&pause, NULL);
	} while (true);
	return ret;
}

const struct cli_command map_command = {
	.name = "map",
	.summary = "show what is where in the CMA areas, and whose it is",
	.operands = "",
	.help = "Shows each CMA area: what is allocated and by whom, what is free, what movable\n"
		"memory borrows, and what cannot be moved now. On a terminal the picture is live\n"
		"(arrows, + and -, q); else it is printed once. Run as root, with debugfs mounted.",
	.options = map_options,
	.run = run,
};
