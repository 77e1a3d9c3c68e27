// SPDX-License-Identifier: MIT
/* Complaints in which the failure of an allocation was not the end: what came after it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_uptime_area.h"
#include "vdc_uptime_complaint.h"
#include "vdc_uptime_flips.h"

#define TRIES		40
#define LEAST_PAGES	1025u	/* more than the buddy allocator has: CMA or nothing */
#define MOST_PAGES	3000u

static void sleep_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* The kernel's log from now on. Return: file descriptor, -1: it cannot be read */
static int watch_log(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* What must not be there when nothing hangs. */
static void check_log(int fd)
{
	static const char * const bad[] = { "timed out", "blocked for more than", "stall" };
	char line[1024];
	ssize_t n;

	while (fd >= 0 && ((n = read(fd, line, sizeof(line) - 1)) > 0 || errno == EPIPE)) {
		line[n > 0 ? n : 0] = 0;
		for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
			igt_assert_f(!strstr(line, bad[i]), "the kernel says: %s\n", line);
	}
	if (fd >= 0)
		close(fd);
}

/* One mode's flips while buffers come, fail and go. Return: frames, 0: no memory for them. */
static unsigned int flip_under_pressure(struct scene *s, uint32_t seed, int w, int h,
					unsigned int *failed)
{
	struct judge_counts counts;
	struct flips *flips;

	if (flips_start(s->dev, seed, w, h, &flips))
		return 0;
	for (unsigned int i = 0; i < TRIES; i++) {
		/* Until the area is exhausted, then some of it back, in no order. */
		if (hold_add(&s->hold, LEAST_PAGES + scene_below(s, MOST_PAGES))) {
			++*failed;
			for (unsigned int n = s->hold.count / 2; n; n--)
				hold_drop(&s->hold, scene_below(s, s->hold.count));
		}
		sleep_ms(20);
	}
	flips_halt(flips);
	counts = flips_counts(flips)->seen;
	igt_waitchildren();
	flips_stop(flips);
	igt_info("%dx%d: %u frames, %u vblanks missed\n", w, h, counts.frames, counts.missed);
	igt_assert_eq(counts.lost + counts.torn + counts.repeated, 0);
	return counts.frames;
}

/*
 * anholt/linux #128: "flip_done timed out" three times in 21 days. Flips in several modes while
 * others exhaust the area: every event comes.
 */
bool complain_rpi_128(struct scene *s)
{
	static const struct {
		int w, h;
	} modes[] = { { 640, 480 }, { 1280, 720 }, { 1920, 1080 }, { 640, 480 } };
	int log = watch_log();
	unsigned int frames = 0, failed = 0;

	for (unsigned int i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		frames += flip_under_pressure(s, 1000 + i, modes[i].w, modes[i].h, &failed);
		hold_drop_all(&s->hold);
	}
	check_log(log);
	igt_assert_lt(0, frames);
	igt_assert_lt(0, failed);
	scene_say(s, "%u flips while %u requests found the area exhausted: every event came",
		  frames, failed);
	return false;
}

static char state_of(pid_t pid)
{
	char path[64], state = '?';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	if (f)
		fclose(f);
	return state;
}

/* A camera: buffers of a full sensor, more than there are, again and again. */
#define CAMERA_PAGES	4500u	/* 4056x3040, 12 bits packed */
#define CAMERA_ROUNDS	16
#define LOOK_MS		5
#define MOST_LOOKS	12000	/* a minute, of a second or two of work */

/* It says that it begins, and how often it failed. */
static void camera(struct hold *h, int tell)
{
	unsigned int failed = 0;

	if (write(tell, "", 1) != 1)
		return;
	for (int i = 0; i < CAMERA_ROUNDS; i++) {
		while (!hold_add(h, CAMERA_PAGES))
			;
		failed++;
		hold_drop_all(h);
	}
	if (write(tell, &failed, sizeof(failed)) == sizeof(failed))
		pause();
}

/* Look at the camera until it has worked. */
static void watch_camera(pid_t pid, int told)
{
	struct pollfd pfd = { .fd = told, .events = POLLIN };
	unsigned int looks = 0, stuck = 0;
	char byte;

	igt_assert_eq(read(told, &byte, 1), 1);
	for (; looks < MOST_LOOKS && !poll(&pfd, 1, LOOK_MS); looks++)
		stuck += state_of(pid) == 'D';
	igt_info("in D state in %u of %u looks\n", stuck, looks);
	/* It has been seen at work, and not as a task that waits for what never comes. */
	igt_assert_lt(0, looks);
	igt_assert_lt(stuck, looks);
	igt_assert_f(looks < MOST_LOOKS, "the camera does not end its rounds, state %c\n",
		     state_of(pid));
}

/*
 * raspberrypi/picamera2 #1323: -12, then a task in D state for ever. The camera fails many times,
 * is looked at while it works, and dies when it is killed.
 */
bool complain_picamera2(struct scene *s)
{
	int log = watch_log(), told[2], status;
	unsigned int failed = 0;
	struct hold theirs;
	pid_t pid;

	igt_assert_eq(pipe2(told, O_CLOEXEC), 0);
	hold_begin(&theirs);
	pid = fork();
	igt_assert(pid >= 0);
	if (!pid) {
		camera(&theirs, told[1]);
		_exit(1);
	}
	close(theirs.fd);
	close(told[1]);
	watch_camera(pid, told[0]);
	igt_assert_eq(read(told[0], &failed, sizeof(failed)), sizeof(failed));
	close(told[0]);
	igt_assert_eq(kill(pid, SIGKILL), 0);
	igt_assert_eq(waitpid(pid, &status, 0), pid);
	check_log(log);
	igt_assert_eq(failed, CAMERA_ROUNDS);
	/* The failure itself, and why; what it freed is there again. */
	while (scene_request(s, CAMERA_PAGES))
		;
	scene_expect_space(s, CAMERA_PAGES);
	return true;
}
