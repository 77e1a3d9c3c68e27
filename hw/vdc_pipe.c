// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* A pipe's registers: commit and latch, interrupts, CRC FIFO. */
#include "vdc_internal.h"

void vdc_pipe_reset(struct vdc *v, uint32_t p)
{
	struct vdc_pipe *pipe = &v->pipe[p];
	uint32_t crc_epoch = pipe->crc_epoch;

	pipe->irq_enable = 0;	/* what ends unfinished here raises the line no more */
	vdc_scan_stop(v, p);
	memset(pipe, 0, sizeof(*pipe));
	pipe->crc_epoch = crc_epoch + 1;
	pipe->line_compare = 0xffffffffU;
	pipe->delayed_vblank = VDC_NEVER;
}

static uint64_t frame_count(const struct vdc *v, const struct vdc_pipe *pipe)
{
	return pipe->running ? vdc_frame_number(v, pipe) + pipe->in_vblank : pipe->frame_count;
}

/* Registers of the double-buffered state: where each lives and which bits it has. */
static uint32_t *shadow_reg(struct vdc_pipe_state *s, uint32_t reg, uint32_t *mask)
{
	*mask = 0xffffffffU;
	switch (reg) {
	case VDC_PIPE_CTRL:
		*mask = VDC_PIPE_CTRL_ENABLE;
		return &s->ctrl;
	case VDC_PIPE_CLOCK:
		return &s->clock;
	case VDC_PIPE_ACTIVE:
		return &s->active;
	case VDC_PIPE_TOTAL:
		return &s->total;
	case VDC_PIPE_SYNC_START:
		return &s->sync_start;
	case VDC_PIPE_SYNC_END:
		return &s->sync_end;
	case VDC_PIPE_POLARITY:
		*mask = VDC_PIPE_POLARITY_PHSYNC | VDC_PIPE_POLARITY_PVSYNC;
		return &s->polarity;
	case VDC_PIPE_BACKGROUND:
		*mask = VDC_MASK(29, 0);
		return &s->background;
	case VDC_PIPE_WB_CTRL:
		*mask = VDC_PIPE_WB_CTRL_ENABLE | VDC_PIPE_WB_CTRL_FORMAT;
		return &s->wb_ctrl;
	case VDC_PIPE_WB_ADDR_LO:
		*mask = ~1U;
		return &s->wb_addr_lo;
	case VDC_PIPE_WB_ADDR_HI:
		return &s->wb_addr_hi;
	case VDC_PIPE_WB_PITCH:
		*mask = 0x00fffff8U;
		return &s->wb_pitch;
	default:
		return NULL;
	}
}

static uint32_t read_status(const struct vdc_pipe *pipe)
{
	uint32_t status = pipe->status;

	if (pipe->running)
		status |= VDC_PIPE_STATUS_ACTIVE;
	if (pipe->commit)
		status |= VDC_PIPE_STATUS_PENDING;
	if (pipe->running && pipe->in_vblank)
		status |= VDC_PIPE_STATUS_VBLANK;
	return status;
}

static uint32_t read_position(struct vdc *v, const struct vdc_pipe *pipe)
{
	uint64_t elapsed;
	uint32_t line, pixel;

	if (!pipe->running)
		return 0;
	elapsed = v->ops->now(v->host) - pipe->start;
	vdc_beam_at(&pipe->timing, vdc_frame_at(&pipe->timing, elapsed), elapsed, &line, &pixel);
	return VDC_PREP(VDC_PIPE_POSITION_LINE, line) | VDC_PREP(VDC_PIPE_POSITION_PIXEL, pixel);
}

uint32_t vdc_pipe_read(struct vdc *v, uint32_t p, uint32_t reg)
{
	struct vdc_pipe *pipe = &v->pipe[p];
	uint32_t mask, *shadow = shadow_reg(&pipe->shadow, reg, &mask);

	if (shadow)
		return *shadow;
	switch (reg) {
	case VDC_PIPE_CAPS:
		return VDC_PREP(VDC_PIPE_CAPS_LAYERS, v->config.num_overlays + 2);
	case VDC_PIPE_COMMIT:
		return pipe->commit ? VDC_PIPE_COMMIT_PENDING : 0;
	case VDC_PIPE_STATUS:
		return read_status(pipe);
	case VDC_PIPE_IRQ_STATUS:
		return pipe->irq_status;
	case VDC_PIPE_IRQ_ENABLE:
		return pipe->irq_enable;
	case VDC_PIPE_FRAME:
		return (uint32_t)frame_count(v, pipe);
	case VDC_PIPE_FRAME_HI:
		return (uint32_t)(frame_count(v, pipe) >> 32);
	case VDC_PIPE_POSITION:
		return read_position(v, pipe);
	case VDC_PIPE_COMMIT_FRAME:
		return pipe->commit_frame;
	case VDC_PIPE_BUDGET:
		return v->config.budget;
	case VDC_PIPE_LINE_COMPARE:
		return pipe->line_compare;
	case VDC_PIPE_UNDERRUNS:
		return pipe->underruns;
	case VDC_PIPE_BUS_ERRORS:
		return pipe->bus_errors;
	case VDC_PIPE_BUS_ERROR_LO:
		return (uint32_t)pipe->bus_error_addr;
	case VDC_PIPE_BUS_ERROR_HI:
		return (uint32_t)(pipe->bus_error_addr >> 32);
	case VDC_PIPE_BUS_ERROR_INFO:
		return pipe->bus_error_info;
	case VDC_PIPE_CRC_CTRL:
		return pipe->crc_ctrl;
	case VDC_PIPE_CRC_LEVEL:
		return pipe->crc_level;
	case VDC_PIPE_CRC_FRAME:
		return pipe->crc_level ? pipe->crc_frame[pipe->crc_head] : 0;
	case VDC_PIPE_CRC_VALUE:
		return pipe->crc_level ? pipe->crc_value[pipe->crc_head] : 0;
	case VDC_PIPE_CRC_LOST:
		return pipe->crc_lost;
	case VDC_PIPE_WB_FORMATS:
		return VDC_BIT(VDC_FORMAT_XRGB8888);
	case VDC_PIPE_WB_STATUS:
		return (pipe->wb_busy ? VDC_PIPE_WB_STATUS_BUSY : 0) |
		       (pipe->wb_error ? VDC_PIPE_WB_STATUS_ERROR : 0);
	case VDC_PIPE_WB_FRAME:
		return pipe->wb_frame;
	default:
		return 0;
	}
}

/* The DBE registers of a running pipe stay as they were latched. */
static void keep_mode(struct vdc_pipe_state *to, const struct vdc_pipe_state *from)
{
	to->clock = from->clock;
	to->active = from->active;
	to->total = from->total;
	to->sync_start = from->sync_start;
	to->sync_end = from->sync_end;
	to->polarity = from->polarity;
}

/* Without a beam there is no frame to store: that ends at once, with an error. */
static void latch_writeback(struct vdc *v, uint32_t p)
{
	struct vdc_pipe *pipe = &v->pipe[p];

	if (!(pipe->shadow.wb_ctrl & VDC_PIPE_WB_CTRL_ENABLE))
		return;
	pipe->shadow.wb_ctrl &= ~VDC_PIPE_WB_CTRL_ENABLE;
	if (!pipe->running) {
		pipe->wb_error = 1;
		vdc_pipe_raise(v, p, VDC_PIPE_IRQ_WB_DONE);
	} else if (!pipe->wb_armed) {
		pipe->wb_armed = 1;
		pipe->wb_busy++;
	}
}

/*
 * vdc_pipe_latch() - the armed commit takes effect
 *
 * Called at the start of vblank, where @pipe->frame is the frame that just
 * ended, or at any time while the pipe is off.
 */
void vdc_pipe_latch(struct vdc *v, uint32_t p)
{
	struct vdc_pipe *pipe = &v->pipe[p];
	struct vdc_pipe_state before = pipe->latched;
	bool enable = pipe->shadow.ctrl & VDC_PIPE_CTRL_ENABLE;

	pipe->commit = 0;
	pipe->latched = pipe->shadow;
	if (pipe->running && enable) {
		keep_mode(&pipe->latched, &before);
	} else if (pipe->running) {
		vdc_scan_stop(v, p);
	} else if (enable) {
		pipe->status &= ~VDC_PIPE_STATUS_BAD_MODE;
		if (vdc_timing_init(&pipe->timing, &pipe->latched, &v->config)) {
			vdc_scan_start(v, p, v->ops->now(v->host));
		} else {
			pipe->status |= VDC_PIPE_STATUS_BAD_MODE;
			vdc_trace(v, VDC_EVENT_BAD_MODE, p, 0);
		}
	}
	latch_writeback(v, p);
	pipe->commit_frame = (uint32_t)frame_count(v, pipe);
	vdc_trace(v, VDC_EVENT_LATCH, p, frame_count(v, pipe));
	vdc_pipe_raise(v, p, VDC_PIPE_IRQ_COMMIT_DONE);
}

/* Addresses alone latch now, in mid-frame: what the beam has yet to reach comes from there. */
static void latch_addresses(struct vdc *v, uint32_t p)
{
	struct vdc_pipe *pipe = &v->pipe[p];
	uint32_t l;

	for (l = 0; l < v->config.num_overlays + 2; l++) {
		pipe->latched.layer[l].addr_lo = pipe->shadow.layer[l].addr_lo;
		pipe->latched.layer[l].addr_hi = pipe->shadow.layer[l].addr_hi;
	}
	pipe->commit_frame = (uint32_t)frame_count(v, pipe);
	vdc_trace(v, VDC_EVENT_LATCH, p, frame_count(v, pipe));
	vdc_pipe_raise(v, p, VDC_PIPE_IRQ_COMMIT_DONE);
}

static void write_commit(struct vdc *v, uint32_t p, uint32_t value)
{
	struct vdc_pipe *pipe = &v->pipe[p];

	if (value & VDC_PIPE_COMMIT_CANCEL)
		pipe->commit = 0;
	if (!(value & VDC_PIPE_COMMIT_ARM))
		return;
	if (!pipe->running)
		vdc_pipe_latch(v, p);
	else if (value & VDC_PIPE_COMMIT_ASYNC)
		latch_addresses(v, p);
	else
		pipe->commit = VDC_PIPE_COMMIT_ARM;
}

static void write_crc_ctrl(struct vdc_pipe *pipe, uint32_t value)
{
	value &= VDC_PIPE_CRC_CTRL_ENABLE;
	if (value && !pipe->crc_ctrl) {
		pipe->crc_epoch++;
		pipe->crc_head = 0;
		pipe->crc_level = 0;
		pipe->crc_lost = 0;
	}
	pipe->crc_ctrl = value;
}

void vdc_crc_push(struct vdc_pipe *pipe, uint32_t frame, uint32_t value)
{
	uint32_t tail;

	if (pipe->crc_level == VDC_CRC_DEPTH) {
		pipe->crc_head = (pipe->crc_head + 1) % VDC_CRC_DEPTH;
		pipe->crc_level--;
		pipe->crc_lost++;
	}
	tail = (pipe->crc_head + pipe->crc_level) % VDC_CRC_DEPTH;
	pipe->crc_frame[tail] = frame;
	pipe->crc_value[tail] = value;
	pipe->crc_level++;
}

static void crc_pop(struct vdc_pipe *pipe)
{
	if (!pipe->crc_level)
		return;
	pipe->crc_head = (pipe->crc_head + 1) % VDC_CRC_DEPTH;
	pipe->crc_level--;
}

void vdc_pipe_write(struct vdc *v, uint32_t p, uint32_t reg, uint32_t value)
{
	struct vdc_pipe *pipe = &v->pipe[p];
	uint32_t mask, *shadow = shadow_reg(&pipe->shadow, reg, &mask);

	if (shadow) {
		*shadow = value & mask;
		return;
	}
	switch (reg) {
	case VDC_PIPE_COMMIT:
		write_commit(v, p, value);
		break;
	case VDC_PIPE_IRQ_STATUS:
		pipe->irq_status &= ~value;
		vdc_update_irq(v);
		break;
	case VDC_PIPE_IRQ_ENABLE:
		pipe->irq_enable = value & VDC_PIPE_IRQ_ALL;
		vdc_update_irq(v);
		break;
	case VDC_PIPE_LINE_COMPARE:
		pipe->line_compare = value;
		vdc_scan_line_compare(v, p);
		break;
	case VDC_PIPE_CRC_CTRL:
		write_crc_ctrl(pipe, value);
		break;
	case VDC_PIPE_CRC_POP:
		crc_pop(pipe);
		break;
	}
}

int vdc_output_pipe(const struct vdc *v, uint32_t o)
{
	uint32_t p;

	if (o >= v->config.num_outputs || !(v->output[o].ctrl & VDC_OUT_CTRL_ENABLE))
		return -1;
	p = VDC_GET(VDC_OUT_CTRL_PIPE, v->output[o].ctrl);
	return p < v->config.num_pipes && v->pipe[p].running ? (int)p : -1;
}

uint64_t vdc_pipe_mode(const struct vdc *v, uint32_t p, uint32_t *w, uint32_t *h)
{
	bool on = p < v->config.num_pipes && v->pipe[p].running;

	*w = on ? v->pipe[p].timing.hactive : 0;
	*h = on ? v->pipe[p].timing.vactive : 0;
	return on ? v->pipe[p].timing.period : 0;
}
