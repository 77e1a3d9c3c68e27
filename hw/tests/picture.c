// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* Reference pictures; slow on purpose. */
#include <stdlib.h>

#include "picture.h"
#include "vdc_regs.h"

struct picture *picture_new(uint32_t w, uint32_t h, uint32_t rgb)
{
	struct picture *p = malloc(sizeof(*p));
	uint32_t i;

	if (!p)
		abort();
	p->w = w;
	p->h = h;
	p->px = malloc((size_t)w * h * 4);
	if (!p->px)
		abort();
	for (i = 0; i < w * h; i++)
		p->px[i] = rgb & 0xffffff;
	return p;
}

void picture_free(struct picture *p)
{
	free(p->px);
	free(p);
}

/* The finaliser of MurmurHash3 (Austin Appleby, public domain) spreads the bits. */
uint32_t picture_pattern(uint32_t seed, uint32_t x, uint32_t y)
{
	uint32_t k = seed * 0x9e3779b1U ^ x << 16 ^ y;

	k = (k ^ k >> 16) * 0x85ebca6bU;
	k = (k ^ k >> 13) * 0xc2b2ae35U;
	return k ^ k >> 16;
}

void picture_store(void *dst, uint32_t pitch, uint32_t bpp, uint32_t w, uint32_t h, uint32_t seed)
{
	uint32_t x, y, i;

	for (y = 0; y < h; y++)
		for (x = 0; x < w; x++)
			for (i = 0; i < bpp; i++)
				((uint8_t *)dst)[(size_t)y * pitch + x * bpp + i] =
					(uint8_t)(picture_pattern(seed, x, y) >> 8 * i);
}

void picture_draw(struct picture *p, int x, int y, uint32_t w, uint32_t h, uint32_t seed)
{
	int i, j;

	for (j = 0; j < (int)h; j++)
		for (i = 0; i < (int)w; i++)
			if (x + i >= 0 && x + i < (int)p->w && y + j >= 0 && y + j < (int)p->h)
				p->px[(uint32_t)(y + j) * p->w + (uint32_t)(x + i)] =
					picture_pattern(seed, (uint32_t)i, (uint32_t)j) & 0xffffff;
}

void picture_rows(struct picture *p, const struct picture *src, uint32_t from, uint32_t to)
{
	uint32_t i;

	for (i = from * p->w; i < to * p->w; i++)
		p->px[i] = src->px[i];
}

static uint32_t crc_byte(uint32_t crc, uint8_t byte)
{
	int bit;

	crc ^= byte;
	for (bit = 0; bit < 8; bit++)
		crc = crc & 1 ? crc >> 1 ^ 0x82f63b78U : crc >> 1;
	return crc;
}

uint32_t bitwise_crc(const void *data, uint64_t len)
{
	const uint8_t *p = data;
	uint32_t crc = ~0U;

	while (len--)
		crc = crc_byte(crc, *p++);
	return ~crc;
}

uint32_t picture_crc(const struct picture *p)
{
	uint32_t crc = ~0U, i;
	int byte;

	for (i = 0; i < p->w * p->h; i++)
		for (byte = 0; byte < 4; byte++)
			crc = crc_byte(crc, (uint8_t)(p->px[i] >> 8 * byte));
	return ~crc;
}

static double part(uint32_t value, int hi, int lo)
{
	uint32_t max = (1U << (hi - lo + 1)) - 1;

	return (double)(value >> lo & max) / max;
}

struct colour colour_of(uint32_t format, uint32_t v)
{
	switch (format) {
	case VDC_FORMAT_XRGB8888:
		return (struct colour){ part(v, 23, 16), part(v, 15, 8), part(v, 7, 0), 1 };
	case VDC_FORMAT_ARGB8888:
		return (struct colour){ part(v, 23, 16), part(v, 15, 8), part(v, 7, 0),
					part(v, 31, 24) };
	case VDC_FORMAT_XBGR8888:
		return (struct colour){ part(v, 7, 0), part(v, 15, 8), part(v, 23, 16), 1 };
	case VDC_FORMAT_RGB565:
		return (struct colour){ part(v, 15, 11), part(v, 10, 5), part(v, 4, 0), 1 };
	case VDC_FORMAT_XRGB2101010:
		return (struct colour){ part(v, 29, 20), part(v, 19, 10), part(v, 9, 0), 1 };
	default:
		abort();
	}
}

static double over(double s, double d, double a)
{
	double c = s + d * (1 - a);

	return c > 1 ? 1 : c;
}

struct colour colour_over(struct colour s, struct colour d)
{
	return (struct colour){ over(s.r, d.r, s.a), over(s.g, d.g, s.a), over(s.b, d.b, s.a), 1 };
}

uint32_t colour_byte(double c)
{
	return (uint32_t)(c * 255 + 0.5);
}

uint32_t colour_rgb(struct colour c)
{
	return colour_byte(c.r) << 16 | colour_byte(c.g) << 8 | colour_byte(c.b);
}
