// SPDX-License-Identifier: MIT
/* Whose the buffers in an area are. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/drm_buffers.h"
#include "cma/machine.h"
#include "cma/snapshot_parts.h"

#define RENDER_NODES	64	/* minors from here on are second names of the same devices */

/* A process may be called anything; what is printed must not steer a terminal. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			*text = '?';
}

int snapshot_holder(struct cma_snapshot_area *area, const struct cma_holder *holder)
{
	/* The room is the next power of two. */
	if (!(area->holder_count & (area->holder_count - 1))) {
		size_t room = area->holder_count ? area->holder_count * 2 : 1;
		struct cma_holder *grown = reallocarray(area->holders, room, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		area->holders = grown;
	}
	area->holders[area->holder_count] = *holder;
	make_printable(area->holders[area->holder_count].comm);
	make_printable(area->holders[area->holder_count].what);
	area->holder_count++;
	return 0;
}

static int by_pfn(const void *a, const void *b)
{
	const struct cma_holder *x = a, *y = b;

	return x->pfn < y->pfn ? -1 : x->pfn > y->pfn;
}

void snapshot_sort_holders(struct cma_snapshot_area *area)
{
	if (area->holder_count)
		qsort(area->holders, area->holder_count, sizeof(*area->holders), by_pfn);
}

/* Pages from @pfn on that no buffer covers yet; @covers: the buffer that is there instead. */
static uint64_t gap(struct cma_snapshot_area *area, size_t known, uint64_t pfn, uint64_t count,
		    struct cma_holder **covers)
{
	*covers = NULL;
	for (size_t i = 0; i < known; i++) {
		struct cma_holder *holder = &area->holders[i];

		if (holder->pfn + holder->count <= pfn)
			continue;
		if (holder->pfn <= pfn) {
			*covers = holder;
			return 0;
		}
		return holder->pfn - pfn < count ? holder->pfn - pfn : count;
	}
	return count;
}

int snapshot_fill_gaps(struct cma_snapshot_area *area, size_t known, uint64_t pfn, uint64_t count,
		       const struct page_owner *owner)
{
	uint64_t end = pfn + count;
	int ret = 0;

	while (!ret && pfn < end) {
		struct cma_holder *covers, holder = { .pfn = pfn, .pid = owner->pid };

		holder.count = gap(area, known, pfn, end - pfn, &covers);
		if (covers) {
			if (covers->pid < 0 && !*covers->comm) {
				covers->pid = owner->pid;
				memcpy(covers->comm, owner->comm, sizeof(covers->comm));
			}
			pfn = covers->pfn + covers->count;
			continue;
		}
		memcpy(holder.comm, owner->comm, sizeof(holder.comm));
		snprintf(holder.what, sizeof(holder.what), "allocated in %s",
			 *owner->function ? owner->function : "?");
		ret = snapshot_holder(area, &holder);
		pfn += holder.count;
	}
	return ret;
}

/* The area that an address lies in, NULL: none. */
static struct cma_snapshot_area *area_at(struct cma_snapshot *snapshot, uint64_t pfn)
{
	for (size_t i = 0; i < snapshot->area_count; i++) {
		const struct cma_area *place = &snapshot->areas[i].map.area;

		if (snapshot->areas[i].map_known && pfn >= place->base_pfn &&
		    pfn - place->base_pfn < place->pages)
			return &snapshot->areas[i];
	}
	return NULL;
}

static uint64_t pages_of(const struct cma_snapshot *snapshot, uint64_t size)
{
	return size / snapshot->page_size + (size % snapshot->page_size != 0);
}

/* Whether the same can be said of both. */
static bool equal_use(const struct dmabuf *a, const struct dmabuf *b)
{
	return a->openers == b->openers && !memcmp(a->pids, b->pids, sizeof(a->pids)) &&
	       !strcmp(a->devices, b->devices) && !strcmp(a->exporter, b->exporter);
}

/*
 * A DMA-BUF has no address. One of the buffer's size is this buffer, if as many DMA-BUFs as shared
 * buffers have the size, and all of them are used by the same; otherwise it may be another.
 */
static const struct dmabuf *find_dmabuf(const struct drm_buffers *list,
					const struct drm_buffer *buffer,
					const struct processes *processes, bool *sure)
{
	const struct dmabuf *found = NULL;
	unsigned int wanted = 0;

	for (size_t i = 0; i < list->count; i++)
		wanted += list->buffers[i].shared && list->buffers[i].size == buffer->size;
	*sure = true;
	for (size_t i = 0; i < processes->count; i++) {
		const struct dmabuf *dmabuf = &processes->dmabufs[i];

		if (dmabuf->size != buffer->size ||
		    (strcmp(dmabuf->exporter, "drm") && strcmp(dmabuf->exporter, list->driver)))
			continue;
		*sure = *sure && wanted-- && (!found || equal_use(found, dmabuf));
		found = dmabuf;
	}
	*sure = *sure && !wanted;
	return found;
}

static void describe(struct cma_holder *holder, const struct drm_buffers *list,
		     const struct drm_buffer *buffer, const struct processes *processes)
{
	const struct dmabuf *dmabuf = NULL;
	char *text = holder->what;
	size_t room = sizeof(holder->what);
	bool sure;
	int n;

	if (!buffer->fb)
		n = snprintf(text, room, "buffer of %s", list->driver);
	else
		n = snprintf(text, room, "framebuffer %u of %s, %s, %s%s", buffer->fb, list->driver,
			     buffer->format, *buffer->shown ? "on " : "not shown", buffer->shown);
	if (buffer->shared)
		dmabuf = find_dmabuf(list, buffer, processes, &sure);
	if (dmabuf && n < (int)room) {
		n += snprintf(text + n, room - (size_t)n, sure ? "; " : "; probably ");
		if (n < (int)room)
			dmabuf_describe(dmabuf, text + n, room - (size_t)n);
		if (sure && holder->pid < 0 && !*holder->comm && dmabuf->openers) {
			holder->pid = dmabuf->pids[0];
			memcpy(holder->comm, dmabuf->comms[0], sizeof(holder->comm));
		}
	} else if (buffer->shared && n < (int)room) {
		snprintf(text + n, room - (size_t)n, "; shared as a dma-buf");
	}
}

static int add_buffers(struct cma_snapshot *snapshot, const struct drm_buffers *list,
		       const struct processes *processes)
{
	unsigned int elsewhere = 0;
	int ret = 0;

	for (size_t i = 0; !ret && i < list->count; i++) {
		const struct drm_buffer *buffer = &list->buffers[i];
		struct cma_holder holder = {
			.pfn = buffer->address / snapshot->page_size,
			.count = pages_of(snapshot, buffer->size),
			.pid = buffer->pid,
		};
		struct cma_snapshot_area *area = area_at(snapshot, holder.pfn);

		if (!area) {
			elsewhere += !strcmp(buffer->origin, "cma");
			continue;
		}
		/* A driver may still hold what it no longer lists, or list what is gone. */
		if (!cma_bitmap_test(&area->map, (holder.pfn - area->map.area.base_pfn) >>
				     area->map.area.order_per_bit))
			continue;
		if (holder.count > area->map.area.base_pfn + area->map.area.pages - holder.pfn)
			holder.count = area->map.area.base_pfn + area->map.area.pages - holder.pfn;
		memcpy(holder.comm, buffer->comm, sizeof(holder.comm));
		describe(&holder, list, buffer, processes);
		ret = snapshot_holder(area, &holder);
	}
	if (!ret && elsewhere)
		ret = snapshot_missing(snapshot,
				       "where %u buffers of %s are: their bus addresses lie in no area: behind an IOMMU, or not from CMA",
				       elsewhere, list->driver);
	return ret;
}

int snapshot_drm(struct cma_snapshot *snapshot, const char *root, const struct processes *processes)
{
	struct machine_names list;
	int ret = 0;

	machine_list(root, &list, "/sys/kernel/debug/dri");
	for (size_t i = 0; !ret && i < list.count; i++) {
		struct drm_buffers buffers;
		int minor = atoi(list.names[i]);

		if (strspn(list.names[i], "0123456789") != strlen(list.names[i]) ||
		    minor >= RENDER_NODES)
			continue;
		ret = drm_buffers_read(root, (unsigned int)minor, &buffers);
		if (!ret)
			ret = add_buffers(snapshot, &buffers, processes);
		drm_buffers_end(&buffers);
	}
	machine_names_end(&list);
	for (size_t i = 0; i < snapshot->area_count; i++)
		snapshot_sort_holders(&snapshot->areas[i]);
	return ret;
}

/* The next run of allocated pages without a known buffer, from a page on; length 0: none. */
static struct cma_run unknown_run(struct cma_snapshot_area *area, size_t known, uint64_t page)
{
	unsigned int order = area->map.area.order_per_bit;
	uint64_t end = area->map.bits << order;

	while (page < end) {
		uint64_t bit = cma_bitmap_next(&area->map, page >> order, true);
		struct cma_holder *covers;
		uint64_t length;

		if (bit == area->map.bits)
			break;
		page = page > bit << order ? page : bit << order;
		length = (cma_bitmap_next(&area->map, bit, false) << order) - page;
		length = gap(area, known, area->map.area.base_pfn + page, length, &covers);
		if (length)
			return (struct cma_run){ page, length };
		page = covers->pfn + covers->count - area->map.area.base_pfn;
	}
	return (struct cma_run){ end, 0 };
}

/* A heap is named as its area is, or says that it is the default one. */
static bool is_heap_of(const struct dmabuf *dmabuf, const struct cma_snapshot_area *area)
{
	return !strcmp(dmabuf->exporter, area->map.area.name) ||
	       !strncmp(dmabuf->exporter, "default_cma", 11);
}

static int place_in_run(struct cma_snapshot *snapshot, struct cma_snapshot_area *area,
			struct cma_run run, const struct processes *processes)
{
	for (size_t i = 0; i < processes->count; i++) {
		struct dmabuf *dmabuf = &processes->dmabufs[i];
		struct cma_holder holder = {
			.pfn = area->map.area.base_pfn + run.start, .count = run.length, .pid = -1,
		};

		if (dmabuf->placed || !is_heap_of(dmabuf, area) ||
		    pages_of(snapshot, dmabuf->size) != run.length)
			continue;
		dmabuf->placed = true;
		if (dmabuf->openers) {
			holder.pid = dmabuf->pids[0];
			memcpy(holder.comm, dmabuf->comms[0], sizeof(holder.comm));
		}
		strcpy(holder.what, "probably ");
		dmabuf_describe(dmabuf, holder.what + strlen(holder.what),
				sizeof(holder.what) - strlen(holder.what));
		return snapshot_holder(area, &holder);
	}
	return 0;
}

int snapshot_heaps(struct cma_snapshot *snapshot, const struct processes *processes)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < snapshot->area_count; i++) {
		struct cma_snapshot_area *area = &snapshot->areas[i];
		size_t known = area->holder_count;
		struct cma_run run = unknown_run(area, known, 0);

		for (; !ret && run.length; run = unknown_run(area, known, run.start + run.length))
			ret = place_in_run(snapshot, area, run, processes);
		snapshot_sort_holders(area);
	}
	return ret;
}
