// SPDX-License-Identifier: MIT
/* Which kind of trace is it? */
#include <errno.h>
#include <string.h>

#include "cma/trace_reader.h"
#include "message.h"

#define LONGEST_MAGIC	16

static const struct cma_trace_kind *const kinds[] = {
	&cma_trace_file_kind,
	&cma_trace_dat_kind,
};

static const struct cma_trace_kind *kind_of(const char *start, size_t size)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (size >= kinds[i]->magic_size &&
		    !memcmp(start, kinds[i]->magic, kinds[i]->magic_size))
			return kinds[i];
	return NULL;
}

/* Byte by byte, so that not one too many is taken from a pipe. */
static const struct cma_trace_kind *read_magic(FILE *file)
{
	char start[LONGEST_MAGIC];
	size_t size = 0;
	int c;

	while (size < sizeof(start)) {
		const struct cma_trace_kind *kind = kind_of(start, size);

		if (kind)
			return kind;
		c = getc(file);
		if (c == EOF)
			return NULL;
		start[size++] = (char)c;
	}
	return NULL;
}

int cma_trace_open(const char *path, struct cma_trace_reader **reader)
{
	bool is_stdin = !strcmp(path, "-");
	FILE *file = is_stdin ? stdin : fopen(path, "rbe");
	const struct cma_trace_kind *kind;
	int ret = -EINVAL;

	*reader = NULL;
	if (!file)
		return -errno;
	kind = read_magic(file);
	if (!kind && ferror(file))
		ret = -EIO;
	else if (!kind)
		message("%s: no trace: neither of cmascope record nor of trace-cmd", path);
	else if (kind->needs_file && is_stdin)
		message("%s cannot be read from standard input; name the file", kind->name);
	else
		ret = kind->open(path, file, reader);
	if (ret && !is_stdin)
		fclose(file);
	return ret;
}

const struct cma_trace_info *cma_trace_info(const struct cma_trace_reader *reader)
{
	return &reader->info;
}

int cma_trace_place(const struct cma_trace_info *info, int area, uint64_t pfn)
{
	if (area < 0 || (unsigned int)area >= info->area_count)
		return -1;
	if (info->areas[area].known)
		return area;
	for (unsigned int i = 0; i < info->area_count; i++) {
		const struct cma_area *place = &info->areas[i].map.area;

		if (info->areas[i].known && pfn >= place->base_pfn &&
		    pfn - place->base_pfn < place->pages &&
		    cma_area_is(place, info->areas[area].map.area.name))
			return (int)i;
	}
	return -1;
}

int cma_trace_next(struct cma_trace_reader *reader, struct cma_event *event)
{
	return reader->kind->next(reader, event);
}

int cma_trace_survey(const char *path, uint64_t *lost, bool *whole)
{
	struct cma_trace_reader *reader;
	struct cma_event event;
	int ret = cma_trace_open(path, &reader), more;

	if (ret)
		return ret;
	reader->quiet = true;
	do {
		more = cma_trace_next(reader, &event);
	} while (more > 0);
	*lost = reader->info.lost;
	*whole = !more && !reader->info.cut;
	cma_trace_close(reader);
	return 0;
}

void cma_trace_close(struct cma_trace_reader *reader)
{
	if (!reader)
		return;
	cma_trace_free_areas(&reader->info);
	reader->kind->close(reader);
}

int cma_trace_add_area(struct cma_trace_info *info, const char *name)
{
	struct cma_trace_area *area;

	for (unsigned int i = 0; i < info->area_count; i++)
		if (!strncmp(info->areas[i].map.area.name, name, CMA_NAME_SIZE - 1))
			return (int)i;
	if (info->area_count == CMA_TRACE_MAX_AREAS)
		return -1;
	area = &info->areas[info->area_count];
	memset(area, 0, sizeof(*area));
	snprintf(area->map.area.name, CMA_NAME_SIZE, "%s", name);
	return (int)info->area_count++;
}

void cma_trace_free_areas(struct cma_trace_info *info)
{
	for (unsigned int i = 0; i < info->area_count; i++)
		cma_bitmap_end(&info->areas[i].map);
	info->area_count = 0;
}
