/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* What the model's own files share. */
#ifndef VDC_INTERNAL_H
#define VDC_INTERNAL_H

#include "vdc_model.h"

#define VDC_MIN_CLOCK_KHZ	1000U
#define VDC_MAX_TOTAL_PX	16383U	/* of htotal and vtotal */
#define VDC_MAX_REFRESH_HZ	1000U	/* so that no mode can storm its host */
#define VDC_DELAY_NS		2000000ULL	/* of VDC_DBG_DELAY_VBLANK */

/* vdc_time.c */
bool vdc_timing_init(struct vdc_timing *t, const struct vdc_pipe_state *s,
		     const struct vdc_config *c);
uint64_t vdc_time_at(const struct vdc_timing *t, uint64_t frame, uint32_t line);
uint64_t vdc_frame_at(const struct vdc_timing *t, uint64_t elapsed);
void vdc_beam_at(const struct vdc_timing *t, uint64_t frame, uint64_t elapsed,
		 uint32_t *line, uint32_t *pixel);

/* vdc_core.c */
void vdc_trace(struct vdc *v, enum vdc_event event, uint32_t pipe, uint64_t arg);
void vdc_update_irq(struct vdc *v);
void vdc_pipe_raise(struct vdc *v, uint32_t p, uint32_t irq);
bool vdc_fault(uint32_t *counter);

/* What registers, CRCs and traces call the frame that is scanned, or whose vblank runs. */
static inline uint64_t vdc_frame_number(const struct vdc *v, const struct vdc_pipe *pipe)
{
	return v->config.first_frame + pipe->frame;
}

/* vdc_pipe.c */
uint32_t vdc_pipe_read(struct vdc *v, uint32_t p, uint32_t reg);
void vdc_pipe_write(struct vdc *v, uint32_t p, uint32_t reg, uint32_t value);
void vdc_pipe_reset(struct vdc *v, uint32_t p);
void vdc_pipe_latch(struct vdc *v, uint32_t p);
void vdc_crc_push(struct vdc_pipe *pipe, uint32_t frame, uint32_t value);

/* vdc_layer.c */
uint32_t vdc_layer_read(struct vdc *v, uint32_t p, uint32_t l, uint32_t reg);
void vdc_layer_write(struct vdc *v, uint32_t p, uint32_t l, uint32_t reg, uint32_t value);
uint64_t vdc_layer_addr(const struct vdc *v, const struct vdc_layer_state *s);
bool vdc_layer_clip(const struct vdc_layer_state *s, const struct vdc_timing *t,
		    struct vdc_frame_layer *out, uint64_t *skip_bytes);
uint32_t vdc_layer_line_bytes(const struct vdc_layer_state *s);

/* vdc_scan.c */
void vdc_scan_start(struct vdc *v, uint32_t p, uint64_t now);
void vdc_scan_stop(struct vdc *v, uint32_t p);
void vdc_scan_run(struct vdc *v, uint32_t p, uint64_t now);
uint64_t vdc_scan_deadline(const struct vdc_pipe *pipe);
void vdc_scan_line_compare(struct vdc *v, uint32_t p);

/* vdc_ddc.c */
uint32_t vdc_output_read(struct vdc *v, uint32_t o, uint32_t reg);
void vdc_output_write(struct vdc *v, uint32_t o, uint32_t reg, uint32_t value);
void vdc_output_reset(struct vdc_output *out);

#endif /* VDC_INTERNAL_H */
