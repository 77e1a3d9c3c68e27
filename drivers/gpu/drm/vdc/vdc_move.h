/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_MOVE_H
#define VDC_MOVE_H

#include <linux/types.h>

struct vdc_backing;
struct vdc_device;

/**
 * struct vdc_move_report - what was done to make room
 * @buffers: that were moved
 * @bytes: of these
 * @reclaimed: bytes that were given back while it waited, or at the end
 * @windows: that were tried
 * @longest: pages there would be in one piece, aligned, without all that may move, or 0
 * @why: why there is still no room, for people
 */
struct vdc_move_report {
	unsigned int buffers;
	size_t bytes;
	size_t reclaimed;
	unsigned int windows;
	unsigned long longest;
	const char *why;
};

struct vdc_backing *vdc_move_make_room(struct vdc_device *vdc, size_t size,
				       struct vdc_move_report *report);

#endif /* VDC_MOVE_H */
