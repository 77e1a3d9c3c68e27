// SPDX-License-Identifier: MIT
#include <ncurses.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmascope/map_area.h"
#include "cmascope/map_term.h"
#include "cmascope/map_text.h"
#include "message.h"

#define ADDRESS		12	/* columns left of the cells */
#define HEADER		2
#define FOOTER		3	/* the legend, and two lines on the cursor's cell */
#define BUFFER_PAIRS	2
#define CONTROL_L	('L' & 31)	/* draws all anew, as everywhere */

/* Colour pairs: one for each kind from 1 on, then the buffers'. */
static const struct {
	short ink;
	short ground;
} pairs[CMA_PAGE_KINDS + BUFFER_PAIRS] = {
	[CMA_PAGE_UNKNOWN] = { COLOR_WHITE, COLOR_BLACK },
	[CMA_PAGE_FREE] = { COLOR_GREEN, COLOR_BLACK },
	[CMA_PAGE_ALLOCATED] = { COLOR_BLACK, COLOR_WHITE },
	[CMA_PAGE_BORROWED] = { COLOR_BLACK, COLOR_YELLOW },
	[CMA_PAGE_PINNED] = { COLOR_WHITE, COLOR_RED },
	[CMA_PAGE_KINDS] = { COLOR_WHITE, COLOR_BLUE },
	[CMA_PAGE_KINDS + 1] = { COLOR_BLACK, COLOR_CYAN },
};

/**
 * struct term - what is on the screen
 * @view: what was asked for
 * @snapshot: the last look
 * @map: of the area that is shown
 * @index: of that area
 * @cell: pages a cell, a power of two
 * @top: first page on the screen
 * @cursor: first page of the cell the cursor is on
 * @rows: of cells
 * @columns: of cells
 * @list: lines for the list of buffers
 * @help: show help instead
 */
struct term {
	const struct map_view *view;
	struct cma_snapshot snapshot;
	struct map_area map;
	size_t index;
	uint64_t cell;
	uint64_t top;
	uint64_t cursor;
	uint64_t rows;
	uint64_t columns;
	int list;
	bool help;
};

/* Return: 0 or an exit status. */
static int look(struct term *t)
{
	struct cma_snapshot snapshot;
	int ret = cma_snapshot_take(t->view->root, CMA_LOOK_PAGES | CMA_LOOK_HOLDERS |
				    (t->view->owners ? CMA_LOOK_OWNERS : 0), &snapshot);

	if (ret)
		return EXIT_ENVIRONMENT;
	map_area_end(&t->map);
	cma_snapshot_end(&t->snapshot);
	t->snapshot = snapshot;
	if (t->index >= snapshot.area_count)
		return EXIT_ENVIRONMENT;
	ret = map_area_init(&t->map, &t->snapshot.areas[t->index], t->snapshot.page_size);
	return ret || !t->map.pages ? EXIT_ENVIRONMENT : EXIT_OK;
}

/* The smallest cells with which all of the area is on the screen. */
static uint64_t fitting_cell(const struct term *t)
{
	uint64_t cell = 1;

	while (cell * t->rows * t->columns < t->map.pages)
		cell *= 2;
	return cell;
}

static void lay_out(struct term *t)
{
	int room = LINES - HEADER - FOOTER;

	t->list = (int)t->map.buffer_count < room / 3 ? (int)t->map.buffer_count : room / 3;
	t->rows = room - t->list > 1 ? (uint64_t)(room - t->list) : 1;
	t->columns = 8;
	while (t->columns * 2 + ADDRESS <= (uint64_t)COLS)
		t->columns *= 2;
	/* Powers of two make round addresses; a wide screen still should be used. */
	if (t->columns * 3 / 2 + ADDRESS <= (uint64_t)COLS)
		t->columns = t->columns * 3 / 2;
	if (!t->cell || t->cell > fitting_cell(t))
		t->cell = fitting_cell(t);
}

/* Keep the cursor in the area and the screen around the cursor. */
static void follow(struct term *t)
{
	uint64_t row = t->cell * t->columns;

	if (t->cursor >= t->map.pages)
		t->cursor = t->map.pages - 1;
	t->cursor -= t->cursor % t->cell;
	t->top -= t->top % row;
	if (t->cursor < t->top)
		t->top = t->cursor - t->cursor % row;
	if (t->cursor >= t->top + t->rows * row)
		t->top = t->cursor - t->cursor % row - (t->rows - 1) * row;
}

static chtype colour_of(const struct map_cell *cell)
{
	if (cell->kind == CMA_PAGE_ALLOCATED && cell->owner)
		return COLOR_PAIR(1 + CMA_PAGE_KINDS + (cell->owner - 1) % BUFFER_PAIRS);
	return COLOR_PAIR(1 + cell->kind);
}

/* Print behind what is on the line, not beyond its end: then the cursor is on the next one. */
static void __attribute__((format(printf, 2, 3))) print(int line, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (getcury(stdscr) == line)
		addnstr(text, COLS - getcurx(stdscr));
}

/* The keys, as many as there is room for. */
static void draw_hint(int line)
{
	static const char *const hints[] = {
		"; arrows move, + - zoom, ? help, q ends", "; + - zoom, ? help, q ends",
		"; ? help, q ends",
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (getcury(stdscr) == line && (int)strlen(hints[i]) < COLS - getcurx(stdscr)) {
			addstr(hints[i]);
			return;
		}
	}
}

static void draw_header(const struct term *t)
{
	const struct cma_area *place = &t->map.area->map.area;
	char whole[24], one[24], free[24], longest[24];

	attron(A_BOLD);
	move(0, 0);
	print(0, "area %s (%zu of %zu)", place->name, t->index + 1, t->snapshot.area_count);
	attroff(A_BOLD);
	print(0, "  %s at %#llx; a character is %s",
	      map_size(whole, place->pages * t->map.page_size),
	      (unsigned long long)map_address(&t->map, 0),
	      map_size(one, t->cell * t->map.page_size));
	move(1, 0);
	print(1, "unallocated %s, longest run %s",
	      map_size(free, (t->map.shape.free << place->order_per_bit) * t->map.page_size),
	      map_size(longest, (t->map.shape.longest.length << place->order_per_bit) *
		       t->map.page_size));
	draw_hint(1);
}

static void draw_cells(const struct term *t)
{
	for (uint64_t row = 0; row < t->rows; row++) {
		uint64_t first = t->top + row * t->columns * t->cell;

		if (first >= t->map.pages)
			break;
		mvprintw(HEADER + (int)row, 0, "%#11llx ",
			 (unsigned long long)map_address(&t->map, first));
		for (uint64_t i = 0; i < t->columns && first + i * t->cell < t->map.pages; i++) {
			uint64_t page = first + i * t->cell;
			struct map_cell cell = map_cell(&t->map, page, page + t->cell);
			chtype look = colour_of(&cell);

			if (page == t->cursor)
				look = A_REVERSE | A_BOLD;
			addch((chtype)(unsigned char)map_sign(&cell) | look);
		}
	}
}

static void draw_legend(const struct term *t, int line)
{
	move(line, 0);
	if (t->map.buffer_count) {
		addch('A' | COLOR_PAIR(1 + CMA_PAGE_KINDS));
		addch('B' | COLOR_PAIR(2 + CMA_PAGE_KINDS));
		addstr(" buffers  ");
	}
	for (enum cma_page kind = CMA_PAGE_KINDS; kind-- > 0;) {
		if (!t->map.counts[kind] || getcury(stdscr) != line)
			continue;
		addch((chtype)(unsigned char)map_kinds[kind].sign | COLOR_PAIR(1 + kind));
		print(line, " %s %.1f%%  ", cma_page_name(kind),
		      100.0 * (double)t->map.counts[kind] / (double)t->map.pages);
	}
	if (t->snapshot.missing_count)
		print(line, "(%zu not known: ?)", t->snapshot.missing_count);
}

static void draw_holder(const struct term *t, char sign, const struct cma_holder *holder)
{
	char owner[40], size[24], line[300];

	snprintf(line, sizeof(line), "%c %#llx %s  %s  %s", sign,
		 (unsigned long long)holder->pfn * t->map.page_size,
		 map_size(size, holder->count * t->map.page_size), map_owner(owner, holder),
		 holder->what);
	addnstr(line, COLS);
}

/* The holder of a page, for a cell that is not a known buffer's. */
static const struct cma_holder *other_holder(const struct term *t, uint64_t from, uint64_t to)
{
	uint64_t base = t->map.area->map.area.base_pfn;

	for (size_t i = 0; i < t->map.other_count; i++) {
		const struct cma_holder *holder = &t->map.area->holders[t->map.others[i]];

		if (holder->pfn - base < to && holder->pfn + holder->count - base > from)
			return holder;
	}
	return NULL;
}

static void draw_cursor(const struct term *t, int line)
{
	struct map_cell cell = map_cell(&t->map, t->cursor, t->cursor + t->cell);
	const struct cma_holder *holder = cell.owner ? map_area_buffer(&t->map, cell.owner - 1) :
					  other_holder(t, t->cursor, t->cursor + t->cell);
	uint64_t pfn = t->map.area->map.area.base_pfn + t->cursor;
	char size[24];

	move(line, 0);
	print(line, "cursor: page frame %#llx, +%s:", (unsigned long long)pfn,
	      map_size(size, t->cursor * t->map.page_size));
	for (enum cma_page kind = 0; kind < CMA_PAGE_KINDS; kind++)
		if (cell.counts[kind])
			print(line, " %llu %s", (unsigned long long)cell.counts[kind],
			      cma_page_name(kind));
	move(line + 1, 0);
	if (holder)
		draw_holder(t, map_sign(&cell), holder);
}

/* Break a sentence between words. Return: the line behind it. */
static int put_wrapped(int line, const char *text)
{
	while (*text && line < LINES) {
		int size = (int)strlen(text), cut = COLS;

		if (size > COLS) {
			while (cut > 0 && text[cut] != ' ')
				cut--;
			size = cut ? cut : COLS;
		}
		mvaddnstr(line++, 0, text, size);
		text += size;
		text += strspn(text, " ");
	}
	return line;
}

static void draw_help(const struct term *t)
{
	static const char *const lines[] = {
		"arrows, Page Up/Down, Home, End: move",
		"+ and -, mouse wheel: zoom in and out",
		"Tab: next area",
		"q: end; any other key goes back",
		"",
		"A letter is a buffer, listed below the map; ':' has some allocated pages.",
		"'!' has pages that cannot be moved now; '+' borrowed ones can.",
	};
	int line = 0;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		line = *lines[i] ? put_wrapped(line, lines[i]) : line + 1;
	line++;
	if (t->snapshot.missing_count)
		line = put_wrapped(line, "Not known:");
	for (size_t i = 0; i < t->snapshot.missing_count; i++)
		line = put_wrapped(line, t->snapshot.missing[i]);
}

static void draw(struct term *t)
{
	uint64_t row = t->columns * t->cell, left = (t->map.pages - t->top + row - 1) / row;
	int line = HEADER + (int)(left < t->rows ? left : t->rows);

	erase();
	if (t->help) {
		draw_help(t);
	} else {
		draw_header(t);
		draw_cells(t);
		draw_legend(t, line++);
		for (int i = 0; i < t->list; i++) {
			move(line++, 0);
			draw_holder(t, map_letter((size_t)i), map_area_buffer(&t->map, (size_t)i));
		}
		draw_cursor(t, line);
	}
	refresh();
}

/* Move the cursor by cells, not beyond the ends. */
static void step(struct term *t, int64_t cells)
{
	uint64_t distance = (uint64_t)(cells < 0 ? -cells : cells) * t->cell;

	if (cells < 0)
		t->cursor = t->cursor > distance ? t->cursor - distance : 0;
	else
		t->cursor += distance;
}

static void zoom(struct term *t, bool in)
{
	if (in && t->cell > 1)
		t->cell /= 2;
	if (!in && t->cell < fitting_cell(t))
		t->cell *= 2;
	/* What is looked at stays in the middle. */
	t->top = t->cursor > t->cell * t->columns * t->rows / 2 ?
		 t->cursor - t->cell * t->columns * t->rows / 2 : 0;
	if (t->cell == fitting_cell(t))
		t->top = 0;
}

static void click(struct term *t)
{
	MEVENT event;
	uint64_t i;

	if (getmouse(&event) != OK)
		return;
	if (event.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED))
		zoom(t, event.bstate & BUTTON4_PRESSED);
	if (event.y < HEADER || event.x < ADDRESS ||
	    (uint64_t)(event.y - HEADER) >= t->rows || (uint64_t)(event.x - ADDRESS) >= t->columns)
		return;
	i = (uint64_t)(event.y - HEADER) * t->columns + (uint64_t)(event.x - ADDRESS);
	if (t->top + i * t->cell < t->map.pages)
		t->cursor = t->top + i * t->cell;
}

/* Keys that move, and how far: in screens, rows and cells. */
static const struct {
	int key;
	int screens;
	int rows;
	int cells;
} moves[] = {
	{ KEY_LEFT, 0, 0, -1 }, { KEY_RIGHT, 0, 0, 1 }, { KEY_UP, 0, -1, 0 }, { KEY_DOWN, 0, 1, 0 },
	{ KEY_PPAGE, -1, 0, 0 }, { KEY_NPAGE, 1, 0, 0 }, { KEY_HOME, INT32_MIN, 0, 0 },
	{ KEY_END, INT32_MAX, 0, 0 },
};

static void next_area(struct term *t)
{
	for (size_t n = 0; n < t->snapshot.area_count; n++) {
		t->index = (t->index + 1) % t->snapshot.area_count;
		if (t->snapshot.areas[t->index].map_known)
			break;
	}
	t->cell = 0;
	t->top = 0;
	t->cursor = 0;
}

/* Return: whether to look anew at once. */
static bool handle(struct term *t, int key)
{
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		if (moves[i].key == key)
			step(t, (moves[i].screens * (int64_t)t->rows + moves[i].rows) *
			     (int64_t)t->columns + moves[i].cells);
	if (key == '+' || key == '=' || key == '-')
		zoom(t, key != '-');
	else if (key == KEY_MOUSE)
		click(t);
	else if (key == '\t')
		next_area(t);
	else if (key == CONTROL_L)
		clearok(stdscr, TRUE);
	t->help = key == '?' || (t->help && key == KEY_RESIZE);
	return key == '\t';
}

static int run(struct term *t)
{
	int status = EXIT_OK, key = ERR;

	timeout((int)(t->view->seconds * 1000));
	do {
		if (key == ERR || handle(t, key))
			status = look(t);
		if (status)
			break;
		lay_out(t);
		follow(t);
		draw(t);
		key = getch();
	} while (key != 'q');
	return status;
}

static SCREEN *begin(void)
{
	SCREEN *screen = newterm(NULL, stdout, stdin);

	if (!screen)
		return NULL;
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(0);
	if (has_colors()) {
		start_color();
		for (short i = 0; i < CMA_PAGE_KINDS + BUFFER_PAIRS; i++)
			init_pair((short)(i + 1), pairs[i].ink, pairs[i].ground);
	}
	return screen;
}

/* Begin with the area that was asked for, else with the first of which something is known. */
static int choose(struct term *t)
{
	int ret = cma_snapshot_take(t->view->root, CMA_LOOK_PAGES, &t->snapshot);

	if (ret) {
		message("%s/proc/meminfo: %s", t->view->root, strerror(-ret));
		return EXIT_ENVIRONMENT;
	}
	for (; t->index < t->snapshot.area_count; t->index++)
		if (t->view->area ?
		    cma_area_is(&t->snapshot.areas[t->index].map.area, t->view->area) :
		    t->snapshot.areas[t->index].map_known)
			break;
	if (t->index < t->snapshot.area_count && t->snapshot.areas[t->index].map_known)
		return EXIT_OK;
	if (t->view->area && t->index == t->snapshot.area_count)
		message("no area is called \"%s\"", t->view->area);
	map_text(stdout, &t->snapshot, t->view->area);
	map_text_missing(stdout, &t->snapshot);
	return EXIT_ENVIRONMENT;
}

int map_term(const struct map_view *view)
{
	struct term t = { .view = view };
	int status = choose(&t);
	SCREEN *screen;

	if (!status) {
		screen = begin();
		if (screen) {
			status = run(&t);
			endwin();
			delscreen(screen);
			if (status)
				message("the area cannot be read any more");
		} else {
			message("the terminal (TERM) is not known: use --text");
			status = EXIT_ENVIRONMENT;
		}
	}
	map_area_end(&t.map);
	cma_snapshot_end(&t.snapshot);
	return status;
}
