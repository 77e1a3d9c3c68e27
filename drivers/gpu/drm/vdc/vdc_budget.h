/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_BUDGET_H
#define VDC_BUDGET_H

#include <linux/types.h>

struct drm_display_mode;

bool vdc_budget_allows(u32 budget, const struct drm_display_mode *mode, u64 line_bytes);

#endif /* VDC_BUDGET_H */
