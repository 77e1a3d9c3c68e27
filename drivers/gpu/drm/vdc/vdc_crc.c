// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRCs of the frames a pipe has put out.
 *
 * The controller numbers frames from 0 each time a pipe is turned on; DRM's
 * vblank count never goes back. While a pipe runs both advance together, so
 * their difference is a constant that is taken when it starts.
 */

#include <linux/kernel.h>
#include <linux/string.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>
#include <drm/drm_vblank.h>

#include <kunit/visibility.h>

#include "vdc_crc.h"
#include "vdc_crtc.h"
#include "vdc_drv.h"
#include "vdc_irq.h"

static const char *const vdc_crc_sources[] = { "auto" };

static u32 vdc_crc_read(struct vdc_crtc *vcrtc, u32 reg)
{
	return vdc_read(drm_to_vdc(vcrtc->base.dev), VDC_PIPE(vcrtc->pipe) + reg);
}

static void vdc_crc_write(struct vdc_crtc *vcrtc, u32 reg, u32 value)
{
	vdc_write(drm_to_vdc(vcrtc->base.dev), VDC_PIPE(vcrtc->pipe) + reg, value);
}

/**
 * vdc_crc_label() - the vblank count that a frame's CRC goes by
 * @frame: the controller's number of the frame
 * @count_offset: DRM's vblank count minus the controller's, modulo 2^32
 *
 * Return: DRM's count from the end of that frame's active lines on: what was
 * scanned between vblanks V and V + 1 has the CRC labelled V + 1.
 */
u32 vdc_crc_label(u32 frame, u32 count_offset)
{
	return frame + 1 + count_offset;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_crc_label);

static void vdc_crc_update_irq(struct vdc_crtc *vcrtc)
{
	lockdep_assert_held(&vcrtc->lock);

	if (vcrtc->crc_wanted && vcrtc->counting)
		vdc_irq_pipe_unmask(vcrtc, VDC_PIPE_IRQ_CRC);
	else
		vdc_irq_pipe_mask(vcrtc, VDC_PIPE_IRQ_CRC);
}

/**
 * vdc_crc_restart() - a pipe is about to be turned on: empty its FIFO
 * @vcrtc: the CRTC, locked
 *
 * CRCs stay in the FIFO until vdc_crc_start().
 */
void vdc_crc_restart(struct vdc_crtc *vcrtc)
{
	lockdep_assert_held(&vcrtc->lock);

	vcrtc->counting = false;
	vdc_crc_update_irq(vcrtc);
	vdc_crc_write(vcrtc, VDC_PIPE_CRC_CTRL, 0);
	if (vcrtc->crc_wanted)
		vdc_crc_write(vcrtc, VDC_PIPE_CRC_CTRL, VDC_PIPE_CRC_CTRL_ENABLE);
}

/**
 * vdc_crc_start() - a pipe was turned on: from now on frames can be labelled
 * @vcrtc: the CRTC, after drm_crtc_vblank_on()
 */
void vdc_crc_start(struct vdc_crtc *vcrtc)
{
	unsigned long flags;
	u32 count, frame;

	/* Both are read in the same frame. */
	do {
		frame = vdc_crc_read(vcrtc, VDC_PIPE_FRAME);
		count = drm_crtc_accurate_vblank_count(&vcrtc->base);
	} while (frame != vdc_crc_read(vcrtc, VDC_PIPE_FRAME));

	spin_lock_irqsave(&vcrtc->lock, flags);
	vcrtc->count_offset = count - frame;
	vcrtc->counting = true;
	vdc_crc_update_irq(vcrtc);
	spin_unlock_irqrestore(&vcrtc->lock, flags);
}

/**
 * vdc_crc_irq() - hand out the CRCs that have come
 * @vcrtc: the CRTC
 *
 * Context: hard interrupt.
 */
void vdc_crc_irq(struct vdc_crtc *vcrtc)
{
	u32 offset = READ_ONCE(vcrtc->count_offset);
	u32 level;

	/* What comes meanwhile raises the interrupt again. */
	for (level = vdc_crc_read(vcrtc, VDC_PIPE_CRC_LEVEL); level; level--) {
		u32 frame = vdc_crc_read(vcrtc, VDC_PIPE_CRC_FRAME);
		u32 crc = vdc_crc_read(vcrtc, VDC_PIPE_CRC_VALUE);

		vdc_crc_write(vcrtc, VDC_PIPE_CRC_POP, 1);
		drm_crtc_add_crc_entry(&vcrtc->base, true, vdc_crc_label(frame, offset), &crc);
	}
}

/**
 * vdc_crc_get_sources() - &drm_crtc_funcs.get_crc_sources
 * @crtc: the CRTC
 * @count: how many there are
 *
 * Return: their names.
 */
const char *const *vdc_crc_get_sources(struct drm_crtc *crtc, size_t *count)
{
	*count = ARRAY_SIZE(vdc_crc_sources);
	return vdc_crc_sources;
}

/**
 * vdc_crc_verify_source() - &drm_crtc_funcs.verify_crc_source
 * @crtc: the CRTC
 * @source: a source's name, or NULL for none
 * @values_cnt: how many values a CRC has
 *
 * Return: 0, or -EINVAL for a source that does not exist.
 */
int vdc_crc_verify_source(struct drm_crtc *crtc, const char *source, size_t *values_cnt)
{
	if (source && match_string(vdc_crc_sources, ARRAY_SIZE(vdc_crc_sources), source) < 0) {
		drm_dbg_kms(crtc->dev, "[CRTC:%d:%s] no CRC source '%s'\n",
			    crtc->base.id, crtc->name, source);
		return -EINVAL;
	}
	*values_cnt = 1;
	return 0;
}

/**
 * vdc_crc_set_source() - &drm_crtc_funcs.set_crc_source
 * @crtc: the CRTC
 * @source: a source's name, or NULL to stop
 *
 * Return: 0, -EINVAL for a source that does not exist, or -ENODEV when the device is gone.
 */
int vdc_crc_set_source(struct drm_crtc *crtc, const char *source)
{
	struct vdc_crtc *vcrtc = to_vdc_crtc(crtc);
	unsigned long flags;
	size_t values;
	int ret, idx;

	ret = vdc_crc_verify_source(crtc, source, &values);
	if (ret)
		return ret;

	if (!drm_dev_enter(crtc->dev, &idx))
		return -ENODEV;
	spin_lock_irqsave(&vcrtc->lock, flags);
	vcrtc->crc_wanted = !!source;
	vdc_crc_write(vcrtc, VDC_PIPE_CRC_CTRL, source ? VDC_PIPE_CRC_CTRL_ENABLE : 0);
	vdc_crc_update_irq(vcrtc);
	spin_unlock_irqrestore(&vcrtc->lock, flags);
	drm_dev_exit(idx);
	return 0;
}
