/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_DEBUGFS_H
#define VDC_DEBUGFS_H

struct vdc_device;

void vdc_debugfs_init(struct vdc_device *vdc);

#endif /* VDC_DEBUGFS_H */
