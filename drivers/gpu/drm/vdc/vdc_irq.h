/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_IRQ_H
#define VDC_IRQ_H

#include <linux/interrupt.h>
#include <linux/types.h>

#include "vdc_regs.h"

struct vdc_crtc;
struct vdc_device;

/* How many interrupts a pipe has: bits of VDC_PIPE_IRQ_ALL. */
#define VDC_NUM_PIPE_IRQS	7

/* Those that are enabled all the time. */
#define VDC_IRQ_PIPE_DEFAULT	(VDC_PIPE_IRQ_COMMIT_DONE | VDC_PIPE_IRQ_WB_DONE | \
				 VDC_PIPE_IRQ_UNDERRUN | VDC_PIPE_IRQ_BUS_ERROR)

void vdc_irq_restore(struct vdc_device *vdc);
void vdc_irq_pipe_unmask(struct vdc_crtc *vcrtc, u32 bits);
void vdc_irq_pipe_mask(struct vdc_crtc *vcrtc, u32 bits);
irqreturn_t vdc_irq_handler(int irq, void *arg);
irqreturn_t vdc_irq_thread(int irq, void *arg);

#endif /* VDC_IRQ_H */
