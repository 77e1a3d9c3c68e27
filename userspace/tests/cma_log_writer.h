/* SPDX-License-Identifier: MIT */
/* The kernel's messages about a failed allocation, as its versions print them. */
#ifndef TESTS_CMA_LOG_WRITER_H
#define TESTS_CMA_LOG_WRITER_H

#include <stdbool.h>
#include <stdio.h>

#include "cma/bitmap.h"

/** enum log_form - whose messages */
enum log_form {
	LOG_4_19,	/* no area's name, list with CONFIG_CMA_DEBUG */
	LOG_5_15,
	LOG_6_12,
	LOG_6_17,	/* -EBUSY for any lack of space, lists by ranges */
	LOG_FORMS
};

/** enum log_list_kind - what is left of the list of free runs */
enum log_list_kind {
	LOG_LIST_WHOLE,
	LOG_LIST_NO_END,	/* ends in the middle, with an ellipsis */
	LOG_LIST_HOLE,		/* a record in the middle is missing, the end is there */
	LOG_LIST_NONE,
	LOG_LIST_KINDS
};

/**
 * struct log_case - a failure to be printed
 * @form: whose messages
 * @list: what of the list
 * @map: the bits at the time
 * @count: pages asked for
 * @align: as a power of two
 * @say_align: print the debug message that has it
 * @error: as the form's kernel returns it
 * @free_kb: memory outside CMA, for a memory status behind it; 0: none
 */
struct log_case {
	enum log_form form;
	enum log_list_kind list;
	const struct cma_bitmap *map;
	uint64_t count;
	unsigned int align;
	bool say_align;
	int error;
	uint64_t free_kb;
};

/** log_case_write() - print it, with the lines of the boot that say where the area is */
void log_case_write(FILE *out, const struct log_case *c);

#endif /* TESTS_CMA_LOG_WRITER_H */
