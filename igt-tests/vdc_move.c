// SPDX-License-Identifier: MIT
/* Buffers that are moved to make room for others: which, when, and that nobody notices. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_buffer.h"
#include "vdc_cma_area.h"
#include "vdc_crc.h"
#include "vdc_param.h"
#include "vdc_picture.h"
#include "vdc_prime.h"
#include "vdc_unbind.h"

IGT_TEST_DESCRIPTION("Relocation: memory that is free in pieces has room for a larger buffer");

#define MAX_BUFFERS	256
#define W		1920
#define H		1080
#define SMALL		BUFFER_1080P
#define LARGE		(2 * BUFFER_1080P)
#define SLACK_KB	1024	/* movable pages that borrow a little of the area come and go */
#define MOVE_MB		"64"	/* the driver's default */
#define RACE_ROUNDS	6
#define FLIPPED		5
#define FLIPS		100
#define USES		150
#define DEATHS		4
#define FOREIGN		6
#define UNBINDS		3

static struct kms_device dev;
static struct kms_screen screen;
static struct buffer list[MAX_BUFFERS], filler[MAX_BUFFERS];
static uint64_t addr[MAX_BUFFERS];
static unsigned int count, fillers;

static void map_and_fill(unsigned int i)
{
	igt_assert_eq(buffer_try_map(&list[i]), 0);
	buffer_fill(&list[i], i);
}

static void remember_addresses(void)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (list[i].handle)
			addr[i] = buffer_info(&list[i]).dma_addr;
}

/* Return: how many buffers are not where they were. */
static unsigned int moved(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < count; i++)
		n += list[i].handle && buffer_info(&list[i]).dma_addr != addr[i];
	return n;
}

static void check_contents(void)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (list[i].handle)
			buffer_check(&list[i], i);
}

static int compare_addr(const void *a, const void *b)
{
	uint64_t left = buffer_info(a).dma_addr, right = buffer_info(b).dma_addr;

	return left < right ? -1 : left > right;
}

/*
 * The rest of the area full of small buffers, but for holes of one each: no room for a
 * large one. Return: how many there are in @small, others are empty.
 */
static unsigned int make_holes(int fd, struct buffer *small)
{
	unsigned int n = buffer_exhaust(fd, small, MAX_BUFFERS, SMALL), i;
	uint64_t hole = 0;

	qsort(small, n, sizeof(*small), compare_addr);
	for (i = 0; i < n; i++) {
		uint64_t at = buffer_info(&small[i]).dma_addr;

		/* What lies between two holes is one more small buffer at least. */
		if (hole && at < hole + 2 * SMALL)
			continue;
		hole = at;
		buffer_destroy(&small[i]);
	}
	return n;
}

/* All of the area but holes, and patterns in what is there. */
static void make_checkerboard(void)
{
	struct cma_area area;
	unsigned int i;

	count = make_holes(dev.fd, list);
	igt_require_f(count >= 8, "an area of at least eight screens\n");
	for (i = 0; i < count; i++)
		if (list[i].handle)
			map_and_fill(i);
	igt_assert(cma_area_read(&area));
	igt_assert_eq_s64(cma_area_first_fit(&area, LARGE / BUFFER_PAGE), -1);
	cma_area_free(&area);
	remember_addresses();
}

static void destroy_all(void)
{
	buffer_destroy_all(list, count);
	count = 0;
}

/* Without what a subtest left that failed. */
static void begin(void)
{
	kms_all_off(&dev);
	destroy_all();
	buffer_destroy_all(filler, fillers);
	fillers = 0;
	param_set("move_mb", MOVE_MB);
}

/* The rest of the area full of small buffers that cannot move. */
static void fill_for_good(void)
{
	unsigned int n = buffer_exhaust(dev.fd, filler + fillers, MAX_BUFFERS - fillers, SMALL);

	for (; n; n--, fillers++)
		close(prime_export(dev.fd, filler[fillers].handle));
}

static bool near(uint64_t a, uint64_t b)
{
	return a < b ? b - a < 2 * SMALL : a - b < 2 * SMALL;
}

static void open_hole(unsigned int i)
{
	buffer_destroy(&filler[i]);
	filler[i] = filler[--fillers];
}

/*
 * Two holes, one of them beside a buffer of the list, which has to move into the
 * other one if there shall be a large one. Return: whether it could be done.
 */
static bool open_holes(unsigned int round)
{
	unsigned int i = round % fillers, k, n;
	uint64_t hole = 0;

	for (n = 0; n < fillers && !hole; n++, i = (i + 1) % fillers)
		for (k = 0; k < count && !hole; k++)
			if (list[k].handle && near(buffer_info(&filler[i]).dma_addr,
						   buffer_info(&list[k]).dma_addr)) {
				hole = buffer_info(&filler[i]).dma_addr;
				open_hole(i);
			}
	for (i = 0; i < fillers; i++)
		if (!near(buffer_info(&filler[i]).dma_addr, hole)) {
			open_hole(i);
			return hole;
		}
	return false;
}

/* Move a buffer of the list, @rounds times. Return: how often it was done. */
static unsigned int move_list(unsigned int rounds, const bool *stop)
{
	unsigned int round, made = 0;
	struct buffer large;

	for (round = 0; round < rounds && !__atomic_load_n(stop, __ATOMIC_RELAXED); round++) {
		fill_for_good();
		if (!open_holes(round))
			break;
		if (buffer_try_create(dev.fd, &large, LARGE))
			continue;
		if (buffer_try_map(&large))
			break;
		buffer_check_zero(&large);
		memset(large.map, 0xff, large.size);
		buffer_destroy(&large);
		made++;
	}
	buffer_destroy_all(filler, fillers);
	fillers = 0;
	return made;
}

/* Large buffers until there are no more. Return: how many. */
static unsigned int fill_up(struct buffer *large, unsigned int max)
{
	unsigned int n;

	for (n = 0; n < max; n++) {
		int ret = buffer_try_create(dev.fd, &large[n], LARGE);

		if (ret) {
			igt_assert_eq(ret, ENOMEM);
			break;
		}
		igt_assert_eq(buffer_try_map(&large[n]), 0);
		buffer_check_zero(&large[n]);
		buffer_fill(&large[n], 1000 + n);
	}
	return n;
}

static void test_checkerboard(void)
{
	static struct buffer large[MAX_BUFFERS];
	uint64_t moved_buffers, moved_bytes, served;
	unsigned int n, i;

	make_checkerboard();
	moved_buffers = buffer_counter(&dev, "moved_buffers");
	moved_bytes = buffer_counter(&dev, "moved_bytes");
	served = buffer_counter(&dev, "moved");
	n = fill_up(large, MAX_BUFFERS);
	igt_info("%u large buffers where none fitted, %u of %u moved\n", n, moved(), count / 2);
	/* Two holes make room for a large one, unless something else is in between. */
	igt_assert_lte(count / 4 - 1, n);
	igt_assert_lte(1, moved());
	igt_assert_eq_u64(buffer_counter(&dev, "moved"), served + n);
	moved_buffers = buffer_counter(&dev, "moved_buffers") - moved_buffers;
	igt_assert_lte_s64(moved(), moved_buffers);
	igt_assert_eq_u64(buffer_counter(&dev, "moved_bytes") - moved_bytes,
			  moved_buffers * SMALL);
	check_contents();
	for (i = 0; i < n; i++)
		buffer_check(&large[i], 1000 + i);
	/* They can be written to, and do not share what they have. */
	for (i = 0; i < count; i++)
		if (list[i].handle)
			buffer_fill(&list[i], i);
	for (i = 0; i < n; i++)
		buffer_check(&large[i], 1000 + i);
	check_contents();
	buffer_destroy_all(large, n);
	destroy_all();
}

/* Without a mapping it is moved like the others, and mapped later. */
static void test_unmapped(void)
{
	unsigned int i;
	struct buffer b;

	make_checkerboard();
	for (i = 0; i < count; i++) {
		if (!list[i].handle)
			continue;
		munmap(list[i].map, list[i].size);
		list[i].map = NULL;
	}
	buffer_create(dev.fd, &b, LARGE);
	buffer_check_zero(&b);
	igt_assert_lte(1, moved());
	for (i = 0; i < count; i++)
		if (list[i].handle)
			igt_assert_eq(buffer_try_map(&list[i]), 0);
	check_contents();
	buffer_destroy(&b);
	destroy_all();
}

/* Large buffers come and go, each time where there is no room for them. Return: how many. */
static unsigned int churn(int fd, unsigned int rounds)
{
	static struct buffer small[MAX_BUFFERS];
	unsigned int round, made = 0, n;
	struct buffer large;

	for (round = 0; round < rounds; round++) {
		n = make_holes(fd, small);
		if (!buffer_try_create(fd, &large, LARGE)) {
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
	if (kms_try_open(&mine, 0))
		for (;;)
			churn(mine.fd, 1);
	_exit(1);
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
	return (uint32_t *)list[i].map + page * (BUFFER_PAGE / 4) + page % (BUFFER_PAGE / 4);
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
		for (i = 0; i < count; i++)
			for (page = 0; page < list[i].size / BUFFER_PAGE; page++) {
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

	make_checkerboard();
	igt_assert_eq(pthread_create(&writer.thread, NULL, write_all, &writer), 0);
	made = move_list(RACE_ROUNDS, &never);
	__atomic_store_n(&writer.stop, true, __ATOMIC_RELAXED);
	igt_assert_eq(pthread_join(writer.thread, &lost), 0);
	igt_info("%u large buffers, written %u times, %u are elsewhere\n", made, writer.rounds,
		 moved());
	igt_assert_f(!lost, "a write to %p was lost\n", lost);
	igt_assert_lt(0, writer.rounds);
	for (i = 0; i < count; i++)
		for (page = 0; page < list[i].size / BUFFER_PAGE; page++)
			igt_assert_eq_u32(*word_of(i, page), written(i, page, writer.rounds - 1));
	igt_assert_eq(made, RACE_ROUNDS);
	igt_assert_lt(0, moved());
	destroy_all();
}

static void export_all(unsigned int but)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (list[i].handle && i != but)
			close(prime_export(dev.fd, list[i].handle));
}

/* Return: a buffer with a hole on either side. */
static unsigned int between_holes(void)
{
	unsigned int i;

	for (i = 1; i + 1 < count; i++)
		if (list[i].handle && !list[i - 1].handle && !list[i + 1].handle)
			return i;
	igt_skip("no buffer between two holes\n");
}

/* What may not move does not, and is not in the way any longer than that. */
static void test_stays(void)
{
	uint64_t buffers = buffer_counter(&dev, "moved_buffers");
	unsigned int shown;
	struct kms_fb fb;
	struct buffer b;

	make_checkerboard();
	shown = between_holes();
	igt_assert_eq(kms_fb_wrap(&dev, &fb, list[shown].handle, W, H, W * 4,
				  DRM_FORMAT_XRGB8888), 0);
	picture_draw(&fb, 5);
	memcpy(list[shown].map, fb.image, SMALL);
	kms_screen_init(&dev, &screen, 0, W, H);
	kms_screen_add(&screen, screen.pipe->primary, &fb, 0, 0);
	crc_check(&dev, &screen);
	export_all(shown);
	igt_assert_eq(buffer_try_create(dev.fd, &b, LARGE), ENOMEM);
	igt_assert_eq(moved(), 0);
	igt_assert_eq_u64(buffer_counter(&dev, "moved_buffers"), buffers);
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));

	kms_all_off(&dev);
	buffer_create(dev.fd, &b, LARGE);
	igt_assert_eq(moved(), 1);
	igt_assert(buffer_info(&list[shown]).dma_addr != addr[shown]);
	/* Shown again by the same framebuffer, from where it is now. */
	crc_check(&dev, &screen);
	kms_all_off(&dev);
	fb.handle = 0;
	kms_fb_destroy(&dev, &fb);
	buffer_destroy(&b);
	destroy_all();
}

/* No more than move_mb is moved for one buffer; a small buffer is less than 8 MiB. */
static void test_limit(void)
{
	struct buffer b;

	make_checkerboard();
	param_set("move_mb", "0");
	igt_assert_eq(buffer_try_create(dev.fd, &b, LARGE), ENOMEM);
	igt_assert_eq(moved(), 0);
	param_set("move_mb", "7");
	igt_assert_eq(buffer_try_create(dev.fd, &b, LARGE), ENOMEM);
	igt_assert_eq(moved(), 0);
	param_set("move_mb", "8");
	buffer_create(dev.fd, &b, LARGE);
	igt_assert_eq(moved(), 1);
	check_contents();
	buffer_destroy(&b);
	destroy_all();
}

/* Nothing is moved where that cannot help: memory full of buffers, none smaller than wanted. */
static void test_useless(void)
{
	uint64_t buffers = buffer_counter(&dev, "moved_buffers");
	struct buffer b;

	count = buffer_exhaust(dev.fd, list, MAX_BUFFERS, SMALL);
	remember_addresses();
	igt_assert_eq(buffer_try_create(dev.fd, &b, SMALL), ENOMEM);
	igt_assert_eq(buffer_try_create(dev.fd, &b, LARGE), ENOMEM);
	igt_assert_eq(buffer_try_create(dev.fd, &b, 1UL << 30), ENOMEM);
	igt_assert_eq(moved(), 0);
	igt_assert_eq_u64(buffer_counter(&dev, "moved_buffers"), buffers);
	destroy_all();
}

/*
 * Between our buffers others have theirs, of which the driver is not told: nothing
 * is moved for room that is not there.
 */
static void test_foreign(void)
{
	uint64_t buffers = buffer_counter(&dev, "moved_buffers");
	int heap[FOREIGN];
	struct buffer b;
	unsigned int i;

	for (count = 0; count < FOREIGN; count++) {
		igt_assert_eq(buffer_try_create(dev.fd, &list[count], SMALL), 0);
		map_and_fill(count);
		heap[count] = heap_alloc(SMALL);
	}
	fill_for_good();
	for (i = 1; i < count; i += 2)
		buffer_destroy(&list[i]);
	remember_addresses();
	igt_assert_eq(buffer_try_create(dev.fd, &b, LARGE), ENOMEM);
	igt_assert_eq(moved(), 0);
	igt_assert_eq_u64(buffer_counter(&dev, "moved_buffers"), buffers);
	check_contents();
	/* Where they were there is room at once. */
	close(heap[1]);
	buffer_create(dev.fd, &b, LARGE);
	igt_assert_eq(moved(), 0);
	buffer_destroy(&b);
	for (i = 0; i < FOREIGN; i++)
		if (i != 1)
			close(heap[i]);
	destroy_all();
}

static void *move_thread(void *stop)
{
	unsigned int *made = stop ? malloc(sizeof(*made)) : NULL;

	if (made)
		*made = move_list(UINT32_MAX, stop);
	return made;
}

static void draw_list(struct kms_fb *fb, uint32_t *crc)
{
	unsigned int i;

	kms_screen_init(&dev, &screen, 0, W, H);
	for (i = 0; i < count; i++) {
		igt_assert_eq(kms_fb_wrap(&dev, &fb[i], list[i].handle, W, H, W * 4,
					  DRM_FORMAT_XRGB8888), 0);
		picture_draw(&fb[i], 30 + i);
		memcpy(list[i].map, fb[i].image, SMALL);
		screen.num_layers = 0;
		kms_screen_add(&screen, screen.pipe->primary, &fb[i], 0, 0);
		crc[i] = picture_crc(&screen);
	}
}

/*
 * Buffers flip, and those move that are not on screen: also between the moment in
 * which a flip is looked at and that in which it holds the buffer. The first CRC
 * after a flip is that of its picture.
 */
static void test_flips(void)
{
	unsigned int i, bad = 0, frames = 0, *made;
	uint32_t expected[FLIPPED], frame = 0;
	struct kms_fb fb[FLIPPED];
	struct kms_event event;
	struct crc_reader reader;
	struct crc_entry crc;
	pthread_t thread;
	bool stop = false;

	for (count = 0; count < FLIPPED; count++) {
		igt_assert_eq(buffer_try_create(dev.fd, &list[count], SMALL), 0);
		map_and_fill(count);
	}
	draw_list(fb, expected);
	kms_show(&dev, &screen);
	crc_open(&dev, screen.pipe, &reader);
	igt_assert_eq(pthread_create(&thread, NULL, move_thread, &stop), 0);
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
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	igt_assert_eq(pthread_join(thread, (void **)&made), 0);
	crc_close(&reader);
	igt_info("%u frames of %u flips, %u bad; %u times a buffer was moved\n", frames, FLIPS,
		 bad, made ? *made : 0);
	igt_assert(made && *made);
	free(made);
	igt_assert_eq(bad, 0);
	igt_assert_lt(FLIPS / 2, frames);
	kms_all_off(&dev);
	for (i = 0; i < FLIPPED; i++) {
		igt_assert(!memcmp(list[i].map, fb[i].image, SMALL));
		fb[i].handle = 0;
		kms_fb_destroy(&dev, &fb[i]);
	}
	destroy_all();
}

/* Clients that make holes and fill them at the same time, and pick each other's up. */
static void test_clients(void)
{
	uint64_t used = buffer_area_used();

	make_checkerboard();
	igt_fork(child, 2) {
		struct kms_device mine;

		igt_assert(kms_try_open(&mine, 0));
		churn(mine.fd, RACE_ROUNDS / 2);
	}
	igt_waitchildren();
	check_contents();
	destroy_all();
	igt_assert_eq_u64(buffer_area_used(), used);
}

/* Two large buffers at once, with room for both once others have moved: neither fails. */
static void test_both(void)
{
	make_checkerboard();
	igt_fork(child, 2) {
		struct kms_device mine;
		struct buffer b;

		igt_assert(kms_try_open(&mine, 0));
		buffer_create(mine.fd, &b, LARGE);
		buffer_check_zero(&b);
		buffer_fill(&b, 500 + child);
		buffer_check(&b, 500 + child);
		buffer_destroy(&b);
	}
	igt_waitchildren();
	check_contents();
	destroy_all();
}

/* Exported, mapped, advised and closed while others move them. */
static void test_used_meanwhile(void)
{
	uint32_t state = 1;
	unsigned int i, n;
	pid_t child;

	make_checkerboard();
	child = start_churn();
	for (n = 0; n < USES; n++) {
		struct buffer *b;

		state = state * 1664525 + 1013904223;	/* Numerical Recipes, 2nd ed., p. 284 */
		i = (state >> 16) % count;
		b = &list[i];
		if (!b->handle) {
			if (!buffer_try_create(dev.fd, b, SMALL))
				map_and_fill(i);
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
				bool retained;

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
	check_contents();
	destroy_all();
}

/* A client that dies while it moves others' buffers leaves all as it was. */
static void test_death(void)
{
	uint64_t used = buffer_area_used();
	unsigned int i;

	make_checkerboard();
	for (i = 0; i < DEATHS; i++) {
		pid_t child = start_churn();

		usleep(300000 + i * 37000);
		kill_churn(child);
		check_contents();
	}
	destroy_all();
	igt_assert_eq_u64(buffer_area_used(), used);
}

/* A process that has buffers moved until there is no device any more. */
static pid_t start_churn_until_gone(void)
{
	static uint32_t handle[MAX_BUFFERS];
	pid_t child = fork();
	struct buffer large;
	unsigned int n, i;

	igt_assert(child >= 0);
	if (child)
		return child;
	for (;;) {
		for (n = 0; n < MAX_BUFFERS; n++) {
			int ret = buffer_try_create(dev.fd, &large, SMALL);

			handle[n] = large.handle;
			if (ret == ENODEV)
				_exit(0);
			if (ret)
				break;
		}
		for (i = 1; i < n; i += 2)
			drmCloseBufferHandle(dev.fd, handle[i]);
		if (!buffer_try_create(dev.fd, &large, LARGE))
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

		make_checkerboard();
		child = start_churn_until_gone();
		usleep(500000 + n * 70000);
		igt_assert_eq(unbind_device(&unbind), 0);
		igt_assert_eq(waitpid(child, &status, 0), child);
		igt_assert(WIFEXITED(status) && !WEXITSTATUS(status));
		/* Who draws lives. */
		for (i = 0; i < count; i++)
			if (list[i].map) {
				buffer_fill(&list[i], i);
				munmap(list[i].map, list[i].size);
			}
		count = 0;
		kms_close(&dev);
		igt_assert_eq(bind_device(&unbind), 0);
		kms_open(&dev, 0);
		kms_all_off(&dev);
	}
}

igt_main
{
	static uint64_t used;
	static long free_kb;

	igt_fixture {
		struct cma_area area;

		kms_open(&dev, 0);
		igt_require_f(access("/sys/module/vdc/parameters/move_mb", W_OK) == 0,
			      "a driver that moves buffers\n");
		kms_all_off(&dev);
		/* What is freed is looked for in the area, so nothing may be kept. */
		param_set("pool_mb", "0");
		param_set("move_mb", MOVE_MB);
		buffer_reclaim();
		used = buffer_area_used();
		igt_assert(cma_area_read(&area));
		cma_area_free(&area);
		free_kb = cma_free_kb(&area);
	}

	igt_describe("Larger buffers where there are only holes; all contents stay right.");
	igt_subtest("checkerboard") {
		begin();
		test_checkerboard();
	}

	igt_describe("A buffer without a mapping is moved, and mapped later.");
	igt_subtest("unmapped") {
		begin();
		test_unmapped();
	}

	igt_describe("A thread writes to buffers that are moved: no write is lost.");
	igt_subtest("written-meanwhile") {
		begin();
		test_written_meanwhile();
	}

	igt_describe("Exported buffers and one on screen stay; off screen it is moved, and shown.");
	igt_subtest("stays") {
		begin();
		test_stays();
	}

	igt_describe("No more is moved than move_mb.");
	igt_subtest("limit") {
		begin();
		test_limit();
	}

	igt_describe("Nothing is moved where that cannot help.");
	igt_subtest("useless") {
		begin();
		test_useless();
	}

	igt_describe("Nothing is moved into others' buffers, or for room that they have.");
	igt_subtest("foreign") {
		begin();
		test_foreign();
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
		struct cma_area area;
		long now;

		begin();
		igt_assert(cma_area_read(&area));
		cma_area_free(&area);
		now = cma_free_kb(&area);
		igt_assert_eq_u64(buffer_area_used(), used);
		igt_assert_f(now >= free_kb - SLACK_KB, "CmaFree %ld kB, at the start %ld kB\n",
			     now, free_kb);
	}

	igt_fixture
		kms_close(&dev);
}
