// SPDX-License-Identifier: GPL-2.0-only
/* KMS: the device's modesetting objects, and the order of a commit. */

#include <linux/atomic.h>
#include <linux/moduleparam.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_vblank.h>

#include "vdc_crtc.h"
#include "vdc_drv.h"
#include "vdc_gem.h"
#include "vdc_kms.h"
#include "vdc_output.h"
#include "vdc_writeback.h"

static unsigned int vdc_first_count;
module_param_named(first_count, vdc_first_count, uint, 0400);
MODULE_PARM_DESC(first_count,
		 "For tests: what vblank counts and fence sequence numbers begin with (default 0)");

static void vdc_kms_commit_tail(struct drm_atomic_state *state)
{
	struct drm_device *drm = state->dev;
	struct drm_crtc *crtc;

	drm_atomic_helper_commit_modeset_disables(drm, state);
	drm_atomic_helper_commit_modeset_enables(drm, state);
	drm_atomic_helper_commit_planes(drm, state, DRM_PLANE_COMMIT_ACTIVE_ONLY);
	drm_atomic_helper_commit_hw_done(state);

	/* Events are sent when the hardware has latched: not a vblank later. */
	drm_atomic_helper_wait_for_flip_done(drm, state);
	drm_for_each_crtc(crtc, drm)
		if (state->crtcs[drm_crtc_index(crtc)].ptr)
			vdc_crtc_settle(to_vdc_crtc(crtc), state);

	drm_atomic_helper_cleanup_planes(drm, state);
}

static const struct drm_mode_config_helper_funcs vdc_mode_config_helper_funcs = {
	.atomic_commit_tail = vdc_kms_commit_tail,
};

static const struct drm_mode_config_funcs vdc_mode_config_funcs = {
	.fb_create = vdc_gem_fb_create,
	.atomic_check = drm_atomic_helper_check,
	.atomic_commit = drm_atomic_helper_commit,
};

/* The largest framebuffer is the largest picture, and the largest layer. */
static void vdc_kms_init_limits(struct vdc_device *vdc)
{
	struct drm_mode_config *config = &vdc->drm.mode_config;
	const struct vdc_layer_caps *layer;
	unsigned int p, l;

	config->min_width = 1;
	config->min_height = 1;
	config->max_width = vdc->caps.max_width;
	config->max_height = vdc->caps.max_height;
	for (p = 0; p < vdc->caps.num_pipes; p++) {
		for (l = 0; l < vdc->caps.pipes[p].num_layers; l++) {
			layer = &vdc->caps.pipes[p].layers[l];
			config->max_width = max_t(int, config->max_width, layer->max_width);
			config->max_height = max_t(int, config->max_height, layer->max_height);
			if (layer->type != VDC_LAYER_TYPE_CURSOR)
				continue;
			config->cursor_width = layer->max_width;
			config->cursor_height = layer->max_height;
		}
	}
}

/* A pipe can feed any number of outputs, and its writeback beside them. */
static void vdc_kms_init_clones(struct vdc_device *vdc)
{
	struct drm_encoder *encoder;
	u32 outputs = 0, writebacks = 0;

	drm_for_each_encoder(encoder, &vdc->drm) {
		if (encoder->encoder_type == DRM_MODE_ENCODER_VIRTUAL)
			writebacks |= drm_encoder_mask(encoder);
		else
			outputs |= drm_encoder_mask(encoder);
	}
	drm_for_each_encoder(encoder, &vdc->drm) {
		if (encoder->encoder_type == DRM_MODE_ENCODER_VIRTUAL)
			encoder->possible_clones = outputs | drm_encoder_mask(encoder);
		else
			encoder->possible_clones = outputs | writebacks;
	}
}

/*
 * A machine that has been up for long has high counts. DRM keeps 64 bits of
 * each, but events, CRCs and comparisons of fences show or use the low 32.
 */
static void vdc_kms_init_counts(struct vdc_device *vdc)
{
	unsigned int i;

	for (i = 0; i < vdc->caps.num_pipes; i++) {
		struct drm_crtc *crtc = &vdc->crtcs[i]->base;

		atomic64_set(&drm_crtc_vblank_crtc(crtc)->count, vdc_first_count);
		crtc->fence_seqno = vdc_first_count;
		if (vdc->writebacks)
			vdc->writebacks[i].base.fence_seqno = vdc_first_count;
	}
}

/**
 * vdc_kms_init() - create the modesetting objects that the capabilities tell of
 * @vdc: the device, powered; its capabilities are read
 *
 * Return: 0 or a negative error code.
 */
int vdc_kms_init(struct vdc_device *vdc)
{
	struct drm_device *drm = &vdc->drm;
	unsigned int i;
	int ret;

	/* Before the mode config, so that it is freed after that let go of the connectors. */
	if (vdc->caps.features & VDC_FEATURE_WRITEBACK) {
		vdc->writebacks = drmm_kcalloc(drm, vdc->caps.num_pipes,
					       sizeof(*vdc->writebacks), GFP_KERNEL);
		if (!vdc->writebacks)
			return -ENOMEM;
	}

	ret = drmm_mode_config_init(drm);
	if (ret)
		return ret;
	drm->mode_config.funcs = &vdc_mode_config_funcs;
	drm->mode_config.helper_private = &vdc_mode_config_helper_funcs;
	drm->mode_config.preferred_depth = 24;
	vdc_kms_init_limits(vdc);

	for (i = 0; i < vdc->caps.num_pipes; i++) {
		ret = vdc_crtc_init(vdc, i);
		if (ret)
			return ret;
	}
	for (i = 0; i < vdc->caps.num_outputs; i++) {
		ret = vdc_output_init(vdc, i);
		if (ret)
			return ret;
	}
	for (i = 0; vdc->writebacks && i < vdc->caps.num_pipes; i++) {
		ret = vdc_writeback_init(vdc, i);
		if (ret)
			return ret;
	}
	vdc_kms_init_clones(vdc);

	/* The counter is exact, so it may stand in for interrupts that nobody waits for. */
	drm->max_vblank_count = U32_MAX;
	drm->vblank_disable_immediate = true;
	ret = drm_vblank_init(drm, vdc->caps.num_pipes);
	if (ret)
		return ret;
	vdc_kms_init_counts(vdc);

	drm_mode_config_reset(drm);
	return 0;
}
