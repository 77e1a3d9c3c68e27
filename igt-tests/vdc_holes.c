// SPDX-License-Identifier: MIT
/* An area full of small buffers but for holes: no room for a large one unless small ones move. */
#include <errno.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_cma_area.h"
#include "vdc_holes.h"
#include "vdc_param.h"
#include "vdc_prime.h"

#define SLACK_KB	1024	/* movable pages that borrow a little of the area come and go */
#define MOVE_MB		"64"	/* the driver's default */

void holes_fill(struct holes *holes, unsigned int i)
{
	igt_assert_eq(buffer_try_map(&holes->list[i]), 0);
	buffer_fill(&holes->list[i], i);
}

void holes_remember(struct holes *holes)
{
	unsigned int i;

	for (i = 0; i < holes->count; i++)
		if (holes->list[i].handle)
			holes->addr[i] = buffer_info(&holes->list[i]).dma_addr;
}

unsigned int holes_moved(const struct holes *holes)
{
	const struct buffer *b = holes->list;
	unsigned int i, n = 0;

	for (i = 0; i < holes->count; i++)
		n += b[i].handle && buffer_info(&b[i]).dma_addr != holes->addr[i];
	return n;
}

void holes_check(const struct holes *holes)
{
	unsigned int i;

	for (i = 0; i < holes->count; i++)
		if (holes->list[i].handle)
			buffer_check(&holes->list[i], i);
}

static int compare_addr(const void *a, const void *b)
{
	uint64_t left = buffer_info(a).dma_addr, right = buffer_info(b).dma_addr;

	return left < right ? -1 : left > right;
}

unsigned int holes_cut(int fd, struct buffer *small)
{
	unsigned int n = buffer_exhaust(fd, small, HOLES_BUFFERS, HOLES_SMALL), i;
	uint64_t hole = 0;

	qsort(small, n, sizeof(*small), compare_addr);
	for (i = 0; i < n; i++) {
		uint64_t at = buffer_info(&small[i]).dma_addr;

		/* What lies between two holes is one more small buffer at least. */
		if (hole && at < hole + 2 * HOLES_SMALL)
			continue;
		hole = at;
		buffer_destroy(&small[i]);
	}
	return n;
}

void holes_make(struct holes *holes)
{
	struct cma_area area;
	unsigned int i;

	holes->count = holes_cut(holes->dev->fd, holes->list);
	igt_require_f(holes->count >= 8, "an area of at least eight screens\n");
	for (i = 0; i < holes->count; i++)
		if (holes->list[i].handle)
			holes_fill(holes, i);
	igt_assert(cma_area_read(&area));
	igt_assert_eq_s64(cma_area_first_fit(&area, HOLES_LARGE / BUFFER_PAGE), -1);
	cma_area_free(&area);
	holes_remember(holes);
}

void holes_destroy(struct holes *holes)
{
	buffer_destroy_all(holes->list, holes->count);
	holes->count = 0;
}

void holes_fill_rest(struct holes *holes)
{
	unsigned int n = buffer_exhaust(holes->dev->fd, holes->filler + holes->fillers,
					HOLES_BUFFERS - holes->fillers, HOLES_SMALL);

	for (; n; n--, holes->fillers++)
		close(prime_export(holes->dev->fd, holes->filler[holes->fillers].handle));
}

static bool near(uint64_t a, uint64_t b)
{
	return a < b ? b - a < 2 * HOLES_SMALL : a - b < 2 * HOLES_SMALL;
}

static void open_hole(struct holes *holes, unsigned int i)
{
	buffer_destroy(&holes->filler[i]);
	holes->filler[i] = holes->filler[--holes->fillers];
}

/*
 * Two holes, one of them beside a buffer of the list, which has to move into the
 * other one if there shall be a large one. Return: whether it could be done.
 */
static bool open_holes(struct holes *holes, unsigned int round)
{
	const struct buffer *b = holes->list;
	unsigned int i, k, n;
	uint64_t hole = 0;

	if (!holes->fillers)
		return false;
	i = round % holes->fillers;
	for (n = 0; n < holes->fillers && !hole; n++, i = (i + 1) % holes->fillers)
		for (k = 0; k < holes->count && !hole; k++)
			if (b[k].handle && near(buffer_info(&holes->filler[i]).dma_addr,
						buffer_info(&b[k]).dma_addr)) {
				hole = buffer_info(&holes->filler[i]).dma_addr;
				open_hole(holes, i);
			}
	for (i = 0; i < holes->fillers; i++)
		if (!near(buffer_info(&holes->filler[i]).dma_addr, hole)) {
			open_hole(holes, i);
			return hole;
		}
	return false;
}

unsigned int holes_move(struct holes *holes, unsigned int rounds, const bool *stop)
{
	unsigned int round, made = 0;
	struct buffer large;

	for (round = 0; round < rounds && !__atomic_load_n(stop, __ATOMIC_RELAXED); round++) {
		holes_fill_rest(holes);
		if (!open_holes(holes, round))
			break;
		if (buffer_try_create(holes->dev->fd, &large, HOLES_LARGE))
			continue;
		if (buffer_try_map(&large))
			break;
		buffer_check_zero(&large);
		memset(large.map, 0xff, large.size);
		buffer_destroy(&large);
		made++;
	}
	buffer_destroy_all(holes->filler, holes->fillers);
	holes->fillers = 0;
	return made;
}

void holes_open(struct holes *holes, struct kms_device *dev)
{
	struct cma_area area;

	holes->dev = dev;
	holes->used = buffer_begin(dev);
	igt_require_f(access("/sys/module/vdc/parameters/move_mb", W_OK) == 0,
		      "a driver that moves buffers\n");
	igt_assert(cma_area_read(&area));
	cma_area_free(&area);
	holes->free_kb = cma_free_kb(&area);
}

void holes_begin(struct holes *holes)
{
	kms_all_off(holes->dev);
	holes_destroy(holes);
	buffer_destroy_all(holes->filler, holes->fillers);
	holes->fillers = 0;
	param_set("move_mb", MOVE_MB);
}

void holes_check_returned(struct holes *holes)
{
	struct cma_area area;
	long now;

	igt_assert(cma_area_read(&area));
	cma_area_free(&area);
	now = cma_free_kb(&area);
	igt_assert_eq_u64(buffer_area_used(), holes->used);
	igt_assert_f(now >= holes->free_kb - SLACK_KB, "CmaFree %ld kB, at the start %ld kB\n",
		     now, holes->free_kb);
}
