/* SPDX-License-Identifier: MIT */
/*
 * The kernel's list of free runs, "5@1027+112@1040=> 117 free of 65536 total pages": collected from
 * the records that printk broke it into, or a mail program did, and read when it is whole.
 */
#ifndef CMA_LOG_LIST_H
#define CMA_LOG_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "cma/failure.h"
#include "cma/log_line.h"

/**
 * struct log_list - a list being collected; all zero: none
 * @text: what was collected
 * @size: its length
 * @room: bytes at @text
 * @strangers: lines of others since the last part
 * @cut: a part is known to be missing
 * @complete: its last words have come
 */
struct log_list {
	char *text;
	size_t size;
	size_t room;
	unsigned int strangers;
	bool cut;
	bool complete;
};

/** log_list_begin() - forget what was collected */
void log_list_begin(struct log_list *list);

/** log_list_end() - free */
void log_list_end(struct log_list *list);

/**
 * log_list_add() - append a part
 * @list: the list
 * @text: the part, without prefixes
 * @end: its end
 * Return: 0 or -ENOMEM.
 */
int log_list_add(struct log_list *list, const char *text, const char *end);

/** log_list_is_part() - whether a line can only be a further part of a list */
bool log_list_is_part(const struct log_line *line);

/**
 * log_list_read() - put the runs, their sum and the area's size into a failure
 *
 * Numbers that cannot be (a run inside the one before it, or past the area) are what is left of cut
 * ones: they are dropped, and the list counts as cut.
 * Return: 0 or -ENOMEM.
 */
int log_list_read(const struct log_list *list, struct cma_failure *failure);

#endif /* CMA_LOG_LIST_H */
