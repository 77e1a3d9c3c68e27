/* SPDX-License-Identifier: MIT */
/*
 * The picture of vdc-flip: different in each frame, cheap to draw and cheap to predict.
 *
 * Most lines never change. The others come in a few kinds, and all lines of a kind are alike: seven
 * of the frame number's dots, one of the frame code at the top and the bottom edge, two under the
 * moving bar. Only these lines are ever computed again, in cached memory, and only what differs
 * from a buffer's old content is copied into it. The frame's CRC follows from the lines' CRCs
 * without touching a pixel.
 *
 * The frame code (the number in binary, one cell a bit) is there twice, so that a picture that is
 * put together from two frames shows two codes.
 */
#ifndef FLIP_PICTURE_H
#define FLIP_PICTURE_H

#include <stdint.h>

#include "vdc_frame.h"

#define PICTURE_DIGITS		8
#define PICTURE_MIN_WIDTH	320
#define PICTURE_MIN_HEIGHT	200

/* Kinds of lines that change. */
enum picture_kind {
	PICTURE_CODE,			/* frame code */
	PICTURE_BARS,			/* colour bars, and the moving bar */
	PICTURE_RAMP,			/* grey steps, and the moving bar */
	PICTURE_DOTS,			/* seven lines of dots: frame number and buffer */
	PICTURE_KINDS = PICTURE_DOTS + 7,
};

#define PICTURE_MAX_RUNS	24

/** struct picture_info - what the static part says */
struct picture_info {
	char output[64];		/* connector and mode */
	char device[96];		/* driver, card, bus */
	char host[96];			/* kernel and architecture */
	char setup[96];			/* buffers, fences, who renders */
	uint32_t buffers;
};

/** struct picture_scene - all that differs between two frames */
struct picture_scene {
	uint32_t code;			/* the frame number */
	uint32_t bar_x;
	uint8_t digit[PICTURE_DIGITS];	/* most significant first */
	uint8_t buffer;
};

/** struct picture_run - lines of one kind that follow each other */
struct picture_run {
	uint32_t y, lines;
	enum picture_kind kind;
};

/**
 * struct picture - layout and current lines
 * @w: pixels
 * @h: lines
 * @unit: size of a dot with its gap
 * @dot: size of a dot
 * @bar_w: width of the moving bar
 * @digits_x: left edge of the frame number
 * @lamps_x: left edge of the buffer lamps
 * @dots_y: first line of dots
 * @buffers: number of lamps
 * @still: the picture without anything that changes, @w * @h
 * @line: a line of each kind, as in the newest frame
 * @line_crc: CRC of each line on screen
 * @shift: moves a CRC over a line
 * @run: where the kinds are
 * @num_runs: how many
 * @scene: what @line shows
 * @drawn: @scene is valid
 */
struct picture {
	uint32_t w, h;
	uint32_t unit, dot, bar_w, digits_x, lamps_x, dots_y, buffers;
	uint32_t *still;
	uint32_t *line[PICTURE_KINDS];
	uint32_t *line_crc;
	struct vdc_crc_shift shift;
	struct picture_run run[PICTURE_MAX_RUNS];
	unsigned int num_runs;
	struct picture_scene scene;
	bool drawn;
};

/**
 * struct picture_canvas - a buffer that pictures are drawn into
 * @pixels: XRGB8888; only written
 * @pitch: bytes
 * @scene: what it shows
 * @drawn: it shows anything
 */
struct picture_canvas {
	uint32_t *pixels;
	uint32_t pitch;
	struct picture_scene scene;
	bool drawn;
};

/**
 * picture_init() - draw the static part
 * @p: out
 * @w: pixels, at least PICTURE_MIN_WIDTH
 * @h: lines, at least PICTURE_MIN_HEIGHT
 * @info: what it says
 * Return: 0, -EINVAL, -ENOMEM. Free with picture_free().
 */
int picture_init(struct picture *p, uint32_t w, uint32_t h, const struct picture_info *info);

/**
 * picture_draw() - draw a frame into a buffer, wherever the buffer differs from it
 * @p: the picture
 * @canvas: the buffer, with whatever frame it had
 * @frame: frame number
 * @buffer: number of the buffer, shown in the picture
 * Return: the CRC that the controller must report for the buffer.
 */
uint32_t picture_draw(struct picture *p, struct picture_canvas *canvas, uint32_t frame,
		      uint32_t buffer);

/**
 * picture_free() - free
 * @p: initialised or zeroed
 */
void picture_free(struct picture *p);

/**
 * picture_still_draw() - the static part, by cairo
 * @p: with its layout set
 * @info: what it says
 * Return: 0 or -ENOMEM.
 */
int picture_still_draw(struct picture *p, const struct picture_info *info);

#endif /* FLIP_PICTURE_H */
