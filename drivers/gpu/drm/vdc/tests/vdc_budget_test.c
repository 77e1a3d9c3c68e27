// SPDX-License-Identifier: GPL-2.0-only
/* Which layers a pipe may fetch with its budget. */

#include <kunit/test.h>

#include <drm/drm_modes.h>

#include "vdc_budget.h"

/* CTA-861 VIC 16: 67,500 lines a second, so a byte a line is 67.5 kB/s. */
static const struct drm_display_mode vdc_budget_1080p = {
	DRM_MODE("1920x1080", DRM_MODE_TYPE_DRIVER, 148500, 1920, 2008, 2052, 2200, 0,
		 1080, 1084, 1089, 1125, 0, DRM_MODE_FLAG_PHSYNC | DRM_MODE_FLAG_PVSYNC)
};

struct vdc_budget_case {
	const char *name;
	u32 budget;
	u64 line_bytes;
	bool allowed;
};

/* Worked out by hand: 1920 pixels of 4 bytes are 518,400 kB/s. */
static const struct vdc_budget_case vdc_budget_cases[] = {
	{ "no limit", 0, U32_MAX, true },
	{ "nothing is on", 1, 0, true },
	{ "a full screen, exactly", 518400, 7680, true },
	{ "a full screen, one kB/s short", 518399, 7680, false },
	{ "half of it at two bytes a pixel", 259200, 3840, true },
	{ "a fraction below the budget", 67, 1, false },
	{ "a fraction above what is needed", 68, 1, true },
	{ "four full screens", 4 * 518400, 4 * 7680, true },
	{ "four full screens and a byte", 4 * 518400, 4 * 7680 + 1, false },
	{ "the widest layers and no overflow", U32_MAX, 8 * 65535 * 4, true },
	{ "more than 32 bits", 1, 1ULL << 32, false },
};

KUNIT_ARRAY_PARAM_DESC(vdc_budget, vdc_budget_cases, name);

static void vdc_test_budget(struct kunit *test)
{
	const struct vdc_budget_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, vdc_budget_allows(c->budget, &vdc_budget_1080p, c->line_bytes),
			c->allowed);
}

static struct kunit_case vdc_budget_tests[] = {
	KUNIT_CASE_PARAM(vdc_test_budget, vdc_budget_gen_params),
	{ }
};

static struct kunit_suite vdc_budget_suite = {
	.name = "vdc_budget",
	.test_cases = vdc_budget_tests,
};

kunit_test_suite(vdc_budget_suite);
