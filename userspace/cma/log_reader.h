/* SPDX-License-Identifier: MIT */
/* What the lines of a kernel log mean, and the failure that they are about. */
#ifndef CMA_LOG_READER_H
#define CMA_LOG_READER_H

#include "cma/log.h"
#include "cma/log_boot.h"
#include "cma/log_line.h"
#include "cma/log_list.h"
#include "cma/log_open.h"
#include "cma/log_request.h"

/**
 * struct log_reader - how far a log is understood
 * @found: is told each failure
 * @data: for @found
 * @open: the failures being read
 * @watch: so many more lines are looked at, whatever is in them
 * @want_error: the line of the last was broken before "ret:"
 * @listing: a list goes on
 * @list_pid: thread that prints it, below 0: not known
 * @memory_told: all zones were listed
 * @list: the list
 * @request: what was said before
 * @suppressed: messages dropped since the last failure
 * @kernel: struct cma_failure's
 * @boot: the areas
 */
struct log_reader {
	cma_log_found found;
	void *data;
	struct log_open open;
	unsigned int watch;
	unsigned int want_error;
	bool listing;
	int list_pid;
	bool memory_told;
	struct log_list list;
	struct log_request request;
	uint64_t suppressed;
	unsigned int kernel;
	struct log_boot boot;
};

/* Words one of which a line that may begin something has. */
extern const char *const log_words[];

/** log_reader_init() - nothing was read */
void log_reader_init(struct log_reader *reader, cma_log_found found, void *data);

/** log_reader_end() - free */
void log_reader_end(struct log_reader *reader);

/**
 * log_reader_line() - read a line
 * @reader: the reader; while @watch is not 0 it wants every line, otherwise those with log_words
 * @text: the line
 * @size: its length, without the end of the line
 * @number: counted from 1
 * Return: 0 or -ENOMEM.
 */
int log_reader_line(struct log_reader *reader, const char *text, size_t size, uint64_t number);

/** log_reader_flush() - tell the failure being read. Return: 0 or -ENOMEM */
int log_reader_flush(struct log_reader *reader);

#endif /* CMA_LOG_READER_H */
