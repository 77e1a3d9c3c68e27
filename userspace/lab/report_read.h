/* SPDX-License-Identifier: MIT */
/* Journals read into runs. */
#ifndef LAB_REPORT_READ_H
#define LAB_REPORT_READ_H

#include <stddef.h>

#include "lab/report_lines.h"
#include "lab/report_run.h"

/**
 * struct report_runs - all runs; all zero: none
 * @runs: in the order of the journals
 * @count: how many
 * @no_memory: a run is missing for lack of memory
 */
struct report_runs {
	struct report_run **runs;
	size_t count;
	bool no_memory;
};

/**
 * struct report_reader - a journal being read
 * @runs: where runs are added: one for each "start" record, one for a journal without any
 * @file: its name, for report.json
 * @first: how many runs there were before
 * @lines: its lines
 */
struct report_reader {
	struct report_runs *runs;
	const char *file;
	size_t first;
	struct report_lines lines;
};

/** report_reader_begin() - start a journal. Return: 0 or -ENOMEM */
int report_reader_begin(struct report_reader *reader, struct report_runs *runs, const char *file);

/** report_reader_feed() - more bytes of it */
void report_reader_feed(struct report_reader *reader, const char *bytes, size_t size);

/** report_reader_end() - that was all of it. Return: 0 or -ENOMEM */
int report_reader_end(struct report_reader *reader);

/** report_read() - read a file. Return: 0 or a negative errno */
int report_read(struct report_runs *runs, const char *file);

/** report_runs_end() - free all runs */
void report_runs_end(struct report_runs *runs);

#endif /* LAB_REPORT_READ_H */
