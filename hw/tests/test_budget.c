// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* The fetch budget: layers within it are fetched, a pipe that wants more underruns in each band. */
#include "check.h"
#include "screen.h"

#define ADDR	(FAKE_RAM_BASE + 0x10000)
#define LINE_KBPS(bytes)	((bytes) * 20)	/* mode_tiny scans 20,000 lines a second */
#define FULL	LINE_KBPS(64 * 4)

#define LAYER(_format, _x, _w)	{ _format, VDC_BLEND_NONE, ADDR, 256, _x, 0, _w, 8 }

/* Worked out by hand. */
static const struct {
	const char *name;
	uint32_t budget, num_layers;
	struct shown layer[3];
	bool fits;
} cases[] = {
	{ "no limit", 0, 2,
	  { LAYER(VDC_FORMAT_XRGB8888, 0, 64), LAYER(VDC_FORMAT_XRGB8888, 0, 64) }, true },
	{ "no layers", 1, 0, { { 0 } }, true },
	{ "a layer, exactly", FULL, 1, { LAYER(VDC_FORMAT_XRGB8888, 0, 64) }, true },
	{ "a layer, one too few", FULL - 1, 1, { LAYER(VDC_FORMAT_XRGB8888, 0, 64) }, false },
	{ "two bytes a pixel", FULL / 2, 1, { LAYER(VDC_FORMAT_RGB565, 0, 64) }, true },
	{ "two bytes a pixel, too many", FULL / 2 - 1, 1, { LAYER(VDC_FORMAT_RGB565, 0, 64) },
	  false },
	{ "layers add up, exactly", FULL + LINE_KBPS(10 * 4) + LINE_KBPS(6 * 2), 3,
	  { LAYER(VDC_FORMAT_XRGB8888, 0, 64), LAYER(VDC_FORMAT_ARGB8888, 5, 10),
	    LAYER(VDC_FORMAT_RGB565, 9, 6) }, true },
	{ "layers add up", FULL + LINE_KBPS(10 * 4) + LINE_KBPS(6 * 2) - 1, 3,
	  { LAYER(VDC_FORMAT_XRGB8888, 0, 64), LAYER(VDC_FORMAT_ARGB8888, 5, 10),
	    LAYER(VDC_FORMAT_RGB565, 9, 6) }, false },
	{ "a layer counts off the screen too", FULL - 1, 1, { LAYER(VDC_FORMAT_XRGB8888, 99, 64) },
	  false },
	{ "the widest layers and no overflow", 1U << 30, 3,
	  { LAYER(VDC_FORMAT_XRGB8888, 0, 65535), LAYER(VDC_FORMAT_XRGB8888, 0, 65535),
	    LAYER(VDC_FORMAT_XRGB8888, 0, 65535) }, true },
};

static struct fake_host *new_host(uint32_t budget)
{
	struct vdc_config config = vdc_config_default;

	config.budget = budget;
	return screen_new(&config);
}

static void what_exceeds_the_budget_underruns(void **state)
{
	uint32_t i, l, want;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fake_host *h = new_host(cases[i].budget);
		uint64_t start;

		for (l = 0; l < cases[i].num_layers; l++)
			screen_layer(h, 0, l, &cases[i].layer[l]);
		start = screen_on(h, 0, &mode_tiny);
		fake_run_to(h, start + 2 * TINY_FRAME - 1);
		want = 2 * VDC_BANDS;
		if (cases[i].fits)
			want = 0;
		check_case(rd(h, REG(0, UNDERRUNS)) == want, cases[i].name, "%u underruns",
			   rd(h, REG(0, UNDERRUNS)));
		check_case(!(screen_irq(h, 0) & VDC_PIPE_IRQ_UNDERRUN) == cases[i].fits,
			   cases[i].name, "interrupt");
		screen_end(h);
	}
}

/* A pipe recovers with the commit that asks for less; the other has a budget of its own. */
static void each_pipe_has_its_own(void **state)
{
	struct fake_host *h = new_host(FULL);
	struct shown layer = LAYER(VDC_FORMAT_XRGB8888, 0, 64);
	uint64_t start;

	(void)state;
	screen_layer(h, 1, 0, &layer);
	screen_on(h, 1, &mode_tiny);
	screen_layer(h, 0, 0, &layer);
	screen_layer(h, 0, 1, &layer);
	start = screen_on(h, 0, &mode_tiny);
	fake_run_to(h, start + TINY_LINE);
	screen_layer(h, 0, 1, NULL);
	screen_commit(h, 0);
	fake_run_to(h, start + 4 * TINY_FRAME);
	assert_int_equal(rd(h, REG(0, UNDERRUNS)), VDC_BANDS);
	assert_int_equal(rd(h, REG(1, UNDERRUNS)), 0);
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_exceeds_the_budget_underruns),
		cmocka_unit_test(each_pipe_has_its_own),
	};

	return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
