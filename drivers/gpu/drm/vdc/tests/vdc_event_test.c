// SPDX-License-Identifier: GPL-2.0-only
/* How late an interrupt tells of a latch. */

#include <kunit/test.h>

#include "vdc_event.h"

struct vdc_event_case {
	const char *name;
	u32 count;
	u32 frame;
	u32 offset;
	u32 late;
};

static const struct vdc_event_case vdc_event_cases[] = {
	{ "in time", 107, 7, 100, 0 },
	{ "one vblank late", 108, 7, 100, 1 },
	{ "very late", 1107, 7, 100, 1000 },
	{ "DRM's count is behind", 106, 7, 100, 0 },
	{ "DRM's count wraps", 1, 7, 0xfffffff7, 3 },
	{ "the frame counter wraps", 100, 0xffffffff, 100, 1 },
};

KUNIT_ARRAY_PARAM_DESC(vdc_event, vdc_event_cases, name);

static void vdc_test_event_late(struct kunit *test)
{
	const struct vdc_event_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, vdc_event_late(c->count, c->frame, c->offset), c->late);
}

static struct kunit_case vdc_event_tests[] = {
	KUNIT_CASE_PARAM(vdc_test_event_late, vdc_event_gen_params),
	{ }
};

static struct kunit_suite vdc_event_suite = {
	.name = "vdc_event",
	.test_cases = vdc_event_tests,
};

kunit_test_suite(vdc_event_suite);
