// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/report_lines.h"

#define DEPTH	8	/* of a record: its own object, arrays of numbers by type in it */

/* Each record is written by journal_record(), which begins with this. */
static const char beginning[] = "{\"ns\":";

int report_lines_begin(struct report_lines *lines, void (*take)(void *, struct json_object *),
		       void *data)
{
	*lines = (struct report_lines){ .take = take, .data = data };
	lines->line = malloc(REPORT_LINE);
	lines->tokener = json_tokener_new_ex(DEPTH);
	if (lines->line && lines->tokener) {
		json_tokener_set_flags(lines->tokener, JSON_TOKENER_VALIDATE_UTF8);
		return 0;
	}
	report_lines_end(lines);
	return -ENOMEM;
}

static bool is_blank(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!strchr(" \t\r", text[i]) || !text[i])
			return false;
	return true;
}

/* json-c takes NaN and Infinity, which JSON does not have: others could not read them. */
static bool is_json(struct json_object *o)
{
	if (json_object_is_type(o, json_type_double))
		return isfinite(json_object_get_double(o));
	if (json_object_is_type(o, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(o); i++)
			if (!is_json(json_object_array_get_idx(o, i)))
				return false;
	} else if (json_object_is_type(o, json_type_object)) {
		json_object_object_foreach(o, name, value) {
			(void)name;
			if (!is_json(value))
				return false;
		}
	}
	return true;
}

/* Returns how many bytes the record at @text has, 0: it is none. */
static size_t read_record(struct report_lines *lines, const char *text, size_t size)
{
	struct json_object *record;
	size_t used;

	json_tokener_reset(lines->tokener);
	record = json_tokener_parse_ex(lines->tokener, text, (int)size);
	used = json_tokener_get_parse_end(lines->tokener);
	if (json_tokener_get_error(lines->tokener) != json_tokener_success || !is_json(record)) {
		json_object_put(record);
		return 0;
	}
	lines->take(lines->data, record);
	json_object_put(record);
	return used;
}

static void read_line(struct report_lines *lines)
{
	const char *at = lines->line, *end = at + lines->length;
	bool clean = !lines->too_long;

	while (clean || at < end) {
		const char *start = memmem(at, (size_t)(end - at), beginning, strlen(beginning));
		size_t used;

		clean = clean && is_blank(at, (size_t)((start ? start : end) - at));
		if (!start)
			break;
		used = read_record(lines, start, (size_t)(end - start));
		clean = clean && used;
		at = start + (used ? used : strlen(beginning));
	}
	lines->garbage += !clean;
	lines->length = 0;
	lines->too_long = false;
}

void report_lines_feed(struct report_lines *lines, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\n')
			read_line(lines);
		else if (lines->length < REPORT_LINE)
			lines->line[lines->length++] = bytes[i];
		else
			lines->too_long = true;
	}
}

void report_lines_end(struct report_lines *lines)
{
	if (lines->line && lines->tokener && lines->length) {
		uint64_t garbage = lines->garbage;

		read_line(lines);
		lines->garbage = garbage;
		lines->cut = true;
	}
	if (lines->tokener)
		json_tokener_free(lines->tokener);
	free(lines->line);
	lines->tokener = NULL;
	lines->line = NULL;
}
