// SPDX-License-Identifier: GPL-2.0-only
/*
 * Relocation: buffers that nobody holds in place are put elsewhere, so that one
 * larger than any hole finds room.
 *
 * First all of them get their new places, while they are still in the old ones:
 * if one has nowhere to go nothing was copied in vain. New memory may be in the
 * window itself, where it was free; such memory is held until all is done, so that
 * the allocator looks further. Then one after the other is moved: its mappings are
 * taken away and its contents copied with its dma_resv lock held, on which a fault
 * waits that wants a mapping back. Only when all are out their old memory is given
 * back, and what was wanted is allocated at once.
 *
 * A buffer as large as what is wanted, or larger, is never moved: there is no place
 * for it either. So memory full of buffers of one size makes room for a larger one,
 * as long as there are holes, each of one buffer at least; with holes smaller than
 * that only what is smaller itself can move.
 *
 * Locks: move_sem, then an object's dma_resv, then gem_lock. Allocations of this
 * device take move_sem for reading, so that none gets the room that is made for
 * another. Memory is allocated with move_sem alone, which no shrinker takes.
 */

#include <linux/dma-resv.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include <drm/drm_vma_manager.h>

#include "vdc_backing.h"
#include "vdc_drv.h"
#include "vdc_gem.h"
#include "vdc_move.h"
#include "vdc_purge.h"
#include "vdc_space.h"
#include "vdc_trace.h"
#include "vdc_window.h"

static unsigned int vdc_move_mb = 64;
module_param_named(move_mb, vdc_move_mb, uint, 0644);
MODULE_PARM_DESC(move_mb, "Most that is moved to make room for one buffer, in MiB (default 64, 0: none)");

static const char vdc_move_too_much[] = "more would have to be moved than move_mb";

/* Others may want the processor while so much is copied. */
#define VDC_MOVE_CHUNK	SZ_256K

/**
 * struct vdc_victim - a buffer that is to be moved
 * @extent: where it is
 * @backing: where it goes; once it has moved, where it was
 */
struct vdc_victim {
	struct vdc_extent extent;
	struct vdc_backing *backing;
};

/**
 * struct vdc_move - an attempt to make room
 * @vdc: the device
 * @want: what is wanted; max_cost is what may still be moved
 * @below: pages; of this size and above nothing is moved
 * @victims: what is to be moved out of the window that is tried, the largest first
 * @count: of @victims
 * @window: its pages
 * @report: what is done
 */
struct vdc_move {
	struct vdc_device *vdc;
	struct vdc_window_want want;
	unsigned long below;
	struct vdc_victim *victims;
	unsigned int count;
	struct vdc_extent window;
	struct vdc_move_report *report;
};

/* The buffer that has a page first, with a reference, or NULL when it went, or is about to go. */
static struct vdc_gem_object *vdc_move_lookup(struct vdc_device *vdc, unsigned long pfn)
{
	struct vdc_gem_object *vobj, *found = NULL;

	mutex_lock(&vdc->gem_lock);
	list_for_each_entry(vobj, &vdc->gem_list, link)
		if (vobj->backing && vdc_backing_pfn(vobj->backing) == pfn) {
			if (kref_get_unless_zero(&vobj->base.base.refcount))
				found = vobj;
			break;
		}
	mutex_unlock(&vdc->gem_lock);
	return found;
}

static void vdc_move_copy(struct vdc_backing *to, const struct vdc_backing *from)
{
	size_t at, n;

	to->clean = false;
	for (at = 0; at < from->size; at += n) {
		n = min_t(size_t, from->size - at, VDC_MOVE_CHUNK);
		memcpy(to->vaddr + at, from->vaddr + at, n);
		cond_resched();
	}
}

/* With the dma_resv lock held: nobody gets a mapping before it is let go. */
static void vdc_move_contents(struct vdc_device *vdc, struct vdc_gem_object *vobj,
			      struct vdc_victim *victim)
{
	struct drm_gem_object *obj = &vobj->base.base;
	struct vdc_backing *from = vobj->backing, *to = victim->backing;
	u64 begun = ktime_get_ns();

	drm_vma_node_unmap(&obj->vma_node, obj->dev->anon_inode->i_mapping);
	vdc_move_copy(to, from);
	mutex_lock(&vdc->gem_lock);
	vobj->backing = to;
	vobj->base.vaddr = to->vaddr;
	vobj->base.dma_addr = to->dma_addr;
	vdc_space_note(vdc, to);
	mutex_unlock(&vdc->gem_lock);
	victim->backing = from;
	trace_vdc_move(vdc->drm.dev, from, to, ktime_get_ns() - begun);
}

/* Return: false if it stays where it is. */
static bool vdc_move_one(struct vdc_move *move, struct vdc_victim *victim)
{
	struct vdc_gem_object *vobj = vdc_move_lookup(move->vdc, victim->extent.first);
	struct drm_gem_object *obj;
	bool is_out, may_move;

	if (!vobj)
		return true;
	obj = &vobj->base.base;
	dma_resv_lock(obj->resv, NULL);
	/* It may have lost its memory. Another one may have that now, from the pool. */
	is_out = !vobj->backing || vdc_backing_pfn(vobj->backing) != victim->extent.first;
	may_move = !is_out && vdc_space_may_move(vobj) && obj->size == victim->backing->size;
	if (may_move) {
		vdc_move_contents(move->vdc, vobj, victim);
		move->report->buffers++;
		move->report->bytes += obj->size;
	}
	dma_resv_unlock(obj->resv);
	drm_gem_object_put(obj);
	return is_out || may_move;
}

static bool vdc_move_is_inside(const struct vdc_move *move, const struct vdc_backing *backing)
{
	unsigned long pfn = vdc_backing_pfn(backing);

	return pfn < move->window.first + move->window.pages &&
	       pfn + PFN_DOWN(backing->size) > move->window.first;
}

/*
 * Find a new place for a buffer, outside of the window. What is found inside goes to @held.
 *
 * All of it counts as moved, for it is cleared: that takes as long as to copy it.
 */
static struct vdc_backing *vdc_move_find_place(struct vdc_move *move,
					       const struct vdc_victim *victim,
					       struct list_head *held)
{
	struct vdc_backing *backing;

	while (victim->extent.pages <= move->want.max_cost) {
		backing = vdc_backing_alloc(move->vdc->drm.dev, victim->extent.pages << PAGE_SHIFT);
		if (!backing) {
			move->report->why = "what is in the way has nowhere to go";
			return NULL;
		}
		move->want.max_cost -= victim->extent.pages;
		if (!vdc_move_is_inside(move, backing))
			return backing;
		list_add(&backing->link, held);
	}
	move->report->why = vdc_move_too_much;
	return NULL;
}

/* Return: false if one has no place to go to. */
static bool vdc_move_find_places(struct vdc_move *move, struct list_head *held)
{
	unsigned int i;

	for (i = 0; i < move->count; i++) {
		move->victims[i].backing = vdc_move_find_place(move, &move->victims[i], held);
		if (move->victims[i].backing)
			continue;
		/* The first has all there is to choose from: nothing of its size has a place. */
		if (!i && list_empty(held))
			move->below = move->victims[i].extent.pages;
		return false;
	}
	return true;
}

static bool vdc_move_all(struct vdc_move *move)
{
	unsigned int i;

	for (i = 0; i < move->count; i++)
		if (!vdc_move_one(move, &move->victims[i])) {
			move->report->why = "what is in the way came into use";
			return false;
		}
	return true;
}

/* What the window's buffers have left behind, and what they did not use. */
static void vdc_move_free(struct vdc_move *move, struct list_head *held)
{
	struct vdc_backing *backing, *next;
	unsigned int i;

	for (i = 0; i < move->count; i++)
		if (move->victims[i].backing)
			vdc_backing_free(move->victims[i].backing);
	list_for_each_entry_safe(backing, next, held, link)
		vdc_backing_free(backing);
}

/* The largest first: the holes it fits are the fewest. */
static int vdc_move_compare(const void *a, const void *b)
{
	const struct vdc_victim *left = a, *right = b;

	return left->extent.pages > right->extent.pages ? -1 :
							  left->extent.pages < right->extent.pages;
}

/* There is no window. Where others were tried, what was wrong with them says more. */
static void vdc_move_explain(struct vdc_move *move, const struct vdc_window_map *map)
{
	struct vdc_window_want want = move->want;
	struct vdc_window window;

	want.max_cost = ULONG_MAX;
	if (vdc_window_find(map, &want, &window))
		move->report->why = vdc_move_too_much;
	else if (!move->report->windows)
		move->report->why = "no room would be made by moving what may move";
}

/* Return: false if there is no window, or none any more. */
static bool vdc_move_choose(struct vdc_move *move)
{
	struct vdc_window_map map;
	struct vdc_window window;
	unsigned int i;
	bool found;

	if (vdc_space_read(move->vdc, move->want.pages, move->below, &map)) {
		move->report->why = "it is not known where there could be room";
		return false;
	}
	/* Later fewer count as what may move. */
	move->report->longest = max(move->report->longest,
				    vdc_window_longest(&map, move->want.align));
	found = vdc_window_find(&map, &move->want, &window);
	if (!found) {
		vdc_move_explain(move, &map);
		goto out;
	}
	move->report->windows++;
	move->window = (struct vdc_extent) { window.first, move->want.pages };
	move->want.avoid[move->want.num_avoid++] = window.same;
	move->victims = kvcalloc(window.count, sizeof(*move->victims), GFP_KERNEL);
	if (!move->victims) {
		move->report->why = "no memory to plan with";
		found = false;
		goto out;
	}
	move->count = window.count;
	for (i = 0; i < window.count; i++)
		move->victims[i].extent = map.movable[window.victim + i];
	sort(move->victims, move->count, sizeof(*move->victims), vdc_move_compare, NULL);
out:
	vdc_space_free(&map);
	return found;
}

/* Move what is in the window that was chosen. Return: whether it is out of it. */
static bool vdc_move_clear_window(struct vdc_move *move)
{
	LIST_HEAD(held);
	bool cleared;

	cleared = vdc_move_find_places(move, &held) && vdc_move_all(move);
	vdc_move_free(move, &held);
	kvfree(move->victims);
	return cleared;
}

/* With what others have left meanwhile. */
static struct vdc_backing *vdc_move_reclaim(struct vdc_move *move, size_t size)
{
	struct vdc_device *vdc = move->vdc;
	size_t reclaimed;

	if (fatal_signal_pending(current))
		return NULL;
	reclaimed = vdc_purge_all(vdc) + vdc_pool_empty(&vdc->pool);
	move->report->reclaimed += reclaimed;
	return reclaimed ? vdc_backing_alloc(vdc->drm.dev, size) : NULL;
}

static struct vdc_backing *vdc_move_try(struct vdc_move *move, size_t size)
{
	struct vdc_device *vdc = move->vdc;
	struct vdc_backing *backing;

	/* While this waited, others may have made room. */
	backing = vdc_backing_alloc(vdc->drm.dev, size) ?: vdc_move_reclaim(move, size);
	while (!backing && move->want.num_avoid < VDC_WINDOW_TRIES &&
	       !fatal_signal_pending(current) && vdc_move_choose(move)) {
		if (!vdc_move_clear_window(move))
			continue;
		/* What was freed meanwhile may be in the window, too. */
		vdc_pool_empty(&vdc->pool);
		backing = vdc_backing_alloc(vdc->drm.dev, size);
		if (!backing)
			move->report->why = "others have pages where there looked to be none";
	}
	return backing ?: vdc_move_reclaim(move, size);
}

/**
 * vdc_move_make_room() - get memory for a buffer by moving others
 * @vdc: the device
 * @size: bytes, whole pages, for which there is no room as it is
 * @report: returns what was done
 *
 * At most move_mb are moved, in at most %VDC_WINDOW_TRIES attempts. Other allocations of the
 * device wait meanwhile.
 *
 * Context: process context, the device entered, no dma_resv, gem_lock or mmap_lock held. Takes
 * dma_resv locks of other buffers.
 * Return: the memory, zeroed, or NULL.
 */
struct vdc_backing *vdc_move_make_room(struct vdc_device *vdc, size_t size,
				       struct vdc_move_report *report)
{
	unsigned int mb = READ_ONCE(vdc_move_mb);
	struct vdc_backing *backing;
	struct vdc_move move = {
		.vdc = vdc,
		.want = {
			.pages = PFN_DOWN(size),
			.align = vdc_space_align(size),
			.max_cost = (unsigned long)min_t(u64, (u64)mb * SZ_1M >> PAGE_SHIFT,
							 LONG_MAX),
		},
		.below = PFN_DOWN(size),
		.report = report,
	};

	*report = (struct vdc_move_report) { .why = "move_mb is 0" };
	if (!mb)
		return NULL;
	report->why = "the process was killed";
	if (down_write_killable(&vdc->move_sem))
		return NULL;
	backing = vdc_move_try(&move, size);
	up_write(&vdc->move_sem);
	return backing;
}
