// SPDX-License-Identifier: MIT
/* The driver's own ioctls: what they give, what they refuse, what they tell of buffers. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_buffer.h"
#include "vdc_crc.h"
#include "vdc_param.h"
#include "vdc_picture.h"
#include "vdc_prime.h"
#include "vdc_unbind.h"

IGT_TEST_DESCRIPTION("Parameters, creation and inspection of buffers");

#define W		1920
#define H		1080
#define MAX_BUFFERS	256
#define NOBODY		65534
#define LONG_MS		"600000"	/* longer than any test */

static struct kms_device dev;
static struct kms_screen screen;
static struct buffer list[MAX_BUFFERS];

static uint64_t param_of(uint32_t param)
{
	uint64_t value;

	igt_assert_eq(vdc_gem_param(dev.fd, param, &value), 0);
	return value;
}

static void test_param(void)
{
	struct drm_vdc_get_param args = { .param = DRM_VDC_PARAM_PITCH_ALIGN, .pad = 1 };
	uint64_t align = param_of(DRM_VDC_PARAM_PITCH_ALIGN), size, value;
	uint32_t handle, pitch;

	igt_assert(align && !(align & (align - 1)));
	igt_assert_eq(drmModeCreateDumbBuffer(dev.fd, 1, 1, 8, 0, &handle, &pitch, &size), 0);
	igt_assert_eq_u64(pitch, align);
	igt_assert_eq(drmCloseBufferHandle(dev.fd, handle), 0);
	align = param_of(DRM_VDC_PARAM_ADDR_ALIGN);
	igt_assert(align && !(align & (align - 1)));
	igt_assert_eq_u64(param_of(DRM_VDC_PARAM_CREATE_FLAGS), 0);

	igt_assert_eq(vdc_gem_param(dev.fd, 0, &value), -EINVAL);
	igt_assert_eq(vdc_gem_param(dev.fd, ~0U, &value), -EINVAL);
	igt_assert_eq(drmIoctl(dev.fd, DRM_IOCTL_VDC_GET_PARAM, &args) ? errno : 0, EINVAL);
}

static void test_create(void)
{
	static const struct {
		uint64_t asked, given;
	} sizes[] = {
		{ 1, BUFFER_PAGE },
		{ BUFFER_PAGE, BUFFER_PAGE },
		{ BUFFER_PAGE + 1, 2 * BUFFER_PAGE },
		{ BUFFER_1080P, BUFFER_1080P },
	};
	struct kms_fb fb;
	struct buffer b;
	unsigned int i;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		buffer_create(dev.fd, &b, sizes[i].asked);
		igt_assert_eq_u64(b.size, sizes[i].given);
		igt_assert_eq_u64(buffer_info(&b).size, sizes[i].given);
		buffer_check_zero(&b);
		buffer_fill(&b, i);
		buffer_check(&b, i);
		buffer_destroy(&b);
	}

	/* It is as good as a dumb one. */
	buffer_create(dev.fd, &b, BUFFER_1080P);
	igt_assert_eq(kms_fb_wrap(&dev, &fb, b.handle, W, H, W * 4, DRM_FORMAT_XRGB8888), 0);
	picture_draw(&fb, 1);
	memcpy(b.map, fb.image, BUFFER_1080P);
	kms_screen_init(&dev, &screen, 0, W, H);
	kms_screen_add(&screen, screen.pipe->primary, &fb, 0, 0);
	crc_check(&dev, &screen);
	igt_assert_eq_u32(buffer_info(&b).state, DRM_VDC_GEM_INFO_PINNED);
	kms_all_off(&dev);
	fb.handle = 0;
	kms_fb_destroy(&dev, &fb);
	buffer_destroy(&b);
}

static int create_flags(uint64_t size, uint32_t flags)
{
	uint32_t handle;

	return vdc_gem_create(dev.fd, &size, flags, &handle);
}

/* What can never be is refused, and nobody loses anything for it. */
static void test_create_refused(void)
{
	struct buffer idle;
	bool retained;

	buffer_create(dev.fd, &idle, BUFFER_1080P);
	igt_assert_eq(vdc_gem_madvise(dev.fd, idle.handle, DRM_VDC_MADV_DONTNEED, NULL), 0);
	igt_assert_eq(create_flags(0, 0), -EINVAL);
	igt_assert_eq(create_flags(UINT64_MAX, 0), -EINVAL);
	igt_assert_eq(create_flags(UINT64_MAX - BUFFER_PAGE + 1, 0), -EINVAL);
	igt_assert_eq(create_flags(BUFFER_PAGE, 1), -EINVAL);
	igt_assert_eq(create_flags(BUFFER_PAGE, 1U << 31), -EINVAL);
	igt_assert_eq(create_flags(1ULL << 62, 0), -ENOMEM);
	igt_assert_eq(create_flags(1ULL << 44, 0), -ENOMEM);
	igt_assert_eq(create_flags(1ULL << 36, 0), -ENOMEM);
	igt_assert_eq(vdc_gem_madvise(dev.fd, idle.handle, DRM_VDC_MADV_WILLNEED, &retained), 0);
	igt_assert(retained);
	buffer_destroy(&idle);
}

/* Structures of an older program are shorter; the kernel writes no more than that. */
static void test_short_struct(void)
{
	struct {
		uint32_t handle, flags;
		uint64_t size, beyond;
	} args = { .beyond = 0x0123456789abcdefULL };
	struct buffer b;

	buffer_create(dev.fd, &b, BUFFER_PAGE);
	args.handle = b.handle;
	igt_assert_eq(drmIoctl(dev.fd, _IOC(_IOC_READ | _IOC_WRITE, DRM_IOCTL_BASE,
					    DRM_COMMAND_BASE + DRM_VDC_GEM_INFO, 16), &args), 0);
	igt_assert_eq_u64(args.size, b.size);
	igt_assert_eq_u64(args.beyond, 0x0123456789abcdefULL);
	buffer_destroy(&b);
}

/* Return: whether debugfs lists a buffer at that address. */
static bool listed(uint64_t addr)
{
	char path[128], line[160];
	unsigned long long found;
	bool known = false;
	FILE *f;

	f = fopen(kms_debugfs(&dev, "gem", path), "re");
	igt_assert(f);
	while (!known && fgets(line, sizeof(line), f))
		known = sscanf(line, "%llx", &found) == 1 && found == addr;
	fclose(f);
	return known;
}

static void test_info(void)
{
	struct drm_vdc_gem_info info;
	struct buffer b, page;
	int dmabuf;

	buffer_create(dev.fd, &b, BUFFER_1080P);
	info = buffer_info(&b);
	igt_assert_eq_u32(info.backing, DRM_VDC_BACKING_CMA);
	igt_assert_eq_u32(info.state, 0);
	igt_assert_eq_u32(info.flags, 0);
	igt_assert(info.dma_addr && listed(info.dma_addr));
	dmabuf = prime_export(dev.fd, b.handle);
	close(dmabuf);
	igt_assert_eq_u32(buffer_info(&b).state, DRM_VDC_GEM_INFO_SHARED);

	/* One page comes from anywhere. */
	buffer_create(dev.fd, &page, 1);
	igt_assert_eq_u32(buffer_info(&page).backing, DRM_VDC_BACKING_PAGES);
	igt_assert_eq(vdc_gem_info(dev.fd, 0, &info), -ENOENT);
	igt_assert_eq(vdc_gem_info(dev.fd, page.handle + 1000, &info), -ENOENT);

	igt_fork(child, 1) {
		igt_assert_eq(setuid(NOBODY), 0);
		info = buffer_info(&b);
		igt_assert_eq_u32(info.backing, DRM_VDC_BACKING_CMA);
		igt_assert_eq_u64(info.dma_addr, 0);
	}
	igt_waitchildren();
	buffer_destroy(&page);
	buffer_destroy(&b);
}

static void test_info_imported(void)
{
	struct buffer b = { .fd = dev.fd };
	int dmabuf = heap_alloc(BUFFER_1080P);

	igt_assert_eq(prime_import(dev.fd, dmabuf, &b.handle), 0);
	close(dmabuf);
	igt_assert_eq_u32(buffer_info(&b).backing, DRM_VDC_BACKING_IMPORTED);
	igt_assert_eq_u64(buffer_info(&b).size, BUFFER_1080P);
	buffer_destroy(&b);
}

/* A value of the device file's fdinfo, in bytes. */
static uint64_t client_bytes(const char *key)
{
	char path[64], line[128], found[64], unit[8];
	unsigned long long value = 0;
	bool known = false;
	int fields;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", dev.fd);
	f = fopen(path, "re");
	igt_assert(f);
	while (!known && fgets(line, sizeof(line), f)) {
		fields = sscanf(line, "%63[^:]: %llu %7s", found, &value, unit);
		known = fields >= 2 && !strcmp(found, key);
		if (known && fields == 3)
			value <<= !strcmp(unit, "MiB") ? 20 : 10;
	}
	fclose(f);
	igt_assert_f(known, "no %s in %s\n", key, path);
	return value;
}

static void test_fdinfo(void)
{
	uint64_t total = client_bytes("drm-total-memory");
	struct buffer b, idle;

	buffer_create(dev.fd, &b, BUFFER_1080P);
	buffer_create(dev.fd, &idle, BUFFER_PAGE);
	igt_assert_eq_u64(client_bytes("drm-total-memory"), total + BUFFER_1080P + BUFFER_PAGE);
	igt_assert_eq_u64(client_bytes("drm-resident-memory"), total + BUFFER_1080P + BUFFER_PAGE);
	igt_assert_eq_u64(client_bytes("drm-purgeable-memory"), 0);
	igt_assert_eq(vdc_gem_madvise(dev.fd, idle.handle, DRM_VDC_MADV_DONTNEED, NULL), 0);
	igt_assert_eq_u64(client_bytes("drm-purgeable-memory"), BUFFER_PAGE);
	buffer_reclaim();
	igt_assert_eq_u64(client_bytes("drm-purgeable-memory"), 0);
	igt_assert_eq_u64(client_bytes("drm-resident-memory"), total + BUFFER_1080P);
	igt_assert_eq_u64(client_bytes("drm-total-memory"), total + BUFFER_1080P + BUFFER_PAGE);
	buffer_destroy(&idle);
	buffer_destroy(&b);
	igt_assert_eq_u64(client_bytes("drm-total-memory"), total);
}

/* All sizes, some not needed, one gone, one shared, one that is a framebuffer. */
static void hold_everything(int fd)
{
	static struct buffer mine[12];
	struct kms_device same = dev;
	struct kms_fb fb;
	unsigned int i;

	same.fd = fd;
	for (i = 0; i < 12; i++) {
		buffer_create(fd, &mine[i], i % 3 ? i * 5 * BUFFER_PAGE : BUFFER_1080P);
		buffer_fill(&mine[i], i);
	}
	igt_assert_eq(vdc_gem_madvise(fd, mine[0].handle, DRM_VDC_MADV_DONTNEED, NULL), 0);
	buffer_reclaim();
	for (i = 1; i < 6; i++)
		igt_assert_eq(vdc_gem_madvise(fd, mine[i].handle, DRM_VDC_MADV_DONTNEED, NULL), 0);
	prime_export(fd, mine[7].handle);
	igt_assert_eq(kms_fb_wrap(&same, &fb, mine[9].handle, W, H, W * 4, DRM_FORMAT_XRGB8888),
		      0);
}

static void test_death(void)
{
	uint64_t used = buffer_area_used();
	struct kms_device other;
	int ready[2], status;
	pid_t child;
	char byte;

	igt_assert_eq(pipe(ready), 0);
	child = fork();
	igt_assert(child >= 0);
	if (!child) {
		if (!kms_try_open(&other, 0))
			_exit(1);
		hold_everything(other.fd);
		_exit(write(ready[1], "", 1) == 1 ? pause() : 1);
	}
	close(ready[1]);
	igt_assert_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	igt_assert_lt_s64(used, buffer_area_used());
	igt_assert_eq(kill(child, SIGKILL), 0);
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert_eq_u64(buffer_area_used(), used);
}

/* Records of the kernel log after that of @fd's position that say what no allocation could get. */
static unsigned int complaints(int fd)
{
	unsigned int count = 0;
	char record[8192];
	ssize_t n;

	while ((n = read(fd, record, sizeof(record) - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		record[n] = 0;
		count += !!strstr(record, "no contiguous memory for 8294400 bytes");
	}
	return count;
}

static void test_complaint(void)
{
	unsigned int count, said, i;
	struct buffer b;
	int log;

	log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	igt_require_f(log >= 0, "no /dev/kmsg\n");
	/* There is no room to be made, and to find that out takes a while each time. */
	param_set("move_mb", "0");
	/* Nothing was said for so long that the limit begins anew. */
	sleep(6);
	lseek(log, 0, SEEK_END);
	count = buffer_exhaust(dev.fd, list, MAX_BUFFERS, BUFFER_1080P);
	igt_assert_eq(complaints(log), 1);
	for (i = 0; i < 200; i++)
		igt_assert_eq(buffer_try_create(dev.fd, &b, BUFFER_1080P), ENOMEM);
	said = complaints(log);
	igt_info("%u of 200 failures were reported\n", said);
	igt_assert_lt(said, 200);
	buffer_destroy_all(list, count);
	close(log);
}

/* Buffers in every state when the device goes: one that others may have stays, the rest goes. */
static void test_unbind(void)
{
	uint64_t used = buffer_area_used(), held;
	struct buffer b, idle, shared, freed;
	struct unbind unbind;
	int dmabuf;

	igt_require_f(unbind_find(&unbind, dev.minor), "no driver in sysfs\n");
	param_set("pool_mb", "64");
	param_set("pool_ms", LONG_MS);
	buffer_create(dev.fd, &b, BUFFER_1080P);
	buffer_create(dev.fd, &idle, BUFFER_1080P);
	igt_assert_eq(vdc_gem_madvise(dev.fd, idle.handle, DRM_VDC_MADV_DONTNEED, NULL), 0);
	buffer_create(dev.fd, &shared, BUFFER_1080P);
	buffer_fill(&shared, 6);
	dmabuf = prime_export(dev.fd, shared.handle);
	buffer_create(dev.fd, &freed, 40 * BUFFER_PAGE);
	buffer_destroy(&freed);
	igt_assert_lt_s64(0, buffer_counter(&dev, "pool_bytes"));

	igt_assert_eq(unbind_device(&unbind), 0);
	held = buffer_area_used();
	igt_assert_lte_s64(held, used + BUFFER_1080P / BUFFER_PAGE);
	buffer_check(&shared, 6);
	/* Who draws lives, into nothing. */
	buffer_fill(&b, 7);
	buffer_reclaim();
	igt_assert_eq_u64(buffer_area_used(), held);
	munmap(b.map, b.size);
	munmap(idle.map, idle.size);
	munmap(shared.map, shared.size);
	kms_close(&dev);
	igt_assert_eq_u64(buffer_area_used(), held);
	close(dmabuf);
	igt_assert_eq_u64(buffer_area_used(), held - BUFFER_1080P / BUFFER_PAGE);

	igt_assert_eq(bind_device(&unbind), 0);
	kms_open(&dev, 0);
	param_set("pool_mb", "0");
	test_create();
}

igt_main
{
	static uint64_t used;

	igt_fixture
		used = buffer_begin(&dev);

	igt_describe("Parameters fit the device; others and padding are refused.");
	igt_subtest("get-param")
		test_param();

	igt_describe("Buffers of one byte to a screen: whole pages, zeros, mapped, shown by CRC.");
	igt_subtest("create")
		test_create();

	igt_describe("Sizes that cannot be and flags that are not are refused, at nobody's cost.");
	igt_subtest("create-refused")
		test_create_refused();

	igt_describe("The kernel understands a shorter structure.");
	igt_subtest("short-struct")
		test_short_struct();

	igt_describe("GEM_INFO says where a buffer is, the bus address to administrators alone.");
	igt_subtest("info")
		test_info();

	igt_describe("GEM_INFO of an imported buffer.");
	igt_subtest("info-imported")
		test_info_imported();

	igt_describe("fdinfo adds up what a client has, what is there of it, what may go.");
	igt_subtest("fdinfo")
		test_fdinfo();

	igt_describe("A process that is killed gives back buffers in every state.");
	igt_subtest("process-death")
		test_death();

	igt_describe("The kernel log has a line for a failure, not one for each of hundreds.");
	igt_subtest("complaint")
		test_complaint();

	igt_describe("Unbound and bound again with memory in the pool and buffers in every state.");
	igt_subtest("unbind")
		test_unbind();

	igt_describe("The area's used pages are what they were at the start.");
	igt_subtest("returned")
		igt_assert_eq_u64(buffer_area_used(), used);

	igt_fixture
		kms_close(&dev);
}
