// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* Which modes a pipe takes and which it refuses with BAD_MODE, one thing wrong at a time. */
#include "check.h"
#include "screen.h"

/* 1024x768@60 with fields that a case replaces. */
#define MODE(name, ...)	{ name, .clock = 65000, .hactive = 1024, .hss = 1048, .hse = 1184,	\
			  .htotal = 1344, .vactive = 768, .vss = 771, .vse = 777,		\
			  .vtotal = 806, ##__VA_ARGS__ }

/* Designated fields override on purpose. */
#pragma GCC diagnostic ignored "-Woverride-init"

static const struct mode good[] = {
	MODE("1024x768"),
	MODE("slowest clock", .clock = 1000, .htotal = 1025, .hss = 1024, .hse = 1025,
	     .vtotal = 769, .vss = 768, .vse = 769),
	MODE("fastest clock", .clock = 600000),
	MODE("sync touches both ends", .hss = 1024, .hse = 1344, .vss = 768, .vse = 806),
	MODE("one active pixel", .hactive = 1, .vactive = 1),
	MODE("one line of blanking", .hss = 1024, .hse = 1025, .htotal = 1025,
	     .vss = 768, .vse = 769, .vtotal = 769),
	MODE("largest", .clock = 594000, .hactive = 4096, .hss = 4184, .hse = 4272, .htotal = 4400,
	     .vactive = 2160, .vss = 2168, .vse = 2178, .vtotal = 2250),
};

static const struct mode bad[] = {
	MODE("all zero", .clock = 0, .hactive = 0, .hss = 0, .hse = 0, .htotal = 0, .vactive = 0,
	     .vss = 0, .vse = 0, .vtotal = 0),
	MODE("no clock", .clock = 0),
	MODE("clock too slow", .clock = 1),
	MODE("clock too fast", .clock = 600001),
	MODE("clock absurd", .clock = ~0U),
	MODE("no active pixels", .hactive = 0),
	MODE("no active lines", .vactive = 0),
	MODE("too wide", .clock = 300000, .hactive = 4097, .hss = 4100, .hse = 4200,
	     .htotal = 5000),
	MODE("too high", .clock = 300000, .vactive = 2161, .vss = 2170, .vse = 2180,
	     .vtotal = 2250),
	MODE("no htotal", .htotal = 0),
	MODE("no vtotal", .vtotal = 0),
	MODE("htotal below hactive", .htotal = 1000),
	MODE("vtotal below vactive", .vtotal = 700),
	MODE("no vertical blanking", .vss = 768, .vse = 768, .vtotal = 768),
	MODE("hsync inside the picture", .hss = 1000),
	MODE("vsync inside the picture", .vss = 700),
	MODE("hsync ends before it starts", .hse = 1040),
	MODE("vsync ends before it starts", .vse = 770),
	MODE("hsync leaves the line", .hse = 1345),
	MODE("vsync leaves the frame", .vse = 807),
	MODE("htotal too large", .htotal = 0xffff),
	MODE("vtotal too large", .vtotal = 0xffff),
};

static void good_modes_run(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		struct fake_host *h = screen_new(NULL);

		screen_on(h, 0, &good[i]);
		check_case(rd(h, REG(0, STATUS)) == VDC_PIPE_STATUS_ACTIVE, good[i].name,
			   "status %#x", rd(h, REG(0, STATUS)));
		fake_stall_to(h, h->now + screen_time(&good[i], 2, 0) + 2);
		check_case(screen_count(h, 0) == 2, good[i].name, "frame %u",
			   (uint32_t)screen_count(h, 0));
		screen_end(h);
	}
}

static void bad_modes_are_refused(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct fake_host *h = screen_new(NULL);
		uint32_t w, lines;

		screen_on(h, 0, &bad[i]);
		check_case(rd(h, REG(0, STATUS)) == VDC_PIPE_STATUS_BAD_MODE, bad[i].name,
			   "status %#x", rd(h, REG(0, STATUS)));
		assert_int_equal(rd(h, REG(0, COMMIT)), 0);
		assert_int_equal(h->deadline, VDC_NEVER);
		assert_int_equal(fake_count(h, VDC_EVENT_BAD_MODE, 0), 1);
		assert_int_equal(fake_count(h, VDC_EVENT_ENABLE, 0), 0);
		assert_int_equal(vdc_pipe_mode(&h->vdc, 0, &w, &lines), 0);
		fake_run_to(h, h->now + 1000 * NS_PER_MS);
		assert_int_equal(screen_count(h, 0), 0);
		assert_int_equal(h->calls.frame_get, 0);

		screen_on(h, 0, &good[0]);
		check_case(rd(h, REG(0, STATUS)) == VDC_PIPE_STATUS_ACTIVE, bad[i].name,
			   "status %#x after a good enable", rd(h, REG(0, STATUS)));
		screen_end(h);
	}
}

/* However small the frame, events keep a distance a host can live with. */
static void no_mode_storms_the_host(void **state)
{
	struct fake_host *h = screen_new(NULL);
	struct mode m = { "", 0, 1, 1, 2, 2, 1, 1, 2, 2 };
	uint64_t calls;

	(void)state;
	m.clock = rd(h, VDC_MAX_CLOCK);
	screen_on(h, 0, &m);
	calls = h->calls.set_timer;
	fake_run_to(h, h->now + 10 * NS_PER_MS);
	assert_in_range(h->calls.set_timer - calls, 0, 10 * 1000);
	screen_end(h);
}

static void limits_follow_the_configuration(void **state)
{
	static const struct vdc_config small = { 1, 1, 0, 800, 600, 50000, 32, 0, 0 };
	static const struct mode fits = {
		"800x600", 40000, 800, 840, 968, 1056, 600, 601, 605, 628,
	};
	struct fake_host *h = screen_new(&small);

	(void)state;
	screen_on(h, 0, &good[0]);
	assert_int_equal(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_BAD_MODE);
	screen_on(h, 0, &fits);
	assert_int_equal(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_ACTIVE);
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_modes_run),
		cmocka_unit_test(bad_modes_are_refused),
		cmocka_unit_test(no_mode_storms_the_host),
		cmocka_unit_test(limits_follow_the_configuration),
	};

	return cmocka_run_group_tests_name("mode", tests, NULL, NULL);
}
