// SPDX-License-Identifier: MIT
/* A stored frame: its formats, its CRC, its file. */
#define _GNU_SOURCE
#include <cairo.h>
#include <drm_fourcc.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grab/shot.h"
#include "harness.h"
#include "vdc_frame.h"

#define W	5
#define H	3
#define STRIDE	8

static void fill(uint32_t *pixels, bool swap)
{
	for (uint32_t y = 0; y < H; y++)
		for (uint32_t x = 0; x < W; x++) {
			uint32_t r = 10 * y + x, g = 100 + x, b = 200 + y;

			pixels[y * STRIDE + x] = 0xff000000 | (swap ? b << 16 | g << 8 | r :
								      r << 16 | g << 8 | b);
		}
}

static void takes_formats(void **state)
{
	static const uint32_t formats[] = {
		DRM_FORMAT_XRGB8888, DRM_FORMAT_ARGB8888, DRM_FORMAT_XBGR8888, DRM_FORMAT_ABGR8888,
	};
	uint32_t pixels[H * STRIDE], expected = 0;

	(void)state;
	fill(pixels, false);
	for (uint32_t y = 0; y < H; y++)
		expected = vdc_crc_pixels(expected, pixels + y * STRIDE, W);
	for (size_t i = 0; i < COUNT(formats); i++) {
		struct shot s;

		memset(pixels, 0xee, sizeof(pixels));
		fill(pixels, i >= 2);
		assert_int_equal(shot_take(&s, pixels, STRIDE * 4, W, H, formats[i]), 0);
		assert_int_equal(shot_crc(&s), expected);
		shot_free(&s);
	}
}

static void writes_what_it_took(void **state)
{
	char path[] = "/tmp/vdc-shot-XXXXXX";
	uint32_t pixels[H * STRIDE];
	cairo_surface_t *png;
	struct shot s;
	int stride;

	(void)state;
	close(mkstemp(path));
	fill(pixels, false);
	shot_take(&s, pixels, STRIDE * 4, W, H, DRM_FORMAT_XRGB8888);
	assert_int_equal(shot_write(&s, path), 0);
	png = cairo_image_surface_create_from_png(path);
	assert_int_equal(cairo_image_surface_get_width(png), W);
	assert_int_equal(cairo_image_surface_get_height(png), H);
	stride = cairo_image_surface_get_stride(png) / 4;
	for (uint32_t y = 0; y < H; y++)
		for (uint32_t x = 0; x < W; x++)
			assert_int_equal(((uint32_t *)(void *)cairo_image_surface_get_data(png))
					 [(int)y * stride + (int)x] & 0xffffff,
					 pixels[y * STRIDE + x] & 0xffffff);
	cairo_surface_destroy(png);
	shot_free(&s);
	remove(path);
}

static void reports_an_impossible_path(void **state)
{
	uint32_t pixels[H * STRIDE];
	struct shot s;
	int saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);

	(void)state;
	fill(pixels, false);
	shot_take(&s, pixels, STRIDE * 4, W, H, DRM_FORMAT_XRGB8888);
	fflush(stderr);
	dup2(null, STDERR_FILENO);
	assert_int_equal(shot_write(&s, "/nonexistent/x.png"), -ENOENT);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(null);
	shot_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_formats),
		cmocka_unit_test(writes_what_it_took),
		cmocka_unit_test(reports_an_impossible_path),
	};

	return cmocka_run_group_tests_name("shot", tests, NULL, NULL);
}
