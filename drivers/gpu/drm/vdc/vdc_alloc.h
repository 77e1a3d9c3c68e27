/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_ALLOC_H
#define VDC_ALLOC_H

#include <linux/ratelimit.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct drm_printer;
struct vdc_backing;
struct vdc_device;

/* Of allocations below 1 us, 2 us, 4 us and so on; the last one has all that took longer. */
#define VDC_ALLOC_BUCKETS	24

/**
 * struct vdc_alloc_stats - what became of allocations
 * @lock: protects the others
 * @reused: served by the pool
 * @fresh: served by the DMA API
 * @reclaimed: served by the DMA API after something had to be given back
 * @moved: served by the DMA API after other buffers had to be moved
 * @failed: not served
 * @purged: buffers whose contents were thrown away
 * @moved_buffers: buffers that were moved
 * @moved_bytes: of @moved_buffers
 * @buckets: how many took how long: bucket n those of less than 2^n us
 * @ratelimit: of what is said about failures
 */
struct vdc_alloc_stats {
	spinlock_t lock;	/* of the counters */
	u64 reused;
	u64 fresh;
	u64 reclaimed;
	u64 moved;
	u64 failed;
	u64 purged;
	u64 moved_buffers;
	u64 moved_bytes;
	u64 buckets[VDC_ALLOC_BUCKETS];
	struct ratelimit_state ratelimit;
};

void vdc_alloc_init(struct vdc_alloc_stats *stats);
struct vdc_backing *vdc_alloc(struct vdc_device *vdc, size_t size);
void vdc_alloc_print(struct vdc_device *vdc, struct drm_printer *p);

#endif /* VDC_ALLOC_H */
