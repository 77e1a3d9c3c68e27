/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_MODE_H
#define VDC_MODE_H

#include <linux/types.h>

#include <drm/drm_modes.h>

struct vdc_caps;
struct vdc_device;

/**
 * struct vdc_mode_regs - the registers that set a pipe's mode
 * @clock: VDC_PIPE_CLOCK
 * @active: VDC_PIPE_ACTIVE
 * @total: VDC_PIPE_TOTAL
 * @sync_start: VDC_PIPE_SYNC_START
 * @sync_end: VDC_PIPE_SYNC_END
 * @polarity: VDC_PIPE_POLARITY
 */
struct vdc_mode_regs {
	u32 clock;
	u32 active;
	u32 total;
	u32 sync_start;
	u32 sync_end;
	u32 polarity;
};

enum drm_mode_status vdc_mode_valid(const struct vdc_caps *caps,
				    const struct drm_display_mode *mode);
void vdc_mode_regs_init(struct vdc_mode_regs *regs, const struct drm_display_mode *mode);
void vdc_mode_write(struct vdc_device *vdc, unsigned int pipe, const struct vdc_mode_regs *regs);

#endif /* VDC_MODE_H */
