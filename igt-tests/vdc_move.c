// SPDX-License-Identifier: MIT
/* Buffers that are moved to make room for others: which, and when. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_crc.h"
#include "vdc_holes.h"
#include "vdc_param.h"
#include "vdc_picture.h"
#include "vdc_prime.h"

IGT_TEST_DESCRIPTION("Relocation: memory that is free in pieces has room for a larger buffer");

#define W		1920
#define H		1080
#define FOREIGN		6

static struct kms_device dev;
static struct kms_screen screen;
static struct holes holes;
static int heap[FOREIGN];	/* buffers of somebody else */
static unsigned int foreign;

/* Large buffers until there are no more. Return: how many. */
static unsigned int fill_up(struct buffer *large, unsigned int max)
{
	unsigned int n;

	for (n = 0; n < max; n++) {
		int ret = buffer_try_create(dev.fd, &large[n], HOLES_LARGE);

		if (ret) {
			igt_assert_eq(ret, ENOMEM);
			break;
		}
		igt_assert_eq(buffer_try_map(&large[n]), 0);
		buffer_check_zero(&large[n]);
		buffer_fill(&large[n], 1000 + n);
	}
	return n;
}

static void test_checkerboard(void)
{
	static struct buffer large[HOLES_BUFFERS];
	uint64_t moved_buffers, moved_bytes, served;
	unsigned int n, i;

	holes_make(&holes);
	moved_buffers = buffer_counter(&dev, "moved_buffers");
	moved_bytes = buffer_counter(&dev, "moved_bytes");
	served = buffer_counter(&dev, "moved");
	n = fill_up(large, HOLES_BUFFERS);
	igt_info("%u large buffers where none fitted, %u of %u moved\n", n,
		 holes_moved(&holes), holes.count / 2);
	/* Two holes make room for a large one, unless something else is in between. */
	igt_assert_lte(holes.count / 4 - 1, n);
	igt_assert_lte(1, holes_moved(&holes));
	igt_assert_eq_u64(buffer_counter(&dev, "moved"), served + n);
	moved_buffers = buffer_counter(&dev, "moved_buffers") - moved_buffers;
	igt_assert_lte_s64(holes_moved(&holes), moved_buffers);
	igt_assert_eq_u64(buffer_counter(&dev, "moved_bytes") - moved_bytes,
			  moved_buffers * HOLES_SMALL);
	holes_check(&holes);
	for (i = 0; i < n; i++)
		buffer_check(&large[i], 1000 + i);
	/* They can be written to, and do not share what they have. */
	for (i = 0; i < holes.count; i++)
		if (holes.list[i].handle)
			buffer_fill(&holes.list[i], i);
	for (i = 0; i < n; i++)
		buffer_check(&large[i], 1000 + i);
	holes_check(&holes);
	buffer_destroy_all(large, n);
	holes_destroy(&holes);
}

/* Without a mapping it is moved like the others, and mapped later. */
static void test_unmapped(void)
{
	unsigned int i;
	struct buffer b;

	holes_make(&holes);
	for (i = 0; i < holes.count; i++) {
		if (!holes.list[i].handle)
			continue;
		munmap(holes.list[i].map, holes.list[i].size);
		holes.list[i].map = NULL;
	}
	buffer_create(dev.fd, &b, HOLES_LARGE);
	buffer_check_zero(&b);
	igt_assert_lte(1, holes_moved(&holes));
	for (i = 0; i < holes.count; i++)
		if (holes.list[i].handle)
			igt_assert_eq(buffer_try_map(&holes.list[i]), 0);
	holes_check(&holes);
	buffer_destroy(&b);
	holes_destroy(&holes);
}

static void export_all(unsigned int but)
{
	unsigned int i;

	for (i = 0; i < holes.count; i++)
		if (holes.list[i].handle && i != but)
			close(prime_export(dev.fd, holes.list[i].handle));
}

/* Return: a buffer with a hole on either side. */
static unsigned int between_holes(void)
{
	unsigned int i;

	for (i = 1; i + 1 < holes.count; i++)
		if (holes.list[i].handle && !holes.list[i - 1].handle && !holes.list[i + 1].handle)
			return i;
	igt_skip("no buffer between two holes\n");
}

/* What may not move does not, and is not in the way any longer than that. */
static void test_stays(void)
{
	uint64_t buffers = buffer_counter(&dev, "moved_buffers");
	unsigned int shown;
	struct kms_fb fb;
	struct buffer b;

	holes_make(&holes);
	shown = between_holes();
	igt_assert_eq(kms_fb_wrap(&dev, &fb, holes.list[shown].handle, W, H, W * 4,
				  DRM_FORMAT_XRGB8888), 0);
	picture_draw(&fb, 5);
	memcpy(holes.list[shown].map, fb.image, HOLES_SMALL);
	kms_screen_init(&dev, &screen, 0, W, H);
	kms_screen_add(&screen, screen.pipe->primary, &fb, 0, 0);
	crc_check(&dev, &screen);
	export_all(shown);
	igt_assert_eq(buffer_try_create(dev.fd, &b, HOLES_LARGE), ENOMEM);
	igt_assert_eq(holes_moved(&holes), 0);
	igt_assert_eq_u64(buffer_counter(&dev, "moved_buffers"), buffers);
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));

	kms_all_off(&dev);
	buffer_create(dev.fd, &b, HOLES_LARGE);
	igt_assert_eq(holes_moved(&holes), 1);
	igt_assert(buffer_info(&holes.list[shown]).dma_addr != holes.addr[shown]);
	/* Shown again by the same framebuffer, from where it is now. */
	crc_check(&dev, &screen);
	kms_all_off(&dev);
	fb.handle = 0;
	kms_fb_destroy(&dev, &fb);
	buffer_destroy(&b);
	holes_destroy(&holes);
}

/* No more than move_mb is moved for one buffer; a small buffer is less than 8 MiB. */
static void test_limit(void)
{
	struct buffer b;

	holes_make(&holes);
	param_set("move_mb", "0");
	igt_assert_eq(buffer_try_create(dev.fd, &b, HOLES_LARGE), ENOMEM);
	igt_assert_eq(holes_moved(&holes), 0);
	param_set("move_mb", "7");
	igt_assert_eq(buffer_try_create(dev.fd, &b, HOLES_LARGE), ENOMEM);
	igt_assert_eq(holes_moved(&holes), 0);
	param_set("move_mb", "8");
	buffer_create(dev.fd, &b, HOLES_LARGE);
	igt_assert_eq(holes_moved(&holes), 1);
	holes_check(&holes);
	buffer_destroy(&b);
	holes_destroy(&holes);
}

/* Nothing is moved where that cannot help: memory full of buffers, none smaller than wanted. */
static void test_useless(void)
{
	uint64_t buffers = buffer_counter(&dev, "moved_buffers");
	struct buffer b;

	holes.count = buffer_exhaust(dev.fd, holes.list, HOLES_BUFFERS, HOLES_SMALL);
	holes_remember(&holes);
	igt_assert_eq(buffer_try_create(dev.fd, &b, HOLES_SMALL), ENOMEM);
	igt_assert_eq(buffer_try_create(dev.fd, &b, HOLES_LARGE), ENOMEM);
	igt_assert_eq(buffer_try_create(dev.fd, &b, 1UL << 30), ENOMEM);
	igt_assert_eq(holes_moved(&holes), 0);
	igt_assert_eq_u64(buffer_counter(&dev, "moved_buffers"), buffers);
	holes_destroy(&holes);
}

static void close_foreign(void)
{
	while (foreign)
		close(heap[--foreign]);
}

/*
 * Between our buffers others have theirs, of which the driver is not told: nothing
 * is moved for room that is not there.
 */
static void test_foreign(void)
{
	uint64_t buffers = buffer_counter(&dev, "moved_buffers");
	struct buffer b;
	unsigned int i;

	for (i = 0; i < FOREIGN; i++) {
		heap[i] = heap_alloc(HOLES_SMALL);
		foreign++;
		igt_assert_eq(buffer_try_create(dev.fd, &holes.list[i], HOLES_SMALL), 0);
		holes.count++;
		holes_fill(&holes, i);
	}
	holes_fill_rest(&holes);
	for (i = 1; i < holes.count; i += 2)
		buffer_destroy(&holes.list[i]);
	holes_remember(&holes);
	igt_assert_eq(buffer_try_create(dev.fd, &b, HOLES_LARGE), ENOMEM);
	igt_assert_eq(holes_moved(&holes), 0);
	igt_assert_eq_u64(buffer_counter(&dev, "moved_buffers"), buffers);
	holes_check(&holes);
	/* Where they were there is room at once. */
	close(heap[1]);
	heap[1] = -1;
	buffer_create(dev.fd, &b, HOLES_LARGE);
	igt_assert_eq(holes_moved(&holes), 0);
	buffer_destroy(&b);
	close_foreign();
	holes_destroy(&holes);
}

igt_main
{
	igt_fixture
		holes_open(&holes, &dev);

	igt_describe("Larger buffers where there are only holes; all contents stay right.");
	igt_subtest("checkerboard") {
		holes_begin(&holes);
		test_checkerboard();
	}

	igt_describe("A buffer without a mapping is moved, and mapped later.");
	igt_subtest("unmapped") {
		holes_begin(&holes);
		test_unmapped();
	}

	igt_describe("Exported buffers and one on screen stay; off screen it is moved, and shown.");
	igt_subtest("stays") {
		holes_begin(&holes);
		test_stays();
	}

	igt_describe("No more is moved than move_mb.");
	igt_subtest("limit") {
		holes_begin(&holes);
		test_limit();
	}

	igt_describe("Nothing is moved where that cannot help.");
	igt_subtest("useless") {
		holes_begin(&holes);
		test_useless();
	}

	igt_describe("Nothing is moved into others' buffers, or for room that they have.");
	igt_subtest("foreign") {
		holes_begin(&holes);
		test_foreign();
	}

	igt_describe("In the end CmaFree and the area's used pages are what they were.");
	igt_subtest("returned") {
		close_foreign();
		holes_begin(&holes);
		holes_check_returned(&holes);
	}

	igt_fixture
		kms_close(&dev);
}
