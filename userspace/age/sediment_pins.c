// SPDX-License-Identifier: MIT
/*
 * Pages that are pinned as fixed buffers of io_uring. Pins of this kind are made to last, so the
 * kernel moves a page out of CMA first.
 */
#define _GNU_SOURCE
#include "age/sediment_pins.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "age/region.h"

#define PFN_MASK	((1ull << 55) - 1)	/* of /proc/PID/pagemap */

/* Where in the machine's memory a page is, 0: the kernel does not tell. */
static uint64_t address_of(const struct sediment_pins *p, const void *page)
{
	uint64_t entry, at = (uintptr_t)page / age_page() * sizeof(entry);

	if (pread(p->pagemap, &entry, sizeof(entry), (off_t)at) != sizeof(entry))
		return 0;
	return (entry & PFN_MASK) * age_page();
}

/* A ring with places for buffers, all empty. */
static int open_ring(void)
{
	struct io_uring_params params = { 0 };
	struct io_uring_rsrc_register places = { .nr = SEDIMENT_MOST_PINS,
						 .flags = IORING_RSRC_REGISTER_SPARSE };
	int ring = (int)syscall(__NR_io_uring_setup, 1, &params), error;

	if (ring < 0)
		return -errno;
	if (!syscall(__NR_io_uring_register, ring, IORING_REGISTER_BUFFERS2, &places,
		     sizeof(places)))
		return ring;
	error = errno;
	close(ring);
	return -error;
}

int sediment_pins_open(struct sediment_pins *p, uint64_t block)
{
	memset(p, 0, sizeof(*p));
	p->block = block;
	p->ring = open_ring();
	p->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (p->ring < 0)
		return p->ring;
	return address_of(p, p) ? 0 : -EPERM;
}

void sediment_pins_close(struct sediment_pins *p)
{
	if (p->ring >= 0)
		close(p->ring);
	if (p->pagemap >= 0)
		close(p->pagemap);
	free(p->marks);
}

static int pin(struct sediment_pins *p, void *page)
{
	struct iovec buffer = { page, age_page() };
	struct io_uring_rsrc_update2 update = { .offset = p->count, .nr = 1,
						.data = (uintptr_t)&buffer };

	if (syscall(__NR_io_uring_register, p->ring, IORING_REGISTER_BUFFERS_UPDATE, &update,
		    sizeof(update)) < 0)
		return -errno;
	p->count++;
	return 0;
}

/* Whether the block of a page was unmarked; it is marked from now on. */
static bool mark(struct sediment_pins *p, const void *page)
{
	uint64_t block = address_of(p, page) / p->block;

	if (block >= p->blocks) {
		bool *more = realloc(p->marks, block + 1);

		if (!more)
			return false;
		memset(more + p->blocks, 0, block + 1 - p->blocks);
		p->marks = more;
		p->blocks = block + 1;
	}
	if (p->marks[block])
		return false;
	p->marks[block] = true;
	return true;
}

int sediment_pins_sift(struct sediment_pins *p, char *map, size_t pages, size_t first,
		       unsigned int most)
{
	if (most > SEDIMENT_MOST_PINS)
		most = SEDIMENT_MOST_PINS;
	for (size_t i = 0; i < pages && p->count < most; i++) {
		char *page = map + (first + i) % pages * age_page();
		int ret;

		if (!mark(p, page))
			continue;
		ret = pin(p, page);
		if (ret)
			return ret;
		/* It may have been moved out of CMA. */
		mark(p, page);
	}
	return 0;
}
