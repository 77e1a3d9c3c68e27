/* SPDX-License-Identifier: MIT */
/* A stored frame as PNG. */
#ifndef GRAB_SHOT_H
#define GRAB_SHOT_H

#include <stdint.h>

/**
 * struct shot - pixels as PNG and CRC want them
 * @width: pixels
 * @height: lines
 * @pitch: bytes from a line to the next
 * @pixels: XRGB8888, allocated
 */
struct shot {
	uint32_t width, height, pitch;
	uint32_t *pixels;
};

/**
 * shot_take() - copy pixels out of a buffer, reading it once
 * @p: out
 * @from: the buffer
 * @pitch: its bytes from a line to the next
 * @width: pixels
 * @height: lines
 * @format: DRM_FORMAT_[XA](RGB|BGR)8888
 * Return: 0 or -ENOMEM. Free with shot_free().
 */
int shot_take(struct shot *p, const void *from, uint32_t pitch, uint32_t width,
	      uint32_t height, uint32_t format);

/**
 * shot_crc() - the CRC that the controller computes over such a frame
 * @p: the picture
 * Return: CRC-32C.
 */
uint32_t shot_crc(const struct shot *p);

/**
 * shot_write() - write the file
 * @p: the picture
 * @path: a file, or "-"
 * Return: 0 or a negative errno after a message; a file that is not complete is removed.
 */
int shot_write(const struct shot *p, const char *path);

/**
 * shot_free() - free
 * @p: taken or zeroed
 */
void shot_free(struct shot *p);

#endif /* GRAB_SHOT_H */
