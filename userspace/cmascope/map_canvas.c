// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cmascope/map_area.h"
#include "cmascope/map_canvas.h"

#define STRIPE		6.0	/* distance of stripes */
#define MAX_TEXT	512

const struct canvas_font canvas_title = { 20, true, false, 0x1a1a1a };
const struct canvas_font canvas_heading = { 15, true, false, 0x1a1a1a };
const struct canvas_font canvas_body = { 12.5, false, false, 0x1a1a1a };
const struct canvas_font canvas_small = { 11, false, false, 0x555555 };
const struct canvas_font canvas_number = { 11.5, false, true, 0x1a1a1a };

/* Two blues in turn; both are told from all kinds of pages. */
static const struct {
	uint32_t rgb;
	uint32_t ink;
} buffer_colours[] = {
	{ 0x0072b2, 0xffffff },
	{ 0x56b4e9, 0x000000 },
};

#define BUFFER_COLOURS	(sizeof(buffer_colours) / sizeof(buffer_colours[0]))

void canvas_colour(cairo_t *cr, uint32_t rgb)
{
	cairo_set_source_rgb(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
			     (rgb & 255) / 255.0);
}

static void set_font(cairo_t *cr, const struct canvas_font *font)
{
	cairo_select_font_face(cr, font->fixed ? "monospace" : "sans-serif",
			       CAIRO_FONT_SLANT_NORMAL,
			       font->bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(cr, font->size);
	canvas_colour(cr, font->rgb);
}

double canvas_text_width(cairo_t *cr, const struct canvas_font *font, const char *text)
{
	cairo_text_extents_t extents;

	set_font(cr, font);
	cairo_text_extents(cr, text, &extents);
	return extents.x_advance;
}

/* Names of processes are bytes of any kind, and cairo stops at what is not UTF-8. */
static const char *readable(char copy[MAX_TEXT], const char *text)
{
	size_t i = 0;

	for (; text[i] && i < MAX_TEXT - 1; i++)
		copy[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	copy[i] = '\0';
	return copy;
}

double canvas_text(cairo_t *cr, const struct canvas_font *font, double x, double y,
		   const char *text)
{
	char copy[MAX_TEXT];
	double width;

	readable(copy, text);
	width = canvas_text_width(cr, font, copy);
	cairo_move_to(cr, x, y);
	cairo_show_text(cr, copy);
	return width;
}

void canvas_text_right(cairo_t *cr, const struct canvas_font *font, double x, double y,
		       const char *text)
{
	canvas_text(cr, font, x - canvas_text_width(cr, font, text), y, text);
}

void canvas_text_fit(cairo_t *cr, const struct canvas_font *font, double x, double y, double width,
		     const char *text)
{
	char copy[MAX_TEXT];
	size_t length;

	length = strlen(readable(copy, text));
	while (length > 3 && canvas_text_width(cr, font, copy) > width)
		memcpy(copy + --length - 3, "...", 4);
	canvas_text(cr, font, x, y, copy);
}

void canvas_paragraph(struct canvas *canvas, const struct canvas_font *font, double width,
		      const char *text)
{
	char line[MAX_TEXT];

	while (*text) {
		size_t length;

		readable(line, text);
		length = strlen(line);
		while (canvas_text_width(canvas->cr, font, line) > width && strrchr(line, ' ')) {
			length = (size_t)(strrchr(line, ' ') - line);
			line[length] = '\0';
		}
		canvas_text(canvas->cr, font, CANVAS_MARGIN, canvas->y + 11, line);
		canvas->y += CANVAS_LINE;
		text += length;
		text += *text == ' ';
	}
}

static void stripes(cairo_t *cr, double x, double y, double width, double height)
{
	cairo_save(cr);
	cairo_rectangle(cr, x, y, width, height);
	cairo_clip(cr);
	cairo_set_line_width(cr, 1.2);
	/* They lie the same way wherever the rectangle begins. */
	for (double d = x - height - (double)((int)(x - height) % (int)STRIPE); d < x + width;
	     d += STRIPE) {
		cairo_move_to(cr, d, y + height);
		cairo_line_to(cr, d + height, y);
	}
	canvas_colour(cr, 0x1a1a1a);
	cairo_stroke(cr);
	cairo_restore(cr);
}

void canvas_kind(cairo_t *cr, enum cma_page kind, double x, double y, double width, double height)
{
	canvas_colour(cr, map_kinds[kind].rgb);
	cairo_rectangle(cr, x, y, width, height);
	cairo_fill(cr);
	if (kind == CMA_PAGE_PINNED && width >= STRIPE)
		stripes(cr, x, y, width, height);
}

void canvas_buffer(cairo_t *cr, size_t buffer, double x, double y, double width, double height)
{
	canvas_colour(cr, buffer_colours[buffer % BUFFER_COLOURS].rgb);
	cairo_rectangle(cr, x, y, width, height);
	cairo_fill(cr);
}

uint32_t canvas_buffer_ink(size_t buffer)
{
	return buffer_colours[buffer % BUFFER_COLOURS].ink;
}
