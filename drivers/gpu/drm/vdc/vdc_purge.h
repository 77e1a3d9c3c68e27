/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_PURGE_H
#define VDC_PURGE_H

#include <linux/types.h>

struct drm_gem_object;
struct vdc_device;

int vdc_purge_pin(struct drm_gem_object *obj);
void vdc_purge_unpin(struct drm_gem_object *obj);
int vdc_purge_advise(struct drm_gem_object *obj, bool needed, bool *retained);
size_t vdc_purge_all(struct vdc_device *vdc);
void vdc_purge_unplug(struct vdc_device *vdc);
int vdc_purge_init(struct vdc_device *vdc);

#endif /* VDC_PURGE_H */
