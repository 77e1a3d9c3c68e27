// SPDX-License-Identifier: MIT
/* Failures and verdicts, for people. */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cmascope/why.h"
#include "message.h"

#define ITEM	"   - "	/* in front of each line of a list */

/* What the command line adds to what the source says. */
static void complete(const struct why_options *o, struct cma_failure *failure)
{
	if (failure->align < 0)
		failure->align = o->align;
	if (failure->area.base_pfn == CMA_UNKNOWN && failure->base_offset == CMA_UNKNOWN)
		failure->area.base_pfn = o->base_pfn;
	if (!failure->kernel && !failure->old_message)
		failure->kernel = o->kernel;
	if (!failure->page_size)
		failure->page_size = o->page_size;
}

/* Add a line to what is not known. */
static void add_missing(struct why_report *report, struct cma_verdict *verdict, const char *line)
{
	char **grown = reallocarray(verdict->missing, verdict->missing_count + 1, sizeof(*grown));
	char *copy = strdup(line);

	if (grown)
		verdict->missing = grown;
	if (grown && copy) {
		grown[verdict->missing_count++] = copy;
		return;
	}
	free(copy);
	report->failed = true;
}

static struct why_group *find_group(struct why_report *report, const struct cma_failure *failure,
				    const struct cma_verdict *verdict)
{
	for (size_t i = 0; i < report->group_count; i++) {
		struct why_group *g = &report->groups[i];

		if (g->count == failure->count && g->error == failure->error &&
		    g->cause == verdict->cause && !strcmp(g->area, failure->area.name))
			return g;
	}
	return NULL;
}

/* Return: @text: " of 16 kB", nothing where it is not known. */
static const char *page_size(const struct cma_failure *failure, char text[24])
{
	text[0] = '\0';
	if (failure->page_size)
		snprintf(text, 24, " of %u kB", failure->page_size / 1024);
	return text;
}

static void print_head(FILE *out, uint64_t number, const struct cma_failure *failure)
{
	char size[24];

	fprintf(out, "%" PRIu64 ". ", number);
	if (failure->count != CMA_UNKNOWN)
		fprintf(out, "%" PRIu64 " pages%s", failure->count,
			page_size(failure, size));
	else
		fprintf(out, "a request of unknown size");
	if (*failure->area.name)
		fprintf(out, " from \"%s\"", failure->area.name);
	if (failure->error)
		fprintf(out, ", error %d", failure->error);
	if (failure->time >= 0)
		fprintf(out, ", at %.6f s", failure->time);
	if (failure->line)
		fprintf(out, ", line %" PRIu64, failure->line);
	if (*failure->comm)
		fprintf(out, ", by %s", failure->comm);
	if (failure->pid > 0)
		fprintf(out, "%s%d", *failure->comm ? ":" : ", by process ", failure->pid);
	fputc('\n', out);
}

static void print_lines(FILE *out, const char *title, char **lines, size_t count)
{
	if (!count)
		return;
	fprintf(out, "   %s:\n", title);
	for (size_t i = 0; i < count; i++)
		fprintf(out, ITEM "%s\n", lines[i]);
}

static void print_verdict(FILE *out, const struct cma_verdict *verdict)
{
	fprintf(out, "   %s%s.\n", verdict->summary, verdict->certain ||
		verdict->cause == CMA_CAUSE_UNKNOWN ? "" : " (most likely: see what is not known)");
	print_lines(out, "evidence", verdict->evidence, verdict->evidence_count);
	print_lines(out, "not known", verdict->missing, verdict->missing_count);
	print_lines(out, "what helps", verdict->remedies, verdict->remedy_count);
}

/* Add a failure to what was told; NULL: one like it was, and this one is only counted. */
static struct why_group *new_group(struct why_report *report, const struct cma_failure *failure,
				   const struct cma_verdict *verdict)
{
	struct why_group *g = find_group(report, failure, verdict);

	if (g)
		g->again++;
	if (g)
		return NULL;
	if (report->group_count == WHY_GROUPS) {
		report->other_kinds++;
		return NULL;
	}
	g = &report->groups[report->group_count++];
	memcpy(g->area, failure->area.name, sizeof(g->area));
	g->count = failure->count;
	g->error = failure->error;
	g->cause = verdict->cause;
	g->number = report->failures;
	return g;
}

/* What was seen before an earlier failure says nothing of this one. */
static char *look_again(struct why_report *report, const struct cma_failure *failure,
			const struct cma_verdict *verdict)
{
	struct cma_snapshot now;
	char *text = NULL;
	size_t size;
	FILE *out;

	if (report->options->follow && !report->look(&now)) {
		cma_snapshot_end(report->live);
		*report->live = now;
	}
	out = open_memstream(&text, &size);
	if (!out) {
		report->failed = true;
		return NULL;
	}
	why_live_tell(report->live, failure, verdict->cause, out);
	fclose(out);
	return text;
}

/* The items of a list that was told, without what marks them. */
static struct json_object *items_json(char *text)
{
	struct json_object *array = json_object_new_array();
	char *line;

	while ((line = strsep(&text, "\n")))
		if (!strncmp(line, ITEM, strlen(ITEM)))
			json_object_array_add(array,
					      json_object_new_string(line + strlen(ITEM)));
	return array;
}

static void tell(struct why_report *report, const struct cma_failure *failure,
		 const struct cma_verdict *verdict)
{
	struct why_group *g = new_group(report, failure, verdict);
	struct json_object *json;
	char *now;

	if (!g && !report->options->all)
		return;
	now = report->live ? look_again(report, failure, verdict) : NULL;
	print_head(report->out, report->failures, failure);
	print_verdict(report->out, verdict);
	fprintf(report->out, "%s\n", now ? now : "");
	if (report->options->follow)
		fflush(report->out);
	if (report->list) {
		json = why_json(failure, verdict);
		json_object_object_add(json, "now", now ? items_json(now) : NULL);
		if (g)
			g->json = json;
		json_object_array_add(report->list, json);
	}
	free(now);
}

void why_tell(void *data, const struct cma_failure *failure)
{
	struct why_report *report = data;
	const struct why_options *o = report->options;
	struct cma_failure known = *failure;
	struct cma_verdict verdict;

	if (o->area && *failure->area.name && strcmp(o->area, failure->area.name))
		return;
	if (report->live)
		why_live_place(report->live, &known);
	complete(o, &known);
	if (cma_judge(&known, &verdict)) {
		report->failed = true;
		return;
	}
	if (o->area && !*failure->area.name)
		add_missing(report, &verdict, "the area: it is not named, and may be another");
	if (*report->note)
		add_missing(report, &verdict, report->note);
	report->failures++;
	report->causes[verdict.cause]++;
	tell(report, &known, &verdict);
	cma_verdict_end(&verdict);
}

static void print_end(struct why_report *report)
{
	FILE *out = report->out;

	for (size_t i = 0; i < report->group_count && !report->options->all; i++)
		if (report->groups[i].again)
			fprintf(out, "%" PRIu64 ". came again, times: %" PRIu64
				" (--all tells each)\n", report->groups[i].number,
				report->groups[i].again);
	if (report->other_kinds && !report->options->all)
		fprintf(out, "%" PRIu64 " more of other kinds (--all tells each)\n",
			report->other_kinds);
	if (report->lost)
		fprintf(out, "The trace lost %" PRIu64
			" events: failures are less certain.\n", report->lost);
	if (!report->failures && *report->error)
		return;
	if (!report->failures) {
		fprintf(out, "No failed CMA allocation%s%s found.\n", report->options->area ?
			" of area " : "", report->options->area ? report->options->area : "");
		if (!(report->here && why_tell_unseen(report, "")) && report->lines)
			fputs("Failures of who asks for silence (__GFP_NOWARN) are in no log: see\n"
			      "/sys/kernel/mm/cma/*/alloc_pages_fail and cmascope record.\n", out);
		return;
	}
	fprintf(out, "%" PRIu64 " failed allocation%s:", report->failures,
		report->failures == 1 ? "" : "s");
	for (int cause = 0; cause < CMA_CAUSES; cause++)
		if (report->causes[cause])
			fprintf(out, " %s %" PRIu64, cma_cause_name((enum cma_cause)cause),
				report->causes[cause]);
	fputc('\n', out);
	if (report->here)
		why_tell_unseen(report, "");
}

static int write_json(struct why_report *report)
{
	struct json_object *root = json_object_new_object(), *causes = json_object_new_object();
	const char *path = report->options->json;
	int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE, ret = 0;

	for (size_t i = 0; i < report->group_count && !report->options->all; i++)
		if (report->groups[i].json)
			json_object_object_add(report->groups[i].json, "again",
					       json_object_new_uint64(report->groups[i].again));
	for (int cause = 0; cause < CMA_CAUSES; cause++)
		json_object_object_add(causes, cma_cause_name((enum cma_cause)cause),
				       json_object_new_uint64(report->causes[cause]));
	json_object_object_add(root, "failure_count", json_object_new_uint64(report->failures));
	json_object_object_add(root, "causes", causes);
	json_object_object_add(root, "lines", json_object_new_uint64(report->lines));
	json_object_object_add(root, "lost_events", json_object_new_uint64(report->lost));
	json_object_object_add(root, "not_told", json_object_new_uint64(report->options->all ?
									0 : report->other_kinds));
	json_object_object_add(root, "error", *report->error ?
			       json_object_new_string(report->error) : NULL);
	json_object_object_add(root, "unseen", report->unseen_list);
	json_object_object_add(root, "failures", report->list);
	if (!strcmp(path, "-"))
		printf("%s\n", json_object_to_json_string_ext(root, flags));
	else
		ret = json_object_to_file_ext(path, root, flags);
	if (ret)
		message("cannot write %s: %s", path, strerror(errno));
	json_object_put(root);
	return ret ? EXIT_ENVIRONMENT : EXIT_OK;
}

void why_error(struct why_report *report, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(report->error, sizeof(report->error), format, args);
	va_end(args);
	message("%s", report->error);
}

int why_end(struct why_report *report)
{
	int status = report->failures ? EXIT_FAILED : EXIT_OK;

	print_end(report);
	if (report->failed) {
		message("no memory: some failures are missing");
		status = EXIT_ENVIRONMENT;
	}
	if (report->list && write_json(report))
		status = EXIT_ENVIRONMENT;
	return status;
}
