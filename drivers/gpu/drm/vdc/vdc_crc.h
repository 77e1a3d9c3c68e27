/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_CRC_H
#define VDC_CRC_H

#include <linux/types.h>

struct drm_crtc;
struct vdc_crtc;

u32 vdc_crc_label(u32 frame, u32 count_offset);
void vdc_crc_restart(struct vdc_crtc *vcrtc);
void vdc_crc_start(struct vdc_crtc *vcrtc);
void vdc_crc_irq(struct vdc_crtc *vcrtc);
const char *const *vdc_crc_get_sources(struct drm_crtc *crtc, size_t *count);
int vdc_crc_set_source(struct drm_crtc *crtc, const char *source);
int vdc_crc_verify_source(struct drm_crtc *crtc, const char *source, size_t *values_cnt);

#endif /* VDC_CRC_H */
