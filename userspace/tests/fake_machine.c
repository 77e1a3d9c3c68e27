// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fake_machine.h"
#include "tests/harness.h"

char *fake_machine_create(void)
{
	char *root = strdup("/tmp/fake-machine-XXXXXX");

	assert_non_null(root);
	assert_non_null(mkdtemp(root));
	return root;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void fake_machine_destroy(char *root)
{
	assert_int_equal(nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	free(root);
}

/* The whole path; all directories above it exist afterwards. Return: to be freed. */
static char *place(const char *root, const char *path)
{
	char *whole;

	assert_true(asprintf(&whole, "%s%s", root, path) > 0);
	for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		assert_true(!mkdir(whole, 0755) || errno == EEXIST);
		*slash = '/';
	}
	return whole;
}

void fake_file(const char *root, const char *path, const char *text)
{
	char *whole = place(root, path);
	FILE *file;

	if (text) {
		file = fopen(whole, "we");
		assert_non_null(file);
		assert_true(fputs(text, file) >= 0);
		assert_int_equal(fclose(file), 0);
	} else {
		assert_int_equal(remove(whole), 0);
	}
	free(whole);
}

void fake_number(const char *root, const char *path, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu\n", (unsigned long long)value);
	fake_file(root, path, text);
}

void fake_link(const char *root, const char *path, const char *target)
{
	char *whole = place(root, path);

	assert_int_equal(symlink(target, whole), 0);
	free(whole);
}

void fake_words(const char *root, const char *path, uint64_t first, const uint64_t *words,
		size_t count)
{
	char *whole = place(root, path);
	FILE *file = fopen(whole, "r+e");

	if (!file)
		file = fopen(whole, "we");
	assert_non_null(file);
	assert_int_equal(fseeko(file, (off_t)(first * sizeof(*words)), SEEK_SET), 0);
	assert_int_equal(fwrite(words, sizeof(*words), count, file), count);
	assert_int_equal(fclose(file), 0);
	free(whole);
}

bool says_missing(const struct cma_snapshot *snapshot, const char *word)
{
	for (size_t i = 0; i < snapshot->missing_count; i++)
		if (strstr(snapshot->missing[i], word))
			return true;
	return false;
}
