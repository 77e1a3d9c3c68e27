/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_BACKING_H
#define VDC_BACKING_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/types.h>

struct device;

/**
 * enum vdc_origin - where memory comes from
 * @VDC_ORIGIN_CMA: a CMA area
 * @VDC_ORIGIN_POOL: memory reserved for the device
 * @VDC_ORIGIN_PAGES: ordinary pages of the buddy allocator
 */
enum vdc_origin {
	VDC_ORIGIN_CMA,
	VDC_ORIGIN_POOL,
	VDC_ORIGIN_PAGES,
};

/**
 * struct vdc_backing - memory at contiguous bus addresses
 * @link: in a &struct vdc_pool, while nobody uses it
 * @dev: who it was allocated for
 * @vaddr: where the kernel sees it
 * @dma_addr: where the device sees it
 * @size: bytes, whole pages
 * @origin: where it comes from
 * @clean: it is all zeros
 * @freed: when it came into the pool
 */
struct vdc_backing {
	struct list_head link;
	struct device *dev;
	void *vaddr;
	dma_addr_t dma_addr;
	size_t size;
	enum vdc_origin origin;
	bool clean;
	ktime_t freed;
};

struct vdc_backing *vdc_backing_alloc(struct device *dev, size_t size);
void vdc_backing_free(struct vdc_backing *backing);
void vdc_backing_zero(struct vdc_backing *backing);
unsigned long vdc_backing_pfn(const struct vdc_backing *backing);
const char *vdc_origin_name(enum vdc_origin origin);

#endif /* VDC_BACKING_H */
