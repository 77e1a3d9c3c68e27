// SPDX-License-Identifier: MIT
/* Writing recorded traces (trace_format.h). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/trace_format.h"
#include "cma/trace_reader.h"

struct thread {
	int32_t pid;
	char comm[16];
	uint64_t index;
	struct thread *next;
};

#define THREAD_SLOTS	1024u

struct cma_trace_writer {
	FILE *file;
	unsigned int area_count;
	struct thread *threads[THREAD_SLOTS];
	uint64_t thread_count;
	uint64_t ns;
	uint64_t frame;
	uint64_t events;
};

static void put(struct cma_trace_writer *w, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		putc_unlocked((int)(value & 0x7f) | 0x80, w->file);
	putc_unlocked((int)value, w->file);
}

static void put_signed(struct cma_trace_writer *w, uint64_t difference)
{
	put(w, difference << 1 ^ -(difference >> 63));
}

static void put_string(struct cma_trace_writer *w, const char *text, size_t size)
{
	size_t length = strnlen(text, size - 1);

	put(w, length);
	fwrite(text, 1, length, w->file);
}

static void put_bits(struct cma_trace_writer *w, const struct cma_bitmap *map)
{
	bool taken = false;

	for (uint64_t bit = 0; bit < map->bits; taken = !taken) {
		uint64_t end = cma_bitmap_next(map, bit, !taken);

		put(w, end - bit);
		bit = end;
	}
}

static void put_area(struct cma_trace_writer *w, const struct cma_trace_area *area)
{
	const struct cma_area *place = &area->map.area;
	bool start = area->known && area->start_known;

	put(w, (area->known ? CMA_FILE_KNOWN : 0) | (start ? CMA_FILE_START : 0));
	put_string(w, place->name, sizeof(place->name));
	if (!area->known)
		return;
	put(w, place->base_pfn);
	put(w, place->pages);
	put(w, place->order_per_bit);
	if (start)
		put_bits(w, &area->map);
}

int cma_trace_create(const char *path, const struct cma_trace_info *info,
		     struct cma_trace_writer **writer)
{
	struct cma_trace_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->file = strcmp(path, "-") ? fopen(path, "wbe") : stdout;
	if (!w->file) {
		int ret = -errno;

		free(w);
		return ret;
	}
	fwrite(CMA_FILE_MAGIC, 1, CMA_FILE_MAGIC_SIZE, w->file);
	put(w, CMA_FILE_VERSION);
	put(w, info->page_size);
	put(w, info->total_pages);
	put_string(w, info->release, sizeof(info->release));
	put(w, info->area_count);
	for (unsigned int i = 0; i < info->area_count; i++)
		put_area(w, &info->areas[i]);
	w->area_count = info->area_count;
	*writer = w;
	return 0;
}

int cma_trace_write_area(struct cma_trace_writer *w, const char *name)
{
	if (w->area_count == CMA_TRACE_MAX_AREAS)
		return -ENOSPC;
	put(w, CMA_FILE_AREA);
	put_string(w, name, CMA_NAME_SIZE);
	return (int)w->area_count++;
}

/* thread_of() - the index of the event's thread, which is written if it is new */
static int thread_of(struct cma_trace_writer *w, const struct cma_event *event, uint64_t *index)
{
	struct thread **slot = &w->threads[(uint32_t)event->pid % THREAD_SLOTS], *t;

	for (t = *slot; t; t = t->next)
		if (t->pid == event->pid && !strncmp(t->comm, event->comm, sizeof(t->comm) - 1))
			break;
	if (!t) {
		t = calloc(1, sizeof(*t));
		if (!t)
			return -ENOMEM;
		t->pid = event->pid;
		memcpy(t->comm, event->comm, sizeof(t->comm) - 1);
		t->index = w->thread_count++;
		t->next = *slot;
		*slot = t;
		put(w, CMA_FILE_THREAD);
		put(w, (uint64_t)t->pid);
		put_string(w, t->comm, sizeof(t->comm));
	}
	*index = t->index;
	return 0;
}

static void put_fields(struct cma_trace_writer *w, uint8_t fields, const struct cma_event *e)
{
	if (fields & CMA_FIELD_AREA)
		put(w, (uint64_t)(e->area + 1));
	if (fields & CMA_FIELD_PFN) {
		put_signed(w, e->pfn + 1 - w->frame);
		w->frame = e->pfn + 1;
	}
	if (fields & CMA_FIELD_COUNT)
		put(w, e->count);
	if (fields & CMA_FIELD_ALIGN)
		put(w, e->align);
	if (fields & CMA_FIELD_ERROR)
		put(w, (uint64_t)-e->error);
	if (fields & CMA_FIELD_END)
		put(w, e->end_pfn - e->pfn);
	if (fields & CMA_FIELD_FIN)
		put_signed(w, e->fin_pfn - e->pfn);
	if (fields & CMA_FIELD_MOVED) {
		put(w, e->migrated);
		put(w, e->reclaimed);
	}
}

int cma_trace_write(struct cma_trace_writer *w, const struct cma_event *event)
{
	uint64_t thread;
	int ret;

	if ((unsigned int)event->type >= CMA_EVENT_TYPES || event->ns < w->ns || event->pid < 0 ||
	    event->error > 0 || event->error < -4095 || event->area < -1 ||
	    event->area >= (int)w->area_count)
		return -EINVAL;
	ret = thread_of(w, event, &thread);
	if (ret)
		return ret;
	put(w, (uint64_t)event->type + CMA_FILE_EVENT);
	put(w, event->ns - w->ns);
	put(w, thread);
	put_fields(w, cma_file_fields[event->type], event);
	w->ns = event->ns;
	w->events++;
	return ferror(w->file) ? -EIO : 0;
}

int cma_trace_flush(struct cma_trace_writer *w)
{
	return fflush(w->file) ? -errno : 0;
}

int cma_trace_finish(struct cma_trace_writer *w, uint64_t lost)
{
	int ret = 0;

	put(w, CMA_FILE_END);
	put(w, w->events);
	put(w, lost);
	if (fflush(w->file))
		ret = -errno;
	else if (ferror(w->file))
		ret = -EIO;
	if (w->file != stdout && fclose(w->file) && !ret)
		ret = -errno;
	for (unsigned int i = 0; i < THREAD_SLOTS; i++) {
		while (w->threads[i]) {
			struct thread *t = w->threads[i];

			w->threads[i] = t->next;
			free(t);
		}
	}
	free(w);
	return ret;
}
