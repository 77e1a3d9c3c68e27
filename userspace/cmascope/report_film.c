// SPDX-License-Identifier: MIT
/* The bitmaps of a trace replayed, and looked at REPORT_COLUMNS times. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmascope/account_json.h"
#include "cmascope/report.h"

#define DMA_ALIGN	8	/* what buffers of 1 MiB and more ask for: CONFIG_CMA_ALIGNMENT */

/**
 * struct film - an area being filmed
 * @map: as it is at the moment, no words: not known
 * @columns: strings, one a moment
 * @fragmentation: 1 - longest aligned run / free, for buffers
 * @fragmentation_0: the same without alignment
 * @used: share of the area
 * @failures: in each column
 * @failed: since the last column
 */
struct film {
	struct cma_bitmap map;
	struct json_object *columns;
	struct json_object *fragmentation;
	struct json_object *fragmentation_0;
	struct json_object *used;
	struct json_object *failures;
	uint64_t failed;
};

struct studio {
	const struct cma_trace_info *info;
	struct film films[CMA_TRACE_MAX_AREAS];
	unsigned int column;
	uint64_t first_ns;
	uint64_t span_ns;
};

static struct json_object *short_real(double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.4g", value);
	return json_object_new_double_s(value, text);
}

static uint64_t taken_between(const struct cma_bitmap *map, uint64_t start, uint64_t end)
{
	uint64_t taken = 0, bit = start;

	while (bit < end) {
		uint64_t first = cma_bitmap_next(map, bit, true), after;

		if (first >= end)
			break;
		after = cma_bitmap_next(map, first, false);
		after = after < end ? after : end;
		taken += after - first;
		bit = after;
	}
	return taken;
}

/* A cell with anything in it is not shown as free, one with any room not as full. */
static char level(uint64_t taken, uint64_t bits)
{
	uint64_t l = (taken * REPORT_LEVELS + bits / 2) / bits;

	if (!l && taken)
		l = 1;
	if (l == REPORT_LEVELS && taken < bits)
		l--;
	return (char)('0' + l);
}

static void add_column(struct film *f)
{
	uint64_t rows = f->map.bits < REPORT_ROWS ? f->map.bits : REPORT_ROWS;
	struct cma_shape shape = cma_bitmap_shape(&f->map, DMA_ALIGN);
	struct cma_shape shape_0 = cma_bitmap_shape(&f->map, 0);
	char column[REPORT_ROWS + 1] = "";

	for (uint64_t row = 0; row < rows; row++) {
		uint64_t start = f->map.bits * row / rows, end = f->map.bits * (row + 1) / rows;

		column[row] = level(taken_between(&f->map, start, end), end - start);
	}
	json_object_array_add(f->columns, json_object_new_string(column));
	json_object_array_add(f->fragmentation, short_real(cma_shape_fragmentation(&shape)));
	json_object_array_add(f->fragmentation_0, short_real(cma_shape_fragmentation(&shape_0)));
	json_object_array_add(f->used, short_real(1 - (double)shape.free / (double)f->map.bits));
	json_object_array_add(f->failures, json_object_new_uint64(f->failed));
	f->failed = 0;
}

static uint64_t time_of(const struct studio *s, unsigned int column)
{
	return s->first_ns + (uint64_t)((double)s->span_ns * column / (REPORT_COLUMNS - 1));
}

/* Take all pictures that are due before @ns, the last one excepted: that is of the end. */
static void take_pictures(struct studio *s, uint64_t ns)
{
	while (s->column < REPORT_COLUMNS - 1 && time_of(s, s->column) < ns) {
		for (unsigned int i = 0; i < CMA_TRACE_MAX_AREAS; i++)
			if (s->films[i].map.words)
				add_column(&s->films[i]);
		s->column++;
	}
}

static void apply(struct studio *s, const struct cma_event *e)
{
	struct film *f;
	bool failed = cma_event_failed(e);
	int place = cma_trace_place(s->info, e->area, e->pfn);

	if (place < 0 || !s->films[place].map.words)
		return;
	f = &s->films[place];
	if (e->type == CMA_EVENT_START)
		failed = e->count > f->map.area.pages;
	f->failed += failed;
	if (failed || (e->type != CMA_EVENT_FINISH && e->type != CMA_EVENT_RELEASE) ||
	    e->pfn < f->map.area.base_pfn)
		return;
	cma_bitmap_write(&f->map, (e->pfn - f->map.area.base_pfn) >> f->map.area.order_per_bit,
			 cma_bits(&f->map.area, e->count), e->type == CMA_EVENT_FINISH);
}

static void begin(struct studio *s, const struct cma_trace_info *info)
{
	s->info = info;
	for (unsigned int i = 0; i < info->area_count; i++) {
		struct film *f = &s->films[i];

		if (!info->areas[i].known || !info->areas[i].start_known ||
		    cma_bitmap_copy(&f->map, &info->areas[i].map))
			continue;
		f->columns = json_object_new_array();
		f->fragmentation = json_object_new_array();
		f->fragmentation_0 = json_object_new_array();
		f->used = json_object_new_array();
		f->failures = json_object_new_array();
	}
}

static struct json_object *film_json(const struct film *f, double seconds)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "area", json_object_new_string(f->map.area.name));
	json_object_object_add(o, "pages", json_object_new_uint64(f->map.area.pages));
	json_object_object_add(o, "seconds", short_real(seconds));
	json_object_object_add(o, "columns", f->columns);
	json_object_object_add(o, "used", f->used);
	json_object_object_add(o, "fragmentation_align_8", f->fragmentation);
	json_object_object_add(o, "fragmentation_align_0", f->fragmentation_0);
	json_object_object_add(o, "failures", f->failures);
	return o;
}

static bool has_ranges(const struct cma_trace_info *info, unsigned int area)
{
	for (unsigned int i = 0; i < info->area_count; i++)
		if (i != area && cma_area_is(&info->areas[i].map.area,
					     info->areas[area].map.area.name))
			return true;
	return false;
}

static void describe_missing(const struct cma_trace_info *info, struct json_object *missing)
{
	char text[256];

	for (unsigned int i = 0; i < info->area_count; i++) {
		if ((info->areas[i].known && info->areas[i].start_known) || has_ranges(info, i))
			continue;
		snprintf(text, sizeof(text),
			 "No map of %s over time: its bitmap is not in the trace (%s)",
			 area_name(info, (int32_t)i),
			 "cmascope record takes it from debugfs, with CONFIG_CMA_DEBUGFS");
		json_object_array_add(missing, json_object_new_string(text));
	}
}

struct json_object *report_films(const char *path, const struct cma_account *account,
				 struct json_object *missing)
{
	struct studio *s = calloc(1, sizeof(*s));
	struct json_object *films = json_object_new_array();
	struct cma_trace_reader *reader;
	struct cma_event event;

	if (!s || cma_trace_open(path, &reader)) {
		free(s);
		json_object_put(films);
		return NULL;
	}
	s->first_ns = account->first_ns;
	s->span_ns = account->last_ns - account->first_ns;
	begin(s, cma_trace_info(reader));
	while (cma_trace_next(reader, &event) > 0) {
		take_pictures(s, event.ns);
		apply(s, &event);
	}
	take_pictures(s, UINT64_MAX);
	for (unsigned int i = 0; i < CMA_TRACE_MAX_AREAS; i++) {
		if (!s->films[i].map.words)
			continue;
		add_column(&s->films[i]);
		json_object_array_add(films, film_json(&s->films[i], (double)s->span_ns / 1e9));
		cma_bitmap_end(&s->films[i].map);
	}
	describe_missing(cma_trace_info(reader), missing);
	cma_trace_close(reader);
	free(s);
	return films;
}

#define BUCKETS_A_BAR	4u	/* four bars a power of two */

struct json_object *report_histogram(const struct cma_latency *latency)
{
	struct json_object *bars = json_object_new_array();
	unsigned int first, last;

	if (!latency->count)
		return bars;
	first = cma_latency_bucket(latency->min) / BUCKETS_A_BAR * BUCKETS_A_BAR;
	last = cma_latency_bucket(latency->max);
	for (unsigned int b = first; b <= last; b += BUCKETS_A_BAR) {
		struct json_object *bar = json_object_new_object();
		double low = (double)cma_latency_low(b);
		uint64_t count = 0;

		for (unsigned int i = 0; i < BUCKETS_A_BAR; i++)
			count += latency->buckets[b + i];
		json_object_object_add(bar, "from_us", short_real(low / 1000));
		low = (double)cma_latency_low(b + BUCKETS_A_BAR);
		json_object_object_add(bar, "to_us", short_real(low / 1000));
		json_object_object_add(bar, "count", json_object_new_uint64(count));
		json_object_array_add(bars, bar);
	}
	return bars;
}
