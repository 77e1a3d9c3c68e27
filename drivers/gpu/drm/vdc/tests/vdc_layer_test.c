// SPDX-License-Identifier: GPL-2.0-only
/* What a commit writes to a layer's registers. */

#include <kunit/test.h>

#include "vdc_layer.h"
#include "vdc_regs.h"

static const struct vdc_layer_config vdc_layer_base = {
	.addr = 0x40000000,
	.pitch = 7680,
	.format = VDC_FORMAT_XRGB8888,
	.blend = VDC_BLEND_NONE,
	.width = 1920,
	.height = 1080,
};

struct vdc_layer_case {
	const char *name;
	struct vdc_layer_config config;
	u32 reg[VDC_NUM_LAYER_REGS];
};

/* Values worked out by hand from the manual. */
static const struct vdc_layer_case vdc_layer_cases[] = {
	{
		"full screen",
		{ 0x40000000, 7680, VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, 0, 0, 1920, 1080 },
		{ 0x00000001, 0x40000000, 0, 7680, 0, 1080 << 16 | 1920 },
	}, {
		"blended, above 4 GiB",
		{ 0xff12345678ULL, 256, VDC_FORMAT_ARGB8888, VDC_BLEND_PREMULTI, 5, 7, 64, 48 },
		{ 0x00010101, 0x12345678, 0xff, 256, 7 << 16 | 5, 48 << 16 | 64 },
	}, {
		"off the left edge",
		{ 0x1000, 256, VDC_FORMAT_RGB565, VDC_BLEND_NONE, -1, 2, 8, 8 },
		{ 0x00000301, 0x1000, 0, 256, 2 << 16 | 0xffff, 8 << 16 | 8 },
	}, {
		"off the top edge",
		{ 0x1000, 256, VDC_FORMAT_XRGB2101010, VDC_BLEND_NONE, 2, -32768, 8, 8 },
		{ 0x00000401, 0x1000, 0, 256, 0x80000002, 8 << 16 | 8 },
	},
};

KUNIT_ARRAY_PARAM_DESC(vdc_layer, vdc_layer_cases, name);

static void vdc_test_layer_regs(struct kunit *test)
{
	const struct vdc_layer_case *c = test->param_value;
	struct vdc_layer_regs regs;
	unsigned int i;

	vdc_layer_regs_init(&regs, &c->config);
	for (i = 0; i < VDC_NUM_LAYER_REGS; i++)
		KUNIT_EXPECT_EQ_MSG(test, regs.reg[i], c->reg[i], "register %u", i);
}

static void vdc_test_layer_a_move_is_one_register(struct kunit *test)
{
	struct vdc_layer_config config = vdc_layer_base;
	struct vdc_layer_regs before, after;
	unsigned int i, n = 0;

	vdc_layer_regs_init(&before, &config);
	config.x = -17;
	config.y = 400;
	vdc_layer_regs_init(&after, &config);
	for (i = 0; i < VDC_NUM_LAYER_REGS; i++)
		n += before.reg[i] != after.reg[i];
	KUNIT_EXPECT_EQ(test, n, 1);
	KUNIT_EXPECT_TRUE(test, vdc_layer_regs_only_moved(&before, &after));
	KUNIT_EXPECT_TRUE(test, vdc_layer_regs_only_moved(&before, &before));
}

struct vdc_layer_change_case {
	const char *name;
	size_t field;
};

static const struct vdc_layer_change_case vdc_layer_change_cases[] = {
	{ "address", offsetof(struct vdc_layer_config, addr) },
	{ "pitch", offsetof(struct vdc_layer_config, pitch) },
	{ "format", offsetof(struct vdc_layer_config, format) },
	{ "blend", offsetof(struct vdc_layer_config, blend) },
	{ "width", offsetof(struct vdc_layer_config, width) },
	{ "height", offsetof(struct vdc_layer_config, height) },
};

KUNIT_ARRAY_PARAM_DESC(vdc_layer_change, vdc_layer_change_cases, name);

static void vdc_test_layer_another_change_is_no_move(struct kunit *test)
{
	const struct vdc_layer_change_case *c = test->param_value;
	struct vdc_layer_config config = vdc_layer_base;
	struct vdc_layer_regs before, after;

	vdc_layer_regs_init(&before, &config);
	config.x = 1;
	*(u32 *)((u8 *)&config + c->field) += 1;
	vdc_layer_regs_init(&after, &config);
	KUNIT_EXPECT_FALSE(test, vdc_layer_regs_only_moved(&before, &after));
}

static void vdc_test_layer_off_is_no_move(struct kunit *test)
{
	struct vdc_layer_regs on, off = {};

	vdc_layer_regs_init(&on, &vdc_layer_base);
	KUNIT_EXPECT_FALSE(test, vdc_layer_regs_only_moved(&on, &off));
}

static struct kunit_case vdc_layer_tests[] = {
	KUNIT_CASE_PARAM(vdc_test_layer_regs, vdc_layer_gen_params),
	KUNIT_CASE(vdc_test_layer_a_move_is_one_register),
	KUNIT_CASE_PARAM(vdc_test_layer_another_change_is_no_move, vdc_layer_change_gen_params),
	KUNIT_CASE(vdc_test_layer_off_is_no_move),
	{ }
};

static struct kunit_suite vdc_layer_suite = {
	.name = "vdc_layer",
	.test_cases = vdc_layer_tests,
};

kunit_test_suite(vdc_layer_suite);
