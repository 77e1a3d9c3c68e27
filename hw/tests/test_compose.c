// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * Frames composed by hand, as tools do it: formats, blending, order, rounding.
 * The reference is picture.c, which computes in double precision.
 */
#include <stdlib.h>

#include "check.h"
#include "picture.h"
#include "vdc_frame.h"

/* A frame with its memory in exact sizes, so that ASan sees what goes beyond. */
static struct vdc_frame *frame_new(uint32_t w, uint32_t h)
{
	struct vdc_frame *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->w = w;
	f->h = h;
	f->flags = VDC_FRAME_CRC | VDC_FRAME_DISPLAY;
	f->pixels = malloc((size_t)w * h * 4);
	f->scratch = malloc(VDC_SCRATCH_BYTES(w));
	return f;
}

static void frame_free(struct vdc_frame *f)
{
	free(f->pixels);
	free(f->scratch);
	free(f);
}

static struct vdc_frame_layer *add(struct vdc_frame *f, uint32_t format, uint32_t blend,
				   void *data, uint32_t pitch)
{
	struct vdc_frame_layer *l = &f->layer[f->num_layers++];

	*l = (struct vdc_frame_layer){ .format = format, .blend = blend, .w = f->w, .h = f->h,
				       .data = data, .pitch = pitch };
	return l;
}

static void place(struct vdc_frame_layer *l, uint32_t x, uint32_t y, uint32_t w, uint32_t h)
{
	l->x = x;
	l->y = y;
	l->w = w;
	l->h = h;
}

/* The CRC is that of the pixels, however the frame was computed. */
static void check_crc(const struct vdc_frame *f, const char *name)
{
	struct picture p = { f->w, f->h, malloc((size_t)f->w * f->h * 4) };
	uint32_t i;

	for (i = 0; i < f->w * f->h; i++) {
		check_case(f->pixels[i] >> 24 == 0xff, name, "X of pixel %u", i);
		p.px[i] = f->pixels[i] & 0xffffff;
	}
	check_case(f->crc == picture_crc(&p), name, "CRC %08x", f->crc);
	free(p.px);
}

/* Values of one component that reach each code of the format, others mixed in. */
static void every_code_of_each_format_unpacks_right(void **state)
{
	static const char * const names[VDC_NUM_FORMATS] = {
		"XRGB8888", "ARGB8888", "XBGR8888", "RGB565", "XRGB2101010",
	};
	uint32_t format, i;

	(void)state;
	for (format = 0; format < VDC_NUM_FORMATS; format++) {
		uint32_t bpp = vdc_format_bpp(format), n = 1024;
		struct vdc_frame *f = frame_new(n, 1);
		uint8_t *data = malloc((size_t)n * bpp);

		/* Twice: as a lone layer, and over another one so that no short cut is taken. */
		assert_int_equal(bpp, format == VDC_FORMAT_RGB565 ? 2 : 4);
		for (i = 0; i < n; i++) {
			uint32_t c = i & 0xff;
			uint32_t v = format == VDC_FORMAT_XRGB2101010 ?
				     i | (1023 - i) << 10 | (i ^ 0x155) << 20 | i << 30 :
				     format == VDC_FORMAT_RGB565 ?
				     (i & 31) | (i & 63) << 5 | (31 - (i & 31)) << 11 :
				     c | (255 - c) << 8 | (c ^ 0x55) << 16 | i << 24;

			memcpy(data + i * bpp, &v, bpp);
		}
		add(f, format, VDC_BLEND_NONE, data, n * bpp);
		do {
			vdc_frame_compose(f);
			for (i = 0; i < n; i++) {
				uint32_t v = 0;

				memcpy(&v, data + i * bpp, bpp);
				check_case((f->pixels[i] & 0xffffff) ==
					   colour_rgb(colour_of(format, v)), names[format],
					   "%08x gives %08x", v, f->pixels[i]);
			}
			check_crc(f, names[format]);
			place(add(f, format, VDC_BLEND_NONE, data, n * bpp), 0, 0, 1, 1);
		} while (f->num_layers < 3);
		free(data);
		frame_free(f);
	}
}

static void no_format_has_no_size(void **state)
{
	(void)state;
	assert_int_equal(vdc_format_bpp(VDC_NUM_FORMATS), 0);
	assert_int_equal(vdc_format_bpp(0xff), 0);
	assert_int_equal(vdc_format_bpp(~0U), 0);
}

static void background_is_rounded(void **state)
{
	struct vdc_frame *f = frame_new(1, 1);
	uint32_t i;

	(void)state;
	for (i = 0; i < 1024; i++) {
		uint32_t v = i << 20 | (1023 - i) << 10 | (i ^ 0x2aa);

		f->background = v;
		vdc_frame_compose(f);
		check_case((f->pixels[0] & 0xffffff) ==
			   colour_rgb(colour_of(VDC_FORMAT_XRGB2101010, v)), "background",
			   "%08x gives %08x", v, f->pixels[0]);
	}
	frame_free(f);
}

/* Rounding moves a component by half a step; eight layers in 16 bits, by a little more. */
static bool close_to(uint32_t px, struct colour c)
{
	double d[3] = { c.r * 255 - (px >> 16 & 0xff), c.g * 255 - (px >> 8 & 0xff),
			c.b * 255 - (px & 0xff) };
	int i;

	for (i = 0; i < 3; i++)
		if (d[i] > 0.52 || d[i] < -0.52)
			return false;
	return true;
}

static uint32_t random32(void)
{
	return (uint32_t)rand() << 17 ^ (uint32_t)rand() << 5 ^ (uint32_t)rand();
}

/* All 65536 pairs of alpha and a component, over several grounds. */
static void premultiplied_blend_is_exact(void **state)
{
	static const uint32_t grounds[] = { 0, 0x3fffffff, 0x15555555, 0x2aa15634, 0x00100401 };
	struct vdc_frame *f = frame_new(256, 256);
	uint32_t *data = malloc(256 * 256 * 4);
	uint32_t g, a, c;

	(void)state;
	add(f, VDC_FORMAT_ARGB8888, VDC_BLEND_PREMULTI, data, 1024);
	for (a = 0; a < 256; a++)
		for (c = 0; c < 256; c++)
			data[a * 256 + c] = a << 24 | c << 16 | (255 - c) << 8 | (c * a / 255);
	for (g = 0; g < ARRAY_SIZE(grounds); g++) {
		f->background = grounds[g];
		vdc_frame_compose(f);
		for (a = 0; a < 256 * 256; a++) {
			struct colour want =
				colour_over(colour_of(VDC_FORMAT_ARGB8888, data[a]),
					    colour_of(VDC_FORMAT_XRGB2101010, grounds[g]));

			check_case(close_to(f->pixels[a], want), "blend",
				   "%08x over %08x gives %08x", data[a], grounds[g], f->pixels[a]);
		}
		check_crc(f, "blend");
	}
	free(data);
	frame_free(f);
}

static void transparent_and_opaque_are_identities(void **state)
{
	struct vdc_frame *f = frame_new(300, 1);
	uint32_t *below = malloc(300 * 4), *above = malloc(300 * 4);
	uint32_t i;

	(void)state;
	for (i = 0; i < 300; i++) {
		below[i] = picture_pattern(1, i, 0);
		above[i] = i & 1 ? 0 : picture_pattern(2, i, 0) | 0xff000000;
	}
	add(f, VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, below, 1200);
	add(f, VDC_FORMAT_ARGB8888, VDC_BLEND_PREMULTI, above, 1200);
	vdc_frame_compose(f);
	for (i = 0; i < 300; i++)
		assert_int_equal(f->pixels[i] & 0xffffff, (i & 1 ? below : above)[i] & 0xffffff);
	check_crc(f, "identities");
	free(below);
	free(above);
	frame_free(f);
}

/* Formats without alpha are opaque whatever the blend; BLEND_NONE ignores an alpha. */
static void alpha_counts_only_where_it_is(void **state)
{
	static const struct {
		uint32_t format, blend, value, want;
	} cases[] = {
		{ VDC_FORMAT_XRGB8888, VDC_BLEND_PREMULTI, 0x00112233, 0x112233 },
		{ VDC_FORMAT_XBGR8888, VDC_BLEND_PREMULTI, 0x00112233, 0x332211 },
		{ VDC_FORMAT_XRGB2101010, VDC_BLEND_PREMULTI, 0x00000000, 0x000000 },
		{ VDC_FORMAT_RGB565, VDC_BLEND_PREMULTI, 0xf800, 0xff0000 },
		{ VDC_FORMAT_ARGB8888, VDC_BLEND_NONE, 0x00112233, 0x112233 },
		{ VDC_FORMAT_ARGB8888, VDC_BLEND_NONE, 0x80112233, 0x112233 },
		{ VDC_FORMAT_ARGB8888, VDC_BLEND_PREMULTI, 0x00000000, 0xffffff },
	};
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct vdc_frame *f = frame_new(1, 1);
		uint32_t value = cases[i].value;

		f->background = 0x3fffffff;
		add(f, cases[i].format, cases[i].blend, &value, 4);
		vdc_frame_compose(f);
		check_case((f->pixels[0] & 0xffffff) == cases[i].want, "alpha",
			   "case %u: %08x", i, f->pixels[0]);
		check_crc(f, "alpha");
		frame_free(f);
	}
}

/* Random stacks of layers against the reference. */
static void stacks_blend_bottom_to_top(void **state)
{
	uint32_t round, i, x, y;

	(void)state;
	srand(3);
	for (round = 0; round < 300; round++) {
		uint32_t w = 1 + rand() % 300, h = 1 + rand() % 6;
		struct vdc_frame *f = frame_new(w, h);
		struct colour *ref = malloc(sizeof(*ref) * w * h);
		uint8_t *data[VDC_MAX_LAYERS];
		uint32_t n = (uint32_t)rand() % (VDC_MAX_LAYERS + 1);

		f->background = random32() & 0x3fffffff;
		for (i = 0; i < w * h; i++)
			ref[i] = colour_of(VDC_FORMAT_XRGB2101010, f->background);
		for (i = 0; i < n; i++) {
			uint32_t format = (uint32_t)rand() % VDC_NUM_FORMATS;
			uint32_t lx = (uint32_t)rand() % w, ly = (uint32_t)rand() % h;
			uint32_t lw = 1 + (uint32_t)rand() % (w - lx);
			uint32_t lh = 1 + (uint32_t)rand() % (h - ly);
			uint32_t bpp = vdc_format_bpp(format), pitch;
			bool blend = rand() & 1;

			if (rand() % 3 == 0) {
				lx = 0;
				lw = w;
			}
			pitch = lw * bpp + 8 * (uint32_t)(rand() % 2);
			data[i] = malloc((size_t)pitch * (lh - 1) + lw * bpp);
			picture_store(data[i], pitch, bpp, lw, lh, round * 8 + i);
			place(add(f, format, blend ? VDC_BLEND_PREMULTI : VDC_BLEND_NONE, data[i],
				  pitch), lx, ly, lw, lh);
			for (y = 0; y < lh; y++)
				for (x = 0; x < lw; x++) {
					struct colour *d = &ref[(ly + y) * w + lx + x];
					struct colour s = colour_of(format,
						picture_pattern(round * 8 + i, x, y));

					if (!blend)
						s.a = 1;
					*d = colour_over(s, *d);
				}
		}
		vdc_frame_compose(f);
		for (i = 0; i < w * h; i++)
			check_case(close_to(f->pixels[i], ref[i]), "stack",
				   "round %u pixel %u: %08x", round, i, f->pixels[i]);
		check_crc(f, "stack");
		for (i = 0; i < n; i++)
			free(data[i]);
		free(ref);
		frame_free(f);
	}
}

static void crc_alone_needs_no_pixels(void **state)
{
	uint32_t data[4 * 4], n;
	uint32_t want;

	(void)state;
	picture_store(data, 16, 4, 4, 4, 1);
	for (n = 0; n < 2; n++) {
		struct vdc_frame *f = frame_new(4, 4);

		add(f, VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, data, 16);
		if (n)
			place(add(f, VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, data, 16), 1, 1, 2, 2);
		vdc_frame_compose(f);
		want = f->crc;
		f->flags = VDC_FRAME_CRC;
		f->crc = 0;
		free(f->pixels);
		f->pixels = NULL;
		vdc_frame_compose(f);
		assert_int_equal(f->crc, want);
		frame_free(f);
	}
}

static void no_flags_no_work(void **state)
{
	struct vdc_frame f = { .w = 64, .h = 48, .num_layers = 0, .crc = 0x1234 };

	(void)state;
	vdc_frame_compose(&f);		/* no memory at all */
	assert_int_equal(f.crc, 0x1234);
}

static void composing_leaves_the_store_alone(void **state)
{
	struct vdc_frame *f = frame_new(16, 16);
	uint32_t a[256], b[256], copy_a[256], copy_b[256];

	(void)state;
	picture_store(a, 64, 4, 16, 16, 1);
	picture_store(b, 64, 4, 16, 16, 2);
	memcpy(copy_a, a, sizeof(a));
	memcpy(copy_b, b, sizeof(b));
	add(f, VDC_FORMAT_XRGB8888, VDC_BLEND_NONE, a, 64);
	add(f, VDC_FORMAT_ARGB8888, VDC_BLEND_PREMULTI, b, 64);
	vdc_frame_compose(f);
	f->num_layers = 1;
	vdc_frame_compose(f);
	assert_memory_equal(a, copy_a, sizeof(a));
	assert_memory_equal(b, copy_b, sizeof(b));
	frame_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_of_each_format_unpacks_right),
		cmocka_unit_test(no_format_has_no_size),
		cmocka_unit_test(background_is_rounded),
		cmocka_unit_test(premultiplied_blend_is_exact),
		cmocka_unit_test(transparent_and_opaque_are_identities),
		cmocka_unit_test(alpha_counts_only_where_it_is),
		cmocka_unit_test(stacks_blend_bottom_to_top),
		cmocka_unit_test(crc_alone_needs_no_pixels),
		cmocka_unit_test(no_flags_no_work),
		cmocka_unit_test(composing_leaves_the_store_alone),
	};

	return cmocka_run_group_tests_name("compose", tests, NULL, NULL);
}
