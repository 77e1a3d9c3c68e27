/* SPDX-License-Identifier: MIT */
/* What a run tells: progress, a table, JSON. */
#ifndef AGE_REPORT_H
#define AGE_REPORT_H

#include <json-c/json.h>

#include "age/crew.h"
#include "age/memory.h"
#include "age/options.h"

/** age_report_progress() - draw the progress bar on stderr; an age_crew's @show */
void age_report_progress(const struct age_crew *c, void *data);

/** age_report_progress_end() - erase it */
void age_report_progress_end(void);

/** age_report_table() - print what the workers did, and free blocks before and after */
void age_report_table(FILE *f, const struct age_crew *c, const struct age_memory *before,
		      const struct age_memory *after);

/**
 * age_report_json() - the summary
 * @o: what was wanted
 * @c: what was done
 * @b: what could be used
 * @before: memory at the start
 * @after: memory when all was still held
 * Return: an object, NULL: out of memory.
 */
struct json_object *age_report_json(const struct age_options *o, const struct age_crew *c,
				    const struct age_budget *b, const struct age_memory *before,
				    const struct age_memory *after);

/**
 * age_report_write() - write the summary
 * @path: "-": standard output
 * @json: it is gone afterwards
 * Return: 0, or a negative errno after a message.
 */
int age_report_write(const char *path, struct json_object *json);

#endif /* AGE_REPORT_H */
