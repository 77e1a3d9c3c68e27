/* SPDX-License-Identifier: MIT */
/*
 * Traces: what `cmascope record` writes, and trace-cmd's trace.dat, read one event at a time.
 *
 * A recorded trace begins with the machine and its areas, each with the bitmap it had when
 * recording began, where debugfs gave it, so that a replay starts from the truth.
 */
#ifndef CMA_TRACE_H
#define CMA_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cma/bitmap.h"
#include "cma/event.h"

#define CMA_TRACE_MAX_AREAS	64

/**
 * struct cma_trace_area - an area of the traced machine
 * @map: where it lies and which bits were taken at the start
 * @known: place and size are known; otherwise @map has only the name, and no words
 * @start_known: the bits are the real ones; otherwise all are free
 */
struct cma_trace_area {
	struct cma_bitmap map;
	bool known;
	bool start_known;
};

/**
 * struct cma_trace_info - the traced machine
 * @release: its kernel ("6.12.117"), "" where unknown
 * @page_size: bytes of a page, a power of two; 0 where unknown
 * @total_pages: memory of the machine in pages, 0 where unknown
 * @lost: events that the kernel dropped because nobody read in time; known when all was read
 * @cut: known when all was read: the trace ends without its end mark, what came before is whole
 * @areas: its areas; may grow while events are read (trace.dat names them only there)
 * @area_count: how many
 */
struct cma_trace_info {
	char release[65];
	uint32_t page_size;
	uint64_t total_pages;
	uint64_t lost;
	bool cut;
	struct cma_trace_area areas[CMA_TRACE_MAX_AREAS];
	unsigned int area_count;
};

struct cma_trace_reader;
struct cma_trace_writer;

/** cma_trace_page_size_is_sane() - is there a machine whose pages have so many bytes? */
static inline bool cma_trace_page_size_is_sane(uint64_t bytes)
{
	return bytes >= 4096 && bytes <= 1u << 20 && !(bytes & (bytes - 1));
}

/**
 * cma_trace_open() - open a trace; the kind is found by its first bytes
 * @path: file, "-": standard input (only for recorded traces)
 * @reader: out
 * Return: 0 or a negative errno; -EINVAL: no trace (a message was printed).
 */
int cma_trace_open(const char *path, struct cma_trace_reader **reader);

/** cma_trace_info() - the machine; valid until the reader is closed */
const struct cma_trace_info *cma_trace_info(const struct cma_trace_reader *reader);

/**
 * cma_trace_place() - where in the bitmaps a page of an area is
 * @info: the machine
 * @area: index of the area, as events have it
 * @pfn: page frame
 * Return: the index of the area, or of the range of it that has the page; -1: not known.
 */
int cma_trace_place(const struct cma_trace_info *info, int area, uint64_t pfn);

/**
 * cma_trace_next() - read an event
 * Return: 1: @event is filled; 0: the end, also that of a trace that is cut off (a message says so,
 * and the info's @cut); a negative errno: unreadable, or damaged from here on (-EILSEQ).
 */
int cma_trace_next(struct cma_trace_reader *reader, struct cma_event *event);

/**
 * cma_trace_survey() - read a file to its end for what is known only there
 * @path: of the file
 * @lost: out: events that are missing
 * @whole: out: it ends with its end mark, so that @lost is right
 * Return: 0 or a negative errno: it cannot be opened.
 */
int cma_trace_survey(const char *path, uint64_t *lost, bool *whole);

/** cma_trace_close() - close and free; NULL is fine */
void cma_trace_close(struct cma_trace_reader *reader);

/**
 * cma_trace_create() - begin a recorded trace
 * @path: file, "-": standard output
 * @info: copied into the file: machine, areas and their bitmaps
 * @writer: out
 * Return: 0 or a negative errno.
 */
int cma_trace_create(const char *path, const struct cma_trace_info *info,
		     struct cma_trace_writer **writer);

/**
 * cma_trace_write_area() - an area that was not known at the beginning
 * @writer: the trace
 * @name: its name
 * Return: its index for events, or -ENOSPC: there are CMA_TRACE_MAX_AREAS.
 */
int cma_trace_write_area(struct cma_trace_writer *writer, const char *name);

/**
 * cma_trace_write() - append an event; events are written in the order of time
 * Return: 0 or a negative errno; -EINVAL: before the last one, or no such area.
 */
int cma_trace_write(struct cma_trace_writer *writer, const struct cma_event *event);

/** cma_trace_flush() - hand all so far to the file, so that it survives this process */
int cma_trace_flush(struct cma_trace_writer *writer);

/**
 * cma_trace_finish() - write the end mark with the number of events and of lost ones, close, free
 * Return: 0 or the first error there was.
 */
int cma_trace_finish(struct cma_trace_writer *writer, uint64_t lost);

#endif /* CMA_TRACE_H */
