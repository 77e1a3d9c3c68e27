/* SPDX-License-Identifier: MIT */
/* The VDC driver's own ioctls as functions. Needs libdrm and uapi/drm/vdc_drm.h, no library. */
#ifndef KMS_VDC_GEM_H
#define KMS_VDC_GEM_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <xf86drm.h>
#include <drm/vdc_drm.h>

/**
 * vdc_gem_param() - ask what driver and controller offer
 * @fd: the device
 * @param: DRM_VDC_PARAM_*
 * @value: out
 * Return: 0, or a negative errno: -EINVAL when the driver does not know the parameter.
 */
static inline int vdc_gem_param(int fd, uint32_t param, uint64_t *value)
{
	struct drm_vdc_get_param args = { .param = param };

	if (drmIoctl(fd, DRM_IOCTL_VDC_GET_PARAM, &args))
		return -errno;
	*value = args.value;
	return 0;
}

/**
 * vdc_gem_create() - create a buffer at contiguous bus addresses, all zeros
 * @fd: the device
 * @size: in: bytes; out: bytes of whole pages
 * @flags: must be 0
 * @handle: out: its GEM handle. Free it with drmCloseBufferHandle()
 * Return: 0, or a negative errno: -ENOMEM when there is no contiguous memory.
 */
static inline int vdc_gem_create(int fd, uint64_t *size, uint32_t flags, uint32_t *handle)
{
	struct drm_vdc_gem_create args = { .size = *size, .flags = flags };

	if (drmIoctl(fd, DRM_IOCTL_VDC_GEM_CREATE, &args))
		return -errno;
	*size = args.size;
	*handle = args.handle;
	return 0;
}

/**
 * vdc_gem_madvise() - tell whether a buffer's contents are needed
 * @fd: the device
 * @handle: the buffer
 * @madv: DRM_VDC_MADV_*
 * @retained: out: false when the contents are gone; may be NULL
 * Return: 0, or a negative errno: -EINVAL for a buffer that is exported or imported.
 */
static inline int vdc_gem_madvise(int fd, uint32_t handle, uint32_t madv, bool *retained)
{
	struct drm_vdc_gem_madvise args = { .handle = handle, .madv = madv };

	if (drmIoctl(fd, DRM_IOCTL_VDC_GEM_MADVISE, &args))
		return -errno;
	if (retained)
		*retained = args.retained;
	return 0;
}

/**
 * vdc_gem_info() - ask where a buffer is and what holds it
 * @fd: the device
 * @handle: the buffer
 * @info: out
 * Return: 0 or a negative errno.
 */
static inline int vdc_gem_info(int fd, uint32_t handle, struct drm_vdc_gem_info *info)
{
	*info = (struct drm_vdc_gem_info){ .handle = handle };
	return drmIoctl(fd, DRM_IOCTL_VDC_GEM_INFO, info) ? -errno : 0;
}

#endif /* KMS_VDC_GEM_H */
