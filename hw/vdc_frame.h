/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * A frame: everything that is needed to compute one frame's output pixels and
 * their CRC, and nothing else. The model fills frames while the beam runs and
 * hands them to the host; tools fill them by hand to predict a CRC. Composing
 * reads no model state, so it may run in any thread.
 */
#ifndef VDC_FRAME_H
#define VDC_FRAME_H

#include "vdc_types.h"

/* Bytes of scratch memory vdc_frame_compose() needs for a line of @w pixels. */
#define VDC_SCRATCH_BYTES(w)	((size_t)(w) * 12)

/**
 * struct vdc_frame_layer - one enabled layer of a frame, bottom-most first
 * @format: VDC_FORMAT_*
 * @blend: VDC_BLEND_*
 * @x: left edge on the screen, pixels; the layer lies inside the screen
 * @y: top edge on the screen, lines
 * @w: width, pixels
 * @h: height, lines
 * @data: first pixel; may be a tool's own buffer
 * @pitch: bytes from one line of @data to the next
 * @index: the model's own: number of the layer's registers
 */
struct vdc_frame_layer {
	uint32_t format;
	uint32_t blend;
	uint32_t x, y, w, h;
	uint8_t *data;
	uint32_t pitch;
	uint32_t index;
};

#define VDC_FRAME_CRC		VDC_BIT(0)	/* compute @crc */
#define VDC_FRAME_WRITEBACK	VDC_BIT(1)	/* @pixels go to memory at @wb_addr */
#define VDC_FRAME_DISPLAY	VDC_BIT(2)	/* the host wants @pixels */

/**
 * struct vdc_frame - a frame on its way from the beam to CRC, writeback and display
 * @pipe: pipe that scanned it
 * @number: frame number since that pipe was enabled
 * @epoch: the model's own: tells frames of before a reset from later ones
 * @crc_epoch: the model's own: the same for restarts of the CRC
 * @flags: VDC_FRAME_*: who wants it. A host may set VDC_FRAME_DISPLAY in
 *	&vdc_host_ops.frame_get; the model sets the others
 * @w: active width, pixels
 * @h: active height, lines
 * @background: VDC_PIPE_BACKGROUND's value
 * @num_layers: how many of @layer are used
 * @layer: the enabled layers, bottom-most first
 * @wb_addr: bus address for writeback
 * @wb_pitch: bytes from a line to the next, writeback
 * @crc: out: CRC-32C of the output pixels, see vdc_frame_compose()
 * @pixels: out: XRGB8888 with X = 0xff, @w pixels a line without padding;
 *	needed for WRITEBACK and DISPLAY, host's memory
 * @store: host's memory for the fetched bytes
 * @store_bytes: size of @store
 * @scratch: host's memory, VDC_SCRATCH_BYTES(@w), 8-byte aligned
 * @host: the host's own
 */
struct vdc_frame {
	uint32_t pipe;
	uint64_t number;
	uint32_t epoch, crc_epoch;
	uint32_t flags;
	uint32_t w, h;
	uint32_t background;
	uint32_t num_layers;
	struct vdc_frame_layer layer[VDC_MAX_LAYERS];
	uint64_t wb_addr;
	uint32_t wb_pitch;
	uint32_t crc;
	uint32_t *pixels;
	uint8_t *store;
	size_t store_bytes;
	void *scratch;
	void *host;
};

/**
 * vdc_frame_compose() - compute the output of a frame
 * @f: the frame; @f->layer's rectangles must lie inside @f->w by @f->h
 *
 * Each layer is unpacked to 16-bit components, blended bottom to top over the
 * background, and rounded to 8 bits. The CRC runs over the output pixels in
 * raster order as little-endian XRGB8888 words with X = 0. Does nothing when
 * @f->flags is 0. Context: any; takes no lock.
 */
void vdc_frame_compose(struct vdc_frame *f);

/**
 * vdc_format_bpp() - bytes a pixel of a format
 * @format: VDC_FORMAT_*
 * Return: 2 or 4, or 0 for a number that is no format.
 */
unsigned int vdc_format_bpp(uint32_t format);

/**
 * vdc_crc() - continue a CRC-32C (Castagnoli; RFC 3720 appendix B.4)
 * @crc: what vdc_crc() returned for the bytes before, 0 at the start
 * @data: the bytes
 * @len: how many
 * Return: the CRC of all bytes so far, with the usual inversions at both ends.
 */
uint32_t vdc_crc(uint32_t crc, const void *data, size_t len);

/**
 * vdc_crc_pixels() - as vdc_crc(), over XRGB8888 pixels with X read as 0
 * @crc: the CRC so far
 * @px: the pixels, 4-byte aligned
 * @n: how many
 * Return: the CRC of all bytes so far.
 */
uint32_t vdc_crc_pixels(uint32_t crc, const uint32_t *px, size_t n);

/**
 * vdc_crc_table() - vdc_crc() a byte at a time and without special instructions
 * @crc: the CRC so far
 * @data: the bytes
 * @len: how many
 *
 * The plain reference that tests hold the fast paths against.
 * Return: the CRC of all bytes so far.
 */
uint32_t vdc_crc_table(uint32_t crc, const void *data, size_t len);

/**
 * struct vdc_crc_shift - operator that moves a CRC over a fixed number of bytes
 * @table: its action on each byte of the CRC; a linear map over GF(2)
 */
struct vdc_crc_shift {
	uint32_t table[4][256];
};

/**
 * vdc_crc_shift_init() - prepare the operator for blocks of @len bytes
 * @s: the operator
 * @len: bytes
 */
void vdc_crc_shift_init(struct vdc_crc_shift *s, uint64_t len);

/**
 * vdc_crc_append() - CRC of A followed by B, from the CRCs of both
 * @s: operator for B's length
 * @a: CRC of A
 * @b: CRC of B
 * Return: the CRC of both. This is how a tool predicts the CRC of a frame of
 * repeated lines without touching every pixel.
 */
static inline uint32_t vdc_crc_append(const struct vdc_crc_shift *s, uint32_t a, uint32_t b)
{
	return s->table[0][a & 0xff] ^ s->table[1][(a >> 8) & 0xff] ^
	       s->table[2][(a >> 16) & 0xff] ^ s->table[3][a >> 24] ^ b;
}

#endif /* VDC_FRAME_H */
