// SPDX-License-Identifier: MIT
/* The predicted CRC is the one the controller's model computes over the buffer's pixels. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flip/picture.h"
#include "harness.h"

#define GUARD	0x5a5a5a5au

struct studio {
	struct picture picture;
	struct picture_canvas canvas[3];
	uint32_t w, h, stride;
};

static void open_studio(struct studio *s, uint32_t w, uint32_t h, uint32_t padding)
{
	struct picture_info info = {
		.output = "HDMI-A-1", .device = "vdc", .host = "test", .setup = "setup",
		.buffers = 3,
	};

	memset(s, 0, sizeof(*s));
	s->w = w;
	s->h = h;
	s->stride = w + padding;
	assert_int_equal(picture_init(&s->picture, w, h, &info), 0);
	for (int i = 0; i < 3; i++) {
		uint32_t n = s->stride * h;

		s->canvas[i].pitch = s->stride * 4;
		s->canvas[i].pixels = malloc(n * 4UL);
		for (uint32_t p = 0; p < n; p++)
			s->canvas[i].pixels[p] = GUARD;
	}
}

static void close_studio(struct studio *s)
{
	for (int i = 0; i < 3; i++)
		free(s->canvas[i].pixels);
	picture_free(&s->picture);
}

/* What the controller puts out when it scans the buffer. */
static uint32_t scan(const struct studio *s, int buffer)
{
	struct vdc_frame f = {
		.flags = VDC_FRAME_CRC,
		.w = s->w,
		.h = s->h,
		.num_layers = 1,
		.layer = { {
			.format = VDC_FORMAT_XRGB8888,
			.blend = VDC_BLEND_NONE,
			.w = s->w,
			.h = s->h,
			.data = (uint8_t *)s->canvas[buffer].pixels,
			.pitch = s->canvas[buffer].pitch,
		} },
		.scratch = malloc(VDC_SCRATCH_BYTES(s->w)),
	};

	assert_non_null(f.scratch);
	vdc_frame_compose(&f);
	free(f.scratch);
	return f.crc;
}

static void check_sequence(uint32_t w, uint32_t h, uint32_t padding, const uint32_t *frames,
			   size_t num, int buffers)
{
	struct studio s;

	open_studio(&s, w, h, padding);
	for (size_t i = 0; i < num; i++) {
		int buffer = (int)(i % (size_t)buffers);
		uint32_t crc = picture_draw(&s.picture, &s.canvas[buffer], frames[i],
					    (uint32_t)buffer);

		assert_int_equal(crc, scan(&s, buffer));
	}
	for (int b = 0; b < buffers; b++)
		for (uint32_t y = 0; y < h; y++)
			for (uint32_t x = w; x < s.stride; x++)
				assert_int_equal(s.canvas[b].pixels[y * s.stride + x], GUARD);
	close_studio(&s);
}

static void predicts_partial_updates(void **state)
{
	static const struct {
		uint32_t w, h, padding;
	} sizes[] = {
		{ 1920, 1080, 0 }, { 1280, 720, 64 }, { 1024, 768, 0 }, { 800, 600, 0 },
		{ 640, 480, 16 }, { PICTURE_MIN_WIDTH, PICTURE_MIN_HEIGHT, 0 }, { 1366, 768, 2 },
		{ 1080, 1920, 0 }, { 333, 777, 3 },
	};
	uint32_t frames[12];

	(void)state;
	for (size_t i = 0; i < COUNT(frames); i++)
		frames[i] = (uint32_t)i;
	for (size_t i = 0; i < COUNT(sizes); i++)
		for (int buffers = 1; buffers <= 3; buffers++)
			check_sequence(sizes[i].w, sizes[i].h, sizes[i].padding, frames,
				       i ? COUNT(frames) : 8, buffers);
}

static void predicts_jumps(void **state)
{
	/* Carries through all digits, the bar's turning points, the end of the numbers. */
	static const uint32_t frames[] = {
		9, 10, 99, 100, 99999999, 100000000, 157, 158, 159, 160, 161, 316, 320, 0xffffffff,
		0, 0x80000000, 0x7fffffff, 5, 5, 4,
	};

	(void)state;
	for (int buffers = 1; buffers <= 3; buffers++)
		check_sequence(640, 480, 0, frames, COUNT(frames), buffers);
}

/* A buffer that was not drawn for long gets everything that changed since. */
static void updates_an_old_buffer(void **state)
{
	struct studio s;
	uint32_t crc;

	(void)state;
	open_studio(&s, 640, 480, 0);
	picture_draw(&s.picture, &s.canvas[0], 1, 0);
	for (uint32_t f = 2; f < 50; f++)
		picture_draw(&s.picture, &s.canvas[1], f, 1);
	crc = picture_draw(&s.picture, &s.canvas[0], 50, 0);
	assert_int_equal(crc, scan(&s, 0));
	close_studio(&s);
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void no_two_frames_are_alike(void **state)
{
	enum { NUM = 1000 };
	uint32_t *crcs = malloc(NUM * sizeof(*crcs));
	struct studio s;

	(void)state;
	open_studio(&s, 640, 480, 0);
	for (uint32_t f = 0; f < NUM; f++)
		crcs[f] = picture_draw(&s.picture, &s.canvas[0], f, 0);
	qsort(crcs, NUM, sizeof(*crcs), compare);
	for (int i = 1; i < NUM; i++)
		assert_int_not_equal(crcs[i - 1], crcs[i]);
	free(crcs);
	close_studio(&s);
}

/* Any mixture of two frames at a line in the middle half is neither: the detector sees it. */
static void a_torn_frame_is_no_frame(void **state)
{
	struct studio s;
	uint32_t old, new;

	(void)state;
	open_studio(&s, 640, 480, 0);
	old = picture_draw(&s.picture, &s.canvas[0], 41, 0);
	new = picture_draw(&s.picture, &s.canvas[1], 42, 0);
	for (uint32_t cut = s.h / 4; cut < s.h * 3 / 4; cut += 7) {
		uint32_t torn;

		memcpy(s.canvas[2].pixels, s.canvas[0].pixels, s.w * 4UL * cut);
		memcpy(s.canvas[2].pixels + s.w * cut, s.canvas[1].pixels + s.w * cut,
		       s.w * 4UL * (s.h - cut));
		torn = scan(&s, 2);
		assert_int_not_equal(torn, old);
		assert_int_not_equal(torn, new);
	}
	close_studio(&s);
}

static void refuses_sizes(void **state)
{
	static const uint32_t sizes[][2] = {
		{ 0, 0 }, { PICTURE_MIN_WIDTH - 1, 480 }, { 640, PICTURE_MIN_HEIGHT - 1 },
		{ 20000, 480 }, { 640, 20000 },
	};
	struct picture_info info = { .buffers = 3 };
	struct picture p;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++)
		assert_int_equal(picture_init(&p, sizes[i][0], sizes[i][1], &info), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(predicts_partial_updates),
		cmocka_unit_test(predicts_jumps),
		cmocka_unit_test(updates_an_old_buffer),
		cmocka_unit_test(no_two_frames_are_alike),
		cmocka_unit_test(a_torn_frame_is_no_frame),
		cmocka_unit_test(refuses_sizes),
	};

	return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
