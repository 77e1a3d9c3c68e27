// SPDX-License-Identifier: MIT
/* Buffers that are shared: how long they live, who may have them, and what is in them. */
#include <errno.h>
#include <linux/dma-buf.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_cma_area.h"
#include "vdc_crc.h"
#include "vdc_param.h"
#include "vdc_picture.h"
#include "vdc_prime.h"

IGT_TEST_DESCRIPTION("DMA-BUFs that a VDC device exports and imports");

#define W	640
#define H	480

static struct kms_device dev;
static struct kms_screen screen;

/* Framebuffer of an imported handle with @image's picture in it. */
static void wrap(struct kms_fb *fb, uint32_t handle, uint32_t seed)
{
	int ret = kms_fb_wrap(&dev, fb, handle, W, H, W * 4, DRM_FORMAT_XRGB8888);

	igt_assert_f(!ret, "framebuffer of an imported buffer: %s\n", strerror(ret));
	picture_draw(fb, seed);
}

static void check_on_screen(struct kms_fb *fb)
{
	kms_screen_init(&dev, &screen, 0, W, H);
	kms_screen_add(&screen, screen.pipe->primary, fb, 0, 0);
	crc_check(&dev, &screen);
}

static void check_content(int dmabuf, const struct kms_fb *fb)
{
	size_t size;
	void *map = prime_map(dmabuf, &size);

	igt_assert_eq(prime_sync(dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ), 0);
	igt_assert_f(!memcmp(map, fb->image, (size_t)fb->pitch * fb->height),
		     "the DMA-BUF does not hold what was drawn\n");
	igt_assert_eq(prime_sync(dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ), 0);
	munmap(map, size);
}

/* A buffer outlives its handle through a DMA-BUF, and on screen through its framebuffer. */
static void test_gem_close(void)
{
	struct kms_fb fb;
	int dmabuf;

	kms_fb_create(&dev, &fb, W, H, DRM_FORMAT_XRGB8888);
	picture_draw(&fb, 1);
	dmabuf = prime_export(dev.fd, fb.handle);
	check_on_screen(&fb);
	munmap(fb.map, fb.size);
	fb.map = NULL;
	igt_assert_eq(drmCloseBufferHandle(dev.fd, fb.handle), 0);
	fb.handle = 0;
	check_content(dmabuf, &fb);
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	/* Writing through what is left reaches the screen. */
	picture_draw(&fb, 2);
	prime_fill(dmabuf, fb.image, W * H * 4);
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	close(dmabuf);
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

/* The exporter dies by SIGKILL; its buffer is still there and can be shown. */
static void test_process_death(void)
{
	struct kms_device other;
	struct kms_fb fb, mine;
	int pair[2], dmabuf, status;
	uint32_t handle;
	pid_t child;

	igt_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	child = fork();
	igt_assert(child >= 0);
	if (!child) {
		if (!kms_try_open(&other, 0))
			_exit(1);
		kms_fb_create(&other, &fb, W, H, DRM_FORMAT_XRGB8888);
		picture_draw(&fb, 3);
		socket_send_fd(pair[1], prime_export(other.fd, fb.handle));
		pause();
		_exit(1);
	}
	close(pair[1]);
	dmabuf = socket_recv_fd(pair[0]);
	igt_assert_eq(kill(child, SIGKILL), 0);
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert(WIFSIGNALED(status));
	close(pair[0]);

	igt_assert_eq(prime_import(dev.fd, dmabuf, &handle), 0);
	wrap(&mine, handle, 3);
	check_content(dmabuf, &mine);
	check_on_screen(&mine);
	close(dmabuf);
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &mine);
}

static void test_self_import(void)
{
	struct kms_device other;
	uint32_t handle;
	struct kms_fb fb;
	int dmabuf;
	size_t size;

	kms_fb_create(&dev, &fb, W, H, DRM_FORMAT_XRGB8888);
	picture_draw(&fb, 4);
	dmabuf = prime_export(dev.fd, fb.handle);
	igt_assert_eq(prime_import(dev.fd, dmabuf, &handle), 0);
	igt_assert_eq(handle, fb.handle);
	munmap(prime_map(dmabuf, &size), fb.size);
	igt_assert_eq_u64(size, fb.size);

	/* In another file of the same device it is the same memory under a handle of its own. */
	igt_assert(kms_try_open(&other, 0));
	igt_assert_eq(prime_import(other.fd, dmabuf, &handle), 0);
	close(dmabuf);
	dmabuf = prime_export(other.fd, handle);
	kms_fb_destroy(&dev, &fb);
	kms_fb_create(&dev, &fb, W, H, DRM_FORMAT_XRGB8888);
	picture_draw(&fb, 4);
	check_content(dmabuf, &fb);
	close(dmabuf);
	kms_close(&other);
	kms_fb_destroy(&dev, &fb);
}

static void test_mmap_sync(void)
{
	struct kms_fb fb;
	int dmabuf;

	kms_fb_create(&dev, &fb, W, H, DRM_FORMAT_XRGB8888);
	picture_draw(&fb, 5);
	dmabuf = prime_export(dev.fd, fb.handle);
	check_content(dmabuf, &fb);
	picture_draw(&fb, 6);
	prime_fill(dmabuf, fb.image, W * H * 4);
	igt_assert_eq(memcmp(fb.map, fb.image, W * H * 4), 0);
	check_on_screen(&fb);
	igt_assert_eq(prime_sync(dmabuf, 0), EINVAL);
	igt_assert_eq(prime_sync(dmabuf, 0xff), EINVAL);
	close(dmabuf);
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

static void test_heap(void)
{
	uint32_t handle;
	struct kms_fb fb;
	int dmabuf = heap_alloc(W * H * 4);
	int ret = prime_import(dev.fd, dmabuf, &handle);

	igt_assert_f(!ret, "import of a contiguous buffer: %s\n", strerror(ret));
	wrap(&fb, handle, 7);
	prime_fill(dmabuf, fb.image, W * H * 4);
	check_on_screen(&fb);
	close(dmabuf);
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

/* Pagemap says what must happen: contiguous memory is taken, scattered memory is EINVAL. */
static void test_udmabuf(void)
{
	static const size_t sizes[] = { 1, 2, 4, 16, 300, 1024 };
	unsigned int scattered = 0, contiguous = 0, i;
	uint32_t handle;
	int dmabuf, ret;
	bool lucky;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		dmabuf = udmabuf_alloc(sizes[i], &lucky);
		ret = prime_import(dev.fd, dmabuf, &handle);
		igt_info("%zu pages, %s: %s\n", sizes[i], lucky ? "contiguous" : "scattered",
			 strerror(ret));
		igt_assert_eq(ret, lucky ? 0 : EINVAL);
		if (!ret)
			igt_assert_eq(drmCloseBufferHandle(dev.fd, handle), 0);
		close(dmabuf);
		scattered += !lucky;
		contiguous += lucky;
	}
	igt_assert_lt(0, contiguous);
	igt_require_f(scattered, "every memfd happened to be contiguous\n");
}

static int open_vgem(void)
{
	int fd = kms_open_driver("vgem");

	if (fd < 0 && !system("modprobe -q vgem"))
		fd = kms_open_driver("vgem");
	igt_require_f(fd >= 0, "no vgem\n");
	return fd;
}

static void test_export_vgem(void)
{
	int vgem = open_vgem(), dmabuf, back;
	uint32_t handle;
	struct kms_fb fb;

	kms_fb_create(&dev, &fb, W, H, DRM_FORMAT_XRGB8888);
	picture_draw(&fb, 8);
	dmabuf = prime_export(dev.fd, fb.handle);
	igt_assert_eq(prime_import(vgem, dmabuf, &handle), 0);
	close(dmabuf);
	/* What vgem gives on is our memory. */
	back = prime_export(vgem, handle);
	check_content(back, &fb);
	picture_draw(&fb, 9);
	memset(fb.map, 0, fb.size);
	prime_fill(back, fb.image, W * H * 4);
	check_on_screen(&fb);
	close(back);
	close(vgem);
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

/* vgem's memory is shmem: one page is contiguous, a screenful is not. */
static void test_import_vgem(void)
{
	int vgem = open_vgem(), dmabuf, ret;
	uint32_t theirs, handle, pitch;
	uint64_t size;

	igt_assert_eq(drmModeCreateDumbBuffer(vgem, 32, 32, 32, 0, &theirs, &pitch, &size), 0);
	igt_assert_eq_u64(size, 4096);
	dmabuf = prime_export(vgem, theirs);
	ret = prime_import(dev.fd, dmabuf, &handle);
	igt_assert_f(!ret, "one page is contiguous: %s\n", strerror(ret));
	close(dmabuf);
	igt_assert_eq(drmCloseBufferHandle(dev.fd, handle), 0);

	igt_assert_eq(drmModeCreateDumbBuffer(vgem, 1920, 1080, 32, 0, &theirs, &pitch, &size), 0);
	dmabuf = prime_export(vgem, theirs);
	ret = prime_import(dev.fd, dmabuf, &handle);
	igt_assert_f(ret == EINVAL, "2025 shmem pages: %s, expected EINVAL\n", strerror(ret));
	close(dmabuf);
	close(vgem);
}

static void test_second_device(void)
{
	struct kms_device second;
	struct kms_screen there;
	struct kms_fb fb, theirs;
	uint32_t handle;
	int dmabuf;

	igt_require_f(kms_try_open(&second, 1), "needs a second VDC device\n");
	kms_fb_create(&dev, &fb, W, H, DRM_FORMAT_XRGB8888);
	picture_draw(&fb, 10);
	dmabuf = prime_export(dev.fd, fb.handle);
	igt_assert_eq(prime_import(second.fd, dmabuf, &handle), 0);
	close(dmabuf);
	igt_assert_eq(kms_fb_wrap(&second, &theirs, handle, W, H, fb.pitch, DRM_FORMAT_XRGB8888),
		      0);
	picture_draw(&theirs, 10);
	kms_screen_init(&second, &there, 0, W, H);
	kms_screen_add(&there, there.pipe->primary, &theirs, 0, 0);
	crc_check(&second, &there);
	kms_fb_destroy(&dev, &fb);
	igt_assert_eq_u32(crc_of_screen(&second, there.pipe), picture_crc(&there));
	kms_all_off(&second);
	kms_fb_destroy(&second, &theirs);
	kms_close(&second);
}

/* All of the above gave back what they took. */
static void test_returned(uint64_t used_before)
{
	struct cma_area area;

	igt_require_f(cma_area_read(&area), "no CMA area in debugfs\n");
	cma_area_free(&area);
	igt_assert_eq_u64(area.used, used_before);
}

igt_main
{
	static uint64_t used;

	igt_fixture {
		struct cma_area area;

		kms_open(&dev, 0);
		param_set("pool_mb", "0");
		kms_all_off(&dev);
		if (cma_area_read(&area))
			used = area.used;
		cma_area_free(&area);
	}

	igt_describe("A buffer lives on in its DMA-BUF and on screen after GEM close.");
	igt_subtest("gem-close")
		test_gem_close();

	igt_describe("A buffer outlives its exporter, which died by SIGKILL.");
	igt_subtest("process-death")
		test_process_death();

	igt_describe("Import of the device's own DMA-BUF gives the same handle, the same memory.");
	igt_subtest("self-import")
		test_self_import();

	igt_describe("mmap of a DMA-BUF with the SYNC ioctl: what is written is what is shown.");
	igt_subtest("mmap-sync")
		test_mmap_sync();

	igt_describe("A buffer of the CMA heap is accepted and shown.");
	igt_subtest("heap")
		test_heap();

	igt_describe("Anonymous memory is accepted when it is contiguous, EINVAL when not.");
	igt_subtest("udmabuf")
		test_udmabuf();

	igt_describe("vgem imports our buffer and gives it on; what is written there is shown.");
	igt_subtest("export-vgem")
		test_export_vgem();

	igt_describe("From vgem one page is accepted, a screenful of scattered pages refused.");
	igt_subtest("import-vgem")
		test_import_vgem();

	igt_describe("A second VDC device shows a buffer of the first.");
	igt_subtest("second-device")
		test_second_device();

	igt_describe("The CMA area's used pages are what they were at the start.");
	igt_subtest("returned")
		test_returned(used);

	igt_fixture
		kms_close(&dev);
}
