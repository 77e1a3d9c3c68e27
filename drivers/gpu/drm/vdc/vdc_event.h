/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_EVENT_H
#define VDC_EVENT_H

#include <linux/types.h>

struct drm_pending_vblank_event;
struct vdc_crtc;

u32 vdc_event_late(u32 count, u32 frame, u32 count_offset);
void vdc_event_send(struct vdc_crtc *vcrtc, struct drm_pending_vblank_event *event);
void vdc_event_send_latched(struct vdc_crtc *vcrtc, struct drm_pending_vblank_event *event,
			    u32 frame);

#endif /* VDC_EVENT_H */
