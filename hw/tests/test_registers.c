// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * The register file: what reads back, what does not, and what power, clock and
 * reset do to it. The table repeats vdc_regs.h's kinds in a form a loop can walk.
 */
#include "check.h"
#include "screen.h"

enum kind { RO, RW, W1C, WO, DB };

struct reg {
	const char *name;
	uint32_t offset;
	enum kind kind;
	uint32_t bits;		/* that hold what is written (RW, DB) */
	uint32_t reset;		/* value after reset, of the writable kinds */
};

#define R(name, kind, bits)	{ #name, VDC_##name, kind, bits, 0 }

static const struct reg global_regs[] = {
	R(ID, RO, 0), R(VERSION, RO, 0), R(CAPS, RO, 0), R(FEATURES, RO, 0),
	R(MAX_MODE, RO, 0), R(MAX_CLOCK, RO, 0), R(MIN_CLOCK, RO, 0), R(MAX_TOTAL, RO, 0),
	R(CTRL, RO, 0), R(POWER, RO, 0),	/* not by this walk */
	R(IRQ_SUMMARY, RO, 0), R(SCRATCH, RW, ~0U),
	R(DBG_DROP_VBLANK, RW, ~0U), R(DBG_STUCK_COMMIT, RW, ~0U), R(DBG_DDC_NAK, RW, ~0U),
	R(DBG_UNDERRUN, RW, ~0U), R(DBG_BUS_ERROR, RW, ~0U), R(DBG_DELAY_VBLANK, RW, ~0U),
};

static const struct reg output_regs[] = {
	R(OUT_CAPS, RO, 0), R(OUT_STATUS, RO, 0), R(OUT_IRQ_STATUS, W1C, 0),
	R(OUT_IRQ_ENABLE, RW, VDC_OUT_IRQ_HPD),
	R(OUT_CTRL, RW, VDC_OUT_CTRL_ENABLE | VDC_BIT(4)),
	R(OUT_DDC_DATA, RW, 0xff), R(OUT_DDC_CMD, WO, 0), R(OUT_DDC_STATUS, RO, 0),
};

static const struct reg pipe_regs[] = {
	R(PIPE_CAPS, RO, 0), R(PIPE_CTRL, DB, VDC_PIPE_CTRL_ENABLE), R(PIPE_COMMIT, WO, 0),
	R(PIPE_STATUS, RO, 0), R(PIPE_IRQ_STATUS, W1C, 0),
	R(PIPE_IRQ_ENABLE, RW, VDC_PIPE_IRQ_ALL), R(PIPE_FRAME, RO, 0), R(PIPE_FRAME_HI, RO, 0),
	R(PIPE_POSITION, RO, 0), R(PIPE_COMMIT_FRAME, RO, 0), R(PIPE_BUDGET, RO, 0),
	R(PIPE_CLOCK, DB, 0xfffff),
	R(PIPE_ACTIVE, DB, 0x1fff1fff), R(PIPE_TOTAL, DB, 0x1fff1fff),
	R(PIPE_SYNC_START, DB, 0x1fff1fff), R(PIPE_SYNC_END, DB, 0x1fff1fff),
	R(PIPE_POLARITY, DB, 3), R(PIPE_BACKGROUND, DB, 0x3fffffff),
	{ "PIPE_LINE_COMPARE", VDC_PIPE_LINE_COMPARE, RW, 0xffff, ~0U },
	R(PIPE_UNDERRUNS, RO, 0), R(PIPE_BUS_ERRORS, RO, 0),
	R(PIPE_BUS_ERROR_LO, RO, 0), R(PIPE_BUS_ERROR_HI, RO, 0), R(PIPE_BUS_ERROR_INFO, RO, 0),
	R(PIPE_CRC_CTRL, RW, VDC_PIPE_CRC_CTRL_ENABLE), R(PIPE_CRC_LEVEL, RO, 0),
	R(PIPE_CRC_FRAME, RO, 0), R(PIPE_CRC_VALUE, RO, 0), R(PIPE_CRC_POP, WO, 0),
	R(PIPE_CRC_LOST, RO, 0),
	R(PIPE_WB_CTRL, DB, VDC_PIPE_WB_CTRL_ENABLE | VDC_PIPE_WB_CTRL_FORMAT),
	R(PIPE_WB_ADDR_LO, DB, ~3U), R(PIPE_WB_ADDR_HI, DB, 0xff),
	R(PIPE_WB_PITCH, DB, 0xffffc0), R(PIPE_WB_FORMATS, RO, 0), R(PIPE_WB_STATUS, RO, 0),
	R(PIPE_WB_FRAME, RO, 0),
};

static const struct reg layer_regs[] = {
	R(LAYER_CAPS, RO, 0), R(LAYER_FORMATS, RO, 0), R(LAYER_FORMATS_HI, RO, 0),
	R(LAYER_MAX_SIZE, RO, 0),
	R(LAYER_CTRL, DB, VDC_LAYER_CTRL_ENABLE | VDC_LAYER_CTRL_FORMAT | VDC_LAYER_CTRL_BLEND),
	R(LAYER_ADDR_LO, DB, ~3U), R(LAYER_ADDR_HI, DB, 0xff), R(LAYER_PITCH, DB, 0xffffc0),
	R(LAYER_POS, DB, ~0U), R(LAYER_SIZE, DB, 0x1fff1fff),
	R(LAYER_ACTIVE_LO, RO, 0), R(LAYER_ACTIVE_HI, RO, 0), R(LAYER_ACTIVE_CTRL, RO, 0),
};

#define MAX_REGS	1024

struct map {
	struct reg reg[MAX_REGS];
	uint32_t n;
};

static void map_add(struct map *m, const struct reg *r, size_t n, uint32_t base)
{
	size_t i;

	for (i = 0; i < n; i++) {
		assert_true(m->n < MAX_REGS);
		m->reg[m->n] = r[i];
		m->reg[m->n++].offset += base;
	}
}

/* Every register that a device with this configuration has. */
static void map_build(struct map *m, const struct vdc_config *c)
{
	uint32_t i, l;

	m->n = 0;
	map_add(m, global_regs, ARRAY_SIZE(global_regs), 0);
	for (i = 0; i < c->num_outputs; i++)
		map_add(m, output_regs, ARRAY_SIZE(output_regs), VDC_OUTPUT(i));
	for (i = 0; i < c->num_pipes; i++) {
		map_add(m, pipe_regs, ARRAY_SIZE(pipe_regs), VDC_PIPE(i));
		for (l = 0; l < c->num_overlays + 2; l++)
			map_add(m, layer_regs, ARRAY_SIZE(layer_regs), VDC_LAYER(i, l));
	}
}

static const struct reg *map_find(const struct map *m, uint32_t offset)
{
	uint32_t i;

	for (i = 0; i < m->n; i++)
		if (m->reg[i].offset == offset)
			return &m->reg[i];
	return NULL;
}

static struct map map;

static void capabilities_tell_the_configuration(void **state)
{
	static const struct vdc_config configs[] = {
		{ 2, 2, 2, 4096, 2160, 600000, 40, 0, 0 },
		{ 1, 1, 0, 640, 480, 30000, 32, 0, 0 },
		{ 4, 4, 6, 1920, 1200, 200000, 36, 500000, 0 },
		{ 3, 2, 1, 800, 600, 50000, 64, 1, 0 },
	};
	uint32_t always = VDC_FEATURE_CRC | VDC_FEATURE_WRITEBACK | VDC_FEATURE_DDC |
			  VDC_FEATURE_DEBUG | VDC_FEATURE_ASYNC | VDC_FEATURE_LINE_COMPARE;
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(configs); i++) {
		const struct vdc_config *c = &configs[i];
		struct fake_host *h = screen_new(c);
		uint32_t caps = rd(h, VDC_CAPS);

		assert_int_equal(rd(h, VDC_ID), VDC_ID_MAGIC);
		assert_int_not_equal(rd(h, VDC_VERSION), 0);
		assert_int_equal(VDC_GET(VDC_CAPS_PIPES, caps), c->num_pipes);
		assert_int_equal(VDC_GET(VDC_CAPS_OUTPUTS, caps), c->num_outputs);
		assert_int_equal(VDC_GET(VDC_CAPS_ADDR_BITS, caps), c->addr_bits);
		assert_int_equal(VDC_GET(VDC_CAPS_CRC_DEPTH, caps), VDC_CRC_DEPTH);
		assert_true(VDC_GET(VDC_CAPS_PITCH_ALIGN, caps) <= 8);
		assert_true(VDC_GET(VDC_CAPS_ADDR_ALIGN, caps) <= 8);
		assert_int_equal(rd(h, VDC_FEATURES),
				 always | (c->budget ? VDC_FEATURE_BUDGET : 0));
		assert_int_equal(rd(h, REG(c->num_pipes - 1, BUDGET)), c->budget);
		assert_int_equal(rd(h, VDC_MAX_MODE), c->max_width | c->max_height << 16);
		assert_int_equal(rd(h, VDC_MAX_CLOCK), c->max_clock);
		assert_in_range(rd(h, VDC_MIN_CLOCK), 1, 25000);
		assert_true(VDC_GET(VDC_SIZE_W, rd(h, VDC_MAX_TOTAL)) > c->max_width);
		assert_true(VDC_GET(VDC_SIZE_H, rd(h, VDC_MAX_TOTAL)) > c->max_height);
		screen_end(h);
	}
}

static void pipes_layers_and_outputs_describe_themselves(void **state)
{
	struct fake_host *h = screen_new(NULL);
	const struct vdc_config *c = &vdc_config_default;
	uint32_t p, l, o, n = c->num_overlays + 2;

	(void)state;
	for (p = 0; p < c->num_pipes; p++) {
		assert_int_equal(VDC_GET(VDC_PIPE_CAPS_LAYERS, rd(h, REG(p, CAPS))), n);
		assert_bits(rd(h, REG(p, WB_FORMATS)), 1U << VDC_FORMAT_XRGB8888);
		for (l = 0; l < n; l++) {
			uint32_t type = VDC_GET(VDC_LAYER_CAPS_TYPE, rd(h, LREG(p, l, CAPS)));
			uint32_t size = rd(h, LREG(p, l, MAX_SIZE));

			assert_int_equal(type, l == 0 ? VDC_LAYER_TYPE_PRIMARY : l == n - 1 ?
					 VDC_LAYER_TYPE_CURSOR : VDC_LAYER_TYPE_OVERLAY);
			assert_in_range(VDC_GET(VDC_SIZE_W, size), 64, c->max_width);
			assert_in_range(VDC_GET(VDC_SIZE_H, size), 64, c->max_height);
			assert_bits(rd(h, LREG(p, l, FORMATS)), 1U << VDC_FORMAT_ARGB8888);
			assert_int_equal(rd(h, LREG(p, l, FORMATS)) >> VDC_NUM_FORMATS, 0);
			assert_int_equal(rd(h, LREG(p, l, FORMATS_HI)), 0);
		}
		assert_int_equal(rd(h, LREG(p, 0, FORMATS)), (1U << VDC_NUM_FORMATS) - 1);
	}
	for (o = 0; o < c->num_outputs; o++) {
		uint32_t caps = rd(h, OREG(o, CAPS));

		assert_int_equal(VDC_GET(VDC_OUT_CAPS_TYPE, caps), VDC_OUT_TYPE_HDMI_A);
		assert_int_not_equal(VDC_GET(VDC_OUT_CAPS_PIPES, caps), 0);
		assert_int_equal(VDC_GET(VDC_OUT_CAPS_PIPES, caps) >> c->num_pipes, 0);
	}
	screen_end(h);
}

static void reset_values_after_power_up(void **state)
{
	struct fake_host *h = fake_host_new(NULL);
	uint32_t i;

	(void)state;
	assert_int_equal(rd(h, VDC_POWER), 0);
	screen_power(h);
	map_build(&map, &vdc_config_default);
	for (i = 0; i < map.n; i++)
		if (map.reg[i].kind != RO)
			check_case(rd(h, map.reg[i].offset) == map.reg[i].reset,
				   map.reg[i].name, "at %#x", map.reg[i].offset);
	assert_int_equal(h->deadline, VDC_NEVER);
	screen_end(h);
}

static void registers_hold_what_is_written(void **state)
{
	static const uint32_t values[] = { 0x55555555, 0xaaaaaaaa, 0x00ff00ff, 0xffffffff, 0 };
	struct fake_host *h = screen_new(NULL);
	uint32_t i, v;

	(void)state;
	map_build(&map, &vdc_config_default);
	for (v = 0; v < ARRAY_SIZE(values); v++) {
		for (i = 0; i < map.n; i++)
			if (map.reg[i].kind == RW || map.reg[i].kind == DB)
				wr(h, map.reg[i].offset, values[v]);
		for (i = 0; i < map.n; i++) {
			const struct reg *r = &map.reg[i];

			if (r->kind == RW || r->kind == DB)
				check_case((rd(h, r->offset) & r->bits) == (values[v] & r->bits),
					   r->name, "at %#x: %#x of %#x", r->offset,
					   rd(h, r->offset), values[v]);
		}
	}
	screen_end(h);
}

static void read_only_registers_ignore_writes(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint32_t i;

	(void)state;
	map_build(&map, &vdc_config_default);
	for (i = 0; i < map.n; i++) {
		const struct reg *r = &map.reg[i];
		uint32_t before = rd(h, r->offset);

		if (r->kind != RO || r->offset == VDC_CTRL || r->offset == VDC_POWER)
			continue;
		wr(h, r->offset, ~before);
		check_case(rd(h, r->offset) == before, r->name, "at %#x", r->offset);
	}
	screen_end(h);
}

static void addresses_without_register_read_zero(void **state)
{
	static const struct vdc_config small = { 1, 1, 0, 640, 480, 30000, 32, 0, 0 };
	const struct vdc_config *configs[] = { &vdc_config_default, &small };
	uint32_t i, offset;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(configs); i++) {
		struct fake_host *h = screen_new(configs[i]);

		map_build(&map, configs[i]);
		for (offset = 0; offset < VDC_MMIO_SIZE; offset += 4) {
			if (map_find(&map, offset))
				continue;
			check_case(rd(h, offset) == 0, "before", "at %#x", offset);
			wr(h, offset, ~0U);
			check_case(rd(h, offset) == 0, "after", "at %#x", offset);
		}
		/* None of these writes may have hit a register under another address. */
		for (offset = 0; offset < map.n; offset++) {
			const struct reg *r = &map.reg[offset];

			if (r->kind != RO)
				check_case(rd(h, r->offset) == r->reset, r->name, "at %#x",
					   r->offset);
		}
		screen_end(h);
	}
}

static void unaligned_and_outside_offsets_do_nothing(void **state)
{
	static const uint32_t outside[] = {
		VDC_MMIO_SIZE, VDC_MMIO_SIZE + VDC_SCRATCH, 0x7fffffff, 0x80000000U,
		0xfffffffcU, 0xffffffffU, 0x10000000U + VDC_SCRATCH,
	};
	struct fake_host *h = screen_new(NULL);
	uint32_t i;

	(void)state;
	wr(h, VDC_SCRATCH, 0x12345678);
	for (i = 1; i < 4; i++) {
		assert_int_equal(rd(h, VDC_ID + i), 0);
		wr(h, VDC_SCRATCH + i, 0xdeadbeef);
		wr(h, VDC_SCRATCH - i, 0xdeadbeef);
	}
	for (i = 0; i < ARRAY_SIZE(outside); i++) {
		assert_int_equal(rd(h, outside[i]), 0);
		wr(h, outside[i], 0xdeadbeef);
	}
	assert_int_equal(rd(h, VDC_SCRATCH), 0x12345678);
	screen_end(h);
}

static void gated_clock_ignores_writes(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint32_t i;

	(void)state;
	wr(h, VDC_SCRATCH, 0xcafe);
	wr(h, VDC_POWER, VDC_POWER_ON);
	map_build(&map, &vdc_config_default);
	for (i = 0; i < map.n; i++)
		if (map.reg[i].offset != VDC_POWER)
			wr(h, map.reg[i].offset, ~0U);
	wr(h, VDC_POWER, VDC_POWER_ON | VDC_POWER_CLOCK);
	assert_int_equal(rd(h, VDC_SCRATCH), 0xcafe);
	for (i = 0; i < map.n; i++)
		if ((map.reg[i].kind == RW || map.reg[i].kind == DB) &&
		    map.reg[i].offset != VDC_SCRATCH)
			check_case(rd(h, map.reg[i].offset) == map.reg[i].reset,
				   map.reg[i].name, "at %#x", map.reg[i].offset);
	screen_end(h);
}

static void without_power_nothing_is_kept(void **state)
{
	struct fake_host *h = fake_host_new(NULL);

	(void)state;
	wr(h, VDC_SCRATCH, 1);
	wr(h, VDC_POWER, VDC_POWER_CLOCK);
	wr(h, VDC_SCRATCH, 2);
	wr(h, REG(0, BACKGROUND), 3);
	wr(h, VDC_POWER, VDC_POWER_CLOCK | VDC_POWER_ON);
	assert_int_equal(rd(h, VDC_SCRATCH), 0);
	assert_int_equal(rd(h, REG(0, BACKGROUND)), 0);
	wr(h, VDC_SCRATCH, 4);
	assert_int_equal(rd(h, VDC_SCRATCH), 4);
	screen_end(h);
}

/* Both ways to lose everything, on a busy device. */
static void lose_all(struct fake_host *h, bool by_power)
{
	uint32_t i;

	vdc_plug(&h->vdc, 0, NULL, 0);
	map_build(&map, &vdc_config_default);
	for (i = 0; i < map.n; i++)
		if (map.reg[i].kind == RW || (map.reg[i].kind == DB && map.reg[i].bits))
			wr(h, map.reg[i].offset, 0x5a5a5a5a & map.reg[i].bits);
	wr(h, VDC_DBG_UNDERRUN, 0);
	wr(h, VDC_DBG_BUS_ERROR, 0);
	wr(h, VDC_DBG_STUCK_COMMIT, 0);
	wr(h, VDC_DBG_DROP_VBLANK, 0);
	wr(h, VDC_DBG_DELAY_VBLANK, 0);
	wr(h, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	wr(h, REG(0, IRQ_ENABLE), VDC_PIPE_IRQ_ALL);
	screen_on(h, 0, &mode_tiny);
	fake_run_to(h, h->now + 5 * TINY_FRAME / 2);
	screen_commit(h, 0);
	assert_true(h->irq);
	assert_bits(rd(h, REG(0, STATUS)), VDC_PIPE_STATUS_ACTIVE | VDC_PIPE_STATUS_PENDING);

	wr(h, by_power ? VDC_POWER : VDC_CTRL, by_power ? 0 : VDC_CTRL_RESET);
	assert_false(h->irq);
	assert_int_equal(h->held, 0);
	assert_int_equal(h->deadline, VDC_NEVER);
	assert_int_equal(rd(h, VDC_POWER), 0);
	assert_true(fake_count(h, VDC_EVENT_RESET, 0) > 0);

	screen_power(h);
	for (i = 0; i < map.n; i++) {
		const struct reg *r = &map.reg[i];

		if (r->kind != RO && r->offset != VDC_OUTPUT(0) + VDC_OUT_IRQ_STATUS)
			check_case(rd(h, r->offset) == r->reset, r->name, "at %#x", r->offset);
	}
	assert_int_equal(rd(h, REG(0, STATUS)), 0);
	assert_int_equal(screen_count(h, 0), 0);
	assert_int_equal(rd(h, REG(0, POSITION)), 0);
	assert_int_equal(rd(h, REG(0, CRC_LEVEL)), 0);
	assert_int_equal(rd(h, LREG(0, 0, ACTIVE_CTRL)), 0);
	assert_int_equal(rd(h, LREG(0, 0, ACTIVE_LO)), 0);
	assert_bits(rd(h, OREG(0, STATUS)), VDC_OUT_STATUS_PRESENT);
}

static void reset_loses_every_register(void **state)
{
	struct fake_host *h = screen_new(NULL);

	(void)state;
	lose_all(h, false);
	assert_int_equal(rd(h, VDC_CTRL), 0);
	screen_end(h);
}

static void power_off_loses_every_register(void **state)
{
	struct fake_host *h = screen_new(NULL);

	(void)state;
	lose_all(h, true);
	screen_end(h);
}

static void status_bits_clear_one_by_one(void **state)
{
	struct fake_host *h = screen_new(NULL);
	uint32_t want = VDC_PIPE_IRQ_VBLANK | VDC_PIPE_IRQ_COMMIT_DONE | VDC_PIPE_IRQ_CRC |
			VDC_PIPE_IRQ_LINE;

	(void)state;
	wr(h, REG(0, CRC_CTRL), VDC_PIPE_CRC_CTRL_ENABLE);
	wr(h, REG(0, LINE_COMPARE), 0);
	screen_on(h, 0, &mode_tiny);
	fake_run_to(h, h->now + TINY_FRAME + TINY_VBLANK + 10);
	assert_bits(rd(h, REG(0, IRQ_STATUS)), want);
	wr(h, REG(0, IRQ_STATUS), 0);
	assert_bits(rd(h, REG(0, IRQ_STATUS)), want);
	wr(h, REG(0, IRQ_STATUS), VDC_PIPE_IRQ_VBLANK);
	assert_int_equal(rd(h, REG(0, IRQ_STATUS)) & want, want & ~VDC_PIPE_IRQ_VBLANK);
	wr(h, REG(0, IRQ_STATUS), ~VDC_PIPE_IRQ_COMMIT_DONE);
	assert_bits(rd(h, REG(0, IRQ_STATUS)), VDC_PIPE_IRQ_COMMIT_DONE);
	assert_no_bits(rd(h, REG(0, IRQ_STATUS)), VDC_PIPE_IRQ_VBLANK | VDC_PIPE_IRQ_LINE);
	screen_end(h);
}

static void init_refuses_impossible_configurations(void **state)
{
	static const struct vdc_config bad[] = {
		{ 0, 2, 2, 4096, 2160, 600000, 40, 0, 0 },
		{ VDC_MAX_PIPES + 1, 2, 2, 4096, 2160, 600000, 40, 0, 0 },
		{ 2, 0, 2, 4096, 2160, 600000, 40, 0, 0 },
		{ 2, VDC_MAX_OUTPUTS + 1, 2, 4096, 2160, 600000, 40, 0, 0 },
		{ 2, 2, VDC_MAX_LAYERS - 1, 4096, 2160, 600000, 40, 0, 0 },
		{ 2, 2, ~0U, 4096, 2160, 600000, 40, 0, 0 },
		{ 2, 2, 2, 0, 2160, 600000, 40, 0, 0 },
		{ 2, 2, 2, 4096, 0, 600000, 40, 0, 0 },
		{ 2, 2, 2, 0x10000, 2160, 600000, 40, 0, 0 },
		{ 2, 2, 2, 4096, 0x10000, 600000, 40, 0, 0 },
		{ 2, 2, 2, 4096, 2160, 0, 40, 0, 0 },
		{ 2, 2, 2, 4096, 2160, 600000, 0, 0, 0 },
		{ 2, 2, 2, 4096, 2160, 600000, 65, 0, 0 },
	};
	static const struct vdc_config good[] = {
		{ VDC_MAX_PIPES, VDC_MAX_OUTPUTS, VDC_MAX_LAYERS - 2, 4096, 2160, 600000, 64,
		  0, 0 },
		{ 1, 1, 0, 640, 480, 30000, 32, 0, 0 },
	};
	struct fake_host *h = fake_host_new(NULL);
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct vdc vdc;
		const char *what = vdc_init(&vdc, &bad[i], h->vdc.ops, h);

		check_case(what && *what, "bad", "number %u", i);
	}
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		struct vdc vdc;
		const char *what = vdc_init(&vdc, &good[i], h->vdc.ops, h);

		check_case(!what, "good", "number %u: %s", i, what);
	}
	screen_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capabilities_tell_the_configuration),
		cmocka_unit_test(pipes_layers_and_outputs_describe_themselves),
		cmocka_unit_test(reset_values_after_power_up),
		cmocka_unit_test(registers_hold_what_is_written),
		cmocka_unit_test(read_only_registers_ignore_writes),
		cmocka_unit_test(addresses_without_register_read_zero),
		cmocka_unit_test(unaligned_and_outside_offsets_do_nothing),
		cmocka_unit_test(gated_clock_ignores_writes),
		cmocka_unit_test(without_power_nothing_is_kept),
		cmocka_unit_test(reset_loses_every_register),
		cmocka_unit_test(power_off_loses_every_register),
		cmocka_unit_test(status_bits_clear_one_by_one),
		cmocka_unit_test(init_refuses_impossible_configurations),
	};

	return cmocka_run_group_tests_name("registers", tests, NULL, NULL);
}
