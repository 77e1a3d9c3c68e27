// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * What the beam reads, where and when. Each result is compared with a picture
 * that the test draws itself, through the CRC.
 */
#include "check.h"
#include "picture.h"
#include "screen.h"

#define ADDR	(FAKE_RAM_BASE + 0x10000)
#define ADDR2	(FAKE_RAM_BASE + 0x20000)

static struct fake_host *new_crc_host(void)
{
	struct fake_host *h = screen_new(NULL);

	wr(h, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	return h;
}

/* CRC of pipe 0's first frame with what the shadow registers say. */
static uint32_t first_crc(struct fake_host *h, const struct mode *m)
{
	uint64_t start = screen_on(h, 0, m);

	return screen_crc_of(h, 0, start, m, 0);
}

static const struct {
	const char *name;
	int x, y;
	uint32_t w, h, pitch;
} places[] = {
	{ "whole screen", 0, 0, 64, 48, 256 },
	{ "wide pitch", 0, 0, 64, 48, 1024 },
	{ "inside", 5, 7, 20, 11, 80 },
	{ "one pixel", 63, 47, 1, 1, 8 },
	{ "left edge cut", -10, 3, 40, 20, 160 },
	{ "top edge cut", 3, -10, 40, 20, 160 },
	{ "right edge cut", 50, 3, 40, 20, 160 },
	{ "bottom edge cut", 3, 40, 40, 20, 160 },
	{ "all edges cut", -8, -8, 96, 80, 384 },
	{ "one column left", -39, 0, 40, 48, 160 },
	{ "one row left", 0, -47, 64, 48, 256 },
	{ "left of the screen", -40, 0, 40, 48, 160 },
	{ "above the screen", 0, -48, 64, 48, 256 },
	{ "right of the screen", 64, 0, 64, 48, 256 },
	{ "below the screen", 0, 48, 64, 48, 256 },
	{ "far away", -32768, -32768, 64, 48, 256 },
	{ "far away the other way", 32767, 32767, 64, 48, 256 },
	{ "no width", 0, 0, 0, 48, 256 },
	{ "no height", 0, 0, 64, 0, 256 },
	{ "pitch 0 repeats a line", 0, 0, 64, 48, 0 },
	{ "overlapping lines", 0, 0, 64, 48, 128 },
};

static void layers_are_clipped_to_the_screen(void **state)
{
	uint32_t i, x, y;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		struct fake_host *h = new_crc_host();
		struct picture *p = picture_new(64, 48, 0x00ff00);
		struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR, places[i].pitch,
				   places[i].x, places[i].y, places[i].w, places[i].h };

		/* One long pattern row by row makes each address distinct. */
		picture_store(fake_ram(h, ADDR), 0x10000, 4, 0x8000, 1, 7);
		for (y = 0; y < places[i].h; y++)
			for (x = 0; x < places[i].w; x++) {
				int sx = places[i].x + (int)x, sy = places[i].y + (int)y;

				if (sx >= 0 && sx < 64 && sy >= 0 && sy < 48)
					p->px[sy * 64 + sx] = 0xffffff &
						picture_pattern(7, y * places[i].pitch / 4 + x, 0);
			}
		wr(h, REG(0, BACKGROUND), 0x3ffU << 10);
		screen_layer(h, 0, 0, &s);
		check_case(first_crc(h, &mode_tiny) == picture_crc(p), places[i].name, "CRC");
		assert_no_bits(screen_irq(h, 0), VDC_PIPE_IRQ_BUS_ERROR | VDC_PIPE_IRQ_UNDERRUN);
		picture_free(p);
		screen_end(h);
	}
}

static void any_number_of_lines_makes_bands(void **state)
{
	static const uint32_t lines[] = { 1, 2, 3, 7, 15, 16, 17, 31, 33, 47, 48 };
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		struct fake_host *h = new_crc_host();
		struct picture *p = picture_new(64, lines[i], 0);
		struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR, 256, 0, 0, 64, 48 };
		struct mode m = mode_tiny;

		m.vactive = lines[i];
		picture_store(fake_ram(h, ADDR), 256, 4, 64, 48, 3);
		picture_draw(p, 0, 0, 64, lines[i], 3);
		screen_layer(h, 0, 0, &s);
		check_case(first_crc(h, &m) == picture_crc(p), "lines", "%u", lines[i]);
		picture_free(p);
		screen_end(h);
	}
}

static void rgb565_is_fetched_with_its_own_width(void **state)
{
	struct fake_host *h = new_crc_host();
	struct picture *p = picture_new(64, 48, 0);
	struct shown s = { VDC_FORMAT_RGB565, VDC_BLEND_NONE, ADDR + 2, 136, -3, -5, 64, 53 };
	uint32_t x, y;

	(void)state;
	picture_store(fake_ram(h, ADDR + 2), 136, 2, 64, 53, 9);
	for (y = 5; y < 53; y++)
		for (x = 3; x < 64; x++)
			p->px[(y - 5) * 64 + x - 3] =
				colour_rgb(colour_of(VDC_FORMAT_RGB565, picture_pattern(9, x, y)));
	screen_layer(h, 0, 0, &s);
	assert_int_equal(first_crc(h, &mode_tiny), picture_crc(p));
	picture_free(p);
	screen_end(h);
}

/*
 * Which row the tear of a frame is at: rows above it come from @before, rows
 * from it on from @after.
 */
static int find_tear(uint32_t crc, const struct picture *before, const struct picture *after)
{
	struct picture *mix = picture_new(before->w, before->h, 0);
	int row, found = -1;

	for (row = 0; row <= (int)before->h; row++) {
		picture_rows(mix, before, 0, (uint32_t)row);
		picture_rows(mix, after, (uint32_t)row, before->h);
		if (picture_crc(mix) == crc)
			found = row;
	}
	picture_free(mix);
	return found;
}

/* Something changes when the beam is at the middle of @line; the tear is within a band of it. */
static void tear(uint32_t line, void (*change)(struct fake_host *h), const char *how)
{
	struct fake_host *h = new_crc_host();
	struct picture *before = picture_new(64, 48, 0), *after = picture_new(64, 48, 0);
	struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR, 256, 0, 0, 64, 48 };
	uint64_t start;
	int row;

	picture_store(fake_ram(h, ADDR), 256, 4, 64, 48, 1);
	picture_store(fake_ram(h, ADDR2), 256, 4, 64, 48, 2);
	picture_draw(before, 0, 0, 64, 48, 1);
	picture_draw(after, 0, 0, 64, 48, 2);
	screen_layer(h, 0, 0, &s);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + TINY_FRAME + line * TINY_LINE + TINY_LINE / 2);
	change(h);
	row = find_tear(screen_crc_of(h, 0, start, &mode_tiny, 1), before, after);
	/* Lines are fetched a band of three at most ahead of the beam, never behind it. */
	check_case(row > (int)line && row <= (int)line + 3, how, "row %d for line %u", row, line);
	assert_int_equal(screen_crc_of(h, 0, start, &mode_tiny, 2), picture_crc(after));
	picture_free(before);
	picture_free(after);
	screen_end(h);
}

static void write_memory(struct fake_host *h)
{
	picture_store(fake_ram(h, ADDR), 256, 4, 64, 48, 2);
}

static void flip_async(struct fake_host *h)
{
	screen_addr(h, 0, 0, ADDR2);
	wr(h, REG(0, COMMIT), VDC_PIPE_COMMIT_ARM | VDC_PIPE_COMMIT_ASYNC);
}

static void memory_changed_mid_frame_tears_there(void **state)
{
	uint32_t line;

	(void)state;
	for (line = 0; line < 48; line++)
		tear(line, write_memory, "memory");
}

static void async_flip_tears_there(void **state)
{
	uint32_t line;

	(void)state;
	for (line = 0; line < 48; line++)
		tear(line, flip_async, "async flip");
}

static void flip_at_vblank_never_tears(void **state)
{
	struct fake_host *h = new_crc_host();
	struct picture *one = picture_new(64, 48, 0), *two = picture_new(64, 48, 0);
	struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR, 256, 0, 0, 64, 48 };
	uint32_t i, crc[2], want;
	uint64_t start;

	(void)state;
	picture_store(fake_ram(h, ADDR), 256, 4, 64, 48, 1);
	picture_store(fake_ram(h, ADDR2), 256, 4, 64, 48, 2);
	picture_draw(one, 0, 0, 64, 48, 1);
	picture_draw(two, 0, 0, 64, 48, 2);
	crc[0] = picture_crc(one);
	crc[1] = picture_crc(two);
	screen_layer(h, 0, 0, &s);
	start = screen_on(h, 0, &mode_tiny);
	want = crc[0];
	for (i = 0; i < 48; i++) {
		fake_run_to(h, start + i * TINY_FRAME + i * TINY_LINE);
		screen_addr(h, 0, 0, i & 1 ? ADDR : ADDR2);
		screen_commit(h, 0);
		assert_int_equal(screen_crc_of(h, 0, start, &mode_tiny, i), want);
		want = crc[!(i & 1)];
	}
	picture_free(one);
	picture_free(two);
	screen_end(h);
}

/* Late composing changes nothing: the bytes were taken when the beam was there. */
static void late_composing_shows_what_the_beam_saw(void **state)
{
	struct fake_host *h = new_crc_host();
	struct picture *p = picture_new(64, 48, 0);
	struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR, 256, 0, 0, 64, 48 };
	struct crc_entry e[8];
	uint64_t start;

	(void)state;
	h->defer = true;
	picture_store(fake_ram(h, ADDR), 256, 4, 64, 48, 1);
	picture_draw(p, 0, 0, 64, 48, 1);
	screen_layer(h, 0, 0, &s);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + TINY_VBLANK);
	memset(fake_ram(h, ADDR), 0, 64 * 48 * 4);
	fake_run_to(h, start + 2 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), 0);
	while (fake_complete(h, 0))
		;
	assert_int_equal(screen_crcs(h, 0, e, ARRAY_SIZE(e)), 3);
	assert_int_equal(e[0].frame, 0);
	assert_int_equal(e[0].value, picture_crc(p));
	assert_int_not_equal(e[1].value, picture_crc(p));
	picture_free(p);
	screen_end(h);
}

static void off_layers_read_nothing(void **state)
{
	struct fake_host *h = new_crc_host();
	struct picture *p = picture_new(64, 48, 0);

	(void)state;
	assert_int_equal(first_crc(h, &mode_tiny), picture_crc(p));
	assert_int_equal(h->calls.dma_read, 0);
	picture_free(p);
	screen_end(h);
}

static void high_addresses_reach_the_bus(void **state)
{
	struct fake_host *h = new_crc_host();
	struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR | 1ULL << 39, 256,
			   0, 0, 64, 48 };

	(void)state;
	/* 40 bits of address: bit 39 counts, and leaves the fake host's RAM. */
	screen_layer(h, 0, 0, &s);
	first_crc(h, &mode_tiny);
	assert_bits(screen_irq(h, 0), VDC_PIPE_IRQ_BUS_ERROR);
	assert_int_equal(rd(h, REG(0, BUS_ERROR_HI)), 0x80);
	assert_int_equal(rd(h, REG(0, BUS_ERROR_LO)), (uint32_t)ADDR);
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers_are_clipped_to_the_screen),
		cmocka_unit_test(any_number_of_lines_makes_bands),
		cmocka_unit_test(rgb565_is_fetched_with_its_own_width),
		cmocka_unit_test(memory_changed_mid_frame_tears_there),
		cmocka_unit_test(async_flip_tears_there),
		cmocka_unit_test(flip_at_vblank_never_tears),
		cmocka_unit_test(late_composing_shows_what_the_beam_saw),
		cmocka_unit_test(off_layers_read_nothing),
		cmocka_unit_test(high_addresses_reach_the_bus),
	};

	return cmocka_run_group_tests_name("fetch", tests, NULL, NULL);
}
