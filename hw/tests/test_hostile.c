// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * The guest is not trusted: random writes over the whole map and leaps of time,
 * under the sanitizers, with the work of each call bounded and the host's
 * expectations checked throughout.
 */
#include <stdlib.h>

#include "check.h"
#include "screen.h"

static uint64_t seed = 1;

/* xorshift64* (Vigna 2016): the same sequence everywhere. */
static uint32_t rnd(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)(seed * 0x2545f4914f6cdd1dULL >> 32);
}

static void check_bounds(struct fake_host *h, const struct fake_calls *before, const char *what)
{
	const char *wrong = fake_excess(h, before);

	check_case(!wrong, what, "%s", wrong);
}

/* A value that is more often interesting than not. */
static uint32_t value(void)
{
	switch (rnd() % 8) {
	case 0:
		return 0;
	case 1:
		return ~0U;
	case 2:
		return rnd() % 0x100;
	case 3:
		return 1U << rnd() % 32;
	case 4:
		return (uint32_t)FAKE_RAM_BASE + rnd() % FAKE_RAM_SIZE;
	case 5:
		return (rnd() % 70) | (rnd() % 70) << 16;
	case 6:
		return (rnd() & 0xffff0000) | 0xffff;
	default:
		return rnd();
	}
}

/* Any offset, with those that do something far more often; never a reset every few writes. */
static uint32_t offset(void)
{
	uint32_t p = rnd() % 2, l = rnd() % 4;

	switch (rnd() % 8) {
	case 0:
		return rnd() % 8 ? rnd() % VDC_MMIO_SIZE & ~3U : rnd();
	case 1:
		return REG(p, COMMIT);
	case 2:
	case 3:
		return VDC_PIPE(p) + (rnd() % 0x160 & ~3U);
	case 4:
	case 5:
		return VDC_LAYER(p, l) + (rnd() % 0x90 & ~3U);
	case 6:
		return VDC_OUTPUT(rnd() % 2) + (rnd() % 0x30 & ~3U);
	default:
		return rnd() % 16 ? VDC_DBG_DROP_VBLANK + 4 * (rnd() % 6) : VDC_CTRL;
	}
}

/* Modes small enough to compose by the thousand, put in before chaos goes on. */
static void revive(struct fake_host *h)
{
	struct mode m = mode_tiny;
	uint32_t p = rnd() % 2;

	screen_power(h);
	m.vactive = 1 + rnd() % 48;
	m.hactive = 1 + rnd() % 64;
	if (!(rd(h, REG(p, STATUS)) & VDC_PIPE_STATUS_ACTIVE))
		screen_on(h, p, &m);
	wr(h, REG(p, CRC_CTRL), 1);
}

static void chaos(struct fake_host *h, uint32_t rounds)
{
	uint32_t i;

	for (i = 0; i < rounds; i++) {
		struct fake_calls before = h->calls;
		uint32_t o = offset();

		if (o == VDC_POWER && rnd() % 4)
			o = VDC_SCRATCH;
		if (i % 64 == 0)
			revive(h);
		/* A mode may be as large as it likes only with the pipe off: keep frames cheap. */
		if ((o & 0xfff) >= VDC_PIPE_CLOCK && (o & 0xfff) <= VDC_PIPE_SYNC_END &&
		    o >= VDC_PIPE(0) && rnd() % 64)
			o = VDC_SCRATCH;
		before = h->calls;
		vdc_write(&h->vdc, o, value());
		check_bounds(h, &before, "write");
		before = h->calls;
		vdc_read(&h->vdc, rnd() & 1 ? o : offset());
		check_bounds(h, &before, "read");
		switch (rnd() % 16) {
		case 0:
			h->now += rnd() % 3 ? rnd() % 10000000 : (uint64_t)rnd() << rnd() % 16;
			break;
		case 1:
			h->hole = FAKE_RAM_BASE + rnd() % FAKE_RAM_SIZE;
			h->hole_len = rnd() & 1 ? rnd() % 0x10000 : 0;
			break;
		case 2:
			h->defer = rnd() & 1;
			break;
		case 3:
			vdc_plug(&h->vdc, rnd() % 4, h->ram, 128 * (rnd() % 6));
			break;
		case 4:
			vdc_unplug(&h->vdc, rnd() % 4);
			break;
		case 5:
			h->refuse = rnd() % 4;
			break;
		case 6:
		case 7:
			while (rnd() % 4 && fake_complete(h, rnd() % 2))
				;
			break;
		default:
			h->now += rnd() % 400000;
			break;
		}
		before = h->calls;
		vdc_run(&h->vdc);
		check_bounds(h, &before, "run");
		if (fake_irq_wanted(h) != h->irq)
			fail_msg("round %u: the line is %d against its registers", i, h->irq);
		h->logged = 0;
	}
}

static void random_writes_and_leaps_of_time(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint32_t i;

	(void)state;
	for (i = 0; i < FAKE_RAM_SIZE; i += 4)
		*(uint32_t *)(h->ram + i) = rnd();
	chaos(h, 40000);
	screen_end(h);
}

/* The largest frame with every layer at its worst costs what it must and no more. */
static void the_worst_frame_is_bounded(void **state)
{
	static const struct vdc_config c = { 1, 1, 6, 1024, 768, 100000, 64, 0, 0 };
	static const struct mode m = {
		"1024x768", 65000, 1024, 1048, 1184, 1344, 768, 771, 777, 806,
	};
	struct fake_host *h = screen_new(&c);
	struct shown s = { VDC_FORMAT_ARGB8888, VDC_BLEND_PREMULTI, FAKE_RAM_BASE + 4090, 0xfffff8,
			   -1000, -700, 0xffff, 0xffff };
	struct fake_calls before;
	uint32_t l;

	(void)state;
	h->display = true;
	for (l = 0; l < 8; l++)
		screen_layer(h, 0, l, &s);
	wr(h, REG(0, CRC_CTRL), 1);
	screen_on(h, 0, &m);
	before = h->calls;
	fake_stall_to(h, h->now + 10 * screen_time(&m, 1, 0));
	check_bounds(h, &before, "worst frame");
	assert_in_range(h->calls.bytes_read - before.bytes_read, 0, 2ULL * 8 * 1024 * 768 * 4);
	screen_end(h);
}

static void counters_saturate_under_fire(void **state)
{
	struct fake_host *h = screen_new(NULL);
	struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, 0, 256, 0, 0, 64, 48 };
	uint64_t start;

	(void)state;
	screen_layer(h, 0, 0, &s);
	wr(h, REG(0, CRC_CTRL), 1);
	start = screen_on(h, 0, &mode_tiny);
	h->vdc.pipe[0].bus_errors = ~0U - 5;
	h->vdc.pipe[0].underruns = ~0U - 5;
	fake_run_to(h, start + 2 * TINY_FRAME);
	assert_int_equal(rd(h, REG(0, BUS_ERRORS)), ~0U);
	fake_stall_to(h, start + 5 * TINY_FRAME);
	assert_int_equal(rd(h, REG(0, UNDERRUNS)), ~0U);
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_writes_and_leaps_of_time),
		cmocka_unit_test(the_worst_frame_is_bounded),
		cmocka_unit_test(counters_saturate_under_fire),
	};

	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
