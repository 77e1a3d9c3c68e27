// SPDX-License-Identifier: MIT
/*
 * Reading recorded traces (trace_format.h). The file may be anybody's: every number is checked
 * before it is used, and what is allocated is bounded: bitmaps by MAX_BITS, threads by the file's
 * own length.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/trace_format.h"
#include "cma/trace_reader.h"
#include "message.h"

#define MAX_BITS	0x40000000ULL	/* of all areas together: 4 TiB of 4 kB pages */
#define MAX_ERRNO	4095

struct thread {
	int32_t pid;
	char comm[16];
};

struct file_reader {
	struct cma_trace_reader base;
	const char *name;
	FILE *file;
	struct thread *threads;
	size_t thread_count;
	size_t thread_room;
	uint64_t ns;
	uint64_t frame;
	uint64_t events;
	uint64_t bits;
	bool at_end;
	int error;
};

/* The reader's end and its damages are kept in @error: -ENODATA is the end of the file. */
static bool fail(struct file_reader *r, int error)
{
	if (!r->error)
		r->error = error;
	return false;
}

static bool read_byte(struct file_reader *r, uint8_t *byte)
{
	int c = getc_unlocked(r->file);

	if (c == EOF)
		return fail(r, ferror(r->file) ? -EIO : -ENODATA);
	*byte = (uint8_t)c;
	return true;
}

static bool read_number(struct file_reader *r, uint64_t max, uint64_t *value)
{
	uint8_t byte;

	*value = 0;
	for (unsigned int shift = 0; shift < 64; shift += 7) {
		uint64_t part;

		if (!read_byte(r, &byte))
			return false;
		part = byte & 0x7f;
		if (part << shift >> shift != part)
			return fail(r, -EILSEQ);
		*value |= part << shift;
		if (!(byte & 0x80))
			return *value <= max || fail(r, -EILSEQ);
	}
	return fail(r, -EILSEQ);
}

/* Names end up in terminals and in HTML: no control characters. */
static bool read_string(struct file_reader *r, char *text, size_t size)
{
	uint64_t length;
	uint8_t byte;

	memset(text, 0, size);
	if (!read_number(r, size - 1, &length))
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!read_byte(r, &byte))
			return false;
		text[i] = byte < ' ' || byte == 0x7f ? '?' : (char)byte;
	}
	return true;
}

static bool read_bits(struct file_reader *r, struct cma_bitmap *map)
{
	uint64_t run, bit = 0;
	bool taken = false, first = true;

	while (bit < map->bits) {
		if (!read_number(r, map->bits - bit, &run))
			return false;
		/* Only the first run may be empty, or this would never end. */
		if (!run && !first)
			return fail(r, -EILSEQ);
		cma_bitmap_write(map, bit, run, taken);
		bit += run;
		taken = !taken;
		first = false;
	}
	return true;
}

static bool read_area(struct file_reader *r, struct cma_trace_area *area)
{
	struct cma_area place = { 0 };
	uint64_t flags, order;
	int ret;

	if (!read_number(r, CMA_FILE_KNOWN | CMA_FILE_START, &flags) ||
	    !read_string(r, place.name, sizeof(place.name)))
		return false;
	if (!(flags & CMA_FILE_KNOWN)) {
		area->map.area = place;
		return !flags || fail(r, -EILSEQ);
	}
	if (!read_number(r, UINT64_MAX >> 1, &place.base_pfn) ||
	    !read_number(r, UINT64_MAX >> 1, &place.pages) ||
	    !read_number(r, CMA_MAX_ORDER, &order))
		return false;
	place.order_per_bit = (unsigned int)order;
	r->bits += place.pages >> order;
	if (place.pages >> order > MAX_BITS || r->bits > MAX_BITS)
		return fail(r, -EILSEQ);
	ret = cma_bitmap_init(&area->map, &place);
	if (ret)
		return fail(r, ret == -EINVAL ? -EILSEQ : ret);
	area->known = true;
	area->start_known = flags & CMA_FILE_START;
	return !area->start_known || read_bits(r, &area->map);
}

static bool read_head(struct file_reader *r)
{
	struct cma_trace_info *info = &r->base.info;
	uint64_t version, page_size, areas;

	if (!read_number(r, UINT64_MAX, &version))
		return false;
	if (version != CMA_FILE_VERSION) {
		message("%s: version %llu of the format, this program knows version %u", r->name,
			(unsigned long long)version, CMA_FILE_VERSION);
		return fail(r, -EINVAL);
	}
	if (!read_number(r, UINT32_MAX, &page_size))
		return false;
	if (!cma_trace_page_size_is_sane(page_size)) {
		message("%s: damaged: pages of %llu bytes", r->name,
			(unsigned long long)page_size);
		return fail(r, -EINVAL);
	}
	if (!read_number(r, UINT64_MAX >> 1, &info->total_pages) ||
	    !read_string(r, info->release, sizeof(info->release)) ||
	    !read_number(r, CMA_TRACE_MAX_AREAS, &areas))
		return false;
	info->page_size = (uint32_t)page_size;
	for (uint64_t i = 0; i < areas; i++) {
		info->area_count++;
		if (!read_area(r, &info->areas[i]))
			return false;
	}
	return true;
}

static bool read_thread(struct file_reader *r)
{
	struct thread *thread;
	uint64_t pid;

	if (r->thread_count == r->thread_room) {
		size_t room = r->thread_room ? r->thread_room * 2 : 64;
		void *grown = realloc(r->threads, room * sizeof(*r->threads));

		if (!grown)
			return fail(r, -ENOMEM);
		r->threads = grown;
		r->thread_room = room;
	}
	thread = &r->threads[r->thread_count];
	if (!read_number(r, INT32_MAX, &pid) ||
	    !read_string(r, thread->comm, sizeof(thread->comm)))
		return false;
	thread->pid = (int32_t)pid;
	r->thread_count++;
	return true;
}

static bool read_new_area(struct file_reader *r)
{
	char name[CMA_NAME_SIZE];
	unsigned int before = r->base.info.area_count;

	if (!read_string(r, name, sizeof(name)))
		return false;
	return cma_trace_add_area(&r->base.info, name) == (int)before || fail(r, -EILSEQ);
}

static uint64_t unfold(uint64_t folded)
{
	return folded >> 1 ^ -(folded & 1);
}

static bool read_place(struct file_reader *r, uint8_t fields, struct cma_event *e)
{
	uint64_t n;

	if (fields & CMA_FIELD_AREA) {
		if (!read_number(r, r->base.info.area_count, &n))
			return false;
		e->area = (int32_t)n - 1;
	}
	if (fields & CMA_FIELD_PFN) {
		if (!read_number(r, UINT64_MAX, &n))
			return false;
		r->frame += unfold(n);
		e->pfn = r->frame - 1;
	}
	return true;
}

static bool read_fields(struct file_reader *r, uint8_t fields, struct cma_event *e)
{
	uint64_t n;

	if (!read_place(r, fields, e))
		return false;
	if ((fields & CMA_FIELD_COUNT) && !read_number(r, UINT64_MAX, &e->count))
		return false;
	if (fields & CMA_FIELD_ALIGN) {
		if (!read_number(r, UINT32_MAX, &n))
			return false;
		e->align = (uint32_t)n;
	}
	if (fields & CMA_FIELD_ERROR) {
		if (!read_number(r, MAX_ERRNO, &n))
			return false;
		e->error = -(int32_t)n;
	}
	if (fields & CMA_FIELD_END) {
		if (!read_number(r, UINT64_MAX, &n))
			return false;
		e->end_pfn = e->pfn + n;
	}
	if (fields & CMA_FIELD_FIN) {
		if (!read_number(r, UINT64_MAX, &n))
			return false;
		e->fin_pfn = e->pfn + unfold(n);
	}
	return !(fields & CMA_FIELD_MOVED) || (read_number(r, UINT64_MAX, &e->migrated) &&
					       read_number(r, UINT64_MAX, &e->reclaimed));
}

static bool read_event(struct file_reader *r, enum cma_event_type type, struct cma_event *e)
{
	uint64_t after, thread;

	memset(e, 0, sizeof(*e));
	e->type = type;
	e->area = -1;
	e->pfn = CMA_NOWHERE;
	if (!read_number(r, UINT64_MAX - r->ns, &after) || !read_number(r, UINT64_MAX, &thread))
		return false;
	if (thread >= r->thread_count)
		return fail(r, -EILSEQ);
	e->pid = r->threads[thread].pid;
	memcpy(e->comm, r->threads[thread].comm, sizeof(e->comm));
	if (!read_fields(r, cma_file_fields[type], e))
		return false;
	r->ns += after;
	e->ns = r->ns;
	r->events++;
	return true;
}

static bool read_end(struct file_reader *r)
{
	uint64_t events;

	if (!read_number(r, UINT64_MAX, &events) ||
	    !read_number(r, UINT64_MAX, &r->base.info.lost))
		return false;
	r->at_end = true;
	return events == r->events || fail(r, -EILSEQ);
}

/* A recording that was killed is no damage: what is whole in it was given, and that is said. */
static int stopped(struct file_reader *r)
{
	if (r->error != -ENODATA)
		return r->error;
	if (!r->base.info.cut && !r->base.quiet)
		message("%s: the trace is cut off; its first %llu events are whole", r->name,
			(unsigned long long)r->events);
	r->base.info.cut = true;
	return 0;
}

static int file_next(struct cma_trace_reader *reader, struct cma_event *event)
{
	struct file_reader *r = (struct file_reader *)reader;
	uint8_t kind;

	while (!r->error && !r->at_end && read_byte(r, &kind)) {
		if (kind == CMA_FILE_END)
			read_end(r);
		else if (kind == CMA_FILE_AREA)
			read_new_area(r);
		else if (kind == CMA_FILE_THREAD)
			read_thread(r);
		else if (kind - CMA_FILE_EVENT >= CMA_EVENT_TYPES)
			fail(r, -EILSEQ);
		else if (read_event(r, (enum cma_event_type)(kind - CMA_FILE_EVENT), event))
			return 1;
	}
	return r->error ? stopped(r) : 0;
}

static void file_close(struct cma_trace_reader *reader)
{
	struct file_reader *r = (struct file_reader *)reader;

	if (r->file && r->file != stdin)
		fclose(r->file);
	free(r->threads);
	free(r);
}

static int file_open(const char *path, FILE *file, struct cma_trace_reader **reader)
{
	struct file_reader *r = calloc(1, sizeof(*r));
	int ret;

	if (!r)
		return -ENOMEM;
	r->base.kind = &cma_trace_file_kind;
	r->name = path;
	r->file = file;
	if (read_head(r)) {
		*reader = &r->base;
		return 0;
	}
	ret = r->error == -ENODATA ? -EILSEQ : r->error;
	if (ret == -EILSEQ)
		message("%s: the head of the trace is damaged or cut off", path);
	r->file = NULL;
	cma_trace_close(&r->base);
	return ret;
}

const struct cma_trace_kind cma_trace_file_kind = {
	.name = "a recorded trace",
	.magic = CMA_FILE_MAGIC,
	.magic_size = CMA_FILE_MAGIC_SIZE,
	.open = file_open,
	.next = file_next,
	.close = file_close,
};
