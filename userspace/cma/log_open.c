// SPDX-License-Identifier: MIT
#include <string.h>

#include "cma/log_open.h"

#define SAME_TIME	1.0	/* seconds: what a failure prints comes within */

struct log_open_failure *log_open_last(struct log_open *open)
{
	return open->count ? &open->at[open->count - 1] : NULL;
}

struct log_open_failure *log_open_add(struct log_open *open)
{
	struct log_open_failure *added = &open->at[open->count++];

	memset(added, 0, sizeof(*added));
	cma_failure_init(&added->failure);
	added->free_kb = CMA_UNKNOWN;
	return added;
}

void log_open_end(struct log_open *open)
{
	for (size_t i = 0; i < open->count; i++)
		cma_failure_end(&open->at[i].failure);
	open->count = 0;
	open->target = NULL;
	open->unclear = 0;
}

bool log_open_later(const struct cma_failure *failure, const struct log_line *line)
{
	return failure->time >= 0 && line->time >= 0 &&
		(line->time - failure->time > SAME_TIME || failure->time - line->time > SAME_TIME);
}

bool log_open_waits(struct log_open *open, const struct log_line *line)
{
	bool waits = false;

	for (size_t i = 0; i < open->count; i++) {
		struct log_open_failure *o = &open->at[i];

		/* A thread prints one list before it can fail again. */
		o->listed |= log_open_later(&o->failure, line) ||
			(line->pid >= 0 && line->pid == o->failure.pid);
		waits |= !o->listed;
	}
	return waits && open->count < LOG_OPEN;
}

bool log_open_choose(struct log_open *open, const struct log_line *line)
{
	struct log_open_failure *only = NULL, *same = NULL;
	size_t waiting = 0;

	for (size_t i = 0; i < open->count; i++) {
		struct log_open_failure *o = &open->at[i];
		bool callers = line->pid >= 0 && o->failure.pid >= 0;

		if (o->listed || (callers && line->pid != o->failure.pid))
			continue;
		only = o;
		if (callers)
			same = o;
		waiting++;
	}
	open->target = same ? same : waiting == 1 ? only : NULL;
	if (open->target)
		open->target->listed = true;
	return waiting;
}

void log_open_rival(struct log_open *open, const struct log_line *line)
{
	for (size_t i = 0; i < open->count; i++) {
		struct cma_failure *f = &open->at[i].failure;

		if (f->count != CMA_UNKNOWN && f->runs_known != CMA_RUNS_NONE &&
		    !log_open_later(f, line))
			f->list_rival |= line->pid < 0 || f->pid < 0;
	}
}

/* The only one that an area of that many pages can be of, NULL: there are more, or none. */
static struct log_open_failure *of_size(struct log_open *open, const struct log_boot *boot,
					uint64_t pages)
{
	struct log_open_failure *found = NULL;

	for (size_t i = 0; i < open->count; i++) {
		struct log_open_failure *o = &open->at[i];

		if (o->listed || !log_boot_can_have(boot, &o->failure, pages))
			continue;
		if (found)
			return NULL;
		found = o;
	}
	return found;
}

/*
 * A list of nobody. When as many came as are waited for, no more will; but one of an area that
 * nobody can have asked is not among them.
 */
static void give_up(struct log_open *open, const struct log_boot *boot, uint64_t pages)
{
	size_t waiting = 0;
	bool theirs = false;

	for (size_t i = 0; i < open->count; i++)
		theirs |= !open->at[i].listed &&
			log_boot_can_have(boot, &open->at[i].failure, pages);
	if (!theirs)
		return;
	open->unclear++;
	for (size_t i = 0; i < open->count; i++) {
		waiting += !open->at[i].listed;
		open->at[i].failure.list_unclear |= !open->at[i].listed;
	}
	for (size_t i = 0; i < open->count && open->unclear >= waiting; i++)
		open->at[i].listed = true;
}

int log_open_read(struct log_open *open, const struct log_boot *boot, const struct log_list *list)
{
	struct log_open_failure *of = open->target;
	struct cma_failure read;
	uint64_t pages;
	int ret;

	cma_failure_init(&read);
	ret = log_list_read(list, &read);
	pages = read.area.pages;
	cma_failure_end(&read);
	/* It was the only one that waits, and its own list may still come. */
	if (of && !log_boot_can_have(boot, &of->failure, pages)) {
		of->listed = false;
		of = NULL;
	}
	if (!of)
		of = of_size(open, boot, pages);
	open->target = NULL;
	if (ret)
		return ret;
	if (!of) {
		give_up(open, boot, pages);
		return 0;
	}
	of->listed = true;
	of->failure.list_unclear = false;
	return log_list_read(list, &of->failure);
}
