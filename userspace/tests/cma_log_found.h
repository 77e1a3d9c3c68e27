/* SPDX-License-Identifier: MIT */
/* The failures that are found in a text. */
#ifndef TESTS_CMA_LOG_FOUND_H
#define TESTS_CMA_LOG_FOUND_H

#include <string.h>

#include "cma/log.h"
#include "tests/harness.h"

#define MAX_FOUND	8

/** struct found - the failures of a log, with their runs */
struct found {
	size_t count;
	struct cma_failure failures[MAX_FOUND];
	struct cma_run runs[MAX_FOUND][16];
};

static inline void keep(void *data, const struct cma_failure *failure)
{
	struct found *found = data;

	assert_true(found->count < MAX_FOUND);
	assert_true(failure->run_count <= 16);
	found->failures[found->count] = *failure;
	for (size_t i = 0; i < failure->run_count; i++)
		found->runs[found->count][i] = failure->runs[i];
	found->count++;
}

static inline struct found read_text(const char *text)
{
	struct found found = { 0 };
	struct cma_log *log = cma_log_create(keep, &found);

	assert_non_null(log);
	assert_int_equal(cma_log_feed(log, text, strlen(text)), 0);
	assert_int_equal(cma_log_flush(log), 0);
	cma_log_destroy(log);
	return found;
}

#endif /* TESTS_CMA_LOG_FOUND_H */
