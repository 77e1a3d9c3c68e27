// SPDX-License-Identifier: MIT
#include <cairo-svg.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmascope/map_draw.h"
#include "cmascope/map_strips.h"

#define LIST		64	/* buffers that are listed */
#define LIST_OTHERS	16	/* borrowed pages that are listed */
#define MAX_HEIGHT	30000	/* what cairo and viewers take */

static void draw_heading(struct canvas *canvas, const struct map_area *map)
{
	const struct cma_area *place = &map->area->map.area;
	char text[256], whole[24], longest[24];
	double x = CANVAS_MARGIN;

	canvas->y += 30;
	snprintf(text, sizeof(text), "area %s", place->name);
	x += canvas_text(canvas->cr, &canvas_heading, x, canvas->y, text) + 16;
	if (!map->pages) {
		canvas_text(canvas->cr, &canvas_body, x, canvas->y,
			    "nothing is known of its pages");
		canvas->y += CANVAS_LINE;
		return;
	}
	snprintf(text, sizeof(text),
		 "%s at 0x%llx, page frames 0x%llx to 0x%llx; longest unallocated run: %s, of %llu",
		 map_size(whole, place->pages * map->page_size),
		 (unsigned long long)map_address(map, 0), (unsigned long long)place->base_pfn,
		 (unsigned long long)(place->base_pfn + place->pages - 1),
		 map_size(longest, (map->shape.longest.length << place->order_per_bit) *
			  map->page_size),
		 (unsigned long long)map->shape.runs);
	canvas_text(canvas->cr, &canvas_body, x, canvas->y, text);
	canvas->y += 8;
}

/* A swatch is drawn by the caller; here are its words and figures. */
static void draw_share(struct canvas *canvas, const struct map_area *map, const char *words,
		       uint64_t pages)
{
	double y = canvas->y + 11, x = CANVAS_MARGIN + 34;
	char text[64], size[24];

	cairo_rectangle(canvas->cr, CANVAS_MARGIN, canvas->y, 24, 14);
	canvas_colour(canvas->cr, 0x777777);
	cairo_set_line_width(canvas->cr, 1);
	cairo_stroke(canvas->cr);
	canvas_text(canvas->cr, &canvas_body, x, y, words);
	canvas_text_right(canvas->cr, &canvas_number, x + 360, y,
			  map_size(size, pages * map->page_size));
	snprintf(text, sizeof(text), "%llu pages", (unsigned long long)pages);
	canvas_text_right(canvas->cr, &canvas_number, x + 480, y, text);
	snprintf(text, sizeof(text), "%.1f%%", 100.0 * (double)pages / (double)map->pages);
	canvas_text_right(canvas->cr, &canvas_number, x + 550, y, text);
	canvas->y += CANVAS_LINE;
}

static void draw_legend(struct canvas *canvas, const struct map_area *map)
{
	uint64_t unnamed = map_area_unnamed(map);

	canvas->y += 8;
	if (map->buffer_count) {
		canvas_buffer(canvas->cr, 0, CANVAS_MARGIN, canvas->y, 12, 14);
		canvas_buffer(canvas->cr, 1, CANVAS_MARGIN + 12, canvas->y, 12, 14);
		draw_share(canvas, map, "allocated, by a known owner: A, B ... below",
			   map->counts[CMA_PAGE_ALLOCATED] - unnamed);
	}
	canvas_kind(canvas->cr, CMA_PAGE_ALLOCATED, CANVAS_MARGIN, canvas->y, 24, 14);
	draw_share(canvas, map, map->buffer_count ? "allocated, owner unknown" :
		   map_kinds[CMA_PAGE_ALLOCATED].words, unnamed);
	for (enum cma_page kind = 0; kind < CMA_PAGE_KINDS; kind++) {
		if (kind == CMA_PAGE_ALLOCATED || (kind == CMA_PAGE_UNKNOWN && !map->counts[kind]))
			continue;
		canvas_kind(canvas->cr, kind, CANVAS_MARGIN, canvas->y, 24, 14);
		draw_share(canvas, map, map_kinds[kind].words, map->counts[kind]);
	}
}

/* A letter or a swatch is drawn by the caller. */
static void draw_holder(struct canvas *canvas, const struct map_area *map,
			const struct cma_holder *holder, uint64_t pages, uint64_t places)
{
	double y = canvas->y + 11, x = CANVAS_MARGIN;
	char text[40];

	if (places == 1)
		snprintf(text, sizeof(text), "0x%llx",
			 (unsigned long long)holder->pfn * map->page_size);
	else
		snprintf(text, sizeof(text), "%llu places", (unsigned long long)places);
	canvas_text(canvas->cr, &canvas_number, x + 34, y, text);
	canvas_text_right(canvas->cr, &canvas_number, x + 220, y,
			  map_size(text, pages * map->page_size));
	canvas_text_fit(canvas->cr, &canvas_body, x + 240, y, 140, map_owner(text, holder));
	canvas_text_fit(canvas->cr, &canvas_body, x + 390, y,
			CANVAS_WIDTH - 2 * CANVAS_MARGIN - 390, holder->what);
	canvas->y += CANVAS_LINE;
}

static void draw_rest(struct canvas *canvas, size_t count, size_t shown)
{
	char text[64];

	if (count <= shown)
		return;
	snprintf(text, sizeof(text), "... and %zu more: see cmascope map --json", count - shown);
	canvas_text(canvas->cr, &canvas_body, CANVAS_MARGIN + 34, canvas->y + 11, text);
	canvas->y += CANVAS_LINE;
}

static void draw_holders(struct canvas *canvas, const struct map_area *map)
{
	if (map->buffer_count) {
		canvas->y += 18;
		canvas_text(canvas->cr, &canvas_heading, CANVAS_MARGIN, canvas->y, "Buffers");
		canvas->y += 8;
	}
	for (size_t i = 0; i < map->buffer_count && i < LIST; i++) {
		const struct cma_holder *holder = map_area_buffer(map, i);
		char letter[2] = { map_letter(i) };

		canvas_text(canvas->cr, &canvas_body, CANVAS_MARGIN + 8, canvas->y + 11, letter);
		draw_holder(canvas, map, holder, holder->count, 1);
	}
	draw_rest(canvas, map->buffer_count, LIST);
	if (map->group_count) {
		canvas->y += 18;
		canvas_text(canvas->cr, &canvas_heading, CANVAS_MARGIN, canvas->y,
			    "Borrowed pages");
		canvas->y += 8;
	}
	for (size_t i = 0; i < map->group_count && i < LIST_OTHERS; i++) {
		const struct map_group *group = &map->groups[i];

		canvas_kind(canvas->cr, group->kind, CANVAS_MARGIN, canvas->y, 24, 14);
		draw_holder(canvas, map, &map->area->holders[group->holder], group->pages,
			    group->places);
	}
	draw_rest(canvas, map->group_count, LIST_OTHERS);
}

static int draw_area(struct canvas *canvas, const struct cma_snapshot_area *area,
		     uint32_t page_size)
{
	struct map_area map;
	int ret = map_area_init(&map, area, page_size);

	if (ret)
		return ret;
	draw_heading(canvas, &map);
	if (map.pages) {
		map_strips(canvas, &map);
		draw_legend(canvas, &map);
		draw_holders(canvas, &map);
	}
	map_area_end(&map);
	return 0;
}

static int draw_page(struct canvas *canvas, const struct cma_snapshot *snapshot, const char *only)
{
	char text[200];
	int ret = 0;

	canvas->y = CANVAS_MARGIN + 16;
	canvas_text(canvas->cr, &canvas_title, CANVAS_MARGIN, canvas->y, "Contiguous memory (CMA)");
	snprintf(text, sizeof(text), "memory: %llu of %llu MiB free; pages of %u KiB",
		 (unsigned long long)snapshot->mem_free_kb / 1024,
		 (unsigned long long)snapshot->mem_total_kb / 1024, snapshot->page_size / 1024);
	canvas_text_right(canvas->cr, &canvas_small, CANVAS_WIDTH - CANVAS_MARGIN, canvas->y, text);
	for (size_t i = 0; !ret && i < snapshot->area_count; i++)
		if (!only || cma_area_is(&snapshot->areas[i].map.area, only))
			ret = draw_area(canvas, &snapshot->areas[i], snapshot->page_size);
	if (snapshot->missing_count) {
		canvas->y += 26;
		canvas_text(canvas->cr, &canvas_heading, CANVAS_MARGIN, canvas->y, "Not known");
		canvas->y += 8;
	}
	for (size_t i = 0; i < snapshot->missing_count; i++)
		canvas_paragraph(canvas, &canvas_body, CANVAS_WIDTH - 2 * CANVAS_MARGIN,
				 snapshot->missing[i]);
	canvas->y += CANVAS_MARGIN;
	return ret;
}

static cairo_status_t write_bytes(void *file, const unsigned char *data, unsigned int length)
{
	return fwrite(data, 1, length, file) == length ? CAIRO_STATUS_SUCCESS :
		CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *make_surface(enum map_format format, double height, FILE *file)
{
	if (format == MAP_FORMAT_SVG)
		return cairo_svg_surface_create_for_stream(write_bytes, file, CANVAS_WIDTH, height);
	return cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)CANVAS_WIDTH, (int)height);
}

/* Draw and write a page of that height. Return: 0 or a negative errno. */
static int write_page(const struct cma_snapshot *snapshot, const char *only,
		      enum map_format format, double height, FILE *file)
{
	cairo_surface_t *surface = make_surface(format, height, file);
	struct canvas canvas = { .cr = cairo_create(surface) };
	cairo_status_t status;
	int ret;

	canvas_colour(canvas.cr, 0xffffff);
	cairo_paint(canvas.cr);
	ret = draw_page(&canvas, snapshot, only);
	status = cairo_status(canvas.cr);
	cairo_destroy(canvas.cr);
	if (!status && !ret && format == MAP_FORMAT_PNG)
		status = cairo_surface_write_to_png_stream(surface, write_bytes, file);
	cairo_surface_finish(surface);
	status = status ?: cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	return ret ?: status ? -EIO : 0;
}

/* How high the page is shows when all is drawn; a surface of one pixel takes it. */
static int measure(const struct cma_snapshot *snapshot, const char *only, double *height)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
	struct canvas canvas = { .cr = cairo_create(surface) };
	int ret = draw_page(&canvas, snapshot, only);

	cairo_destroy(canvas.cr);
	cairo_surface_destroy(surface);
	*height = canvas.y < MAX_HEIGHT ? canvas.y : MAX_HEIGHT;
	return ret;
}

int map_draw(const struct cma_snapshot *snapshot, const char *only, enum map_format format,
	     const char *path)
{
	double height;
	FILE *file;
	int ret = measure(snapshot, only, &height);

	if (ret)
		return ret;
	file = strcmp(path, "-") ? fopen(path, "we") : stdout;
	if (!file)
		return -errno;
	ret = write_page(snapshot, only, format, height, file);
	if ((file == stdout ? fflush(file) : fclose(file)) && !ret)
		ret = -errno;
	return ret;
}
