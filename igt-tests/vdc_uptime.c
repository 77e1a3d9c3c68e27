// SPDX-License-Identifier: MIT
/* A display and its buffers while the machine ages: burst after burst, everything verified. */
#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>
#include "igt_abi.h"
#include "lab/journal.h"
#include "lab/schedule.h"
#include "vdc_param.h"
#include "vdc_uptime_balance.h"
#include "vdc_uptime_buffers.h"
#include "vdc_uptime_complaint.h"
#include "vdc_uptime_events.h"
#include "vdc_uptime_flips.h"

IGT_TEST_DESCRIPTION("Flips, buffers and hotplug of a VDC device over a long uptime");

/* Where no timetable is given: short enough for an ordinary test */
#define DEFAULT_PERIOD_S	10
#define DEFAULT_BURSTS		3
#define DEFAULT_BURST_S		2

#define STEP_NS		30000000L	/* between what happens to buffers */
#define EVENT_NS	5000000000ULL	/* between events, at most */
#define BURST_EVENTS	4	/* a burst is at least so many times that long */
#define LAST_NS		100000000ULL	/* of a burst, in which nothing new begins */
#define LAST_SHOWS	3
#define SHOW_W		640	/* mode in which buffers are shown */
#define SHOW_H		480
#define MIX		0x9e3779b97f4a7c15ULL	/* makes bursts' seeds differ in all bits */

static struct kms_device dev;
static struct journal *journal;
static struct lab_schedule schedule;
static uint64_t seed;
static bool alone;	/* no timetable, so nobody else runs by it */

/** struct burst - one burst; @skipped: no memory for its flips */
struct burst {
	unsigned int number;
	struct cma_random random;
	struct flips *flips;
	bool skipped;
	unsigned int modesets, unplugs, kills;
};

/** struct coverage - what a run has looked at */
struct coverage {
	unsigned long long frames, checked, scanned;
};

static const struct {
	int w, h;
} modes[] = {
	{ 640, 480 }, { 1280, 720 }, { 1920, 1080 }, { 1024, 768 }, { 800, 600 },
};

/* A display server is not what the kernel shall kill first; IGT would have it so. */
static void protect_from_oom(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "-1000", 5) != 5)
		igt_info("oom_score_adj: %s\n", strerror(errno));
	close(fd);
}

static void start_display(struct burst *b, struct population *p)
{
	const struct kms_connector *c = kms_find_connector(&dev, DRM_MODE_CONNECTOR_HDMIA,
							   &dev.pipe[0], 0);
	unsigned int count = sizeof(modes) / sizeof(*modes);
	uint32_t pictures = cma_random_next(&b->random);
	bool found = false;

	igt_assert_f(c, "no connected HDMI output\n");
	/* Where there is no memory for one there may be for another. */
	for (unsigned int m = b->number % count, tried = 0; tried < count;
	     tried++, m = (m + count - 1) % count) {
		drmModeModeInfo mode;

		if (!kms_find_mode(c, modes[m].w, modes[m].h, &mode))
			continue;
		found = true;
		if (!flips_start(&dev, pictures, mode.hdisplay, mode.vdisplay, &b->flips))
			return;
		igt_info("burst %u: no memory for flips at %ux%u\n", b->number, mode.hdisplay,
			 mode.vdisplay);
		p->counts.failed++;
	}
	igt_assert(found);
	b->skipped = true;
}

static void pause_step(void)
{
	struct timespec t = { 0, STEP_NS };

	nanosleep(&t, NULL);
}

/* A small mode on a pipe's own output: the first pipe's may be able to show on either. */
static bool find_screen(struct kms_screen *screen, unsigned int pipe)
{
	memset(screen, 0, sizeof(*screen));
	if (pipe >= dev.num_pipes)
		return false;
	screen->pipe = &dev.pipe[pipe];
	screen->connector = kms_find_connector(&dev, DRM_MODE_CONNECTOR_HDMIA, screen->pipe, 0);
	if (pipe && screen->connector && screen->connector->possible_crtcs & 1)
		screen->connector = kms_find_connector(&dev, DRM_MODE_CONNECTOR_HDMIA,
						       screen->pipe, 1);
	return screen->connector && kms_find_mode(screen->connector, SHOW_W, SHOW_H, &screen->mode);
}

/* Clients are killed and plugs are pulled, in turn. */
static void next_event(struct burst *b)
{
	if (b->kills > b->unplugs) {
		event_unplug(&dev);
		b->unplugs++;
	} else {
		event_kill(&b->random);
		b->kills++;
	}
}

static void run_steps(struct burst *b, struct population *p)
{
	struct kms_screen second;
	const struct kms_screen *screen = find_screen(&second, 1) ? &second : NULL;
	uint64_t left = lab_schedule_left(&schedule, b->number), pace = left / BURST_EVENTS, due;

	if (pace > EVENT_NS)
		pace = EVENT_NS;
	due = left - pace;
	for (; left > LAST_NS; left = lab_schedule_left(&schedule, b->number)) {
		population_step(p, screen);
		if (left <= due) {
			next_event(b);
			due -= pace < due ? pace : due;
		}
		pause_step();
	}
}

/*
 * Buffers are shown when the flips have ended, too: where there is no second output, and where
 * memory was so slow to come that hardly any has been.
 */
static void stop_display(struct burst *b, struct population *p)
{
	struct kms_screen screen;

	if (b->flips)
		flips_halt(b->flips);
	if (find_screen(&screen, 1) || find_screen(&screen, 0))
		for (int i = 0; i < LAST_SHOWS && p->counts.scanned < LAST_SHOWS; i++)
			population_show(p, &screen);
	/* On and off, of each that was on */
	b->modesets += b->flips ? 2 : 0;
	b->modesets += 2 * p->counts.scanned;
}

static void report_frames(const struct burst *b)
{
	static const struct flip_counts none;
	const struct flip_counts *c = b->flips ? flips_counts(b->flips) : &none;
	struct json_object *r = journal_record(journal, "frames");

	journal_add(r, "burst", b->number);
	journal_add(r, "frames", c->seen.frames);
	journal_add(r, "torn", c->seen.torn);
	journal_add(r, "repeated", c->seen.repeated);
	/* An event that tells of another frame, on a machine that was never late */
	journal_add(r, "lost", c->seen.lost + (c->underruns ? 0 : c->seen.early));
	journal_add(r, "missed", c->seen.missed);
	journal_add(r, "skipped", b->skipped);
	journal_write(journal, r);
}

static void report_buffers(const struct burst *b, const struct buffer_counts *c)
{
	struct json_object *r = journal_record(journal, "buffers");

	journal_add(r, "burst", b->number);
	journal_add(r, "allocated", c->allocated);
	journal_add(r, "failed", c->failed);
	journal_add(r, "exported", c->exported);
	journal_add(r, "imported", c->imported);
	journal_add(r, "scanned", c->scanned);
	journal_add(r, "checked", c->checked);
	journal_add(r, "wrong", c->wrong);
	journal_add(r, "crc_mismatches", c->crc_mismatches);
	journal_write(journal, r);
}

static void report_wraps(const struct burst *b)
{
	static const char *const names[WRAP_COUNTERS] = { "frame", "vblank", "fence" };

	for (unsigned int i = 0; b->flips && i < WRAP_COUNTERS; i++) {
		const struct wrap *w = &flips_counts(b->flips)->wrap[i];
		struct json_object *r;

		if (!w->wrapped)
			continue;
		igt_info("burst %u: %s numbers wrapped from %u to %u\n", b->number, names[i],
			 w->from, w->to);
		r = journal_record(journal, "wrap");
		journal_add(r, "burst", b->number);
		journal_add_text(r, "counter", names[i]);
		journal_add(r, "from", w->from);
		journal_add(r, "to", w->to);
		journal_write(journal, r);
	}
}

static void report_events(const struct burst *b)
{
	struct json_object *r = journal_record(journal, "events");

	journal_add(r, "burst", b->number);
	journal_add(r, "modesets", b->modesets);
	journal_add(r, "unplugs", b->unplugs);
	journal_add(r, "kills", b->kills);
	journal_write(journal, r);
}

/* Reported first, then judged: what was found is known even if the test ends here. */
static void report(const struct burst *b, const struct population *p)
{
	const struct buffer_counts *c = &p->counts;

	report_frames(b);
	report_buffers(b, c);
	report_events(b);
	report_wraps(b);
	igt_info("burst %u: %u buffers (%u failed), %u exported, %u imported, %u shown, %u checked\n",
		 b->number, c->allocated, c->failed, c->exported, c->imported, c->scanned,
		 c->checked);
}

static void judge_flips(const struct burst *b)
{
	const struct flip_counts *c = flips_counts(b->flips);
	const drmModeModeInfo *mode = &flips_screen(b->flips)->mode;

	igt_info("burst %u: %u frames at %ux%u, %u vblanks missed, %u early, %u unscanned\n",
		 b->number, c->seen.frames, mode->hdisplay, mode->vdisplay, c->seen.missed,
		 c->seen.early, c->seen.unscanned);
	igt_assert_lt(0, c->seen.frames);
	igt_assert_eq(c->seen.torn, 0);
	igt_assert_eq(c->seen.repeated, 0);
	igt_assert_eq(c->seen.lost, 0);
	for (unsigned int i = 0; i < WRAP_COUNTERS; i++)
		igt_assert(c->wrap[i].wrapped || !wrap_passed(&c->wrap[i], c->seen.frames - 1));
	/* Only a machine that was too busy to scan in time excuses these. */
	igt_assert_lte_s64(c->seen.unscanned * 16ULL, c->underruns);
	igt_assert_f(!c->seen.early || c->underruns, "%u events were late on an idle machine\n",
		     c->seen.early);
}

/* A run in which hardly anything could be looked at has verified nothing. */
static void judge_coverage(const struct coverage *c)
{
	igt_info("%llu frames, %llu contents checked, %llu scanned\n", c->frames, c->checked,
		 c->scanned);
	igt_assert_lt_s64(0, c->frames);
	igt_assert_lt_s64(0, c->checked);
}

static void count_coverage(struct coverage *c, const struct burst *b,
			   const struct buffer_counts *buffers)
{
	c->frames += b->flips ? flips_counts(b->flips)->seen.frames : 0;
	c->checked += buffers->checked;
	c->scanned += buffers->scanned;
}

static void run_burst(struct burst *b, struct population *p, struct coverage *c)
{
	memset(&p->counts, 0, sizeof(p->counts));
	peer_start(&p->peer);
	start_display(b, p);
	run_steps(b, p);
	stop_display(b, p);
	peer_stop(&p->peer);
	report(b, p);
	count_coverage(c, b, &p->counts);
	igt_waitchildren();
	igt_assert_eq(p->counts.wrong, 0);
	igt_assert_eq(p->counts.crc_mismatches, 0);
	if (!b->flips)
		return;
	judge_flips(b);
	flips_stop(b->flips);
}

static void test_uptime(void)
{
	static struct population p;	/* too large for the stack */
	struct coverage coverage = { 0 };
	struct balance start;

	protect_from_oom();
	balance_read(&start, alone);
	events_begin();
	population_begin(&p, &dev, seed);
	for (unsigned int n = 0; lab_schedule_wait(&schedule, n); n++) {
		struct burst b = { .number = n, .random.state = seed ^ (n + 1) * MIX };

		run_burst(&b, &p, &coverage);
	}
	population_end(&p);
	events_end();
	igt_assert_eq(p.counts.wrong, 0);
	igt_assert_lte(event_dmabufs(POPULATION_NAME), 0);
	balance_check(&start, alone);
	judge_coverage(&coverage);
}

/* Each is named as its reporters know it. */
static const struct complaint complaints[] = {
	{ "imx6-mixed-sizes", "Sizes of 80 kB to 5 MB mixed: 5 MB fail, the area is in pieces.",
	  complain_imx6 },
	{ "rpi-135-16mib", "16 MiB fail with an eighth of the area in use.", complain_rpi_135 },
	{ "rpi-76-pfns-busy", "A held page in each MiB: every place is tried and busy.",
	  complain_rpi_76 },
	{ "rpi-128-flip-done-timeout", "Flips while the area is exhausted: every event comes.",
	  complain_rpi_128 },
	{ "rpi-2966-one-1080p-buffer", "Exactly one 1080p buffer can be had.", complain_rpi_2966 },
	{ "rpi-2680-ebusy-after-uptime", "What went on a fresh machine is busy on a used one.",
	  complain_rpi_2680 },
	{ "rpi-1247-desktop-enomem", "Windows open and close until a full screen has no place.",
	  complain_rpi_1247 },
	{ "picamera2-1323-then-d-state", "A camera fails again and again, and can be killed.",
	  complain_picamera2 },
	{ "abbott-56x1mib", "56 MB in pieces of 1 MB: one held page makes the loop fail.",
	  complain_abbott },
};

/* The path is what the buffer engine will change; the subtests stay. */
static void test_complaint(const struct complaint *c, unsigned int nth)
{
	static struct scene s;
	bool reproduced;

	protect_from_oom();
	/* The reporters' drivers do not make room by moving buffers. */
	param_set("move_mb", "0");
	scene_end(&s);		/* of one that failed before */
	s.dev = &dev;
	s.random.state = seed ^ (nth + 1) * ~MIX;
	s.explainer = explain_open(true);
	s.record = journal_record(journal, "complaint");
	igt_assert(s.explainer && s.record);
	journal_add_text(s.record, "name", c->name);
	hold_begin(&s.hold);
	reproduced = c->run(&s);
	journal_add_text(s.record, "path", s.hold.path);
	json_object_object_add(s.record, "reproduced", json_object_new_boolean(reproduced));
	if (!reproduced)
		journal_add_text(s.record, "cause", "");
	journal_write(journal, s.record);
	s.record = NULL;
	scene_end(&s);
}

static void read_environment(void)
{
	const char *text = getenv("VDC_LAB_SEED");
	int ret = lab_schedule_environment(&schedule);

	alone = ret == -ENOENT;
	if (alone)
		ret = lab_schedule_set(&schedule, DEFAULT_BURSTS * DEFAULT_PERIOD_S / 3600.0,
				       DEFAULT_PERIOD_S, DEFAULT_BURST_S);
	igt_assert_f(!ret, "the environment's timetable is of no use\n");
	seed = text ? strtoull(text, NULL, 0) : 1;
	journal = journal_open(NULL, "uptime", schedule.start_ns);
	igt_assert(journal);
}

igt_main
{
	static unsigned int i;	/* a subtest may end by a jump */

	igt_fixture {
		kms_open(&dev, 0);
		kms_all_off(&dev);
		read_environment();
		if (alone)
			param_set("pool_mb", "0");
	}

	igt_describe("Bursts of flips, modesets, unplugs, kills and buffers, all of it checked.");
	igt_subtest("uptime")
		test_uptime();

	for (i = 0; i < sizeof(complaints) / sizeof(*complaints); i++) {
		igt_describe(complaints[i].describe);
		igt_subtest(complaints[i].name)
			test_complaint(&complaints[i], i);
	}

	igt_fixture {
		journal_close(journal);
		/* Also after a failure: an output that is on is scanned all the time. */
		kms_all_off(&dev);
		kms_close(&dev);
	}
}
