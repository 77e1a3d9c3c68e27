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
struct page;
struct sg_table;
struct dma_buf;
struct drm_framebuffer;
struct vdc_backing;
struct vdc_device;

/**
 * struct vdc_gem_object - a buffer at contiguous bus addresses
 * @base: base; must come first, the helper frees it
 * @link: in &vdc_device.gem_list
 * @purge_link: in &vdc_device.purge_list
 * @backing: its memory, or NULL for an import, or when it is gone
 * @pins: who needs its memory to stay where it is
 * @dont_need: DRM_VDC_MADV_DONTNEED
 * @exported: it was exported once; others may have it
 * @scratch: what its mappings have when the device is gone, or NULL
 *
 * All but the links are protected by the object's dma_resv lock.
 */
struct vdc_gem_object {
	struct drm_gem_dma_object base;
	struct list_head link;
	struct list_head purge_link;
	struct vdc_backing *backing;
	unsigned int pins;
	bool dont_need;
	bool exported;
	struct page *scratch;
};

/**
 * struct vdc_gem_usage - what the buffers of a device hold
 * @count: buffers with memory of the device's own
 * @bytes: of this memory
 * @shared: of @count those that were exported
 * @pinned: of @count those that must stay where they are
 */
struct vdc_gem_usage {
	unsigned int count;
	size_t bytes;
	unsigned int shared;
	unsigned int pinned;
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
int vdc_gem_create_handle(struct drm_file *file, struct vdc_device *vdc, size_t size, u32 *handle);
bool vdc_gem_fb_is_needed(const struct drm_framebuffer *fb);
int vdc_gem_pin_fb(struct drm_framebuffer *fb);
void vdc_gem_unpin_fb(struct drm_framebuffer *fb);
void vdc_gem_usage(struct vdc_device *vdc, struct vdc_gem_usage *usage);
void vdc_gem_print_list(struct vdc_device *vdc, struct drm_printer *p);

#endif /* VDC_GEM_H */
