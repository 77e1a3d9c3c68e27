/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_IOCTL_H
#define VDC_IOCTL_H

#include <drm/drm_ioctl.h>

#define VDC_NUM_IOCTLS	4

extern const struct drm_ioctl_desc vdc_ioctls[VDC_NUM_IOCTLS];

#endif /* VDC_IOCTL_H */
