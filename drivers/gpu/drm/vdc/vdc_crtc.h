/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_CRTC_H
#define VDC_CRTC_H

#include <linux/spinlock.h>
#include <linux/wait.h>

#include <drm/drm_crtc.h>

#include "vdc_irq.h"
#include "vdc_regs.h"

struct vdc_device;
struct vdc_plane;

/**
 * struct vdc_crtc - a pipe of the controller
 * @base: base
 * @pipe: its number
 * @planes: its layers, by number
 * @num_planes: how many
 * @lock: serialises writers of the shadow registers and of PIPE_COMMIT, and
 *	protects what follows up to @latched
 * @event: to be sent when the armed commit has latched; it holds a vblank reference
 * @armed: a commit was armed, and nobody has seen yet that it latched
 * @armed_frame: PIPE_COMMIT_FRAME when the last commit was armed; it differs once that latched
 * @latched_frame: the first frame with what was armed last, once that has been seen to latch
 * @crc_wanted: someone reads CRCs
 * @counting: @count_offset is valid
 * @latched: woken when a commit has latched
 * @count_offset: DRM's vblank count minus PIPE_FRAME; constant while the pipe runs
 * @last_frame: PIPE_FRAME as read last, for when it cannot be read any more
 * @irq_mask: interrupts that are enabled; protected by &vdc_device.irq_lock
 * @irq_count: how often each interrupt came; written by the handler only
 */
struct vdc_crtc {
	struct drm_crtc base;
	unsigned int pipe;
	struct vdc_plane *planes[VDC_MAX_LAYERS];
	unsigned int num_planes;
	spinlock_t lock;	/* of shadow registers and PIPE_COMMIT */
	struct drm_pending_vblank_event *event;
	bool armed;
	u32 armed_frame;
	u32 latched_frame;
	bool crc_wanted;
	bool counting;
	wait_queue_head_t latched;
	u32 count_offset;
	u32 last_frame;
	u32 irq_mask;
	u64 irq_count[VDC_NUM_PIPE_IRQS];
};

#define to_vdc_crtc(crtc) container_of(crtc, struct vdc_crtc, base)

int vdc_crtc_init(struct vdc_device *vdc, unsigned int pipe);
void vdc_crtc_move_plane(struct vdc_crtc *vcrtc, struct vdc_plane *vplane);
void vdc_crtc_irq_latched(struct vdc_crtc *vcrtc);
void vdc_crtc_settle(struct vdc_crtc *vcrtc, struct drm_atomic_state *state);
void vdc_crtc_abandon(struct vdc_crtc *vcrtc);

#endif /* VDC_CRTC_H */
