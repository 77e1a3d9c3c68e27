// SPDX-License-Identifier: MIT
/* The static part of the picture. Drawn once, so cairo's cost does not matter. */
#include <cairo.h>
#include <errno.h>
#include <string.h>

#include "flip/picture.h"

struct colour {
	double r, g, b;
};

static const struct colour top = { 0.055, 0.075, 0.145 };
static const struct colour bottom = { 0.110, 0.165, 0.300 };
static const struct colour bright = { 0.95, 0.96, 0.98 };
static const struct colour dim = { 0.62, 0.69, 0.80 };
static const struct colour accent = { 0.0, 0.76, 0.66 };

/* 75 % bars in the order of SMPTE EG 1, black last. */
static const struct colour bars[] = {
	{ .75, .75, .75 }, { .75, .75, 0 }, { 0, .75, .75 }, { 0, .75, 0 },
	{ .75, 0, .75 }, { .75, 0, 0 }, { 0, 0, .75 }, { 0, 0, 0 },
};

#define GREY_STEPS	16

static void set(cairo_t *cr, const struct colour *c)
{
	cairo_set_source_rgb(cr, c->r, c->g, c->b);
}

static void rectangle(cairo_t *cr, double x, double y, double w, double h)
{
	cairo_rectangle(cr, x, y, w, h);
	cairo_fill(cr);
}

/* Text with its baseline at y; right-aligned when x is negative: so far from the right edge. */
static void text(cairo_t *cr, const struct picture *p, double x, double y, double size,
		 const char *string)
{
	cairo_text_extents_t e;

	cairo_set_font_size(cr, size);
	cairo_text_extents(cr, string, &e);
	if (x < 0)
		x = p->w + x - e.x_advance;
	cairo_move_to(cr, x, y);
	cairo_show_text(cr, string);
}

static void draw_background(cairo_t *cr, const struct picture *p)
{
	cairo_pattern_t *gradient = cairo_pattern_create_linear(0, 0, 0, p->h);

	cairo_pattern_add_color_stop_rgb(gradient, 0, top.r, top.g, top.b);
	cairo_pattern_add_color_stop_rgb(gradient, 1, bottom.r, bottom.g, bottom.b);
	cairo_set_source(cr, gradient);
	cairo_paint(cr);
	cairo_pattern_destroy(gradient);
}

static void draw_runs(cairo_t *cr, const struct picture *p)
{
	unsigned int n = sizeof(bars) / sizeof(bars[0]);

	/* Whole pixels: neighbouring colours must not mix. */
	cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
	for (unsigned int r = 0; r < p->num_runs; r++) {
		const struct picture_run *run = &p->run[r];

		for (unsigned int i = 0; i < n && run->kind == PICTURE_BARS; i++) {
			set(cr, &bars[i]);
			rectangle(cr, p->w * i / n, run->y, p->w * (i + 1) / n - p->w * i / n,
				  run->lines);
		}
		for (unsigned int i = 0; i < GREY_STEPS && run->kind == PICTURE_RAMP; i++) {
			double grey = (double)i / (GREY_STEPS - 1);
			uint32_t x = p->w * i / GREY_STEPS, end = p->w * (i + 1) / GREY_STEPS;

			cairo_set_source_rgb(cr, grey, grey, grey);
			rectangle(cr, x, run->y, end - x, run->lines);
		}
	}
	cairo_set_antialias(cr, CAIRO_ANTIALIAS_DEFAULT);
}

static void draw_texts(cairo_t *cr, const struct picture *p, const struct picture_info *info)
{
	double unit = p->h / 54.0 < p->w / 80.0 ? p->h / 54.0 : p->w / 80.0;
	double left = p->digits_x, right = -(double)p->digits_x;
	double foot = p->h - p->h / 60 - p->h * 7 / 54;
	double label = p->dots_y - 0.6 * unit;

	cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
			       CAIRO_FONT_WEIGHT_BOLD);
	set(cr, &bright);
	text(cr, p, left, p->h / 60 + 4.6 * unit, 4 * unit, "VDC");
	cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
			       CAIRO_FONT_WEIGHT_NORMAL);
	set(cr, &accent);
	text(cr, p, left, p->h / 60 + 7 * unit, 1.5 * unit, "virtual display controller");
	set(cr, &bright);
	text(cr, p, right, p->h / 60 + 3.6 * unit, 2 * unit, info->output);
	set(cr, &dim);
	text(cr, p, right, p->h / 60 + 6 * unit, 1.3 * unit, info->device);
	text(cr, p, left, label, 1.2 * unit, "FRAME");
	text(cr, p, p->lamps_x, label, 1.2 * unit, "BUFFER");
	set(cr, &bright);
	text(cr, p, left, foot + 3 * unit, 1.5 * unit, info->setup);
	set(cr, &dim);
	text(cr, p, left, foot + 5.4 * unit, 1.3 * unit, info->host);
	text(cr, p, right, foot + 5.4 * unit, 1.3 * unit,
	     "top edge = bottom edge: not torn");
}

int picture_still_draw(struct picture *p, const struct picture_info *info)
{
	int stride = cairo_format_stride_for_width(CAIRO_FORMAT_RGB24, (int)p->w);
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)p->w,
							      (int)p->h);
	cairo_t *cr = cairo_create(surface);
	const uint8_t *from;
	int ret = 0;

	draw_background(cr, p);
	draw_runs(cr, p);
	draw_texts(cr, p, info);
	cairo_surface_flush(surface);
	from = cairo_image_surface_get_data(surface);
	if (cairo_status(cr) || !from)
		ret = -ENOMEM;
	for (uint32_t y = 0; !ret && y < p->h; y++)
		memcpy(p->still + (size_t)y * p->w, from + (size_t)y * (size_t)stride,
		       p->w * sizeof(uint32_t));
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return ret;
}
