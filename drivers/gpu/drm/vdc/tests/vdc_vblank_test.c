// SPDX-License-Identifier: GPL-2.0-only
/* Scan lines in DRM's numbers. */

#include <kunit/test.h>

#include "vdc_vblank.h"

struct vdc_line_case {
	const char *name;
	unsigned int line;
	int vpos;
};

/* 480 active lines of 525. */
static const struct vdc_line_case vdc_line_cases[] = {
	{ "first active", 0, 0 },
	{ "last active", 479, 479 },
	{ "first of the vblank", 480, -45 },
	{ "last of the vblank", 524, -1 },
};

KUNIT_ARRAY_PARAM_DESC(vdc_line, vdc_line_cases, name);

static void vdc_test_vblank_line(struct kunit *test)
{
	const struct vdc_line_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, vdc_vblank_line(c->line, 480, 525), c->vpos);
}

static struct kunit_case vdc_vblank_tests[] = {
	KUNIT_CASE_PARAM(vdc_test_vblank_line, vdc_line_gen_params),
	{ }
};

static struct kunit_suite vdc_vblank_suite = {
	.name = "vdc_vblank",
	.test_cases = vdc_vblank_tests,
};

kunit_test_suite(vdc_vblank_suite);
