// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for a buffer, from the cheapest source that has it: the pool, then
 * the DMA API, then the DMA API again after all that can be given back was, and
 * at last after other buffers were moved. Each allocation is counted and traced,
 * each failure explained.
 */

#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/sched/signal.h>

#include <drm/drm_print.h>

#include "vdc_alloc.h"
#include "vdc_backing.h"
#include "vdc_drv.h"
#include "vdc_gem.h"
#include "vdc_move.h"
#include "vdc_purge.h"
#include "vdc_space.h"
#include "vdc_trace.h"

/**
 * vdc_alloc_init() - no allocations yet
 * @stats: the counters
 */
void vdc_alloc_init(struct vdc_alloc_stats *stats)
{
	spin_lock_init(&stats->lock);
	ratelimit_state_init(&stats->ratelimit, 5 * HZ, 3);
}

/* What of this device could have made room, as far as the driver can know. */
static void vdc_alloc_explain(struct vdc_device *vdc, size_t size,
			      const struct vdc_move_report *report)
{
	struct vdc_gem_usage usage;
	char longest[64] = "";

	if (!__ratelimit(&vdc->alloc_stats.ratelimit))
		return;
	vdc_gem_usage(vdc, &usage);
	if (report->longest)
		snprintf(longest, sizeof(longest), ", %lu pages could be had in one piece",
			 report->longest);
	drm_notice(&vdc->drm,
		   "no contiguous memory for %zu bytes (%zu pages, align %lu): %u buffers hold %zu kB, of them shared %u, pinned %u%s; nothing is left to give back; moved %u in %u windows: %s\n",
		   size, size >> PAGE_SHIFT, vdc_space_align(size), usage.count,
		   usage.bytes >> 10, usage.shared, usage.pinned, longest, report->buffers,
		   report->windows, report->why);
}

static void vdc_alloc_count(struct vdc_alloc_stats *stats, u64 *counter,
			    const struct vdc_move_report *report, u64 ns)
{
	unsigned int bucket = min_t(unsigned int, fls64(ns / NSEC_PER_USEC),
				    VDC_ALLOC_BUCKETS - 1);

	spin_lock(&stats->lock);
	(*counter)++;
	stats->buckets[bucket]++;
	stats->moved_buffers += report->buffers;
	stats->moved_bytes += report->bytes;
	spin_unlock(&stats->lock);
}

/* Not while room is made for somebody else, who would not get it. */
static struct vdc_backing *vdc_alloc_fresh(struct vdc_device *vdc, size_t size)
{
	struct vdc_backing *backing;

	if (down_read_killable(&vdc->move_sem))
		return NULL;
	backing = vdc_backing_alloc(vdc->drm.dev, size);
	up_read(&vdc->move_sem);
	return backing;
}

/**
 * vdc_alloc() - get memory for a buffer
 * @vdc: the device
 * @size: bytes, whole pages
 *
 * Context: process context, the device entered, no dma_resv, gem_lock or mmap_lock held.
 * Return: the memory, zeroed, or NULL.
 */
struct vdc_backing *vdc_alloc(struct vdc_device *vdc, size_t size)
{
	struct vdc_alloc_stats *stats = &vdc->alloc_stats;
	u64 begun = ktime_get_ns(), *counter = &stats->reused, ns;
	struct vdc_move_report report = {};
	struct vdc_backing *backing;
	size_t reclaimed = 0;

	backing = vdc_pool_take(&vdc->pool, size);
	if (!backing) {
		counter = &stats->fresh;
		backing = vdc_alloc_fresh(vdc, size);
	}
	/* For who is killed nobody loses anything. */
	if (!backing && !fatal_signal_pending(current)) {
		counter = &stats->reclaimed;
		reclaimed = vdc_purge_all(vdc) + vdc_pool_empty(&vdc->pool);
		if (reclaimed)
			backing = vdc_alloc_fresh(vdc, size);
	}
	if (!backing) {
		backing = vdc_move_make_room(vdc, size, &report);
		reclaimed += report.reclaimed;
		counter = report.buffers ? &stats->moved :
			  reclaimed ? &stats->reclaimed : &stats->fresh;
	}
	if (!backing)
		counter = &stats->failed;

	ns = ktime_get_ns() - begun;
	vdc_alloc_count(stats, counter, &report, ns);
	trace_vdc_alloc(vdc->drm.dev, size, backing, counter == &stats->reused, reclaimed,
			&report, ns);
	if (!backing && !fatal_signal_pending(current))
		vdc_alloc_explain(vdc, size, &report);
	return backing;
}

/**
 * vdc_alloc_print() - print what became of allocations
 * @vdc: the device
 * @p: where to
 */
void vdc_alloc_print(struct vdc_device *vdc, struct drm_printer *p)
{
	struct vdc_alloc_stats *stats = &vdc->alloc_stats;
	u64 buckets[VDC_ALLOC_BUCKETS], reused, fresh, reclaimed, moved, failed, purged;
	u64 moved_buffers, moved_bytes;
	unsigned int i;

	spin_lock(&stats->lock);
	memcpy(buckets, stats->buckets, sizeof(buckets));
	reused = stats->reused;
	fresh = stats->fresh;
	reclaimed = stats->reclaimed;
	moved = stats->moved;
	failed = stats->failed;
	purged = stats->purged;
	moved_buffers = stats->moved_buffers;
	moved_bytes = stats->moved_bytes;
	spin_unlock(&stats->lock);

	drm_printf(p, "reused %llu\nfresh %llu\nreclaimed %llu\nmoved %llu\nfailed %llu\n",
		   reused, fresh, reclaimed, moved, failed);
	drm_printf(p, "purged %llu\nmoved_buffers %llu\nmoved_bytes %llu\n",
		   purged, moved_buffers, moved_bytes);
	drm_printf(p, "pool_buffers %u\npool_bytes %zu\npool_dirty %u\n",
		   READ_ONCE(vdc->pool.count), READ_ONCE(vdc->pool.bytes),
		   vdc_pool_dirty(&vdc->pool));
	for (i = 0; i < VDC_ALLOC_BUCKETS; i++)
		if (buckets[i])
			drm_printf(p, "%s_us %llu %llu\n",
				   i < VDC_ALLOC_BUCKETS - 1 ? "below" : "above",
				   1ULL << min(i, VDC_ALLOC_BUCKETS - 2), buckets[i]);
}
