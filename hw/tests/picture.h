/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * Pictures as they must look, computed the slow and obvious way and without
 * any of the model's code: CRC bit by bit, blending in double precision.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include <stdint.h>

/** struct colour - components 0.0 .. 1.0 */
struct colour {
	double r, g, b, a;
};

/** struct picture - @w by @h pixels, XRGB8888 with X = 0 */
struct picture {
	uint32_t w, h;
	uint32_t *px;
};

/** picture_new() - a picture filled with one XRGB8888 colour; never NULL */
struct picture *picture_new(uint32_t w, uint32_t h, uint32_t rgb);

/** picture_free() - its end */
void picture_free(struct picture *p);

/**
 * picture_pattern() - a pixel of the test pattern
 * @seed: which pattern
 * @x: column
 * @y: row
 * Return: 32 random bits that depend on all three.
 */
uint32_t picture_pattern(uint32_t seed, uint32_t x, uint32_t y);

/**
 * picture_store() - write a pattern to memory
 * @dst: first pixel
 * @pitch: bytes
 * @bpp: bytes of a pixel, 2 or 4; of the pattern's pixels the low ones
 * @w: columns
 * @h: rows
 * @seed: which pattern
 */
void picture_store(void *dst, uint32_t pitch, uint32_t bpp, uint32_t w, uint32_t h, uint32_t seed);

/**
 * picture_draw() - show an XRGB8888 pattern in the picture, clipped to it
 * @p: the picture
 * @x: left edge, may be outside
 * @y: top edge
 * @w: columns of the pattern
 * @h: rows
 * @seed: which pattern
 */
void picture_draw(struct picture *p, int x, int y, uint32_t w, uint32_t h, uint32_t seed);

/** picture_rows() - copy the rows @from .. @to - 1 of @src, of the same size, into @p */
void picture_rows(struct picture *p, const struct picture *src, uint32_t from, uint32_t to);

/** picture_crc() - CRC-32C of the picture, as CRC_VALUE must show it */
uint32_t picture_crc(const struct picture *p);

/** bitwise_crc() - CRC-32C of @len bytes, one bit at a time */
uint32_t bitwise_crc(const void *data, uint64_t len);

/** colour_of() - a pixel of a VDC_FORMAT_*; alpha 1 where the format has none */
struct colour colour_of(uint32_t format, uint32_t value);

/** colour_over() - premultiplied @s over @d, not below 0 and not above 1 */
struct colour colour_over(struct colour s, struct colour d);

/** colour_byte() - a component as a byte, correctly rounded */
uint32_t colour_byte(double c);

/** colour_rgb() - a colour as XRGB8888 with X = 0 */
uint32_t colour_rgb(struct colour c);

#endif /* PICTURE_H */
