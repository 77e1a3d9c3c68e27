// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * The beam's clock: exact against 128-bit arithmetic, for ever. The model may
 * place an event one nanosecond to either side of the rational instant.
 */
#include <stdlib.h>

#include "check.h"
#include "screen.h"

static const struct mode modes[] = {
	{ "1920x1080@60", 148500, 1920, 2008, 2052, 2200, 1080, 1084, 1089, 1125 },
	{ "1920x1080@59.94", 148352, 1920, 2008, 2052, 2200, 1080, 1084, 1089, 1125 },
	{ "1280x720@60", 74250, 1280, 1390, 1430, 1650, 720, 725, 730, 750 },
	{ "1024x768@60", 65000, 1024, 1048, 1184, 1344, 768, 771, 777, 806 },
	{ "800x600@60", 40000, 800, 840, 968, 1056, 600, 601, 605, 628 },
	{ "640x480@59.94", 25175, 640, 656, 752, 800, 480, 490, 492, 525 },
	{ "4096x2160@60", 594000, 4096, 4184, 4272, 4400, 2160, 2168, 2178, 2250 },
	{ "3840x2160@30", 297000, 3840, 4016, 4104, 4400, 2160, 2168, 2178, 2250 },
	{ "64x48", 1600, 64, 66, 70, 80, 48, 49, 51, 60 },
	{ "primes", 560003, 1021, 1031, 1033, 1039, 523, 541, 547, 557 },
	{ "17 lines", 2111, 33, 35, 37, 101, 17, 18, 19, 23 },
	{ "one pixel", 1009, 1, 2, 3, 101, 1, 2, 3, 11 },
};

static const uint64_t frames[] = {
	0, 1, 2, 3, 59, 60, 61, 1000, 86399, 1000003, (1ULL << 32) - 1, 1ULL << 32,
	(1ULL << 32) + 1, (1ULL << 33) - 1, 1ULL << 33,
};

/* Frame count at an instant, exactly: starts of vblank so far. */
static uint64_t exact_count(const struct mode *m, uint64_t ns)
{
	unsigned __int128 px = screen_pixels(m, ns);
	uint64_t total = (uint64_t)m->htotal * m->vtotal;
	uint64_t frame = (uint64_t)(px / total);

	return frame + ((uint64_t)(px % total) >= (uint64_t)m->vactive * m->htotal);
}

/* The beam's place at an instant, as one number that grows within a frame. */
static uint64_t exact_place(const struct mode *m, uint64_t ns)
{
	return (uint64_t)(screen_pixels(m, ns) % ((uint64_t)m->htotal * m->vtotal));
}

static uint64_t read_place(struct fake_host *h, const struct mode *m)
{
	uint32_t pos = rd(h, REG(0, POSITION));
	uint32_t line = VDC_GET(VDC_PIPE_POSITION_LINE, pos);
	uint32_t pixel = VDC_GET(VDC_PIPE_POSITION_PIXEL, pos);

	check_case(line < m->vtotal && pixel < m->htotal, m->name, "line %u pixel %u", line, pixel);
	return (uint64_t)line * m->htotal + pixel;
}

/* Count, place and status at an instant agree with each other and, within 1 ns, the formula. */
static void check_instant(struct fake_host *h, const struct mode *m, uint64_t ns)
{
	uint64_t count = screen_count(h, 0), place = read_place(h, m);
	uint64_t total = (uint64_t)m->htotal * m->vtotal;
	uint64_t lo = ns ? exact_place(m, ns - 1) : 0;
	uint64_t width = exact_place(m, ns + 1) + total - lo;
	bool vblank = rd(h, REG(0, STATUS)) & VDC_PIPE_STATUS_VBLANK;

	check_case((place + total - lo) % total <= width % total, m->name,
		   "place %llu at %llu ns, not %llu", (unsigned long long)place,
		   (unsigned long long)ns, (unsigned long long)exact_place(m, ns));
	check_case(count >= exact_count(m, ns ? ns - 1 : 0) && count <= exact_count(m, ns + 1),
		   m->name, "count %llu at %llu ns", (unsigned long long)count,
		   (unsigned long long)ns);
	check_case(vblank == (place >= (uint64_t)m->vactive * m->htotal), m->name,
		   "vblank %d at place %llu", vblank, (unsigned long long)place);
}

static void frames_start_when_the_formula_says(void **state)
{
	uint32_t i, k, d;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		const struct mode *m = &modes[i];
		struct fake_host *h = screen_new(NULL);
		uint64_t start = screen_on(h, 0, m);

		assert_bits(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_ACTIVE);
		for (k = 0; k < ARRAY_SIZE(frames); k++) {
			uint64_t begin = screen_time(m, frames[k], 0);
			uint64_t vblank = screen_time(m, frames[k], m->vactive);

			for (d = 0; d < 5; d++) {
				if (begin + d < 2)
					continue;
				fake_stall_to(h, start + begin + d - 2);
				check_instant(h, m, begin + d - 2);
			}
			if (vblank - begin < 8)
				continue;
			fake_stall_to(h, start + vblank - 1);
			check_case(screen_count(h, 0) == frames[k], m->name,
				   "before vblank of %llu", (unsigned long long)frames[k]);
			for (d = 0; d < 5; d++) {
				fake_stall_to(h, start + vblank + d - 1);
				check_instant(h, m, vblank + d - 1);
			}
			check_case(screen_count(h, 0) == frames[k] + 1, m->name,
				   "after vblank of %llu", (unsigned long long)frames[k]);
		}
		assert_int_equal(rd(h, REG(0, FRAME_HI)), 2);
		screen_end(h);
	}
}

static void registers_agree_at_random_instants(void **state)
{
	uint32_t i, k;

	(void)state;
	srand(1);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		const struct mode *m = &modes[i];
		struct fake_host *h = screen_new(NULL);
		uint64_t start = screen_on(h, 0, m), ns = 0;
		uint64_t period = screen_time(m, 1, 0);

		for (k = 0; k < 300; k++) {
			ns += (uint64_t)rand() % (k % 10 ? period / 3 + 2 : 5 * period + 2);
			if (k & 1)
				fake_run_to(h, start + ns);
			else
				h->now = start + ns;	/* reads see the time on their own */
			check_instant(h, m, ns);
		}
		screen_end(h);
	}
}

static void a_register_read_needs_no_timer(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start = screen_on(h, 0, &mode_tiny);

	(void)state;
	screen_irq(h, 0);
	h->now = start + TINY_VBLANK - 1;
	assert_no_bits(rd(h, REG(0, IRQ_STATUS)), VDC_PIPE_IRQ_VBLANK);
	assert_no_bits(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_VBLANK);
	h->now = start + TINY_VBLANK;
	assert_bits(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_VBLANK);
	assert_bits(rd(h, REG(0, IRQ_STATUS)), VDC_PIPE_IRQ_VBLANK);
	assert_int_equal(rd(h, REG(0, FRAME)), 1);
	screen_end(h);
}

static void vblanks_come_one_a_frame_at_their_time(void **state)
{
	uint32_t i;
	uint64_t n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		const struct mode *m = &modes[i];
		struct fake_host *h = screen_new(NULL);
		uint64_t start = screen_on(h, 0, m);

		screen_irq(h, 0);
		for (n = 0; n < 20; n++) {
			uint64_t t = start + screen_time(m, n, m->vactive);

			fake_run_to(h, t - 1);
			check_case(!(screen_irq(h, 0) & VDC_PIPE_IRQ_VBLANK), m->name, "early");
			fake_run_to(h, t + 1);
			check_case(screen_irq(h, 0) & VDC_PIPE_IRQ_VBLANK, m->name, "late");
		}
		check_case(fake_count(h, VDC_EVENT_VBLANK, 0) == n, m->name, "%u vblanks of %u",
			   fake_count(h, VDC_EVENT_VBLANK, 0), (uint32_t)n);
		screen_end(h);
	}
}

static void line_compare_strikes_at_its_line(void **state)
{
	static const uint32_t lines[] = { 0, 1, 17, 47, 48, 59 };
	uint32_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		struct fake_host *h = screen_new(NULL);
		uint64_t start;

		wr(h, REG(0, LINE_COMPARE), lines[i]);
		start = screen_on(h, 0, &mode_tiny);
		screen_irq(h, 0);
		for (n = 1; n < 6; n++) {
			uint64_t t = start + n * TINY_FRAME + lines[i] * TINY_LINE;

			fake_run_to(h, t - 1);
			screen_irq(h, 0);
			fake_run_to(h, t);
			check_case(screen_irq(h, 0) & VDC_PIPE_IRQ_LINE, "strikes", "line %u",
				   lines[i]);
			fake_run_to(h, t + TINY_FRAME - 1);
			check_case(!(screen_irq(h, 0) & VDC_PIPE_IRQ_LINE), "once", "line %u",
				   lines[i]);
		}
		screen_end(h);
	}
}

static void line_compare_beyond_the_frame_never_strikes(void **state)
{
	static const uint32_t lines[] = { 60, 61, 0xffff, ~0U };
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		struct fake_host *h = screen_new(NULL);

		wr(h, REG(0, LINE_COMPARE), lines[i]);
		screen_on(h, 0, &mode_tiny);
		screen_irq(h, 0);
		fake_run_to(h, h->now + 5 * TINY_FRAME);
		assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_LINE);
		screen_end(h);
	}
}

static void line_compare_can_change_while_running(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start;

	(void)state;
	wr(h, REG(0, LINE_COMPARE), 10);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + 20 * TINY_LINE);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_LINE);
	wr(h, REG(0, LINE_COMPARE), 40);
	fake_run_to(h, start + 40 * TINY_LINE - 1);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_LINE);
	fake_run_to(h, start + 40 * TINY_LINE);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_LINE);
	wr(h, REG(0, LINE_COMPARE), 5);
	fake_run_to(h, start + TINY_FRAME + 5 * TINY_LINE - 1);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_LINE);
	fake_run_to(h, start + TINY_FRAME + 5 * TINY_LINE);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_LINE);
	screen_end(h);
}

static void mode_is_told_to_the_host(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint32_t w = 1, ht = 1, i;

	(void)state;
	assert_int_equal(vdc_pipe_mode(&h->vdc, 0, &w, &ht), 0);
	assert_int_equal(w, 0);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		struct fake_host *g = screen_new(NULL);
		uint64_t period, want = screen_time(&modes[i], 1, 0);

		screen_on(g, 1, &modes[i]);
		period = vdc_pipe_mode(&g->vdc, 1, &w, &ht);
		assert_in_range(period, want, want + 1);
		assert_int_equal(w, modes[i].hactive);
		assert_int_equal(ht, modes[i].vactive);
		screen_end(g);
	}
	screen_end(h);
}

static void off_pipe_keeps_its_last_count(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start = screen_on(h, 0, &mode_tiny);

	(void)state;
	fake_run_to(h, start + 7 * TINY_FRAME + 100);
	assert_int_equal(screen_count(h, 0), 7);
	wr(h, REG(0, CTRL), 0);
	screen_commit(h, 0);
	fake_run_to(h, start + 9 * TINY_FRAME);
	assert_int_equal(screen_count(h, 0), 8);
	assert_no_bits(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_ACTIVE);
	fake_run_to(h, start + 90 * TINY_FRAME);
	assert_int_equal(screen_count(h, 0), 8);
	start = screen_on(h, 0, &mode_tiny);
	assert_int_equal(screen_count(h, 0), 0);
	fake_run_to(h, start + TINY_FRAME);
	assert_int_equal(screen_count(h, 0), 1);
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_start_when_the_formula_says),
		cmocka_unit_test(registers_agree_at_random_instants),
		cmocka_unit_test(a_register_read_needs_no_timer),
		cmocka_unit_test(vblanks_come_one_a_frame_at_their_time),
		cmocka_unit_test(line_compare_strikes_at_its_line),
		cmocka_unit_test(line_compare_beyond_the_frame_never_strikes),
		cmocka_unit_test(line_compare_can_change_while_running),
		cmocka_unit_test(mode_is_told_to_the_host),
		cmocka_unit_test(off_pipe_keeps_its_last_count),
	};

	return cmocka_run_group_tests_name("timing", tests, NULL, NULL);
}
