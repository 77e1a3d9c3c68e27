// SPDX-License-Identifier: MIT
/*
 * Sediment: pages that cannot be moved, left all over memory by weeks of use.
 *
 * The kernel keeps such pages together, and moves others out of their way; only when memory is
 * short does one come to lie among pages that can be moved. There it stays, and the block around
 * it is lost to large allocations. Weeks bring one to nearly every block. Here some memory is
 * taken, as the kernel gives it: what is free, and what it takes from the page cache. Of this one
 * page in each block that has none yet is pinned as a fixed buffer of io_uring, and the rest is
 * given back. Pins of this kind are made to last, so the kernel moves the page out of CMA first.
 *
 * This is spread evenly over the time in which something happens.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "age/memory.h"
#include "age/pool.h"
#include "age/region.h"
#include "age/worker.h"

#define FLOODS		48	/* in a run */
#define PART		16	/* of memory that is taken at a time */
#define MOST_PAGES	(1u << 14)	/* that a ring has */
#define PFN_MASK	((1ull << 55) - 1)	/* of /proc/PID/pagemap */

/*
 * struct sediment - what is left
 * @pagemap: tells where pages are
 * @floods: how often memory was taken
 * @kept: pages
 * @marks: whether a block has one
 * @blocks: how many there are in @marks
 */
struct sediment {
	int pagemap;
	unsigned int floods;
	unsigned int kept;
	bool *marks;
	uint64_t blocks;
};

/* Where in the machine's memory a page is, 0: the kernel does not tell. */
static uint64_t address_of(const struct sediment *s, const void *page)
{
	uint64_t entry, at = (uintptr_t)page / age_page() * sizeof(entry);

	if (pread(s->pagemap, &entry, sizeof(entry), (off_t)at) != sizeof(entry))
		return 0;
	return (entry & PFN_MASK) * age_page();
}

static int start(struct age_worker *w)
{
	struct sediment *s = calloc(1, sizeof(*s));

	if (!s)
		return age_worker_skip(w, "out of memory");
	w->own = s;
	s->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (!address_of(s, s))
		return age_worker_skip(w, "only root is told where pages are");
	return 0;
}

static void stop(struct age_worker *w)
{
	struct sediment *s = w->own;

	if (!s)
		return;
	if (s->pagemap >= 0)
		close(s->pagemap);
	free(s->marks);
	free(s);
}

/* A ring with places for buffers, all empty. */
static int take_ring(struct age_worker *w, struct age_thing *t)
{
	struct io_uring_params params = { 0 };
	struct io_uring_rsrc_register places = { .nr = MOST_PAGES,
						 .flags = IORING_RSRC_REGISTER_SPARSE };

	(void)w;
	t->fds[0] = (int)syscall(__NR_io_uring_setup, 1, &params);
	if (t->fds[0] < 0)
		return -errno;
	return syscall(__NR_io_uring_register, t->fds[0], IORING_REGISTER_BUFFERS2, &places,
		       sizeof(places)) ? -errno : 0;
}

static const struct age_kind kinds[] = {
	{ .name = "io_uring", .weight = 1, .take = take_ring },
	{ .name = NULL },
};

static int pin(const struct age_thing *ring, unsigned int place, void *page)
{
	struct iovec buffer = { page, age_page() };
	struct io_uring_rsrc_update2 update = { .offset = place, .nr = 1,
						.data = (uintptr_t)&buffer };

	return syscall(__NR_io_uring_register, ring->fds[0], IORING_REGISTER_BUFFERS_UPDATE,
		       &update, sizeof(update)) < 0 ? -errno : 0;
}

static uint64_t block_of(const struct age_worker *w, const void *page)
{
	return address_of(w->own, page) / (w->setup->sediment_kb * 1024ull);
}

/* Whether a block was unmarked; it is marked from now on. */
static bool mark(struct sediment *s, uint64_t block)
{
	bool *more = s->marks;

	if (block >= s->blocks) {
		more = realloc(s->marks, block + 1);
		if (!more)
			return false;
		memset(more + s->blocks, 0, block + 1 - s->blocks);
		s->marks = more;
		s->blocks = block + 1;
	}
	if (s->marks[block])
		return false;
	s->marks[block] = true;
	return true;
}

/* Keeps up to @target pages at all of what is taken; the rest goes back. */
static int sift(struct age_worker *w, const struct age_thing *taken, unsigned int target)
{
	struct sediment *s = w->own;
	size_t page = age_page(), pages = taken->size / page;
	size_t first = cma_random_below(&w->random, pages);

	for (size_t i = 0; i < pages && s->kept < target; i++) {
		char *at = (char *)taken->map + (first + i) % pages * page;
		int ret;

		if (!mark(s, block_of(w, at)))
			continue;
		ret = pin(&w->things[0], s->kept, at);
		if (ret)
			return ret;
		s->kept++;
		/* It may have been moved out of CMA. */
		mark(s, block_of(w, at));
	}
	return 0;
}

/* As much as is taken at a time: nobody is to be killed for it. */
static size_t flood_size(const struct age_worker *w)
{
	uint64_t part = w->budget[AGE_ORDINARY] / PART, room;
	struct age_memory m = { 0 };
	FILE *f = fopen("/proc/meminfo", "re");

	if (f) {
		age_memory_meminfo(&m, f);
		fclose(f);
	}
	room = m.available_kb * 1024 / 2;
	return part < room ? part : room;
}

static int flood(struct age_worker *w, unsigned int target)
{
	struct sediment *s = w->own;
	struct age_thing taken;
	int ret = 0;

	if (!w->things[0].kind)
		ret = age_pool_take(w, &w->things[0], &kinds[0]);
	if (!ret)
		ret = age_region_map(&taken, flood_size(w));
	if (ret)
		return ret;
	age_region_touch(&taken, 0, taken.size);
	ret = sift(w, &taken, target);
	munmap(taken.map, taken.size);
	w->held[AGE_ORDINARY] = s->kept * age_page();
	w->tally->held = w->held[AGE_ORDINARY];
	return ret;
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

/* In half of the run as many pages are left as there are blocks. */
static int step(struct age_worker *w)
{
	uint64_t blocks = w->budget[AGE_ORDINARY] / 1024 / w->setup->sediment_kb, target;
	struct sediment *s = w->own;
	unsigned int floods = due(w);

	if (s->floods >= floods)
		return 0;
	s->floods = floods;
	target = blocks * floods * 2 / FLOODS;
	return flood(w, (unsigned int)(target < MOST_PAGES ? target : MOST_PAGES));
}

const struct age_profile age_sediment = {
	.name = "sediment",
	.summary = "the sediment",
	.constant = 0x73656469,
	.rate = 2,
	.shares = { [AGE_ORDINARY] = 1 },
	.typical = 1ull << 40,
	.most = 1,
	.kinds = kinds,
	.start = start,
	.step = step,
	.stop = stop,
};
