/* SPDX-License-Identifier: MIT */
/* What all kinds of traces share; trace.c tells them apart. */
#ifndef CMA_TRACE_READER_H
#define CMA_TRACE_READER_H

#include <stdbool.h>
#include <stdio.h>

#include "cma/trace.h"

/**
 * struct cma_trace_kind - a kind of file
 * @name: for messages
 * @magic: its first bytes
 * @magic_size: how many
 * @needs_file: cannot be read from a pipe
 * @open: @file is behind the magic; on success the reader owns it
 * @next: see cma_trace_next()
 * @close: free all, the areas of the reader excepted
 */
struct cma_trace_kind {
	const char *name;
	const char *magic;
	size_t magic_size;
	bool needs_file;
	int (*open)(const char *path, FILE *file, struct cma_trace_reader **reader);
	int (*next)(struct cma_trace_reader *reader, struct cma_event *event);
	void (*close)(struct cma_trace_reader *reader);
};

/**
 * struct cma_trace_reader - the beginning of each kind's reader
 * @kind: its functions
 * @info: what cma_trace_info() gives
 * @quiet: say nothing of a trace that is cut off
 */
struct cma_trace_reader {
	const struct cma_trace_kind *kind;
	struct cma_trace_info info;
	bool quiet;
};

extern const struct cma_trace_kind cma_trace_file_kind;
extern const struct cma_trace_kind cma_trace_dat_kind;

/**
 * cma_trace_add_area() - an area of which only the name is known
 * @info: whose areas
 * @name: its name
 * Return: its index, the old one where it is there already; -1: there are too many.
 */
int cma_trace_add_area(struct cma_trace_info *info, const char *name);

/** cma_trace_free_areas() - free the bitmaps of @info's areas */
void cma_trace_free_areas(struct cma_trace_info *info);

#endif /* CMA_TRACE_READER_H */
