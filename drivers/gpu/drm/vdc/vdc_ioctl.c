// SPDX-License-Identifier: GPL-2.0-only
/* The driver's own ioctls: uapi/drm/vdc_drm.h says what they do. */

#include <linux/capability.h>
#include <linux/dma-resv.h>

#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_print.h>
#include <drm/vdc_drm.h>

#include "vdc_backing.h"
#include "vdc_drv.h"
#include "vdc_gem.h"
#include "vdc_ioctl.h"
#include "vdc_purge.h"

static int vdc_ioctl_get_param(struct drm_device *drm, void *data, struct drm_file *file)
{
	const struct vdc_caps *caps = &drm_to_vdc(drm)->caps;
	struct drm_vdc_get_param *args = data;

	if (args->pad)
		return -EINVAL;
	switch (args->param) {
	case DRM_VDC_PARAM_PITCH_ALIGN:
		args->value = caps->pitch_align;
		return 0;
	case DRM_VDC_PARAM_ADDR_ALIGN:
		args->value = caps->addr_align;
		return 0;
	case DRM_VDC_PARAM_CREATE_FLAGS:
		args->value = 0;
		return 0;
	}
	drm_dbg(drm, "no parameter %u\n", args->param);
	return -EINVAL;
}

static int vdc_ioctl_gem_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_vdc_gem_create *args = data;

	if (args->flags || !args->size || args->size > SIZE_MAX - PAGE_SIZE) {
		drm_dbg(drm, "no buffer of %llu bytes with flags %#x\n", args->size, args->flags);
		return -EINVAL;
	}
	args->size = PAGE_ALIGN(args->size);
	return vdc_gem_create_handle(file, drm_to_vdc(drm), args->size, &args->handle);
}

static int vdc_ioctl_gem_madvise(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_vdc_gem_madvise *args = data;
	struct drm_gem_object *obj;
	bool retained;
	int ret;

	if (args->pad || (args->madv != DRM_VDC_MADV_WILLNEED &&
			  args->madv != DRM_VDC_MADV_DONTNEED)) {
		drm_dbg(drm, "no advice %u\n", args->madv);
		return -EINVAL;
	}
	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;
	ret = vdc_purge_advise(obj, args->madv == DRM_VDC_MADV_WILLNEED, &retained);
	if (!ret)
		args->retained = retained;
	drm_gem_object_put(obj);
	return ret;
}

static u32 vdc_ioctl_backing(const struct vdc_gem_object *vobj)
{
	if (vobj->base.base.import_attach)
		return DRM_VDC_BACKING_IMPORTED;
	if (!vobj->backing)
		return DRM_VDC_BACKING_NONE;
	switch (vobj->backing->origin) {
	case VDC_ORIGIN_CMA:
		return DRM_VDC_BACKING_CMA;
	case VDC_ORIGIN_POOL:
		return DRM_VDC_BACKING_POOL;
	case VDC_ORIGIN_PAGES:
		return DRM_VDC_BACKING_PAGES;
	}
	return DRM_VDC_BACKING_NONE;
}

static int vdc_ioctl_gem_info(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_vdc_gem_info *args = data;
	struct drm_gem_object *obj = drm_gem_object_lookup(file, args->handle);
	struct vdc_gem_object *vobj;
	int ret;

	if (!obj)
		return -ENOENT;
	vobj = to_vdc_gem_object(obj);
	ret = dma_resv_lock_interruptible(obj->resv, NULL);
	if (!ret) {
		args->flags = 0;
		args->size = obj->size;
		args->backing = vdc_ioctl_backing(vobj);
		args->state = (vobj->exported ? DRM_VDC_GEM_INFO_SHARED : 0) |
			      (vobj->pins ? DRM_VDC_GEM_INFO_PINNED : 0) |
			      (vobj->dont_need ? DRM_VDC_GEM_INFO_PURGEABLE : 0);
		args->dma_addr = 0;
		if (args->backing != DRM_VDC_BACKING_NONE && capable(CAP_SYS_ADMIN))
			args->dma_addr = vobj->base.dma_addr;
		dma_resv_unlock(obj->resv);
	}
	drm_gem_object_put(obj);
	return ret;
}

const struct drm_ioctl_desc vdc_ioctls[VDC_NUM_IOCTLS] = {
	DRM_IOCTL_DEF_DRV(VDC_GET_PARAM, vdc_ioctl_get_param, 0),
	DRM_IOCTL_DEF_DRV(VDC_GEM_CREATE, vdc_ioctl_gem_create, 0),
	DRM_IOCTL_DEF_DRV(VDC_GEM_MADVISE, vdc_ioctl_gem_madvise, 0),
	DRM_IOCTL_DEF_DRV(VDC_GEM_INFO, vdc_ioctl_gem_info, 0),
};
