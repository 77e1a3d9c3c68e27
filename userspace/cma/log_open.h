/* SPDX-License-Identifier: MIT */
/* Failures that a log has begun to tell of: their lists, or their memory status, may still come. */
#ifndef CMA_LOG_OPEN_H
#define CMA_LOG_OPEN_H

#include <stdbool.h>
#include <stddef.h>

#include "cma/failure.h"
#include "cma/log_boot.h"
#include "cma/log_line.h"
#include "cma/log_list.h"

#define LOG_OPEN	8	/* failures at one time */

/**
 * struct log_open_failure - one of them
 * @failure: what is known
 * @listed: its list has begun, or cannot come any more
 * @free_kb: free in the zones listed so far, without CMA's, CMA_UNKNOWN: none was
 * @min_kb: their min watermarks
 */
struct log_open_failure {
	struct cma_failure failure;
	bool listed;
	uint64_t free_kb;
	uint64_t min_kb;
};

/**
 * struct log_open - the failures, oldest first
 * @at: the failures
 * @count: how many
 * @target: whose list is being read, NULL: not known before it is whole
 * @unclear: lists of which nothing said whose they are
 */
struct log_open {
	struct log_open_failure at[LOG_OPEN];
	size_t count;
	struct log_open_failure *target;
	unsigned int unclear;
};

/** log_open_last() - the newest, NULL: none is open */
struct log_open_failure *log_open_last(struct log_open *open);

/** log_open_add() - another; @open must have room. Return: it, with nothing known */
struct log_open_failure *log_open_add(struct log_open *open);

/** log_open_end() - forget all */
void log_open_end(struct log_open *open);

/** log_open_later() - whether a line is of another time than a failure */
bool log_open_later(const struct cma_failure *failure, const struct log_line *line);

/**
 * log_open_waits() - whether one of them may get its list only after @line, which tells of another
 * @open: what has had its list, or will have none, is marked
 * @line: the line
 * Return: whether one waits, and there is room for another.
 */
bool log_open_waits(struct log_open *open, const struct log_line *line);

/**
 * log_open_choose() - whose list begins with a line: its thread's, or that of the only one
 * @open: @target is set
 * @line: the line
 * Return: whether it can be of any.
 */
bool log_open_choose(struct log_open *open, const struct log_line *line);

/**
 * log_open_rival() - a list begins that no failure waits for
 * @open: those of its time whose own lists nothing but their order tells are marked
 * @line: the line
 */
void log_open_rival(struct log_open *open, const struct log_line *line);

/**
 * log_open_read() - put a list into the failure that it belongs to
 * @open: where @target is not known, the area's size in the list has to tell
 * @boot: the areas
 * @list: the list
 * Return: 0 or -ENOMEM.
 */
int log_open_read(struct log_open *open, const struct log_boot *boot, const struct log_list *list);

#endif /* CMA_LOG_OPEN_H */
