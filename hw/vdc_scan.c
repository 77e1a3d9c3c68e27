// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * The beam: fetches lines when it reaches them, starts vblanks, and catches up.
 *
 * Each pipe has one next event: a band to fetch, the vblank of the frame in
 * progress, or the start of the next frame. A host that comes late finds the
 * frame in progress finished first (its remaining bands are fetched now and
 * count as underruns), then its vblank, then only the frame that the beam is in
 * at present: frames in between are skipped. So no latched state is ever
 * unseen, and the work of one call is bounded by two frames.
 */
#include "vdc_internal.h"

static void saturating_add(uint32_t *counter, uint64_t n)
{
	*counter = n > 0xffffffffU - *counter ? 0xffffffffU : *counter + (uint32_t)n;
}

static void underrun(struct vdc *v, uint32_t p, uint64_t bands)
{
	struct vdc_pipe *pipe = &v->pipe[p];

	saturating_add(&pipe->underruns, bands);
	vdc_trace(v, VDC_EVENT_UNDERRUN, p, vdc_frame_number(v, pipe));
	vdc_pipe_raise(v, p, VDC_PIPE_IRQ_UNDERRUN);
}

static void bus_error(struct vdc *v, uint32_t p, uint64_t addr, uint32_t info)
{
	struct vdc_pipe *pipe = &v->pipe[p];

	saturating_add(&pipe->bus_errors, 1);
	if (!(pipe->irq_status & VDC_PIPE_IRQ_BUS_ERROR)) {
		pipe->bus_error_addr = addr;
		pipe->bus_error_info = info;
		vdc_trace(v, VDC_EVENT_BUS_ERROR, p, addr);
	}
	vdc_pipe_raise(v, p, VDC_PIPE_IRQ_BUS_ERROR);
}

/* First line of a band; bands differ by at most one line. */
static uint32_t band_start(const struct vdc_timing *t, uint32_t band)
{
	return t->vactive * band / VDC_BANDS;
}

/* Ask the host for a frame and describe the latched state in it. */
static void begin_frame(struct vdc *v, uint32_t p)
{
	struct vdc_pipe *pipe = &v->pipe[p];
	const struct vdc_timing *t = &pipe->timing;
	struct vdc_frame_layer layer[VDC_MAX_LAYERS];
	size_t offset[VDC_MAX_LAYERS], bytes = 0;
	struct vdc_frame *f;
	uint32_t l, n = 0;
	uint64_t skip;

	for (l = 0; l < v->config.num_overlays + 2; l++) {
		if (!vdc_layer_clip(&pipe->latched.layer[l], t, &layer[n], &skip))
			continue;
		layer[n].index = l;
		layer[n].pitch = layer[n].w * vdc_format_bpp(layer[n].format);
		offset[n] = bytes;
		bytes += ((size_t)layer[n].pitch * layer[n].h + 7) & ~(size_t)7;
		n++;
	}
	f = v->ops->frame_get(v->host, p, t->hactive, t->vactive, bytes);
	pipe->cur = f;
	if (!f)
		return;
	f->pipe = p;
	f->number = vdc_frame_number(v, pipe);
	f->epoch = v->epoch;
	f->crc_epoch = pipe->crc_epoch;
	f->w = t->hactive;
	f->h = t->vactive;
	f->background = pipe->latched.background;
	f->num_layers = n;
	for (l = 0; l < n; l++) {
		f->layer[l] = layer[l];
		f->layer[l].data = f->store + offset[l];
	}
	f->flags &= VDC_FRAME_DISPLAY;
	if (pipe->crc_ctrl)
		f->flags |= VDC_FRAME_CRC;
	if (pipe->wb_armed) {
		pipe->wb_armed = 0;
		f->flags |= VDC_FRAME_WRITEBACK;
		f->wb_addr = (uint64_t)pipe->latched.wb_addr_hi << 32 | pipe->latched.wb_addr_lo;
		f->wb_pitch = pipe->latched.wb_pitch;
	}
}

/* Bus address of the first visible pixel of a layer in line @y of the screen. */
static uint64_t line_addr(struct vdc *v, uint32_t p, const struct vdc_frame_layer *l, uint32_t y)
{
	const struct vdc_pipe *pipe = &v->pipe[p];
	const struct vdc_layer_state *s = &pipe->latched.layer[l->index];
	struct vdc_frame_layer unused;
	uint64_t skip;

	vdc_layer_clip(s, &pipe->timing, &unused, &skip);
	return vdc_layer_addr(v, s) + skip + (uint64_t)(y - l->y) * s->pitch;
}

/* Fetch lines [y, end) of a layer; what cannot be read is zero. */
static void fetch_lines(struct vdc *v, uint32_t p, const struct vdc_frame_layer *l,
			uint32_t y, uint32_t end)
{
	const struct vdc_layer_state *s = &v->pipe[p].latched.layer[l->index];
	uint8_t *dst = l->data + (size_t)(y - l->y) * l->pitch;
	uint64_t addr = line_addr(v, p, l, y);
	uint32_t got;

	if (s->pitch == l->pitch &&
	    v->ops->dma_read(v->host, addr, dst, (end - y) * l->pitch) == (end - y) * l->pitch)
		return;
	for (; y < end; y++, addr += s->pitch, dst += l->pitch) {
		got = v->ops->dma_read(v->host, addr, dst, l->pitch);
		if (got >= l->pitch)
			continue;
		memset(dst + got, 0, l->pitch - got);
		bus_error(v, p, addr + got, VDC_PREP(VDC_PIPE_BUS_ERROR_LAYER, l->index));
	}
}

/* Do the layers that are on want more than PIPE_BUDGET? */
static bool over_budget(const struct vdc *v, const struct vdc_pipe *pipe)
{
	uint64_t bytes = 0;	/* a line */
	uint32_t l;

	if (!v->config.budget)
		return false;
	for (l = 0; l < v->config.num_overlays + 2; l++)
		bytes += vdc_layer_line_bytes(&pipe->latched.layer[l]);
	/* kHz / htotal are thousands of lines a second. */
	return bytes * pipe->timing.clock > (uint64_t)v->config.budget * pipe->timing.htotal;
}

enum band_fault { BAND_GOOD, BAND_UNDERRUN, BAND_BUS_ERROR };

static void spoil_lines(struct vdc *v, uint32_t p, const struct vdc_frame_layer *l,
			uint32_t y, uint32_t end, enum band_fault fault)
{
	memset(l->data + (size_t)(y - l->y) * l->pitch, 0, (size_t)(end - y) * l->pitch);
	if (fault == BAND_BUS_ERROR)
		bus_error(v, p, line_addr(v, p, l, y),
			  VDC_PREP(VDC_PIPE_BUS_ERROR_LAYER, l->index));
}

static void fetch_band(struct vdc *v, uint32_t p, uint32_t band, uint64_t elapsed)
{
	struct vdc_pipe *pipe = &v->pipe[p];
	uint32_t first = band_start(&pipe->timing, band);
	uint32_t last = band_start(&pipe->timing, band + 1);
	enum band_fault fault = BAND_GOOD;
	uint32_t i, y, end;

	if (vdc_fault(&v->faults.underrun) || over_budget(v, pipe))
		fault = BAND_UNDERRUN;
	else if (vdc_fault(&v->faults.bus_error))
		fault = BAND_BUS_ERROR;
	/* Too late is when the beam has left the band before its lines were there. */
	if (!pipe->cur || fault == BAND_UNDERRUN ||
	    elapsed > vdc_time_at(&pipe->timing, pipe->frame, last))
		underrun(v, p, 1);
	if (!pipe->cur)
		return;
	for (i = 0; i < pipe->cur->num_layers; i++) {
		const struct vdc_frame_layer *l = &pipe->cur->layer[i];

		y = first > l->y ? first : l->y;
		end = last < l->y + l->h ? last : l->y + l->h;
		if (y >= end)
			continue;
		if (fault == BAND_GOOD)
			fetch_lines(v, p, l, y, end);
		else
			spoil_lines(v, p, l, y, end, fault);
	}
}

static void end_frame(struct vdc *v, struct vdc_pipe *pipe)
{
	struct vdc_frame *f = pipe->cur;

	pipe->cur = NULL;
	if (f)
		v->ops->frame_queue(v->host, f);
}

static void begin_vblank(struct vdc *v, uint32_t p)
{
	struct vdc_pipe *pipe = &v->pipe[p];

	end_frame(v, pipe);
	pipe->in_vblank = 1;
	vdc_trace(v, VDC_EVENT_VBLANK, p, vdc_frame_number(v, pipe) + 1);
	if (vdc_fault(&v->faults.delay_vblank))
		pipe->delayed_vblank = pipe->start + VDC_DELAY_NS +
			vdc_time_at(&pipe->timing, pipe->frame, pipe->timing.vactive);
	else if (!vdc_fault(&v->faults.drop_vblank))
		pipe->irq_status |= VDC_PIPE_IRQ_VBLANK;
	if (pipe->commit && !vdc_fault(&v->faults.stuck_commit))
		vdc_pipe_latch(v, p);
	vdc_update_irq(v);
}

void vdc_scan_start(struct vdc *v, uint32_t p, uint64_t now)
{
	struct vdc_pipe *pipe = &v->pipe[p];

	pipe->running = 1;
	pipe->start = now;
	pipe->frame = 0;
	pipe->next_band = 0;
	pipe->in_vblank = 0;
	pipe->delayed_vblank = VDC_NEVER;
	pipe->crc_epoch++;	/* late frames of a former run have numbers that mean others now */
	vdc_scan_line_compare(v, p);
	vdc_trace(v, VDC_EVENT_ENABLE, p, pipe->timing.period);
}

/* The beam stops: what it was filling goes nowhere. */
void vdc_scan_stop(struct vdc *v, uint32_t p)
{
	struct vdc_pipe *pipe = &v->pipe[p];

	if (!pipe->running)
		return;
	pipe->frame_count = vdc_frame_number(v, pipe) + pipe->in_vblank;
	pipe->running = 0;
	pipe->delayed_vblank = VDC_NEVER;
	if (pipe->cur)
		pipe->cur->flags = 0;
	end_frame(v, pipe);
	if (pipe->wb_armed) {	/* it was to store a frame that does not come */
		pipe->wb_armed = 0;
		pipe->wb_busy--;
		pipe->wb_error = 1;
		vdc_pipe_raise(v, p, VDC_PIPE_IRQ_WB_DONE);
	}
	vdc_trace(v, VDC_EVENT_DISABLE, p, pipe->frame_count);
}

/* Time of the next step of the beam, ns after the start. */
static uint64_t next_step(const struct vdc_pipe *pipe)
{
	const struct vdc_timing *t = &pipe->timing;

	if (pipe->in_vblank)
		return vdc_time_at(t, pipe->frame + 1, 0);
	return vdc_time_at(t, pipe->frame, band_start(t, pipe->next_band));
}

static void next_frame(struct vdc *v, uint32_t p, uint64_t elapsed)
{
	struct vdc_pipe *pipe = &v->pipe[p];
	uint64_t frame = vdc_frame_at(&pipe->timing, elapsed);
	uint64_t skipped = frame - (pipe->frame + 1);

	pipe->frame = frame;
	pipe->in_vblank = 0;
	pipe->next_band = 0;
	if (skipped) {
		vdc_trace(v, VDC_EVENT_SKIP, p, skipped);
		underrun(v, p, skipped * VDC_BANDS);
	}
}

static void step(struct vdc *v, uint32_t p, uint64_t elapsed)
{
	struct vdc_pipe *pipe = &v->pipe[p];

	if (pipe->in_vblank) {
		next_frame(v, p, elapsed);
	} else if (pipe->next_band == VDC_BANDS) {
		begin_vblank(v, p);
	} else {
		if (pipe->next_band == 0)
			begin_frame(v, p);
		fetch_band(v, p, pipe->next_band, elapsed);
		pipe->next_band++;
	}
}

static bool line_compare_on(const struct vdc_pipe *pipe)
{
	return pipe->running && pipe->line_compare < pipe->timing.vtotal;
}

static uint64_t line_time(const struct vdc_pipe *pipe)
{
	return pipe->start + vdc_time_at(&pipe->timing, pipe->line_frame, pipe->line_compare);
}

/* vdc_scan_line_compare() - aim at the next time the beam reaches the line of LINE_COMPARE */
void vdc_scan_line_compare(struct vdc *v, uint32_t p)
{
	struct vdc_pipe *pipe = &v->pipe[p];
	uint64_t now = v->ops->now(v->host);

	if (!line_compare_on(pipe))
		return;
	pipe->line_frame = vdc_frame_at(&pipe->timing, now - pipe->start);
	if (line_time(pipe) < now)
		pipe->line_frame++;
}

void vdc_scan_run(struct vdc *v, uint32_t p, uint64_t now)
{
	struct vdc_pipe *pipe = &v->pipe[p];

	while (pipe->running && now >= pipe->start && next_step(pipe) <= now - pipe->start)
		step(v, p, now - pipe->start);
	if (line_compare_on(pipe) && line_time(pipe) <= now) {
		vdc_pipe_raise(v, p, VDC_PIPE_IRQ_LINE);
		pipe->line_frame = vdc_frame_at(&pipe->timing, now - pipe->start);
		if (line_time(pipe) <= now)
			pipe->line_frame++;
	}
	if (pipe->delayed_vblank <= now) {
		pipe->delayed_vblank = VDC_NEVER;
		vdc_pipe_raise(v, p, VDC_PIPE_IRQ_VBLANK);
	}
}

/* vdc_scan_deadline() - when vdc_scan_run() has something to do next, or VDC_NEVER */
uint64_t vdc_scan_deadline(const struct vdc_pipe *pipe)
{
	uint64_t next;

	if (!pipe->running)
		return VDC_NEVER;
	next = pipe->start + next_step(pipe);
	if (line_compare_on(pipe) && line_time(pipe) < next)
		next = line_time(pipe);
	return pipe->delayed_vblank < next ? pipe->delayed_vblank : next;
}

static void write_back(struct vdc *v, const struct vdc_frame *f)
{
	struct vdc_pipe *pipe = &v->pipe[f->pipe];
	uint32_t y, done, len = f->w * 4;

	pipe->wb_error = 0;
	for (y = 0; y < f->h; y++) {
		uint64_t addr = f->wb_addr + (uint64_t)y * f->wb_pitch;

		done = v->ops->dma_write(v->host, addr, f->pixels + (size_t)y * f->w, len);
		if (done >= len)
			continue;
		pipe->wb_error = 1;
		bus_error(v, f->pipe, addr + done, VDC_PIPE_BUS_ERROR_WRITE);
	}
	pipe->wb_busy--;
	pipe->wb_frame = (uint32_t)f->number;
	vdc_trace(v, VDC_EVENT_WRITEBACK, f->pipe, f->number);
	vdc_pipe_raise(v, f->pipe, VDC_PIPE_IRQ_WB_DONE);
}

void vdc_frame_done(struct vdc *v, struct vdc_frame *f)
{
	struct vdc_pipe *pipe = &v->pipe[f->pipe];

	if (f->epoch != v->epoch)
		return;
	if (f->flags & VDC_FRAME_WRITEBACK)
		write_back(v, f);
	if ((f->flags & VDC_FRAME_CRC) && f->crc_epoch == pipe->crc_epoch) {
		vdc_crc_push(pipe, (uint32_t)f->number, f->crc);
		vdc_trace(v, VDC_EVENT_CRC, f->pipe, f->number << 32 | f->crc);
		vdc_pipe_raise(v, f->pipe, VDC_PIPE_IRQ_CRC);
	}
}
