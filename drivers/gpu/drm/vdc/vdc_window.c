// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows: where an allocation would fit if some buffers were elsewhere.
 *
 * The allocator takes the first place with an aligned beginning. Where that
 * fails, each place has something in it. Here the places are gone through as the
 * allocator does it, but with buffers that may move taken for free; of these
 * places the one is chosen in which the fewest pages would have to be moved.
 *
 * What is not blocked is free as far as is known, which may be wrong: pages may
 * be about to be used, or not be the allocator's at all. So places that are in its
 * area for sure come first, whatever they cost.
 *
 * Nothing here is specific to a device, and nothing sleeps.
 */

#include <linux/align.h>
#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/minmax.h>

#include <kunit/visibility.h>

#include "vdc_window.h"

static unsigned long vdc_extent_end(const struct vdc_extent *extent)
{
	return extent->first + extent->pages;
}

static bool vdc_window_is_known(const struct vdc_window_map *map, unsigned long first,
				unsigned long pages)
{
	return first >= map->known.first && first + pages <= vdc_extent_end(&map->known);
}

/* Return: the first page at or behind @first with which a window may begin. */
static unsigned long vdc_window_avoid(const struct vdc_window_want *want, unsigned long first)
{
	unsigned int i;

	for (i = 0; i < want->num_avoid; i++)
		if (first >= want->avoid[i].first && first < vdc_extent_end(&want->avoid[i]))
			return vdc_extent_end(&want->avoid[i]);
	return first;
}

/* Which buffers a window has pages of. @window: with its first page, and the first buffer. */
static void vdc_window_count(const struct vdc_window_map *map, const struct vdc_window_want *want,
			     struct vdc_window *window)
{
	unsigned long end = window->first + want->pages;
	unsigned int i;

	window->count = 0;
	window->cost = 0;
	for (i = window->victim; i < map->num_movable && map->movable[i].first < end; i++) {
		window->count++;
		window->cost += map->movable[i].pages;
		if (window->cost > want->max_cost)
			return;
	}
}

/*
 * A window may be shifted as long as it has pages of the first and of the last
 * of its buffers, and none of those beside them: it is the same window to whoever
 * has to move them.
 */
static void vdc_window_bound(const struct vdc_window_map *map, const struct vdc_window_want *want,
			     struct vdc_window *window)
{
	const struct vdc_extent *first = &map->movable[window->victim];
	const struct vdc_extent *last = first + window->count - 1;
	unsigned long from = map->span.first, to = vdc_extent_end(first) - 1, end;

	if (window->victim)
		from = vdc_extent_end(first - 1);
	if (last->first >= want->pages)
		from = max(from, last->first - want->pages + 1);
	end = window->victim + window->count < map->num_movable ? last[1].first :
								   vdc_extent_end(&map->span);
	to = min(to, end - want->pages);
	window->same = (struct vdc_extent) { from, to - from + 1 };
}

/**
 * vdc_window_find() - find the place that costs least
 * @map: what is known of memory
 * @want: what is wanted
 * @best: returns the place
 *
 * A place without buffers to move is none: the allocator has found it unusable
 * already. Of equally good ones it is the last: what has to move goes where the
 * allocator looks first, and shall not come into the place again. Time: one pass
 * over the map.
 *
 * Context: any.
 * Return: whether there is one.
 */
bool vdc_window_find(const struct vdc_window_map *map, const struct vdc_window_want *want,
		     struct vdc_window *best)
{
	unsigned long mask = want->align - 1, at = 0, next;
	bool found = false, known, best_known = false;
	struct vdc_window window = {};

	for (;; at = next) {
		at = bitmap_find_next_zero_area_off(map->blocked, map->span.pages, at, want->pages,
						    mask, map->span.first & mask);
		if (at + want->pages > map->span.pages)
			break;
		window.first = map->span.first + at;
		next = max(at + want->align,
			   vdc_window_avoid(want, window.first) - map->span.first);
		if (vdc_window_avoid(want, window.first) != window.first)
			continue;
		while (window.victim < map->num_movable &&
		       vdc_extent_end(&map->movable[window.victim]) <= window.first)
			window.victim++;
		vdc_window_count(map, want, &window);
		if (!window.count || window.cost > want->max_cost)
			continue;
		known = vdc_window_is_known(map, window.first, want->pages);
		if (found && (known == best_known ? window.cost > best->cost : best_known))
			continue;
		*best = window;
		best_known = known;
		found = true;
	}
	if (found)
		vdc_window_bound(map, want, best);
	return found;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_window_find);

/**
 * vdc_window_longest() - how much there would be in one piece if all went that may move
 * @map: what is known of memory
 * @align: a piece begins at a multiple of this power of two
 *
 * Of what is in the area for sure.
 *
 * Context: any.
 * Return: pages.
 */
unsigned long vdc_window_longest(const struct vdc_window_map *map, unsigned long align)
{
	unsigned long from, to, begin, end, longest = 0;

	for_each_clear_bitrange(from, to, map->blocked, map->span.pages) {
		begin = ALIGN(max(map->span.first + from, map->known.first), align);
		end = min(map->span.first + to, vdc_extent_end(&map->known));
		if (begin < end)
			longest = max(longest, end - begin);
	}
	return longest;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_window_longest);
