/* SPDX-License-Identifier: MIT */
/* What the drawn map is made of: text, swatches, and how far down the page it is. */
#ifndef CMASCOPE_MAP_CANVAS_H
#define CMASCOPE_MAP_CANVAS_H

#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>

#include "cma/snapshot.h"

#define CANVAS_WIDTH	1120.0	/* of the page */
#define CANVAS_MARGIN	28.0
#define CANVAS_LINE	19.0

/* Text: size, weight, colour. */
struct canvas_font {
	double size;
	bool bold;
	bool fixed;
	uint32_t rgb;
};

extern const struct canvas_font canvas_title, canvas_heading, canvas_body, canvas_small;
extern const struct canvas_font canvas_number;

/**
 * struct canvas - a page that is drawn from the top down
 * @cr: where to
 * @y: what is above is drawn already
 */
struct canvas {
	cairo_t *cr;
	double y;
};

/** canvas_colour() - take a colour, 0xrrggbb */
void canvas_colour(cairo_t *cr, uint32_t rgb);

/** canvas_text() - write a line, its baseline at @y. Return: its width */
double canvas_text(cairo_t *cr, const struct canvas_font *font, double x, double y,
		   const char *text);

/** canvas_text_right() - the same, ending at @x */
void canvas_text_right(cairo_t *cr, const struct canvas_font *font, double x, double y,
		       const char *text);

/** canvas_text_fit() - the same, cut with dots where it is wider than @width */
void canvas_text_fit(cairo_t *cr, const struct canvas_font *font, double x, double y, double width,
		     const char *text);

/** canvas_text_width() - how wide it would be */
double canvas_text_width(cairo_t *cr, const struct canvas_font *font, const char *text);

/** canvas_paragraph() - write lines at the margin, broken between words at @width, and move on */
void canvas_paragraph(struct canvas *canvas, const struct canvas_font *font, double width,
		      const char *text);

/** canvas_kind() - fill a rectangle as a kind of page; pinned has stripes where there is room */
void canvas_kind(cairo_t *cr, enum cma_page kind, double x, double y, double width, double height);

/** canvas_buffer() - fill a rectangle as a buffer; neighbours differ */
void canvas_buffer(cairo_t *cr, size_t buffer, double x, double y, double width, double height);

/** canvas_buffer_ink() - colour of text that is read on a buffer */
uint32_t canvas_buffer_ink(size_t buffer);

#endif /* CMASCOPE_MAP_CANVAS_H */
