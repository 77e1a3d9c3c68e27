// SPDX-License-Identifier: MIT
/* Share of failed allocations over the size of the area, a line for each alignment and policy. */
#include <cairo-svg.h>
#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cmascope/replay.h"
#include "message.h"

#define WIDTH	900
#define HEIGHT	520
#define LEFT	70
#define RIGHT	(WIDTH - 30)
#define TOP	60
#define BOTTOM	(HEIGHT - 60)
#define TICKS	5

/* Okabe and Ito's colours, which colour-blind people can tell apart. */
static const double colours[][3] = {
	{ 0.00, 0.45, 0.70 }, { 0.84, 0.37, 0.00 }, { 0.00, 0.62, 0.45 }, { 0.80, 0.47, 0.65 },
	{ 0.90, 0.62, 0.00 }, { 0.34, 0.71, 0.91 },
};

/**
 * struct plot - a drawing
 * @cr: where to
 * @replay: what of
 * @least: size at the left, in MiB
 * @most: size at the right
 * @top: share at the top
 */
struct plot {
	cairo_t *cr;
	const struct replay *replay;
	double least;
	double most;
	double top;
};

static double x_of(const struct plot *p, double mib)
{
	return LEFT + (mib - p->least) / (p->most - p->least) * (RIGHT - LEFT);
}

static double y_of(const struct plot *p, double share)
{
	return BOTTOM - share / p->top * (BOTTOM - TOP);
}

static double share_of(const struct replay_row *row)
{
	const struct cma_replay_result *s = &row->result;

	return s->allocations ? (double)cma_replay_failures(s) / (double)s->allocations : 0;
}

static void set_colour(const struct plot *p, size_t line)
{
	const double *c = colours[line % (sizeof(colours) / sizeof(colours[0]))];
	const double dash[] = { 6, 4 };

	cairo_set_source_rgb(p->cr, c[0], c[1], c[2]);
	cairo_set_dash(p->cr, dash, line < sizeof(colours) / sizeof(colours[0]) ? 0 : 2, 0);
}

static void find_range(struct plot *p)
{
	const struct replay *r = p->replay;

	p->least = replay_mib(r, r->rows[0].pages);
	p->most = p->least;
	for (size_t i = 0; i < r->row_count; i++) {
		double mib = replay_mib(r, r->rows[i].pages);

		p->least = fmin(p->least, mib);
		p->most = fmax(p->most, mib);
		p->top = fmax(p->top, share_of(&r->rows[i]));
	}
	for (size_t i = 0; i < r->advice_count; i++)
		if (r->advice[i].pages)
			p->most = fmax(p->most, replay_mib(r, r->advice[i].pages));
	if (p->most <= p->least)
		p->most = p->least + 1;
	p->top = p->top > 0 ? p->top * 1.05 : 0.01;
}

/* @anchor: 0: begins at x, 0.5: its middle, 1: its end. */
static void draw_text(const struct plot *p, double x, double y, double anchor, const char *text)
{
	cairo_text_extents_t extents;

	cairo_text_extents(p->cr, text, &extents);
	cairo_move_to(p->cr, x - extents.width * anchor, y);
	cairo_show_text(p->cr, text);
}

static void draw_axes(const struct plot *p)
{
	char text[64];

	cairo_set_source_rgb(p->cr, 0, 0, 0);
	cairo_set_line_width(p->cr, 1);
	cairo_rectangle(p->cr, LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP);
	cairo_stroke(p->cr);
	for (int i = 0; i <= TICKS; i++) {
		double mib = p->least + (p->most - p->least) * i / TICKS;
		double share = p->top * i / TICKS;

		snprintf(text, sizeof(text), "%.4g", mib);
		draw_text(p, x_of(p, mib), BOTTOM + 18, 0.5, text);
		snprintf(text, sizeof(text), "%.3g%%", share * 100);
		draw_text(p, LEFT - 6, y_of(p, share) + 4, 1, text);
	}
	draw_text(p, (LEFT + RIGHT) / 2.0, BOTTOM + 42, 0.5, "size of CMA in MiB");
}

static void draw_title(const struct plot *p)
{
	const struct replay_options *o = &p->replay->options;
	char text[160];

	snprintf(text, sizeof(text), "Failed allocations: %.80s%s", o->workload ?
		 o->workload->name : o->trace, o->busy > 0 ? ", with busy pages" : "");
	cairo_set_font_size(p->cr, 16);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
	draw_text(p, LEFT, TOP - 30, 0, text);
	cairo_set_font_size(p->cr, 12);
}

/* Where ordinary memory starves. */
static void draw_limit(const struct plot *p)
{
	double limit = (double)p->replay->ordinary.limit / 1024, x;

	if (!p->replay->ordinary_known || limit >= p->most)
		return;
	x = x_of(p, fmax(limit, p->least));
	cairo_set_source_rgb(p->cr, 0.93, 0.86, 0.86);
	cairo_rectangle(p->cr, x, TOP, RIGHT - x, BOTTOM - TOP);
	cairo_fill(p->cr);
	cairo_set_source_rgb(p->cr, 0.5, 0, 0);
	draw_text(p, RIGHT - 6, BOTTOM - 8, 1, "ordinary memory starves");
}

/* What a line is, and what size is advised for it. */
static void draw_legend(const struct plot *p, size_t line, const struct replay_row *row)
{
	const struct replay *r = p->replay;
	char text[96];
	int length = snprintf(text, sizeof(text), "%s, align %s", cma_policy_name(row->policy),
			      replay_align_name(row->align));

	if (line < r->advice_count && r->advice[line].pages)
		snprintf(text + length, sizeof(text) - (size_t)length, ": %g MiB",
			 replay_mib(r, r->advice[line].pages));
	draw_text(p, RIGHT - 8, TOP + 18 + 16 * (double)line, 1, text);
}

/* Rows of one line follow each other, by size in the order of --size. */
static void draw_line(const struct plot *p, size_t line, size_t first, size_t count)
{
	const struct replay_row *rows = p->replay->rows + first;

	set_colour(p, line);
	cairo_set_line_width(p->cr, 2);
	cairo_new_path(p->cr);
	for (size_t i = 0; i < count; i++)
		cairo_line_to(p->cr, x_of(p, replay_mib(p->replay, rows[i].pages)),
			      y_of(p, share_of(&rows[i])));
	cairo_stroke(p->cr);
	cairo_set_dash(p->cr, NULL, 0, 0);
	for (size_t i = 0; i < count; i++) {
		cairo_arc(p->cr, x_of(p, replay_mib(p->replay, rows[i].pages)),
			  y_of(p, share_of(&rows[i])), 3, 0, 2 * M_PI);
		cairo_fill(p->cr);
	}
	draw_legend(p, line, rows);
}

static void draw_advice(const struct plot *p, size_t line)
{
	const struct replay_advice *a = &p->replay->advice[line];
	double x = x_of(p, replay_mib(p->replay, a->pages));

	if (!a->pages)
		return;
	set_colour(p, line);
	cairo_set_line_width(p->cr, 1);
	cairo_move_to(p->cr, x, TOP);
	cairo_line_to(p->cr, x, BOTTOM);
	cairo_stroke(p->cr);
}

static bool same_line(const struct replay *r, size_t a, size_t b)
{
	return r->rows[a].align == r->rows[b].align && r->rows[a].policy == r->rows[b].policy;
}

static void draw(const struct replay *replay, cairo_surface_t *surface)
{
	struct plot p = { .cr = cairo_create(surface), .replay = replay };
	size_t first = 0, next = 0;

	cairo_set_source_rgb(p.cr, 1, 1, 1);
	cairo_paint(p.cr);
	cairo_select_font_face(p.cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
			       CAIRO_FONT_WEIGHT_NORMAL);
	find_range(&p);
	draw_title(&p);
	draw_limit(&p);
	draw_axes(&p);
	for (size_t line = 0; first < replay->row_count; line++, first = next) {
		while (next < replay->row_count && same_line(replay, first, next))
			next++;
		draw_line(&p, line, first, next - first);
	}
	for (size_t line = 0; line < replay->advice_count; line++)
		draw_advice(&p, line);
	cairo_destroy(p.cr);
}

int replay_plot(const struct replay *replay, const char *path)
{
	const char *dot = strrchr(path, '.');
	bool png = dot && !strcmp(dot, ".png");
	cairo_surface_t *surface;
	cairo_status_t status;

	surface = png ? cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT) :
		cairo_svg_surface_create(path, WIDTH, HEIGHT);
	draw(replay, surface);
	status = png ? cairo_surface_write_to_png(surface, path) : CAIRO_STATUS_SUCCESS;
	cairo_surface_finish(surface);
	if (!status)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (status) {
		message("replay: cannot write %s: %s", path, cairo_status_to_string(status));
		return EXIT_ENVIRONMENT;
	}
	return EXIT_OK;
}
