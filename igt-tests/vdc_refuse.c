// SPDX-License-Identifier: MIT
/* Bad input: ioctls and commits that must be refused, and leave the screen as it was. */
#include <errno.h>
#include <sys/ioctl.h>
#include "igt_abi.h"
#include "vdc_crc.h"
#include "vdc_picture.h"

IGT_TEST_DESCRIPTION("What a VDC device must refuse");

#define W	640
#define H	480

static struct kms_device dev;

static void test_dumb(void)
{
	static const struct {
		uint32_t w, h, bpp;
	} bad[] = {
		{ 0, 480, 32 }, { 640, 0, 32 }, { 640, 480, 0 }, { 640, 480, 7 }, { 640, 480, 15 },
		{ 640, 480, 31 }, { 640, 480, 33 }, { 640, 480, 0xffffffff },
		{ 0xffffffff, 480, 32 }, { 640, 0xffffffff, 32 }, { 0xffffffff, 0xffffffff, 32 },
		{ 0x40000000, 4, 32 }, { 0x10000, 0x10000, 32 }, { 0x7fffffff, 1, 8 },
	};
	static const struct {
		uint32_t w, h, bpp, least_pitch;
	} good[] = {
		{ 1, 1, 8, 1 }, { 1, 1, 32, 4 }, { 641, 3, 16, 1282 }, { 640, 480, 32, 2560 },
	};
	struct drm_mode_create_dumb req;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		req = (struct drm_mode_create_dumb){
			.width = bad[i].w, .height = bad[i].h, .bpp = bad[i].bpp };
		igt_assert_f(drmIoctl(dev.fd, DRM_IOCTL_MODE_CREATE_DUMB, &req),
			     "%ux%u with %u bits was accepted\n", bad[i].w, bad[i].h, bad[i].bpp);
		igt_assert_f(errno == EINVAL || errno == ENOMEM || errno == EOVERFLOW ||
			     errno == E2BIG || errno == ERANGE,
			     "%ux%u with %u bits: %s\n", bad[i].w, bad[i].h, bad[i].bpp,
			     strerror(errno));
	}
	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		req = (struct drm_mode_create_dumb){
			.width = good[i].w, .height = good[i].h, .bpp = good[i].bpp };
		igt_assert_eq(drmIoctl(dev.fd, DRM_IOCTL_MODE_CREATE_DUMB, &req), 0);
		igt_assert_lte(good[i].least_pitch, req.pitch);
		igt_assert_lte_s64((int64_t)req.pitch * good[i].h, req.size);
		igt_assert_eq_u64(req.size % 4096, 0);
		igt_assert_eq(drmCloseBufferHandle(dev.fd, req.handle), 0);
	}
}

static void test_addfb(void)
{
	static const struct {
		const char *what;
		uint32_t w, h, format, pitch, offset, flags;
		uint64_t modifier;
	} bad[] = {
		{ "pitch below the width", W, H, DRM_FORMAT_XRGB8888, W * 4 - 4, 0, 0, 0 },
		{ "pitch not of whole pixels", W, H, DRM_FORMAT_XRGB8888, W * 4 + 1, 0, 0, 0 },
		{ "pitch of 0", W, H, DRM_FORMAT_XRGB8888, 0, 0, 0, 0 },
		{ "pitch of 2^32 - 4", W, H, DRM_FORMAT_XRGB8888, 0xfffffffc, 0, 0, 0 },
		{ "one line too many", W, H + 1, DRM_FORMAT_XRGB8888, W * 4, 0, 0, 0 },
		{ "width of 0", 0, H, DRM_FORMAT_XRGB8888, W * 4, 0, 0, 0 },
		{ "height of 0", W, 0, DRM_FORMAT_XRGB8888, W * 4, 0, 0, 0 },
		{ "width above the maximum", 0x10000, 4, DRM_FORMAT_XRGB8888, 0x40000, 0, 0, 0 },
		{ "offset beyond the buffer", W, H, DRM_FORMAT_XRGB8888, W * 4, W * H * 4, 0, 0 },
		{ "offset that overflows", W, H, DRM_FORMAT_XRGB8888, W * 4, 0xfffff000, 0, 0 },
		{ "a format of YUV", W, H, DRM_FORMAT_YUYV, W * 4, 0, 0, 0 },
		{ "no format", W, H, 0, W * 4, 0, 0, 0 },
		{ "a tiled modifier", W, H, DRM_FORMAT_XRGB8888, W * 4, 0, DRM_MODE_FB_MODIFIERS,
		  I915_FORMAT_MOD_X_TILED },
		{ "the invalid modifier", W, H, DRM_FORMAT_XRGB8888, W * 4, 0,
		  DRM_MODE_FB_MODIFIERS, DRM_FORMAT_MOD_INVALID },
		{ "unknown flags", W, H, DRM_FORMAT_XRGB8888, W * 4, 0, 0x80, 0 },
	};
	struct drm_mode_fb_cmd2 cmd;
	struct kms_fb fb;
	unsigned int i;

	kms_fb_create(&dev, &fb, W, H, DRM_FORMAT_XRGB8888);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		cmd = (struct drm_mode_fb_cmd2){
			.width = bad[i].w, .height = bad[i].h, .pixel_format = bad[i].format,
			.flags = bad[i].flags, .handles = { fb.handle },
			.pitches = { bad[i].pitch }, .offsets = { bad[i].offset },
			.modifier = { bad[i].modifier } };
		igt_assert_f(drmIoctl(dev.fd, DRM_IOCTL_MODE_ADDFB2, &cmd), "accepted: %s\n",
			     bad[i].what);
		igt_assert_f(errno == EINVAL || errno == ERANGE, "%s: %s\n", bad[i].what,
			     strerror(errno));
	}
	cmd = (struct drm_mode_fb_cmd2){
		.width = W, .height = H, .pixel_format = DRM_FORMAT_XRGB8888,
		.handles = { fb.handle + 1000 }, .pitches = { W * 4 } };
	igt_assert_f(drmIoctl(dev.fd, DRM_IOCTL_MODE_ADDFB2, &cmd), "accepted: a foreign handle\n");
	igt_assert_eq(errno, ENOENT);
	kms_fb_destroy(&dev, &fb);
}

/* Commits that must fail, tested and for real; the picture on screen survives them. */
static void test_commits(void)
{
	static const struct {
		const char *what, *prop;
		uint64_t value;
	} bad[] = {
		{ "upscaling", "CRTC_W", 2 * W },
		{ "downscaling", "CRTC_H", H / 2 },
		{ "a source beyond the framebuffer", "SRC_X", 1 << 16 },
		{ "a fractional source width", "SRC_W", (W << 16) - 0x8000 },
		{ "a source of no width", "SRC_W", 0 },
		{ "a position beyond 31 bits", "CRTC_X", 0x80000000ULL },
		{ "a framebuffer that is none", "FB_ID", 0xfffffff },
		{ "a plane without its CRTC", "CRTC_ID", 0 },
	};
	static const uint32_t flags[] = { DRM_MODE_ATOMIC_TEST_ONLY, 0, DRM_MODE_ATOMIC_NONBLOCK };
	struct kms_screen screen;
	drmModeAtomicReq *req;
	struct kms_fb fb;
	unsigned int i, k;

	kms_screen_init(&dev, &screen, 0, W, H);
	kms_fb_create(&dev, &fb, W, H, DRM_FORMAT_XRGB8888);
	picture_draw(&fb, 1);
	kms_screen_add(&screen, screen.pipe->primary, &fb, 0, 0);
	crc_check(&dev, &screen);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		for (k = 0; k < sizeof(flags) / sizeof(*flags); k++) {
			req = drmModeAtomicAlloc();
			kms_set(req, &screen.pipe->primary->obj, bad[i].prop, bad[i].value);
			igt_assert_f(drmModeAtomicCommit(dev.fd, req, flags[k], NULL),
				     "accepted with flags %#x: %s\n", flags[k], bad[i].what);
			igt_assert_f(errno == EINVAL || errno == ERANGE || errno == ENOSPC ||
				     errno == ENOENT, "%s: %s\n", bad[i].what, strerror(errno));
			drmModeAtomicFree(req);
		}
	}
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

/* Modes the controller cannot scan. */
static void test_modes(void)
{
	struct kms_screen screen, bad;
	struct kms_fb fb;
	unsigned int i;
	int ret;

	kms_screen_init(&dev, &screen, 0, W, H);
	kms_fb_create(&dev, &fb, W, H, DRM_FORMAT_XRGB8888);
	kms_screen_add(&screen, screen.pipe->primary, &fb, 0, 0);
	for (i = 0; i < 6; i++) {
		bad = screen;
		switch (i) {
		case 0:
			bad.mode.clock = 0;
			break;
		case 1:
			bad.mode.clock = 4000000;
			break;
		case 2:
			bad.mode.htotal = W - 1;
			break;
		case 3:
			bad.mode.vsync_start = H - 10;
			break;
		case 4:
			bad.mode.flags |= DRM_MODE_FLAG_INTERLACE;
			break;
		case 5:
			bad.mode.flags |= DRM_MODE_FLAG_DBLSCAN;
			break;
		}
		ret = kms_try_show(&dev, &bad, DRM_MODE_ATOMIC_ALLOW_MODESET |
				   DRM_MODE_ATOMIC_TEST_ONLY);
		igt_assert_f(ret == EINVAL, "bad mode %u: %s\n", i, strerror(ret));
	}
	igt_assert_eq(kms_try_show(&dev, &screen, DRM_MODE_ATOMIC_ALLOW_MODESET |
				   DRM_MODE_ATOMIC_TEST_ONLY), 0);
	kms_fb_destroy(&dev, &fb);
}

/* Full screens above each other: those within the fetch budget are right, others refused. */
static void test_budget(void)
{
	uint64_t budget, line;	/* both times htotal */
	struct kms_screen screen;
	unsigned int i;
	struct kms_fb fb;
	bool fits;
	int ret;

	kms_screen_init(&dev, &screen, 0, 0, 0);
	kms_fb_create(&dev, &fb, screen.mode.hdisplay, screen.mode.vdisplay, DRM_FORMAT_XRGB8888);
	picture_draw(&fb, 1);
	kms_screen_add(&screen, screen.pipe->primary, &fb, 0, 0);
	crc_check(&dev, &screen);
	budget = (uint64_t)kms_pipe_register(&dev, screen.pipe, "BUDGET") * screen.mode.htotal;
	line = screen.mode.hdisplay * 4ULL * screen.mode.clock;
	for (i = 0; i < screen.pipe->num_overlays; i++) {
		kms_screen_add(&screen, screen.pipe->overlay[i], &fb, 0, 0);
		fits = !budget || (i + 2) * line <= budget;
		igt_info("%u full screens are to be %s\n", i + 2, fits ? "shown" : "refused");
		ret = kms_try_show(&dev, &screen, DRM_MODE_ATOMIC_ALLOW_MODESET |
				   DRM_MODE_ATOMIC_TEST_ONLY);
		igt_assert_eq(ret, fits ? 0 : EINVAL);
		if (fits)
			crc_check(&dev, &screen);
		else
			igt_assert_eq(kms_try_show(&dev, &screen, DRM_MODE_ATOMIC_ALLOW_MODESET),
				      EINVAL);
	}
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

igt_main
{
	igt_fixture
		kms_open(&dev, 0);

	igt_describe("Dumb buffers of no size, odd depth, overflowing size; good ones round up.");
	igt_subtest("dumb")
		test_dumb();

	igt_describe("Framebuffers with bad pitch, size, offset, format, modifier, flags, handle.");
	igt_subtest("addfb")
		test_addfb();

	igt_describe("Scaling, bad rectangles and bad objects are refused in each kind of commit.");
	igt_subtest("commits")
		test_commits();

	igt_describe("Modes beyond the controller's limits are refused by TEST_ONLY.");
	igt_subtest("modes")
		test_modes();

	igt_describe("Layers beyond the pipe's fetch budget are refused, those within it shown.");
	igt_subtest("budget")
		test_budget();

	igt_fixture
		kms_close(&dev);
}
