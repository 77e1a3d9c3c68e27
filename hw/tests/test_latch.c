// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * Commit and latch: when the shadow registers take effect, to the nanosecond,
 * and which of them. Times are those of mode_tiny, where they are exact.
 */
#include "check.h"
#include "screen.h"

#define ADDR(n)	(FAKE_RAM_BASE + 0x10000 * (n))

static const struct shown full = {
	VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR(1), 256, 0, 0, 64, 48,
};

/* A running pipe that shows @full, with nothing pending, in frame 0. */
static struct fake_host *running(uint64_t *start)
{
	struct fake_host *h = screen_new(NULL);

	screen_layer(h, 0, 0, &full);
	*start = screen_on(h, 0, &mode_tiny);
	screen_irq(h, 0);
	return h;
}

static uint64_t active_addr(struct fake_host *h, uint32_t pipe, uint32_t layer)
{
	return rd(h, LREG(pipe, layer, ACTIVE_LO)) |
	       (uint64_t)rd(h, LREG(pipe, layer, ACTIVE_HI)) << 32;
}

static void off_pipe_latches_at_once(void **state)
{
	struct fake_host *h = screen_new(NULL);

	(void)state;
	screen_layer(h, 0, 0, &full);
	assert_int_equal(active_addr(h, 0, 0), 0);
	assert_int_equal(rd(h, LREG(0, 0, ACTIVE_CTRL)), 0);
	screen_commit(h, 0);
	assert_int_equal(active_addr(h, 0, 0), ADDR(1));
	assert_bits(rd(h, LREG(0, 0, ACTIVE_CTRL)), VDC_LAYER_CTRL_ENABLE);
	assert_int_equal(rd(h, REG(0, COMMIT)), 0);
	assert_int_equal(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE);
	assert_int_equal(rd(h, REG(0, STATUS)), 0);
	assert_int_equal(h->deadline, VDC_NEVER);
	screen_end(h);
}

static void enabling_starts_frame_0_at_once(void **state)
{
	struct fake_host *h = screen_new(NULL);

	(void)state;
	h->now += 12345;
	screen_on(h, 0, &mode_tiny);
	assert_int_equal(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_ACTIVE);
	assert_int_equal(rd(h, REG(0, POSITION)), 0);
	assert_int_equal(screen_count(h, 0), 0);
	assert_int_equal(rd(h, REG(0, COMMIT_FRAME)), 0);
	assert_int_equal(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE);
	assert_int_equal(fake_count(h, VDC_EVENT_ENABLE, 0), 1);
	assert_int_equal(fake_last(h, VDC_EVENT_ENABLE, 0)->arg, TINY_FRAME);
	screen_end(h);
}

static void shadow_writes_wait_for_their_commit(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	screen_addr(h, 0, 0, ADDR(2));
	fake_run_to(h, start + 5 * TINY_FRAME);
	assert_int_equal(active_addr(h, 0, 0), ADDR(1));
	assert_int_equal(rd(h, LREG(0, 0, ADDR_LO)), (uint32_t)ADDR(2));
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE);
	screen_end(h);
}

/* A commit at @at latches at @latch, both ns after the start of the frame it is made in. */
static const struct {
	const char *name;
	uint64_t at, latch;
} races[] = {
	{ "start of frame", 0, TINY_VBLANK },
	{ "mid-frame", TINY_FRAME / 3, TINY_VBLANK },
	{ "1 ns before vblank", TINY_VBLANK - 1, TINY_VBLANK },
	{ "the vblank's ns", TINY_VBLANK, TINY_VBLANK + TINY_FRAME },
	{ "1 ns after vblank", TINY_VBLANK + 1, TINY_VBLANK + TINY_FRAME },
	{ "end of vblank", TINY_FRAME - 1, TINY_VBLANK + TINY_FRAME },
};

static void commit_at(uint32_t i, bool punctual)
{
	const uint64_t n = 3;
	uint64_t start, latch;
	struct fake_host *h = running(&start);

	screen_addr(h, 0, 0, ADDR(2));
	fake_run_to(h, start + n * TINY_FRAME - 1000);
	screen_irq(h, 0);
	if (punctual)
		fake_run_to(h, start + n * TINY_FRAME + races[i].at);
	else
		h->now = start + n * TINY_FRAME + races[i].at;
	screen_commit(h, 0);
	check_case(rd(h, REG(0, COMMIT)) == VDC_PIPE_COMMIT_PENDING, races[i].name, "not armed");
	assert_bits(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_PENDING);

	latch = start + n * TINY_FRAME + races[i].latch;
	fake_run_to(h, latch - 1);
	check_case(active_addr(h, 0, 0) == ADDR(1), races[i].name, "latched early");
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE);
	fake_run_to(h, latch);
	check_case(active_addr(h, 0, 0) == ADDR(2), races[i].name, "latched late");
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE | VDC_PIPE_IRQ_VBLANK);
	assert_int_equal(rd(h, REG(0, COMMIT)), 0);
	assert_no_bits(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_PENDING);
	assert_int_equal(rd(h, REG(0, COMMIT_FRAME)), (latch - start) / TINY_FRAME + 1);
	assert_int_equal(fake_last(h, VDC_EVENT_LATCH, 0)->now, latch);
	fake_run_to(h, latch + 5 * TINY_FRAME);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE);
	screen_end(h);
}

static void commits_around_vblank(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(races); i++) {
		commit_at(i, true);
		commit_at(i, false);
	}
}

static void shadow_written_after_arming_still_latches(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	screen_addr(h, 0, 0, ADDR(2));
	screen_commit(h, 0);
	screen_addr(h, 0, 0, ADDR(3));
	fake_run_to(h, start + TINY_VBLANK);
	assert_int_equal(active_addr(h, 0, 0), ADDR(3));
	screen_end(h);
}

static void arming_twice_latches_once(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	screen_commit(h, 0);
	screen_commit(h, 0);
	fake_run_to(h, start + 4 * TINY_FRAME);
	assert_int_equal(fake_count(h, VDC_EVENT_LATCH, 0), 2);	/* the enable, and one */
	screen_end(h);
}

static void cancel_disarms(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	screen_addr(h, 0, 0, ADDR(2));
	screen_commit(h, 0);
	fake_run_to(h, start + TINY_VBLANK - 1);
	wr(h, REG(0, COMMIT), VDC_PIPE_COMMIT_CANCEL);
	assert_int_equal(rd(h, REG(0, COMMIT)), 0);
	fake_run_to(h, start + 3 * TINY_FRAME);
	assert_int_equal(active_addr(h, 0, 0), ADDR(1));
	assert_int_equal(rd(h, LREG(0, 0, ADDR_LO)), (uint32_t)ADDR(2));
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE);
	screen_commit(h, 0);
	fake_run_to(h, start + 4 * TINY_FRAME);
	assert_int_equal(active_addr(h, 0, 0), ADDR(2));
	screen_end(h);
}

static void commit_without_arm_does_nothing(void **state)
{
	static const uint32_t values[] = { 0, VDC_PIPE_COMMIT_ASYNC, ~7U };
	uint64_t start;
	struct fake_host *h = running(&start);
	uint32_t i;

	(void)state;
	screen_addr(h, 0, 0, ADDR(2));
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		wr(h, REG(0, COMMIT), values[i]);
		assert_int_equal(rd(h, REG(0, COMMIT)), 0);
	}
	fake_run_to(h, start + 2 * TINY_FRAME);
	assert_int_equal(active_addr(h, 0, 0), ADDR(1));
	screen_end(h);
}

static void async_latches_addresses_alone(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);
	uint32_t ctrl;

	(void)state;
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_FRAME / 3);
	screen_irq(h, 0);
	ctrl = rd(h, LREG(0, 0, ACTIVE_CTRL));
	screen_addr(h, 0, 0, ADDR(2));
	screen_addr(h, 0, 1, 0x123456789aULL & ~0xfULL);
	wr(h, LREG(0, 0, CTRL), 0);
	wr(h, REG(0, COMMIT), VDC_PIPE_COMMIT_ARM | VDC_PIPE_COMMIT_ASYNC);
	assert_int_equal(active_addr(h, 0, 0), ADDR(2));
	assert_int_equal(active_addr(h, 0, 1), 0x123456789aULL & ~0xfULL);
	assert_int_equal(rd(h, LREG(0, 0, ACTIVE_CTRL)), ctrl);
	assert_int_equal(rd(h, REG(0, COMMIT)), 0);
	assert_int_equal(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE);
	assert_int_equal(rd(h, REG(0, COMMIT_FRAME)), 2);
	assert_int_equal(fake_count(h, VDC_EVENT_LATCH, 0), 2);
	assert_int_equal(fake_last(h, VDC_EVENT_LATCH, 0)->arg, 2);
	fake_run_to(h, start + 4 * TINY_FRAME);
	assert_int_equal(rd(h, LREG(0, 0, ACTIVE_CTRL)), ctrl);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE);
	screen_end(h);
}

static void async_leaves_a_pending_commit_pending(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	wr(h, REG(0, BACKGROUND), 0x3ff);
	wr(h, LREG(0, 0, CTRL), 0);
	screen_commit(h, 0);
	screen_addr(h, 0, 0, ADDR(2));
	wr(h, REG(0, COMMIT), VDC_PIPE_COMMIT_ARM | VDC_PIPE_COMMIT_ASYNC);
	assert_int_equal(active_addr(h, 0, 0), ADDR(2));
	assert_int_equal(rd(h, REG(0, COMMIT)), VDC_PIPE_COMMIT_PENDING);
	assert_bits(rd(h, LREG(0, 0, ACTIVE_CTRL)), VDC_LAYER_CTRL_ENABLE);
	fake_run_to(h, start + TINY_VBLANK);
	assert_int_equal(rd(h, LREG(0, 0, ACTIVE_CTRL)), 0);
	assert_int_equal(rd(h, REG(0, COMMIT)), 0);
	screen_end(h);
}

static void disabling_stops_at_vblank(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	fake_run_to(h, start + 2 * TINY_FRAME);
	screen_irq(h, 0);
	wr(h, REG(0, CTRL), 0);
	screen_commit(h, 0);
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK - 1);
	assert_bits(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_ACTIVE | VDC_PIPE_STATUS_PENDING);
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(rd(h, REG(0, STATUS)), 0);
	assert_int_equal(rd(h, REG(0, POSITION)), 0);
	assert_int_equal(screen_count(h, 0), 3);
	assert_int_equal(rd(h, REG(0, COMMIT_FRAME)), 3);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE);
	assert_int_equal(h->deadline, VDC_NEVER);
	assert_int_equal(h->held, 0);
	assert_int_equal(fake_last(h, VDC_EVENT_DISABLE, 0)->arg, 3);
	fake_run_to(h, start + 9 * TINY_FRAME);
	assert_int_equal(screen_irq(h, 0), 0);
	screen_end(h);
}

static void enable_after_disable_is_a_new_start(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	wr(h, REG(0, CTRL), 0);
	screen_commit(h, 0);
	fake_run_to(h, start + TINY_FRAME + 777);
	start = screen_on(h, 0, &mode_tiny);
	assert_int_equal(start, h->now);
	assert_int_equal(screen_count(h, 0), 0);
	fake_run_to(h, start + TINY_VBLANK - 1);
	assert_int_equal(screen_count(h, 0), 0);
	fake_run_to(h, start + TINY_VBLANK);
	assert_int_equal(screen_count(h, 0), 1);
	screen_end(h);
}

static void timing_registers_wait_for_the_next_enable(void **state)
{
	struct mode slow = mode_tiny;
	uint64_t start;
	uint32_t w, lines;
	struct fake_host *h = running(&start);

	(void)state;
	slow.clock = 1200;	/* 4 ms a frame */
	slow.vactive = 40;
	screen_mode(h, 0, &slow);
	screen_commit(h, 0);
	fake_run_to(h, start + 10 * TINY_FRAME + TINY_VBLANK - 1);
	assert_int_equal(screen_count(h, 0), 10);
	fake_run_to(h, start + 10 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(screen_count(h, 0), 11);
	assert_int_equal(vdc_pipe_mode(&h->vdc, 0, &w, &lines), TINY_FRAME);
	assert_int_equal(lines, 48);
	wr(h, REG(0, CTRL), 0);
	screen_commit(h, 0);
	fake_run_to(h, start + 12 * TINY_FRAME);
	wr(h, REG(0, CTRL), VDC_PIPE_CTRL_ENABLE);
	screen_commit(h, 0);
	assert_int_equal(vdc_pipe_mode(&h->vdc, 0, &w, &lines), 4 * NS_PER_MS);
	assert_int_equal(lines, 40);
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(off_pipe_latches_at_once),
		cmocka_unit_test(enabling_starts_frame_0_at_once),
		cmocka_unit_test(shadow_writes_wait_for_their_commit),
		cmocka_unit_test(commits_around_vblank),
		cmocka_unit_test(shadow_written_after_arming_still_latches),
		cmocka_unit_test(arming_twice_latches_once),
		cmocka_unit_test(cancel_disarms),
		cmocka_unit_test(commit_without_arm_does_nothing),
		cmocka_unit_test(async_latches_addresses_alone),
		cmocka_unit_test(async_leaves_a_pending_commit_pending),
		cmocka_unit_test(disabling_stops_at_vblank),
		cmocka_unit_test(enable_after_disable_is_a_new_start),
		cmocka_unit_test(timing_registers_wait_for_the_next_enable),
	};

	return cmocka_run_group_tests_name("latch", tests, NULL, NULL);
}
