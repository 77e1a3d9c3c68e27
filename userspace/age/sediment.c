// SPDX-License-Identifier: MIT
/*
 * Sediment: pages that cannot be moved, left all over memory by weeks of use.
 *
 * The kernel keeps such pages together, in blocks of their own, and only when memory is short does
 * one come to lie among pages that can be moved. There it stays, and the block around it is lost to
 * large allocations. Weeks bring one to nearly every block. Here this is done in floods, spread
 * evenly over the time in which something happens. Each takes memory and gives back all but a few
 * pages:
 *
 * - Contents of pipes, which are the kernel's own pages: from the middle of the run on as much as
 *   is free in blocks of their own, and some more, for which the kernel takes the largest blocks of
 *   others that are free. Of each piece of the size of a block a page stays.
 * - Pages of a process, where the kernel finds some: free, or in the page cache. In each block that
 *   has none yet one is pinned.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "age/memory.h"
#include "age/pool.h"
#include "age/region.h"
#include "age/sediment_pins.h"
#include "age/worker.h"

#define FLOODS		48	/* in a run */
#define PART		2	/* of memory is taken at a time, at most */
#define MORE		(4u << 20)	/* than is free: the largest blocks are taken last */
#define KEEPER		(1u << 20)	/* a pipe of pages that stay */
#define PIECE		(64u << 10)	/* written to a pipe at a time */

/* struct sediment - what is left, apart from what is in pipes; @floods: how often */
struct sediment {
	unsigned int floods;
	struct sediment_pins pins;
};

static int start(struct age_worker *w)
{
	struct sediment *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return age_worker_skip(w, "out of memory");
	w->own = s;
	ret = sediment_pins_open(&s->pins, w->setup->sediment_kb * 1024ull);
	if (ret == -EPERM)
		return age_worker_skip(w, "only root is told where pages are");
	return ret ? age_worker_skip(w, "io_uring: %s", strerror(-ret)) : 0;
}

static void stop(struct age_worker *w)
{
	struct sediment *s = w->own;

	if (s)
		sediment_pins_close(&s->pins);
	free(s);
}

static int take_keeper(struct age_worker *w, struct age_thing *t)
{
	(void)w;
	if (pipe2(t->fds, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	return fcntl(t->fds[1], F_SETPIPE_SZ, KEEPER) < 0 ? -errno : 0;
}

static const struct age_kind kinds[] = {
	{ .name = "pipe", .weight = 1, .take = take_keeper },
	{ .name = NULL },
};

/* Keeps a page of a pipe where there is a place for it. */
static void keep(struct age_worker *w, int from)
{
	for (size_t i = 0; i < w->slots; i++) {
		struct age_thing *t = &w->things[i];

		if (!t->kind && age_pool_take(w, t, &kinds[0]))
			return;
		if (splice(from, NULL, t->fds[1], NULL, age_page(), SPLICE_F_NONBLOCK) > 0) {
			t->bytes += age_page();
			w->held[AGE_ORDINARY] += age_page();
			return;
		}
	}
}

/* Fills a pipe: how much went in, or a negative errno. */
static ssize_t fill_pipe(int fd, size_t size)
{
	static const char data[PIECE];
	ssize_t filled = 0, n;

	if (fcntl(fd, F_SETPIPE_SZ, (int)size) < 0)
		return -errno;
	while ((n = write(fd, data, sizeof(data))) > 0)
		filled += n;
	return filled;
}

/* Makes pipes of @size bytes and fills them: how many there are. */
static size_t fill_pipes(int (*pipes)[2], size_t most, size_t size)
{
	size_t count = 0;

	while (count < most && !pipe2(pipes[count], O_CLOEXEC | O_NONBLOCK))
		if (fill_pipe(pipes[count++][1], size) < 0)
			break;
	return count;
}

static int flood_pipes(struct age_worker *w, uint64_t bytes)
{
	size_t size = w->setup->sediment_kb * 1024ul, most = bytes / size + 1, count;
	int (*pipes)[2] = calloc(most, sizeof(*pipes));

	if (!pipes)
		return -ENOMEM;
	count = fill_pipes(pipes, most, size);
	for (size_t i = 0; i < count; i++)
		keep(w, pipes[i][0]);
	for (size_t i = 0; i < count; i++) {
		close(pipes[i][0]);
		close(pipes[i][1]);
	}
	free(pipes);
	return count == most ? 0 : -ENFILE;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Takes @bytes, and pins what is needed of it until @most pages are pinned. */
static int pin_some(struct age_worker *w, size_t bytes, unsigned int most)
{
	struct sediment *s = w->own;
	struct age_thing taken;
	size_t pages = bytes / age_page();
	int ret = age_region_map(&taken, bytes);

	if (ret)
		return ret;
	age_region_touch(&taken, 0, bytes);
	ret = sediment_pins_sift(&s->pins, taken.map, pages,
				 cma_random_below(&w->random, pages), most);
	munmap(taken.map, taken.size);
	return ret;
}

/* Where what is free has too few blocks without a pin, the page cache has to give way. */
static int flood_pages(struct age_worker *w, uint64_t bytes, uint64_t limit, unsigned int most)
{
	const struct sediment *s = w->own;
	int ret;

	do {
		bytes = least(bytes, limit);
		ret = pin_some(w, bytes, most);
		bytes *= 2;
	} while (!ret && s->pins.count < most && bytes / 2 < limit);
	return ret;
}

/* What is free of the blocks that the kernel keeps for its own pages. */
static uint64_t free_of_kernel(const struct age_memory *m)
{
	uint64_t pages = 0;

	for (int type = 0; type < AGE_TYPES; type++)
		for (int order = 0; order < AGE_ORDERS; order++)
			if (!strcmp(m->types[type], "Unmovable") ||
			    !strcmp(m->types[type], "Reclaimable"))
				pages += m->of_type[type][order] << order;
	return pages * age_page();
}

/* A part of what is available stays: nobody is to be killed for it. */
static int flood(struct age_worker *w, unsigned int pins)
{
	struct sediment *s = w->own;
	struct age_memory m;
	uint64_t kernel, most;
	int ret, more;

	age_memory_read(&m);
	kernel = (free_of_kernel(&m) + MORE) * least(2 * s->floods, FLOODS) / FLOODS;
	most = least(w->budget[AGE_ORDINARY] / PART, m.available_kb * 1024 / 4 * 3);
	ret = flood_pipes(w, least(kernel, most));
	more = flood_pages(w, m.free_kb * 1024 + MORE, most, pins);
	w->tally->held = w->held[AGE_ORDINARY] + s->pins.count * age_page();
	return ret ? ret : more;
}

/* How many floods there should have been by now. */
static unsigned int due(const struct age_worker *w)
{
	const struct lab_schedule *s = &w->setup->schedule;
	unsigned int burst = w->tally->bursts;
	double gone = burst + 1 - (double)lab_schedule_left(s, burst) / (double)s->burst_ns;
	unsigned int floods = (unsigned int)(gone / s->bursts * FLOODS) + 1;

	return floods < FLOODS ? floods : FLOODS;
}

/* In half of the run as many pages are pinned as there are blocks. */
static int step(struct age_worker *w)
{
	uint64_t blocks = w->budget[AGE_ORDINARY] / 1024 / w->setup->sediment_kb;
	struct sediment *s = w->own;
	unsigned int floods = due(w);

	if (s->floods >= floods)
		return 0;
	s->floods = floods;
	return flood(w, (unsigned int)(blocks * floods * 2 / FLOODS));
}

const struct age_profile age_sediment = {
	.name = "sediment",
	.summary = "the sediment",
	.constant = 0x73656469,
	.rate = 2,
	.shares = { [AGE_ORDINARY] = 1 },
	.typical = 32u << 20,
	.most = 16,
	.kinds = kinds,
	.start = start,
	.step = step,
	.stop = stop,
};
