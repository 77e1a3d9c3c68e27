/* SPDX-License-Identifier: MIT */
/* An account of events as a table, for a terminal of any width. */
#ifndef CMASCOPE_TOP_TEXT_H
#define CMASCOPE_TOP_TEXT_H

#include <stdio.h>

#include "cma/account.h"

#define TOP_HEAD_AREA		"AREA"		/* how the heads of the tables begin */
#define TOP_HEAD_PROCESS	"PROCESS"

/**
 * struct top_view - what top shows, and what it showed before
 * @account: counts since the beginning
 * @info: the areas
 * @lost: lost events
 * @seconds: since the beginning
 * @before_seconds: @seconds of the picture before
 * @before_areas: allocations of each area then
 * @before_threads: allocations of each thread then
 */
struct top_view {
	struct cma_account *account;
	const struct cma_trace_info *info;
	uint64_t lost;
	double seconds;
	double before_seconds;
	uint64_t before_areas[CMA_TRACE_MAX_AREAS];
	uint64_t before_threads[CMA_ACCOUNT_THREADS];
};

/**
 * top_text() - print areas and threads, the busiest first
 * @view: what to show
 * @width: columns of the terminal; what matters least is left out where it is narrow
 * @lines: of the terminal; of threads that do not fit the number is told
 * @out: where to
 */
void top_text(const struct top_view *view, unsigned int width, size_t lines, FILE *out);

/** top_next() - rates are from now on since this picture */
void top_next(struct top_view *view);

#endif /* CMASCOPE_TOP_TEXT_H */
