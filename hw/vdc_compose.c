// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * From fetched bytes to output pixels.
 *
 * A line goes one of two ways. Where a single opaque 32-bit layer covers all of
 * it and nothing lies above, the fetched bytes are the output and only the CRC
 * reads them. Otherwise the line is built in 16-bit components: background,
 * then each layer that crosses it, bottom to top, then rounding to 8 bits.
 */
#include "vdc_internal.h"

/* A pixel in 16-bit components, colour premultiplied where the layer blends. */
struct px16 {
	uint16_t r, g, b, a;
};

/* Components of n bits widen to 16 by repeating them, so that all-ones stays all-ones. */
static inline uint16_t widen8(uint32_t v)
{
	return (uint16_t)(v * 0x101);
}

static inline uint16_t widen10(uint32_t v)
{
	return (uint16_t)(v << 6 | v >> 4);
}

static inline uint16_t widen5(uint32_t v)
{
	return (uint16_t)(v << 11 | v << 6 | v << 1 | v >> 4);
}

static inline uint16_t widen6(uint32_t v)
{
	return (uint16_t)(v << 10 | v << 4 | v >> 2);
}

/* v * 255 / 65535 to the nearest integer; exact for all 65536 values (checked by test). */
static inline uint32_t narrow8(uint32_t v)
{
	return (v * 255 + 32895) >> 16;
}

static void unpack_xrgb8888(struct px16 *out, const uint8_t *in, uint32_t n)
{
	for (; n; n--, in += 4)
		*out++ = (struct px16){ widen8(in[2]), widen8(in[1]), widen8(in[0]), 0xffff };
}

static void unpack_argb8888(struct px16 *out, const uint8_t *in, uint32_t n)
{
	for (; n; n--, in += 4)
		*out++ = (struct px16){ widen8(in[2]), widen8(in[1]), widen8(in[0]),
					widen8(in[3]) };
}

static void unpack_xbgr8888(struct px16 *out, const uint8_t *in, uint32_t n)
{
	for (; n; n--, in += 4)
		*out++ = (struct px16){ widen8(in[0]), widen8(in[1]), widen8(in[2]), 0xffff };
}

static void unpack_rgb565(struct px16 *out, const uint8_t *in, uint32_t n)
{
	for (; n; n--, in += 2) {
		uint32_t v = in[0] | (uint32_t)in[1] << 8;

		*out++ = (struct px16){ widen5(v >> 11), widen6(v >> 5 & 0x3f),
					widen5(v & 0x1f), 0xffff };
	}
}

static void unpack_xrgb2101010(struct px16 *out, const uint8_t *in, uint32_t n)
{
	for (; n; n--, in += 4) {
		uint32_t v = in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 |
			     (uint32_t)in[3] << 24;

		*out++ = (struct px16){ widen10(v >> 20 & 0x3ff), widen10(v >> 10 & 0x3ff),
					widen10(v & 0x3ff), 0xffff };
	}
}

/* One row a format, indexed by VDC_FORMAT_*. */
static const struct {
	uint8_t bpp;
	void (*unpack)(struct px16 *out, const uint8_t *in, uint32_t n);
} formats[VDC_NUM_FORMATS] = {
	[VDC_FORMAT_XRGB8888] =		{ 4, unpack_xrgb8888 },
	[VDC_FORMAT_ARGB8888] =		{ 4, unpack_argb8888 },
	[VDC_FORMAT_XBGR8888] =		{ 4, unpack_xbgr8888 },
	[VDC_FORMAT_RGB565] =		{ 2, unpack_rgb565 },
	[VDC_FORMAT_XRGB2101010] =	{ 4, unpack_xrgb2101010 },
};

unsigned int vdc_format_bpp(uint32_t format)
{
	return format < VDC_NUM_FORMATS ? formats[format].bpp : 0;
}

/* An 8-bit layer whose pixels are output pixels as they are. */
static bool is_identity(const struct vdc_frame_layer *l)
{
	return l->format == VDC_FORMAT_XRGB8888 ||
	       (l->format == VDC_FORMAT_ARGB8888 && l->blend == VDC_BLEND_NONE);
}

static bool crosses(const struct vdc_frame_layer *l, uint32_t y)
{
	return y - l->y < l->h;		/* unsigned: also false above the layer */
}

static const uint8_t *layer_line(const struct vdc_frame_layer *l, uint32_t y)
{
	return l->data + (size_t)(y - l->y) * l->pitch;
}

/* a * b / 65535 to the nearest integer */
static inline uint32_t mul16(uint32_t a, uint32_t b)
{
	uint32_t t = a * b;

	/* 65535 * 65535 + 32768 + 65535 still fits */
	t += 32768;
	return (t + (t >> 16)) >> 16;
}

static inline uint16_t over(uint32_t src, uint32_t dst, uint32_t inverse_alpha)
{
	uint32_t v = src + mul16(dst, inverse_alpha);

	return (uint16_t)(v < 65535 ? v : 65535);	/* colour above alpha saturates */
}

static void blend(struct px16 *dst, const struct px16 *src, uint32_t n)
{
	for (; n; n--, dst++, src++) {
		uint32_t ia = 65535U - src->a;

		dst->r = over(src->r, dst->r, ia);
		dst->g = over(src->g, dst->g, ia);
		dst->b = over(src->b, dst->b, ia);
	}
}

static void fill(struct px16 *dst, uint32_t background, uint32_t n)
{
	struct px16 bg = {
		widen10(VDC_GET(VDC_PIPE_BACKGROUND_R, background)),
		widen10(VDC_GET(VDC_PIPE_BACKGROUND_G, background)),
		widen10(VDC_GET(VDC_PIPE_BACKGROUND_B, background)), 0xffff
	};

	for (; n; n--)
		*dst++ = bg;
}

/* A blended layer is unpacked in chunks of so many pixels, to stay off a small stack. */
#define CHUNK	128U

static void add_layer(struct px16 *line, const struct vdc_frame_layer *l, uint32_t y)
{
	const uint8_t *in = layer_line(l, y);
	struct px16 unpacked[CHUNK];
	uint32_t x, n;

	if (l->blend == VDC_BLEND_NONE || l->format != VDC_FORMAT_ARGB8888) {
		formats[l->format].unpack(line + l->x, in, l->w);
		return;
	}
	for (x = 0; x < l->w; x += n) {
		n = l->w - x < CHUNK ? l->w - x : CHUNK;
		formats[l->format].unpack(unpacked, in + (size_t)x * formats[l->format].bpp, n);
		blend(line + l->x + x, unpacked, n);
	}
}

static void compose_line(const struct vdc_frame *f, uint32_t y, uint32_t *out)
{
	struct px16 *line = f->scratch;
	uint32_t i, x;

	fill(line, f->background, f->w);
	for (i = 0; i < f->num_layers; i++)
		if (crosses(&f->layer[i], y))
			add_layer(line, &f->layer[i], y);
	for (x = 0; x < f->w; x++)
		out[x] = 0xff000000U | narrow8(line[x].r) << 16 | narrow8(line[x].g) << 8 |
			 narrow8(line[x].b);
}

/* The layer whose bytes are this line's output, or NULL. */
static const struct vdc_frame_layer *identity_layer(const struct vdc_frame *f, uint32_t y)
{
	const struct vdc_frame_layer *top = NULL;
	uint32_t i;

	for (i = 0; i < f->num_layers; i++)
		if (crosses(&f->layer[i], y))
			top = &f->layer[i];
	return top && top->w == f->w && is_identity(top) ? top : NULL;
}

static void copy_opaque(uint32_t *out, const uint32_t *in, uint32_t n)
{
	for (; n; n--)
		*out++ = *in++ | 0xff000000U;
}

void vdc_frame_compose(struct vdc_frame *f)
{
	bool want_pixels = f->flags & (VDC_FRAME_WRITEBACK | VDC_FRAME_DISPLAY);
	uint32_t *own_line = (uint32_t *)((uint8_t *)f->scratch +
					  (size_t)f->w * sizeof(struct px16));
	const struct vdc_frame_layer *top;
	const uint32_t *src;
	uint32_t crc = 0, y;

	if (!f->flags)
		return;
	for (y = 0; y < f->h; y++) {
		uint32_t *out = want_pixels ? f->pixels + (size_t)y * f->w : own_line;

		top = identity_layer(f, y);
		src = out;
		if (!top)
			compose_line(f, y, out);
		else if (want_pixels)
			copy_opaque(out, (const uint32_t *)layer_line(top, y), f->w);
		else
			src = (const uint32_t *)layer_line(top, y);
		if (f->flags & VDC_FRAME_CRC)
			crc = vdc_crc_pixels(crc, src, f->w);
	}
	f->crc = crc;
}
