// SPDX-License-Identifier: MIT
/* Buffers whose contents nobody needs: what may be done with them, when they go, what stays. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_buffer.h"
#include "vdc_crc.h"
#include "vdc_picture.h"
#include "vdc_prime.h"

IGT_TEST_DESCRIPTION("DRM_IOCTL_VDC_GEM_MADVISE, and what the kernel and the driver make of it");

#define MAX_BUFFERS	256
#define PURGEABLE	4
#define W		640
#define H		480
#define SMALL		(W * H * 4UL)
#define RACE_ROUNDS	30

static struct kms_device dev;
static struct kms_screen screen;
static struct buffer idle[PURGEABLE], list[MAX_BUFFERS];

static sigjmp_buf on_sigbus;

static void sigbus(int sig)
{
	(void)sig;
	siglongjmp(on_sigbus, 1);
}

/* Return: whether the first byte can be read; it is then in @value. */
static bool can_read(const uint8_t *map, uint8_t *value)
{
	const struct sigaction action = { .sa_handler = sigbus };

	if (sigsetjmp(on_sigbus, 1)) {
		signal(SIGBUS, SIG_DFL);
		return false;
	}
	sigaction(SIGBUS, &action, NULL);
	/* Also where nobody looks at it. */
	*value = __atomic_load_n(map, __ATOMIC_RELAXED);
	signal(SIGBUS, SIG_DFL);
	return true;
}

static bool readable(const uint8_t *map)
{
	uint8_t value;

	return can_read(map, &value);
}

/* Return: whether the contents are there. */
static bool advise(const struct buffer *b, uint32_t madv)
{
	bool retained;

	igt_assert_eq(vdc_gem_madvise(b->fd, b->handle, madv, &retained), 0);
	return retained;
}

static void make_idle(uint64_t size)
{
	unsigned int i;

	for (i = 0; i < PURGEABLE; i++) {
		buffer_create(dev.fd, &idle[i], size);
		buffer_fill(&idle[i], i);
		igt_assert(advise(&idle[i], DRM_VDC_MADV_DONTNEED));
		igt_assert_eq_u32(buffer_info(&idle[i]).state, DRM_VDC_GEM_INFO_PURGEABLE);
	}
}

static void check_purged(const struct buffer *b)
{
	struct drm_vdc_gem_info info = buffer_info(b);

	igt_assert_eq_u32(info.backing, DRM_VDC_BACKING_NONE);
	igt_assert_eq_u32(info.state, DRM_VDC_GEM_INFO_PURGEABLE);
	igt_assert_eq_u64(info.dma_addr, 0);
	igt_assert_eq_u64(info.size, b->size);
	igt_assert(!readable(b->map));
	igt_assert(!readable(b->map + b->size - 1));
	/* For good. */
	igt_assert(!advise(b, DRM_VDC_MADV_WILLNEED));
	igt_assert(!advise(b, DRM_VDC_MADV_DONTNEED));
	igt_assert_eq_u32(buffer_info(b).backing, DRM_VDC_BACKING_NONE);
}

/* All that can be there is there, in spite of those who do not need theirs. */
static void test_when_needed(void)
{
	unsigned int without, count, i;
	uint64_t purged;

	without = buffer_exhaust(dev.fd, list, MAX_BUFFERS, BUFFER_1080P);
	buffer_destroy_all(list, without);
	make_idle(BUFFER_1080P);
	purged = buffer_counter(&dev, "purged");
	count = buffer_exhaust(dev.fd, list, MAX_BUFFERS, BUFFER_1080P);
	igt_assert_eq(count, without);
	igt_assert_eq_u64(buffer_counter(&dev, "purged"), purged + PURGEABLE);
	for (i = 0; i < PURGEABLE; i++)
		check_purged(&idle[i]);
	buffer_destroy_all(list, count);
	buffer_destroy_all(idle, PURGEABLE);
}

static void test_kept(void)
{
	unsigned int count, i;

	make_idle(BUFFER_1080P);
	for (i = 0; i < PURGEABLE; i++) {
		buffer_check(&idle[i], i);
		igt_assert(advise(&idle[i], DRM_VDC_MADV_WILLNEED));
		igt_assert_eq_u32(buffer_info(&idle[i]).state, 0);
	}
	count = buffer_exhaust(dev.fd, list, MAX_BUFFERS, BUFFER_1080P);
	buffer_reclaim();
	for (i = 0; i < PURGEABLE; i++)
		buffer_check(&idle[i], i);
	buffer_destroy_all(list, count);
	buffer_destroy_all(idle, PURGEABLE);
}

/* Return: the errno of showing @fb, for a test and for real alike. */
static int try_show(struct kms_fb *fb)
{
	int ret;

	kms_screen_init(&dev, &screen, 0, W, H);
	kms_screen_add(&screen, screen.pipe->primary, fb, 0, 0);
	ret = kms_try_show(&dev, &screen, DRM_MODE_ATOMIC_ALLOW_MODESET |
			   DRM_MODE_ATOMIC_TEST_ONLY);
	igt_assert_eq(ret, kms_try_show(&dev, &screen, DRM_MODE_ATOMIC_ALLOW_MODESET));
	return ret;
}

static int try_export(const struct buffer *b)
{
	int dmabuf;

	if (drmPrimeHandleToFD(b->fd, b->handle, DRM_CLOEXEC | DRM_RDWR, &dmabuf))
		return errno;
	close(dmabuf);
	return 0;
}

/* A framebuffer of @b, which holds its picture. */
static void draw(struct kms_fb *fb, struct buffer *b, uint32_t seed)
{
	igt_assert_eq(kms_fb_wrap(&dev, fb, b->handle, W, H, W * 4, DRM_FORMAT_XRGB8888), 0);
	picture_draw(fb, seed);
	memcpy(b->map, fb->image, SMALL);
}

/* The handle is the buffer's. */
static void undraw(struct kms_fb *fb)
{
	fb->handle = 0;
	kms_fb_destroy(&dev, fb);
}

static void test_not_shown(void)
{
	struct buffer b;
	struct kms_fb fb;

	buffer_create(dev.fd, &b, SMALL);
	draw(&fb, &b, 1);
	igt_assert(advise(&b, DRM_VDC_MADV_DONTNEED));
	igt_assert_eq(try_show(&fb), EINVAL);
	igt_assert_eq(try_export(&b), EINVAL);
	igt_assert_eq_u32(buffer_info(&b).state, DRM_VDC_GEM_INFO_PURGEABLE);

	igt_assert(advise(&b, DRM_VDC_MADV_WILLNEED));
	crc_check(&dev, &screen);
	igt_assert_eq_u32(buffer_info(&b).state, DRM_VDC_GEM_INFO_PINNED);
	kms_all_off(&dev);
	igt_assert_eq_u32(buffer_info(&b).state, 0);

	igt_assert(advise(&b, DRM_VDC_MADV_DONTNEED));
	buffer_reclaim();
	check_purged(&b);
	igt_assert_eq(try_show(&fb), EINVAL);
	igt_assert_eq(try_export(&b), EINVAL);
	/* A mapping of before is dead, a new one as well. */
	munmap(b.map, b.size);
	b.map = NULL;
	igt_assert(buffer_try_map(&b) || !readable(b.map));
	undraw(&fb);
	buffer_destroy(&b);
}

/* What is on screen stays, until it is not on screen any more. */
static void test_shown_stays(void)
{
	struct buffer b, other;
	struct kms_fb fb, next;
	unsigned int count;

	buffer_create(dev.fd, &b, SMALL);
	draw(&fb, &b, 2);
	igt_assert_eq(try_show(&fb), 0);
	igt_assert(advise(&b, DRM_VDC_MADV_DONTNEED));
	igt_assert_eq_u32(buffer_info(&b).state,
			  DRM_VDC_GEM_INFO_PURGEABLE | DRM_VDC_GEM_INFO_PINNED);
	count = buffer_exhaust(dev.fd, list, MAX_BUFFERS, BUFFER_1080P);
	buffer_reclaim();
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	buffer_destroy_all(list, count);
	igt_assert(advise(&b, DRM_VDC_MADV_DONTNEED));

	buffer_create(dev.fd, &other, SMALL);
	draw(&next, &other, 3);
	igt_assert_eq(try_show(&next), 0);
	igt_assert_eq_u32(buffer_info(&b).state, DRM_VDC_GEM_INFO_PURGEABLE);
	buffer_reclaim();
	check_purged(&b);
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	kms_all_off(&dev);
	undraw(&next);
	undraw(&fb);
	buffer_destroy(&other);
	buffer_destroy(&b);
}

static void test_shared(void)
{
	struct kms_device other;
	struct buffer b, theirs = { 0 };
	int dmabuf;

	igt_assert(kms_try_open(&other, 0));
	buffer_create(dev.fd, &b, SMALL);
	dmabuf = prime_export(dev.fd, b.handle);
	theirs.fd = other.fd;
	igt_assert_eq(prime_import(other.fd, dmabuf, &theirs.handle), 0);
	close(dmabuf);
	igt_assert_eq(vdc_gem_madvise(b.fd, b.handle, DRM_VDC_MADV_DONTNEED, NULL), -EINVAL);
	igt_assert_eq(vdc_gem_madvise(theirs.fd, theirs.handle, DRM_VDC_MADV_DONTNEED, NULL),
		      -EINVAL);
	igt_assert_eq_u32(buffer_info(&b).state, DRM_VDC_GEM_INFO_SHARED);
	buffer_destroy(&theirs);
	buffer_destroy(&b);
	kms_close(&other);
}

static void test_imported(void)
{
	struct buffer b = { .fd = dev.fd };
	int dmabuf = heap_alloc(SMALL);

	igt_assert_eq(prime_import(dev.fd, dmabuf, &b.handle), 0);
	close(dmabuf);
	igt_assert_eq(vdc_gem_madvise(b.fd, b.handle, DRM_VDC_MADV_DONTNEED, NULL), -EINVAL);
	igt_assert_eq(vdc_gem_madvise(b.fd, b.handle, DRM_VDC_MADV_WILLNEED, NULL), -EINVAL);
	buffer_destroy(&b);
}

static void test_refused(void)
{
	struct drm_vdc_gem_madvise args = { .madv = DRM_VDC_MADV_DONTNEED, .pad = 1 };
	struct buffer b;

	buffer_create(dev.fd, &b, SMALL);
	igt_assert_eq(vdc_gem_madvise(b.fd, b.handle, 2, NULL), -EINVAL);
	igt_assert_eq(vdc_gem_madvise(b.fd, b.handle, ~0U, NULL), -EINVAL);
	igt_assert_eq(vdc_gem_madvise(b.fd, 0, DRM_VDC_MADV_DONTNEED, NULL), -ENOENT);
	igt_assert_eq(vdc_gem_madvise(b.fd, b.handle + 1000, DRM_VDC_MADV_DONTNEED, NULL),
		      -ENOENT);
	args.handle = b.handle;
	igt_assert_eq(drmIoctl(b.fd, DRM_IOCTL_VDC_GEM_MADVISE, &args) ? errno : 0, EINVAL);
	igt_assert_eq_u32(buffer_info(&b).state, 0);
	buffer_destroy(&b);
}

/* The kernel takes what is not needed, and nothing else. */
static void test_shrinker(void)
{
	uint64_t used = buffer_area_used();
	struct buffer needed;
	unsigned int i;

	buffer_create(dev.fd, &needed, BUFFER_1080P);
	buffer_fill(&needed, 77);
	make_idle(BUFFER_1080P);
	buffer_reclaim();
	for (i = 0; i < PURGEABLE; i++)
		check_purged(&idle[i]);
	buffer_check(&needed, 77);
	igt_assert_eq_u64(buffer_area_used(), used + BUFFER_1080P / BUFFER_PAGE);
	buffer_destroy_all(idle, PURGEABLE);
	buffer_destroy(&needed);
	igt_assert_eq_u64(buffer_area_used(), used);
}

/* Return: whether a byte of a page could be read through a new mapping. */
static bool map_and_read(struct buffer *b, unsigned int page, uint8_t *value)
{
	bool ok;

	if (buffer_try_map(b))
		return false;
	ok = can_read(b->map + page % (SMALL / BUFFER_PAGE) * BUFFER_PAGE, value);
	munmap(b->map, b->size);
	b->map = NULL;
	return ok;
}

/* One process maps and reads, another has the kernel purge: it reads its own, or SIGBUS. */
static void test_race(void)
{
	unsigned int round;
	struct buffer b;
	uint8_t value;

	igt_fork(child, 1) {
		for (;;)
			buffer_reclaim();
	}
	igt_fork(child, 1) {
		struct kms_device mine;
		struct buffer filler;

		igt_assert(kms_try_open(&mine, 0));
		for (;;) {
			buffer_create(mine.fd, &filler, SMALL);
			memset(filler.map, 0x55, filler.size);
			buffer_destroy(&filler);
		}
	}
	for (round = 0; round < RACE_ROUNDS; round++) {
		buffer_create(dev.fd, &b, SMALL);
		memset(b.map, 0xaa, b.size);
		munmap(b.map, b.size);
		b.map = NULL;
		advise(&b, DRM_VDC_MADV_DONTNEED);
		while (map_and_read(&b, round, &value)) {
			igt_assert_eq(value, 0xaa);
			advise(&b, DRM_VDC_MADV_WILLNEED);
			advise(&b, DRM_VDC_MADV_DONTNEED);
		}
		igt_assert_eq_u32(buffer_info(&b).backing, DRM_VDC_BACKING_NONE);
		buffer_destroy(&b);
	}
}

igt_main
{
	static uint64_t used;

	igt_fixture
		used = buffer_begin(&dev);

	igt_describe("Contents that nobody needs go before an allocation fails.");
	igt_subtest("when-needed")
		test_when_needed();

	igt_describe("What is needed again in time is kept, byte for byte.");
	igt_subtest("kept")
		test_kept();

	igt_describe("What is not needed, or gone, is not shown, not exported, not mapped.");
	igt_subtest("not-shown")
		test_not_shown();

	igt_describe("A buffer on screen is not purged, by CRC; off screen it is.");
	igt_subtest("shown-stays")
		test_shown_stays();

	igt_describe("An exported buffer takes no advice.");
	igt_subtest("shared")
		test_shared();

	igt_describe("An imported buffer takes no advice.");
	igt_subtest("imported")
		test_imported();

	igt_describe("Unknown advice, padding and handles are refused.");
	igt_subtest("refused")
		test_refused();

	igt_describe("The kernel's shrinkers take what is not needed and nothing else.");
	igt_subtest("shrinker")
		test_shrinker();

	igt_describe("Mapping and purging at the same time: the buffer's own bytes, or SIGBUS.");
	igt_subtest("race")
		test_race();

	igt_describe("The area's used pages are what they were at the start.");
	igt_subtest("returned")
		igt_assert_eq_u64(buffer_area_used(), used);

	igt_fixture
		kms_close(&dev);
}
