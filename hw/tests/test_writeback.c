// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* Writeback: one frame, the right one, the same pixels, and nothing beside them. */
#include "check.h"
#include "picture.h"
#include "screen.h"

#define ADDR	(FAKE_RAM_BASE + 0x10000)
#define OUT	(FAKE_RAM_BASE + 0x100000)

static const struct shown full = {
	VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR, 256, 0, 0, 64, 48,
};

static void store_next(struct fake_host *h, uint64_t addr, uint32_t pitch)
{
	wr(h, REG(0, WB_ADDR_LO), (uint32_t)addr);
	wr(h, REG(0, WB_ADDR_HI), (uint32_t)(addr >> 32));
	wr(h, REG(0, WB_PITCH), pitch);
	wr(h, REG(0, WB_CTRL), VDC_PIPE_WB_CTRL_ENABLE |
	   VDC_PREP(VDC_PIPE_WB_CTRL_FORMAT, VDC_FORMAT_XRGB8888));
}

static struct fake_host *new_wb_host(void)
{
	struct fake_host *h = screen_new(NULL);

	picture_store(fake_ram(h, ADDR), 256, 4, 64, 48, 1);
	memset(fake_ram(h, OUT - 256), 0xa5, 0x40000);
	screen_layer(h, 0, 0, &full);
	return h;
}

/* At @addr is the pattern, with X = 0xff, and what lies between the lines is untouched. */
static bool stored(struct fake_host *h, uint64_t addr, uint32_t pitch, uint32_t seed)
{
	const uint8_t *p = fake_ram(h, addr);
	uint32_t x, y, px;

	for (y = 0; y < 48; y++) {
		for (x = 0; x < 64; x++) {
			memcpy(&px, p + y * pitch + x * 4, 4);
			if (px != (picture_pattern(seed, x, y) | 0xff000000))
				return false;
		}
		for (x = 256; x < pitch; x++)
			if (p[y * pitch + x] != 0xa5)
				return false;
	}
	for (x = 0; x < 64; x++)
		if (p[-1 - (int)x] != 0xa5 || p[48 * pitch + x] != 0xa5)
			return false;
	return true;
}

static void one_frame_is_stored(void **state)
{
	static const uint32_t pitches[] = { 256, 264, 1024 };
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(pitches); i++) {
		struct fake_host *h = new_wb_host();
		uint64_t start = screen_on(h, 0, &mode_tiny);

		fake_run_to(h, start + TINY_FRAME);
		store_next(h, OUT, pitches[i]);
		screen_commit(h, 0);
		assert_int_equal(rd(h, REG(0, WB_STATUS)), 0);
		fake_run_to(h, start + TINY_FRAME + TINY_VBLANK);
		assert_int_equal(rd(h, REG(0, WB_STATUS)), VDC_PIPE_WB_STATUS_BUSY);
		assert_no_bits(rd(h, REG(0, WB_CTRL)), VDC_PIPE_WB_CTRL_ENABLE);
		screen_irq(h, 0);
		fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK - 1);
		assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_WB_DONE);
		assert_int_equal(h->calls.dma_write, 0);
		fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK);
		assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_WB_DONE);
		assert_int_equal(rd(h, REG(0, WB_STATUS)), 0);
		assert_int_equal(rd(h, REG(0, WB_FRAME)), 2);
		assert_true(stored(h, OUT, pitches[i], 1));
		assert_int_equal(fake_count(h, VDC_EVENT_WRITEBACK, 0), 1);
		screen_end(h);
	}
}

static void it_is_stored_once(void **state)
{
	struct fake_host *h = new_wb_host();
	uint64_t start;

	(void)state;
	store_next(h, OUT, 256);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + TINY_VBLANK);
	assert_true(stored(h, OUT, 256, 1));
	assert_int_equal(rd(h, REG(0, WB_FRAME)), 0);
	picture_store(fake_ram(h, ADDR), 256, 4, 64, 48, 2);
	screen_commit(h, 0);
	fake_run_to(h, start + 5 * TINY_FRAME);
	assert_true(stored(h, OUT, 256, 1));
	assert_int_equal(fake_count(h, VDC_EVENT_WRITEBACK, 0), 1);
	screen_end(h);
}

static void without_commit_nothing_is_stored(void **state)
{
	struct fake_host *h = new_wb_host();
	uint64_t start = screen_on(h, 0, &mode_tiny);

	(void)state;
	store_next(h, OUT, 256);
	fake_run_to(h, start + 3 * TINY_FRAME);
	assert_int_equal(h->calls.dma_write, 0);
	assert_bits(rd(h, REG(0, WB_CTRL)), VDC_PIPE_WB_CTRL_ENABLE);
	assert_int_equal(rd(h, REG(0, WB_STATUS)), 0);
	screen_end(h);
}

static void the_frame_after_the_latch_is_stored(void **state)
{
	struct fake_host *h = new_wb_host();
	struct shown other = full;
	uint64_t start = screen_on(h, 0, &mode_tiny);

	(void)state;
	other.addr = ADDR + 0x10000;
	picture_store(fake_ram(h, other.addr), 256, 4, 64, 48, 2);
	screen_layer(h, 0, 0, &other);
	store_next(h, OUT, 256);
	screen_commit(h, 0);
	fake_run_to(h, start + TINY_FRAME + TINY_VBLANK);
	assert_true(stored(h, OUT, 256, 2));
	assert_int_equal(rd(h, REG(0, WB_FRAME)), 1);
	assert_int_equal(rd(h, REG(0, WB_FRAME)), rd(h, REG(0, COMMIT_FRAME)));
	screen_end(h);
}

static void each_commit_may_store_one(void **state)
{
	struct fake_host *h = new_wb_host();
	uint64_t start = screen_on(h, 0, &mode_tiny);
	uint32_t i;

	(void)state;
	h->defer = true;
	for (i = 0; i < 4; i++) {
		store_next(h, OUT + i * 0x8000, 256);
		screen_commit(h, 0);
		fake_run_to(h, start + (i + 1) * TINY_FRAME);
	}
	fake_run_to(h, start + 5 * TINY_FRAME);
	assert_bits(rd(h, REG(0, WB_STATUS)), VDC_PIPE_WB_STATUS_BUSY);
	for (i = 0; i < 4; i++) {
		uint32_t done = fake_count(h, VDC_EVENT_WRITEBACK, 0);

		while (fake_count(h, VDC_EVENT_WRITEBACK, 0) == done)
			assert_true(fake_complete(h, 0));
		assert_int_equal(rd(h, REG(0, WB_FRAME)), i + 1);
		assert_int_equal(!!(rd(h, REG(0, WB_STATUS)) & VDC_PIPE_WB_STATUS_BUSY), i < 3);
		assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_WB_DONE);
		assert_true(stored(h, OUT + i * 0x8000, 256, 1));
	}
	screen_end(h);
}

static void stored_pixels_are_those_of_the_crc(void **state)
{
	struct fake_host *h = new_wb_host();
	struct shown cursor = { VDC_FORMAT_ARGB8888, VDC_BLEND_PREMULTI, ADDR + 0x8000, 64,
				10, 10, 16, 16 };
	struct crc_entry e;
	uint64_t start;

	(void)state;
	picture_store(fake_ram(h, cursor.addr), 64, 4, 16, 16, 5);
	wr(h, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	screen_layer(h, 0, 3, &cursor);
	store_next(h, OUT, 256);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + TINY_VBLANK);
	assert_int_equal(screen_crcs(h, 0, &e, 1), 1);
	assert_int_equal(vdc_crc_pixels(0, fake_ram(h, OUT), 64 * 48), e.value);
	assert_false(stored(h, OUT, 256, 1));
	screen_end(h);
}

static void a_bus_error_ends_with_an_error(void **state)
{
	struct fake_host *h = new_wb_host();
	uint64_t start, end = FAKE_RAM_BASE + FAKE_RAM_SIZE;

	(void)state;
	store_next(h, end - 256 * 20, 256);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + TINY_VBLANK);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_WB_DONE | VDC_PIPE_IRQ_BUS_ERROR);
	assert_int_equal(rd(h, REG(0, WB_STATUS)), VDC_PIPE_WB_STATUS_ERROR);
	assert_bits(rd(h, REG(0, BUS_ERROR_INFO)), VDC_PIPE_BUS_ERROR_WRITE);
	assert_int_equal(rd(h, REG(0, BUS_ERROR_LO)), (uint32_t)end);
	/* What could be written was. */
	assert_memory_equal((uint8_t *)fake_ram(h, end - 256), (uint8_t *)fake_ram(h, ADDR) +
			    19 * 256, 3);

	store_next(h, OUT, 256);
	screen_commit(h, 0);
	fake_run_to(h, start + TINY_FRAME + TINY_VBLANK);	/* commit came in the vblank's ns */
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(rd(h, REG(0, WB_STATUS)), 0);
	assert_true(stored(h, OUT, 256, 1));
	screen_end(h);
}

static void a_pipe_that_stays_off_reports_failure(void **state)
{
	struct fake_host *h = new_wb_host();

	(void)state;
	store_next(h, OUT, 256);
	screen_commit(h, 0);
	assert_int_equal(rd(h, REG(0, WB_STATUS)), VDC_PIPE_WB_STATUS_ERROR);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_WB_DONE);
	assert_no_bits(rd(h, REG(0, WB_CTRL)), VDC_PIPE_WB_CTRL_ENABLE);
	assert_int_equal(h->calls.dma_write, 0);
	screen_end(h);
}

/* The frame that was to be stored never came, because the host had no memory for it. */
static void a_frame_that_is_not_scanned_is_not_stored(void **state)
{
	struct fake_host *h = new_wb_host();
	uint64_t start = screen_on(h, 0, &mode_tiny);

	(void)state;
	store_next(h, OUT, 256);
	screen_commit(h, 0);
	fake_run_to(h, start + TINY_VBLANK);
	h->refuse = 2;
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(rd(h, REG(0, WB_STATUS)), VDC_PIPE_WB_STATUS_BUSY);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_WB_DONE);
	fake_run_to(h, start + 3 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(rd(h, REG(0, WB_STATUS)), 0);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_WB_DONE);
	assert_int_equal(rd(h, REG(0, WB_FRAME)), 3);
	assert_true(stored(h, OUT, 256, 1));

	/* And now the pipe stops before any frame could be stored. */
	store_next(h, OUT, 256);
	screen_commit(h, 0);
	fake_run_to(h, start + 4 * TINY_FRAME + TINY_VBLANK);
	h->refuse = 1;
	wr(h, REG(0, CTRL), 0);
	screen_irq(h, 0);
	screen_commit(h, 0);
	fake_run_to(h, start + 5 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(rd(h, REG(0, STATUS)), 0);
	assert_int_equal(rd(h, REG(0, WB_STATUS)), VDC_PIPE_WB_STATUS_ERROR);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_WB_DONE);
	screen_end(h);
}

/* Whatever ends a running pipe, BUSY does not stay for ever. */
static void busy_never_sticks(void **state)
{
	uint32_t off_at, reset;

	(void)state;
	for (reset = 0; reset < 2; reset++)
		for (off_at = 0; off_at < 4; off_at++) {
			struct fake_host *h = new_wb_host();
			uint64_t start = screen_on(h, 0, &mode_tiny);

			h->defer = off_at & 1;
			store_next(h, OUT, 256);
			screen_commit(h, 0);
			fake_run_to(h, start + TINY_FRAME - 1 + off_at / 2 * TINY_LINE);
			if (reset) {
				wr(h, VDC_CTRL, VDC_CTRL_RESET);
				screen_power(h);
			} else {
				wr(h, REG(0, CTRL), 0);
				screen_commit(h, 0);
			}
			fake_run_to(h, start + 4 * TINY_FRAME);
			while (fake_complete(h, 0))
				;
			assert_no_bits(rd(h, REG(0, WB_STATUS)), VDC_PIPE_WB_STATUS_BUSY);
			assert_int_equal(!!(screen_irq(h, 0) & VDC_PIPE_IRQ_WB_DONE), !reset);
			screen_end(h);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_frame_is_stored),
		cmocka_unit_test(it_is_stored_once),
		cmocka_unit_test(without_commit_nothing_is_stored),
		cmocka_unit_test(the_frame_after_the_latch_is_stored),
		cmocka_unit_test(each_commit_may_store_one),
		cmocka_unit_test(stored_pixels_are_those_of_the_crc),
		cmocka_unit_test(a_bus_error_ends_with_an_error),
		cmocka_unit_test(a_pipe_that_stays_off_reports_failure),
		cmocka_unit_test(a_frame_that_is_not_scanned_is_not_stored),
		cmocka_unit_test(busy_never_sticks),
	};

	return cmocka_run_group_tests_name("writeback", tests, NULL, NULL);
}
