// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * Outputs: presence, the hot-plug interrupt, and DDC byte by byte, as an I2C
 * controller driver uses it. Protocol: VESA E-DDC 1.2.
 */
#include "check.h"
#include "picture.h"
#include "screen.h"

#define START	VDC_OUT_DDC_CMD_START
#define WRITE	VDC_OUT_DDC_CMD_WRITE
#define READ	VDC_OUT_DDC_CMD_READ
#define STOP	VDC_OUT_DDC_CMD_STOP
#define LAST	VDC_OUT_DDC_CMD_NAK

#define EDID_W	0xa0
#define EDID_R	0xa1
#define SEGMENT	0x60

static bool command(struct fake_host *h, uint32_t o, uint32_t cmd, uint8_t byte)
{
	wr(h, OREG(o, DDC_DATA), byte);
	wr(h, OREG(o, DDC_CMD), cmd);
	assert_no_bits(rd(h, OREG(o, DDC_STATUS)), VDC_OUT_DDC_STATUS_BUSY);
	return !(rd(h, OREG(o, DDC_STATUS)) & VDC_OUT_DDC_STATUS_NAK);
}

static uint8_t read_byte(struct fake_host *h, uint32_t o, bool last)
{
	wr(h, OREG(o, DDC_CMD), last ? READ | LAST | STOP : READ);
	assert_no_bits(rd(h, OREG(o, DDC_STATUS)), VDC_OUT_DDC_STATUS_BUSY);
	return (uint8_t)rd(h, OREG(o, DDC_DATA));
}

/* Read as drm_do_probe_ddc_edid() does: segment if not 0, offset, repeated start, bytes. */
static bool read_edid(struct fake_host *h, uint32_t o, uint8_t segment, uint8_t offset,
		      uint8_t *out, uint32_t n)
{
	uint32_t i;

	if (segment && (!command(h, o, START, SEGMENT) || !command(h, o, WRITE, segment)))
		return false;
	if (!command(h, o, START, EDID_W) || !command(h, o, WRITE, offset))
		return false;
	if (!command(h, o, START, EDID_R))
		return false;
	for (i = 0; i < n; i++)
		out[i] = read_byte(h, o, i == n - 1);
	return true;
}

static void fill(uint8_t *edid, uint32_t len, uint32_t seed)
{
	picture_store(edid, len, 4, len / 4, 1, seed);
}

static void plugging_shows_and_interrupts(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint8_t edid[128];

	(void)state;
	fill(edid, sizeof(edid), 1);
	wr(h, OREG(1, IRQ_ENABLE), VDC_OUT_IRQ_HPD);
	assert_int_equal(rd(h, OREG(1, STATUS)), 0);
	assert_null(vdc_plug(&h->vdc, 1, edid, sizeof(edid)));
	assert_int_equal(rd(h, OREG(1, STATUS)), VDC_OUT_STATUS_PRESENT);
	assert_int_equal(rd(h, OREG(0, STATUS)), 0);
	assert_int_equal(rd(h, OREG(1, IRQ_STATUS)), VDC_OUT_IRQ_HPD);
	assert_true(h->irq);
	assert_int_equal(rd(h, VDC_IRQ_SUMMARY), VDC_IRQ_SUMMARY_OUTPUT(1));
	wr(h, OREG(1, IRQ_STATUS), VDC_OUT_IRQ_HPD);
	assert_false(h->irq);

	fill(edid, sizeof(edid), 2);
	assert_null(vdc_plug(&h->vdc, 1, edid, sizeof(edid)));	/* another display */
	assert_true(h->irq);
	wr(h, OREG(1, IRQ_STATUS), VDC_OUT_IRQ_HPD);

	vdc_unplug(&h->vdc, 1);
	assert_true(h->irq);
	assert_int_equal(rd(h, OREG(1, STATUS)), 0);
	wr(h, OREG(1, IRQ_STATUS), VDC_OUT_IRQ_HPD);
	vdc_unplug(&h->vdc, 1);					/* nothing changes */
	assert_false(h->irq);
	screen_end(h);
}

static void plug_checks_its_arguments(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint8_t edid[VDC_EDID_MAX + 128] = { 0 }, out[128];
	static const size_t bad[] = { 0, 1, 127, 129, VDC_EDID_MAX + 1, VDC_EDID_MAX + 128,
				      (size_t)-1 };
	uint32_t i;

	(void)state;
	fill(edid, 128, 3);
	assert_null(vdc_plug(&h->vdc, 0, edid, 128));
	wr(h, OREG(0, IRQ_STATUS), VDC_OUT_IRQ_HPD);
	fill(edid, sizeof(edid), 4);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		check_case(vdc_plug(&h->vdc, 0, edid, bad[i]), "length", "%zu", bad[i]);
	assert_non_null(vdc_plug(&h->vdc, vdc_config_default.num_outputs, edid, 128));
	assert_non_null(vdc_plug(&h->vdc, ~0U, edid, 128));
	vdc_unplug(&h->vdc, vdc_config_default.num_outputs);
	vdc_unplug(&h->vdc, ~0U);
	assert_int_equal(rd(h, OREG(0, IRQ_STATUS)), 0);	/* then nothing changed */
	assert_true(read_edid(h, 0, 0, 0, out, 128));
	fill(edid, 128, 3);
	assert_memory_equal(out, edid, 128);
	screen_end(h);
}

static void edid_reads_back_block_by_block(void **state)
{
	static const uint32_t lens[] = { 128, 256, 384, 512 };
	uint8_t edid[VDC_EDID_MAX], out[128];
	uint32_t i, block;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		struct fake_host *h = screen_new(NULL);

		fill(edid, lens[i], i);
		assert_null(vdc_plug(&h->vdc, 0, edid, lens[i]));
		for (block = 0; block < lens[i] / 128; block++) {
			assert_true(read_edid(h, 0, (uint8_t)(block / 2), (block & 1) * 128,
					      out, 128));
			assert_memory_equal(out, edid + block * 128, 128);
		}
		screen_end(h);
	}
}

static void any_offset_and_length_can_be_read(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint8_t edid[256], out[256];

	(void)state;
	fill(edid, 256, 1);
	vdc_plug(&h->vdc, 0, edid, 256);
	assert_true(read_edid(h, 0, 0, 0, out, 1));
	assert_int_equal(out[0], edid[0]);
	assert_true(read_edid(h, 0, 0, 77, out, 5));
	assert_memory_equal(out, edid + 77, 5);
	assert_true(read_edid(h, 0, 0, 0, out, 256));
	assert_memory_equal(out, edid, 256);
	screen_end(h);
}

static void beyond_the_edid_nobody_drives_the_bus(void **state)
{
	static const uint32_t lens[] = { 128, 256, 512 };
	uint8_t edid[512], out[2];
	uint32_t i, segment;

	(void)state;
	memset(edid, 0, sizeof(edid));
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		struct fake_host *h = screen_new(NULL);

		assert_null(vdc_plug(&h->vdc, 0, edid, lens[i]));
		for (segment = lens[i] / 256; segment < 256; segment++) {
			assert_true(read_edid(h, 0, (uint8_t)segment, lens[i] & 0xff, out, 2));
			assert_int_equal(out[0], 0xff);
			assert_int_equal(out[1], 0xff);
		}
		assert_true(read_edid(h, 0, (lens[i] - 1) / 256, (lens[i] - 1) & 0xff, out, 1));
		assert_int_equal(out[0], 0);
		screen_end(h);
	}
}

/* An address read without an offset goes on where the last one ended. */
static void the_offset_goes_on_across_transactions(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint8_t edid[128], out[8];

	(void)state;
	fill(edid, 128, 1);
	vdc_plug(&h->vdc, 0, edid, 128);
	assert_true(read_edid(h, 0, 0, 10, out, 8));
	assert_true(command(h, 0, START, EDID_R));
	assert_int_equal(read_byte(h, 0, false), edid[18]);
	assert_int_equal(read_byte(h, 0, true), edid[19]);
	screen_end(h);
}

static void the_segment_ends_with_stop(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint8_t edid[512], out[4];

	(void)state;
	fill(edid, 512, 1);
	vdc_plug(&h->vdc, 0, edid, 512);
	assert_true(read_edid(h, 0, 1, 0, out, 4));
	assert_memory_equal(out, edid + 256, 4);
	assert_true(read_edid(h, 0, 0, 0, out, 4));
	assert_memory_equal(out, edid, 4);
	/* STOP alone, without a byte, does it too. */
	assert_true(command(h, 0, START, SEGMENT));
	assert_true(command(h, 0, WRITE, 1));
	wr(h, OREG(0, DDC_CMD), STOP);
	assert_true(read_edid(h, 0, 0, 0, out, 4));
	assert_memory_equal(out, edid, 4);
	screen_end(h);
}

static void who_is_not_there_does_not_acknowledge(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint8_t edid[128];
	uint32_t addr;

	(void)state;
	assert_false(command(h, 0, START, EDID_W));		/* nothing plugged */
	assert_null(vdc_plug(&h->vdc, 0, NULL, 0));
	assert_false(command(h, 0, START, EDID_W));		/* a display without EDID */
	assert_bits(rd(h, OREG(0, STATUS)), VDC_OUT_STATUS_PRESENT);

	fill(edid, 128, 1);
	vdc_plug(&h->vdc, 0, edid, 128);
	for (addr = 0; addr < 256; addr++) {
		bool there = addr >> 1 == EDID_W >> 1 || addr == SEGMENT;

		if (addr == (SEGMENT | 1))
			continue;				/* E-DDC does not say */
		check_case(command(h, 0, START | STOP, (uint8_t)addr) == there, "address",
			   "%02x", addr);
	}
	assert_false(command(h, 1, START, EDID_W));		/* the other output is empty */

	assert_true(command(h, 0, START, EDID_W));
	vdc_unplug(&h->vdc, 0);					/* in mid-transaction */
	assert_false(command(h, 0, WRITE, 0));
	assert_false(command(h, 0, START, EDID_R));
	assert_int_equal(read_byte(h, 0, true), 0xff);
	screen_end(h);
}

/* Reads and writes outside a transaction find nobody; then a proper one works. */
static void protocol_violations_do_no_harm(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint8_t edid[128], out[128];
	uint32_t cmd;

	(void)state;
	fill(edid, 128, 1);
	vdc_plug(&h->vdc, 0, edid, 128);
	assert_false(command(h, 0, WRITE, 0));
	assert_int_equal(read_byte(h, 0, true), 0xff);
	assert_true(command(h, 0, START, EDID_R));
	assert_false(command(h, 0, WRITE, 0));			/* master read, but it writes */
	wr(h, OREG(0, DDC_CMD), STOP);
	assert_true(command(h, 0, START, EDID_W));
	assert_int_equal(read_byte(h, 0, true), 0xff);		/* master write, but it reads */
	for (cmd = 0; cmd < 256; cmd++)
		command(h, 0, cmd, (uint8_t)(cmd * 37));
	command(h, 0, ~0U, 0xff);
	wr(h, OREG(0, DDC_CMD), STOP);
	assert_true(read_edid(h, 0, 0, 0, out, 128));
	assert_memory_equal(out, edid, 128);
	screen_end(h);
}

static void plugs_survive_reset_and_power(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint8_t edid[256], out[128];

	(void)state;
	fill(edid, 256, 1);
	vdc_plug(&h->vdc, 0, edid, 256);
	wr(h, OREG(0, IRQ_ENABLE), VDC_OUT_IRQ_HPD);
	assert_false(command(h, 0, START, 0x42));
	wr(h, VDC_CTRL, VDC_CTRL_RESET);
	screen_power(h);
	assert_int_equal(rd(h, OREG(0, DDC_STATUS)), 0);
	assert_int_equal(rd(h, OREG(0, STATUS)), VDC_OUT_STATUS_PRESENT);
	assert_int_equal(rd(h, OREG(0, IRQ_ENABLE)), 0);
	assert_true(read_edid(h, 0, 0, 128, out, 128));
	assert_memory_equal(out, edid + 128, 128);

	wr(h, VDC_POWER, 0);
	vdc_unplug(&h->vdc, 0);					/* while it has no power */
	vdc_plug(&h->vdc, 1, edid, 128);
	assert_false(h->irq);
	screen_power(h);
	assert_int_equal(rd(h, OREG(0, STATUS)), 0);
	assert_int_equal(rd(h, OREG(1, STATUS)), VDC_OUT_STATUS_PRESENT);
	screen_end(h);
}

static void reset_ends_a_transaction(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint8_t edid[512], out[4];

	(void)state;
	fill(edid, 512, 1);
	vdc_plug(&h->vdc, 0, edid, 512);
	assert_true(command(h, 0, START, SEGMENT));
	assert_true(command(h, 0, WRITE, 1));
	assert_true(command(h, 0, START, EDID_R));
	wr(h, VDC_CTRL, VDC_CTRL_RESET);
	screen_power(h);
	wr(h, OREG(0, DDC_CMD), READ);
	assert_int_equal(rd(h, OREG(0, DDC_DATA)), 0xff);	/* nobody was addressed */
	assert_true(read_edid(h, 0, 0, 0, out, 4));
	assert_memory_equal(out, edid, 4);
	screen_end(h);
}

static void an_output_tells_its_pipe(void **state)
{
	struct fake_host *h = screen_new(NULL);

	(void)state;
	assert_int_equal(vdc_output_pipe(&h->vdc, 0), -1);
	wr(h, OREG(0, CTRL), VDC_OUT_CTRL_ENABLE | VDC_PREP(VDC_OUT_CTRL_PIPE, 1));
	assert_int_equal(vdc_output_pipe(&h->vdc, 0), -1);	/* that pipe is off */
	screen_on(h, 1, &mode_tiny);
	assert_int_equal(vdc_output_pipe(&h->vdc, 0), 1);
	wr(h, OREG(0, CTRL), VDC_PREP(VDC_OUT_CTRL_PIPE, 1));
	assert_int_equal(vdc_output_pipe(&h->vdc, 0), -1);
	wr(h, OREG(0, CTRL), VDC_OUT_CTRL_ENABLE | VDC_OUT_CTRL_PIPE);	/* no such pipe */
	assert_int_equal(vdc_output_pipe(&h->vdc, 0), -1);
	assert_int_equal(vdc_output_pipe(&h->vdc, 99), -1);
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plugging_shows_and_interrupts),
		cmocka_unit_test(plug_checks_its_arguments),
		cmocka_unit_test(edid_reads_back_block_by_block),
		cmocka_unit_test(any_offset_and_length_can_be_read),
		cmocka_unit_test(beyond_the_edid_nobody_drives_the_bus),
		cmocka_unit_test(the_offset_goes_on_across_transactions),
		cmocka_unit_test(the_segment_ends_with_stop),
		cmocka_unit_test(who_is_not_there_does_not_acknowledge),
		cmocka_unit_test(protocol_violations_do_no_harm),
		cmocka_unit_test(plugs_survive_reset_and_power),
		cmocka_unit_test(reset_ends_a_transaction),
		cmocka_unit_test(an_output_tells_its_pipe),
	};

	return cmocka_run_group_tests_name("ddc", tests, NULL, NULL);
}
