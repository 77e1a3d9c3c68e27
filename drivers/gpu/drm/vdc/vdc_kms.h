/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_KMS_H
#define VDC_KMS_H

struct vdc_device;

int vdc_kms_init(struct vdc_device *vdc);

#endif /* VDC_KMS_H */
