/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_PLANE_H
#define VDC_PLANE_H

#include <drm/drm_plane.h>

#include "vdc_layer.h"

struct vdc_device;

/**
 * struct vdc_plane - a layer of a pipe
 * @base: base
 * @pipe: its pipe's number
 * @layer: its own number, bottom-most first
 * @written: what the shadow registers hold; protected by &vdc_crtc.lock
 * @wanted: what they shall hold from the next commit on; protected by &vdc_crtc.lock
 */
struct vdc_plane {
	struct drm_plane base;
	unsigned int pipe;
	unsigned int layer;
	struct vdc_layer_regs written;
	struct vdc_layer_regs wanted;
};

#define to_vdc_plane(plane) container_of(plane, struct vdc_plane, base)

u32 vdc_plane_line_bytes(const struct drm_plane_state *state);
struct vdc_plane *vdc_plane_create(struct vdc_device *vdc, unsigned int pipe, unsigned int layer);

#endif /* VDC_PLANE_H */
