// SPDX-License-Identifier: GPL-2.0-only
/* Memory of buffers: contiguous, and write-combined for the CPU where it is not coherent. */

#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "vdc_backing.h"

static bool vdc_buddy_fallback;
module_param_named(buddy_fallback, vdc_buddy_fallback, bool, 0644);
MODULE_PARM_DESC(buddy_fallback,
		 "Take ordinary pages (up to 4 MiB) when CMA has none (default: no)");

/* Behind an IOMMU, too, pages follow each other: mappings for the CPU count on it. */
#define VDC_BACKING_ATTRS	(DMA_ATTR_WRITE_COMBINE | DMA_ATTR_FORCE_CONTIGUOUS)

/**
 * vdc_backing_pfn() - the first page
 * @backing: the memory
 *
 * Return: its page frame number; those of the others follow it.
 */
unsigned long vdc_backing_pfn(const struct vdc_backing *backing)
{
	void *vaddr = backing->vaddr;

	return is_vmalloc_addr(vaddr) ? vmalloc_to_pfn(vaddr) : PHYS_PFN(virt_to_phys(vaddr));
}

/*
 * The allocator does not tell, but CMA hands out pages that each have a
 * reference, while of a larger block from the buddy allocator only the first
 * one has.
 */
static enum vdc_origin vdc_backing_origin(const struct vdc_backing *backing)
{
	unsigned long pfn = vdc_backing_pfn(backing);

	if (!pfn_valid(pfn) || PageReserved(pfn_to_page(pfn)))
		return VDC_ORIGIN_POOL;
	if (backing->size > PAGE_SIZE && page_count(pfn_to_page(pfn + 1)))
		return VDC_ORIGIN_CMA;
	return VDC_ORIGIN_PAGES;
}

/* A single page never comes from the default CMA area, and is always contiguous. */
static bool vdc_backing_is_fallback(const struct vdc_backing *backing)
{
	return IS_ENABLED(CONFIG_DMA_CMA) && backing->origin == VDC_ORIGIN_PAGES &&
	       backing->size > PAGE_SIZE && !device_iommu_mapped(backing->dev);
}

/**
 * vdc_backing_alloc() - allocate memory
 * @dev: the device that reads it
 * @size: bytes, whole pages
 *
 * Return: the memory, zeroed, or NULL when no contiguous memory is left.
 */
struct vdc_backing *vdc_backing_alloc(struct device *dev, size_t size)
{
	struct vdc_backing *backing = kzalloc(sizeof(*backing), GFP_KERNEL);

	if (!backing)
		return NULL;
	INIT_LIST_HEAD(&backing->link);
	backing->dev = dev;
	backing->size = size;
	backing->clean = true;
	backing->vaddr = dma_alloc_attrs(dev, size, &backing->dma_addr, GFP_KERNEL | __GFP_NOWARN,
					 VDC_BACKING_ATTRS);
	if (!backing->vaddr) {
		kfree(backing);
		return NULL;
	}
	backing->origin = vdc_backing_origin(backing);
	if (vdc_backing_is_fallback(backing) && !READ_ONCE(vdc_buddy_fallback)) {
		vdc_backing_free(backing);
		return NULL;
	}
	return backing;
}

/**
 * vdc_backing_free() - give memory back
 * @backing: the memory
 */
void vdc_backing_free(struct vdc_backing *backing)
{
	dma_free_attrs(backing->dev, backing->size, backing->vaddr, backing->dma_addr,
		       VDC_BACKING_ATTRS);
	kfree(backing);
}

/**
 * vdc_backing_zero() - clear memory that is not known to be clear
 * @backing: the memory, which nobody else uses
 */
void vdc_backing_zero(struct vdc_backing *backing)
{
	if (backing->clean)
		return;
	memset(backing->vaddr, 0, backing->size);
	backing->clean = true;
}

/**
 * vdc_origin_name() - a word for people
 * @origin: where memory comes from
 *
 * Return: the word.
 */
const char *vdc_origin_name(enum vdc_origin origin)
{
	switch (origin) {
	case VDC_ORIGIN_CMA:
		return "cma";
	case VDC_ORIGIN_POOL:
		return "pool";
	case VDC_ORIGIN_PAGES:
		return "pages";
	}
	return "?";
}
