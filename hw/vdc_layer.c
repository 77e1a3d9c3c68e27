// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* A layer's registers, and where it lies on the screen. */
#include "vdc_internal.h"

#define CURSOR_MAX	256U	/* pixels each way */

#define ALL_FORMATS	(VDC_BIT(VDC_NUM_FORMATS) - 1)

static bool is_cursor(const struct vdc *v, uint32_t l)
{
	return l == v->config.num_overlays + 1;
}

static uint32_t layer_type(const struct vdc *v, uint32_t l)
{
	if (l == 0)
		return VDC_LAYER_TYPE_PRIMARY;
	return is_cursor(v, l) ? VDC_LAYER_TYPE_CURSOR : VDC_LAYER_TYPE_OVERLAY;
}

static uint32_t layer_formats(const struct vdc *v, uint32_t l)
{
	return is_cursor(v, l) ? VDC_BIT(VDC_FORMAT_ARGB8888) : ALL_FORMATS;
}

static uint32_t layer_max_size(const struct vdc *v, uint32_t l)
{
	uint32_t w = is_cursor(v, l) ? CURSOR_MAX : v->config.max_width;
	uint32_t h = is_cursor(v, l) ? CURSOR_MAX : v->config.max_height;

	return VDC_PREP(VDC_SIZE_W, w) | VDC_PREP(VDC_SIZE_H, h);
}

uint64_t vdc_layer_addr(const struct vdc *v, const struct vdc_layer_state *s)
{
	uint64_t addr = (uint64_t)s->addr_hi << 32 | s->addr_lo;

	return v->config.addr_bits < 64 ? addr & ((1ULL << v->config.addr_bits) - 1) : addr;
}

uint32_t vdc_layer_read(struct vdc *v, uint32_t p, uint32_t l, uint32_t reg)
{
	const struct vdc_layer_state *s = &v->pipe[p].shadow.layer[l];
	const struct vdc_layer_state *latched = &v->pipe[p].latched.layer[l];

	switch (reg) {
	case VDC_LAYER_CAPS:
		return VDC_PREP(VDC_LAYER_CAPS_TYPE, layer_type(v, l));
	case VDC_LAYER_FORMATS:
		return layer_formats(v, l);
	case VDC_LAYER_MAX_SIZE:
		return layer_max_size(v, l);
	case VDC_LAYER_CTRL:
		return s->ctrl;
	case VDC_LAYER_ADDR_LO:
		return s->addr_lo;
	case VDC_LAYER_ADDR_HI:
		return s->addr_hi;
	case VDC_LAYER_PITCH:
		return s->pitch;
	case VDC_LAYER_POS:
		return s->pos;
	case VDC_LAYER_SIZE:
		return s->size;
	case VDC_LAYER_ACTIVE_LO:
		return latched->addr_lo;
	case VDC_LAYER_ACTIVE_HI:
		return latched->addr_hi;
	case VDC_LAYER_ACTIVE_CTRL:
		return latched->ctrl;
	default:
		return 0;
	}
}

void vdc_layer_write(struct vdc *v, uint32_t p, uint32_t l, uint32_t reg, uint32_t value)
{
	struct vdc_layer_state *s = &v->pipe[p].shadow.layer[l];

	switch (reg) {
	case VDC_LAYER_CTRL:
		s->ctrl = value & (VDC_LAYER_CTRL_ENABLE | VDC_LAYER_CTRL_FORMAT |
				   VDC_LAYER_CTRL_BLEND);
		break;
	case VDC_LAYER_ADDR_LO:
		s->addr_lo = value & ~1U;
		break;
	case VDC_LAYER_ADDR_HI:
		s->addr_hi = value;
		break;
	case VDC_LAYER_PITCH:
		s->pitch = value & 0x00fffff8U;
		break;
	case VDC_LAYER_POS:
		s->pos = value;
		break;
	case VDC_LAYER_SIZE:
		s->size = value;
		break;
	}
}

/*
 * The part of [pos, pos + size) inside [0, limit): where it starts, what was cut
 * off in front of it, and as result how long it is.
 */
static uint32_t clip_axis(int32_t pos, uint32_t size, uint32_t limit, uint32_t *start,
			  uint32_t *skip)
{
	int32_t end = pos + (int32_t)size;

	*skip = pos < 0 ? (uint32_t)-pos : 0;
	*start = pos < 0 ? 0 : (uint32_t)pos;
	if (end > (int32_t)limit)
		end = (int32_t)limit;
	return end > (int32_t)*start ? (uint32_t)end - *start : 0;
}

/*
 * vdc_layer_clip() - the visible part of a latched layer
 * @out: format, blend, and rectangle on the screen
 * @skip_bytes: from the layer's address to the first visible pixel
 * Return: false when nothing of it is to be seen.
 */
bool vdc_layer_clip(const struct vdc_layer_state *s, const struct vdc_timing *t,
		    struct vdc_frame_layer *out, uint64_t *skip_bytes)
{
	uint32_t skip_x, skip_y, bpp;

	out->format = VDC_GET(VDC_LAYER_CTRL_FORMAT, s->ctrl);
	out->blend = VDC_GET(VDC_LAYER_CTRL_BLEND, s->ctrl);
	bpp = vdc_format_bpp(out->format);
	if (!(s->ctrl & VDC_LAYER_CTRL_ENABLE) || !bpp)
		return false;
	out->w = clip_axis((int16_t)VDC_GET(VDC_SIZE_W, s->pos), VDC_GET(VDC_SIZE_W, s->size),
			   t->hactive, &out->x, &skip_x);
	out->h = clip_axis((int16_t)VDC_GET(VDC_SIZE_H, s->pos), VDC_GET(VDC_SIZE_H, s->size),
			   t->vactive, &out->y, &skip_y);
	*skip_bytes = (uint64_t)skip_y * s->pitch + (uint64_t)skip_x * bpp;
	return out->w && out->h;
}

/* vdc_layer_line_bytes() - what a latched layer takes of the budget: all its width, on each line */
uint32_t vdc_layer_line_bytes(const struct vdc_layer_state *s)
{
	if (!(s->ctrl & VDC_LAYER_CTRL_ENABLE))
		return 0;
	return VDC_GET(VDC_SIZE_W, s->size) *
	       vdc_format_bpp(VDC_GET(VDC_LAYER_CTRL_FORMAT, s->ctrl));
}
