// SPDX-License-Identifier: MIT
/* Test pictures and the prediction of what a screen of them shows. */
#include "igt_abi.h"
#include "vdc_picture.h"
#include "vdc_frame.h"

static const struct {
	uint32_t drm, vdc, blend;
} formats[] = {
	{ DRM_FORMAT_XRGB8888, VDC_FORMAT_XRGB8888, VDC_BLEND_NONE },
	{ DRM_FORMAT_ARGB8888, VDC_FORMAT_ARGB8888, VDC_BLEND_PREMULTI },
	{ DRM_FORMAT_XBGR8888, VDC_FORMAT_XBGR8888, VDC_BLEND_NONE },
	{ DRM_FORMAT_RGB565, VDC_FORMAT_RGB565, VDC_BLEND_NONE },
	{ DRM_FORMAT_XRGB2101010, VDC_FORMAT_XRGB2101010, VDC_BLEND_NONE },
};

static uint32_t next_random(uint32_t *state)
{
	/* Marsaglia, "Xorshift RNGs" (2003), the triple 13, 17, 5 */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* A premultiplied colour: no component above alpha. */
static uint32_t premultiply(uint32_t px)
{
	uint32_t a = px >> 24, r = px >> 16 & 0xff, g = px >> 8 & 0xff, b = px & 0xff;

	return a << 24 | (r * a / 255) << 16 | (g * a / 255) << 8 | b * a / 255;
}

void picture_draw(struct kms_fb *fb, uint32_t seed)
{
	uint32_t bpp = kms_bpp(fb->format), line = fb->width * bpp, y, i;
	uint32_t state = seed * 2654435761U + 1;
	uint32_t *noise = malloc(line * 2 + 8);

	/* Two lines of noise; line y shows the part that starts y * 7 pixels in, modulo a line. */
	igt_assert(noise);
	for (i = 0; i < line * 2 / 4 + 1; i++) {
		noise[i] = next_random(&state);
		if (fb->format == DRM_FORMAT_ARGB8888)
			noise[i] = premultiply(noise[i]);
	}
	if (!fb->image)
		fb->image = calloc(fb->height, fb->pitch);
	igt_assert(fb->image);
	for (y = 0; y < fb->height; y++)
		memcpy(fb->image + (size_t)y * fb->pitch, (uint8_t *)noise +
		       (size_t)((y * 7 + y / fb->width) % fb->width) * bpp, line);
	free(noise);
	if (fb->map)
		memcpy(fb->map, fb->image, (size_t)fb->pitch * fb->height);
}

/* The part of a layer that is on the screen; false if there is none. */
static bool clip(const struct kms_layer *in, const drmModeModeInfo *mode,
		 struct vdc_frame_layer *out)
{
	int x0 = in->x < 0 ? 0 : in->x, y0 = in->y < 0 ? 0 : in->y;
	int x1 = in->x + (int)in->fb->width, y1 = in->y + (int)in->fb->height;
	unsigned int i;

	x1 = x1 < mode->hdisplay ? x1 : mode->hdisplay;
	y1 = y1 < mode->vdisplay ? y1 : mode->vdisplay;
	if (x0 >= x1 || y0 >= y1)
		return false;
	for (i = 0; formats[i].drm != in->fb->format; i++)
		igt_assert(i + 1 < sizeof(formats) / sizeof(*formats));
	igt_assert_f(in->fb->image, "a layer without a picture cannot be predicted\n");
	*out = (struct vdc_frame_layer){
		.format = formats[i].vdc,
		.blend = in->opaque ? VDC_BLEND_NONE : formats[i].blend,
		.x = x0, .y = y0, .w = x1 - x0, .h = y1 - y0,
		.data = in->fb->image + (size_t)(y0 - in->y) * in->fb->pitch +
			(size_t)(x0 - in->x) * kms_bpp(in->fb->format),
		.pitch = in->fb->pitch,
	};
	return true;
}

static uint32_t compose(const struct kms_screen *screen, uint32_t *pixels)
{
	struct vdc_frame frame = {
		.flags = VDC_FRAME_CRC | (pixels ? VDC_FRAME_WRITEBACK : 0),
		.w = screen->mode.hdisplay, .h = screen->mode.vdisplay,
		.pixels = pixels,
	};
	unsigned int i;

	frame.scratch = aligned_alloc(64, (VDC_SCRATCH_BYTES(frame.w) + 63) / 64 * 64);
	igt_assert(frame.scratch);
	for (i = 0; i < screen->num_layers; i++)
		if (clip(&screen->layer[i], &screen->mode, &frame.layer[frame.num_layers]))
			frame.num_layers++;
	vdc_frame_compose(&frame);
	free(frame.scratch);
	return frame.crc;
}

uint32_t *picture_compose(const struct kms_screen *screen)
{
	uint32_t *pixels = malloc((size_t)screen->mode.hdisplay * screen->mode.vdisplay * 4);

	igt_assert(pixels);
	compose(screen, pixels);
	return pixels;
}

uint32_t picture_crc(const struct kms_screen *screen)
{
	return compose(screen, NULL);
}
