/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_SPACE_H
#define VDC_SPACE_H

#include <linux/types.h>

struct vdc_backing;
struct vdc_device;
struct vdc_gem_object;
struct vdc_window_map;

unsigned long vdc_space_align(size_t size);
void vdc_space_note(struct vdc_device *vdc, const struct vdc_backing *backing);
bool vdc_space_may_move(const struct vdc_gem_object *vobj);
int vdc_space_read(struct vdc_device *vdc, unsigned long margin, unsigned long below,
		   struct vdc_window_map *map);
void vdc_space_free(struct vdc_window_map *map);

#endif /* VDC_SPACE_H */
