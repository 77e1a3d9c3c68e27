/* SPDX-License-Identifier: MIT */
/* A stored frame as PNG. */
#ifndef GRAB_PNG_H
#define GRAB_PNG_H

#include <stdint.h>

/**
 * struct png_picture - pixels as PNG and CRC want them
 * @width: pixels
 * @height: lines
 * @pitch: bytes from a line to the next
 * @pixels: XRGB8888, allocated
 */
struct png_picture {
	uint32_t width, height, pitch;
	uint32_t *pixels;
};

/**
 * png_take() - copy pixels out of a buffer, reading it once
 * @p: out
 * @from: the buffer
 * @pitch: its bytes from a line to the next
 * @width: pixels
 * @height: lines
 * @format: DRM_FORMAT_[XA](RGB|BGR)8888
 * Return: 0 or -ENOMEM. Free with png_free().
 */
int png_take(struct png_picture *p, const void *from, uint32_t pitch, uint32_t width,
	     uint32_t height, uint32_t format);

/**
 * png_crc() - the CRC that the controller computes over such a frame
 * @p: the picture
 * Return: CRC-32C.
 */
uint32_t png_crc(const struct png_picture *p);

/**
 * png_write() - write the file
 * @p: the picture
 * @path: a file, or "-"
 * Return: 0 or a negative errno after a message; a file that is not complete is removed.
 */
int png_write(const struct png_picture *p, const char *path);

/**
 * png_free() - free
 * @p: taken or zeroed
 */
void png_free(struct png_picture *p);

#endif /* GRAB_PNG_H */
