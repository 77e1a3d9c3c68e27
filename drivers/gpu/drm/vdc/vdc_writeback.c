// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writeback: the next frame a pipe scans, stored to memory.
 *
 * A pipe can have one frame being stored and the next one latched already, but
 * its interrupt does not tell which of two is done. So a job waits here until
 * the one before it is done, as clients are told to do anyway.
 */

#include <linux/bitfield.h>
#include <linux/jiffies.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_edid.h>
#include <drm/drm_fb_dma_helper.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_print.h>
#include <drm/drm_probe_helper.h>

#include "vdc_drv.h"
#include "vdc_format.h"
#include "vdc_gem.h"
#include "vdc_writeback.h"

/* Two frames of the slowest mode, and a host that is busy. */
#define VDC_WRITEBACK_TIMEOUT	msecs_to_jiffies(3000)

#define to_vdc_writeback(connector) \
	container_of(drm_connector_to_writeback(connector), struct vdc_writeback, base)

static struct vdc_writeback *vdc_writeback_of(struct vdc_device *vdc, unsigned int pipe)
{
	return vdc->writebacks ? &vdc->writebacks[pipe] : NULL;
}

/* End the queued job, if any. */
static bool vdc_writeback_complete(struct vdc_writeback *vwb, int error)
{
	unsigned long flags;
	bool busy;

	spin_lock_irqsave(&vwb->lock, flags);
	busy = vwb->busy;
	vwb->busy = false;
	vwb->pending = false;
	spin_unlock_irqrestore(&vwb->lock, flags);

	if (busy)
		drm_writeback_signal_completion(&vwb->base, error);
	wake_up_all(&vwb->idle);
	return busy;
}

/**
 * vdc_writeback_abort() - end a job that the hardware will not do
 * @vdc: the device
 * @pipe: the pipe
 * @error: negative error code for the job's fence
 *
 * Context: any.
 */
void vdc_writeback_abort(struct vdc_device *vdc, unsigned int pipe, int error)
{
	struct vdc_writeback *vwb = vdc_writeback_of(vdc, pipe);

	if (vwb)
		vdc_writeback_complete(vwb, error);
}

static void vdc_writeback_wait(struct vdc_writeback *vwb)
{
	struct drm_device *drm = vwb->base.base.dev;
	int idx;

	if (wait_event_timeout(vwb->idle, !READ_ONCE(vwb->busy), VDC_WRITEBACK_TIMEOUT))
		return;
	/* Should its commit latch after all, it must not store into memory freed by then. */
	if (drm_dev_enter(drm, &idx)) {
		vdc_write(drm_to_vdc(drm), VDC_PIPE(vwb->pipe) + VDC_PIPE_WB_CTRL, 0);
		drm_dev_exit(idx);
	}
	if (vdc_writeback_complete(vwb, -ETIMEDOUT))
		drm_err(drm, "pipe %u: writeback timed out\n", vwb->pipe);
}

/**
 * vdc_writeback_finish() - wait until a pipe that was turned off has no job left
 * @vdc: the device
 * @pipe: the pipe
 */
void vdc_writeback_finish(struct vdc_device *vdc, unsigned int pipe)
{
	struct vdc_writeback *vwb = vdc_writeback_of(vdc, pipe);

	if (vwb)
		vdc_writeback_wait(vwb);
}

/**
 * vdc_writeback_write() - write a queued job to the shadow registers
 * @vdc: the device
 * @pipe: the pipe
 *
 * Context: any, &vdc_crtc.lock held; no commit may be armed.
 */
void vdc_writeback_write(struct vdc_device *vdc, unsigned int pipe)
{
	struct vdc_writeback *vwb = vdc_writeback_of(vdc, pipe);
	u32 base = VDC_PIPE(pipe);
	unsigned long flags;

	if (!vwb)
		return;
	spin_lock_irqsave(&vwb->lock, flags);
	if (vwb->pending) {
		vwb->pending = false;
		vdc_write(vdc, base + VDC_PIPE_WB_ADDR_LO, lower_32_bits(vwb->addr));
		vdc_write(vdc, base + VDC_PIPE_WB_ADDR_HI, upper_32_bits(vwb->addr));
		vdc_write(vdc, base + VDC_PIPE_WB_PITCH, vwb->pitch);
		vdc_write(vdc, base + VDC_PIPE_WB_CTRL, VDC_PIPE_WB_CTRL_ENABLE |
			  FIELD_PREP(VDC_PIPE_WB_CTRL_FORMAT, vwb->format));
	}
	spin_unlock_irqrestore(&vwb->lock, flags);
}

/* Does the job wait for its commit, its latch or its frame? */
static bool vdc_writeback_outstanding(struct vdc_device *vdc, struct vdc_writeback *vwb)
{
	u32 base = VDC_PIPE(vwb->pipe);

	return READ_ONCE(vwb->pending) ||
	       (vdc_read(vdc, base + VDC_PIPE_WB_CTRL) & VDC_PIPE_WB_CTRL_ENABLE) ||
	       (vdc_read(vdc, base + VDC_PIPE_WB_STATUS) & VDC_PIPE_WB_STATUS_BUSY);
}

/**
 * vdc_writeback_irq() - a frame was stored
 * @vdc: the device
 * @pipe: the pipe
 *
 * Context: hard interrupt.
 */
void vdc_writeback_irq(struct vdc_device *vdc, unsigned int pipe)
{
	struct vdc_writeback *vwb = vdc_writeback_of(vdc, pipe);
	u32 status;
	bool done;

	if (!vwb)
		return;
	/*
	 * One that was given up may still come, while the next one is on its
	 * way: under the lock that one is either not begun or in the registers.
	 */
	spin_lock(&vwb->lock);
	done = vwb->busy && !vdc_writeback_outstanding(vdc, vwb);
	status = vdc_read(vdc, VDC_PIPE(pipe) + VDC_PIPE_WB_STATUS);
	if (done)
		vwb->busy = false;
	spin_unlock(&vwb->lock);
	if (!done)
		return;
	drm_writeback_signal_completion(&vwb->base,
					status & VDC_PIPE_WB_STATUS_ERROR ? -EIO : 0);
	wake_up_all(&vwb->idle);
}

static int vdc_writeback_atomic_check(struct drm_connector *connector,
				      struct drm_atomic_state *state)
{
	struct drm_connector_state *conn_state =
		drm_atomic_get_new_connector_state(state, connector);
	struct vdc_writeback *vwb = to_vdc_writeback(connector);
	struct vdc_device *vdc = drm_to_vdc(connector->dev);
	struct drm_crtc_state *crtc_state;
	struct drm_framebuffer *fb;
	u32 mask = vdc->caps.pipes[vwb->pipe].wb_formats;

	if (!conn_state->crtc || !conn_state->writeback_job || !conn_state->writeback_job->fb)
		return 0;

	crtc_state = drm_atomic_get_crtc_state(state, conn_state->crtc);
	if (IS_ERR(crtc_state))
		return PTR_ERR(crtc_state);

	fb = conn_state->writeback_job->fb;
	if (!vdc_gem_fb_is_needed(fb))
		return -EINVAL;
	if (fb->width != crtc_state->mode.hdisplay || fb->height != crtc_state->mode.vdisplay) {
		drm_dbg_kms(&vdc->drm, "[CONNECTOR:%d:%s] %ux%u is not the mode's %ux%u\n",
			    connector->base.id, connector->name, fb->width, fb->height,
			    crtc_state->mode.hdisplay, crtc_state->mode.vdisplay);
		return -EINVAL;
	}
	if (!IS_ALIGNED(drm_fb_dma_get_gem_obj(fb, 0)->dma_addr + fb->offsets[0],
			vdc->caps.addr_align) ||
	    !IS_ALIGNED(fb->pitches[0], vdc->caps.pitch_align)) {
		drm_dbg_kms(&vdc->drm, "[CONNECTOR:%d:%s] offset %u or pitch %u is not aligned\n",
			    connector->base.id, connector->name, fb->offsets[0], fb->pitches[0]);
		return -EINVAL;
	}
	if (!vdc_format_find(fb->format->format, mask)) {
		drm_dbg_kms(&vdc->drm, "[CONNECTOR:%d:%s] cannot store %p4cc\n",
			    connector->base.id, connector->name, &fb->format->format);
		return -EINVAL;
	}
	return 0;
}

static void vdc_writeback_atomic_commit(struct drm_connector *connector,
					struct drm_atomic_state *state)
{
	struct drm_connector_state *conn_state =
		drm_atomic_get_new_connector_state(state, connector);
	struct vdc_writeback *vwb = to_vdc_writeback(connector);
	struct vdc_device *vdc = drm_to_vdc(connector->dev);
	u32 mask = vdc->caps.pipes[vwb->pipe].wb_formats;
	struct drm_framebuffer *fb;
	unsigned long flags;

	if (!conn_state->writeback_job || !conn_state->writeback_job->fb)
		return;
	fb = conn_state->writeback_job->fb;

	vdc_writeback_wait(vwb);

	drm_writeback_queue_job(&vwb->base, conn_state);
	spin_lock_irqsave(&vwb->lock, flags);
	vwb->addr = drm_fb_dma_get_gem_obj(fb, 0)->dma_addr + fb->offsets[0];
	vwb->pitch = fb->pitches[0];
	vwb->format = vdc_format_find(fb->format->format, mask)->hw;
	vwb->busy = true;
	vwb->pending = true;
	spin_unlock_irqrestore(&vwb->lock, flags);
}

/* Nothing can be plugged in or out; so clients that look for displays do not take it for one. */
static int vdc_writeback_detect(struct drm_connector *connector,
				struct drm_modeset_acquire_ctx *ctx, bool force)
{
	return connector_status_unknown;
}

static int vdc_writeback_get_modes(struct drm_connector *connector)
{
	const struct vdc_caps *caps = &drm_to_vdc(connector->dev)->caps;

	return drm_add_modes_noedid(connector, caps->max_width, caps->max_height);
}

/* What is written to stays where it is. */
static int vdc_writeback_prepare_job(struct drm_writeback_connector *connector,
				     struct drm_writeback_job *job)
{
	return job->fb ? vdc_gem_pin_fb(job->fb) : 0;
}

static void vdc_writeback_cleanup_job(struct drm_writeback_connector *connector,
				      struct drm_writeback_job *job)
{
	if (job->fb)
		vdc_gem_unpin_fb(job->fb);
}

static const struct drm_connector_helper_funcs vdc_writeback_helper_funcs = {
	.prepare_writeback_job = vdc_writeback_prepare_job,
	.cleanup_writeback_job = vdc_writeback_cleanup_job,
	.detect_ctx = vdc_writeback_detect,
	.get_modes = vdc_writeback_get_modes,
	.atomic_check = vdc_writeback_atomic_check,
	.atomic_commit = vdc_writeback_atomic_commit,
};

static const struct drm_connector_funcs vdc_writeback_funcs = {
	.fill_modes = drm_helper_probe_single_connector_modes,
	.destroy = drm_connector_cleanup,
	.reset = drm_atomic_helper_connector_reset,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

static const struct drm_encoder_helper_funcs vdc_writeback_encoder_helper_funcs = {};

/**
 * vdc_writeback_init() - create the writeback connector of a pipe
 * @vdc: the device; &vdc_device.writebacks is allocated
 * @pipe: the pipe
 *
 * Return: 0 or a negative error code.
 */
int vdc_writeback_init(struct vdc_device *vdc, unsigned int pipe)
{
	struct vdc_writeback *vwb = &vdc->writebacks[pipe];
	u32 formats[VDC_NUM_FORMATS];
	unsigned int num_formats;

	vwb->pipe = pipe;
	spin_lock_init(&vwb->lock);
	init_waitqueue_head(&vwb->idle);

	num_formats = vdc_format_list(vdc->caps.pipes[pipe].wb_formats, formats);
	drm_connector_helper_add(&vwb->base.base, &vdc_writeback_helper_funcs);
	return drm_writeback_connector_init(&vdc->drm, &vwb->base, &vdc_writeback_funcs,
					    &vdc_writeback_encoder_helper_funcs,
					    formats, num_formats, BIT(pipe));
}
