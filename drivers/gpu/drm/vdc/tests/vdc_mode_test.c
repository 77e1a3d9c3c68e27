// SPDX-License-Identifier: GPL-2.0-only
/* Which modes a pipe takes, and how its registers express them. */

#include <kunit/test.h>

#include <drm/drm_edid.h>

#include "vdc_caps.h"
#include "vdc_mode.h"

static const struct vdc_caps vdc_mode_caps = {
	.max_width = 4096,
	.max_height = 2160,
	.max_htotal = 16383,
	.max_vtotal = 16383,
	.min_clock = 1000,
	.max_clock = 600000,
};

/* CTA-861 VIC 16. */
static const struct drm_display_mode vdc_mode_1080p = {
	DRM_MODE("1920x1080", DRM_MODE_TYPE_DRIVER, 148500, 1920, 2008, 2052, 2200, 0,
		 1080, 1084, 1089, 1125, 0, DRM_MODE_FLAG_PHSYNC | DRM_MODE_FLAG_PVSYNC)
};

struct vdc_mode_case {
	const char *name;
	struct drm_display_mode mode;
	enum drm_mode_status status;
};

#define TIMING(clk, hd, hss, hse, ht, vd, vss, vse, vt) \
	.clock = (clk), .hdisplay = (hd), .hsync_start = (hss), .hsync_end = (hse), \
	.htotal = (ht), .vdisplay = (vd), .vsync_start = (vss), .vsync_end = (vse), .vtotal = (vt)

/* Each names the one thing that is wrong. */
static const struct vdc_mode_case vdc_mode_cases[] = {
	{ "640x480@60", { TIMING(25175, 640, 656, 752, 800, 480, 490, 492, 525) }, MODE_OK },
	{ "4096x2160@60",
	  { TIMING(594000, 4096, 4184, 4272, 4400, 2160, 2168, 2178, 2250) }, MODE_OK },
	{ "no front porch, no sync, one pixel of back porch",
	  { TIMING(25175, 640, 640, 640, 641, 480, 480, 480, 481) }, MODE_OK },
	{ "no width", { TIMING(25175, 0, 656, 752, 800, 480, 490, 492, 525) }, MODE_H_ILLEGAL },
	{ "no height", { TIMING(25175, 640, 656, 752, 800, 0, 490, 492, 525) }, MODE_V_ILLEGAL },
	{ "no horizontal blanking",
	  { TIMING(25175, 640, 640, 640, 640, 480, 490, 492, 525) }, MODE_H_ILLEGAL },
	{ "no vertical blanking",
	  { TIMING(25175, 640, 656, 752, 800, 480, 480, 480, 480) }, MODE_V_ILLEGAL },
	{ "hsync starts in the picture",
	  { TIMING(25175, 640, 639, 752, 800, 480, 490, 492, 525) }, MODE_H_ILLEGAL },
	{ "hsync ends before it starts",
	  { TIMING(25175, 640, 656, 655, 800, 480, 490, 492, 525) }, MODE_H_ILLEGAL },
	{ "hsync ends after the line",
	  { TIMING(25175, 640, 656, 801, 800, 480, 490, 492, 525) }, MODE_H_ILLEGAL },
	{ "vsync starts in the picture",
	  { TIMING(25175, 640, 656, 752, 800, 480, 479, 492, 525) }, MODE_V_ILLEGAL },
	{ "vsync ends before it starts",
	  { TIMING(25175, 640, 656, 752, 800, 480, 490, 489, 525) }, MODE_V_ILLEGAL },
	{ "vsync ends after the frame",
	  { TIMING(25175, 640, 656, 752, 800, 480, 490, 526, 525) }, MODE_V_ILLEGAL },
	{ "too wide", { TIMING(594000, 4097, 4184, 4272, 4400, 2160, 2168, 2178, 2250) },
	  MODE_BAD_HVALUE },
	{ "too high", { TIMING(594000, 4096, 4184, 4272, 4400, 2161, 2168, 2178, 2250) },
	  MODE_BAD_VVALUE },
	{ "line too long", { TIMING(594000, 640, 656, 752, 16384, 480, 490, 492, 525) },
	  MODE_BAD_HVALUE },
	{ "frame too long", { TIMING(594000, 640, 656, 752, 800, 480, 490, 492, 16384) },
	  MODE_BAD_VVALUE },
	{ "no clock", { TIMING(0, 640, 656, 752, 800, 480, 490, 492, 525) }, MODE_CLOCK_LOW },
	{ "negative clock", { TIMING(-1, 640, 656, 752, 800, 480, 490, 492, 525) },
	  MODE_CLOCK_LOW },
	{ "slowest clock", { TIMING(1000, 640, 656, 752, 800, 480, 490, 492, 525) }, MODE_OK },
	{ "clock too slow", { TIMING(999, 640, 656, 752, 800, 480, 490, 492, 525) },
	  MODE_CLOCK_LOW },
	{ "fastest clock", { TIMING(600000, 4096, 4184, 4272, 4400, 2160, 2168, 2178, 2250) },
	  MODE_OK },
	{ "clock too fast", { TIMING(600001, 4096, 4184, 4272, 4400, 2160, 2168, 2178, 2250) },
	  MODE_CLOCK_HIGH },
	{ "1000 frames a second", { TIMING(10000, 99, 99, 99, 100, 99, 99, 99, 100) }, MODE_OK },
	{ "more than 1000 frames a second", { TIMING(10001, 99, 99, 99, 100, 99, 99, 99, 100) },
	  MODE_VSYNC },
	{ "a frame a second", { TIMING(1000, 640, 656, 752, 1000, 480, 490, 492, 1000) }, MODE_OK },
	{ "less than a frame a second",
	  { TIMING(1000, 640, 656, 752, 1001, 480, 490, 492, 1000) }, MODE_VSYNC },
	{ "interlaced", { TIMING(25175, 640, 656, 752, 800, 480, 490, 492, 525),
	  .flags = DRM_MODE_FLAG_INTERLACE }, MODE_NO_INTERLACE },
	{ "doublescan", { TIMING(25175, 640, 656, 752, 800, 480, 490, 492, 525),
	  .flags = DRM_MODE_FLAG_DBLSCAN }, MODE_NO_DBLESCAN },
	{ "double clock", { TIMING(25175, 640, 656, 752, 800, 480, 490, 492, 525),
	  .flags = DRM_MODE_FLAG_DBLCLK }, MODE_BAD },
	{ "stereo", { TIMING(25175, 640, 656, 752, 800, 480, 490, 492, 525),
	  .flags = DRM_MODE_FLAG_3D_FRAME_PACKING }, MODE_BAD },
	{ "lines scanned twice", { TIMING(25175, 640, 656, 752, 800, 480, 490, 492, 525),
	  .vscan = 2 }, MODE_NO_VSCAN },
};

KUNIT_ARRAY_PARAM_DESC(vdc_mode, vdc_mode_cases, name);

static void vdc_test_mode_valid(struct kunit *test)
{
	const struct vdc_mode_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, vdc_mode_valid(&vdc_mode_caps, &c->mode), c->status);
}

static void vdc_test_mode_regs(struct kunit *test)
{
	struct vdc_mode_regs regs;

	vdc_mode_regs_init(&regs, &vdc_mode_1080p);
	KUNIT_EXPECT_EQ(test, regs.clock, 148500);
	KUNIT_EXPECT_EQ(test, regs.active, 1080 << 16 | 1920);
	KUNIT_EXPECT_EQ(test, regs.total, 1125 << 16 | 2200);
	KUNIT_EXPECT_EQ(test, regs.sync_start, 1084 << 16 | 2008);
	KUNIT_EXPECT_EQ(test, regs.sync_end, 1089 << 16 | 2052);
	KUNIT_EXPECT_EQ(test, regs.polarity, 3);
}

static void vdc_test_mode_polarity(struct kunit *test)
{
	struct drm_display_mode mode = vdc_mode_1080p;
	struct vdc_mode_regs regs;

	mode.flags = DRM_MODE_FLAG_PHSYNC | DRM_MODE_FLAG_NVSYNC;
	vdc_mode_regs_init(&regs, &mode);
	KUNIT_EXPECT_EQ(test, regs.polarity, VDC_PIPE_POLARITY_PHSYNC);

	mode.flags = DRM_MODE_FLAG_NHSYNC | DRM_MODE_FLAG_PVSYNC;
	vdc_mode_regs_init(&regs, &mode);
	KUNIT_EXPECT_EQ(test, regs.polarity, VDC_PIPE_POLARITY_PVSYNC);
}

static struct kunit_case vdc_mode_tests[] = {
	KUNIT_CASE_PARAM(vdc_test_mode_valid, vdc_mode_gen_params),
	KUNIT_CASE(vdc_test_mode_regs),
	KUNIT_CASE(vdc_test_mode_polarity),
	{ }
};

static struct kunit_suite vdc_mode_suite = {
	.name = "vdc_mode",
	.test_cases = vdc_mode_tests,
};

kunit_test_suite(vdc_mode_suite);
