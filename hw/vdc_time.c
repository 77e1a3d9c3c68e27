// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * Time, exactly.
 *
 * With total = htotal * vtotal pixels a frame and a pixel clock of f kHz, frame
 * n starts floor(n * total * 10^6 / f) ns after frame 0, and its line y
 * floor((n * total + y * htotal) * 10^6 / f) ns after it. To stay in 64 bits
 * the frame period is split once, total * 10^6 = period * f + period_rem, so that
 *
 *   T(n, y) = n * period + floor((n * period_rem + y * htotal * 10^6) / f)
 *
 * Nothing is accumulated. With period_rem < f < 2^20 (1 GHz) and n < 2^43 the
 * product stays below 2^63: at 1000 frames a second that is 278 years.
 */
#include "vdc_internal.h"

#define NS_PER_TICK	1000000ULL	/* ns times kHz */

static bool axis_valid(uint32_t active, uint32_t start, uint32_t end, uint32_t total)
{
	return active && active <= start && start <= end && end <= total && active < total &&
	       total <= VDC_MAX_TOTAL_PX;
}

/*
 * vdc_timing_init() - derive a mode from the DBE registers
 * Return: false when the pipe must refuse it (PIPE_STATUS.BAD_MODE).
 */
bool vdc_timing_init(struct vdc_timing *t, const struct vdc_pipe_state *s,
		     const struct vdc_config *c)
{
	uint32_t w = VDC_GET(VDC_SIZE_W, s->active), h = VDC_GET(VDC_SIZE_H, s->active);
	uint32_t htotal = VDC_GET(VDC_SIZE_W, s->total), vtotal = VDC_GET(VDC_SIZE_H, s->total);
	uint64_t total = (uint64_t)htotal * vtotal;

	if (s->clock < VDC_MIN_CLOCK_KHZ || s->clock > c->max_clock)
		return false;
	if (w > c->max_width || h > c->max_height)
		return false;
	if (!axis_valid(w, VDC_GET(VDC_SIZE_W, s->sync_start),
			VDC_GET(VDC_SIZE_W, s->sync_end), htotal) ||
	    !axis_valid(h, VDC_GET(VDC_SIZE_H, s->sync_start),
			VDC_GET(VDC_SIZE_H, s->sync_end), vtotal))
		return false;
	if ((uint64_t)s->clock * 1000 > total * VDC_MAX_REFRESH_HZ)
		return false;

	t->clock = s->clock;
	t->hactive = w;
	t->vactive = h;
	t->htotal = htotal;
	t->vtotal = vtotal;
	t->period = vdc_div64(total * NS_PER_TICK, s->clock);
	t->period_rem = total * NS_PER_TICK - t->period * s->clock;
	return true;
}

/* vdc_time_at() - ns from frame 0 to the start of a line; @line may be up to vtotal */
uint64_t vdc_time_at(const struct vdc_timing *t, uint64_t frame, uint32_t line)
{
	uint64_t ticks = frame * t->period_rem + (uint64_t)line * t->htotal * NS_PER_TICK;

	return frame * t->period + vdc_div64(ticks, t->clock);
}

/* vdc_frame_at() - the frame n with T(n, 0) <= @elapsed < T(n + 1, 0) */
uint64_t vdc_frame_at(const struct vdc_timing *t, uint64_t elapsed)
{
	uint64_t n = 0, step;

	/* A period is less than period + 1 ns, so each step stops short of, or at, the frame. */
	do {
		step = vdc_div64(elapsed - vdc_time_at(t, n, 0), t->period + 1);
		n += step;
	} while (step);
	while (vdc_time_at(t, n + 1, 0) <= elapsed)
		n++;
	return n;
}

/* vdc_beam_at() - where in @frame the beam is; @elapsed must lie in it */
void vdc_beam_at(const struct vdc_timing *t, uint64_t frame, uint64_t elapsed,
		 uint32_t *line, uint32_t *pixel)
{
	uint64_t in = elapsed - vdc_time_at(t, frame, 0);
	uint64_t px = vdc_div64(in * t->clock, NS_PER_TICK);
	uint32_t y = (uint32_t)vdc_div64(px, t->htotal);

	/* Truncation may put the beam a pixel early; a line is never early: T(n, y) decides. */
	if (y + 1 < t->vtotal && vdc_time_at(t, frame, y + 1) <= elapsed)
		y++;
	if (y >= t->vtotal)
		y = t->vtotal - 1;
	px = px > (uint64_t)y * t->htotal ? px - (uint64_t)y * t->htotal : 0;
	*line = y;
	*pixel = px < t->htotal ? (uint32_t)px : t->htotal - 1;
}
