/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_WRITEBACK_H
#define VDC_WRITEBACK_H

#include <linux/spinlock.h>
#include <linux/wait.h>

#include <drm/drm_writeback.h>

struct vdc_device;

/**
 * struct vdc_writeback - writeback of a pipe
 * @base: base
 * @pipe: the pipe's number
 * @lock: protects what follows up to @idle
 * @busy: a job is queued; there is never more than one
 * @pending: its registers wait for the next commit
 * @idle: woken when a job is done
 * @addr: bus address of the job's buffer
 * @pitch: bytes from one of its lines to the next
 * @format: VDC_FORMAT_*
 */
struct vdc_writeback {
	struct drm_writeback_connector base;
	unsigned int pipe;
	spinlock_t lock;	/* of the job */
	bool busy;
	bool pending;
	wait_queue_head_t idle;
	u64 addr;
	u32 pitch;
	u32 format;
};

int vdc_writeback_init(struct vdc_device *vdc, unsigned int pipe);
void vdc_writeback_write(struct vdc_device *vdc, unsigned int pipe);
void vdc_writeback_irq(struct vdc_device *vdc, unsigned int pipe);
void vdc_writeback_finish(struct vdc_device *vdc, unsigned int pipe);
void vdc_writeback_abort(struct vdc_device *vdc, unsigned int pipe, int error);

#endif /* VDC_WRITEBACK_H */
