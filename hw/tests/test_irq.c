// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * The interrupt line: high exactly while any enabled bit is pending. The fake
 * host breaks every test in which set_irq came without a change.
 */
#include "check.h"
#include "screen.h"

static void the_line_follows_status_and_enable(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start = screen_on(h, 0, &mode_tiny);

	(void)state;
	screen_irq(h, 0);
	fake_run_to(h, start + TINY_VBLANK);
	assert_bits(rd(h, REG(0, IRQ_STATUS)), VDC_PIPE_IRQ_VBLANK);	/* pending, not enabled */
	assert_false(h->irq);
	assert_int_equal(rd(h, VDC_IRQ_SUMMARY), 0);
	wr(h, REG(0, IRQ_ENABLE), VDC_PIPE_IRQ_VBLANK);			/* level: at once */
	assert_true(h->irq);
	assert_int_equal(rd(h, VDC_IRQ_SUMMARY), VDC_IRQ_SUMMARY_PIPE(0));
	wr(h, REG(0, IRQ_ENABLE), VDC_PIPE_IRQ_ALL & ~VDC_PIPE_IRQ_VBLANK);
	assert_false(h->irq);
	wr(h, REG(0, IRQ_ENABLE), VDC_PIPE_IRQ_VBLANK);
	wr(h, REG(0, IRQ_STATUS), VDC_PIPE_IRQ_VBLANK);
	assert_false(h->irq);
	assert_int_equal(h->calls.set_irq, 4);
	screen_end(h);
}

static void the_line_stays_while_anything_is_pending(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start = screen_on(h, 0, &mode_tiny);

	(void)state;
	wr(h, REG(0, IRQ_ENABLE), VDC_PIPE_IRQ_ALL);
	wr(h, REG(1, IRQ_ENABLE), VDC_PIPE_IRQ_ALL);
	wr(h, OREG(1, IRQ_ENABLE), VDC_OUT_IRQ_HPD);
	screen_irq(h, 0);
	assert_false(h->irq);
	fake_run_to(h, start + TINY_VBLANK);
	vdc_plug(&h->vdc, 1, NULL, 0);
	screen_commit(h, 1);						/* off: done at once */
	assert_int_equal(rd(h, VDC_IRQ_SUMMARY), VDC_IRQ_SUMMARY_PIPE(0) |
			 VDC_IRQ_SUMMARY_PIPE(1) | VDC_IRQ_SUMMARY_OUTPUT(1));
	screen_irq(h, 0);
	assert_true(h->irq);
	assert_int_equal(rd(h, VDC_IRQ_SUMMARY), VDC_IRQ_SUMMARY_PIPE(1) |
			 VDC_IRQ_SUMMARY_OUTPUT(1));
	screen_irq(h, 1);
	assert_true(h->irq);
	wr(h, OREG(1, IRQ_STATUS), VDC_OUT_IRQ_HPD);
	assert_false(h->irq);
	assert_int_equal(rd(h, VDC_IRQ_SUMMARY), 0);
	screen_end(h);
}

static void pending_bits_do_not_toggle_the_line_again(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start, calls;

	(void)state;
	wr(h, REG(0, IRQ_ENABLE), VDC_PIPE_IRQ_ALL);
	start = screen_on(h, 0, &mode_tiny);
	assert_true(h->irq);
	calls = h->calls.set_irq;
	fake_run_to(h, start + 20 * TINY_FRAME);
	assert_int_equal(h->calls.set_irq, calls);
	screen_irq(h, 0);
	assert_int_equal(h->calls.set_irq, calls + 1);
	screen_end(h);
}

/* A driver that acknowledges what it saw loses nothing that came meanwhile. */
static void an_event_between_read_and_clear_is_kept(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start;
	uint32_t seen;

	(void)state;
	wr(h, REG(0, IRQ_ENABLE), VDC_PIPE_IRQ_ALL);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + TINY_VBLANK - 1);
	seen = rd(h, REG(0, IRQ_STATUS));
	assert_int_equal(seen, VDC_PIPE_IRQ_COMMIT_DONE);
	h->now = start + TINY_VBLANK;
	wr(h, REG(0, IRQ_STATUS), seen);
	assert_int_equal(rd(h, REG(0, IRQ_STATUS)), VDC_PIPE_IRQ_VBLANK);
	assert_true(h->irq);
	screen_end(h);
}

static void every_crc_entry_interrupts(void **state)
{
	struct fake_host *h = screen_new(NULL);
	struct crc_entry e;
	uint64_t start;
	uint32_t i;

	(void)state;
	wr(h, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	wr(h, REG(0, IRQ_ENABLE), VDC_PIPE_IRQ_CRC);
	start = screen_on(h, 0, &mode_tiny);
	for (i = 0; i < 5; i++) {
		assert_false(h->irq);
		fake_run_to(h, start + i * TINY_FRAME + TINY_VBLANK);
		assert_true(h->irq);
		screen_irq(h, 0);
		assert_int_equal(screen_crcs(h, 0, &e, 1), 1);
	}
	screen_end(h);
}

static void unknown_enable_bits_raise_nothing(void **state)
{
	struct fake_host *h = screen_new(NULL);

	(void)state;
	wr(h, REG(0, IRQ_ENABLE), ~VDC_PIPE_IRQ_ALL);
	wr(h, OREG(0, IRQ_ENABLE), ~VDC_OUT_IRQ_HPD);
	vdc_plug(&h->vdc, 0, NULL, 0);
	screen_on(h, 0, &mode_tiny);
	fake_run_to(h, h->now + 3 * TINY_FRAME);
	assert_false(h->irq);
	assert_int_equal(h->calls.set_irq, 0);
	screen_end(h);
}

/* Reset takes the line down, and does not raise it on the way, whatever was under way. */
static void reset_never_raises_the_line(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start, calls;

	(void)state;
	start = screen_on(h, 0, &mode_tiny);
	wr(h, REG(0, WB_ADDR_LO), (uint32_t)FAKE_RAM_BASE);
	wr(h, REG(0, WB_PITCH), 256);
	wr(h, REG(0, WB_CTRL), VDC_PIPE_WB_CTRL_ENABLE);
	screen_commit(h, 0);
	fake_run_to(h, start + TINY_VBLANK);
	wr(h, REG(0, IRQ_ENABLE), VDC_PIPE_IRQ_ALL);
	screen_irq(h, 0);
	assert_false(h->irq);
	assert_bits(rd(h, REG(0, WB_STATUS)), VDC_PIPE_WB_STATUS_BUSY);
	calls = h->calls.set_irq;
	wr(h, VDC_CTRL, VDC_CTRL_RESET);
	assert_false(h->irq);
	assert_int_equal(h->calls.set_irq, calls);
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_follows_status_and_enable),
		cmocka_unit_test(the_line_stays_while_anything_is_pending),
		cmocka_unit_test(pending_bits_do_not_toggle_the_line_again),
		cmocka_unit_test(an_event_between_read_and_clear_is_kept),
		cmocka_unit_test(every_crc_entry_interrupts),
		cmocka_unit_test(unknown_enable_bits_raise_nothing),
		cmocka_unit_test(reset_never_raises_the_line),
	};

	return cmocka_run_group_tests_name("irq", tests, NULL, NULL);
}
