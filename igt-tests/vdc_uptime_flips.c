// SPDX-License-Identifier: MIT
/* A display client for one burst. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_crc.h"
#include "vdc_fence.h"
#include "vdc_frame.h"
#include "vdc_uptime_flips.h"
#include "vdc_uptime_pattern.h"

#define BUFFERS		3
#define EVENT_MS	10000	/* what the kernel gives a flip before it says "timed out" */
#define CRC_MS		10000
#define MAX_WIDTH	4096

/**
 * struct flips - the client
 * @counts: shared with its process
 * @halt: pipe: the process ends when there is something to read, or nobody left to write
 * @ended: pipe that nobody writes to: it is closed when the process has ended
 * @judge: of the frames
 */
struct flips {
	struct kms_device *dev;
	struct kms_screen screen;
	struct kms_fb fb[BUFFERS];
	uint32_t seed;
	uint32_t body_crc[BUFFERS];
	struct vdc_crc_shift shift;
	struct flip_counts *counts;
	int halt[2], ended[2];

	struct crc_reader crc;
	struct judge judge;
};

/* Frame k is a line of its own over the body that its buffer has for the whole burst. */
static void first_line(const struct flips *f, uint32_t k, uint32_t *line)
{
	pattern_words(line, 0, f->screen.mode.hdisplay, f->seed ^ ~k);
}

static uint32_t predict(const void *data, uint32_t k)
{
	const struct flips *f = data;
	uint32_t line[MAX_WIDTH];

	first_line(f, k, line);
	return vdc_crc_append(&f->shift, vdc_crc_pixels(0, line, f->screen.mode.hdisplay),
			      f->body_crc[k % BUFFERS]);
}

static void render(const struct flips *f, uint32_t k)
{
	uint32_t line[MAX_WIDTH];

	first_line(f, k, line);
	memcpy(f->fb[k % BUFFERS].map, line, f->screen.mode.hdisplay * 4);
}

/* From the arithmetic, not from the buffer: what is wrong in memory must not be predicted. */
static void draw_body(struct flips *f, unsigned int i)
{
	uint32_t seed = f->seed * BUFFERS + i, line[MAX_WIDTH], crc = 0;
	uint32_t width = f->screen.mode.hdisplay, pitch = f->fb[i].pitch / 4;

	pattern_fill(f->fb[i].map, f->fb[i].size, seed);
	for (uint32_t y = 1; y < f->screen.mode.vdisplay; y++) {
		pattern_words(line, y * pitch, width, seed);
		crc = vdc_crc_pixels(crc, line, width);
	}
	f->body_crc[i] = crc;
}

static int make_buffers(struct flips *f)
{
	int ret = 0;

	for (unsigned int i = 0; i < BUFFERS && !ret; i++)
		ret = kms_fb_try_create(f->dev, &f->fb[i], f->screen.mode.hdisplay,
					f->screen.mode.vdisplay, DRM_FORMAT_XRGB8888);
	for (unsigned int i = 0; i < BUFFERS && !ret; i++)
		draw_body(f, i);
	return ret;
}

static void free_buffers(struct flips *f)
{
	for (unsigned int i = 0; i < BUFFERS; i++)
		kms_fb_destroy(f->dev, &f->fb[i]);
}

static void say_wrong(const struct judge *j, const struct judge_entry *e, uint32_t k)
{
	igt_info("vblank %u does not show frame %u: CRC %#010x, predicted %#010x\n", e->vblank, k,
		 e->crc, predict(j->data, k));
}

/* Keep the CRCs that are there, after waiting @ms for the first. Return: whether there was one. */
static bool take_crcs(struct flips *f, int ms)
{
	struct crc_entry entry;
	bool any = false;

	while (!judge_full(&f->judge) && crc_poll(&f->crc, &entry, any ? 0 : ms)) {
		judge_crc(&f->judge, entry.frame, entry.crc);
		any = true;
	}
	return any;
}

/* The flip is on screen: so says its fence, too. */
static void note_fence(struct flips *f, int fence)
{
	uint32_t number;

	igt_assert_f(fence_signaled(fence, EVENT_MS), "no fence within %d ms\n", EVENT_MS);
	if (fence_number(fence, &number))
		wrap_note(&f->counts->wrap[WRAP_FENCE], number);
}

static void note_frame(struct flips *f)
{
	wrap_note(&f->counts->wrap[WRAP_FRAME],
		  kms_pipe_register(f->dev, f->screen.pipe, "FRAME"));
}

/* Flip to the next frame and wait until it is on screen. Return: false: it never was. */
static bool flip_once(struct flips *f)
{
	uint32_t k = f->judge.k + 1;
	struct kms_event event;
	int32_t fence = -1;
	int ret;

	ret = kms_flip_fenced(f->dev, f->screen.pipe, f->screen.pipe->primary,
			      &f->fb[k % BUFFERS], k, &fence);
	igt_assert_f(!ret, "flip %u: %s\n", k, strerror(ret));
	f->judge.queued = k;
	/* Drawn while the flip is under way: into the buffer that is neither shown nor queued. */
	render(f, k + 1);
	if (!kms_poll_event(f->dev, &event, EVENT_MS) || event.user != k) {
		f->counts->seen.lost++;
		close(fence);
		return false;
	}
	judge_flip(&f->judge, event.sequence);
	wrap_note(&f->counts->wrap[WRAP_VBLANK], event.sequence);
	note_fence(f, fence);
	close(fence);
	return true;
}

static bool told_to_halt(const struct flips *f)
{
	struct pollfd pfd = { .fd = f->halt[0], .events = POLLIN };

	return poll(&pfd, 1, 0) == 1;
}

static void flip_process(struct flips *f)
{
	uint32_t underruns;
	bool alive;

	underruns = crc_underruns(f->dev, f->screen.pipe);
	crc_open(f->dev, f->screen.pipe, &f->crc);
	note_frame(f);
	/* One flip at least, however late in its burst the client got its buffers. */
	do {
		alive = flip_once(f);
		take_crcs(f, 0);
		judge_old(&f->judge);
	} while (alive && !told_to_halt(f));
	/* The last frame is judged too: wait until a CRC of it is there. */
	while (alive && !judge_has_last(&f->judge)) {
		igt_assert_f(take_crcs(f, CRC_MS), "no CRC within %d ms\n", CRC_MS);
		judge_old(&f->judge);
	}
	judge_all(&f->judge);
	note_frame(f);
	crc_close(&f->crc);
	f->counts->underruns = crc_underruns(f->dev, f->screen.pipe) - underruns;
}

static void fork_process(struct flips *f)
{
	igt_assert_eq(pipe(f->halt), 0);
	igt_assert_eq(pipe(f->ended), 0);
	igt_fork(child, 1) {
		close(f->halt[1]);
		close(f->ended[0]);
		flip_process(f);
	}
	close(f->halt[0]);
	close(f->ended[1]);
}

int flips_start(struct kms_device *dev, uint32_t seed, int w, int h, struct flips **flips)
{
	struct flips *f = calloc(1, sizeof(*f));
	int ret = ENOMEM;

	igt_assert(f);
	igt_assert_lte(w, MAX_WIDTH);
	f->dev = dev;
	f->seed = seed;
	f->counts = mmap(NULL, sizeof(*f->counts), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	igt_assert(f->counts != MAP_FAILED);
	kms_screen_init(dev, &f->screen, 0, w, h);
	vdc_crc_shift_init(&f->shift, (uint64_t)w * 4 * (h - 1));
	ret = make_buffers(f);
	if (ret) {
		igt_assert_f(ret == ENOMEM, "buffers of %dx%d: %s\n", w, h, strerror(ret));
		free_buffers(f);
		munmap(f->counts, sizeof(*f->counts));
		free(f);
		return ret;
	}
	render(f, 0);
	render(f, 1);
	kms_screen_add(&f->screen, f->screen.pipe->primary, &f->fb[0], 0, 0);
	kms_show(dev, &f->screen);
	f->judge.predict = predict;
	f->judge.wrong = say_wrong;
	f->judge.data = f;
	f->judge.counts = &f->counts->seen;
	judge_begin(&f->judge, kms_sequence(dev, f->screen.pipe, NULL));
	fork_process(f);
	*flips = f;
	return 0;
}

const struct kms_screen *flips_screen(const struct flips *f)
{
	return &f->screen;
}

const struct flip_counts *flips_counts(const struct flips *f)
{
	return f->counts;
}

void flips_halt(struct flips *f)
{
	sighandler_t handler = signal(SIGPIPE, SIG_IGN);
	char byte = 0;

	/* Either may find the process gone: whoever waits for it learns how it ended. */
	if (write(f->halt[1], &byte, 1) < 0)
		igt_info("the flips' process has ended by itself\n");
	signal(SIGPIPE, handler);
	if (read(f->ended[0], &byte, 1) < 0)
		igt_info("waiting for the flips' process: %s\n", strerror(errno));
	close(f->halt[1]);
	close(f->ended[0]);
}

void flips_stop(struct flips *f)
{
	kms_screen_off(f->dev, &f->screen);
	free_buffers(f);
	munmap(f->counts, sizeof(*f->counts));
	free(f);
}
