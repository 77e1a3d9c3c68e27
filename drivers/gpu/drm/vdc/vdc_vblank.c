// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vertical blanking: the interrupt, the frame counter and the beam's position.
 *
 * PIPE_FRAME counts starts of vblank, as DRM does, and PIPE_POSITION is exact,
 * so vblank interrupts can be off whenever nobody waits for one.
 */

#include <linux/bitfield.h>

#include <drm/drm_drv.h>
#include <drm/drm_modes.h>
#include <drm/drm_vblank.h>

#include <kunit/visibility.h>

#include "vdc_crtc.h"
#include "vdc_drv.h"
#include "vdc_irq.h"
#include "vdc_vblank.h"

/**
 * vdc_vblank_line() - DRM's number of a scan line
 * @line: the controller's: 0 is the first active one, @vtotal - 1 the last before it
 * @vdisplay: active lines
 * @vtotal: all lines
 *
 * Return: the same for active lines; for others minus the number of lines that
 * are left before the first active one.
 */
int vdc_vblank_line(unsigned int line, unsigned int vdisplay, unsigned int vtotal)
{
	return line < vdisplay ? (int)line : (int)line - (int)vtotal;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_vblank_line);

/**
 * vdc_vblank_enable() - &drm_crtc_funcs.enable_vblank
 * @crtc: the CRTC
 *
 * Return: 0, or -ENODEV when the device is gone.
 */
int vdc_vblank_enable(struct drm_crtc *crtc)
{
	struct vdc_device *vdc = drm_to_vdc(crtc->dev);
	struct vdc_crtc *vcrtc = to_vdc_crtc(crtc);
	int idx;

	if (!drm_dev_enter(crtc->dev, &idx))
		return -ENODEV;
	/* One that began before it was asked for; the counter has it. */
	vdc_write(vdc, VDC_PIPE(vcrtc->pipe) + VDC_PIPE_IRQ_STATUS, VDC_PIPE_IRQ_VBLANK);
	/* UNDERRUN masks itself when it strikes; whoever starts to watch hears of it again. */
	vdc_irq_pipe_unmask(vcrtc, VDC_PIPE_IRQ_VBLANK | VDC_PIPE_IRQ_UNDERRUN);
	drm_dev_exit(idx);
	return 0;
}

/**
 * vdc_vblank_disable() - &drm_crtc_funcs.disable_vblank
 * @crtc: the CRTC
 */
void vdc_vblank_disable(struct drm_crtc *crtc)
{
	int idx;

	if (!drm_dev_enter(crtc->dev, &idx))
		return;
	vdc_irq_pipe_mask(to_vdc_crtc(crtc), VDC_PIPE_IRQ_VBLANK);
	drm_dev_exit(idx);
}

/**
 * vdc_vblank_counter() - &drm_crtc_funcs.get_vblank_counter
 * @crtc: the CRTC
 *
 * Return: starts of vblank since the pipe was turned on; the last value that
 * was read when the device is gone.
 */
u32 vdc_vblank_counter(struct drm_crtc *crtc)
{
	struct vdc_crtc *vcrtc = to_vdc_crtc(crtc);
	u32 frame;
	int idx;

	if (!drm_dev_enter(crtc->dev, &idx))
		return READ_ONCE(vcrtc->last_frame);
	frame = vdc_read(drm_to_vdc(crtc->dev), VDC_PIPE(vcrtc->pipe) + VDC_PIPE_FRAME);
	WRITE_ONCE(vcrtc->last_frame, frame);
	drm_dev_exit(idx);
	return frame;
}

/**
 * vdc_vblank_get_scanout_position() - &drm_crtc_helper_funcs.get_scanout_position
 * @crtc: the CRTC
 * @in_vblank_irq: not used
 * @vpos: the beam's line, see vdc_vblank_line()
 * @hpos: the beam's pixel in that line
 * @stime: time before the position was read
 * @etime: time after it was read
 * @mode: the CRTC's mode
 *
 * Return: false when the device is gone.
 */
bool vdc_vblank_get_scanout_position(struct drm_crtc *crtc, bool in_vblank_irq,
				     int *vpos, int *hpos, ktime_t *stime, ktime_t *etime,
				     const struct drm_display_mode *mode)
{
	struct vdc_crtc *vcrtc = to_vdc_crtc(crtc);
	u32 position;
	int idx;

	if (!drm_dev_enter(crtc->dev, &idx))
		return false;
	if (stime)
		*stime = ktime_get();
	position = vdc_read(drm_to_vdc(crtc->dev), VDC_PIPE(vcrtc->pipe) + VDC_PIPE_POSITION);
	if (etime)
		*etime = ktime_get();
	drm_dev_exit(idx);

	*vpos = vdc_vblank_line(FIELD_GET(VDC_PIPE_POSITION_LINE, position),
				mode->crtc_vdisplay, mode->crtc_vtotal);
	*hpos = FIELD_GET(VDC_PIPE_POSITION_PIXEL, position);
	return true;
}
