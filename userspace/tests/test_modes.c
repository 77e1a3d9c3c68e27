// SPDX-License-Identifier: MIT
/* Choosing a mode, and reading the kernel's CRC lines. */
#include <string.h>

#include "harness.h"
#include "kms/crc.h"
#include "kms/output.h"

/* CTA-861 timings; 1080p twice, at 60 and at 59.94 Hz. */
static const drmModeModeInfo modes[] = {
	{ .clock = 25175, .hdisplay = 640, .vdisplay = 480, .htotal = 800, .vtotal = 525 },
	{ .clock = 74250, .hdisplay = 1280, .vdisplay = 720, .htotal = 1650, .vtotal = 750 },
	{ .clock = 148352, .hdisplay = 1920, .vdisplay = 1080, .htotal = 2200, .vtotal = 1125 },
	{ .clock = 148500, .hdisplay = 1920, .vdisplay = 1080, .htotal = 2200, .vtotal = 1125,
	  .type = DRM_MODE_TYPE_PREFERRED },
	{ .clock = 74250, .hdisplay = 1920, .vdisplay = 1080, .htotal = 2640, .vtotal = 1125 },
};

static int choose(const char *text)
{
	struct kms_mode_wish wish = { 0 };

	if (*text)
		assert_true(kms_mode_parse(text, &wish));
	return kms_mode_choose(modes, COUNT(modes), &wish);
}

static void chooses_modes(void **state)
{
	(void)state;
	assert_int_equal(choose(""), 3);
	assert_int_equal(choose("640x480"), 0);
	assert_int_equal(choose("640x480@60"), 0);
	assert_int_equal(choose("1920x1080"), 2);
	assert_int_equal(choose("1920x1080@60"), 3);
	assert_int_equal(choose("1920x1080@59.94"), 2);
	assert_int_equal(choose("1920x1080@25"), 4);
	assert_int_equal(choose("1920x1080@30"), -1);
	assert_int_equal(choose("1024x768"), -1);
	assert_int_equal(kms_mode_choose(modes, 0, &(struct kms_mode_wish){ 0 }), -1);
}

static void knows_refresh_rates(void **state)
{
	drmModeModeInfo i = modes[3];

	(void)state;
	assert_true(kms_mode_refresh(&modes[3]) == 60);
	i.flags = DRM_MODE_FLAG_INTERLACE;
	assert_true(kms_mode_refresh(&i) == 120);
	i.flags = DRM_MODE_FLAG_DBLSCAN;
	assert_true(kms_mode_refresh(&i) == 30);
	memset(&i, 0, sizeof(i));
	assert_true(kms_mode_refresh(&i) == 0);
}

static void reads_crc_lines(void **state)
{
	static const char *const bad[] = {
		"", "\n", "XXXXXXXXXX 0x12345678\n", "0x00000001\n", "0x00000001 ",
		"0x00000001 zzz\n", "12 13\n", "0x 0x1\n",
	};
	uint32_t label = 0, crc = 0;

	(void)state;
	assert_true(kms_crc_parse("0x0000002a 0xdeadbeef\n", &label, &crc));
	assert_int_equal(label, 42);
	assert_int_equal(crc, 0xdeadbeef);
	assert_true(kms_crc_parse("0xffffffff 0x00000000 0x00000001\n", &label, &crc));
	assert_int_equal(label, 0xffffffff);
	assert_int_equal(crc, 0);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (kms_crc_parse(bad[i], &label, &crc))
			fail_msg("\"%s\" was taken", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chooses_modes),
		cmocka_unit_test(knows_refresh_rates),
		cmocka_unit_test(reads_crc_lines),
	};

	return cmocka_run_group_tests_name("modes", tests, NULL, NULL);
}
