// SPDX-License-Identifier: GPL-2.0-only
/* DRM's names of the controller's formats. */

#include <kunit/test.h>

#include <drm/drm_fourcc.h>

#include "vdc_format.h"

#define ALL	(VDC_BIT(VDC_NUM_FORMATS) - 1)

struct vdc_format_case {
	const char *name;
	u32 fourcc;
	u32 hw;
};

/* By the manual; kept apart from the driver's table on purpose. */
static const struct vdc_format_case vdc_format_cases[] = {
	{ "XRGB8888", DRM_FORMAT_XRGB8888, 0 },
	{ "ARGB8888", DRM_FORMAT_ARGB8888, 1 },
	{ "XBGR8888", DRM_FORMAT_XBGR8888, 2 },
	{ "RGB565", DRM_FORMAT_RGB565, 3 },
	{ "XRGB2101010", DRM_FORMAT_XRGB2101010, 4 },
};

KUNIT_ARRAY_PARAM_DESC(vdc_format, vdc_format_cases, name);

static void vdc_test_format_has_the_manuals_number(struct kunit *test)
{
	const struct vdc_format_case *c = test->param_value;
	const struct vdc_format *format = vdc_format_find(c->fourcc, ALL);

	KUNIT_ASSERT_NOT_NULL(test, format);
	KUNIT_EXPECT_EQ(test, format->hw, c->hw);
	KUNIT_EXPECT_EQ(test, format->fourcc, c->fourcc);
}

static void vdc_test_format_needs_its_bit(struct kunit *test)
{
	const struct vdc_format_case *c = test->param_value;

	KUNIT_EXPECT_NOT_NULL(test, vdc_format_find(c->fourcc, BIT_ULL(c->hw)));
	KUNIT_EXPECT_NULL(test, vdc_format_find(c->fourcc, ~BIT_ULL(c->hw)));
}

static void vdc_test_format_unknown_is_refused(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, vdc_format_find(DRM_FORMAT_NV12, ~0ULL));
	KUNIT_EXPECT_NULL(test, vdc_format_find(DRM_FORMAT_INVALID, ~0ULL));
}

static void vdc_test_format_list_is_the_mask(struct kunit *test)
{
	u32 fourccs[VDC_NUM_FORMATS];
	u64 mask, seen;
	unsigned int i, n;

	for (mask = 0; mask <= ALL; mask++) {
		n = vdc_format_list(mask, fourccs);
		KUNIT_ASSERT_EQ(test, n, hweight64(mask));
		for (i = 0, seen = 0; i < n; i++)
			seen |= BIT_ULL(vdc_format_find(fourccs[i], mask)->hw);
		KUNIT_EXPECT_EQ(test, seen, mask);
	}
}

static void vdc_test_format_list_leaves_out_the_unknown(struct kunit *test)
{
	u32 fourccs[VDC_NUM_FORMATS];

	KUNIT_EXPECT_EQ(test, vdc_format_list(~0ULL, fourccs), VDC_NUM_FORMATS);
	KUNIT_EXPECT_EQ(test, vdc_format_list(~(u64)ALL, fourccs), 0);
}

static void vdc_test_format_alpha(struct kunit *test)
{
	u64 argb = BIT_ULL(VDC_FORMAT_ARGB8888);

	KUNIT_EXPECT_TRUE(test, vdc_format_mask_has_alpha(argb));
	KUNIT_EXPECT_TRUE(test, vdc_format_mask_has_alpha(ALL));
	KUNIT_EXPECT_FALSE(test, vdc_format_mask_has_alpha(ALL & ~argb));
	KUNIT_EXPECT_FALSE(test, vdc_format_mask_has_alpha(0));
}

static struct kunit_case vdc_format_tests[] = {
	KUNIT_CASE_PARAM(vdc_test_format_has_the_manuals_number, vdc_format_gen_params),
	KUNIT_CASE_PARAM(vdc_test_format_needs_its_bit, vdc_format_gen_params),
	KUNIT_CASE(vdc_test_format_unknown_is_refused),
	KUNIT_CASE(vdc_test_format_list_is_the_mask),
	KUNIT_CASE(vdc_test_format_list_leaves_out_the_unknown),
	KUNIT_CASE(vdc_test_format_alpha),
	{ }
};

static struct kunit_suite vdc_format_suite = {
	.name = "vdc_format",
	.test_cases = vdc_format_tests,
};

kunit_test_suite(vdc_format_suite);
