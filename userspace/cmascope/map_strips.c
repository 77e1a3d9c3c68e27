// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "cmascope/map_strips.h"

#define GUTTER		118.0	/* left of the strips, for labels */
#define STRIP_X		(CANVAS_MARGIN + GUTTER)
#define STRIP_WIDTH	(CANVAS_WIDTH - 2 * CANVAS_MARGIN - GUTTER)
#define STRIP_HEIGHT	26.0
#define STRIP_GAP	7.0
#define MAX_STRIPS	16
#define FEW_STRIPS	8	/* of an area that is small */
#define SMALL		(64 * 1024 * 1024)
#define MIN_PINNED	9.0	/* height at which a single page in the way is still seen */
#define TICKS		8	/* divisions of the scale */
#define COLUMNS		((uint64_t)STRIP_WIDTH)

/**
 * struct strip - a strip
 * @first: its first page
 * @span: pages from its left end to its right
 * @y: its upper edge
 */
struct strip {
	uint64_t first;
	uint64_t span;
	double y;
};

/* Pages a strip: a power of two, a MiB at least unless the area is smaller. */
static uint64_t strip_span(const struct map_area *map)
{
	uint64_t strips = map->pages * map->page_size <= SMALL ? FEW_STRIPS : MAX_STRIPS;
	uint64_t span = 1;

	while (span * map->page_size < 1024 * 1024 || span * strips < map->pages)
		span *= 2;
	return span;
}

static double page_x(const struct strip *strip, uint64_t page)
{
	return STRIP_X + STRIP_WIDTH * (double)(page - strip->first) / (double)strip->span;
}

static void draw_scale(struct canvas *canvas, const struct map_area *map, uint64_t span)
{
	cairo_t *cr = canvas->cr;
	char size[24], label[32];

	canvas->y += 14;
	canvas_text_right(cr, &canvas_small, STRIP_X - 8, canvas->y, "page frame");
	for (int i = 0; i <= TICKS; i++) {
		double x = STRIP_X + STRIP_WIDTH * i / TICKS;

		snprintf(label, sizeof(label), "+%s",
			 map_size(size, span * map->page_size * (uint64_t)i / TICKS));
		if (i < TICKS)
			canvas_text(cr, &canvas_small, x + 3, canvas->y, i ? label : "+0");
		canvas_colour(cr, 0x999999);
		cairo_set_line_width(cr, 1);
		cairo_move_to(cr, x, canvas->y - 8);
		cairo_line_to(cr, x, canvas->y + 7);
		cairo_stroke(cr);
	}
	canvas->y += 7;
}

/* One column: the kinds in it, from what is in the way at the bottom to what is free. */
static void draw_column(cairo_t *cr, const struct map_cell *cell, double x, double width, double y)
{
	static const enum cma_page order[] = {
		CMA_PAGE_ALLOCATED, CMA_PAGE_PINNED, CMA_PAGE_BORROWED, CMA_PAGE_UNKNOWN,
		CMA_PAGE_FREE,
	};
	double total = 0, bottom = y + STRIP_HEIGHT;

	for (enum cma_page kind = 0; kind < CMA_PAGE_KINDS; kind++)
		total += (double)cell->counts[kind];
	for (size_t i = 0; total > 0 && i < sizeof(order) / sizeof(order[0]); i++) {
		double height = STRIP_HEIGHT * (double)cell->counts[order[i]] / total;

		if (height <= 0)
			continue;
		if (order[i] == CMA_PAGE_PINNED && height < MIN_PINNED)
			height = MIN_PINNED;
		if (height > bottom - y)
			height = bottom - y;
		bottom -= height;
		canvas_kind(cr, order[i], x, bottom, width, height);
	}
}

static bool same_mix(const struct map_cell *a, const struct map_cell *b)
{
	for (enum cma_page kind = 0; kind < CMA_PAGE_KINDS; kind++)
		if (!a->counts[kind] != !b->counts[kind])
			return false;
	/* Columns of one kind differ in their count by rounding alone. */
	for (enum cma_page kind = 0; kind < CMA_PAGE_KINDS; kind++)
		if (a->counts[kind] && a->counts[kind] != b->counts[kind] && a->kind != kind)
			return false;
	return true;
}

static struct map_cell column(const struct map_area *map, const struct strip *strip, uint64_t i)
{
	uint64_t from = strip->first + i * strip->span / COLUMNS;
	uint64_t to = strip->first + (i + 1) * strip->span / COLUMNS;

	return map_cell(map, from, to > from ? to : from + 1);
}

static void draw_pages(cairo_t *cr, const struct map_area *map, const struct strip *strip)
{
	uint64_t shown = map->pages - strip->first;
	uint64_t columns = shown >= strip->span ? COLUMNS : shown * COLUMNS / strip->span;
	struct map_cell cell = column(map, strip, 0);
	uint64_t start = 0;

	/* Neighbours that look the same are one rectangle: no seams, and a smaller file. */
	for (uint64_t i = 1; i <= columns; i++) {
		struct map_cell next = i < columns ? column(map, strip, i) : cell;

		if (i < columns && same_mix(&cell, &next))
			continue;
		draw_column(cr, &cell, STRIP_X + (double)start, (double)(i - start), strip->y);
		cell = next;
		start = i;
	}
	canvas_colour(cr, 0x777777);
	cairo_set_line_width(cr, 1);
	cairo_rectangle(cr, STRIP_X, strip->y, (double)columns, STRIP_HEIGHT);
	cairo_stroke(cr);
}

/* What of a buffer lies in a strip. Return: false: nothing. */
static bool clip(const struct map_area *map, const struct strip *strip, size_t buffer, double *left,
		 double *right)
{
	const struct cma_holder *holder = map_area_buffer(map, buffer);
	uint64_t first = holder->pfn - map->area->map.area.base_pfn, end = first + holder->count;

	if (end <= strip->first || first >= strip->first + strip->span)
		return false;
	*left = page_x(strip, first > strip->first ? first : strip->first);
	*right = page_x(strip, end < strip->first + strip->span ? end : strip->first + strip->span);
	return true;
}

static void draw_buffer(cairo_t *cr, const struct map_area *map, const struct strip *strip,
			size_t buffer)
{
	struct canvas_font font = canvas_body;
	char owner[40], label[48];
	double left, right;

	if (!clip(map, strip, buffer, &left, &right))
		return;
	canvas_buffer(cr, buffer, left, strip->y, right - left, STRIP_HEIGHT);
	cairo_rectangle(cr, left, strip->y, right - left, STRIP_HEIGHT);
	canvas_colour(cr, 0x1a1a1a);
	cairo_set_line_width(cr, right - left < 3 ? 0.5 : 1.2);
	cairo_stroke(cr);
	font.rgb = canvas_buffer_ink(buffer);
	snprintf(label, sizeof(label), "%c  %s", map_letter(buffer),
		 map_owner(owner, map_area_buffer(map, buffer)));
	if (canvas_text_width(cr, &font, label) > right - left - 8)
		label[1] = '\0';
	if (canvas_text_width(cr, &font, label) <= right - left - 3)
		canvas_text(cr, &font, left + (label[1] ? 6 : 2), strip->y + STRIP_HEIGHT / 2 + 4.5,
			    label);
}

static void draw_labels(cairo_t *cr, const struct map_area *map, const struct strip *strip)
{
	char text[32], size[24];

	snprintf(text, sizeof(text), "0x%llx",
		 (unsigned long long)(map->area->map.area.base_pfn + strip->first));
	canvas_text_right(cr, &canvas_number, STRIP_X - 8, strip->y + STRIP_HEIGHT / 2 - 1, text);
	snprintf(text, sizeof(text), "+%s", map_size(size, strip->first * map->page_size));
	canvas_text_right(cr, &canvas_small, STRIP_X - 8, strip->y + STRIP_HEIGHT - 2, text);
}

void map_strips(struct canvas *canvas, const struct map_area *map)
{
	struct strip strip = { .span = strip_span(map) };

	draw_scale(canvas, map, strip.span);
	for (; strip.first < map->pages; strip.first += strip.span) {
		strip.y = canvas->y;
		draw_pages(canvas->cr, map, &strip);
		for (size_t i = 0; i < map->buffer_count; i++)
			draw_buffer(canvas->cr, map, &strip, i);
		draw_labels(canvas->cr, map, &strip);
		canvas->y += STRIP_HEIGHT + STRIP_GAP;
	}
}
