// SPDX-License-Identifier: GPL-2.0-only
/* Which vblank count a frame's CRC goes by. */

#include <kunit/test.h>

#include "vdc_crc.h"

/*
 * A pipe that was turned on when DRM's count was @count and the controller's
 * was @frame.
 */
struct vdc_crc_label_case {
	const char *name;
	u32 count;
	u32 frame;
	u32 scanned;	/* the frame whose CRC it is */
	u32 label;
};

static const struct vdc_crc_label_case vdc_crc_label_cases[] = {
	{ "first frame of the first run", 1, 0, 0, 2 },
	{ "first frame of a later run", 5000, 0, 0, 5001 },
	{ "counts were read some frames late", 5003, 3, 0, 5001 },
	{ "a CRC that comes late", 5010, 10, 7, 5008 },
	{ "the controller's count wraps", 100, 0xffffffff, 0, 102 },
	{ "DRM's count wraps", 0xffffffff, 0, 0, 0 },
};

KUNIT_ARRAY_PARAM_DESC(vdc_crc_label, vdc_crc_label_cases, name);

static void vdc_test_crc_label(struct kunit *test)
{
	const struct vdc_crc_label_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, vdc_crc_label(c->scanned, c->count - c->frame), c->label);
}

static void vdc_test_crc_labels_are_consecutive(struct kunit *test)
{
	u32 offset = 0x12345678, frame;

	for (frame = 0xfffffff0; frame != 0x10; frame++)
		KUNIT_EXPECT_EQ(test, vdc_crc_label(frame, offset) + 1,
				vdc_crc_label(frame + 1, offset));
}

static struct kunit_case vdc_crc_tests[] = {
	KUNIT_CASE_PARAM(vdc_test_crc_label, vdc_crc_label_gen_params),
	KUNIT_CASE(vdc_test_crc_labels_are_consecutive),
	{ }
};

static struct kunit_suite vdc_crc_suite = {
	.name = "vdc_crc",
	.test_cases = vdc_crc_tests,
};

kunit_test_suite(vdc_crc_suite);
