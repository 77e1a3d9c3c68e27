// SPDX-License-Identifier: MIT
/* The map: which sign a cell gets, and what JSON, the printed and the drawn picture hold. */
#include <cairo.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmascope/map_area.h"
#include "cmascope/map_draw.h"
#include "cmascope/map_json.h"
#include "cmascope/map_text.h"
#include "tests/harness.h"

#define PAGES	4096
#define BASE	0xb0000

/* A snapshot made by hand: its memory is that of cma_snapshot_end(). */
static struct cma_snapshot make(void)
{
	const struct cma_area place = { "reserved", BASE, PAGES, 0 };
	struct cma_snapshot s = { .page_size = 4096, .mem_total_kb = 999 * 1024, .area_count = 1 };
	struct cma_snapshot_area *area = calloc(1, sizeof(*area));

	assert_non_null(area);
	s.areas = area;
	assert_int_equal(cma_bitmap_init(&area->map, &place), 0);
	area->map_known = true;
	area->pages = malloc(PAGES);
	area->holders = calloc(3, sizeof(*area->holders));
	assert_non_null(area->pages);
	assert_non_null(area->holders);
	memset(area->pages, CMA_PAGE_FREE, PAGES);
	cma_bitmap_write(&area->map, 0, 1000, true);
	memset(area->pages, CMA_PAGE_ALLOCATED, 1000);
	memset(area->pages + 2000, CMA_PAGE_BORROWED, 500);
	area->pages[2100] = CMA_PAGE_PINNED;
	area->holders[0] = (struct cma_holder){ BASE, 600, 7, "player", "framebuffer 42" };
	area->holders[1] = (struct cma_holder){ BASE + 600, 300, -1, "", "buffer & <more>" };
	area->holders[2] = (struct cma_holder){ BASE + 2100, 1, -1, "", "under I/O" };
	area->holder_count = 3;
	return s;
}

static void cells_have_signs(void **state)
{
	static const struct {
		uint64_t from;
		uint64_t to;
		char sign;
	} cases[] = {
		{ 0, 64, 'A' }, { 590, 640, 'A' }, { 640, 700, 'B' }, { 900, 964, '#' },
		{ 990, 1050, ':' }, { 1000, 1064, '.' }, { 2000, 2064, '+' }, { 2090, 2154, '!' },
		{ 1980, 2010, '.' }, { 4090, 5000, '.' },
	};
	struct cma_snapshot s = make();
	struct map_area map;

	(void)state;
	assert_int_equal(map_area_init(&map, s.areas, 4096), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct map_cell cell = map_cell(&map, cases[i].from, cases[i].to);

		assert_int_equal(map_sign(&cell), cases[i].sign);
	}
	assert_int_equal(map_area_unnamed(&map), 100);
	assert_int_equal(map.buffer_count, 2);
	assert_int_equal(map.other_count, 1);
	map_area_end(&map);
	cma_snapshot_end(&s);
}

/* Those in the way first, then the largest; what has the same use and user is one line. */
static void borrowers_are_grouped(void **state)
{
	struct cma_snapshot s = make();
	struct cma_snapshot_area *area = s.areas;
	struct map_area map;

	(void)state;
	area->holders = realloc(area->holders, 6 * sizeof(*area->holders));
	assert_non_null(area->holders);
	area->holders[3] = (struct cma_holder){ BASE + 2200, 10, 9, "dd", "tmpfs" };
	area->holders[4] = (struct cma_holder){ BASE + 2300, 20, 8, "cat", "page cache" };
	area->holders[5] = (struct cma_holder){ BASE + 2400, 30, 9, "dd", "tmpfs" };
	area->holder_count = 6;
	assert_int_equal(map_area_init(&map, area, 4096), 0);
	assert_int_equal(map.group_count, 3);
	assert_int_equal(map.groups[0].kind, CMA_PAGE_PINNED);
	assert_int_equal(map.groups[0].pages, 1);
	assert_int_equal(map.groups[1].holder, 3);
	assert_int_equal(map.groups[1].pages, 40);
	assert_int_equal(map.groups[1].places, 2);
	assert_int_equal(map.groups[2].holder, 4);
	map_area_end(&map);
	cma_snapshot_end(&s);
}

static int64_t number(struct json_object *object, const char *name)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(object, name, &value));
	return json_object_get_int64(value);
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(object, name, &value));
	return value;
}

static void json_has_everything(void **state)
{
	struct cma_snapshot s = make();
	struct json_object *object = map_json(&s, NULL), *area, *buffer, *runs;
	int64_t pages = 0;

	(void)state;
	assert_non_null(object);
	area = json_object_array_get_idx(member(object, "areas"), 0);
	assert_int_equal(number(area, "base_pfn"), BASE);
	assert_int_equal(number(member(area, "kinds"), "allocated"), 1000);
	assert_int_equal(number(member(area, "kinds"), "borrowed"), 499);
	assert_int_equal(number(member(area, "kinds"), "pinned"), 1);
	assert_int_equal(number(member(area, "kinds"), "free"), PAGES - 1500);
	assert_int_equal(number(area, "longest_run_pages"), PAGES - 1000);
	assert_int_equal(number(area, "unnamed_pages"), 100);
	buffer = json_object_array_get_idx(member(area, "buffers"), 0);
	assert_int_equal(number(buffer, "pid"), 7);
	assert_string_equal(json_object_get_string(member(buffer, "comm")), "player");
	runs = member(area, "runs");
	assert_int_equal(json_object_array_length(runs), 6);
	for (size_t i = 0; i < json_object_array_length(runs); i++)
		pages += number(json_object_array_get_idx(runs, i), "pages");
	assert_int_equal(pages, PAGES);
	json_object_put(object);

	object = map_json(&s, "other");
	assert_int_equal(json_object_array_length(member(object, "areas")), 0);
	json_object_put(object);
	cma_snapshot_end(&s);
}

/* What a function prints. Return: to be freed. */
static char *printed(const struct cma_snapshot *s)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	assert_int_equal(map_text(file, s, NULL), 0);
	map_text_missing(file, s);
	fclose(file);
	return text;
}

static void text_fits_the_width(void **state)
{
	struct cma_snapshot s = make();
	char *text, *line, *rest;

	(void)state;
	s.missing = calloc(1, sizeof(*s.missing));
	assert_non_null(s.missing);
	s.missing[0] = strdup("what is not known, explained in more words than would fit one line");
	s.missing_count = 1;
	text = printed(&s);
	assert_non_null(strstr(text, "0xb0000000 AAAA"));
	assert_non_null(strstr(text, "player[7]  framebuffer 42"));
	assert_non_null(strstr(text, "not known"));
	rest = text;
	while ((line = strsep(&rest, "\n")))
		assert_true(strlen(line) <= 80);
	free(text);
	cma_snapshot_end(&s);
}

static void text_admits_to_know_nothing(void **state)
{
	struct cma_snapshot s = make();
	char *text;

	(void)state;
	s.areas[0].map_known = false;
	text = printed(&s);
	assert_non_null(strstr(text, "area reserved: 16.0 MiB, nothing else is known"));
	free(text);
	cma_snapshot_end(&s);
}

/* The file that was drawn, whole. Return: to be freed. */
static char *drawn(const struct cma_snapshot *s, enum map_format format, size_t *size)
{
	char path[] = "/tmp/test-map-XXXXXX", *data;
	int fd = mkstemp(path);
	FILE *file;

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(map_draw(s, NULL, format, path), 0);
	file = fopen(path, "re");
	assert_non_null(file);
	data = calloc(1, 4 << 20);
	assert_non_null(data);
	*size = fread(data, 1, (4 << 20) - 1, file);
	fclose(file);
	unlink(path);
	return data;
}

static void svg_is_xml(void **state)
{
	struct cma_snapshot s = make();
	size_t size;
	char *data = drawn(&s, MAP_FORMAT_SVG, &size);

	(void)state;
	assert_non_null(strstr(data, "<svg"));
	assert_non_null(strstr(data, "</svg>"));
	free(data);
	cma_snapshot_end(&s);
}

static cairo_status_t read_bytes(void *file, unsigned char *data, unsigned int length)
{
	return fread(data, 1, length, file) == length ? CAIRO_STATUS_SUCCESS :
							CAIRO_STATUS_READ_ERROR;
}

/* How many pixels of the drawn picture have a colour. */
static size_t pixels(cairo_surface_t *surface, uint32_t rgb)
{
	size_t stride = (size_t)cairo_image_surface_get_stride(surface) / 4, found = 0;
	const uint32_t *data = (const uint32_t *)cairo_image_surface_get_data(surface);

	for (int y = 0; y < cairo_image_surface_get_height(surface); y++)
		for (int x = 0; x < cairo_image_surface_get_width(surface); x++)
			found += (data[(size_t)y * stride + (size_t)x] & 0xffffff) == rgb;
	return found;
}

/* The strips are 946 pixels wide, 26 high, and 8: a page is 48 pixels. Legend and lines disturb. */
static void png_has_the_colours_of_the_pages(void **state)
{
	struct cma_snapshot s = make();
	cairo_surface_t *surface;
	size_t size, count;
	char *data = drawn(&s, MAP_FORMAT_PNG, &size);
	FILE *file = fmemopen(data, size, "r");

	(void)state;
	assert_non_null(file);
	surface = cairo_image_surface_create_from_png_stream(read_bytes, file);
	assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
	count = pixels(surface, map_kinds[CMA_PAGE_BORROWED].rgb);
	assert_in_range(count, 499 * 42, 499 * 50);
	count = pixels(surface, map_kinds[CMA_PAGE_ALLOCATED].rgb);
	assert_in_range(count, 100 * 40, 100 * 52);
	assert_true(pixels(surface, map_kinds[CMA_PAGE_PINNED].rgb) > 100);
	cairo_surface_destroy(surface);
	fclose(file);
	free(data);
	cma_snapshot_end(&s);
}

static void draws_what_is_not_known(void **state)
{
	struct cma_snapshot s = make();
	size_t size;

	(void)state;
	s.areas[0].map_known = false;
	free(drawn(&s, MAP_FORMAT_PNG, &size));
	assert_true(size > 1000);
	assert_int_not_equal(map_draw(&s, NULL, MAP_FORMAT_SVG, "/nonexistent/map.svg"), 0);
	assert_int_not_equal(map_draw(&s, NULL, MAP_FORMAT_PNG, "/dev/full"), 0);
	cma_snapshot_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_have_signs),
		cmocka_unit_test(borrowers_are_grouped),
		cmocka_unit_test(json_has_everything),
		cmocka_unit_test(text_fits_the_width),
		cmocka_unit_test(text_admits_to_know_nothing),
		cmocka_unit_test(svg_is_xml),
		cmocka_unit_test(png_has_the_colours_of_the_pages),
		cmocka_unit_test(draws_what_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
