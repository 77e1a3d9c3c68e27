/* SPDX-License-Identifier: MIT */
/*
 * Failed allocations out of a kernel log: dmesg, journal, serial console, /dev/kmsg, mail. It is
 * read as a stream; only lines that may matter are looked at.
 */
#ifndef CMA_LOG_H
#define CMA_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "cma/failure.h"

struct cma_log;

/**
 * cma_log_found - is told each failure, in the order of the log
 * @data: as given to cma_log_create()
 * @failure: what the log says of it; valid until the function returns
 */
typedef void (*cma_log_found)(void *data, const struct cma_failure *failure);

/**
 * cma_log_create() - begin to read a log
 * @found: called from cma_log_feed() and cma_log_flush()
 * @data: for @found
 * Return: the reader, NULL: no memory.
 */
struct cma_log *cma_log_create(cma_log_found found, void *data);

/** cma_log_destroy() - free; NULL is fine. What is pending is not told any more */
void cma_log_destroy(struct cma_log *log);

/**
 * cma_log_feed() - the next bytes of the log, cut anywhere
 * Return: 0 or -ENOMEM.
 */
int cma_log_feed(struct cma_log *log, const char *bytes, size_t size);

/**
 * cma_log_flush() - the log ends here, or has been silent for a while: tell what is pending
 * Return: 0 or -ENOMEM.
 */
int cma_log_flush(struct cma_log *log);

/** cma_log_page_size() - before the first byte: bytes of a page, 0: as the log tells */
void cma_log_page_size(struct cma_log *log, unsigned int bytes);

/** cma_log_lines() - how many lines were read */
uint64_t cma_log_lines(const struct cma_log *log);

#endif /* CMA_LOG_H */
