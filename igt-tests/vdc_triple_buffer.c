// SPDX-License-Identifier: MIT
/* Flips with one, two and three buffers: every scanned frame is compared with the one intended. */
#include <errno.h>
#include <time.h>
#include "igt_abi.h"
#include "vdc_crc.h"
#include "vdc_picture.h"
#include "vdc_frame.h"

IGT_TEST_DESCRIPTION("Order and integrity of frames, by the CRC of each scanned frame");

#define W	640
#define H	480
#define FRAMES	300
#define BODIES	4	/* pictures below the first line, in turn: neighbours always differ */
#define MAX_SCANNED	8192
#define MAX_EARLY	4

static struct kms_device dev;

/*
 * Frame k is a first line that holds its number, over one of a few bodies. Its CRC
 * comes from the line's and the body's, so that 300 predictions cost 300 lines.
 */
struct show {
	struct kms_screen screen;
	struct kms_fb fb[3];
	unsigned int num_fbs;
	struct kms_fb body[BODIES];
	uint32_t body_crc[BODIES];
	struct vdc_crc_shift shift;
	struct crc_reader crc;
	uint64_t shown_at[FRAMES];	/* vblank count of the first scan, by the flip event */
	unsigned int scanned;
	struct crc_entry entry[MAX_SCANNED];
	uint32_t underruns;		/* during all of this */
	unsigned int torn, repeated, seen, skipped, early;
	int last_seen;
};

static void first_line(uint32_t k, uint32_t line[W])
{
	for (uint32_t x = 0; x < W; x++)
		line[x] = (k * 2654435761U ^ x * 40503U) & 0xffffff;
}

static uint32_t predict(const struct show *s, uint32_t k)
{
	uint32_t line[W];

	first_line(k, line);
	return vdc_crc_append(&s->shift, vdc_crc(0, line, sizeof(line)), s->body_crc[k % BODIES]);
}

static void render(const struct show *s, struct kms_fb *fb, uint32_t k)
{
	uint32_t line[W];

	first_line(k, line);
	memcpy(fb->map, line, sizeof(line));
	memcpy(fb->map + fb->pitch, s->body[k % BODIES].image + fb->pitch, fb->pitch * (H - 1));
}

static const uint32_t *body_line(const struct show *s, uint32_t body, uint32_t y)
{
	return (uint32_t *)(s->body[body].image + (size_t)y * s->body[body].pitch);
}

static void show_start(struct show *s, unsigned int buffers)
{
	unsigned int i, y;

	memset(s, 0, sizeof(*s));
	s->num_fbs = buffers;
	s->last_seen = -1;
	kms_screen_init(&dev, &s->screen, 0, W, H);
	vdc_crc_shift_init(&s->shift, (uint64_t)W * 4 * (H - 1));
	for (i = 0; i < BODIES; i++) {
		kms_fb_create(&dev, &s->body[i], W, H, DRM_FORMAT_XRGB8888);
		igt_assert_eq(s->body[i].pitch, W * 4);
		picture_draw(&s->body[i], i);
		for (y = 1; y < H; y++)
			s->body_crc[i] = vdc_crc_pixels(s->body_crc[i], body_line(s, i, y), W);
	}
	for (i = 0; i < buffers; i++)
		kms_fb_create(&dev, &s->fb[i], W, H, DRM_FORMAT_XRGB8888);
	render(s, &s->fb[0], 0);
	kms_screen_add(&s->screen, s->screen.pipe->primary, &s->fb[0], 0, 0);
	kms_show(&dev, &s->screen);
	s->shown_at[0] = kms_sequence(&dev, s->screen.pipe, NULL);
	s->underruns = crc_underruns(&dev, s->screen.pipe);
	crc_open(&dev, s->screen.pipe, &s->crc);
}

static void show_end(struct show *s)
{
	unsigned int i;

	crc_close(&s->crc);
	kms_all_off(&dev);
	for (i = 0; i < BODIES; i++)
		kms_fb_destroy(&dev, &s->body[i]);
	for (i = 0; i < s->num_fbs; i++)
		kms_fb_destroy(&dev, &s->fb[i]);
}

/* Keep the CRCs that are there, after waiting @ms for the first. Return: last frame's number. */
static uint32_t take_crcs(struct show *s, int ms)
{
	while (s->scanned < MAX_SCANNED && crc_poll(&s->crc, &s->entry[s->scanned], ms)) {
		ms = 0;
		s->scanned += s->entry[s->scanned].frame >= s->shown_at[0];
	}
	return s->scanned ? s->entry[s->scanned - 1].frame : 0;
}

/* Wait for the CRC of the scanned frame @frame. */
static void take_crcs_until(struct show *s, uint64_t frame)
{
	unsigned int before;

	while (take_crcs(s, 0) < frame) {
		before = s->scanned;
		take_crcs(s, 10000);
		igt_assert_f(s->scanned > before, "CRCs stopped at %u\n", before);
	}
}

/*
 * Compare each scanned frame with what the flip events say was on screen then. An
 * interrupt that came late, on a busy machine, gave its event too high a number, so
 * that a frame is on screen early; an older one, or a mixture, there is no excuse for.
 */
static void judge(struct show *s)
{
	const struct crc_entry *e;
	uint32_t k = 0, shown = 0, i;

	for (e = s->entry; e < s->entry + s->scanned; e++) {
		if (e > s->entry)
			s->skipped += e->frame - e[-1].frame - 1;
		while (k + 1 < FRAMES && s->shown_at[k + 1] <= e->frame)
			k++;
		for (i = k; i < FRAMES && i < k + MAX_EARLY && e->crc != predict(s, i); i++)
			;
		if (i < FRAMES && e->crc == predict(s, i) && i >= shown) {
			s->early += i > k;
			s->seen += s->last_seen != (int)i;
			s->last_seen = i;
			shown = i;
			continue;
		}
		if (k && e->crc == predict(s, k - 1))
			s->repeated++;
		else
			s->torn++;
		igt_debug("vblank %u does not show frame %u\n", e->frame, k);
	}
}

/* Render ahead into whichever buffer is neither shown nor about to be; flip in order. */
static void flip_all(struct show *s)
{
	const struct kms_plane *plane = s->screen.pipe->primary;
	uint32_t next = 1, queued = 0, k = 0;
	struct kms_event event;
	int ret;

	while (k < FRAMES - 1) {
		/* @k is on screen, @queued is committed, frames up to @next - 1 are rendered. */
		if (next < FRAMES && next - k < s->num_fbs) {
			render(s, &s->fb[next % s->num_fbs], next);
			next++;
		}
		if (queued == k && queued + 1 < next) {
			ret = kms_flip(&dev, s->screen.pipe, plane,
				       &s->fb[(queued + 1) % s->num_fbs], queued + 1);
			igt_assert_f(!ret, "flip %u: %s\n", queued + 1, strerror(ret));
			queued++;
		}
		if (queued == k || (next < FRAMES && next - k < s->num_fbs))
			continue;
		kms_wait_event(&dev, &event);
		igt_assert_eq_u64(event.user, k + 1);
		k++;
		s->shown_at[k] = event.sequence;
		igt_assert_f(s->shown_at[k] > s->shown_at[k - 1],
			     "frames %u and %u came at vblanks %llu and %llu\n", k - 1, k,
			     (unsigned long long)s->shown_at[k - 1],
			     (unsigned long long)s->shown_at[k]);
		take_crcs(s, 0);
	}
	take_crcs_until(s, s->shown_at[k] + 1);
}

static void test_flips(unsigned int buffers)
{
	static struct show s;
	uint64_t span;

	show_start(&s, buffers);
	flip_all(&s);
	judge(&s);
	s.underruns = crc_underruns(&dev, s.screen.pipe) - s.underruns;
	span = s.shown_at[FRAMES - 1] - s.shown_at[0];
	igt_info("%u buffers: %d frames in %llu vblanks, %u scanned, %u not; %u underruns\n",
		 buffers, FRAMES, (unsigned long long)span, s.scanned, s.skipped, s.underruns);
	igt_info("%u torn, %u repeated, %u early\n", s.torn, s.repeated, s.early);
	show_end(&s);
	igt_assert_eq(s.torn, 0);
	igt_assert_eq(s.repeated, 0);
	/* CRCs start while frame 0 is on screen; each other frame was seen, unless not scanned. */
	igt_assert_lte_s64(s.skipped * CRC_BANDS, s.underruns);
	igt_assert_lte(FRAMES - 1, s.seen + s.skipped);
	igt_assert_f(!s.early || s.underruns, "%u events were late on an idle machine\n", s.early);
}

/* Drawing into the buffer on screen, half a frame after each vblank, must be caught as torn. */
static void test_one_buffer(void)
{
	static struct show s;
	struct timespec half;
	uint64_t sequence;
	uint32_t k;

	show_start(&s, 1);
	half = (struct timespec){ 0, kms_frame_ns(&s.screen.mode) / 2 };
	for (k = 1; k < FRAMES; k++) {
		sequence = kms_sequence(&dev, s.screen.pipe, NULL) + 1;
		kms_wait_sequence(&dev, s.screen.pipe, sequence);
		nanosleep(&half, NULL);
		render(&s, &s.fb[0], k);
		s.shown_at[k] = sequence + 1;	/* where it would be, had it waited */
		take_crcs(&s, 0);
	}
	take_crcs_until(&s, s.shown_at[FRAMES - 1]);
	judge(&s);
	igt_info("1 buffer: %u of %u scanned frames torn, %u repeated\n", s.torn, s.scanned,
		 s.repeated);
	show_end(&s);
	igt_assert_f(s.torn > FRAMES / 10, "only %u of %u frames were seen torn\n", s.torn,
		     s.scanned);
}

igt_main
{
	igt_fixture {
		kms_open(&dev, 0);
		kms_all_off(&dev);
	}

	igt_describe("Drawing into the one buffer that is on screen is detected as tearing.");
	igt_subtest("one-buffer-tears")
		test_one_buffer();

	igt_describe("300 frames with two buffers: none torn, lost or repeated, in order.");
	igt_subtest("two-buffers")
		test_flips(2);

	igt_describe("300 frames with three buffers: none torn, lost or repeated, in order.");
	igt_subtest("three-buffers")
		test_flips(3);

	igt_fixture
		kms_close(&dev);
}
