// SPDX-License-Identifier: MIT
/*
 * The filler: takes a part of memory before anything else, in chunks of 1 MiB, and the rest of it
 * with page cache, as a machine that has been up for long. During the run it gives chunks back,
 * takes others, and reads on.
 *
 * The kernel puts movable pages into CMA only when free CMA is more than half of all that is free
 * in the zone, so with an empty machine nobody borrows from it. Three chunks of four are
 * anonymous memory, one is shared memory. The cache is of a sparse file, which needs no space on
 * the disk.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "age/draw.h"
#include "age/pool.h"
#include "age/region.h"
#include "age/worker.h"

#define CHUNK		(1u << 20)
#define WINDOW		(128u << 10)	/* the kernel reads no more ahead at a time */
#define READ_ON		8		/* windows a step */
#define MISSING		8		/* one chunk of so many is missing */

static int take_anonymous(struct age_worker *w, struct age_thing *t)
{
	return age_region_take(w, t, CHUNK);
}

static int take_shared(struct age_worker *w, struct age_thing *t)
{
	if (!age_pool_room(w, AGE_ORDINARY, CHUNK))
		return -EDQUOT;
	t->fds[0] = memfd_create("vdc-age-fill", MFD_CLOEXEC);
	/* Pages, and not only the promise of them. */
	if (t->fds[0] < 0 || fallocate(t->fds[0], 0, 0, CHUNK))
		return -errno;
	t->bytes = CHUNK;
	return 0;
}

static const struct age_kind kinds[] = {
	{ .name = "anonymous memory", .weight = 3, .take = take_anonymous },
	{ .name = "shared memory", .weight = 1, .take = take_shared },
	{ .name = NULL },
};

static uint64_t file_size(const struct age_worker *w)
{
	return w->setup->memory_kb * 1024 / WINDOW * WINDOW;
}

/* The file's descriptor + 1 is kept; its name is gone at once. */
static int start(struct age_worker *w)
{
	int fd;

	/* There files take memory for good. */
	if (w->setup->tmpfs) {
		age_worker_say(w, "no page cache: %s is in memory; see --work",
			       w->setup->work);
		return 0;
	}
	fd = openat(w->dir, "sparse", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0 && ftruncate(fd, (off_t)file_size(w))) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		return age_worker_skip(w, "%s/sparse: %s", w->path, strerror(errno));
	unlinkat(w->dir, "sparse", 0);
	w->own = (void *)(intptr_t)(fd + 1);
	return 0;
}

static void stop(struct age_worker *w)
{
	if (w->own)
		close((int)(intptr_t)w->own - 1);
}

static void read_ahead(const struct age_worker *w, uint64_t at)
{
	if (w->own)
		readahead((int)(intptr_t)w->own - 1, (off_t)at, WINDOW);
}

static void fill(struct age_worker *w)
{
	uint64_t rest = file_size(w) > w->budget[AGE_ORDINARY] ?
			file_size(w) - w->budget[AGE_ORDINARY] : 0;

	for (size_t i = 0; i < w->slots && age_worker_rest(w, 0); i++)
		if (age_pool_take(w, &w->things[i], &kinds[i % 4 == 3]))
			w->tally->failures++;
	for (uint64_t at = 0; at < rest && age_worker_rest(w, 0); at += WINDOW)
		read_ahead(w, at);
}

/* Gives one chunk back, and takes another when many are missing. */
static int step(struct age_worker *w)
{
	size_t at = cma_random_below(&w->random, w->slots), missing;

	for (int i = 0; i < READ_ON; i++)
		read_ahead(w, cma_random_below(&w->random, file_size(w) / WINDOW) * WINDOW);
	age_pool_give(w, &w->things[at]);
	missing = w->slots - w->held[AGE_ORDINARY] / CHUNK;
	if (missing <= w->slots / MISSING)
		return 0;
	do
		at = (at + 1) % w->slots;
	while (w->things[at].kind);
	return age_pool_take(w, &w->things[at], &kinds[age_draw_chance(&w->random, 4)]);
}

const struct age_profile age_fill = {
	.name = "fill",
	.summary = "the filler",
	.constant = 0x66696c6c,
	.rate = 5,
	.shares = { [AGE_ORDINARY] = 1 },
	.typical = CHUNK,
	.most = 1u << 20,
	.kinds = kinds,
	.start = start,
	.fill = fill,
	.step = step,
	.stop = stop,
};
