/* SPDX-License-Identifier: MIT */
/* A dumb XRGB8888 (or like) buffer with a framebuffer object, mapped or exported on request. */
#ifndef KMS_BUFFER_H
#define KMS_BUFFER_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct kms_buffer - a buffer
 * @width: pixels
 * @height: lines
 * @format: DRM_FORMAT_* of 32 bits a pixel
 * @pitch: bytes from a line to the next
 * @size: bytes
 * @handle: GEM handle, 0 when there is no buffer
 * @fb: framebuffer id
 * @map: pixels, NULL when not mapped
 */
struct kms_buffer {
	uint32_t width, height, format, pitch;
	uint64_t size;
	uint32_t handle, fb;
	void *map;
};

/**
 * kms_buffer_create() - allocate a buffer and its framebuffer
 * @b: out
 * @fd: the device
 * @width: pixels
 * @height: lines
 * @format: DRM_FORMAT_* of 32 bits a pixel
 * Return: 0, or a negative errno after a message. Free with kms_buffer_destroy().
 */
int kms_buffer_create(struct kms_buffer *b, int fd, uint32_t width, uint32_t height,
		      uint32_t format);

/**
 * kms_buffer_map() - map the pixels into this process
 * @b: the buffer
 * @fd: the device
 * Return: 0, or a negative errno after a message.
 */
int kms_buffer_map(struct kms_buffer *b, int fd);

/**
 * kms_buffer_export() - export as DMA-BUF, writable
 * @b: the buffer
 * @fd: the device
 * Return: a file descriptor, or a negative errno after a message.
 */
int kms_buffer_export(const struct kms_buffer *b, int fd);

/**
 * kms_buffer_destroy() - unmap and free
 * @b: created or zeroed
 * @fd: the device
 */
void kms_buffer_destroy(struct kms_buffer *b, int fd);

#endif /* KMS_BUFFER_H */
