// SPDX-License-Identifier: GPL-2.0-only
/* Display modes: which ones a pipe can scan, and how its registers express them. */

#include <linux/bitfield.h>

#include <kunit/visibility.h>

#include "vdc_caps.h"
#include "vdc_drv.h"
#include "vdc_mode.h"

/* A pipe refuses to be enabled with more frames a second (manual, PIPE_STATUS.BAD_MODE). */
#define VDC_MAX_REFRESH_HZ	1000

/* A commit takes a frame, and DRM gives up on one after 10 seconds. */
#define VDC_MIN_REFRESH_HZ	1

/* What is neither progressive nor one pixel a clock. */
#define VDC_MODE_BAD_FLAGS	(DRM_MODE_FLAG_DBLCLK | DRM_MODE_FLAG_CLKDIV2 | \
				 DRM_MODE_FLAG_HSKEW | DRM_MODE_FLAG_3D_MASK)

static bool vdc_axis_valid(unsigned int active, unsigned int sync_start, unsigned int sync_end,
			   unsigned int total)
{
	return active && active <= sync_start && sync_start <= sync_end && sync_end <= total &&
	       active < total;
}

/**
 * vdc_mode_valid() - can a pipe scan a mode?
 * @caps: the controller's capabilities
 * @mode: the mode
 *
 * Says no to all that would make a pipe raise BAD_MODE.
 *
 * Return: MODE_OK, or the first reason why not.
 */
enum drm_mode_status vdc_mode_valid(const struct vdc_caps *caps,
				    const struct drm_display_mode *mode)
{
	u64 total = (u64)mode->htotal * mode->vtotal;

	if (mode->flags & DRM_MODE_FLAG_INTERLACE)
		return MODE_NO_INTERLACE;
	if (mode->flags & DRM_MODE_FLAG_DBLSCAN)
		return MODE_NO_DBLESCAN;
	if (mode->flags & VDC_MODE_BAD_FLAGS)
		return MODE_BAD;
	if (mode->vscan > 1)
		return MODE_NO_VSCAN;
	if (!vdc_axis_valid(mode->hdisplay, mode->hsync_start, mode->hsync_end, mode->htotal))
		return MODE_H_ILLEGAL;
	if (!vdc_axis_valid(mode->vdisplay, mode->vsync_start, mode->vsync_end, mode->vtotal))
		return MODE_V_ILLEGAL;
	if (mode->hdisplay > caps->max_width)
		return MODE_BAD_HVALUE;
	if (mode->vdisplay > caps->max_height)
		return MODE_BAD_VVALUE;
	if (mode->htotal > caps->max_htotal)
		return MODE_BAD_HVALUE;
	if (mode->vtotal > caps->max_vtotal)
		return MODE_BAD_VVALUE;
	if (mode->clock < 0 || mode->clock < caps->min_clock)
		return MODE_CLOCK_LOW;
	if (mode->clock > caps->max_clock)
		return MODE_CLOCK_HIGH;
	if (mode->clock * 1000ULL > total * VDC_MAX_REFRESH_HZ ||
	    mode->clock * 1000ULL < total * VDC_MIN_REFRESH_HZ)
		return MODE_VSYNC;
	return MODE_OK;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_mode_valid);

static u32 vdc_size(unsigned int w, unsigned int h)
{
	return FIELD_PREP(VDC_SIZE_W, w) | FIELD_PREP(VDC_SIZE_H, h);
}

/**
 * vdc_mode_regs_init() - express a mode in registers
 * @regs: the result
 * @mode: a mode for which vdc_mode_valid() said MODE_OK
 */
void vdc_mode_regs_init(struct vdc_mode_regs *regs, const struct drm_display_mode *mode)
{
	regs->clock = mode->clock;
	regs->active = vdc_size(mode->hdisplay, mode->vdisplay);
	regs->total = vdc_size(mode->htotal, mode->vtotal);
	regs->sync_start = vdc_size(mode->hsync_start, mode->vsync_start);
	regs->sync_end = vdc_size(mode->hsync_end, mode->vsync_end);
	regs->polarity = 0;
	if (mode->flags & DRM_MODE_FLAG_PHSYNC)
		regs->polarity |= VDC_PIPE_POLARITY_PHSYNC;
	if (mode->flags & DRM_MODE_FLAG_PVSYNC)
		regs->polarity |= VDC_PIPE_POLARITY_PVSYNC;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_mode_regs_init);

/**
 * vdc_mode_write() - write a mode to a pipe's shadow registers
 * @vdc: the device
 * @pipe: the pipe; it takes the mode when a commit turns it on
 * @regs: the mode
 */
void vdc_mode_write(struct vdc_device *vdc, unsigned int pipe, const struct vdc_mode_regs *regs)
{
	u32 base = VDC_PIPE(pipe);

	vdc_write(vdc, base + VDC_PIPE_CLOCK, regs->clock);
	vdc_write(vdc, base + VDC_PIPE_ACTIVE, regs->active);
	vdc_write(vdc, base + VDC_PIPE_TOTAL, regs->total);
	vdc_write(vdc, base + VDC_PIPE_SYNC_START, regs->sync_start);
	vdc_write(vdc, base + VDC_PIPE_SYNC_END, regs->sync_end);
	vdc_write(vdc, base + VDC_PIPE_POLARITY, regs->polarity);
}
