/* SPDX-License-Identifier: MIT */
/* The buffers of a DRM device that have a bus address, from its directory in debugfs. */
#ifndef CMA_DRM_BUFFERS_H
#define CMA_DRM_BUFFERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct drm_buffer - a buffer
 * @address: bus address
 * @size: bytes
 * @origin: where its memory is from as vdc tells ("cma", "pages"...), "": not told
 * @shared: exported as a DMA-BUF, as vdc tells
 * @fb: a framebuffer made of it, the one that is shown if one is; 0: none
 * @comm: who made the framebuffer; "": unknown
 * @pid: its process, -1: unknown, or several of that name
 * @format: "1920x1080 XR24", "" without framebuffer
 * @shown: "plane-0 of crtc-0", "": not shown
 */
struct drm_buffer {
	uint64_t address;
	uint64_t size;
	char origin[16];
	bool shared;
	unsigned int fb;
	char comm[16];
	int pid;
	char format[32];
	char shown[64];
};

/**
 * struct drm_buffers - those of a device
 * @driver: its driver
 * @buffers: buffers, each address once
 * @count: how many
 */
struct drm_buffers {
	char driver[32];
	struct drm_buffer *buffers;
	size_t count;
};

/**
 * drm_buffers_read() - read them
 * @root: as in machine_open()
 * @minor: of the device, its directory is dri/@minor
 * @list: out; drm_buffers_end() frees it
 *
 * vdc lists all its buffers (gem). Other drivers that use the DMA helpers show those that
 * framebuffers are made of (framebuffer).
 * Return: 0 or -ENOMEM.
 */
int drm_buffers_read(const char *root, unsigned int minor, struct drm_buffers *list);

/** drm_buffers_end() - free; one that is all zero is fine */
void drm_buffers_end(struct drm_buffers *list);

#endif /* CMA_DRM_BUFFERS_H */
