// SPDX-License-Identifier: GPL-2.0-only
/* Layers as planes. */

#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_blend.h>
#include <drm/drm_damage_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_fb_dma_helper.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_atomic_helper.h>
#include <drm/drm_print.h>

#include "vdc_crtc.h"
#include "vdc_drv.h"
#include "vdc_format.h"
#include "vdc_gem.h"
#include "vdc_plane.h"

/**
 * struct vdc_plane_state - state of a plane
 * @base: base
 * @regs: the layer's registers that show it; all zero when nothing is visible
 */
struct vdc_plane_state {
	struct drm_plane_state base;
	struct vdc_layer_regs regs;
};

/* Pixels, both ways: the cursor that nearly all clients draw. */
#define VDC_CURSOR_HINT		64

#define to_vdc_plane_state(state) container_of(state, struct vdc_plane_state, base)

static const struct vdc_layer_caps *vdc_plane_caps(const struct vdc_plane *vplane)
{
	return &drm_to_vdc(vplane->base.dev)->caps.pipes[vplane->pipe].layers[vplane->layer];
}

static struct vdc_crtc *vdc_plane_crtc(const struct vdc_plane *vplane)
{
	return drm_to_vdc(vplane->base.dev)->crtcs[vplane->pipe];
}

static void vdc_plane_reset(struct drm_plane *plane)
{
	struct vdc_plane_state *state;

	if (plane->state)
		plane->funcs->atomic_destroy_state(plane, plane->state);

	state = kzalloc(sizeof(*state), GFP_KERNEL);
	__drm_atomic_helper_plane_reset(plane, state ? &state->base : NULL);
}

static struct drm_plane_state *vdc_plane_duplicate_state(struct drm_plane *plane)
{
	struct vdc_plane_state *state;

	if (drm_WARN_ON(plane->dev, !plane->state))
		return NULL;

	state = kmemdup(to_vdc_plane_state(plane->state), sizeof(*state), GFP_KERNEL);
	if (!state)
		return NULL;
	__drm_atomic_helper_plane_duplicate_state(plane, &state->base);
	return &state->base;
}

static void vdc_plane_destroy_state(struct drm_plane *plane, struct drm_plane_state *state)
{
	__drm_atomic_helper_plane_destroy_state(state);
	kfree(to_vdc_plane_state(state));
}

static u32 vdc_plane_blend(const struct drm_plane_state *state)
{
	if (state->fb->format->has_alpha && state->pixel_blend_mode == DRM_MODE_BLEND_PREMULTI)
		return VDC_BLEND_PREMULTI;
	return VDC_BLEND_NONE;
}

/* Size and position that a layer's registers can express. */
static bool vdc_plane_fits(const struct drm_plane_state *state, const struct vdc_layer_caps *caps)
{
	return state->crtc_w <= caps->max_width && state->crtc_h <= caps->max_height &&
	       state->crtc_x >= S16_MIN && state->crtc_x <= S16_MAX &&
	       state->crtc_y >= S16_MIN && state->crtc_y <= S16_MAX;
}

static int vdc_plane_check_regs(struct vdc_plane *vplane, struct vdc_plane_state *state)
{
	const struct vdc_layer_caps *caps = vdc_plane_caps(vplane);
	struct drm_device *drm = vplane->base.dev;
	const struct vdc_device *vdc = drm_to_vdc(drm);
	const struct drm_framebuffer *fb = state->base.fb;
	const struct vdc_format *format = vdc_format_find(fb->format->format, caps->formats);
	struct vdc_layer_config config;

	if (drm_WARN_ON(drm, !format))
		return -EINVAL;

	if (!vdc_plane_fits(&state->base, caps)) {
		/* Off the screen for sure. */
		if (!state->base.visible)
			return 0;
		drm_dbg_kms(drm, "[PLANE:%d:%s] %ux%u is more than %ux%u\n",
			    vplane->base.base.id, vplane->base.name,
			    state->base.crtc_w, state->base.crtc_h,
			    caps->max_width, caps->max_height);
		return -ERANGE;
	}

	config = (struct vdc_layer_config) {
		.addr = drm_fb_dma_get_gem_addr(state->base.fb, &state->base, 0),
		.pitch = fb->pitches[0],
		.format = format->hw,
		.blend = vdc_plane_blend(&state->base),
		.x = state->base.crtc_x,
		.y = state->base.crtc_y,
		.width = state->base.crtc_w,
		.height = state->base.crtc_h,
	};
	if (!IS_ALIGNED(config.addr, vdc->caps.addr_align)) {
		drm_dbg_kms(drm, "[PLANE:%d:%s] address %#llx is not a multiple of %u\n",
			    vplane->base.base.id, vplane->base.name, config.addr,
			    vdc->caps.addr_align);
		return -EINVAL;
	}
	vdc_layer_regs_init(&state->regs, &config);
	return 0;
}

static int vdc_plane_atomic_check(struct drm_plane *plane, struct drm_atomic_state *state)
{
	struct drm_plane_state *plane_state = drm_atomic_get_new_plane_state(state, plane);
	struct vdc_plane_state *vstate = to_vdc_plane_state(plane_state);
	struct drm_crtc_state *crtc_state;
	int ret;

	/* Off, until it is known what to show. */
	vstate->regs = (struct vdc_layer_regs) {};
	if (!plane_state->crtc || !plane_state->fb)
		return 0;

	crtc_state = drm_atomic_get_new_crtc_state(state, plane_state->crtc);
	if (drm_WARN_ON(plane->dev, !crtc_state) || !vdc_gem_fb_is_needed(plane_state->fb))
		return -EINVAL;

	/* Anywhere on the screen, partly or wholly off it: the background fills the rest. */
	ret = drm_atomic_helper_check_plane_state(plane_state, crtc_state,
						  DRM_PLANE_NO_SCALING, DRM_PLANE_NO_SCALING,
						  true, true);
	if (ret)
		return ret;

	/* The layer clips: off the screen it stays on, so that to move it is all it takes. */
	return vdc_plane_check_regs(to_vdc_plane(plane), vstate);
}

/**
 * vdc_plane_line_bytes() - what a plane takes of its pipe's budget
 * @state: the plane's state, checked
 *
 * It is the same wherever the plane is, so to move one needs no new check.
 *
 * Return: bytes that are fetched on each line.
 */
u32 vdc_plane_line_bytes(const struct drm_plane_state *state)
{
	if (!to_vdc_plane_state(state)->regs.reg[VDC_LAYER_REG_CTRL])
		return 0;
	return state->crtc_w * state->fb->format->cpp[0];
}

static void vdc_plane_want(struct vdc_plane *vplane, const struct vdc_layer_regs *regs)
{
	struct vdc_crtc *vcrtc = vdc_plane_crtc(vplane);
	unsigned long flags;

	spin_lock_irqsave(&vcrtc->lock, flags);
	vplane->wanted = *regs;
	spin_unlock_irqrestore(&vcrtc->lock, flags);
}

static void vdc_plane_atomic_update(struct drm_plane *plane, struct drm_atomic_state *state)
{
	struct drm_plane_state *plane_state = drm_atomic_get_new_plane_state(state, plane);

	vdc_plane_want(to_vdc_plane(plane), &to_vdc_plane_state(plane_state)->regs);
}

static void vdc_plane_atomic_disable(struct drm_plane *plane, struct drm_atomic_state *state)
{
	static const struct vdc_layer_regs off;

	vdc_plane_want(to_vdc_plane(plane), &off);
}

/*
 * The legacy cursor ioctls may move the cursor many times a frame, and must
 * not wait for a page flip each time. Another buffer takes the ordinary path:
 * the old one is shown until the vblank, and has to live as long.
 */
static int vdc_plane_atomic_async_check(struct drm_plane *plane, struct drm_atomic_state *state)
{
	struct drm_plane_state *old_state = drm_atomic_get_old_plane_state(state, plane);
	struct drm_plane_state *new_state = drm_atomic_get_new_plane_state(state, plane);
	struct drm_crtc_state *crtc_state = drm_atomic_get_new_crtc_state(state, new_state->crtc);

	/* While the CRTC is inactive the registers are not kept. */
	if (!crtc_state || !crtc_state->active)
		return -EINVAL;
	if (plane->type != DRM_PLANE_TYPE_CURSOR || old_state->fb != new_state->fb ||
	    !vdc_layer_regs_only_moved(&to_vdc_plane_state(old_state)->regs,
				       &to_vdc_plane_state(new_state)->regs))
		return -EINVAL;
	return 0;
}

static void vdc_plane_atomic_async_update(struct drm_plane *plane, struct drm_atomic_state *state)
{
	struct drm_plane_state *new_state = drm_atomic_get_new_plane_state(state, plane);
	struct vdc_plane *vplane = to_vdc_plane(plane);
	struct vdc_crtc *vcrtc = vdc_plane_crtc(vplane);
	unsigned long flags;
	int idx;

	plane->state->crtc_x = new_state->crtc_x;
	plane->state->crtc_y = new_state->crtc_y;
	plane->state->src = new_state->src;
	plane->state->dst = new_state->dst;
	plane->state->visible = new_state->visible;
	to_vdc_plane_state(plane->state)->regs = to_vdc_plane_state(new_state)->regs;

	if (!drm_dev_enter(plane->dev, &idx))
		return;
	spin_lock_irqsave(&vcrtc->lock, flags);
	vplane->wanted = to_vdc_plane_state(new_state)->regs;
	vdc_crtc_move_plane(vcrtc, vplane);
	spin_unlock_irqrestore(&vcrtc->lock, flags);
	drm_dev_exit(idx);
}

/* What is shown stays where it is. Since it was checked it may have been moved. */
static int vdc_plane_prepare_fb(struct drm_plane *plane, struct drm_plane_state *state)
{
	struct vdc_layer_regs *regs = &to_vdc_plane_state(state)->regs;
	int ret;

	if (!state->fb)
		return 0;
	ret = drm_gem_plane_helper_prepare_fb(plane, state);
	if (ret)
		return ret;
	ret = vdc_gem_pin_fb(state->fb);
	if (ret)
		return ret;
	if (regs->reg[VDC_LAYER_REG_CTRL])
		vdc_layer_regs_set_addr(regs, drm_fb_dma_get_gem_addr(state->fb, state, 0));
	return 0;
}

static void vdc_plane_cleanup_fb(struct drm_plane *plane, struct drm_plane_state *state)
{
	if (state->fb)
		vdc_gem_unpin_fb(state->fb);
}

static const struct drm_plane_helper_funcs vdc_plane_helper_funcs = {
	.prepare_fb = vdc_plane_prepare_fb,
	.cleanup_fb = vdc_plane_cleanup_fb,
	.atomic_check = vdc_plane_atomic_check,
	.atomic_update = vdc_plane_atomic_update,
	.atomic_disable = vdc_plane_atomic_disable,
	.atomic_async_check = vdc_plane_atomic_async_check,
	.atomic_async_update = vdc_plane_atomic_async_update,
};

static const struct drm_plane_helper_funcs vdc_primary_plane_helper_funcs = {
	.prepare_fb = vdc_plane_prepare_fb,
	.cleanup_fb = vdc_plane_cleanup_fb,
	.atomic_check = vdc_plane_atomic_check,
	.atomic_update = vdc_plane_atomic_update,
	.atomic_disable = vdc_plane_atomic_disable,
	.get_scanout_buffer = drm_fb_dma_get_scanout_buffer,
};

static const struct drm_plane_funcs vdc_plane_funcs = {
	.update_plane = drm_atomic_helper_update_plane,
	.disable_plane = drm_atomic_helper_disable_plane,
	.reset = vdc_plane_reset,
	.atomic_duplicate_state = vdc_plane_duplicate_state,
	.atomic_destroy_state = vdc_plane_destroy_state,
};

/* Indexed by VDC_LAYER_TYPE_*. */
static const struct {
	enum drm_plane_type type;
	const char *name;
	const struct drm_plane_helper_funcs *helper_funcs;
} vdc_plane_types[] = {
	[VDC_LAYER_TYPE_PRIMARY] = {
		DRM_PLANE_TYPE_PRIMARY, "primary", &vdc_primary_plane_helper_funcs
	},
	[VDC_LAYER_TYPE_OVERLAY] = {
		DRM_PLANE_TYPE_OVERLAY, "overlay", &vdc_plane_helper_funcs
	},
	[VDC_LAYER_TYPE_CURSOR] = {
		DRM_PLANE_TYPE_CURSOR, "cursor", &vdc_plane_helper_funcs
	},
};

/*
 * Any size up to the layer's will do; clients that are told of no other take the
 * largest, and draw and have fetched more than they need.
 */
static int vdc_plane_add_size_hints(struct drm_plane *plane, const struct vdc_layer_caps *caps)
{
	u32 max = min(caps->max_width, caps->max_height);
	struct drm_plane_size_hint hints[16];
	unsigned int n = 0;
	u32 size;

	for (size = min_t(u32, VDC_CURSOR_HINT, max); size <= max; size *= 2) {
		if (n == ARRAY_SIZE(hints))
			break;
		hints[n++] = (struct drm_plane_size_hint) { size, size };
	}
	return drm_plane_add_size_hints_property(plane, hints, n);
}

/**
 * vdc_plane_create() - create the plane of a layer
 * @vdc: the device
 * @pipe: the layer's pipe
 * @layer: the layer
 *
 * Return: the plane, which lives as long as the DRM device, or an ERR_PTR().
 */
struct vdc_plane *vdc_plane_create(struct vdc_device *vdc, unsigned int pipe, unsigned int layer)
{
	const struct vdc_layer_caps *caps = &vdc->caps.pipes[pipe].layers[layer];
	u32 formats[VDC_NUM_FORMATS];
	unsigned int num_formats = vdc_format_list(caps->formats, formats);
	struct vdc_plane *vplane;
	int ret;

	vplane = drmm_universal_plane_alloc(&vdc->drm, struct vdc_plane, base, BIT(pipe),
					    &vdc_plane_funcs, formats, num_formats, NULL,
					    vdc_plane_types[caps->type].type, "pipe-%u-%s-%u",
					    pipe, vdc_plane_types[caps->type].name, layer);
	if (IS_ERR(vplane))
		return vplane;

	vplane->pipe = pipe;
	vplane->layer = layer;
	drm_plane_helper_add(&vplane->base, vdc_plane_types[caps->type].helper_funcs);

	/* All of a buffer is fetched each frame; clients that tell what changed need not know. */
	drm_plane_enable_fb_damage_clips(&vplane->base);
	ret = drm_plane_create_zpos_immutable_property(&vplane->base, layer);
	if (ret)
		return ERR_PTR(ret);
	if (vdc_format_mask_has_alpha(caps->formats)) {
		ret = drm_plane_create_blend_mode_property(&vplane->base,
							   BIT(DRM_MODE_BLEND_PREMULTI) |
							   BIT(DRM_MODE_BLEND_PIXEL_NONE));
		if (ret)
			return ERR_PTR(ret);
	}
	if (caps->type == VDC_LAYER_TYPE_CURSOR) {
		ret = vdc_plane_add_size_hints(&vplane->base, caps);
		if (ret)
			return ERR_PTR(ret);
	}
	return vplane;
}
