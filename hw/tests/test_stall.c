// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * Hosts that come late: the beam is where the formula says, a call's work is
 * bounded, nothing is replayed, and what a guest was told is on screen was.
 */
#include <stdlib.h>

#include "check.h"
#include "screen.h"

#define ADDR(n)	(FAKE_RAM_BASE + 0x4000 * (n))

static const struct shown full = {
	VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR(0), 256, 0, 0, 64, 48,
};

static struct fake_host *running(uint64_t *start)
{
	struct fake_host *h = screen_new(NULL);

	wr(h, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	screen_layer(h, 0, 0, &full);
	*start = screen_on(h, 0, &mode_tiny);
	return h;
}

static void one_call_catches_up(void **state)
{
	static const uint64_t stalls[] = {
		1, 2, 10, 1000, 1000000, 1ULL << 33,
	};
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(stalls); i++) {
		uint64_t start;
		struct fake_host *h = running(&start);
		struct fake_calls before;

		fake_run_to(h, start + 100);
		screen_irq(h, 0);
		before = h->calls;
		fake_stall_to(h, start + stalls[i] * TINY_FRAME + TINY_VBLANK + 5);
		assert_int_equal(screen_count(h, 0), stalls[i] + 1);
		assert_in_range(h->calls.frame_get - before.frame_get, 0, 2);
		assert_in_range(h->calls.dma_read - before.dma_read, 0, 2 * 48);
		assert_in_range(h->calls.set_irq - before.set_irq, 0, 4);
		assert_in_range(h->calls.set_timer - before.set_timer, 0, 4);
		assert_in_range(h->calls.trace - before.trace, 0, 64);
		assert_in_range(fake_count(h, VDC_EVENT_VBLANK, 0), 1, 2);
		assert_int_equal(fake_count(h, VDC_EVENT_SKIP, 0), stalls[i] > 1);
		if (stalls[i] > 1)
			assert_int_equal(fake_last(h, VDC_EVENT_SKIP, 0)->arg, stalls[i] - 1);
		assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_VBLANK | VDC_PIPE_IRQ_UNDERRUN);
		assert_int_equal(screen_irq(h, 0), 0);

		/* And goes on as if nothing had been. */
		screen_irq(h, 0);
		fake_run_to(h, start + (stalls[i] + 1) * TINY_FRAME + TINY_VBLANK - 1);
		assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_VBLANK | VDC_PIPE_IRQ_UNDERRUN);
		fake_run_to(h, start + (stalls[i] + 1) * TINY_FRAME + TINY_VBLANK);
		assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_VBLANK);
		screen_end(h);
	}
}

static void short_delays_are_no_underrun(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);
	uint32_t i;

	(void)state;
	/* A call for each band, each when half of its three lines have passed. */
	for (i = 0; i < 200; i++) {
		uint64_t at = i / 16 * TINY_FRAME + i % 16 * 3 * TINY_LINE;

		fake_stall_to(h, start + at + 3 * TINY_LINE / 2);
	}
	assert_int_equal(rd(h, REG(0, UNDERRUNS)), 0);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_UNDERRUN);
	screen_end(h);
}

static void late_bands_are_counted(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);
	uint32_t before;

	(void)state;
	fake_run_to(h, start + 2 * TINY_FRAME + 6 * TINY_LINE - 1);	/* bands 0 and 1 are in */
	before = rd(h, REG(0, UNDERRUNS));
	assert_int_equal(before, 0);
	fake_stall_to(h, start + 2 * TINY_FRAME + TINY_VBLANK - 1);
	/* Band 15 is the beam's own; 2 to 14 came too late. */
	assert_int_equal(rd(h, REG(0, UNDERRUNS)), 13);
	fake_stall_to(h, start + 7 * TINY_FRAME - 1);
	/* Frames 3 to 6 were not scanned in time at all, in whichever way they were treated. */
	assert_int_equal(rd(h, REG(0, UNDERRUNS)), 13 + 4 * 16);
	screen_end(h);
}

static void underrun_counter_saturates(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	fake_stall_to(h, start + (1ULL << 30) * TINY_FRAME);
	fake_stall_to(h, start + (1ULL << 31) * TINY_FRAME);
	assert_int_equal(rd(h, REG(0, UNDERRUNS)), 0xffffffff);
	fake_stall_to(h, start + (1ULL << 31) * TINY_FRAME + 20 * TINY_FRAME);
	assert_int_equal(rd(h, REG(0, UNDERRUNS)), 0xffffffff);
	screen_end(h);
}

static void a_frame_the_host_refuses_is_an_underrun(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);
	struct crc_entry e[8];

	(void)state;
	fake_run_to(h, start + TINY_VBLANK);
	h->refuse = 1;
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_UNDERRUN);
	assert_true(rd(h, REG(0, UNDERRUNS)) > 0);
	assert_int_equal(screen_count(h, 0), 3);
	assert_int_equal(screen_crcs(h, 0, e, ARRAY_SIZE(e)), 2);
	assert_int_equal(e[0].frame, 0);
	assert_int_equal(e[1].frame, 2);
	screen_end(h);
}

/*
 * Every state whose COMMIT_DONE a guest saw was scanned: a frame from
 * COMMIT_FRAME on and before the next latch has a CRC entry.
 */
static void latched_states_are_always_scanned(void **state)
{
	struct crc_entry e[VDC_CRC_DEPTH];
	uint64_t start, t;
	struct fake_host *h = running(&start);
	uint32_t i, k, n, commit = 0, latched = 0, scanned = 1, first = 0;

	(void)state;
	srand(2);
	screen_irq(h, 0);
	t = h->now;
	for (i = 0; i < 3000; i++) {
		t += (uint64_t)rand() % (i % 7 ? TINY_FRAME / 2 : 4 * TINY_FRAME);
		fake_stall_to(h, t);
		n = screen_crcs(h, 0, e, ARRAY_SIZE(e));
		for (k = 0; k < n; k++)
			if (e[k].frame >= first)
				scanned = 1;
		if (rd(h, REG(0, IRQ_STATUS)) & VDC_PIPE_IRQ_COMMIT_DONE) {
			check_case(scanned, "scanned", "state %u was never scanned", latched);
			wr(h, REG(0, IRQ_STATUS), VDC_PIPE_IRQ_COMMIT_DONE);
			latched = commit;
			first = rd(h, REG(0, COMMIT_FRAME));
			scanned = 0;
			for (k = 0; k < n; k++)
				if (e[k].frame >= first)
					scanned = 1;
		}
		if (!(rd(h, REG(0, COMMIT)) & VDC_PIPE_COMMIT_PENDING)) {
			screen_addr(h, 0, 0, ADDR(++commit % 64));
			screen_commit(h, 0);
		}
	}
	assert_true(latched > 500);
	screen_end(h);
}

/* COMMIT_FRAME names a frame that shows the state, with right pixels once the host is in time. */
static void crcs_show_the_latched_content_after_stalls(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);
	struct crc_entry e[VDC_CRC_DEPTH];
	uint32_t i, k, n, x, want[2];

	(void)state;
	for (i = 0; i < 2; i++) {
		for (x = 0; x < 64 * 48; x++)
			((uint32_t *)fake_ram(h, ADDR(i)))[x] = i ? 0x123456 : 0xfedcba;
		want[i] = vdc_crc(0, fake_ram(h, ADDR(i)), 64 * 48 * 4);
	}
	for (i = 0; i < 50; i++) {
		uint64_t frame = 10 * i + 5;

		fake_run_to(h, start + frame * TINY_FRAME + TINY_LINE);
		screen_crcs(h, 0, e, ARRAY_SIZE(e));
		screen_addr(h, 0, 0, ADDR(i & 1));
		screen_commit(h, 0);
		/* The vblank at which it latches is slept over, and i frames more. */
		fake_stall_to(h, start + (frame + 1 + i % 5) * TINY_FRAME + TINY_LINE);
		fake_run_to(h, start + (frame + 2 + i % 5) * TINY_FRAME + TINY_VBLANK);
		n = screen_crcs(h, 0, e, ARRAY_SIZE(e));
		check_case(n >= 2, "entries", "%u in round %u", n, i);
		for (k = 0; k < n; k++)
			if (e[k].frame >= rd(h, REG(0, COMMIT_FRAME)))
				check_case(e[k].value == want[i & 1], "content",
					   "frame %u in round %u", e[k].frame, i);
	}
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_call_catches_up),
		cmocka_unit_test(short_delays_are_no_underrun),
		cmocka_unit_test(late_bands_are_counted),
		cmocka_unit_test(underrun_counter_saturates),
		cmocka_unit_test(a_frame_the_host_refuses_is_an_underrun),
		cmocka_unit_test(latched_states_are_always_scanned),
		cmocka_unit_test(crcs_show_the_latched_content_after_stalls),
	};

	return cmocka_run_group_tests_name("stall", tests, NULL, NULL);
}
