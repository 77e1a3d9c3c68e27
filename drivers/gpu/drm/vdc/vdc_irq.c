// SPDX-License-Identifier: GPL-2.0-only
/* The interrupt: one line for everything the controller has to say. */

#include <linux/bitfield.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>

#include <drm/drm_print.h>
#include <drm/drm_vblank.h>

#include "vdc_crc.h"
#include "vdc_crtc.h"
#include "vdc_drv.h"
#include "vdc_irq.h"
#include "vdc_output.h"
#include "vdc_writeback.h"

/* More rounds in one interrupt than there are reasons for, unless the machine cannot keep up. */
#define VDC_IRQ_MAX_ROUNDS	100

static void vdc_irq_pipe_update(struct vdc_crtc *vcrtc, u32 mask, u32 unmask)
{
	struct vdc_device *vdc = drm_to_vdc(vcrtc->base.dev);
	unsigned long flags;

	spin_lock_irqsave(&vdc->irq_lock, flags);
	vcrtc->irq_mask = (vcrtc->irq_mask & ~mask) | unmask;
	vdc_write(vdc, VDC_PIPE(vcrtc->pipe) + VDC_PIPE_IRQ_ENABLE, vcrtc->irq_mask);
	spin_unlock_irqrestore(&vdc->irq_lock, flags);
}

/**
 * vdc_irq_pipe_unmask() - enable interrupts of a pipe
 * @vcrtc: the pipe
 * @bits: VDC_PIPE_IRQ_*
 *
 * Context: any, inside drm_dev_enter().
 */
void vdc_irq_pipe_unmask(struct vdc_crtc *vcrtc, u32 bits)
{
	vdc_irq_pipe_update(vcrtc, 0, bits);
}

/**
 * vdc_irq_pipe_mask() - disable interrupts of a pipe
 * @vcrtc: the pipe
 * @bits: VDC_PIPE_IRQ_*
 *
 * Context: any, inside drm_dev_enter() or the interrupt handler.
 */
void vdc_irq_pipe_mask(struct vdc_crtc *vcrtc, u32 bits)
{
	vdc_irq_pipe_update(vcrtc, bits, 0);
}

/**
 * vdc_irq_restore() - enable each pipe's interrupts again after power was off
 * @vdc: the device, powered
 */
void vdc_irq_restore(struct vdc_device *vdc)
{
	unsigned int i;

	for (i = 0; i < vdc->caps.num_pipes; i++) {
		vdc_write(vdc, VDC_PIPE(i) + VDC_PIPE_IRQ_STATUS, VDC_PIPE_IRQ_ALL);
		vdc_irq_pipe_unmask(vdc->crtcs[i], 0);
	}
}

static void vdc_irq_bus_error(struct vdc_crtc *vcrtc)
{
	struct vdc_device *vdc = drm_to_vdc(vcrtc->base.dev);
	u32 base = VDC_PIPE(vcrtc->pipe);
	u32 info = vdc_read(vdc, base + VDC_PIPE_BUS_ERROR_INFO);
	u64 addr = vdc_read(vdc, base + VDC_PIPE_BUS_ERROR_LO) |
		   (u64)vdc_read(vdc, base + VDC_PIPE_BUS_ERROR_HI) << 32;

	if (info & VDC_PIPE_BUS_ERROR_WRITE)
		drm_err_ratelimited(&vdc->drm, "pipe %u: bus error at %#llx, writeback\n",
				    vcrtc->pipe, addr);
	else
		drm_err_ratelimited(&vdc->drm, "pipe %u: bus error at %#llx, layer %lu\n",
				    vcrtc->pipe, addr,
				    (unsigned long)FIELD_GET(VDC_PIPE_BUS_ERROR_LAYER, info));
}

static void vdc_irq_count(struct vdc_crtc *vcrtc, unsigned long status)
{
	unsigned int bit;

	BUILD_BUG_ON(BIT(VDC_NUM_PIPE_IRQS) - 1 != VDC_PIPE_IRQ_ALL);
	for_each_set_bit(bit, &status, VDC_NUM_PIPE_IRQS)
		WRITE_ONCE(vcrtc->irq_count[bit], vcrtc->irq_count[bit] + 1);
}

static void vdc_irq_pipe(struct vdc_device *vdc, unsigned int pipe)
{
	struct vdc_crtc *vcrtc = vdc->crtcs[pipe];
	u32 base = VDC_PIPE(pipe);
	u32 raised = vdc_read(vdc, base + VDC_PIPE_IRQ_STATUS);
	u32 status = raised & READ_ONCE(vcrtc->irq_mask);

	/* Clearing it lets go of the address. */
	if (status & VDC_PIPE_IRQ_BUS_ERROR)
		vdc_irq_bus_error(vcrtc);
	/* Also what is just being masked: it must not hold the line until that is done. */
	vdc_write(vdc, base + VDC_PIPE_IRQ_STATUS, raised);
	vdc_irq_count(vcrtc, status);

	/*
	 * The vblank comes first: events of the commit that latched with it,
	 * and CRCs of the frame before it, carry a count that it advances.
	 */
	if (status & VDC_PIPE_IRQ_VBLANK)
		drm_crtc_handle_vblank(&vcrtc->base);
	/* The vblank makes up for a COMMIT_DONE that got lost. */
	if (status & (VDC_PIPE_IRQ_VBLANK | VDC_PIPE_IRQ_COMMIT_DONE))
		vdc_crtc_irq_latched(vcrtc);
	if (status & VDC_PIPE_IRQ_CRC)
		vdc_crc_irq(vcrtc);
	if (status & VDC_PIPE_IRQ_WB_DONE)
		vdc_writeback_irq(vdc, pipe);
	/* One is enough to know; a host in trouble is not helped by hundreds. See vdc_vblank.c. */
	if (status & VDC_PIPE_IRQ_UNDERRUN)
		vdc_irq_pipe_mask(vcrtc, VDC_PIPE_IRQ_UNDERRUN);
}

static void vdc_irq_output(struct vdc_device *vdc, unsigned int output)
{
	u32 reg = VDC_OUTPUT(output) + VDC_OUT_IRQ_STATUS;
	u32 status = vdc_read(vdc, reg);

	vdc_write(vdc, reg, status);
	if (status & VDC_OUT_IRQ_HPD)
		set_bit(output, &vdc->hpd_pending);
}

/* Let the line fall and rise again: what is still raised comes as a new interrupt. */
static void vdc_irq_rearm(struct vdc_device *vdc)
{
	unsigned int i;

	spin_lock(&vdc->irq_lock);
	for (i = 0; i < vdc->caps.num_pipes; i++)
		vdc_write(vdc, VDC_PIPE(i) + VDC_PIPE_IRQ_ENABLE, 0);
	for (i = 0; i < vdc->caps.num_pipes; i++)
		vdc_write(vdc, VDC_PIPE(i) + VDC_PIPE_IRQ_ENABLE, vdc->crtcs[i]->irq_mask);
	spin_unlock(&vdc->irq_lock);
}

/**
 * vdc_irq_handler() - hard interrupt handler
 * @irq: the interrupt
 * @arg: the &struct vdc_device
 *
 * Serves until nothing asks for service any more: a message-signalled interrupt
 * is sent only when the line rises again.
 *
 * Return: IRQ_NONE when it was somebody else's.
 */
irqreturn_t vdc_irq_handler(int irq, void *arg)
{
	struct vdc_device *vdc = arg;
	unsigned int rounds = 0, i;

	for (;;) {
		u32 summary = vdc_read(vdc, VDC_IRQ_SUMMARY);

		/* A device that is no longer there reads as ones. */
		if (!summary || summary == U32_MAX)
			break;
		if (++rounds > VDC_IRQ_MAX_ROUNDS) {
			drm_notice_once(&vdc->drm, "interrupts do not end, summary %#x\n",
					summary);
			vdc_irq_rearm(vdc);
			break;
		}
		for (i = 0; i < vdc->caps.num_pipes; i++)
			if (summary & VDC_IRQ_SUMMARY_PIPE(i))
				vdc_irq_pipe(vdc, i);
		for (i = 0; i < vdc->caps.num_outputs; i++)
			if (summary & VDC_IRQ_SUMMARY_OUTPUT(i))
				vdc_irq_output(vdc, i);
	}

	if (!rounds) {
		WRITE_ONCE(vdc->irq_spurious, vdc->irq_spurious + 1);
		return IRQ_NONE;
	}
	WRITE_ONCE(vdc->irq_count, vdc->irq_count + 1);
	return READ_ONCE(vdc->hpd_pending) ? IRQ_WAKE_THREAD : IRQ_HANDLED;
}

/**
 * vdc_irq_thread() - what takes too long for a hard interrupt: hot-plug
 * @irq: the interrupt
 * @arg: the &struct vdc_device
 *
 * Return: IRQ_HANDLED.
 */
irqreturn_t vdc_irq_thread(int irq, void *arg)
{
	struct vdc_device *vdc = arg;
	unsigned int i;

	for (i = 0; i < vdc->caps.num_outputs; i++)
		if (test_and_clear_bit(i, &vdc->hpd_pending))
			vdc_output_hotplug(vdc->outputs[i]);
	return IRQ_HANDLED;
}
