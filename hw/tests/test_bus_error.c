// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* Memory that is not there: the address is told, the picture is black there, all else goes on. */
#include "check.h"
#include "picture.h"
#include "screen.h"

#define ADDR	(FAKE_RAM_BASE + 0x10000)
#define RAM_END	(FAKE_RAM_BASE + FAKE_RAM_SIZE)

static struct fake_host *new_error_host(void)
{
	struct fake_host *h = screen_new(NULL);

	h->display = true;
	wr(h, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	wr(h, REG(0, BACKGROUND), 0x3fffffff);
	return h;
}

static uint64_t error_addr(struct fake_host *h)
{
	return rd(h, REG(0, BUS_ERROR_LO)) | (uint64_t)rd(h, REG(0, BUS_ERROR_HI)) << 32;
}

static const struct {
	const char *name;
	uint64_t addr, hole, hole_len, want;
	uint32_t pitch;
} cases[] = {
	{ "outside from the start", 0, 0, 0, 0, 256 },
	{ "below RAM", FAKE_RAM_BASE - 0x20000, 0, 0, FAKE_RAM_BASE - 0x20000, 256 },
	{ "starts below RAM", FAKE_RAM_BASE - 256, 0, 0, FAKE_RAM_BASE - 256, 256 },
	{ "runs over the end", RAM_END - 256 * 20, 0, 0, RAM_END, 256 },
	{ "runs over it in mid-line", RAM_END - 256 * 20 - 60, 0, 0, RAM_END, 256 },
	{ "hole in line 10", ADDR, ADDR + 256 * 10 + 8, 4, ADDR + 256 * 10 + 8, 256 },
	{ "hole at an odd byte", ADDR, ADDR + 256 * 10 + 33, 1, ADDR + 256 * 10 + 33, 256 },
	{ "hole in the last line", ADDR, ADDR + 256 * 47 + 252, 4, ADDR + 256 * 47 + 252, 256 },
	{ "hole with wide pitch", ADDR, ADDR + 512 * 31 + 100, 8, ADDR + 512 * 31 + 100, 512 },
	{ "hole of three bands", ADDR, ADDR + 256 * 10, 256 * 9, ADDR + 256 * 10, 256 },
	{ "last address", 0xfffffffff8ULL, 0, 0, 0xfffffffff8ULL, 256 },
};

/* Can the host read the pixel at (x, y)? */
static bool readable(uint32_t i, uint32_t x, uint32_t y)
{
	uint64_t a = cases[i].addr + (uint64_t)y * cases[i].pitch + x * 4;

	return a >= FAKE_RAM_BASE && a + 4 <= RAM_END &&
	       (a + 4 <= cases[i].hole || a >= cases[i].hole + cases[i].hole_len);
}

static void first_failing_address_is_exact(void **state)
{
	uint32_t i, x, y;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fake_host *h = new_error_host();
		struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, cases[i].addr,
				   cases[i].pitch, 0, 0, 64, 48 };
		uint64_t start;

		memset(h->ram, 0x77, FAKE_RAM_SIZE);
		h->hole = cases[i].hole;
		h->hole_len = cases[i].hole_len;
		screen_layer(h, 0, 0, &s);
		start = screen_on(h, 0, &mode_tiny);
		fake_run_to(h, start + TINY_VBLANK);
		check_case(screen_irq(h, 0) & VDC_PIPE_IRQ_BUS_ERROR, cases[i].name,
			   "no interrupt");
		check_case(error_addr(h) == cases[i].want, cases[i].name, "%llx",
			   (unsigned long long)error_addr(h));
		assert_int_equal(rd(h, REG(0, BUS_ERROR_INFO)), 0);
		assert_true(rd(h, REG(0, BUS_ERRORS)) > 0);
		assert_int_equal(fake_last(h, VDC_EVENT_BUS_ERROR, 0)->arg, cases[i].want);
		/*
		 * What could not be read is black. What could may be black too, if it
		 * lies in the same line; another line is not touched.
		 */
		for (y = 0; y < 48; y++) {
			bool whole = true;

			for (x = 0; x < 64; x++)
				whole &= readable(i, x, y);
			for (x = 0; x < 64; x++) {
				uint32_t px = h->shown[0][y * 64 + x] & 0xffffff;

				if (whole)
					check_case(px == 0x777777, cases[i].name, "%u,%u", x, y);
				else if (!readable(i, x, y) && cases[i].hole_len != 1)
					check_case(px == 0, cases[i].name, "%u,%u", x, y);
			}
		}
		screen_end(h);
	}
}

static void first_error_stays_until_it_is_cleared(void **state)
{
	struct fake_host *h = new_error_host();
	struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, 0x1000, 256, 0, 0, 64, 48 };
	uint64_t start;
	uint32_t errors;

	(void)state;
	screen_layer(h, 0, 0, &s);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + TINY_VBLANK);
	assert_int_equal(error_addr(h), 0x1000);
	errors = rd(h, REG(0, BUS_ERRORS));

	screen_addr(h, 0, 0, 0x2000);
	screen_commit(h, 0);
	fake_run_to(h, start + 2 * TINY_FRAME - 1);	/* the flip latched at the vblank before */
	assert_int_equal(error_addr(h), 0x1000);
	assert_true(rd(h, REG(0, BUS_ERRORS)) > errors);
	screen_irq(h, 0);
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(error_addr(h), 0x2000);
	screen_end(h);
}

static void the_layer_at_fault_is_named(void **state)
{
	struct fake_host *h = new_error_host();
	struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR, 256, 0, 0, 64, 48 };
	uint64_t start;

	(void)state;
	screen_layer(h, 0, 0, &s);
	s.addr = 0x5000;
	s.y = 24;
	s.h = 1;
	screen_layer(h, 0, 2, &s);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + 20 * TINY_LINE);
	assert_no_bits(rd(h, REG(0, IRQ_STATUS)), VDC_PIPE_IRQ_BUS_ERROR);
	fake_run_to(h, start + 25 * TINY_LINE);
	assert_bits(rd(h, REG(0, IRQ_STATUS)), VDC_PIPE_IRQ_BUS_ERROR);
	assert_int_equal(rd(h, REG(0, BUS_ERROR_INFO)), 2);
	assert_int_equal(error_addr(h), 0x5000);
	assert_int_equal(rd(h, REG(0, BUS_ERRORS)), 1);
	screen_end(h);
}

static void only_visible_lines_are_accessed(void **state)
{
	struct fake_host *h = new_error_host();
	struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR, 512, -32, -8, 128, 96 };
	uint64_t start;

	(void)state;
	/* A hole in what is cut off: before the first visible pixel and behind the last. */
	h->hole = ADDR;
	h->hole_len = 8 * 512 + 32 * 4;
	screen_layer(h, 0, 0, &s);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + TINY_FRAME);
	h->hole = ADDR + 55 * 512 + 96 * 4;
	h->hole_len = 0x10000;
	fake_run_to(h, start + 2 * TINY_FRAME);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_BUS_ERROR);
	h->hole -= 1;
	fake_run_to(h, start + 3 * TINY_FRAME);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_BUS_ERROR);
	assert_int_equal(error_addr(h), h->hole);
	screen_end(h);
}

static void the_beam_goes_on(void **state)
{
	struct fake_host *h = new_error_host();
	struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, 0x1000, 256, 0, 0, 64, 48 };
	struct crc_entry e[8];
	uint64_t start;

	(void)state;
	screen_layer(h, 0, 0, &s);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + 4 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(screen_count(h, 0), 5);
	assert_int_equal(screen_crcs(h, 0, e, ARRAY_SIZE(e)), 5);
	assert_int_equal(rd(h, REG(0, UNDERRUNS)), 0);
	assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_UNDERRUN);
	screen_end(h);
}

static void hostile_pitch_and_address_wrap_harmlessly(void **state)
{
	static const uint64_t addrs[] = {
		0, 0xfffffffff8ULL, ~7ULL, FAKE_RAM_BASE - 8, RAM_END - 8, 1ULL << 63,
	};
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(addrs); i++) {
		struct vdc_config wide = vdc_config_default;
		struct fake_host *h;
		struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, addrs[i], 0xffffff,
				   -32767, -32767, 0xffff, 0xffff };
		uint64_t start;

		wide.addr_bits = 64;
		h = screen_new(&wide);
		h->display = true;
		screen_layer(h, 0, 0, &s);
		start = screen_on(h, 0, &mode_tiny);
		fake_run_to(h, start + 2 * TINY_FRAME);
		assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_BUS_ERROR);
		assert_int_equal(h->shown[0][0] & 0xffffff, 0);
		screen_end(h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_failing_address_is_exact),
		cmocka_unit_test(first_error_stays_until_it_is_cleared),
		cmocka_unit_test(the_layer_at_fault_is_named),
		cmocka_unit_test(only_visible_lines_are_accessed),
		cmocka_unit_test(the_beam_goes_on),
		cmocka_unit_test(hostile_pitch_and_address_wrap_harmlessly),
	};

	return cmocka_run_group_tests_name("bus_error", tests, NULL, NULL);
}
