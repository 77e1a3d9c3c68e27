// SPDX-License-Identifier: MIT
/* Contiguous memory under pressure: exhaustion, holes, the alignment trap, nothing lost. */
#include <errno.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_cma_area.h"
#include "vdc_crc.h"
#include "vdc_param.h"
#include "vdc_picture.h"

IGT_TEST_DESCRIPTION("Display buffers and the CMA area they come from");

#define MAX_BUFFERS	1024
#define PAGE		4096UL
#define W		1920	/* 2025 pages: above the buddy allocator, so CMA or nothing */
#define H		1080
#define PAGES		2025UL
#define ROUNDS		600
#define SLACK_KB	1024	/* movable pages that borrow a little of the area come and go */

static struct kms_device dev;
static struct kms_screen screen;
static struct kms_fb *fbs;
static unsigned int num_fbs;

static struct cma_area area_now(void)
{
	struct cma_area area;

	igt_require_f(cma_area_read(&area), "no CMA area in debugfs\n");
	return area;
}

static long free_kb_now(void)
{
	struct cma_area area = area_now();

	cma_area_free(&area);
	return cma_free_kb(&area);
}

static uint64_t used_now(void)
{
	struct cma_area area = area_now();

	cma_area_free(&area);
	return area.used;
}

static void free_all(void)
{
	while (num_fbs)
		kms_fb_destroy(&dev, &fbs[--num_fbs]);
}

/* Screenfuls until there are no more. Return: the errno that ended it. */
static int exhaust(void)
{
	int ret = 0;

	while (num_fbs < MAX_BUFFERS && !ret) {
		ret = kms_fb_try_create(&dev, &fbs[num_fbs], W, H, DRM_FORMAT_XRGB8888);
		num_fbs += !ret;
	}
	return ret;
}

static void show_small(struct kms_fb *small)
{
	kms_fb_create(&dev, small, 640, 480, DRM_FORMAT_XRGB8888);
	picture_draw(small, 99);
	kms_screen_init(&dev, &screen, 0, 640, 480);
	kms_screen_add(&screen, screen.pipe->primary, small, 0, 0);
	crc_check(&dev, &screen);
}

static void hide_small(struct kms_fb *small)
{
	kms_all_off(&dev);
	kms_fb_destroy(&dev, small);
}

static void test_exhaustion(void)
{
	struct kms_fb small, extra;
	uint64_t before;
	int i;

	show_small(&small);
	before = used_now();
	igt_assert_eq(exhaust(), ENOMEM);
	igt_info("%u buffers of %lu pages\n", num_fbs, PAGES);
	igt_assert_lt(1, num_fbs);
	/* It stays refused, nothing leaks by it, and the picture stays. */
	for (i = 0; i < 10; i++)
		igt_assert_eq(kms_fb_try_create(&dev, &extra, W, H, DRM_FORMAT_XRGB8888), ENOMEM);
	igt_assert_lte_s64(before + num_fbs * PAGES, used_now());
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	free_all();
	igt_assert_eq_u64(used_now(), before);
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	hide_small(&small);
}

/* Each of all the buffers there can be holds its own picture, all at the same time. */
static void test_each_buffer(void)
{
	unsigned int i;

	kms_screen_init(&dev, &screen, 0, W, H);
	igt_assert_eq(exhaust(), ENOMEM);
	for (i = 0; i < num_fbs; i++) {
		picture_draw(&fbs[i], 1000 + i);
		/* Drawn again for its prediction: two copies of all buffers need not fit. */
		free(fbs[i].image);
		fbs[i].image = NULL;
	}
	for (i = 0; i < num_fbs; i++) {
		uint8_t *map = fbs[i].map;

		fbs[i].map = NULL;	/* do not touch the buffer again */
		picture_draw(&fbs[i], 1000 + i);
		fbs[i].map = map;
		screen.num_layers = 0;
		kms_screen_add(&screen, screen.pipe->primary, &fbs[i], 0, 0);
		crc_check(&dev, &screen);
		free(fbs[i].image);
		fbs[i].image = NULL;
	}
	igt_info("%u buffers verified\n", num_fbs);
	kms_all_off(&dev);
	free_all();
}

/* Every second buffer freed: much memory, none of it in one piece while the others stay. */
static void test_checkerboard(void)
{
	struct cma_area area;
	unsigned int i, holes = 0;
	struct kms_fb larger;

	igt_assert_eq(exhaust(), ENOMEM);
	igt_require_f(num_fbs >= 4, "an area of at least four screens\n");
	/* The allocator goes first-fit, but what was there before may have moved some. */
	for (i = 1; i < num_fbs; i += 2, holes++)
		kms_fb_destroy(&dev, &fbs[i]);
	area = area_now();
	igt_info("%u holes, %llu of %llu pages free\n", holes,
		 (unsigned long long)(area.count - area.used), (unsigned long long)area.count);
	igt_assert_lt_s64(2 * PAGES, area.count - area.used);
	igt_assert_eq_s64(cma_area_first_fit(&area, 2 * PAGES), -1);
	cma_area_free(&area);
	param_set("move_mb", "0");
	igt_assert_eq(kms_fb_try_create(&dev, &larger, W, 2 * H, DRM_FORMAT_XRGB8888), ENOMEM);
	param_set("move_mb", "64");
	for (i = 1; i < num_fbs; i += 2)
		igt_assert_eq(kms_fb_try_create(&dev, &fbs[i], W, H, DRM_FORMAT_XRGB8888), 0);
	igt_assert_eq(kms_fb_try_create(&dev, &larger, W, H, DRM_FORMAT_XRGB8888), ENOMEM);
	free_all();
}

/*
 * The alignment trap: 2025 pages are aligned to 256 (1 MiB), so that buffers one
 * behind the other lie 2048 pages apart and 23 pages of each are lost. The bitmap
 * must say so, place by place, and the number that fits must be what it predicts.
 */
static void test_alignment(void)
{
	struct cma_area before = area_now(), now;
	unsigned int fit = 0, i;
	long at;

	for (i = 0; i < MAX_BUFFERS; i++) {
		int ret = kms_fb_try_create(&dev, &fbs[num_fbs], W, H, DRM_FORMAT_XRGB8888);

		at = cma_area_first_fit(&before, PAGES);
		if (at < 0) {
			igt_assert_f(ret == ENOMEM, "buffer %u: %s, but nothing should fit\n", i,
				     strerror(ret));
			break;
		}
		igt_assert_f(!ret, "buffer %u: %s, but it fits at page %ld\n", i, strerror(ret),
			     at);
		num_fbs++;
		igt_assert_eq_u64((before.base_pfn + at) % 256, 0);
		cma_area_take(&before, at, PAGES);
		now = area_now();
		igt_assert_f(!memcmp(now.bitmap, before.bitmap, now.count),
			     "buffer %u is not at page %ld of the area\n", i, at);
		cma_area_free(&now);
		fit++;
	}
	now = area_now();
	igt_info("%u buffers; %llu of %llu pages are free, none of them usable for another\n", fit,
		 (unsigned long long)(now.count - now.used), (unsigned long long)now.count);
	/* All but one buffer have 23 pages behind them that no such buffer can use. */
	igt_assert_lte_s64((fit - 1) * (2048 - PAGES), now.count - now.used);
	cma_area_free(&now);
	cma_area_free(&before);
	free_all();
}

/* Sizes as a desktop mixes them, for a while; the area must end as it began. */
static void test_mixed(void)
{
	static const struct {
		uint32_t w, h;
	} sizes[] = {
		{ 64, 64 }, { 1920, 1080 }, { 256, 256 }, { 1280, 720 }, { 640, 480 },
		{ 1024, 768 }, { 33, 777 }, { 1920, 270 },
	};
	const unsigned int num_sizes = sizeof(sizes) / sizeof(*sizes), slots = 150;
	uint64_t before = used_now();
	unsigned int i, slot, failed = 0;
	uint32_t state = 1;
	int ret;

	/* A debug kernel has no time to look for room in each of so many rounds. */
	param_set("move_mb", "0");
	num_fbs = slots;
	memset(fbs, 0, slots * sizeof(*fbs));
	for (i = 0; i < ROUNDS; i++) {
		state = state * 1664525 + 1013904223;	/* Numerical Recipes, 2nd ed., p. 284 */
		slot = (state >> 16) % slots;
		kms_fb_destroy(&dev, &fbs[slot]);
		ret = kms_fb_try_create(&dev, &fbs[slot], sizes[(state >> 8) % num_sizes].w,
					sizes[(state >> 8) % num_sizes].h, DRM_FORMAT_XRGB8888);
		igt_assert_f(!ret || ret == ENOMEM, "round %u: %s\n", i, strerror(ret));
		failed += ret != 0;
	}
	igt_info("%d rounds, %u of them found no room\n", ROUNDS, failed);
	param_set("move_mb", "64");
	free_all();
	igt_assert_eq_u64(used_now(), before);
}

/* What a client does not free itself goes when its process ends. */
static void test_death_frees(void)
{
	uint64_t before = used_now();
	struct kms_device other;
	struct kms_fb fb;
	int i;

	for (i = 0; i < 2; i++) {
		igt_fork(child, 1) {
			if (!kms_try_open(&other, 0))
				exit(1);
			while (!kms_fb_try_create(&other, &fb, W, H, DRM_FORMAT_XRGB8888))
				num_fbs++;
			exit(num_fbs ? 0 : 1);
		}
		igt_waitchildren();
		igt_assert_eq_u64(used_now(), before);
	}
}

igt_main
{
	static uint64_t used;
	static long free_kb;

	igt_fixture {
		kms_open(&dev, 0);
		/* What is freed is looked for in the area, so nothing may be kept. */
		param_set("pool_mb", "0");
		kms_all_off(&dev);
		fbs = calloc(MAX_BUFFERS, sizeof(*fbs));
		igt_assert(fbs);
		free_kb = free_kb_now();
		used = used_now();
	}

	igt_describe("Buffers until ENOMEM; the picture stays, everything comes back.");
	igt_subtest("exhaustion")
		test_exhaustion();

	igt_describe("With the area full, each buffer shows its own picture, by CRC.");
	igt_subtest("each-buffer")
		test_each_buffer();

	igt_describe("Holes of one screen each: two screens fail, one screen fits each hole.");
	igt_subtest("checkerboard")
		test_checkerboard();

	igt_describe("Buffers of 2025 pages lie 2048 apart: the bitmap agrees page by page.");
	igt_subtest("alignment-trap")
		test_alignment();

	igt_describe("Hundreds of rounds of mixed sizes leave the area as it was.");
	igt_subtest("mixed-sizes")
		test_mixed();

	igt_describe("A process that ends gives back the whole area.");
	igt_subtest("death-frees")
		test_death_frees();

	igt_describe("In the end CmaFree and the area's used pages are what they were.");
	igt_subtest("returned") {
		long now = free_kb_now();

		igt_info("CmaFree %ld kB, at the start %ld kB\n", now, free_kb);
		igt_assert_eq_u64(used_now(), used);
		igt_assert_f(now >= free_kb - SLACK_KB, "CmaFree %ld kB, at the start %ld kB\n",
			     now, free_kb);
	}

	igt_fixture
		kms_close(&dev);
}
