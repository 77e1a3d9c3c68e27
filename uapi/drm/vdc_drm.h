/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * The VDC driver's own ioctls. Everything a display client needs is in the
 * generic ones; these are for programs that manage many buffers.
 *
 * Structures grow at their end: a shorter one of an older program reads as if
 * it had zeros there. Flags and padding that are not defined must be 0.
 */
#ifndef VDC_DRM_H
#define VDC_DRM_H

#if defined(__KERNEL__)
#include <drm/drm.h>
#else
#include <drm.h>
#endif

#if defined(__cplusplus)
extern "C" {
#endif

#define DRM_VDC_GET_PARAM	0x00
#define DRM_VDC_GEM_CREATE	0x01
#define DRM_VDC_GEM_MADVISE	0x02
#define DRM_VDC_GEM_INFO	0x03

#define DRM_IOCTL_VDC_GET_PARAM \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_VDC_GET_PARAM, struct drm_vdc_get_param)
#define DRM_IOCTL_VDC_GEM_CREATE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_VDC_GEM_CREATE, struct drm_vdc_gem_create)
#define DRM_IOCTL_VDC_GEM_MADVISE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_VDC_GEM_MADVISE, struct drm_vdc_gem_madvise)
#define DRM_IOCTL_VDC_GEM_INFO \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_VDC_GEM_INFO, struct drm_vdc_gem_info)

/* Bytes that a pitch must be a multiple of. */
#define DRM_VDC_PARAM_PITCH_ALIGN	1
/* Bytes that an address or an offset must be a multiple of. */
#define DRM_VDC_PARAM_ADDR_ALIGN	2
/* Flags that DRM_VDC_GEM_CREATE accepts. */
#define DRM_VDC_PARAM_CREATE_FLAGS	3

/**
 * struct drm_vdc_get_param - what the driver and the controller offer
 * @param: in: one of DRM_VDC_PARAM_*; another one is -EINVAL
 * @pad: must be 0
 * @value: out
 */
struct drm_vdc_get_param {
	__u32 param;
	__u32 pad;
	__u64 value;
};

/**
 * struct drm_vdc_gem_create - create a buffer at contiguous bus addresses, zeroed
 * @size: in: bytes, at least 1; out: bytes of whole pages
 * @flags: in: must be 0: the mapping that suits the platform
 * @handle: out
 *
 * Map it through DRM_IOCTL_MODE_MAP_DUMB.
 * -ENOMEM: no contiguous memory, even after all that could be given back was.
 */
struct drm_vdc_gem_create {
	__u64 size;
	__u32 flags;
	__u32 handle;
};

/* The contents are needed. */
#define DRM_VDC_MADV_WILLNEED	0
/* The contents may be thrown away when memory gets short. */
#define DRM_VDC_MADV_DONTNEED	1

/**
 * struct drm_vdc_gem_madvise - whether a buffer's contents are still needed
 * @handle: in: the buffer
 * @madv: in: one of DRM_VDC_MADV_*
 * @retained: out: 1 while the contents are there; 0: they are gone for good, and
 *	all that can be done with the buffer is to close it
 * @pad: must be 0
 *
 * What is not needed is not thrown away while it is shown. It cannot be shown
 * or exported anew. -EINVAL: the buffer was exported once, or is imported.
 */
struct drm_vdc_gem_madvise {
	__u32 handle;
	__u32 madv;
	__u32 retained;
	__u32 pad;
};

/* Where a buffer's memory comes from. */
#define DRM_VDC_BACKING_NONE		0	/* thrown away: see DRM_VDC_MADV_DONTNEED */
#define DRM_VDC_BACKING_CMA		1
#define DRM_VDC_BACKING_POOL		2	/* the device's own reserved memory */
#define DRM_VDC_BACKING_PAGES		3	/* ordinary pages, contiguous by luck */
#define DRM_VDC_BACKING_IMPORTED	4

/* Someone else may have it: it was exported once as a DMA-BUF. */
#define DRM_VDC_GEM_INFO_SHARED		0x1
/* Must stay where it is: shown, mapped by the kernel, or in use by an importer. */
#define DRM_VDC_GEM_INFO_PINNED		0x2
/* Not needed, see DRM_VDC_MADV_DONTNEED. */
#define DRM_VDC_GEM_INFO_PURGEABLE	0x4

/**
 * struct drm_vdc_gem_info - what is known of a buffer
 * @handle: in: the buffer
 * @flags: out: those it was created with
 * @size: out: bytes
 * @backing: out: one of DRM_VDC_BACKING_*
 * @state: out: DRM_VDC_GEM_INFO_*
 * @dma_addr: out: the bus address of its first byte, for CAP_SYS_ADMIN; otherwise 0.
 *	All of the buffer follows it
 */
struct drm_vdc_gem_info {
	__u32 handle;
	__u32 flags;
	__u64 size;
	__u32 backing;
	__u32 state;
	__u64 dma_addr;
};

#if defined(__cplusplus)
}
#endif

#endif /* VDC_DRM_H */
