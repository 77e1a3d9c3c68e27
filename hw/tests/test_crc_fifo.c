// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* The CRC FIFO: an entry a frame, in order, the oldest lost first, none from before a restart. */
#include "check.h"
#include "picture.h"
#include "screen.h"

#define ON	VDC_PIPE_CRC_CTRL_ENABLE

/* A screen that is on, with CRCs from frame 0. Return: when that began. */
static uint64_t crc_screen(struct fake_host *h)
{
	wr(h, REG(0, CRC_CTRL), ON);
	return screen_on(h, 0, &mode_tiny);
}

/* The FIFO holds the frames [first, first + n), in that order; they are taken out. */
static void expect_frames(struct fake_host *h, uint32_t first, uint32_t n)
{
	struct crc_entry e[VDC_CRC_DEPTH];
	uint32_t i;

	assert_int_equal(screen_crcs(h, 0, e, ARRAY_SIZE(e)), n);
	for (i = 0; i < n; i++)
		assert_int_equal(e[i].frame, first + i);
}

static void complete_all(struct fake_host *h)
{
	while (fake_complete(h, 0))
		;
}

static void one_entry_a_frame_in_order(void **state)
{
	struct fake_host *h = screen_new(NULL);
	struct crc_entry e[VDC_CRC_DEPTH];
	uint64_t start;
	uint32_t i;

	(void)state;
	start = crc_screen(h);
	fake_run_to(h, start + TINY_VBLANK - 1);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), 0);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_CRC);
	fake_run_to(h, start + TINY_VBLANK);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), 1);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_CRC);
	fake_run_to(h, start + 19 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(screen_crcs(h, 0, e, ARRAY_SIZE(e)), 20);
	for (i = 0; i < 20; i++)
		assert_int_equal(e[i].frame, i);
	assert_true(fake_last(h, VDC_EVENT_CRC, 0)->arg == (19ULL << 32 | e[19].value));
	assert_int_equal(rd(h, REG(0, CRC_LOST)), 0);
	screen_end(h);
}

static void a_full_fifo_loses_its_oldest(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint32_t depth = VDC_GET(VDC_CAPS_CRC_DEPTH, rd(h, VDC_CAPS));
	uint64_t start;

	(void)state;
	start = crc_screen(h);
	fake_run_to(h, start + (depth - 1) * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), depth);
	assert_int_equal(rd(h, REG(0, CRC_LOST)), 0);
	fake_run_to(h, start + (depth + 6) * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), depth);
	assert_int_equal(rd(h, REG(0, CRC_LOST)), 7);
	expect_frames(h, 7, depth);
	screen_end(h);
}

static void popping_an_empty_fifo_does_nothing(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start;
	uint32_t i;

	(void)state;
	wr(h, REG(0, CRC_CTRL), ON);
	for (i = 0; i < 3; i++)
		wr(h, REG(0, CRC_POP), i);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), 0);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + TINY_VBLANK);
	expect_frames(h, 0, 1);
	screen_end(h);
}

/* Enabled in the middle of frame 2, or in its vblank: frame 3 is the first. */
static void enabling_starts_with_the_next_frame(void **state)
{
	static const uint64_t at[] = { 2 * TINY_FRAME, 2 * TINY_FRAME + 1,
				       2 * TINY_FRAME + TINY_VBLANK / 2,
				       2 * TINY_FRAME + TINY_VBLANK, 3 * TINY_FRAME - 1 };
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		struct fake_host *h = screen_new(NULL);
		uint64_t start = screen_on(h, 0, &mode_tiny);

		fake_run_to(h, start + at[i]);
		wr(h, REG(0, CRC_CTRL), ON);
		fake_run_to(h, start + 4 * TINY_FRAME + TINY_VBLANK);
		print_message("# instant %u\n", i);
		expect_frames(h, 3, 2);
		screen_end(h);
	}
}

static void a_restart_empties_the_fifo(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start;

	(void)state;
	start = crc_screen(h);
	fake_run_to(h, start + 40 * TINY_FRAME);
	assert_int_not_equal(rd(h, REG(0, CRC_LOST)), 0);
	wr(h, REG(0, CRC_CTRL), ON);			/* on already: no restart */
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), VDC_CRC_DEPTH);
	wr(h, REG(0, CRC_CTRL), 0);
	wr(h, REG(0, CRC_CTRL), ON);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), 0);
	assert_int_equal(rd(h, REG(0, CRC_LOST)), 0);
	fake_run_to(h, start + 42 * TINY_FRAME);
	expect_frames(h, 41, 1);
	screen_end(h);
}

static void disabled_nothing_comes(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start;

	(void)state;
	h->display = true;
	wr(h, REG(0, CRC_CTRL), ~ON);		/* other bits are not wired */
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + 3 * TINY_FRAME);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), 0);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_CRC);
	screen_end(h);
}

static void late_frames_arrive_in_order(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start;

	(void)state;
	h->defer = true;
	start = crc_screen(h);
	fake_run_to(h, start + 3 * TINY_FRAME);
	assert_int_equal(h->queued, 3);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), 0);
	assert_true(fake_complete(h, 0));
	assert_true(fake_complete(h, 0));
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_CRC);
	expect_frames(h, 0, 2);
	fake_run_to(h, start + 4 * TINY_FRAME);
	complete_all(h);
	expect_frames(h, 2, 2);
	screen_end(h);
}

/* Frames of before a restart that are composed after it must not show up. */
static void late_frames_of_an_old_run_are_dropped(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start;

	(void)state;
	h->defer = true;
	start = crc_screen(h);
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_LINE);
	wr(h, REG(0, CRC_CTRL), 0);
	wr(h, REG(0, CRC_CTRL), ON);
	screen_irq(h, 0);
	complete_all(h);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), 0);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_CRC);
	fake_run_to(h, start + 4 * TINY_FRAME);
	complete_all(h);
	expect_frames(h, 3, 1);
	screen_end(h);
}

/*
 * A pipe that was off counts from 0 again: a frame of before that is composed
 * only now cannot be told from a later one by its number, so it must not come.
 */
static void late_frames_of_before_the_pipe_was_off_are_dropped(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start;

	(void)state;
	h->defer = true;
	start = crc_screen(h);
	fake_run_to(h, start + 4 * TINY_FRAME);
	wr(h, REG(0, CTRL), 0);
	screen_commit(h, 0);
	fake_run_to(h, start + 5 * TINY_FRAME);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + 2 * TINY_FRAME);
	complete_all(h);
	expect_frames(h, 0, 2);
	screen_end(h);
}

static void frames_of_before_a_reset_are_dropped(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start;

	(void)state;
	h->defer = true;
	start = crc_screen(h);
	fake_run_to(h, start + 3 * TINY_FRAME);
	wr(h, VDC_CTRL, VDC_CTRL_RESET);
	screen_power(h);
	start = crc_screen(h);
	screen_irq(h, 0);
	complete_all(h);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), 0);
	assert_int_equal(screen_irq(h, 0), 0);
	screen_end(h);
}

/* The kernel's CRC reader compares neighbours: a still picture repeats its CRC. */
static void a_still_picture_repeats_its_crc(void **state)
{
	struct fake_host *h = screen_new(NULL);
	struct crc_entry e[VDC_CRC_DEPTH];
	struct picture *p = picture_new(64, 48, 0xff00ff);
	uint64_t start;
	uint32_t i;

	(void)state;
	wr(h, REG(0, CRC_CTRL), ON);
	wr(h, REG(0, BACKGROUND), 0x3ffU << 20 | 0x3ff);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + 10 * TINY_FRAME);
	assert_int_equal(screen_crcs(h, 0, e, ARRAY_SIZE(e)), 10);
	for (i = 0; i < 10; i++)
		assert_int_equal(e[i].value, picture_crc(p));
	picture_free(p);
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_entry_a_frame_in_order),
		cmocka_unit_test(a_full_fifo_loses_its_oldest),
		cmocka_unit_test(popping_an_empty_fifo_does_nothing),
		cmocka_unit_test(enabling_starts_with_the_next_frame),
		cmocka_unit_test(a_restart_empties_the_fifo),
		cmocka_unit_test(disabled_nothing_comes),
		cmocka_unit_test(late_frames_arrive_in_order),
		cmocka_unit_test(late_frames_of_an_old_run_are_dropped),
		cmocka_unit_test(late_frames_of_before_the_pipe_was_off_are_dropped),
		cmocka_unit_test(frames_of_before_a_reset_are_dropped),
		cmocka_unit_test(a_still_picture_repeats_its_crc),
	};

	return cmocka_run_group_tests_name("crc_fifo", tests, NULL, NULL);
}
