// SPDX-License-Identifier: MIT
/* Complaints in whose situation there is memory enough, but no place for a buffer. */
#include "igt_abi.h"
#include "vdc_uptime_area.h"
#include "vdc_uptime_complaint.h"

#define MIB		256u	/* pages */
#define SCREEN		2025u	/* 1920x1080 of 32 bits */

/*
 * i.MX6, wandboard: clients take 80 kB to 5 MB, and give back what is small, until 5 MB fail. The
 * small ones leave holes that no large one fits.
 */
#define IMX6_LEAST	20u
#define IMX6_MOST	1280u

bool complain_imx6(struct scene *s)
{
	struct area_place place;
	struct hold *h = &s->hold;
	uint64_t used;
	uint32_t pages;

	do {
		pages = IMX6_LEAST + scene_below(s, IMX6_MOST - IMX6_LEAST + 1);
		used = area_used();
	} while (!hold_add(h, pages) && area_used() > used);
	for (unsigned int i = 0; i < h->count; i += 2)
		if (h->buffer[i].pages < IMX6_MOST / 2)
			hold_drop(h, i);
	while (scene_request(s, IMX6_MOST))
		;
	area_look(&place);
	igt_info("5 MB fail with %llu of %llu pages free\n", (unsigned long long)place.free,
		 (unsigned long long)place.pages);
	igt_assert_lte_s64(IMX6_MOST, place.free);
	scene_expect_space(s, IMX6_MOST);
	igt_assert_neq(s->cause, CMA_CAUSE_FULL);
	return true;
}

/*
 * anholt/linux #135: 16 MiB fail with 30 of 256 MiB in use. What is in use lies so that no 16 MiB
 * between are free: 1 MiB here and there.
 */
#define RPI_135_WANT	(16 * MIB)
#define RPI_135_EVERY	9u

bool complain_rpi_135(struct scene *s)
{
	struct area_place place;
	struct hold *h = &s->hold;
	unsigned int count = hold_fill(h, MIB);

	igt_require_f(count > 2 * RPI_135_EVERY, "an area with room for more than %u MiB\n",
		      2 * RPI_135_EVERY);
	for (unsigned int i = 0; i < h->count; i++)
		if (i % RPI_135_EVERY)
			hold_drop(h, i);
	area_look(&place);
	igt_info("%llu of %llu pages in use\n", (unsigned long long)(place.pages - place.free),
		 (unsigned long long)place.pages);
	igt_assert_lt_s64(place.pages - place.free, place.pages / 4);
	igt_assert(!scene_request(s, RPI_135_WANT));
	scene_expect_space(s, RPI_135_WANT);
	igt_assert_neq(s->cause, CMA_CAUSE_FULL);
	return true;
}

/* raspberrypi/linux #2966: exactly one 1080p buffer can be had, the next one is -12. */
bool complain_rpi_2966(struct scene *s)
{
	struct hold *h = &s->hold;
	unsigned int count = hold_fill(h, SCREEN);

	igt_require_f(count, "an area with room for a screen\n");
	hold_drop(h, scene_below(s, count));
	igt_assert(scene_request(s, SCREEN));
	igt_assert(!scene_request(s, SCREEN));
	scene_expect_space(s, SCREEN);
	return true;
}

/*
 * raspberrypi/firmware #1247: ENOMEM after 70 minutes of desktop. Windows of all sizes, each with
 * two buffers, open and close; few stay long. Some day a full screen finds no place, though more
 * than that is free.
 */
#define DESKTOP_WINDOWS	48u
#define DESKTOP_ROUNDS	20000u
#define DESKTOP_SHARE	80u	/* percent of the area, at most, for windows */

static uint32_t window_pages(struct scene *s)
{
	uint32_t w = 200 + scene_below(s, 1200), h = 100 + scene_below(s, 800);

	return (w * h * 4 + 4095) / 4096;
}

/* A hole is used again: windows are few, and open for thousands of rounds. */
static void open_window(struct scene *s, unsigned int i, uint32_t pages)
{
	struct hold *h = &s->hold;

	hold_drop(h, i);
	if (hold_add(h, pages))
		return;
	h->buffer[i] = h->buffer[--h->count];
}

bool complain_rpi_1247(struct scene *s)
{
	struct hold *h = &s->hold;
	struct area_place place;
	unsigned int round;

	memset(h->buffer, 0, DESKTOP_WINDOWS * 2 * sizeof(*h->buffer));
	h->count = DESKTOP_WINDOWS * 2;
	for (round = 0; round < DESKTOP_ROUNDS; round++) {
		unsigned int window = scene_below(s, DESKTOP_WINDOWS);
		uint32_t pages = window_pages(s);

		area_look(&place);
		if (place.free < place.pages * (100 - DESKTOP_SHARE) / 100) {
			hold_drop(h, window * 2);
			hold_drop(h, window * 2 + 1);
			continue;
		}
		open_window(s, window * 2, pages);
		open_window(s, window * 2 + 1, pages);
		area_look(&place);
		if (place.free < SCREEN || round % 4)
			continue;
		if (!scene_request(s, SCREEN))
			break;
		hold_drop(h, --h->count);
	}
	igt_assert_f(round < DESKTOP_ROUNDS, "a full screen always found a place\n");
	igt_info("a full screen fails in round %u, with %llu of %llu pages free\n", round,
		 (unsigned long long)place.free, (unsigned long long)place.pages);
	scene_expect_space(s, SCREEN);
	igt_assert_neq(s->cause, CMA_CAUSE_FULL);
	return true;
}
