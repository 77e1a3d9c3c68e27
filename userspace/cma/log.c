// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cma/log.h"
#include "cma/log_reader.h"

#define MAX_LINE	0x100000	/* a longer line is read in pieces */
#define MAX_WORDS	16

/**
 * struct cma_log - a log being read
 * @reader: understands the lines
 * @lines: read so far
 * @rest: the beginning of a line whose end has not come
 * @rest_size: its length
 * @rest_room: bytes at @rest
 * @in_line: the line before @rest was longer than MAX_LINE, and not counted; its end is to come
 */
struct cma_log {
	struct log_reader reader;
	uint64_t lines;
	char *rest;
	size_t rest_size;
	size_t rest_room;
	bool in_line;
};

struct cma_log *cma_log_create(cma_log_found found, void *data)
{
	struct cma_log *log = calloc(1, sizeof(*log));

	if (log)
		log_reader_init(&log->reader, found, data);
	return log;
}

void cma_log_destroy(struct cma_log *log)
{
	if (!log)
		return;
	log_reader_end(&log->reader);
	free(log->rest);
	free(log);
}

void cma_log_page_size(struct cma_log *log, unsigned int bytes)
{
	log->reader.boot.page_size = bytes;
	log->reader.boot.page_size_given = bytes;
}

uint64_t cma_log_lines(const struct cma_log *log)
{
	return log->lines;
}

static uint64_t count_lines(const char *at, const char *end)
{
	uint64_t n = 0;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		n++;
		at++;
	}
	return n;
}

/**
 * struct search - where each of the reader's words comes next in a block
 * @next: NULL: nowhere in the rest of the block
 */
struct search {
	const char *end;
	const char *next[MAX_WORDS];
};

static void search_begin(struct search *s, const char *at, const char *end)
{
	s->end = end;
	for (size_t i = 0; log_words[i]; i++)
		s->next[i] = log_find(at, end, log_words[i]);
}

/* The first place of any word at or after @at, NULL: none. */
static const char *search_next(struct search *s, const char *at)
{
	const char *first = NULL;

	for (size_t i = 0; log_words[i]; i++) {
		if (s->next[i] && s->next[i] < at)
			s->next[i] = log_find(at, s->end, log_words[i]);
		if (s->next[i] && (!first || s->next[i] < first))
			first = s->next[i];
	}
	return first;
}

/* Whole lines. Those that nobody wants are only counted. */
static int read_block(struct cma_log *log, const char *at, const char *end)
{
	struct search search;
	int ret = 0;

	search_begin(&search, at, end);
	while (at < end && !ret) {
		const char *line = at, *line_end;

		if (!log->reader.watch) {
			const char *hit = search_next(&search, at);

			line = hit ? memrchr(at, '\n', (size_t)(hit - at)) : end;
			if (!hit)
				line = end;
			else
				line = line ? line + 1 : at;
		}
		log->lines += count_lines(at, line);
		if (line == end)
			break;
		line_end = memchr(line, '\n', (size_t)(end - line));
		log->lines++;
		ret = log_reader_line(&log->reader, line, (size_t)(line_end - line), log->lines);
		at = line_end + 1;
	}
	return ret;
}

static int read_rest(struct cma_log *log)
{
	size_t size = log->rest_size;

	log->rest_size = 0;
	log->in_line = false;
	if (!size)
		return 0;
	if (log->rest[size - 1] != '\n')
		log->rest[size++] = '\n';
	return read_block(log, log->rest, log->rest + size);
}

/* The beginning of a line that is too long, or a further piece of it. */
static int read_piece(struct cma_log *log)
{
	int ret = read_rest(log);

	log->lines--;
	log->in_line = true;
	return ret;
}

static int keep(struct cma_log *log, const char *bytes, size_t size)
{
	size_t need = log->rest_size + size + 1;
	char *grown;

	if (need > log->rest_room) {
		grown = realloc(log->rest, need * 2);
		if (!grown)
			return -ENOMEM;
		log->rest = grown;
		log->rest_room = need * 2;
	}
	memcpy(log->rest + log->rest_size, bytes, size);
	log->rest_size += size;
	if (log->rest_size <= MAX_LINE || log->rest[log->rest_size - 1] == '\n')
		return 0;
	return read_piece(log);
}

int cma_log_feed(struct cma_log *log, const char *bytes, size_t size)
{
	const char *end = bytes + size, *first, *last;
	int ret;

	first = size ? memchr(bytes, '\n', size) : NULL;
	if (!first)
		return size ? keep(log, bytes, size) : 0;
	if (log->rest_size) {
		ret = keep(log, bytes, (size_t)(first + 1 - bytes));
		if (!ret)
			ret = read_rest(log);
		if (ret)
			return ret;
		bytes = first + 1;
		if (bytes == end)
			return 0;
	}
	log->in_line = false;
	last = memrchr(bytes, '\n', (size_t)(end - bytes));
	ret = last ? read_block(log, bytes, last + 1) : 0;
	if (last)
		bytes = last + 1;
	return ret || bytes == end ? ret : keep(log, bytes, (size_t)(end - bytes));
}

int cma_log_flush(struct cma_log *log)
{
	int ret;

	if (log->in_line && !log->rest_size)
		log->lines++;
	ret = read_rest(log);

	return ret ? ret : log_reader_flush(&log->reader);
}
