/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_VBLANK_H
#define VDC_VBLANK_H

#include <linux/ktime.h>
#include <linux/types.h>

struct drm_crtc;
struct drm_display_mode;

int vdc_vblank_line(unsigned int line, unsigned int vdisplay, unsigned int vtotal);
int vdc_vblank_enable(struct drm_crtc *crtc);
void vdc_vblank_disable(struct drm_crtc *crtc);
u32 vdc_vblank_counter(struct drm_crtc *crtc);
bool vdc_vblank_get_scanout_position(struct drm_crtc *crtc, bool in_vblank_irq,
				     int *vpos, int *hpos, ktime_t *stime, ktime_t *etime,
				     const struct drm_display_mode *mode);

#endif /* VDC_VBLANK_H */
