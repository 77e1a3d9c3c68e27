/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_GEM_H
#define VDC_GEM_H

#include <linux/list.h>

#include <drm/drm_gem_dma_helper.h>

struct dma_buf_attachment;
struct drm_file;
struct drm_mode_create_dumb;
struct drm_mode_fb_cmd2;
struct drm_printer;
struct sg_table;
struct vdc_device;

/**
 * struct vdc_gem_object - a buffer at contiguous bus addresses
 * @base: base; must come first, the helper frees it
 * @link: in &vdc_device.gem_list
 */
struct vdc_gem_object {
	struct drm_gem_dma_object base;
	struct list_head link;
};

#define to_vdc_gem_object(obj) \
	container_of(to_drm_gem_dma_obj(obj), struct vdc_gem_object, base)

struct drm_gem_object *vdc_gem_create_object(struct drm_device *drm, size_t size);
int vdc_gem_dumb_create(struct drm_file *file, struct drm_device *drm,
			struct drm_mode_create_dumb *args);
struct drm_gem_object *vdc_gem_import(struct drm_device *drm, struct dma_buf_attachment *attach,
				      struct sg_table *sgt);
struct drm_framebuffer *vdc_gem_fb_create(struct drm_device *drm, struct drm_file *file,
					  const struct drm_mode_fb_cmd2 *cmd);
void vdc_gem_print_list(struct vdc_device *vdc, struct drm_printer *p);

#endif /* VDC_GEM_H */
