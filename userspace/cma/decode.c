// SPDX-License-Identifier: MIT
#include <string.h>

#include "cma/decode.h"

/* Names of 6.1 to 6.15; a field that a kernel lacks is left at its default. */
static const struct {
	const char *system;
	const char *name;
	const char *fields[CMA_ROLES];
} formats[CMA_DECODE_TYPES] = {
	[CMA_EVENT_START] = { "cma", "cma_alloc_start", {
		[CMA_ROLE_NAME] = "name", [CMA_ROLE_COUNT] = "count",
		[CMA_ROLE_ALIGN] = "align" } },
	[CMA_EVENT_FINISH] = { "cma", "cma_alloc_finish", {
		[CMA_ROLE_NAME] = "name", [CMA_ROLE_PFN] = "pfn", [CMA_ROLE_PAGE] = "page",
		[CMA_ROLE_COUNT] = "count", [CMA_ROLE_ALIGN] = "align",
		[CMA_ROLE_ERROR] = "errorno" } },
	[CMA_EVENT_RELEASE] = { "cma", "cma_release", {
		[CMA_ROLE_NAME] = "name", [CMA_ROLE_PFN] = "pfn", [CMA_ROLE_COUNT] = "count" } },
	[CMA_EVENT_BUSY_RETRY] = { "cma", "cma_alloc_busy_retry", {
		[CMA_ROLE_NAME] = "name", [CMA_ROLE_PFN] = "pfn", [CMA_ROLE_COUNT] = "count",
		[CMA_ROLE_ALIGN] = "align" } },
	[CMA_EVENT_ISOLATED] = { "page_isolation", "test_pages_isolated", {
		[CMA_ROLE_PFN] = "start_pfn", [CMA_ROLE_END] = "end_pfn",
		[CMA_ROLE_FIN] = "fin_pfn" } },
	[CMA_EVENT_MIGRATE] = { "kmem", "mm_alloc_contig_migrate_range_info", {
		[CMA_ROLE_PFN] = "start", [CMA_ROLE_END] = "end",
		[CMA_ROLE_MIGRATED] = "nr_migrated", [CMA_ROLE_RECLAIMED] = "nr_reclaimed" } },
};

void cma_decode_event(enum cma_event_type type, const char **system, const char **name)
{
	*system = formats[type].system;
	*name = formats[type].name;
}

bool cma_decode_init(struct cma_decoder *decoder, struct tep_handle *tep)
{
	bool any = false;

	memset(decoder, 0, sizeof(*decoder));
	decoder->tep = tep;
	for (unsigned int t = 0; t < CMA_DECODE_TYPES; t++) {
		struct tep_event *event = tep_find_event_by_name(tep, formats[t].system,
								 formats[t].name);

		decoder->types[t].id = event ? event->id : -1;
		if (!event)
			continue;
		any = true;
		decoder->types[t].fields[CMA_ROLE_PID] = tep_find_common_field(event, "common_pid");
		for (unsigned int r = 0; r < CMA_ROLES; r++)
			if (formats[t].fields[r])
				decoder->types[t].fields[r] =
					tep_find_field(event, formats[t].fields[r]);
	}
	return any;
}

/* inside() - the bytes [offset, offset + size) of the record, NULL: it ends before */
static const char *inside(const struct tep_record *record, long long offset, long long size)
{
	if (offset < 0 || size < 0 || offset + size > record->size)
		return NULL;
	return (const char *)record->data + offset;
}

static bool number(const struct cma_decoder *d, const struct tep_format_field *field,
		   const struct tep_record *record, uint64_t *value)
{
	const char *bytes;

	if (!field)
		return true;
	bytes = inside(record, field->offset, field->size);
	if (!bytes || field->size > 8)
		return false;
	*value = tep_read_number(d->tep, bytes, field->size);
	if ((field->flags & TEP_FIELD_IS_SIGNED) && field->size == 4)
		*value = (uint64_t)(int64_t)(int32_t)*value;
	return true;
}

/* A string lies behind the fields; its field has its length (upper half) and place. */
static bool text(const struct cma_decoder *d, const struct tep_format_field *field,
		 const struct tep_record *record, char *out, size_t size)
{
	long long place, length;
	const char *bytes;

	out[0] = '\0';
	if (!field)
		return true;
	place = field->offset;
	length = field->size;
	if (field->flags & TEP_FIELD_IS_DYNAMIC) {
		uint64_t packed = 0;

		if (field->size != 4 || !number(d, field, record, &packed))
			return false;
		place = packed & 0xffff;
		length = packed >> 16 & 0xffff;
		if (field->flags & TEP_FIELD_IS_RELATIVE)
			place += field->offset + field->size;
	}
	bytes = inside(record, place, length);
	if (!bytes)
		return false;
	length = (long long)strnlen(bytes, (size_t)length);
	if ((size_t)length >= size)
		length = (long long)size - 1;
	for (long long i = 0; i < length; i++)
		out[i] = (unsigned char)bytes[i] < ' ' || bytes[i] == 0x7f ? '?' : bytes[i];
	out[length] = '\0';
	return true;
}

/* Older kernels' finish event has no error: a failure has no page, and its error stays unknown. */
static void set_outcome(const struct tep_format_field *field, const uint64_t *n,
			struct cma_event *event)
{
	int64_t error = (int64_t)n[CMA_ROLE_ERROR];

	if (field && error < 0 && error >= -4095)
		event->error = (int32_t)error;
	if (event->error || (!field && !n[CMA_ROLE_PAGE]))
		event->pfn = CMA_NOWHERE;
}

bool cma_decode(const struct cma_decoder *d, const struct tep_record *record,
		struct cma_event *event, char *area)
{
	const struct tep_format_field *const *f;
	uint64_t n[CMA_ROLES] = { [CMA_ROLE_PFN] = CMA_NOWHERE, [CMA_ROLE_PAGE] = 1 };
	int id;

	if (record->size < 8)
		return false;
	id = tep_data_type(d->tep, (struct tep_record *)record);
	memset(event, 0, sizeof(*event));
	for (event->type = 0; event->type < CMA_DECODE_TYPES; event->type++)
		if (d->types[event->type].id == id)
			break;
	if (event->type == CMA_DECODE_TYPES)
		return false;
	f = d->types[event->type].fields;
	for (unsigned int r = 0; r < CMA_ROLES; r++)
		if (r != CMA_ROLE_NAME && !number(d, f[r], record, &n[r]))
			return false;
	if (!text(d, f[CMA_ROLE_NAME], record, area, CMA_NAME_SIZE))
		return false;
	event->ns = record->ts;
	event->pid = (int32_t)n[CMA_ROLE_PID] > 0 ? (int32_t)n[CMA_ROLE_PID] : 0;
	event->area = -1;
	event->count = n[CMA_ROLE_COUNT];
	event->align = (uint32_t)n[CMA_ROLE_ALIGN];
	event->pfn = n[CMA_ROLE_PFN];
	if (event->type == CMA_EVENT_FINISH)
		set_outcome(f[CMA_ROLE_ERROR], n, event);
	event->end_pfn = n[CMA_ROLE_END];
	event->fin_pfn = n[CMA_ROLE_FIN];
	event->migrated = n[CMA_ROLE_MIGRATED];
	event->reclaimed = n[CMA_ROLE_RECLAIMED];
	return true;
}
