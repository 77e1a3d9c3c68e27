// SPDX-License-Identifier: MIT
/*
 * Logs out of public bug reports, in corpus/: each gets the causes that its report's authors found.
 * A file's head has "# source: ADDRESS" (or that none is known), "# expect: CAUSE..." (one for each
 * failure; "none": there is no failure), "# says: TEXT" (must stand in the evidence or in what is
 * missing), "# kernel: N" (as struct cma_failure's).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/log.h"
#include "cma/verdict.h"
#include "tests/harness.h"

#define MIN_FILES	45

/** struct reading - what was found in a file */
struct reading {
	unsigned int kernel;
	char causes[256];
	char *said;
	size_t said_size;
	FILE *says;
};

static void judge(void *data, const struct cma_failure *failure)
{
	struct reading *r = data;
	struct cma_failure known = *failure;
	struct cma_verdict v;
	size_t used = strlen(r->causes);

	if (!known.kernel)
		known.kernel = r->kernel;
	assert_int_equal(cma_judge(&known, &v), 0);
	assert_non_null(v.summary);
	assert_true(v.evidence_count > 0);
	assert_true(v.remedy_count > 0);
	snprintf(r->causes + used, sizeof(r->causes) - used, "%s%s", used ? " " : "",
		 cma_cause_name(v.cause));
	for (size_t i = 0; i < v.evidence_count; i++)
		fprintf(r->says, "%s\n", v.evidence[i]);
	for (size_t i = 0; i < v.missing_count; i++)
		fprintf(r->says, "%s\n", v.missing[i]);
	cma_verdict_end(&v);
}

/* Read it in pieces of some size, as a pipe would give them. */
static void read_log(struct reading *r, const char *text, size_t size, size_t piece)
{
	struct cma_log *log = cma_log_create(judge, r);

	assert_non_null(log);
	for (size_t at = 0; at < size; at += piece)
		assert_int_equal(cma_log_feed(log, text + at,
					      size - at < piece ? size - at : piece), 0);
	assert_int_equal(cma_log_flush(log), 0);
	cma_log_destroy(log);
}

/* "# NAME: VALUE" lines; @at is moved on. Return: VALUE in @value, or false. */
static bool next_head(const char **at, const char *name, char *value, size_t room)
{
	char word[32];
	const char *found;

	snprintf(word, sizeof(word), "# %s: ", name);
	found = strstr(*at, word);
	if (!found)
		return false;
	found += strlen(word);
	*at = found + strcspn(found, "\n");
	snprintf(value, room, "%.*s", (int)(*at - found), found);
	return true;
}

/* Whoever doubts a log can look it up, or is told that he cannot. */
static bool has_address(const char *text)
{
	char value[256];

	while (next_head(&text, "source", value, sizeof(value)))
		if (strstr(value, "://") || strstr(value, "no address is known"))
			return true;
	return false;
}

static void check(const char *name, const char *text, size_t size, size_t piece)
{
	struct reading r = { 0 };
	char value[256];
	const char *at = text;

	if (next_head(&at, "kernel", value, sizeof(value)))
		r.kernel = (unsigned int)atoi(value);
	r.says = open_memstream(&r.said, &r.said_size);
	assert_non_null(r.says);
	read_log(&r, text, size, piece);
	fclose(r.says);
	at = text;
	assert_true(next_head(&at, "expect", value, sizeof(value)));
	if (strcmp(*r.causes ? r.causes : "none", value))
		fail_msg("%s in pieces of %zu: \"%s\" instead of \"%s\"", name, piece, r.causes,
			 value);
	for (at = text; next_head(&at, "says", value, sizeof(value));)
		if (!strstr(r.said, value))
			fail_msg("%s: \"%s\" is not in\n%s", name, value, r.said);
	if (!has_address(text))
		fail_msg("%s: no source has an address", name);
	free(r.said);
}

static void check_file(const char *directory, const char *name)
{
	static const size_t pieces[] = { 1, 7, 100, 1 << 20 };
	char path[512], *text;
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "r");
	assert_non_null(file);
	text = calloc(1, 1 << 20);
	assert_non_null(text);
	size = fread(text, 1, (1 << 20) - 1, file);
	fclose(file);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		check(name, text, size, pieces[i]);
	free(text);
}

static void reports_get_the_cause_their_authors_found(void **state)
{
	const char *directory = getenv("CMA_CORPUS");
	struct dirent *entry;
	int files = 0;
	DIR *dir;

	(void)state;
	if (!directory)
		directory = "userspace/tests/corpus";
	dir = opendir(directory);
	if (!dir)
		fail_msg("no %s: run at the top of the tree", directory);
	while ((entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);

		if (length < 4 || strcmp(entry->d_name + length - 4, ".log"))
			continue;
		check_file(directory, entry->d_name);
		files++;
	}
	closedir(dir);
	assert_true(files >= MIN_FILES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_get_the_cause_their_authors_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
