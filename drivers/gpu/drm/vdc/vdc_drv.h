/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_DRV_H
#define VDC_DRV_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pm.h>
#include <linux/regmap.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

#include <drm/drm_device.h>

#include "vdc_alloc.h"
#include "vdc_caps.h"
#include "vdc_pool.h"
#include "vdc_regs.h"

struct pci_driver;
struct platform_driver;
struct vdc_crtc;
struct vdc_output;
struct vdc_writeback;

/**
 * struct vdc_device - a display controller
 * @drm: base
 * @regs: its registers
 * @irq: its interrupt's number
 * @caps: what it can do
 * @crtcs: its pipes
 * @outputs: its outputs
 * @writebacks: the writeback of each pipe, or NULL when it has none
 * @irq_lock: protects each pipe's interrupt mask, in software and hardware
 * @irq_count: interrupts that were ours; written by the handler only
 * @irq_spurious: interrupts of others on the same line; written by the handler only
 * @hpd_pending: mask of outputs whose hot-plug interrupt waits for the thread
 * @gem_lock: protects the lists; taken while memory is reclaimed
 * @gem_list: all &struct vdc_gem_object of this device
 * @purge_list: those of them that may lose their memory
 * @purge_bytes: how much that is
 * @space_first: page frame number of the first page of a CMA area that a buffer ever had
 * @space_end: that behind the last one; 0 when there was none yet. With gem_lock held
 * @move_sem: taken to allocate memory, for writing to move buffers; before dma_resv and gem_lock
 * @pool: memory to be used again
 * @alloc_stats: what became of allocations
 */
struct vdc_device {
	struct drm_device drm;
	struct regmap *regs;
	int irq;
	struct vdc_caps caps;
	struct vdc_crtc *crtcs[VDC_MAX_PIPES];
	struct vdc_output *outputs[VDC_MAX_OUTPUTS];
	struct vdc_writeback *writebacks;
	spinlock_t irq_lock;	/* of interrupt masks */
	u64 irq_count;
	u64 irq_spurious;
	unsigned long hpd_pending;
	struct mutex gem_lock;	/* of the lists of buffers */
	struct list_head gem_list;
	struct list_head purge_list;
	size_t purge_bytes;
	unsigned long space_first;
	unsigned long space_end;
	struct rw_semaphore move_sem;
	struct vdc_pool pool;
	struct vdc_alloc_stats alloc_stats;
};

#define drm_to_vdc(dev) container_of(dev, struct vdc_device, drm)

/**
 * vdc_read() - read a register
 * @vdc: the device
 * @offset: byte offset
 *
 * Return: its value. Memory-mapped accesses do not fail.
 */
static inline u32 vdc_read(struct vdc_device *vdc, u32 offset)
{
	u32 value = 0;

	regmap_read(vdc->regs, offset, &value);
	return value;
}

/**
 * vdc_write() - write a register
 * @vdc: the device
 * @offset: byte offset
 * @value: the value
 */
static inline void vdc_write(struct vdc_device *vdc, u32 offset, u32 value)
{
	regmap_write(vdc->regs, offset, value);
}

int vdc_device_probe(struct device *dev, void __iomem *mmio, int irq, unsigned long irq_flags);
void vdc_device_remove(struct device *dev);
void vdc_device_shutdown(struct device *dev);
extern const struct dev_pm_ops vdc_pm_ops;

extern struct platform_driver vdc_platform_driver;
#ifdef CONFIG_PCI
extern struct pci_driver vdc_pci_driver;
#endif

#endif /* VDC_DRV_H */
