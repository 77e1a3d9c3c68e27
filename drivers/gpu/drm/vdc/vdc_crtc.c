// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pipes as CRTCs: how a KMS commit becomes a commit of the controller.
 *
 * The controller's configuration is double-buffered. During a commit planes
 * and writeback only note what their registers shall be; atomic_flush writes
 * all of it to the shadow registers and arms the pipe, under one lock, and with
 * a commit that is still armed cancelled before. So what latches at a vblank is
 * always one whole state, and never one that is half written.
 *
 * PIPE_COMMIT_FRAME tells whether an armed commit has latched: it is read
 * before arming, and it changes with the latch. That stays true however late
 * the interrupt is, and whatever was armed since.
 *
 * A pipe that is off latches at once, so flush turns it on with everything in
 * place from its first frame.
 */

#include <linux/jiffies.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_print.h>
#include <drm/drm_probe_helper.h>
#include <drm/drm_vblank.h>

#include "vdc_budget.h"
#include "vdc_crc.h"
#include "vdc_crtc.h"
#include "vdc_drv.h"
#include "vdc_event.h"
#include "vdc_mode.h"
#include "vdc_plane.h"
#include "vdc_vblank.h"
#include "vdc_writeback.h"

/* A commit latches within a frame; vdc_mode_valid() allows no frame longer than a second. */
#define VDC_LATCH_TIMEOUT	msecs_to_jiffies(3000)

static u32 vdc_crtc_read(struct vdc_crtc *vcrtc, u32 reg)
{
	return vdc_read(drm_to_vdc(vcrtc->base.dev), VDC_PIPE(vcrtc->pipe) + reg);
}

static void vdc_crtc_write(struct vdc_crtc *vcrtc, u32 reg, u32 value)
{
	vdc_write(drm_to_vdc(vcrtc->base.dev), VDC_PIPE(vcrtc->pipe) + reg, value);
}

static struct drm_pending_vblank_event *vdc_crtc_take_event(struct drm_crtc *crtc,
							    struct drm_crtc_state *state)
{
	struct drm_pending_vblank_event *event;
	unsigned long flags;

	spin_lock_irqsave(&crtc->dev->event_lock, flags);
	event = state->event;
	state->event = NULL;
	spin_unlock_irqrestore(&crtc->dev->event_lock, flags);
	return event;
}

/* Bring the shadow registers to what the commit wants; none may latch meanwhile. */
static void vdc_crtc_write_shadow(struct vdc_crtc *vcrtc)
{
	struct vdc_device *vdc = drm_to_vdc(vcrtc->base.dev);
	unsigned int i;

	lockdep_assert_held(&vcrtc->lock);

	if (vdc_crtc_read(vcrtc, VDC_PIPE_COMMIT) & VDC_PIPE_COMMIT_PENDING)
		vdc_crtc_write(vcrtc, VDC_PIPE_COMMIT, VDC_PIPE_COMMIT_CANCEL);
	for (i = 0; i < vcrtc->num_planes; i++) {
		struct vdc_plane *vplane = vcrtc->planes[i];

		vdc_layer_write(vdc, vcrtc->pipe, i, &vplane->written, &vplane->wanted);
	}
	vdc_writeback_write(vdc, vcrtc->pipe);
}

/* Arm a commit of a running pipe. */
static void vdc_crtc_arm(struct vdc_crtc *vcrtc, struct drm_pending_vblank_event *event)
{
	struct drm_crtc *crtc = &vcrtc->base;
	unsigned long flags;

	/* No vblanks, no latching: the pipe refused to start. */
	if (event && drm_crtc_vblank_get(crtc)) {
		vdc_event_send(vcrtc, event);
		event = NULL;
	}

	spin_lock_irqsave(&vcrtc->lock, flags);
	vdc_crtc_write_shadow(vcrtc);
	if (event) {
		drm_WARN_ON(crtc->dev, vcrtc->event);
		vcrtc->event = event;
	}
	vcrtc->armed = true;
	vcrtc->armed_frame = vdc_crtc_read(vcrtc, VDC_PIPE_COMMIT_FRAME);
	vdc_crtc_write(vcrtc, VDC_PIPE_COMMIT, VDC_PIPE_COMMIT_ARM);
	spin_unlock_irqrestore(&vcrtc->lock, flags);
}

/* Turn a pipe on; its mode is in the shadow registers. It latches at once. */
static void vdc_crtc_start(struct vdc_crtc *vcrtc)
{
	struct drm_crtc *crtc = &vcrtc->base;
	unsigned long flags;
	u32 status;

	spin_lock_irqsave(&vcrtc->lock, flags);
	vdc_crc_restart(vcrtc);
	vdc_crtc_write_shadow(vcrtc);
	vdc_crtc_write(vcrtc, VDC_PIPE_BACKGROUND, 0);
	vdc_crtc_write(vcrtc, VDC_PIPE_CTRL, VDC_PIPE_CTRL_ENABLE);
	vdc_crtc_write(vcrtc, VDC_PIPE_COMMIT, VDC_PIPE_COMMIT_ARM);
	status = vdc_crtc_read(vcrtc, VDC_PIPE_STATUS);
	spin_unlock_irqrestore(&vcrtc->lock, flags);

	if (!(status & VDC_PIPE_STATUS_ACTIVE)) {
		drm_err(crtc->dev, "[CRTC:%d:%s] does not start, status %#x\n",
			crtc->base.id, crtc->name, status);
		return;
	}

	/*
	 * Only now: the frame counter has just restarted from 0, and DRM takes
	 * its present value as the one to count from.
	 */
	drm_crtc_vblank_on(crtc);
	vdc_crc_start(vcrtc);
}

/* Turn a pipe off, and wait until it is: its buffers may be freed then. */
static void vdc_crtc_stop(struct vdc_crtc *vcrtc)
{
	struct drm_crtc *crtc = &vcrtc->base;
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&vcrtc->lock, flags);
	for (i = 0; i < vcrtc->num_planes; i++)
		vcrtc->planes[i]->wanted = (struct vdc_layer_regs) {};
	vdc_crtc_write_shadow(vcrtc);
	vcrtc->armed = false;
	vdc_crtc_write(vcrtc, VDC_PIPE_CTRL, 0);
	vdc_crtc_write(vcrtc, VDC_PIPE_COMMIT, VDC_PIPE_COMMIT_ARM);
	spin_unlock_irqrestore(&vcrtc->lock, flags);

	if (!wait_event_timeout(vcrtc->latched,
				!(vdc_crtc_read(vcrtc, VDC_PIPE_STATUS) & VDC_PIPE_STATUS_ACTIVE),
				VDC_LATCH_TIMEOUT))
		drm_err(crtc->dev, "[CRTC:%d:%s] does not stop\n", crtc->base.id, crtc->name);
}

/* Has what was armed last latched? */
static bool vdc_crtc_test_latched(struct vdc_crtc *vcrtc)
{
	u32 frame;

	lockdep_assert_held(&vcrtc->lock);

	if (!vcrtc->armed)
		return true;
	frame = vdc_crtc_read(vcrtc, VDC_PIPE_COMMIT_FRAME);
	if (frame == vcrtc->armed_frame)
		return false;
	vcrtc->armed = false;
	vcrtc->latched_frame = frame;
	return true;
}

/**
 * vdc_crtc_move_plane() - show a plane at another position from the next vblank on
 * @vcrtc: the CRTC
 * @vplane: its plane, &vdc_plane.wanted already changed in nothing but the position
 *
 * Does not wait for, and does not delay, a commit that is armed. Context: any.
 */
void vdc_crtc_move_plane(struct vdc_crtc *vcrtc, struct vdc_plane *vplane)
{
	struct vdc_device *vdc = drm_to_vdc(vcrtc->base.dev);

	lockdep_assert_held(&vcrtc->lock);

	vdc_layer_write(vdc, vcrtc->pipe, vplane->layer, &vplane->written, &vplane->wanted);
	if (!(vdc_crtc_read(vcrtc, VDC_PIPE_COMMIT) & VDC_PIPE_COMMIT_PENDING)) {
		/* A flip may have latched untold; its frame is about to be overwritten. */
		vdc_crtc_test_latched(vcrtc);
		vdc_crtc_write(vcrtc, VDC_PIPE_COMMIT, VDC_PIPE_COMMIT_ARM);
	}
}

/**
 * vdc_crtc_irq_latched() - a commit may have latched: tell whoever waits for that
 * @vcrtc: the CRTC
 *
 * Context: hard interrupt.
 */
void vdc_crtc_irq_latched(struct vdc_crtc *vcrtc)
{
	struct drm_pending_vblank_event *event = NULL;
	u32 frame = 0;

	spin_lock(&vcrtc->lock);
	if (vdc_crtc_test_latched(vcrtc)) {
		event = vcrtc->event;
		vcrtc->event = NULL;
		frame = vcrtc->latched_frame;
	}
	spin_unlock(&vcrtc->lock);

	if (event) {
		vdc_event_send_latched(vcrtc, event, frame);
		drm_crtc_vblank_put(&vcrtc->base);
	}
	wake_up_all(&vcrtc->latched);
}

/**
 * vdc_crtc_abandon() - complete what waits for a latch that will not come
 * @vcrtc: the CRTC
 *
 * For hardware that is stuck or gone.
 */
void vdc_crtc_abandon(struct vdc_crtc *vcrtc)
{
	struct drm_pending_vblank_event *event;
	unsigned long flags;

	spin_lock_irqsave(&vcrtc->lock, flags);
	event = vcrtc->event;
	vcrtc->event = NULL;
	spin_unlock_irqrestore(&vcrtc->lock, flags);

	if (event) {
		vdc_event_send(vcrtc, event);
		drm_crtc_vblank_put(&vcrtc->base);
	}
	wake_up_all(&vcrtc->latched);
}

static bool vdc_crtc_has_latched(struct vdc_crtc *vcrtc)
{
	unsigned long flags;
	bool latched;

	spin_lock_irqsave(&vcrtc->lock, flags);
	latched = vdc_crtc_test_latched(vcrtc);
	spin_unlock_irqrestore(&vcrtc->lock, flags);
	return latched;
}

/**
 * vdc_crtc_settle() - the old state's buffers are about to be released: see that nothing shows them
 * @vcrtc: the CRTC
 * @state: the commit, after drm_atomic_helper_wait_for_flip_done()
 *
 * DRM does not wait for commits of the legacy cursor ioctls, but the hardware
 * shows the old cursor until the vblank. And a commit whose wait has timed out
 * is given up here, so that the client can go on.
 */
void vdc_crtc_settle(struct vdc_crtc *vcrtc, struct drm_atomic_state *state)
{
	struct drm_crtc *crtc = &vcrtc->base;
	struct drm_crtc_commit *commit = state->crtcs[drm_crtc_index(crtc)].commit;
	int idx;

	if (commit && !completion_done(&commit->flip_done))
		vdc_crtc_abandon(vcrtc);

	if (!state->legacy_cursor_update || !drm_dev_enter(crtc->dev, &idx))
		return;
	if (!wait_event_timeout(vcrtc->latched, vdc_crtc_has_latched(vcrtc), VDC_LATCH_TIMEOUT))
		drm_err(crtc->dev, "[CRTC:%d:%s] a cursor commit does not latch\n",
			crtc->base.id, crtc->name);
	drm_dev_exit(idx);
}

static int vdc_crtc_atomic_check(struct drm_crtc *crtc, struct drm_atomic_state *state)
{
	struct drm_crtc_state *crtc_state = drm_atomic_get_new_crtc_state(state, crtc);
	u32 budget = drm_to_vdc(crtc->dev)->caps.pipes[to_vdc_crtc(crtc)->pipe].budget;
	const struct drm_plane_state *plane_state;
	struct drm_plane *plane;
	u64 line_bytes = 0;

	drm_atomic_crtc_state_for_each_plane_state(plane, plane_state, crtc_state)
		line_bytes += vdc_plane_line_bytes(plane_state);
	if (vdc_budget_allows(budget, &crtc_state->adjusted_mode, line_bytes))
		return 0;
	drm_dbg_kms(crtc->dev, "[CRTC:%d:%s] %llu bytes a line are more than %u kB/s\n",
		    crtc->base.id, crtc->name, line_bytes, budget);
	return -EINVAL;
}

static void vdc_crtc_atomic_enable(struct drm_crtc *crtc, struct drm_atomic_state *state)
{
	struct vdc_crtc *vcrtc = to_vdc_crtc(crtc);
	struct vdc_mode_regs regs;
	int idx;

	if (!drm_dev_enter(crtc->dev, &idx))
		return;
	vdc_mode_regs_init(&regs, &crtc->state->adjusted_mode);
	vdc_mode_write(drm_to_vdc(crtc->dev), vcrtc->pipe, &regs);
	drm_dev_exit(idx);
}

static void vdc_crtc_atomic_disable(struct drm_crtc *crtc, struct drm_atomic_state *state)
{
	struct vdc_crtc *vcrtc = to_vdc_crtc(crtc);
	int idx;

	drm_crtc_vblank_off(crtc);
	if (drm_dev_enter(crtc->dev, &idx)) {
		vdc_crtc_stop(vcrtc);
		vdc_writeback_finish(drm_to_vdc(crtc->dev), vcrtc->pipe);
		drm_dev_exit(idx);
	}
	if (!crtc->state->active)
		vdc_event_send(vcrtc, vdc_crtc_take_event(crtc, crtc->state));
}

static void vdc_crtc_atomic_flush(struct drm_crtc *crtc, struct drm_atomic_state *state)
{
	struct drm_crtc_state *crtc_state = drm_atomic_get_new_crtc_state(state, crtc);
	struct drm_pending_vblank_event *event = vdc_crtc_take_event(crtc, crtc_state);
	struct vdc_crtc *vcrtc = to_vdc_crtc(crtc);
	int idx;

	if (!drm_dev_enter(crtc->dev, &idx)) {
		vdc_writeback_abort(drm_to_vdc(crtc->dev), vcrtc->pipe, -ENODEV);
		vdc_event_send(vcrtc, event);
		return;
	}
	if (drm_atomic_crtc_needs_modeset(crtc_state)) {
		vdc_crtc_start(vcrtc);
		vdc_event_send(vcrtc, event);
	} else {
		vdc_crtc_arm(vcrtc, event);
	}
	drm_dev_exit(idx);
}

static enum drm_mode_status vdc_crtc_mode_valid(struct drm_crtc *crtc,
						const struct drm_display_mode *mode)
{
	return vdc_mode_valid(&drm_to_vdc(crtc->dev)->caps, mode);
}

static const struct drm_crtc_helper_funcs vdc_crtc_helper_funcs = {
	.mode_valid = vdc_crtc_mode_valid,
	.atomic_check = vdc_crtc_atomic_check,
	.atomic_enable = vdc_crtc_atomic_enable,
	.atomic_disable = vdc_crtc_atomic_disable,
	.atomic_flush = vdc_crtc_atomic_flush,
	.get_scanout_position = vdc_vblank_get_scanout_position,
};

/* What all CRTCs have; those whose pipe computes CRCs add theirs. */
#define VDC_CRTC_FUNCS \
	.reset = drm_atomic_helper_crtc_reset, \
	.set_config = drm_atomic_helper_set_config, \
	.page_flip = drm_atomic_helper_page_flip, \
	.atomic_duplicate_state = drm_atomic_helper_crtc_duplicate_state, \
	.atomic_destroy_state = drm_atomic_helper_crtc_destroy_state, \
	.enable_vblank = vdc_vblank_enable, \
	.disable_vblank = vdc_vblank_disable, \
	.get_vblank_counter = vdc_vblank_counter, \
	.get_vblank_timestamp = drm_crtc_vblank_helper_get_vblank_timestamp

static const struct drm_crtc_funcs vdc_crtc_funcs = {
	VDC_CRTC_FUNCS,
};

static const struct drm_crtc_funcs vdc_crtc_crc_funcs = {
	VDC_CRTC_FUNCS,
	.get_crc_sources = vdc_crc_get_sources,
	.set_crc_source = vdc_crc_set_source,
	.verify_crc_source = vdc_crc_verify_source,
};

/**
 * vdc_crtc_init() - create the CRTC of a pipe, and its planes
 * @vdc: the device
 * @pipe: the pipe; pipes must be created in order
 *
 * Return: 0 or a negative error code.
 */
int vdc_crtc_init(struct vdc_device *vdc, unsigned int pipe)
{
	const struct vdc_pipe_caps *caps = &vdc->caps.pipes[pipe];
	bool crc = vdc->caps.features & VDC_FEATURE_CRC;
	struct drm_plane *primary = NULL, *cursor = NULL;
	struct vdc_plane *planes[VDC_MAX_LAYERS];
	struct vdc_crtc *vcrtc;
	unsigned int i;

	for (i = 0; i < caps->num_layers; i++) {
		planes[i] = vdc_plane_create(vdc, pipe, i);
		if (IS_ERR(planes[i]))
			return PTR_ERR(planes[i]);
		if (caps->layers[i].type == VDC_LAYER_TYPE_PRIMARY)
			primary = &planes[i]->base;
		else if (caps->layers[i].type == VDC_LAYER_TYPE_CURSOR)
			cursor = &planes[i]->base;
	}

	vcrtc = drmm_crtc_alloc_with_planes(&vdc->drm, struct vdc_crtc, base, primary, cursor,
					    crc ? &vdc_crtc_crc_funcs : &vdc_crtc_funcs,
					    "pipe-%u", pipe);
	if (IS_ERR(vcrtc))
		return PTR_ERR(vcrtc);

	vcrtc->pipe = pipe;
	vcrtc->num_planes = caps->num_layers;
	memcpy(vcrtc->planes, planes, caps->num_layers * sizeof(planes[0]));
	spin_lock_init(&vcrtc->lock);
	init_waitqueue_head(&vcrtc->latched);
	vcrtc->irq_mask = VDC_IRQ_PIPE_DEFAULT;
	drm_crtc_helper_add(&vcrtc->base, &vdc_crtc_helper_funcs);
	vdc->crtcs[pipe] = vcrtc;
	return 0;
}
