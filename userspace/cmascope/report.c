// SPDX-License-Identifier: MIT
/* cmascope report: all there is to see, on one page. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "cmascope/account_json.h"
#include "cmascope/commands.h"
#include "cmascope/json_print.h"
#include "cmascope/report.h"
#include "message.h"

struct wanted {
	const char *trace;
	const char *output;
	const char *root;
	const char *log;
	const char *json;
};

static void add_text(struct json_object *o, const char *name, const char *text)
{
	json_object_object_add(o, name, json_object_new_string(text));
}

static void add_trace(struct json_object *report, const char *path,
		      const struct cma_account *account, const struct cma_trace_info *info)
{
	struct json_object *o = json_object_new_object();
	double seconds = (double)(account->last_ns - account->first_ns) / 1e9;

	add_text(o, "file", path);
	json_object_object_add(o, "seconds", json_object_new_double(seconds));
	json_object_object_add(o, "events", json_object_new_uint64(account->events));
	json_object_object_add(o, "lost", json_object_new_uint64(info->lost));
	json_object_object_add(o, "cut", json_object_new_boolean(info->cut));
	json_object_object_add(report, "trace", o);
	json_object_object_add(report, "machine", info_json(info));
	json_object_object_add(report, "events", account_json(account, info, seconds));
	json_object_object_add(report, "histogram", report_histogram(&account->total.latency));
}

/* It is read three times: counted, filmed, judged. */
static int read_trace(struct json_object *report, const char *path, struct json_object *missing)
{
	struct cma_account *account = cma_account_create();
	struct cma_trace_reader *reader = NULL;
	struct json_object *films = NULL;
	struct cma_event event;
	struct stat status;
	int ret = account ? 0 : -ENOMEM;

	if (!ret && !stat(path, &status) && !S_ISREG(status.st_mode)) {
		message("report: %s is no file: it has to be read more than once", path);
		ret = -EINVAL;
	}
	if (!ret)
		ret = cma_trace_open(path, &reader);
	while (!ret && (ret = cma_trace_next(reader, &event)) > 0) {
		cma_account_add(account, cma_trace_info(reader), &event);
		ret = 0;
	}
	if (!ret) {
		add_trace(report, path, account, cma_trace_info(reader));
		films = report_films(path, account, missing);
		json_object_object_add(report, "films", films);
	} else if (ret != -EINVAL) {
		message("%s: %s", path, strerror(-ret));
	}
	cma_trace_close(reader);
	cma_account_destroy(account);
	return ret;
}

/* Whether a trace seems to be of this machine, so that the machine as it is now belongs to it. */
static bool is_here(struct json_object *machine)
{
	uint64_t kb = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
	struct utsname name;

	uname(&name);
	return !strcmp(json_text(machine, "release"), name.release) &&
	       json_number(machine, "memory_kb") == (double)kb;
}

static void add_machine(struct json_object *report, const char *root)
{
	struct json_object *o = json_object_new_object(), *now = json_get(report, "now");
	struct utsname name;

	uname(&name);
	add_text(o, "release", *root ? "" : name.release);
	if (now) {
		struct json_object *memory = json_get(json_get(now, "memory"), "total_kb");

		json_object_object_add(o, "page_size",
				       json_object_get(json_get(now, "page_size")));
		json_object_object_add(o, "memory_kb", json_object_get(memory));
	}
	json_object_object_add(report, "machine", o);
}

static void look_around(struct json_object *report, const struct wanted *w,
			struct json_object *missing)
{
	const char *root = w->root ? w->root : "";
	struct json_object *types;

	if (w->trace && !w->root && !is_here(json_get(report, "machine")))
		return;
	json_object_object_add(report, "now", report_now(root, missing));
	types = report_pagetypes(root, missing);
	if (types)
		json_object_object_add(report, "pagetypes", types);
	if (!w->trace)
		add_machine(report, root);
}

static int write_page(struct json_object *report, const char *path)
{
	FILE *out = strcmp(path, "-") ? fopen(path, "we") : stdout;
	int ret = out ? report_html(report, out) : -errno;

	if (out && fflush(out) && !ret)
		ret = -errno;
	if (out && out != stdout && fclose(out) && !ret)
		ret = -errno;
	if (ret)
		message("writing %s: %s", path, strerror(-ret));
	return ret;
}

/* In bytes; a log is of the machine that the rest is of. */
static unsigned int page_size(struct json_object *report)
{
	return (unsigned int)json_number(json_get(report, "machine"), "page_size");
}

static int make_report(const struct wanted *w)
{
	struct json_object *report = json_object_new_object(), *missing = json_object_new_array();
	struct json_object *why;
	time_t now = time(NULL);
	char date[64];
	int ret = 0;

	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S UTC", gmtime(&now));
	add_text(report, "written", date);
	json_object_object_add(report, "missing", missing);
	if (w->trace)
		ret = read_trace(report, w->trace, missing);
	if (!ret) {
		look_around(report, w, missing);
		if (w->root && !w->trace && !w->log)
			why = NULL;
		else
			why = report_verdicts(w->trace, w->log, page_size(report));
		if (why)
			json_object_object_add(report, "why", why);
		ret = !why && w->log ? -EIO : write_page(report, w->output);
	}
	if (!ret && w->json)
		return json_print(w->json, report) ? EXIT_ENVIRONMENT : EXIT_OK;
	json_object_put(report);
	return ret ? EXIT_ENVIRONMENT : EXIT_OK;
}

static int parse(const struct cli_command *command, int argc, char **argv, struct wanted *w)
{
	const char *value;
	int key;

	while ((key = cli_next(command, argc, argv, &value)) > 0) {
		if (key == 'o')
			w->output = value;
		else if (key == 'r')
			w->root = value;
		else if (key == 'l')
			w->log = value;
		else
			w->json = value;
	}
	if (key == CLI_BAD)
		return EXIT_USAGE;
	if (key)
		return key;
	if (cli_operand() < argc)
		w->trace = argv[cli_operand()];
	if (cli_operand() + 1 < argc) {
		message("report: unexpected \"%s\"", argv[cli_operand() + 1]);
		return EXIT_USAGE;
	}
	if (w->json && !strcmp(w->json, "-") && !strcmp(w->output, "-")) {
		message("report: the page and --json cannot both go to standard output");
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
	struct wanted w = { .output = "report.html" };
	int ret = parse(command, argc, argv, &w);

	if (ret)
		return ret == CLI_HELP ? EXIT_OK : ret;
	return make_report(&w);
}

const struct cli_command report_command = {
	.name = "report",
	.summary = "one HTML page of a trace, or of this machine",
	.operands = "[TRACE]",
	.help = "Writes a page that needs nothing else: areas over time, latency, fragmentation,\n"
		"free memory by type, and why allocations failed. With TRACE (of cmascope record or\n"
		"trace-cmd) of that, otherwise of the machine as it is.",
	.options = (const struct cli_option[]){
		{ 'o', "output", "FILE", "page to write (report.html), - for standard output" },
		{ 'r', "root", "DIR", "a copy of /proc and /sys instead of this machine's" },
		{ 'l', "log", "FILE", "failures of this kernel log, too" },
		{ 'j', "json", "FILE", "write the same as JSON, - for standard output" },
		{ 0 } },
	.run = run,
};
