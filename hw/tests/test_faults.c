// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* Ordered misbehaviour: each fault does what it says, as often as ordered, and no more. */
#include "check.h"
#include "picture.h"
#include "screen.h"

#define ADDR	(FAKE_RAM_BASE + 0x10000)

static const struct shown full = {
	VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR, 256, 0, 0, 64, 48,
};

static struct fake_host *running(uint64_t *start)
{
	struct fake_host *h = screen_new(NULL);

	h->display = true;
	memset(fake_ram(h, ADDR), 0x77, 64 * 48 * 4);
	wr(h, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	wr(h, REG(0, BACKGROUND), 0x3fffffff);
	screen_layer(h, 0, 0, &full);
	*start = screen_on(h, 0, &mode_tiny);
	screen_irq(h, 0);
	return h;
}

/* Rows of the last frame shown that are black throughout; each other row must be right. */
static uint32_t black_rows(struct fake_host *h)
{
	uint32_t x, y, n = 0;

	for (y = 0; y < 48; y++) {
		uint32_t first = h->shown[0][y * 64] & 0xffffff;

		for (x = 0; x < 64; x++)
			assert_int_equal(h->shown[0][y * 64 + x] & 0xffffff, first);
		assert_true(first == 0 || first == 0x777777);
		n += first == 0;
	}
	return n;
}

static void lost_vblank_interrupts(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);
	uint32_t n;

	(void)state;
	wr(h, VDC_DBG_DROP_VBLANK, 3);
	for (n = 0; n < 6; n++) {
		fake_run_to(h, start + n * TINY_FRAME + TINY_VBLANK);
		assert_int_equal(!!(screen_irq(h, 0) & VDC_PIPE_IRQ_VBLANK), n >= 3);
		assert_int_equal(screen_count(h, 0), n + 1);
		assert_int_equal(rd(h, VDC_DBG_DROP_VBLANK), n < 3 ? 2 - n : 0);
	}
	screen_end(h);
}

static void a_lost_vblank_loses_no_commit(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	wr(h, VDC_DBG_DROP_VBLANK, 1);
	screen_commit(h, 0);
	fake_run_to(h, start + TINY_VBLANK);
	assert_int_equal(screen_irq(h, 0) & (VDC_PIPE_IRQ_VBLANK | VDC_PIPE_IRQ_COMMIT_DONE),
			 VDC_PIPE_IRQ_COMMIT_DONE);
	screen_end(h);
}

static void delayed_vblank_interrupts(void **state)
{
	uint64_t start, t;
	struct fake_host *h = running(&start);
	uint32_t n;

	(void)state;
	wr(h, VDC_DBG_DELAY_VBLANK, 2);
	for (n = 0; n < 4; n++) {
		t = start + n * TINY_FRAME + TINY_VBLANK;
		fake_run_to(h, t);
		assert_int_equal(screen_count(h, 0), n + 1);
		assert_int_equal(!!(screen_irq(h, 0) & VDC_PIPE_IRQ_VBLANK), n >= 2);
		fake_run_to(h, t + 2 * NS_PER_MS - 1);
		assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_VBLANK);
		fake_run_to(h, t + 2 * NS_PER_MS);
		assert_int_equal(!!(screen_irq(h, 0) & VDC_PIPE_IRQ_VBLANK), n < 2);
	}
	assert_int_equal(rd(h, VDC_DBG_DELAY_VBLANK), 0);
	screen_end(h);
}

/* With frames shorter than the delay, held interrupts may merge, but the last one comes. */
static void delays_longer_than_a_frame(void **state)
{
	struct mode fast = mode_tiny;
	struct fake_host *h = screen_new(NULL);
	uint64_t start;

	(void)state;
	fast.clock = 4800;		/* 1 ms a frame */
	start = screen_on(h, 0, &fast);
	screen_irq(h, 0);
	wr(h, VDC_DBG_DELAY_VBLANK, 5);
	fake_run_to(h, start + screen_time(&fast, 4, 48));
	assert_int_equal(rd(h, VDC_DBG_DELAY_VBLANK), 0);
	screen_irq(h, 0);
	fake_run_to(h, start + screen_time(&fast, 4, 48) + 2 * NS_PER_MS + 1);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_VBLANK);
	screen_end(h);
}

static void stuck_commits(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	wr(h, VDC_DBG_STUCK_COMMIT, 3);
	screen_addr(h, 0, 0, ADDR + 0x8000);
	screen_commit(h, 0);
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK);
	assert_bits(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_PENDING);
	assert_int_equal(rd(h, LREG(0, 0, ACTIVE_LO)), (uint32_t)ADDR);
	assert_int_equal(screen_irq(h, 0) & (VDC_PIPE_IRQ_VBLANK | VDC_PIPE_IRQ_COMMIT_DONE),
			 VDC_PIPE_IRQ_VBLANK);
	assert_int_equal(rd(h, VDC_DBG_STUCK_COMMIT), 0);
	fake_run_to(h, start + 3 * TINY_FRAME + TINY_VBLANK);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE);
	assert_int_equal(rd(h, LREG(0, 0, ACTIVE_LO)), (uint32_t)ADDR + 0x8000);
	assert_int_equal(rd(h, REG(0, COMMIT_FRAME)), 4);
	screen_end(h);
}

static void a_stuck_commit_can_be_cancelled(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	wr(h, VDC_DBG_STUCK_COMMIT, ~0U);
	screen_commit(h, 0);
	fake_run_to(h, start + 10 * TINY_FRAME);
	assert_bits(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_PENDING);
	wr(h, REG(0, COMMIT), VDC_PIPE_COMMIT_CANCEL);
	wr(h, VDC_DBG_STUCK_COMMIT, 0);
	fake_run_to(h, start + 12 * TINY_FRAME);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_COMMIT_DONE);
	screen_end(h);
}

static void refused_ddc_bytes(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint8_t edid[128] = { 0 };
	uint32_t i;

	(void)state;
	vdc_plug(&h->vdc, 0, edid, sizeof(edid));
	wr(h, VDC_DBG_DDC_NAK, 4);
	wr(h, OREG(0, DDC_DATA), 0xa0);
	for (i = 0; i < 8; i++) {
		wr(h, OREG(0, DDC_CMD), VDC_OUT_DDC_CMD_START);
		assert_int_equal(!!(rd(h, OREG(0, DDC_STATUS)) & VDC_OUT_DDC_STATUS_NAK), i < 4);
	}
	/* A refused byte in mid-transaction. */
	wr(h, VDC_DBG_DDC_NAK, 1);
	wr(h, OREG(0, DDC_CMD), VDC_OUT_DDC_CMD_WRITE);
	assert_bits(rd(h, OREG(0, DDC_STATUS)), VDC_OUT_DDC_STATUS_NAK);
	assert_int_equal(rd(h, VDC_DBG_DDC_NAK), 0);
	screen_end(h);
}

static void ordered_underruns(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);
	struct crc_entry e[4];

	(void)state;
	fake_run_to(h, start + TINY_FRAME - 1);
	assert_int_equal(black_rows(h), 0);
	wr(h, VDC_DBG_UNDERRUN, 2);
	fake_run_to(h, start + TINY_FRAME + TINY_VBLANK);
	assert_int_equal(black_rows(h), 6);		/* two bands of three */
	assert_int_equal(rd(h, REG(0, UNDERRUNS)), 2);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_UNDERRUN);
	assert_int_equal(rd(h, VDC_DBG_UNDERRUN), 0);
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(black_rows(h), 0);
	assert_int_equal(rd(h, REG(0, UNDERRUNS)), 2);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_UNDERRUN);
	assert_int_equal(screen_crcs(h, 0, e, ARRAY_SIZE(e)), 3);
	assert_int_equal(e[0].value, e[2].value);
	assert_int_not_equal(e[0].value, e[1].value);
	screen_end(h);
}

static void ordered_bus_errors(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);

	(void)state;
	fake_run_to(h, start + TINY_FRAME - 1);
	wr(h, VDC_DBG_BUS_ERROR, 3);
	fake_run_to(h, start + TINY_FRAME + TINY_VBLANK);
	assert_int_equal(black_rows(h), 9);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_BUS_ERROR);
	assert_int_equal(rd(h, REG(0, BUS_ERRORS)), 3);
	assert_in_range(rd(h, REG(0, BUS_ERROR_LO)), ADDR, ADDR + 64 * 48 * 4 - 1);
	assert_int_equal(rd(h, VDC_DBG_BUS_ERROR), 0);
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(black_rows(h), 0);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_BUS_ERROR | VDC_PIPE_IRQ_UNDERRUN);
	screen_end(h);
}

/* An ordered failure names an address in the band that failed. */
static void an_ordered_bus_error_names_its_band(void **state)
{
	uint64_t start;
	struct fake_host *h = running(&start);
	uint32_t band;

	(void)state;
	for (band = 1; band < 16; band++) {
		uint64_t frame = start + band * TINY_FRAME;

		fake_run_to(h, frame + (3 * band) * TINY_LINE - 1);
		screen_irq(h, 0);
		wr(h, VDC_DBG_BUS_ERROR, 1);
		fake_run_to(h, frame + TINY_VBLANK);
		assert_in_range(rd(h, REG(0, BUS_ERROR_LO)), ADDR + 3 * band * 256,
				ADDR + 3 * (band + 1) * 256 - 1);
	}
	screen_end(h);
}

static void faults_end_with_reset(void **state)
{
	static const uint32_t regs[] = {
		VDC_DBG_DROP_VBLANK, VDC_DBG_STUCK_COMMIT, VDC_DBG_DDC_NAK, VDC_DBG_UNDERRUN,
		VDC_DBG_BUS_ERROR, VDC_DBG_DELAY_VBLANK,
	};
	struct fake_host *h = screen_new(NULL);
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(regs); i++)
		wr(h, regs[i], 100 + i);
	for (i = 0; i < ARRAY_SIZE(regs); i++)
		assert_int_equal(rd(h, regs[i]), 100 + i);
	wr(h, VDC_CTRL, VDC_CTRL_RESET);
	screen_power(h);
	for (i = 0; i < ARRAY_SIZE(regs); i++)
		assert_int_equal(rd(h, regs[i]), 0);
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lost_vblank_interrupts),
		cmocka_unit_test(a_lost_vblank_loses_no_commit),
		cmocka_unit_test(delayed_vblank_interrupts),
		cmocka_unit_test(delays_longer_than_a_frame),
		cmocka_unit_test(stuck_commits),
		cmocka_unit_test(a_stuck_commit_can_be_cancelled),
		cmocka_unit_test(refused_ddc_bytes),
		cmocka_unit_test(ordered_underruns),
		cmocka_unit_test(ordered_bus_errors),
		cmocka_unit_test(an_ordered_bus_error_names_its_band),
		cmocka_unit_test(faults_end_with_reset),
	};

	return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
