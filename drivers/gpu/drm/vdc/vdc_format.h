/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_FORMAT_H
#define VDC_FORMAT_H

#include <linux/types.h>

#include "vdc_regs.h"

/**
 * struct vdc_format - a pixel format
 * @fourcc: DRM_FORMAT_*
 * @hw: VDC_FORMAT_*
 */
struct vdc_format {
	u32 fourcc;
	u32 hw;
};

const struct vdc_format *vdc_format_find(u32 fourcc, u64 mask);
unsigned int vdc_format_list(u64 mask, u32 fourccs[VDC_NUM_FORMATS]);
bool vdc_format_mask_has_alpha(u64 mask);

#endif /* VDC_FORMAT_H */
