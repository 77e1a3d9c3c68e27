// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * Nothing is shared that should not be: pipes of one device, and two devices
 * in one program, each run as if alone.
 */
#include "check.h"
#include "picture.h"
#include "screen.h"

#define ADDR	(FAKE_RAM_BASE + 0x10000)

static const struct mode other_mode = {
	"100x60, 1.25 MHz", 1250, 100, 104, 108, 125, 60, 61, 62, 80,	/* 8 ms a frame */
};

/* What a guest does with a pipe in frame @n; the seed makes pipes differ. */
static void act(struct fake_host *h, uint32_t pipe, uint32_t n, uint32_t seed)
{
	struct shown s = {
		VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR + 0x1000 * (n % 5 + seed), 256,
		(int)(seed * 3), (int)(n % 7), 40 + n % 20, 30,
	};

	screen_layer(h, pipe, n % 3, &s);
	wr(h, REG(pipe, BACKGROUND), seed << 20 | n);
	if (n % 4 == 3)
		wr(h, REG(pipe, COMMIT), VDC_PIPE_COMMIT_ARM | VDC_PIPE_COMMIT_ASYNC);
	else if (n % 6 == 5)
		wr(h, REG(pipe, COMMIT), VDC_PIPE_COMMIT_CANCEL);
	else
		screen_commit(h, pipe);
}

#define ROUNDS	40

/** struct run - all that a guest saw of one pipe */
struct run {
	uint32_t irq[ROUNDS], frame[ROUNDS], position[ROUNDS], active[ROUNDS], crc[ROUNDS];
};

static void observe(struct fake_host *h, uint32_t pipe, uint32_t n, struct run *r)
{
	struct crc_entry e[4];
	uint32_t i, got = screen_crcs(h, pipe, e, ARRAY_SIZE(e));

	r->irq[n] = screen_irq(h, pipe);
	r->frame[n] = (uint32_t)screen_count(h, pipe);
	r->position[n] = rd(h, REG(pipe, POSITION));
	r->active[n] = rd(h, LREG(pipe, n % 3, ACTIVE_LO));
	r->crc[n] = got;
	for (i = 0; i < got; i++)
		r->crc[n] = r->crc[n] * 31 + e[i].value + e[i].frame;
}

/* Pipes 0 and 1, those that @mask names, in different modes, observed each 2.7 ms. */
static void run_pipes(uint32_t mask, struct run run[2])
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start = h->now;
	uint32_t n, p;

	picture_store(fake_ram(h, ADDR), 256, 4, 64, 300, 1);
	memset(run, 0, 2 * sizeof(*run));
	for (p = 0; p < 2; p++)
		if (mask & 1U << p) {
			wr(h, REG(p, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
			screen_on(h, p, p ? &other_mode : &mode_tiny);
		}
	for (n = 0; n < ROUNDS; n++) {
		fake_run_to(h, start + (n + 1) * 2700000ULL);
		for (p = 0; p < 2; p++)
			if (mask & 1U << p) {
				observe(h, p, n, &run[p]);
				act(h, p, n, p + 1);
			}
	}
	screen_end(h);
}

static void two_pipes_do_not_disturb_each_other(void **state)
{
	static struct run both[2], first[2], second[2];

	(void)state;
	run_pipes(3, both);
	run_pipes(1, first);
	run_pipes(2, second);
	assert_memory_equal(&both[0], &first[0], sizeof(both[0]));
	assert_memory_equal(&both[1], &second[1], sizeof(both[1]));
	assert_memory_not_equal(&both[0], &both[1], sizeof(both[0]));
}

static void a_disabled_pipe_leaves_the_other_running(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint64_t start = screen_on(h, 0, &mode_tiny);

	(void)state;
	screen_on(h, 1, &mode_tiny);
	fake_run_to(h, start + TINY_FRAME);
	wr(h, REG(1, CTRL), 0);
	screen_commit(h, 1);
	fake_run_to(h, start + 5 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(rd(h, REG(1, STATUS)), 0);
	assert_int_equal(screen_count(h, 1), 2);
	assert_bits(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_ACTIVE);
	assert_int_equal(screen_count(h, 0), 6);
	assert_int_not_equal(h->deadline, VDC_NEVER);
	screen_end(h);
}

static void all_pipes_of_the_largest_device_run(void **state)
{
	static const struct vdc_config large = {
		VDC_MAX_PIPES, VDC_MAX_OUTPUTS, VDC_MAX_LAYERS - 2, 4096, 2160, 600000, 64, 0, 0,
	};
	struct fake_host *h = screen_new(&large);
	struct crc_entry e[4];
	struct shown s = { VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, ADDR, 32, 0, 0, 8, 8 };
	uint32_t p, l, i;
	uint64_t start = h->now;

	(void)state;
	picture_store(fake_ram(h, ADDR), 32, 4, 8, 8, 4);
	for (p = 0; p < VDC_MAX_PIPES; p++) {
		struct picture *want = picture_new(64, 48, 0);

		for (l = 0; l < VDC_MAX_LAYERS; l++) {
			s.x = (int)(l * 3 + p);
			s.y = (int)(l * 2);
			screen_layer(h, p, l, &s);
			picture_draw(want, s.x, s.y, 8, 8, 4);
		}
		wr(h, REG(p, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
		screen_on(h, p, &mode_tiny);
		fake_run_to(h, start + (p + 1) * TINY_FRAME - 1);
		for (i = 0; i <= p; i++) {
			assert_int_equal(screen_crcs(h, i, e, ARRAY_SIZE(e)), 1);
			if (i == p)
				assert_int_equal(e[0].value, picture_crc(want));
		}
		fake_run_to(h, start + (p + 1) * TINY_FRAME);
		picture_free(want);
	}
	screen_end(h);
}

static void two_devices_share_nothing(void **state)
{
	struct fake_host *a = screen_new(NULL), *b = screen_new(NULL), *alone = screen_new(NULL);
	struct crc_entry ea[4], el[4];
	uint64_t start = a->now;
	uint32_t n;

	(void)state;
	wr(a, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	wr(alone, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	screen_on(a, 0, &mode_tiny);
	screen_on(alone, 0, &mode_tiny);
	b->now += 999;
	screen_on(b, 0, &other_mode);
	for (n = 0; n < 60; n++) {
		fake_run_to(a, start + n * 1700000ULL);
		fake_run_to(b, start + 999 + n * 2900000ULL);
		fake_run_to(alone, start + n * 1700000ULL);
		act(b, 0, n, 3);
		if (n % 20 == 19) {
			wr(b, VDC_CTRL, VDC_CTRL_RESET);
			screen_power(b);
			screen_on(b, 0, &other_mode);
		}
		act(a, 0, n, 1);
		act(alone, 0, n, 1);
		assert_int_equal(screen_irq(a, 0), screen_irq(alone, 0));
		assert_int_equal(rd(a, REG(0, POSITION)), rd(alone, REG(0, POSITION)));
		memset(ea, 0, sizeof(ea));
		memset(el, 0, sizeof(el));
		assert_int_equal(screen_crcs(a, 0, ea, 4), screen_crcs(alone, 0, el, 4));
		assert_memory_equal(ea, el, sizeof(ea));
	}
	screen_end(a);
	screen_end(b);
	screen_end(alone);
}

static void a_host_need_not_trace(void **state)
{
	struct fake_host *h = screen_new(NULL);
	struct vdc_host_ops ops = *h->vdc.ops;
	struct crc_entry e;
	uint64_t start;

	(void)state;
	ops.trace = NULL;
	assert_null(vdc_init(&h->vdc, &vdc_config_default, &ops, h));
	h->logged = 0;
	screen_power(h);
	wr(h, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	start = screen_on(h, 0, &mode_tiny);
	fake_stall_to(h, start + 3 * TINY_FRAME + TINY_VBLANK);
	assert_int_equal(screen_crcs(h, 0, &e, 1), 1);
	assert_int_equal(h->logged, 0);
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_pipes_do_not_disturb_each_other),
		cmocka_unit_test(a_disabled_pipe_leaves_the_other_running),
		cmocka_unit_test(all_pipes_of_the_largest_device_run),
		cmocka_unit_test(two_devices_share_nothing),
		cmocka_unit_test(a_host_need_not_trace),
	};

	return cmocka_run_group_tests_name("pipes", tests, NULL, NULL);
}
