// SPDX-License-Identifier: MIT
#include <string.h>

#include "cmascope/map_area.h"
#include "cmascope/map_text.h"

#define COLUMNS		64	/* cells in a row; 12 columns before them for the address */
#define ROWS		16	/* at most */
#define LIST		60	/* buffers that are listed */
#define LIST_OTHERS	12	/* pages in the way that are listed */
#define WIDTH		80
#define INDENT		6	/* of a line that goes on */

/* Pages a cell, a power of two, so that the area fits. */
static uint64_t cell_pages(const struct map_area *map)
{
	uint64_t pages = 1;

	while (pages * COLUMNS * ROWS < map->pages)
		pages *= 2;
	return pages;
}

static void print_heading(FILE *file, const struct map_area *map, uint64_t cell)
{
	const struct cma_area *place = &map->area->map.area;
	char whole[24], one[24], longest[24];

	fprintf(file, "area %s: %s at 0x%llx, page frames 0x%llx to 0x%llx\n", place->name,
		map_size(whole, place->pages * map->page_size),
		(unsigned long long)map_address(map, 0), (unsigned long long)place->base_pfn,
		(unsigned long long)(place->base_pfn + place->pages - 1));
	fprintf(file, "a character is %s (%llu page%s); longest unallocated run: %s, of %llu\n",
		map_size(one, cell * map->page_size), (unsigned long long)cell,
		cell == 1 ? "" : "s",
		map_size(longest, (map->shape.longest.length << place->order_per_bit) *
			 map->page_size),
		(unsigned long long)map->shape.runs);
}

static void print_picture(FILE *file, const struct map_area *map, uint64_t pages)
{
	fputc('\n', file);
	for (uint64_t row = 0; row < map->pages; row += pages * COLUMNS) {
		fprintf(file, "%#11llx ", (unsigned long long)map_address(map, row));
		for (uint64_t i = row; i < row + pages * COLUMNS && i < map->pages; i += pages) {
			struct map_cell cell = map_cell(map, i, i + pages);

			fputc(map_sign(&cell), file);
		}
		fputc('\n', file);
	}
	fputc('\n', file);
}

static void print_kind(FILE *file, const struct map_area *map, const char *sign, const char *words,
		       uint64_t pages)
{
	char size[24];

	fprintf(file, "  %-4s %-36s %10s %8llu pages %5.1f%%\n", sign, words,
		map_size(size, pages * map->page_size), (unsigned long long)pages,
		100.0 * (double)pages / (double)map->pages);
}

/* Whether a cell of the picture has the sign for such a mixture. */
static bool has_mixture(const struct map_area *map, uint64_t pages)
{
	for (uint64_t i = 0; i < map->pages; i += pages) {
		struct map_cell cell = map_cell(map, i, i + pages);

		if (map_sign(&cell) == MAP_SIGN_PARTLY)
			return true;
	}
	return false;
}

static void print_legend(FILE *file, const struct map_area *map, uint64_t pages)
{
	uint64_t unnamed = map_area_unnamed(map);
	char letters[8] = "A";

	if (map->buffer_count > 1)
		snprintf(letters, sizeof(letters), "A-%c",
			 map->buffer_count > 52 ? 'z' : map_letter(map->buffer_count - 1));
	if (map->buffer_count)
		print_kind(file, map, letters, "allocated, by a known owner",
			   map->counts[CMA_PAGE_ALLOCATED] - unnamed);
	print_kind(file, map, "#", map->buffer_count ? "allocated, owner unknown" :
		   map_kinds[CMA_PAGE_ALLOCATED].words, unnamed);
	for (enum cma_page kind = 0; kind < CMA_PAGE_KINDS; kind++) {
		char sign[2] = { map_kinds[kind].sign };

		if (kind != CMA_PAGE_ALLOCATED && (map->counts[kind] || kind != CMA_PAGE_UNKNOWN))
			print_kind(file, map, sign, map_kinds[kind].words, map->counts[kind]);
	}
	if (has_mixture(map, pages))
		fprintf(file, "  %c    mostly not allocated, with allocated pages among them\n",
			MAP_SIGN_PARTLY);
}

/* Words, broken between them at the width, from a column on. */
static void print_wrapped(FILE *file, const char *text, size_t column)
{
	while (*text) {
		size_t blank = strspn(text, " "), length = strcspn(text + blank, " ");

		if (column + blank + length > WIDTH && column > INDENT) {
			fprintf(file, "\n%*s", INDENT, "");
			column = INDENT;
			text += blank;
			blank = 0;
		}
		fprintf(file, "%.*s", (int)(blank + length), text);
		column += blank + length;
		text += blank + length;
	}
	fputc('\n', file);
}

static void print_holder(FILE *file, const struct map_area *map, char sign,
			 const struct cma_holder *holder)
{
	char owner[40], size[24], line[300];
	int start = fprintf(file, "  %c  %#11llx %10s  ", sign,
			    (unsigned long long)holder->pfn * map->page_size,
			    map_size(size, holder->count * map->page_size));

	snprintf(line, sizeof(line), "%s  %s", map_owner(owner, holder), holder->what);
	print_wrapped(file, line, start < 0 ? 0 : (size_t)start);
}

/* Pages in one place have an address, others a number of places. */
static void print_group(FILE *file, const struct map_area *map, const struct map_group *group)
{
	const struct cma_holder *holder = &map->area->holders[group->holder];
	char owner[40], size[24], line[300];
	int start;

	if (group->places == 1) {
		print_holder(file, map, map_kinds[group->kind].sign, holder);
		return;
	}
	start = fprintf(file, "  %c  %4llu places %10s  ", map_kinds[group->kind].sign,
			(unsigned long long)group->places,
			map_size(size, group->pages * map->page_size));
	snprintf(line, sizeof(line), "%s  %s", map_owner(owner, holder), holder->what);
	print_wrapped(file, line, start < 0 ? 0 : (size_t)start);
}

static void print_holders(FILE *file, const struct map_area *map)
{
	if (map->buffer_count)
		fputs("\nbuffers\n", file);
	for (size_t i = 0; i < map->buffer_count && i < LIST; i++)
		print_holder(file, map, map_letter(i), map_area_buffer(map, i));
	if (map->buffer_count > LIST)
		fprintf(file, "  ... and %zu more: see --json\n", map->buffer_count - LIST);
	if (map->group_count)
		fputs("\nborrowed pages\n", file);
	for (size_t i = 0; i < map->group_count && i < LIST_OTHERS; i++)
		print_group(file, map, &map->groups[i]);
	if (map->group_count > LIST_OTHERS)
		fprintf(file, "  ... and %zu more: see --json\n", map->group_count - LIST_OTHERS);
}

static int print_area(FILE *file, const struct cma_snapshot_area *area, uint32_t page_size)
{
	struct map_area map;
	char size[24];
	int ret = map_area_init(&map, area, page_size);

	if (ret)
		return ret;
	if (map.pages) {
		uint64_t pages = cell_pages(&map);

		print_heading(file, &map, pages);
		print_picture(file, &map, pages);
		print_legend(file, &map, pages);
		print_holders(file, &map);
	} else if (area->map.area.pages) {
		fprintf(file, "area %s: %s, nothing else is known of it\n", area->map.area.name,
			map_size(size, area->map.area.pages * page_size));
	} else {
		fprintf(file, "area %s: nothing else is known of it\n", area->map.area.name);
	}
	map_area_end(&map);
	return 0;
}

int map_text(FILE *file, const struct cma_snapshot *snapshot, const char *only)
{
	bool first = true;
	int ret = 0;

	for (size_t i = 0; !ret && i < snapshot->area_count; i++) {
		if (only && !cma_area_is(&snapshot->areas[i].map.area, only))
			continue;
		if (!first)
			fputc('\n', file);
		first = false;
		ret = print_area(file, &snapshot->areas[i], snapshot->page_size);
	}
	fprintf(file, "%smemory: %llu of %llu MiB free; CMA: %llu of %llu MiB free\n",
		first ? "" : "\n", (unsigned long long)snapshot->mem_free_kb / 1024,
		(unsigned long long)snapshot->mem_total_kb / 1024,
		(unsigned long long)snapshot->cma_free_kb / 1024,
		(unsigned long long)snapshot->cma_total_kb / 1024);
	return ret;
}

void map_text_missing(FILE *file, const struct cma_snapshot *snapshot)
{
	if (snapshot->missing_count)
		fputs("\nnot known\n", file);
	for (size_t i = 0; i < snapshot->missing_count; i++) {
		fputs("  -   ", file);
		print_wrapped(file, snapshot->missing[i], INDENT);
	}
}
