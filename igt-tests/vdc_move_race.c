// SPDX-License-Identifier: MIT
/* Buffers that are moved while others use them, or go: nobody notices. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_crc.h"
#include "vdc_holes.h"
#include "vdc_picture.h"
#include "vdc_prime.h"
#include "vdc_unbind.h"

IGT_TEST_DESCRIPTION("Relocation while buffers are in use");

#define W		1920
#define H		1080
#define RACE_ROUNDS	6
#define FLIPPED		5
#define FLIPS		100
#define USES		150
#define DEATHS		4
#define UNBINDS		3
#define MOVE_WAIT_US	10000
#define MOVE_TRIES	6000

static struct kms_device dev;
static struct kms_screen screen;
static struct holes holes;

/* Large buffers come and go, each time where there is no room for them. Return: how many. */
static unsigned int churn(int fd, unsigned int rounds)
{
	static struct buffer small[HOLES_BUFFERS];
	unsigned int round, made = 0, n;
	struct buffer large;

	for (round = 0; round < rounds; round++) {
		n = holes_cut(fd, small);
		if (!buffer_try_create(fd, &large, HOLES_LARGE)) {
			igt_assert_eq(buffer_try_map(&large), 0);
			buffer_check_zero(&large);
			memset(large.map, 0xff, large.size);
			buffer_destroy(&large);
			made++;
		}
		buffer_destroy_all(small, n);
	}
	return made;
}

/* A process that does so until it is killed. */
static pid_t start_churn(void)
{
	struct kms_device mine;
	pid_t child = fork();

	igt_assert(child >= 0);
	if (child)
		return child;
	/* What fails here ends this process, and with it the test. */
	if (!sigsetjmp(igt_subtest_jmpbuf, 1) && kms_try_open(&mine, 0))
		for (;;)
			churn(mine.fd, 1);
	_exit(1);
}

/* Until buffers were moved since there were so many. */
static void wait_for_moves(uint64_t before)
{
	unsigned int i;

	for (i = 0; i < MOVE_TRIES && buffer_counter(&dev, "moved_buffers") == before; i++)
		usleep(MOVE_WAIT_US);
	igt_assert_lt(i, MOVE_TRIES);
}

static void kill_churn(pid_t child)
{
	int status;

	igt_assert_eq(kill(child, SIGKILL), 0);
	igt_assert_eq(waitpid(child, &status, 0), child);
	/* It did not end by itself. */
	igt_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

struct writer {
	pthread_t thread;
	bool stop;
	uint32_t rounds;
};

static uint32_t written(unsigned int i, uint64_t page, uint32_t round)
{
	return (i << 24 ^ (uint32_t)page << 8 ^ round) * 2654435761U;
}

static uint32_t *word_of(unsigned int i, uint64_t page)
{
	return (uint32_t *)holes.list[i].map + page * (BUFFER_PAGE / 4) + page % (BUFFER_PAGE / 4);
}

/* From memory, each time. */
static uint32_t load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/*
 * A word of each page, each round another value. It is read back at once, and a
 * round later: a write to memory that the buffer has left would be lost.
 *
 * Return: NULL, or the word that was.
 */
static void *write_all(void *data)
{
	struct writer *writer = data;
	uint32_t round = 0;
	uint64_t page;
	unsigned int i;

	while (!__atomic_load_n(&writer->stop, __ATOMIC_RELAXED)) {
		for (i = 0; i < holes.count; i++)
			for (page = 0; page < holes.list[i].size / BUFFER_PAGE; page++) {
				uint32_t *word = word_of(i, page);

				if (round && load(word) != written(i, page, round - 1))
					return word;
				__atomic_store_n(word, written(i, page, round), __ATOMIC_RELAXED);
				if (load(word) != written(i, page, round))
					return word;
			}
		__atomic_store_n(&writer->rounds, ++round, __ATOMIC_RELEASE);
	}
	return NULL;
}

static void test_written_meanwhile(void)
{
	const bool never = false;
	struct writer writer = { 0 };
	unsigned int i, made;
	uint64_t page;
	void *lost;

	holes_make(&holes);
	igt_assert_eq(pthread_create(&writer.thread, NULL, write_all, &writer), 0);
	made = holes_move(&holes, RACE_ROUNDS, &never);
	__atomic_store_n(&writer.stop, true, __ATOMIC_RELAXED);
	igt_assert_eq(pthread_join(writer.thread, &lost), 0);
	igt_info("%u large buffers, written %u times, %u are elsewhere\n", made, writer.rounds,
		 holes_moved(&holes));
	igt_assert_f(!lost, "a write to %p was lost\n", lost);
	igt_assert_lt(0, writer.rounds);
	for (i = 0; i < holes.count; i++)
		for (page = 0; page < holes.list[i].size / BUFFER_PAGE; page++)
			igt_assert_eq_u32(*word_of(i, page), written(i, page, writer.rounds - 1));
	igt_assert_eq(made, RACE_ROUNDS);
	igt_assert_lt(0, holes_moved(&holes));
	holes_destroy(&holes);
}

/** struct mover - a thread that has buffers of the list moved until it is stopped */
static struct mover {
	pthread_t thread;
	bool running;
	bool stop;
	unsigned int made;
} mover;

static void *move_thread(void *unused)
{
	mover.made = holes_move(&holes, UINT32_MAX, &mover.stop);
	return unused;
}

static void start_mover(void)
{
	mover.stop = false;
	igt_assert_eq(pthread_create(&mover.thread, NULL, move_thread, NULL), 0);
	mover.running = true;
}

/* Also of a subtest that failed. */
static void stop_mover(void)
{
	if (!mover.running)
		return;
	__atomic_store_n(&mover.stop, true, __ATOMIC_RELAXED);
	pthread_join(mover.thread, NULL);
	mover.running = false;
}

static void begin(void)
{
	stop_mover();
	holes_begin(&holes);
}

static void draw_list(struct kms_fb *fb, uint32_t *crc)
{
	unsigned int i;

	kms_screen_init(&dev, &screen, 0, W, H);
	for (i = 0; i < holes.count; i++) {
		igt_assert_eq(kms_fb_wrap(&dev, &fb[i], holes.list[i].handle, W, H, W * 4,
					  DRM_FORMAT_XRGB8888), 0);
		picture_draw(&fb[i], 30 + i);
		memcpy(holes.list[i].map, fb[i].image, HOLES_SMALL);
		screen.num_layers = 0;
		kms_screen_add(&screen, screen.pipe->primary, &fb[i], 0, 0);
		crc[i] = picture_crc(&screen);
	}
}

/*
 * Buffers flip, and those move that are not on screen. The first CRC after a flip is
 * that of its picture. Seldom a buffer moves between the moment in which its flip is
 * looked at and that in which it is held.
 */
static void test_flips(void)
{
	unsigned int i, bad = 0, frames = 0;
	uint32_t expected[FLIPPED], frame = 0;
	struct kms_fb fb[FLIPPED];
	struct kms_event event;
	struct crc_reader reader;
	struct crc_entry crc;

	for (holes.count = 0; holes.count < FLIPPED; holes.count++) {
		igt_assert_eq(buffer_try_create(dev.fd, &holes.list[holes.count], HOLES_SMALL), 0);
		holes_fill(&holes, holes.count);
	}
	draw_list(fb, expected);
	kms_show(&dev, &screen);
	crc_open(&dev, screen.pipe, &reader);
	start_mover();
	for (i = 0; i < FLIPS; i++) {
		igt_assert_eq(kms_flip(&dev, screen.pipe, screen.pipe->primary,
				       &fb[i % FLIPPED], i), 0);
		kms_wait_event(&dev, &event);
		frame = event.sequence;
		while (crc_poll(&reader, &crc, 1000)) {
			if ((int32_t)(crc.frame - frame) < 0)
				continue;
			frames++;
			bad += crc.crc != expected[i % FLIPPED];
			break;
		}
	}
	stop_mover();
	crc_close(&reader);
	igt_info("%u frames of %u flips, %u bad; %u times a buffer was moved\n", frames, FLIPS,
		 bad, mover.made);
	igt_assert_lt(0, mover.made);
	igt_assert_eq(bad, 0);
	igt_assert_lt(FLIPS / 2, frames);
	kms_all_off(&dev);
	for (i = 0; i < FLIPPED; i++) {
		igt_assert(!memcmp(holes.list[i].map, fb[i].image, HOLES_SMALL));
		fb[i].handle = 0;
		kms_fb_destroy(&dev, &fb[i]);
	}
	holes_destroy(&holes);
}

/* Clients that make holes and fill them at the same time, and pick each other's up. */
static void test_clients(void)
{
	uint64_t moved = buffer_counter(&dev, "moved_buffers"), used = buffer_area_used();

	holes_make(&holes);
	igt_fork(child, 2) {
		struct kms_device mine;

		igt_assert(kms_try_open(&mine, 0));
		churn(mine.fd, RACE_ROUNDS / 2);
	}
	igt_waitchildren();
	igt_assert(buffer_counter(&dev, "moved_buffers") != moved);
	holes_check(&holes);
	holes_destroy(&holes);
	igt_assert_eq_u64(buffer_area_used(), used);
}

/* Two large buffers at once, with room for both once others have moved: neither fails. */
static void test_both(void)
{
	uint64_t moved = buffer_counter(&dev, "moved_buffers");

	holes_make(&holes);
	igt_fork(child, 2) {
		struct kms_device mine;
		struct buffer b;

		igt_assert(kms_try_open(&mine, 0));
		buffer_create(mine.fd, &b, HOLES_LARGE);
		buffer_check_zero(&b);
		buffer_fill(&b, 500 + child);
		buffer_check(&b, 500 + child);
		buffer_destroy(&b);
	}
	igt_waitchildren();
	igt_assert(buffer_counter(&dev, "moved_buffers") != moved);
	holes_check(&holes);
	holes_destroy(&holes);
}

/* Exported, mapped, advised and closed while others move them. */
static void test_used_meanwhile(void)
{
	uint64_t moved = buffer_counter(&dev, "moved_buffers");
	uint32_t state = 1;
	unsigned int i, n;
	pid_t child;

	holes_make(&holes);
	child = start_churn();
	wait_for_moves(moved);
	for (n = 0; n < USES; n++) {
		struct buffer *b;

		state = state * 1664525 + 1013904223;	/* Numerical Recipes, 2nd ed., p. 284 */
		i = (state >> 16) % holes.count;
		b = &holes.list[i];
		if (!b->handle) {
			if (!buffer_try_create(dev.fd, b, HOLES_SMALL))
				holes_fill(&holes, i);
			else
				b->handle = 0;
			continue;
		}
		buffer_check(b, i);
		switch ((state >> 8) % 4) {
		case 0:
			close(prime_export(dev.fd, b->handle));
			break;
		case 1:
			munmap(b->map, b->size);
			igt_assert_eq(buffer_try_map(b), 0);
			break;
		case 2:
			if (!vdc_gem_madvise(dev.fd, b->handle, DRM_VDC_MADV_DONTNEED, NULL)) {
				bool retained = false;

				igt_assert_eq(vdc_gem_madvise(dev.fd, b->handle,
							      DRM_VDC_MADV_WILLNEED, &retained),
					      0);
				if (!retained)
					buffer_destroy(b);
			}
			break;
		default:
			buffer_destroy(b);
			break;
		}
	}
	kill_churn(child);
	holes_check(&holes);
	holes_destroy(&holes);
}

/* A client that dies while it moves others' buffers leaves all as it was. */
static void test_death(void)
{
	uint64_t used = buffer_area_used();
	unsigned int i;

	holes_make(&holes);
	for (i = 0; i < DEATHS; i++) {
		uint64_t moved = buffer_counter(&dev, "moved_buffers");
		pid_t child = start_churn();

		wait_for_moves(moved);
		usleep(i * 37000);
		kill_churn(child);
		holes_check(&holes);
	}
	holes_destroy(&holes);
	igt_assert_eq_u64(buffer_area_used(), used);
}

/* A process that has buffers moved until there is no device any more. */
static pid_t start_churn_until_gone(void)
{
	static uint32_t handle[HOLES_BUFFERS];
	pid_t child = fork();
	struct buffer large;
	unsigned int n, i;

	igt_assert(child >= 0);
	if (child)
		return child;
	for (;;) {
		for (n = 0; n < HOLES_BUFFERS; n++) {
			int ret = buffer_try_create(dev.fd, &large, HOLES_SMALL);

			handle[n] = large.handle;
			if (ret == ENODEV)
				_exit(0);
			if (ret)
				break;
		}
		for (i = 1; i < n; i += 2)
			drmCloseBufferHandle(dev.fd, handle[i]);
		if (!buffer_try_create(dev.fd, &large, HOLES_LARGE))
			drmCloseBufferHandle(dev.fd, large.handle);
		for (i = 0; i < n; i += 2)
			drmCloseBufferHandle(dev.fd, handle[i]);
	}
}

/* The device goes while buffers are moved. */
static void test_unbind(void)
{
	struct unbind unbind;
	unsigned int i, n;

	igt_require_f(unbind_find(&unbind, dev.minor), "no driver in sysfs\n");
	for (n = 0; n < UNBINDS; n++) {
		pid_t child;
		int status;

		holes_make(&holes);
		child = start_churn_until_gone();
		usleep(500000 + n * 70000);
		igt_assert_eq(unbind_device(&unbind), 0);
		igt_assert_eq(waitpid(child, &status, 0), child);
		igt_assert(WIFEXITED(status) && !WEXITSTATUS(status));
		/* Who draws lives. */
		for (i = 0; i < holes.count; i++)
			if (holes.list[i].map) {
				buffer_fill(&holes.list[i], i);
				munmap(holes.list[i].map, holes.list[i].size);
			}
		holes.count = 0;
		kms_close(&dev);
		igt_assert_eq(bind_device(&unbind), 0);
		kms_open(&dev, 0);
		kms_all_off(&dev);
	}
}

igt_main
{
	igt_fixture
		holes_open(&holes, &dev);

	igt_describe("A thread writes to buffers that are moved: no write is lost.");
	igt_subtest("written-meanwhile") {
		begin();
		test_written_meanwhile();
	}

	igt_describe("Buffers that flip while others are moved: each frame is right, by CRC.");
	igt_subtest("flips") {
		begin();
		test_flips();
	}

	igt_describe("Two clients make holes and move each other's buffers.");
	igt_subtest("clients") {
		begin();
		test_clients();
	}

	igt_describe("Two clients want a large buffer at once, and both get one.");
	igt_subtest("both") {
		begin();
		test_both();
	}

	igt_describe("Buffers are exported, mapped, advised and closed while they are moved.");
	igt_subtest("used-meanwhile") {
		begin();
		test_used_meanwhile();
	}

	igt_describe("Clients that are killed while they move others' buffers.");
	igt_subtest("process-death") {
		begin();
		test_death();
	}

	igt_describe("The device is unbound while buffers are moved.");
	igt_subtest("unbind") {
		begin();
		test_unbind();
	}

	igt_describe("In the end CmaFree and the area's used pages are what they were.");
	igt_subtest("returned") {
		begin();
		holes_check_returned(&holes);
	}

	igt_fixture
		kms_close(&dev);
}
