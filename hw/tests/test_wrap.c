// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * The low half of the frame count wraps, after 828 days at 60 Hz or at once: a device can begin
 * with any number. Nothing but the numbers may differ.
 */
#include "check.h"
#include "picture.h"
#include "screen.h"

#define ADDR	(FAKE_RAM_BASE + 0x10000)
#define OUT	(FAKE_RAM_BASE + 0x100000)
#define FIRST	0xfffffffdU	/* frame 3 is the first whose number has a low half of 0 */
#define FRAMES	6U

static const struct shown full = {
	VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR, 256, 0, 0, 64, 48,
};

/* A device whose pipes begin with FIRST, with a picture to show; off. */
static struct fake_host *new_host(void)
{
	static const struct vdc_config config = { 2, 2, 2, 4096, 2160, 600000, 40, 0, FIRST };
	struct fake_host *h = screen_new(&config);

	picture_store(fake_ram(h, ADDR), 256, 4, 64, 48, 1);
	screen_layer(h, 0, 0, &full);
	return h;
}

static void the_count_goes_on_past_the_wrap(void **state)
{
	struct fake_host *h = new_host();
	uint64_t start = screen_on(h, 0, &mode_tiny), n;

	(void)state;
	assert_int_equal(screen_count(h, 0), FIRST);
	for (n = 0; n < FRAMES; n++) {
		fake_run_to(h, start + n * TINY_FRAME + TINY_VBLANK - 1);
		assert_int_equal(screen_count(h, 0), FIRST + n);
		fake_run_to(h, start + n * TINY_FRAME + TINY_VBLANK);
		assert_int_equal(screen_count(h, 0), FIRST + n + 1);
		assert_int_equal(rd(h, REG(0, FRAME)), (uint32_t)(FIRST + n + 1));
		assert_int_equal(fake_last(h, VDC_EVENT_VBLANK, 0)->arg, FIRST + n + 1);
	}
	assert_int_equal(rd(h, REG(0, FRAME_HI)), 1);
	assert_int_equal(rd(h, REG(0, UNDERRUNS)), 0);
	screen_end(h);
}

static void a_stall_over_the_wrap_loses_no_count(void **state)
{
	struct fake_host *h = new_host();
	uint64_t start = screen_on(h, 0, &mode_tiny);

	(void)state;
	fake_run_to(h, start + TINY_FRAME);
	fake_stall_to(h, start + 1000 * TINY_FRAME);
	assert_int_equal(screen_count(h, 0), FIRST + 1000ULL);
	assert_int_equal(rd(h, REG(0, POSITION)), 0);
	screen_end(h);
}

static void each_run_begins_with_the_same_number(void **state)
{
	struct fake_host *h = new_host();
	uint64_t start = screen_on(h, 0, &mode_tiny);

	(void)state;
	assert_int_equal(rd(h, REG(0, COMMIT_FRAME)), FIRST);
	fake_run_to(h, start + 4 * TINY_FRAME);
	wr(h, REG(0, CTRL), 0);
	screen_commit(h, 0);
	fake_run_to(h, start + 9 * TINY_FRAME);
	assert_int_equal(rd(h, REG(0, STATUS)), 0);
	assert_int_equal(screen_count(h, 0), FIRST + 5ULL);
	assert_int_equal(fake_last(h, VDC_EVENT_DISABLE, 0)->arg, FIRST + 5ULL);
	screen_on(h, 0, &mode_tiny);
	assert_int_equal(screen_count(h, 0), FIRST);
	/* The other pipe has run nothing yet. */
	assert_int_equal(screen_count(h, 1), 0);
	screen_end(h);
}

static void latches_tell_the_frame_that_comes(void **state)
{
	struct fake_host *h = new_host();
	uint64_t start = screen_on(h, 0, &mode_tiny), n;

	(void)state;
	for (n = 0; n < FRAMES; n++) {
		screen_commit(h, 0);
		fake_run_to(h, start + n * TINY_FRAME + TINY_VBLANK);
		assert_int_equal(rd(h, REG(0, COMMIT_FRAME)), (uint32_t)(FIRST + n + 1));
	}
	/* Addresses alone latch within the frame, and count for it. */
	fake_run_to(h, start + FRAMES * TINY_FRAME);
	wr(h, REG(0, COMMIT), VDC_PIPE_COMMIT_ARM | VDC_PIPE_COMMIT_ASYNC);
	assert_int_equal(rd(h, REG(0, COMMIT_FRAME)), (uint32_t)(FIRST + FRAMES));
	screen_end(h);
}

static void crcs_have_the_numbers_of_their_frames(void **state)
{
	struct fake_host *h = new_host();
	struct crc_entry e[FRAMES + 1];
	uint64_t start;
	uint32_t n;

	(void)state;
	wr(h, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + FRAMES * TINY_FRAME);
	assert_int_equal(screen_crcs(h, 0, e, ARRAY_SIZE(e)), FRAMES);
	for (n = 0; n < FRAMES; n++) {
		assert_int_equal(e[n].frame, (uint32_t)(FIRST + n));
		assert_int_equal(e[n].value, e[0].value);
	}
	screen_end(h);
}

static void writeback_has_the_number_of_its_frame(void **state)
{
	struct fake_host *h = new_host();
	uint64_t start = screen_on(h, 0, &mode_tiny), n;

	(void)state;
	wr(h, REG(0, WB_ADDR_LO), (uint32_t)OUT);
	wr(h, REG(0, WB_PITCH), 256);
	for (n = 0; n < FRAMES; n++) {
		wr(h, REG(0, WB_CTRL), VDC_PIPE_WB_CTRL_ENABLE |
		   VDC_PREP(VDC_PIPE_WB_CTRL_FORMAT, VDC_FORMAT_XRGB8888));
		screen_commit(h, 0);
		fake_run_to(h, start + n * 2 * TINY_FRAME + TINY_FRAME + TINY_VBLANK);
		assert_int_equal(rd(h, REG(0, WB_FRAME)), (uint32_t)(FIRST + 2 * n + 1));
		fake_run_to(h, start + (n + 1) * 2 * TINY_FRAME);
	}
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_count_goes_on_past_the_wrap),
		cmocka_unit_test(a_stall_over_the_wrap_loses_no_count),
		cmocka_unit_test(each_run_begins_with_the_same_number),
		cmocka_unit_test(latches_tell_the_frame_that_comes),
		cmocka_unit_test(crcs_have_the_numbers_of_their_frames),
		cmocka_unit_test(writeback_has_the_number_of_its_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
