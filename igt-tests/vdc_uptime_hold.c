// SPDX-License-Identifier: MIT
/* Buffers that take room in the CMA area. */
#include <errno.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_kms.h"
#include "vdc_uptime_area.h"
#include "vdc_uptime_hold.h"

#define PAGE_PIXELS	1024u	/* of 32 bits: a line is a page */

void hold_begin(struct hold *h)
{
	h->count = 0;
	h->path = "plain";
	h->fd = kms_open_driver("vdc-plain");
	if (h->fd < 0) {
		h->path = "vdc";
		h->fd = kms_open_driver("vdc");
	}
	igt_assert(h->fd >= 0);
}

int hold_add(struct hold *h, uint32_t pages)
{
	uint32_t handle, pitch;
	uint64_t size;

	igt_assert_lt(h->count, HOLD_MAX);
	if (drmModeCreateDumbBuffer(h->fd, PAGE_PIXELS, pages, 32, 0, &handle, &pitch, &size))
		return errno;
	igt_assert_eq_u64(size, pages * PAGE_PIXELS * 4ULL);
	h->buffer[h->count].handle = handle;
	h->buffer[h->count++].pages = pages;
	return 0;
}

void hold_drop(struct hold *h, unsigned int i)
{
	if (!h->buffer[i].handle)
		return;
	igt_assert_eq(drmCloseBufferHandle(h->fd, h->buffer[i].handle), 0);
	h->buffer[i].handle = 0;
}

void hold_drop_all(struct hold *h)
{
	while (h->count)
		hold_drop(h, --h->count);
}

unsigned int hold_fill(struct hold *h, uint32_t pages)
{
	unsigned int before = h->count;
	uint64_t used;
	int ret;

	do {
		used = area_used();
		ret = hold_add(h, pages);
		igt_assert_f(!ret || ret == ENOMEM, "%u pages: %s\n", pages, strerror(ret));
	} while (!ret && area_used() >= used + pages);
	if (!ret)
		hold_drop(h, --h->count);
	return h->count - before;
}

void hold_end(struct hold *h)
{
	hold_drop_all(h);
	close(h->fd);
	h->fd = -1;
}
