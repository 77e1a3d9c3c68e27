// SPDX-License-Identifier: MIT
/*
 * The interface of programs that are built already: what uapi/drm/vdc_drm.h says, against numbers.
 * uapi.sh compiles this for several machines. A number here changes never; what is new gets new
 * lines, and a structure that grew keeps the line of its old end.
 */
#include <stddef.h>
#include <drm/vdc_drm.h>

#define SIZE(type, bytes) \
	_Static_assert(sizeof(struct type) == (bytes), "size of " #type)
#define FIELD(type, field, at, bytes) \
	_Static_assert(offsetof(struct type, field) == (at) && \
		       sizeof(((struct type *)0)->field) == (bytes), #type "." #field)
#define NUMBER(name, value) \
	_Static_assert((name) == (value), #name)

SIZE(drm_vdc_get_param, 16);
FIELD(drm_vdc_get_param, param, 0, 4);
FIELD(drm_vdc_get_param, pad, 4, 4);
FIELD(drm_vdc_get_param, value, 8, 8);

SIZE(drm_vdc_gem_create, 16);
FIELD(drm_vdc_gem_create, size, 0, 8);
FIELD(drm_vdc_gem_create, flags, 8, 4);
FIELD(drm_vdc_gem_create, handle, 12, 4);

SIZE(drm_vdc_gem_madvise, 16);
FIELD(drm_vdc_gem_madvise, handle, 0, 4);
FIELD(drm_vdc_gem_madvise, madv, 4, 4);
FIELD(drm_vdc_gem_madvise, retained, 8, 4);
FIELD(drm_vdc_gem_madvise, pad, 12, 4);

SIZE(drm_vdc_gem_info, 32);
FIELD(drm_vdc_gem_info, handle, 0, 4);
FIELD(drm_vdc_gem_info, flags, 4, 4);
FIELD(drm_vdc_gem_info, size, 8, 8);
FIELD(drm_vdc_gem_info, backing, 16, 4);
FIELD(drm_vdc_gem_info, state, 20, 4);
FIELD(drm_vdc_gem_info, dma_addr, 24, 8);

/* Read and write, size, 'd', number from 0x40: asm-generic/ioctl.h, drm.h */
NUMBER(DRM_IOCTL_VDC_GET_PARAM, 0xc0106440);
NUMBER(DRM_IOCTL_VDC_GEM_CREATE, 0xc0106441);
NUMBER(DRM_IOCTL_VDC_GEM_MADVISE, 0xc0106442);
NUMBER(DRM_IOCTL_VDC_GEM_INFO, 0xc0206443);

NUMBER(DRM_VDC_PARAM_PITCH_ALIGN, 1);
NUMBER(DRM_VDC_PARAM_ADDR_ALIGN, 2);
NUMBER(DRM_VDC_PARAM_CREATE_FLAGS, 3);
NUMBER(DRM_VDC_MADV_WILLNEED, 0);
NUMBER(DRM_VDC_MADV_DONTNEED, 1);
NUMBER(DRM_VDC_BACKING_NONE, 0);
NUMBER(DRM_VDC_BACKING_CMA, 1);
NUMBER(DRM_VDC_BACKING_POOL, 2);
NUMBER(DRM_VDC_BACKING_PAGES, 3);
NUMBER(DRM_VDC_BACKING_IMPORTED, 4);
NUMBER(DRM_VDC_GEM_INFO_SHARED, 1);
NUMBER(DRM_VDC_GEM_INFO_PINNED, 2);
NUMBER(DRM_VDC_GEM_INFO_PURGEABLE, 4);
