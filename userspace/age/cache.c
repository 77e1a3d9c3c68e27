// SPDX-License-Identifier: MIT
/*
 * Page cache: files that are together larger than memory, read in random order.
 *
 * They are sparse: what is read of a hole takes pages of the cache as any other, without the disk
 * having to be as large. A part is written, so that there are dirty pages and buffer heads, which
 * are what keeps pages from being moved.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "age/draw.h"
#include "age/pool.h"
#include "age/worker.h"

#define FILES		4	/* at a time, each half as large as memory */
#define WINDOW		(128u << 10)	/* the kernel reads no more ahead at a time */
#define LEAST_READ	4096u
#define WRITTEN		16384u

static int start(struct age_worker *w)
{
	return w->setup->tmpfs ?
	       age_worker_skip(w, "%s is in memory: no cache of it; see --work",
			       w->setup->work) : 0;
}

static uint64_t file_size(const struct age_worker *w)
{
	return w->setup->memory_kb * 1024 * 2 / FILES;
}

static int take(struct age_worker *w, struct age_thing *t)
{
	char text[16];

	snprintf(text, sizeof(text), "c%u", w->count);
	t->fds[0] = openat(w->dir, text, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (t->fds[0] < 0)
		return -errno;
	/* What stays of it is what is open. */
	unlinkat(w->dir, text, 0);
	return ftruncate(t->fds[0], (off_t)file_size(w)) ? -errno : 0;
}

static int write_some(struct age_worker *w, struct age_thing *t, uint64_t at)
{
	static const char data[WRITTEN] = { 1 };

	if (w->held[AGE_DISK] + WRITTEN > w->budget[AGE_DISK])
		return 0;
	if (pwrite(t->fds[0], data, WRITTEN, (off_t)at) < 0)
		return -errno;
	t->bytes += WRITTEN;
	w->held[AGE_DISK] += WRITTEN;
	return 0;
}

static int use(struct age_worker *w, struct age_thing *t)
{
	static char data[WRITTEN];
	uint64_t at = cma_random_below(&w->random, file_size(w) / WINDOW) * WINDOW, size;

	if (age_draw_chance(&w->random, 8))
		return write_some(w, t, at);
	if (age_draw_chance(&w->random, 2))
		return readahead(t->fds[0], (off_t)at, WINDOW) ? -errno : 0;
	size = age_draw_bytes(&w->random, LEAST_READ, WRITTEN);
	return pread(t->fds[0], data, size, (off_t)at) < 0 ? -errno : 0;
}

static const struct age_kind kinds[] = {
	{ .name = "sparse file", .weight = 1, .uses = 1500, .resource = AGE_DISK, .take = take,
	  .use = use },
	{ .name = NULL },
};

const struct age_profile age_cache = {
	.name = "cache",
	.summary = "page cache: files larger than memory, read in random order",
	.constant = 0x6361636865,
	.rate = 25,
	.shares = { [AGE_DISK] = 1 },
	.typical = 1ull << 40,
	.most = FILES,
	.kinds = kinds,
	.start = start,
};
