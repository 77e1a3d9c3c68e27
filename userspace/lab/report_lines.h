/* SPDX-License-Identifier: MIT */
/*
 * The lines of a journal as it came over a serial line: whole records, and whatever else. A line
 * may be torn, begin or end with noise, or hold two records whose line end was lost.
 */
#ifndef LAB_REPORT_LINES_H
#define LAB_REPORT_LINES_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPORT_LINE	65536u	/* bytes of the longest line that is read */

/**
 * struct report_lines - a reader; report_lines_begin() fills it in
 * @take: called for each record; does not keep it
 * @data: passed to it
 * @garbage: lines that are no record, or not only
 * @cut: the last line had no end
 */
struct report_lines {
	void (*take)(void *data, struct json_object *record);
	void *data;
	uint64_t garbage;
	bool cut;
	struct json_tokener *tokener;
	char *line;
	size_t length;
	bool too_long;
};

/** report_lines_begin() - start. Return: 0 or -ENOMEM */
int report_lines_begin(struct report_lines *lines, void (*take)(void *, struct json_object *),
		       void *data);

/** report_lines_feed() - more bytes, cut anywhere */
void report_lines_feed(struct report_lines *lines, const char *bytes, size_t size);

/** report_lines_end() - there are no more: the last line, then all memory is given back */
void report_lines_end(struct report_lines *lines);

#endif /* LAB_REPORT_LINES_H */
