// SPDX-License-Identifier: MIT
/* Complaints in whose situation there are places enough, but pages in them that stay. */
#include "igt_abi.h"
#include "lab/journal.h"
#include "vdc_uptime_area.h"
#include "vdc_uptime_complaint.h"
#include "vdc_uptime_pins.h"

#define MIB		256u	/* pages, and how requests of that size and more are aligned */
#define SCREEN		2025u	/* 1920x1080 of 32 bits */

/* Pages of a program that cannot be moved, one in each @step MiB of the area. */
static void pin_area(struct scene *s, unsigned int step)
{
	unsigned int blocks = pins_borrow(&s->pins), held;

	held = blocks ? pins_hold(&s->pins, step) : 0;
	pins_shrink(&s->pins);
	igt_info("%u pages of the area are held\n", held);
	if (!held)
		pins_end(&s->pins);
	igt_require_f(held, "memory that the kernel takes from the area\n");
}

static int64_t retries(const struct scene *s)
{
	struct json_object *value;

	return json_object_object_get_ex(s->record, "retries", &value) ?
		json_object_get_int64(value) : -1;
}

/* It fails because of held pages, and no longer when they are let go. */
static bool fail_busy(struct scene *s, uint32_t pages)
{
	bool failed = !scene_request(s, pages);
	bool again;

	pins_release(&s->pins);
	again = failed && scene_request(s, pages);
	pins_end(&s->pins);
	igt_assert_f(failed, "%u pages found a place between the held ones\n", pages);
	igt_assert_f(again, "%u pages fail though nobody holds a page any longer\n", pages);
	igt_assert_eq(s->cause, CMA_CAUSE_BUSY);
	return true;
}

/*
 * anholt/linux #76: "PFNs busy" in steps of 0x100, then a crash. A held page in each MiB: every
 * place is tried, one alignment behind the other, and none is to be had. Nothing crashes.
 */
bool complain_rpi_76(struct scene *s)
{
	struct area_place place;
	bool failed;

	pin_area(s, 1);
	area_look(&place);
	failed = fail_busy(s, SCREEN);
	/* Places are MiB apart. Most of those that the area has must have been tried. */
	igt_info("%lld places were busy\n", (long long)retries(s));
	igt_assert_lte_s64((place.free - SCREEN) / MIB / 2, retries(s));
	return failed;
}

/*
 * raspberrypi/linux #2680: -16 after varying uptime. The same request that succeeds on a fresh
 * machine fails as soon as a few pages are held where the area was lent.
 */
bool complain_rpi_2680(struct scene *s)
{
	igt_require_f(scene_request(s, SCREEN), "a place for a screen\n");
	hold_drop_all(&s->hold);
	pin_area(s, 4);
	return fail_busy(s, SCREEN);
}

/*
 * Laura Abbott, 2012: 56 buffers of 1 MB from 56 MB, in a loop, while a file system works: 450
 * failures in 8,500 loops. There are exactly 56 places, and at last somebody holds a page in one of
 * them. (Here CMA's failure does not reach the client: 1 MB may come from elsewhere.)
 */
#define ABBOTT_BUFFERS	56u
#define ABBOTT_LOOPS	5u

/* Return: how many of 56 were not from CMA. */
static unsigned int take_all(struct scene *s, unsigned int from)
{
	unsigned int failed = 0;

	for (unsigned int i = 0; i < ABBOTT_BUFFERS; i++)
		failed += !scene_request(s, MIB);
	while (s->hold.count > from)
		hold_drop(&s->hold, --s->hold.count);
	return failed;
}

/* Where others work, as they did then, one may fail now and then. */
static unsigned int loops_that_succeed(struct scene *s, unsigned int from)
{
	unsigned int succeeded = 0;

	for (unsigned int i = 0; i < ABBOTT_LOOPS; i++)
		succeeded += take_all(s, from) == 0;
	return succeeded;
}

/* All of the area but 56 MB is taken. Return: how many buffers are held. */
static unsigned int leave_room(struct scene *s)
{
	unsigned int count = hold_fill(&s->hold, MIB);

	igt_require_f(count >= ABBOTT_BUFFERS, "an area of 56 MB and more\n");
	while (s->hold.count > count - ABBOTT_BUFFERS)
		hold_drop(&s->hold, --s->hold.count);
	return s->hold.count;
}

bool complain_abbott(struct scene *s)
{
	unsigned int from = leave_room(s), loops, failed;

	loops = loops_that_succeed(s, from);
	pin_area(s, PINS_MAX_BLOCKS);
	failed = take_all(s, from);
	igt_info("%u of %u loops succeeded; with a page held, %u of %u buffers failed\n", loops,
		 ABBOTT_LOOPS, failed, ABBOTT_BUFFERS);
	igt_assert_lt(0, loops);
	igt_assert_lt(0, failed);
	igt_assert_eq(s->cause, CMA_CAUSE_BUSY);
	pins_release(&s->pins);
	igt_assert_lt(0, loops_that_succeed(s, from));
	return true;
}
