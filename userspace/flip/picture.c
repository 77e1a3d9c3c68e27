// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flip/picture.h"

#define CODE_BITS	32
#define GLYPH_COLUMNS	5
#define GLYPH_LINES	7
#define LAMP_COLUMNS	5

#define COLOR_LIT	0x00ffd166u
#define COLOR_UNLIT	0x00262b3au
#define COLOR_CODE_0	0x00101420u
#define COLOR_CODE_1	0x0000c2a8u
#define COLOR_BAR	0x00ffffffu
#define COLOR_BAR_EDGE	0x00000000u

/* Ten digits of 5 by 7 dots; the most significant of five bits is the left one. */
static const uint8_t glyphs[10][GLYPH_LINES] = {
	{ 0x0e, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0e },
	{ 0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e },
	{ 0x0e, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1f },
	{ 0x0e, 0x11, 0x01, 0x06, 0x01, 0x11, 0x0e },
	{ 0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02 },
	{ 0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e },
	{ 0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e },
	{ 0x1f, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08 },
	{ 0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e },
	{ 0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c },
};

static void fill(uint32_t *line, uint32_t x, uint32_t n, uint32_t color)
{
	for (uint32_t i = 0; i < n; i++)
		line[x + i] = color;
}

static void add_run(struct picture *p, uint32_t y, uint32_t lines, enum picture_kind kind)
{
	p->run[p->num_runs++] = (struct picture_run){ y, lines, kind };
}

/*
 * From the top: code, title, frame number, colour bars, grey steps, text, code. In 54ths of the
 * height, except for the dots, which are square.
 */
static void layout(struct picture *p)
{
	uint32_t h = p->h, strip = h / 60, ramp = h * 4 / 54, text = h * 7 / 54;
	uint32_t title = h * 11 / 54, bars_y, ramp_y;

	p->unit = h / 66 < p->w / 96 ? h / 66 : p->w / 96;
	p->dot = p->unit - (p->unit > 3 ? p->unit / 6 + 1 : 0);
	p->dots_y = strip + title;
	p->digits_x = p->w / 24;
	p->lamps_x = p->w - p->w / 24 - p->buffers * (LAMP_COLUMNS + 1) * p->unit + p->unit;
	p->bar_w = p->w / 80 < 4 ? 4 : p->w / 80;
	bars_y = p->dots_y + GLYPH_LINES * p->unit + 2 * p->unit;
	ramp_y = h - strip - text - ramp;

	add_run(p, 0, strip, PICTURE_CODE);
	for (unsigned int i = 0; i < GLYPH_LINES; i++)
		add_run(p, p->dots_y + i * p->unit, p->dot, PICTURE_DOTS + i);
	add_run(p, bars_y, ramp_y - bars_y, PICTURE_BARS);
	add_run(p, ramp_y, ramp, PICTURE_RAMP);
	add_run(p, h - strip, strip, PICTURE_CODE);
}

/* A line of each kind comes from the first place where it is; all its places become alike. */
static int take_lines(struct picture *p)
{
	for (unsigned int i = 0; i < p->num_runs; i++) {
		const struct picture_run *r = &p->run[i];
		uint32_t *first = p->still + (size_t)r->y * p->w;

		if (!p->line[r->kind]) {
			p->line[r->kind] = malloc(p->w * sizeof(uint32_t));
			if (!p->line[r->kind])
				return -ENOMEM;
			memcpy(p->line[r->kind], first, p->w * sizeof(uint32_t));
		}
		for (uint32_t y = 0; y < r->lines; y++)
			memcpy(first + (size_t)y * p->w, p->line[r->kind],
			       p->w * sizeof(uint32_t));
	}
	return 0;
}

int picture_init(struct picture *p, uint32_t w, uint32_t h, const struct picture_info *info)
{
	int ret;

	memset(p, 0, sizeof(*p));
	if (w < PICTURE_MIN_WIDTH || h < PICTURE_MIN_HEIGHT || w > 16384 || h > 16384)
		return -EINVAL;
	p->w = w;
	p->h = h;
	p->buffers = info->buffers;
	layout(p);
	p->still = calloc((size_t)w * h, sizeof(uint32_t));
	p->line_crc = calloc(h, sizeof(uint32_t));
	ret = p->still && p->line_crc ? picture_still_draw(p, info) : -ENOMEM;
	if (!ret)
		ret = take_lines(p);
	if (ret) {
		picture_free(p);
		return ret;
	}
	vdc_crc_shift_init(&p->shift, (uint64_t)w * sizeof(uint32_t));
	for (uint32_t y = 0; y < h; y++)
		p->line_crc[y] = vdc_crc_pixels(0, p->still + (size_t)y * w, w);
	return 0;
}

void picture_free(struct picture *p)
{
	for (unsigned int i = 0; i < PICTURE_KINDS; i++)
		free(p->line[i]);
	free(p->line_crc);
	free(p->still);
	memset(p, 0, sizeof(*p));
}

static struct picture_scene make_scene(const struct picture *p, uint32_t frame, uint32_t buffer)
{
	struct picture_scene s = { .code = frame, .buffer = (uint8_t)buffer };
	uint32_t way = p->w - p->bar_w, step = p->w / 160, x = (uint32_t)
		((uint64_t)frame * step % (2 * way));

	/* There and back. */
	s.bar_x = x < way ? x : 2 * way - x;
	for (int i = PICTURE_DIGITS - 1; i >= 0; i--, frame /= 10)
		s.digit[i] = (uint8_t)(frame % 10);
	return s;
}

static void copy_damage(struct picture *p, struct picture_canvas *c, enum picture_kind kind,
			uint32_t x, uint32_t n)
{
	for (unsigned int i = 0; i < p->num_runs; i++) {
		const struct picture_run *r = &p->run[i];
		uint8_t *to = (uint8_t *)(c->pixels + x) + (size_t)r->y * c->pitch;

		if (r->kind != kind)
			continue;
		for (uint32_t y = 0; y < r->lines; y++, to += c->pitch)
			memcpy(to, p->line[kind] + x, n * sizeof(uint32_t));
	}
}

static uint32_t digit_x(const struct picture *p, unsigned int i)
{
	return p->digits_x + i * (GLYPH_COLUMNS + 1) * p->unit;
}

static uint32_t lamp_x(const struct picture *p, unsigned int i)
{
	return p->lamps_x + i * (LAMP_COLUMNS + 1) * p->unit;
}

static void draw_digit(struct picture *p, unsigned int i, uint8_t digit)
{
	for (unsigned int l = 0; l < GLYPH_LINES; l++)
		for (unsigned int c = 0; c < GLYPH_COLUMNS; c++)
			fill(p->line[PICTURE_DOTS + l], digit_x(p, i) + c * p->unit, p->dot,
			     glyphs[digit][l] & (0x10 >> c) ? COLOR_LIT : COLOR_UNLIT);
}

static void draw_lamp(struct picture *p, unsigned int i, bool lit)
{
	for (unsigned int l = 0; l < GLYPH_LINES; l++)
		for (unsigned int c = 0; c < LAMP_COLUMNS; c++)
			fill(p->line[PICTURE_DOTS + l], lamp_x(p, i) + c * p->unit, p->dot,
			     lit ? COLOR_LIT : COLOR_UNLIT);
}

static void draw_code(struct picture *p, unsigned int bit, bool set)
{
	uint32_t x = p->w * bit / CODE_BITS, end = p->w * (bit + 1) / CODE_BITS;

	fill(p->line[PICTURE_CODE], x, end - x - 1, set ? COLOR_CODE_1 : COLOR_CODE_0);
}

static void draw_bar(struct picture *p, uint32_t old_x, uint32_t new_x)
{
	static const enum picture_kind kinds[] = { PICTURE_BARS, PICTURE_RAMP };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		uint32_t *line = p->line[kinds[i]];
		const uint32_t *still = NULL;

		for (unsigned int r = 0; r < p->num_runs; r++)
			if (p->run[r].kind == kinds[i])
				still = p->still + (size_t)p->run[r].y * p->w;
		memcpy(line + old_x, still + old_x, p->bar_w * sizeof(uint32_t));
		fill(line, new_x, p->bar_w, COLOR_BAR_EDGE);
		fill(line, new_x + 1, p->bar_w - 2, COLOR_BAR);
	}
}

/* Bring the lines from the scene they show to another, and their CRCs. */
static void update_lines(struct picture *p, const struct picture_scene *s)
{
	const struct picture_scene *old = &p->scene;
	bool changed[PICTURE_KINDS] = { false };

	for (unsigned int i = 0; i < PICTURE_DIGITS; i++)
		if (!p->drawn || old->digit[i] != s->digit[i]) {
			draw_digit(p, i, s->digit[i]);
			changed[PICTURE_DOTS] = true;
		}
	for (unsigned int i = 0; i < p->buffers; i++)
		if (!p->drawn || old->buffer != s->buffer) {
			draw_lamp(p, i, i == s->buffer);
			changed[PICTURE_DOTS] = true;
		}
	for (unsigned int i = 0; i < CODE_BITS; i++)
		if (!p->drawn || (old->code ^ s->code) & (0x80000000u >> i)) {
			draw_code(p, i, s->code & (0x80000000u >> i));
			changed[PICTURE_CODE] = true;
		}
	if (!p->drawn || old->bar_x != s->bar_x) {
		draw_bar(p, old->bar_x, s->bar_x);
		changed[PICTURE_BARS] = true;
		changed[PICTURE_RAMP] = true;
	}
	for (unsigned int i = 1; i < GLYPH_LINES; i++)
		changed[PICTURE_DOTS + i] = changed[PICTURE_DOTS];
	p->scene = *s;
	p->drawn = true;

	for (unsigned int kind = 0; kind < PICTURE_KINDS; kind++) {
		uint32_t crc;

		if (!changed[kind])
			continue;
		crc = vdc_crc_pixels(0, p->line[kind], p->w);
		for (unsigned int i = 0; i < p->num_runs; i++)
			for (uint32_t y = 0; p->run[i].kind == kind && y < p->run[i].lines; y++)
				p->line_crc[p->run[i].y + y] = crc;
	}
}

/* Copy what differs between the canvas's scene and the lines. */
static void update_canvas(struct picture *p, struct picture_canvas *c)
{
	const struct picture_scene *s = &p->scene;
	uint32_t glyph_w = GLYPH_COLUMNS * p->unit;
	unsigned int l;

	for (unsigned int i = 0; i < CODE_BITS; i++) {
		uint32_t x = p->w * i / CODE_BITS, end = p->w * (i + 1) / CODE_BITS;

		if ((c->scene.code ^ s->code) & (0x80000000u >> i))
			copy_damage(p, c, PICTURE_CODE, x, end - x);
	}
	for (unsigned int i = 0; i < PICTURE_DIGITS; i++)
		for (l = 0; l < GLYPH_LINES && c->scene.digit[i] != s->digit[i]; l++)
			copy_damage(p, c, PICTURE_DOTS + l, digit_x(p, i), glyph_w);
	for (unsigned int i = 0; i < p->buffers; i++)
		for (l = 0; l < GLYPH_LINES && c->scene.buffer != s->buffer; l++)
			copy_damage(p, c, PICTURE_DOTS + l, lamp_x(p, i), LAMP_COLUMNS * p->unit);
	if (c->scene.bar_x != s->bar_x) {
		copy_damage(p, c, PICTURE_BARS, c->scene.bar_x, p->bar_w);
		copy_damage(p, c, PICTURE_RAMP, c->scene.bar_x, p->bar_w);
		copy_damage(p, c, PICTURE_BARS, s->bar_x, p->bar_w);
		copy_damage(p, c, PICTURE_RAMP, s->bar_x, p->bar_w);
	}
}

/* A buffer of unknown content: all of it. */
static void fill_canvas(struct picture *p, struct picture_canvas *c)
{
	for (uint32_t y = 0; y < p->h; y++)
		memcpy((uint8_t *)c->pixels + (size_t)y * c->pitch, p->still + (size_t)y * p->w,
		       p->w * sizeof(uint32_t));
	for (unsigned int kind = 0; kind < PICTURE_KINDS; kind++)
		copy_damage(p, c, kind, 0, p->w);
}

uint32_t picture_draw(struct picture *p, struct picture_canvas *canvas, uint32_t frame,
		      uint32_t buffer)
{
	struct picture_scene scene = make_scene(p, frame, buffer);
	uint32_t crc = 0;

	update_lines(p, &scene);
	if (canvas->drawn)
		update_canvas(p, canvas);
	else
		fill_canvas(p, canvas);
	canvas->scene = scene;
	canvas->drawn = true;
	for (uint32_t y = 0; y < p->h; y++)
		crc = vdc_crc_append(&p->shift, crc, p->line_crc[y]);
	return crc;
}
