// SPDX-License-Identifier: MIT
/* What the controller puts out, pixel for pixel, against the hw library's prediction. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_crc.h"
#include "vdc_picture.h"

IGT_TEST_DESCRIPTION("Every pixel of a VDC screen is the predicted one");

#define W	640
#define H	480

static struct kms_device dev;

static void fb_draw(struct kms_fb *fb, uint32_t w, uint32_t h, uint32_t format, uint32_t seed)
{
	kms_fb_create(&dev, fb, w, h, format);
	picture_draw(fb, seed);
}

/* CRCs come for each frame, numbered one after the other, and all are right. */
static void test_crc_stream(void)
{
	struct crc_entry entry, last;
	struct kms_screen screen;
	struct crc_reader reader;
	struct kms_fb fb;
	uint32_t expected, underruns, skipped = 0;
	int i;

	kms_screen_init(&dev, &screen, 0, W, H);
	fb_draw(&fb, W, H, DRM_FORMAT_XRGB8888, 1);
	kms_screen_add(&screen, screen.pipe->primary, &fb, 0, 0);
	kms_show(&dev, &screen);
	expected = picture_crc(&screen);
	underruns = crc_underruns(&dev, screen.pipe);
	crc_open(&dev, screen.pipe, &reader);
	igt_assert(crc_poll(&reader, &last, 10000));
	for (i = 0; i < 60; i++) {
		igt_assert(crc_poll(&reader, &entry, 2000));
		igt_assert_lt_s64(last.frame, entry.frame);
		igt_assert_eq_u32(entry.crc, expected);
		skipped += entry.frame - last.frame - 1;
		last = entry;
	}
	underruns = crc_underruns(&dev, screen.pipe) - underruns;
	igt_info("%u frames not scanned, %u underruns\n", skipped, underruns);
	igt_assert_lte_s64(skipped * CRC_BANDS, underruns);
	crc_close(&reader);
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

/* One wrong pixel anywhere is another CRC: proves that the comparison can fail. */
static void test_crc_sensitive(void)
{
	static const uint32_t at[] = { 0, W - 1, W * (H / 2) + 17, W * H - 1 };
	struct kms_screen screen;
	struct kms_fb fb;
	uint32_t expected, i;

	kms_screen_init(&dev, &screen, 0, W, H);
	fb_draw(&fb, W, H, DRM_FORMAT_XRGB8888, 2);
	kms_screen_add(&screen, screen.pipe->primary, &fb, 0, 0);
	crc_check(&dev, &screen);
	expected = picture_crc(&screen);
	for (i = 0; i < sizeof(at) / sizeof(*at); i++) {
		uint32_t *px = (uint32_t *)(fb.map + at[i] / W * fb.pitch) + at[i] % W;

		*px ^= 1;
		igt_assert_neq_u32(crc_of_screen(&dev, screen.pipe), expected);
		*px ^= 0xff000001;	/* X is not shown */
		igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), expected);
	}
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

static void test_formats(void)
{
	struct kms_screen screen;
	struct kms_plane *plane;
	struct kms_fb base, fb;
	unsigned int p, i, f;
	uint32_t w, h;

	for (p = 0; p < dev.num_pipes; p++) {
		kms_all_off(&dev);
		kms_screen_init(&dev, &screen, p, W, H);
		fb_draw(&base, W, H, DRM_FORMAT_XRGB8888, 3);
		for (i = 0; i < screen.pipe->num_planes; i++) {
			plane = &screen.pipe->plane[i];
			if (plane->type == DRM_PLANE_TYPE_CURSOR)
				continue;
			w = plane->type == DRM_PLANE_TYPE_PRIMARY ? W : 312;
			h = plane->type == DRM_PLANE_TYPE_PRIMARY ? H : 231;
			for (f = 0; f < plane->num_formats; f++) {
				igt_info("pipe %u plane %u format %.4s\n", p, plane->obj.id,
					 (const char *)&plane->formats[f]);
				fb_draw(&fb, w, h, plane->formats[f], 10 * i + f);
				screen.num_layers = 0;
				if (w != W)
					kms_screen_add(&screen, screen.pipe->primary, &base, 0, 0);
				kms_screen_add(&screen, plane, &fb, w == W ? 0 : 101,
					       w == W ? 0 : 57);
				crc_check(&dev, &screen);
				kms_fb_destroy(&dev, &fb);
			}
		}
		kms_all_off(&dev);
		kms_fb_destroy(&dev, &base);
	}
}

/* Primary, every overlay with alpha, cursor: all over one another. */
static void test_blending(void)
{
	struct kms_fb fb[KMS_MAX_LAYERS], cursor;
	struct kms_screen screen;
	unsigned int i;

	kms_screen_init(&dev, &screen, 0, W, H);
	fb_draw(&fb[0], W, H, DRM_FORMAT_XRGB8888, 4);
	kms_screen_add(&screen, screen.pipe->primary, &fb[0], 0, 0);
	crc_check(&dev, &screen);
	for (i = 0; i < screen.pipe->num_overlays; i++) {
		fb_draw(&fb[i + 1], 300 + 40 * i, 200 + 20 * i, DRM_FORMAT_ARGB8888, 5 + i);
		kms_screen_add(&screen, screen.pipe->overlay[i], &fb[i + 1], 50 + 70 * i,
			       60 + 50 * i);
		crc_check(&dev, &screen);
	}
	fb_draw(&cursor, 64, 64, DRM_FORMAT_ARGB8888, 9);
	kms_screen_add(&screen, screen.pipe->cursor, &cursor, 140, 130);
	crc_check(&dev, &screen);
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &cursor);
	for (i = 0; i <= screen.pipe->num_overlays; i++)
		kms_fb_destroy(&dev, &fb[i]);
}

/* The same pixels with their alpha and without. */
static void test_opaque(void)
{
	struct kms_fb base, fb;
	struct kms_screen screen;
	uint32_t blended;

	kms_screen_init(&dev, &screen, 0, W, H);
	igt_require_f(screen.pipe->num_overlays, "needs an overlay\n");
	fb_draw(&base, W, H, DRM_FORMAT_XRGB8888, 15);
	fb_draw(&fb, 320, 240, DRM_FORMAT_ARGB8888, 16);
	kms_screen_add(&screen, screen.pipe->primary, &base, 0, 0);
	kms_screen_add(&screen, screen.pipe->overlay[0], &fb, 33, 44);
	crc_check(&dev, &screen);
	blended = picture_crc(&screen);
	kms_screen_opaque(&screen);
	crc_check(&dev, &screen);
	igt_assert_neq_u32(picture_crc(&screen), blended);
	screen.layer[1].opaque = false;
	crc_check(&dev, &screen);
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &base);
	kms_fb_destroy(&dev, &fb);
}

/* Layers that hang over an edge, or are wholly outside. */
static void test_placement(void)
{
	static const struct {
		int x, y;
	} at[] = {
		{ -30, 100 }, { 100, -30 }, { W - 20, 100 }, { 100, H - 20 },
		{ -40, -40 }, { W - 1, H - 1 }, { -63, 0 }, { 0, -63 }, { W, 0 }, { 0, H },
	};
	struct kms_plane *plane[2];
	struct kms_screen screen;
	struct kms_fb base, fb;
	unsigned int i, k;

	kms_screen_init(&dev, &screen, 0, W, H);
	fb_draw(&base, W, H, DRM_FORMAT_XRGB8888, 6);
	fb_draw(&fb, 64, 64, DRM_FORMAT_ARGB8888, 7);
	plane[0] = screen.pipe->cursor;
	plane[1] = screen.pipe->num_overlays ? screen.pipe->overlay[0] : NULL;
	for (k = 0; k < 2 && plane[k]; k++) {
		for (i = 0; i < sizeof(at) / sizeof(*at); i++) {
			screen.num_layers = 0;
			kms_screen_add(&screen, screen.pipe->primary, &base, 0, 0);
			kms_screen_add(&screen, plane[k], &fb, at[i].x, at[i].y);
			igt_debug("plane %u at %d,%d\n", plane[k]->obj.id, at[i].x, at[i].y);
			crc_check(&dev, &screen);
		}
	}
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &base);
	kms_fb_destroy(&dev, &fb);
}

/* Where no layer is, the background shows: black. A primary plane need not fill the screen. */
static void test_background(void)
{
	struct kms_screen screen;
	struct kms_fb fb;

	kms_screen_init(&dev, &screen, 0, W, H);
	igt_require_f(screen.pipe->num_overlays, "needs an overlay\n");
	fb_draw(&fb, 200, 150, DRM_FORMAT_XRGB8888, 8);
	kms_screen_add(&screen, screen.pipe->overlay[0], &fb, 77, 99);
	igt_require_f(!kms_try_show(&dev, &screen, DRM_MODE_ATOMIC_TEST_ONLY |
				    DRM_MODE_ATOMIC_ALLOW_MODESET),
		      "the driver wants the primary plane on\n");
	crc_check(&dev, &screen);
	screen.layer[0].plane = screen.pipe->primary;
	crc_check(&dev, &screen);
	screen.num_layers = 0;
	crc_check(&dev, &screen);
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

/* A framebuffer that is larger than the screen: its pitch is not the screen's. */
static void test_pitch(void)
{
	struct kms_screen screen;
	drmModeAtomicReq *req;
	struct kms_fb fb;
	uint32_t expected;
	int x, y;

	kms_screen_init(&dev, &screen, 0, W, H);
	fb_draw(&fb, 1024, 768, DRM_FORMAT_XRGB8888, 11);
	for (x = 0; x <= 1024 - W; x += 96) {
		y = x / 2;
		/* Panning: the source rectangle moves, the screen sees the layer at -x, -y. */
		screen.num_layers = 0;
		kms_screen_add(&screen, screen.pipe->primary, &fb, -x, -y);
		expected = picture_crc(&screen);
		if (!x) {
			struct kms_fb view = fb;

			view.width = W;
			view.height = H;
			screen.layer[0].fb = &view;
			kms_show(&dev, &screen);
		} else {
			req = drmModeAtomicAlloc();
			kms_set(req, &screen.pipe->primary->obj, "SRC_X", (uint64_t)x << 16);
			kms_set(req, &screen.pipe->primary->obj, "SRC_Y", (uint64_t)y << 16);
			igt_assert_eq(drmModeAtomicCommit(dev.fd, req, 0, NULL), 0);
			drmModeAtomicFree(req);
		}
		igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), expected);
	}
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

static struct kms_connector *writeback_of(const struct kms_pipe *pipe)
{
	struct kms_connector *wb = kms_find_connector(&dev, DRM_MODE_CONNECTOR_WRITEBACK, pipe, 0);

	igt_require_f(wb, "pipe %u has no writeback connector\n", pipe->index);
	return wb;
}

/* Ask for one frame into @fb. Return: 0 or the errno; @fence: out: signals when it is there. */
static int try_writeback(const struct kms_screen *screen, const struct kms_connector *wb,
			 uint32_t fb_id, int *fence)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	int ret;

	*fence = -1;
	kms_set(req, &wb->obj, "CRTC_ID", screen->pipe->crtc.id);
	kms_set(req, &wb->obj, "WRITEBACK_FB_ID", fb_id);
	kms_set(req, &wb->obj, "WRITEBACK_OUT_FENCE_PTR", (uintptr_t)fence);
	ret = drmModeAtomicCommit(dev.fd, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL) ? errno : 0;
	drmModeAtomicFree(req);
	return ret;
}

static void test_writeback(void)
{
	struct kms_fb base, overlay, out;
	struct kms_connector *wb;
	struct kms_screen screen;
	struct pollfd pfd;
	uint32_t *expected, y;
	unsigned int p;
	int fence;

	for (p = 0; p < dev.num_pipes; p++) {
		kms_all_off(&dev);
		kms_screen_init(&dev, &screen, p, W, H);
		wb = writeback_of(screen.pipe);
		fb_draw(&base, W, H, DRM_FORMAT_RGB565, 12);
		fb_draw(&overlay, 400, 300, DRM_FORMAT_ARGB8888, 13);
		kms_fb_create(&dev, &out, W, H, DRM_FORMAT_XRGB8888);
		memset(out.map, 0x5a, out.size);
		kms_screen_add(&screen, screen.pipe->primary, &base, 0, 0);
		if (screen.pipe->num_overlays)
			kms_screen_add(&screen, screen.pipe->overlay[0], &overlay, 55, 66);
		kms_show(&dev, &screen);
		igt_assert_eq(try_writeback(&screen, wb, out.id, &fence), 0);
		pfd = (struct pollfd){ .fd = fence, .events = POLLIN };
		igt_assert_f(poll(&pfd, 1, 1000) == 1, "no writeback fence within 1 s\n");
		close(fence);
		expected = picture_compose(&screen);
		for (y = 0; y < H; y++)
			for (uint32_t x = 0; x < W; x++) {
				uint32_t px = ((uint32_t *)(out.map + y * out.pitch))[x];

				igt_assert_f(!((px ^ expected[y * W + x]) & 0xffffff),
					     "pixel %u,%u is %#x, composed was %#x\n", x, y, px,
					     expected[y * W + x]);
			}
		free(expected);
		kms_object_read(&dev, &wb->obj, DRM_MODE_OBJECT_CONNECTOR);
		igt_assert_eq_u64(kms_prop_value(&wb->obj, "WRITEBACK_FB_ID"), 0);
		kms_all_off(&dev);
		kms_fb_destroy(&dev, &out);
		kms_fb_destroy(&dev, &overlay);
		kms_fb_destroy(&dev, &base);
	}
}

static void test_writeback_refused(void)
{
	struct kms_fb base, small, fmt;
	struct kms_connector *wb;
	struct kms_screen screen;
	int fence;

	kms_screen_init(&dev, &screen, 0, W, H);
	wb = writeback_of(screen.pipe);
	fb_draw(&base, W, H, DRM_FORMAT_XRGB8888, 14);
	kms_fb_create(&dev, &small, W - 16, H, DRM_FORMAT_XRGB8888);
	kms_fb_create(&dev, &fmt, W, H, DRM_FORMAT_RGB565);
	kms_screen_add(&screen, screen.pipe->primary, &base, 0, 0);
	kms_show(&dev, &screen);
	igt_assert_eq(try_writeback(&screen, wb, small.id, &fence), EINVAL);
	igt_assert_eq(try_writeback(&screen, wb, fmt.id, &fence), EINVAL);
	igt_assert_eq(try_writeback(&screen, wb, 0, &fence), EINVAL);
	igt_assert_eq(fence, -1);
	igt_assert_eq(try_writeback(&screen, wb, screen.pipe->crtc.id, &fence), EINVAL);
	crc_check(&dev, &screen);
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fmt);
	kms_fb_destroy(&dev, &small);
	kms_fb_destroy(&dev, &base);
}

igt_main
{
	igt_fixture
		kms_open(&dev, 0);

	igt_describe("A CRC for each frame, numbered without a gap, each the predicted one.");
	igt_subtest("crc-stream")
		test_crc_stream();

	igt_describe("A single wrong bit of a single pixel changes the CRC; X bits do not.");
	igt_subtest("crc-sensitive")
		test_crc_sensitive();

	igt_describe("Each format on each primary and overlay plane of each pipe.");
	igt_subtest("formats")
		test_formats();

	igt_describe("Premultiplied overlays over one another and a cursor above.");
	igt_subtest("blending")
		test_blending();

	igt_describe("The blend mode None ignores alpha, Pre-multiplied uses it.");
	igt_subtest("opaque")
		test_opaque();

	igt_describe("Overlay and cursor across each edge and outside of the screen.");
	igt_subtest("placement")
		test_placement();

	igt_describe("Black background around an overlay, and with no layer at all.");
	igt_subtest("background")
		test_background();

	igt_describe("Panning inside a larger framebuffer: offsets and foreign pitch.");
	igt_subtest("pitch")
		test_pitch();

	igt_describe("Writeback stores exactly the pixels that were composed.");
	igt_subtest("writeback")
		test_writeback();

	igt_describe("Writeback of a wrong size, format, object, or fence alone is EINVAL.");
	igt_subtest("writeback-refused")
		test_writeback_refused();

	igt_fixture
		kms_close(&dev);
}
