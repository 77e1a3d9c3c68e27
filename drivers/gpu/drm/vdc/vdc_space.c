// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver can know of the CMA area from which its buffers come.
 *
 * The area's bitmap is not for drivers, not even its bounds are. But a device
 * knows its own buffers, and which pages it ever had are the area's; and of other
 * pages it can be seen whether they look as if somebody had allocated them.
 */

#include <linux/bitmap.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "vdc_backing.h"
#include "vdc_drv.h"
#include "vdc_gem.h"
#include "vdc_space.h"
#include "vdc_window.h"

/* With pages of 4 kB it is 4 GiB: a bitmap of 128 kB, and milliseconds to look at them. */
#define VDC_SPACE_MAX_PAGES	BIT(20)

/* Others may want the processor while so many pages are looked at. */
#define VDC_SPACE_STRIDE	4096

/* Buffers may be born while room for the list of them is made. */
#define VDC_SPACE_MORE		64

/**
 * vdc_space_align() - where CMA lets memory begin
 * @size: bytes, whole pages
 *
 * As in kernel/dma/contiguous.c.
 *
 * Return: pages, a power of two; page frame numbers are multiples of it.
 */
unsigned long vdc_space_align(size_t size)
{
#ifdef CONFIG_CMA_ALIGNMENT
	return BIT(min(get_order(size), CONFIG_CMA_ALIGNMENT));
#else
	return BIT(get_order(size));
#endif
}

/**
 * vdc_space_note() - remember that a buffer's memory was the area's
 * @vdc: the device
 * @backing: the memory
 *
 * Context: with gem_lock held.
 */
void vdc_space_note(struct vdc_device *vdc, const struct vdc_backing *backing)
{
	unsigned long pfn, end;

	lockdep_assert_held(&vdc->gem_lock);
	if (backing->origin != VDC_ORIGIN_CMA)
		return;
	pfn = vdc_backing_pfn(backing);
	end = pfn + PFN_DOWN(backing->size);
	if (!vdc->space_end || pfn < vdc->space_first)
		vdc->space_first = pfn;
	vdc->space_end = max(vdc->space_end, end);
}

/**
 * vdc_space_may_move() - whether a buffer may be put elsewhere
 * @vobj: the buffer
 *
 * To move it out of a CMA area is of use. Others need what is pinned, and what was
 * exported, to stay where it is.
 *
 * Context: with the buffer's dma_resv lock held for an answer that lasts; with gem_lock for
 * one that may be wrong a moment later.
 */
bool vdc_space_may_move(const struct vdc_gem_object *vobj)
{
	const struct vdc_backing *backing = vobj->backing;

	return backing && backing->origin == VDC_ORIGIN_CMA && !READ_ONCE(vobj->exported) &&
	       !READ_ONCE(vobj->pins);
}

/*
 * CMA's pages each have a reference, and are nobody's cache or anonymous memory.
 * Those have a mapping, and CMA moves them away. It is only looked at: what it was
 * a moment ago may be wrong by now.
 */
static bool vdc_space_is_taken(unsigned long pfn)
{
	const struct page *page = pfn_to_online_page(pfn), *head;

	if (!page)
		return true;
	head = compound_head(page);
	return page_ref_count(head) && !PageLRU(head) && !READ_ONCE(head->mapping);
}

static void vdc_space_look(struct vdc_window_map *map)
{
	unsigned long i;

	for (i = 0; i < map->span.pages; i++) {
		if (vdc_space_is_taken(map->span.first + i))
			__set_bit(i, map->blocked);
		if (!(i % VDC_SPACE_STRIDE))
			cond_resched();
	}
}

/* Called with gem_lock held. Return: false if there are more buffers than there is room for. */
static bool vdc_space_list(struct vdc_device *vdc, struct vdc_window_map *map, unsigned int max,
			   unsigned long below)
{
	const struct vdc_gem_object *vobj;

	list_for_each_entry(vobj, &vdc->gem_list, link) {
		struct vdc_extent extent;
		unsigned long at;

		if (!vobj->backing || vobj->backing->origin != VDC_ORIGIN_CMA)
			continue;
		extent.first = vdc_backing_pfn(vobj->backing);
		extent.pages = PFN_DOWN(vobj->backing->size);
		/* Those that came after the span was known are nowhere in it. */
		if (extent.first >= map->span.first + map->span.pages ||
		    extent.first + extent.pages <= map->span.first)
			continue;
		if (extent.first < map->span.first ||
		    extent.first + extent.pages > map->span.first + map->span.pages)
			return false;
		at = extent.first - map->span.first;
		if (extent.pages >= below || !vdc_space_may_move(vobj)) {
			bitmap_set(map->blocked, at, extent.pages);
			continue;
		}
		if (map->num_movable == max)
			return false;
		bitmap_clear(map->blocked, at, extent.pages);
		map->movable[map->num_movable++] = extent;
	}
	return true;
}

static int vdc_space_compare(const void *a, const void *b)
{
	const struct vdc_extent *left = a, *right = b;

	return left->first < right->first ? -1 : left->first > right->first;
}

/**
 * vdc_space_read() - look at memory
 * @vdc: the device
 * @margin: pages to look at before and behind those that are the area's for sure
 * @below: buffers that have so many pages, or more, are taken for such that do not move
 * @map: returns what is known; freed with vdc_space_free()
 *
 * Context: process context.
 * Return: 0 or a negative error code: -ENODATA when the device has no memory of an area,
 * -EFBIG when there is more to look at than is worth while, -EAGAIN when too much happens.
 */
int vdc_space_read(struct vdc_device *vdc, unsigned long margin, unsigned long below,
		   struct vdc_window_map *map)
{
	unsigned int max = VDC_SPACE_MORE;
	bool done;

	*map = (struct vdc_window_map) {};
	mutex_lock(&vdc->gem_lock);
	map->known = (struct vdc_extent) { vdc->space_first, vdc->space_end - vdc->space_first };
	max += list_count_nodes(&vdc->gem_list);
	mutex_unlock(&vdc->gem_lock);

	if (!map->known.pages)
		return -ENODATA;
	map->span.first = map->known.first - min(map->known.first, margin);
	map->span.pages = map->known.first + map->known.pages + margin - map->span.first;
	if (map->span.pages > VDC_SPACE_MAX_PAGES)
		return -EFBIG;
	map->blocked = kvcalloc(BITS_TO_LONGS(map->span.pages), sizeof(long), GFP_KERNEL);
	map->movable = kvcalloc(max, sizeof(*map->movable), GFP_KERNEL);
	if (!map->blocked || !map->movable) {
		vdc_space_free(map);
		return -ENOMEM;
	}

	vdc_space_look(map);
	mutex_lock(&vdc->gem_lock);
	done = vdc_space_list(vdc, map, max, below);
	mutex_unlock(&vdc->gem_lock);
	if (!done) {
		vdc_space_free(map);
		return -EAGAIN;
	}
	sort(map->movable, map->num_movable, sizeof(*map->movable), vdc_space_compare, NULL);
	return 0;
}

/**
 * vdc_space_free() - free what vdc_space_read() returned
 * @map: the map; twice does no harm
 */
void vdc_space_free(struct vdc_window_map *map)
{
	kvfree(map->blocked);
	kvfree(map->movable);
	*map = (struct vdc_window_map) {};
}
