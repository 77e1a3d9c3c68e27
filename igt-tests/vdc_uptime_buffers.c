// SPDX-License-Identifier: MIT
/* The buffers of a long run. */
#include <errno.h>
#include <linux/dma-buf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_crc.h"
#include "vdc_picture.h"
#include "vdc_prime.h"
#include "vdc_uptime_buffers.h"
#include "vdc_uptime_pattern.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof(*(a)))
#define PAGE		4096u
#define LONG_LIVED	4	/* slots whose buffers stay for the whole run, if they are small */
#define LONG_BYTES	(1u << 20)
#define MAX_LIFE	11	/* a life is up to 2^MAX_LIFE steps */

static const struct {
	uint16_t w, h;
} sizes[] = {
	{ 32, 32 }, { 64, 64 }, { 128, 128 }, { 256, 256 },	/* cursors */
	{ 33, 777 }, { 1, 1 }, { 320, 240 }, { 1920, 27 },
	{ 640, 480 }, { 800, 600 }, { 1024, 768 }, { 1280, 720 },
	{ 1920, 1080 }, { 1920, 1080 }, { 1920, 1200 }, { 2560, 1440 },
	{ 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 },			/* any size */
};

static const uint32_t formats[] = {
	DRM_FORMAT_XRGB8888, DRM_FORMAT_XRGB8888, DRM_FORMAT_XBGR8888, DRM_FORMAT_ARGB8888,
	DRM_FORMAT_RGB565, DRM_FORMAT_XRGB2101010,
};

static unsigned int below(struct population *p, unsigned int n)
{
	return cma_random_below(&p->random, n);
}

static bool one_in(struct population *p, unsigned int n)
{
	return !below(p, n);
}

void population_begin(struct population *p, struct kms_device *dev, uint64_t seed)
{
	memset(p, 0, sizeof(*p));
	p->dev = dev;
	p->random.state = seed;
	p->again = kms_open_driver("vdc");
	igt_assert(p->again >= 0);
	p->foreign = kms_open_driver("vgem");
	if (p->foreign < 0)
		p->foreign = kms_open_driver("vkms");
	if (p->foreign < 0)
		igt_info("neither vgem nor vkms: no other driver imports the buffers\n");
}

/* A wrong pattern is told with its place, and counted. */
static void check_words(struct population *p, const void *map, size_t from, size_t bytes,
			const struct held_buffer *b, const char *how)
{
	long long wrong = pattern_wrong(map, from, bytes, b->seed);

	p->counts.checked++;
	if (wrong == PATTERN_RIGHT)
		return;
	p->counts.wrong++;
	igt_warn("buffer %u, %ux%u, %llu bytes: wrong word %#x at %lld, seen %s\n", b->seed,
		 b->fb.width, b->fb.height, (unsigned long long)b->fb.size,
		 ((const uint32_t *)map)[wrong / 4], wrong, how);
}

static void check_own(struct population *p, const struct held_buffer *b)
{
	check_words(p, b->fb.map, 0, b->fb.size, b, "through its own mapping");
}

/* Map @size bytes of what @fd shows at @offset and compare; no memory for a mapping is no error. */
static void check_mapped(struct population *p, int fd, uint64_t offset, const struct held_buffer *b,
			 const char *how)
{
	void *map = mmap(NULL, b->fb.size, PROT_READ, MAP_SHARED, fd, offset);

	if (map == MAP_FAILED) {
		igt_assert_f(errno == ENOMEM, "mapping a buffer %s: %s\n", how, strerror(errno));
		p->counts.failed++;
		return;
	}
	check_words(p, map, 0, b->fb.size, b, how);
	munmap(map, b->fb.size);
}

static void check_again(struct population *p, const struct held_buffer *b)
{
	uint64_t offset;

	igt_assert_eq(drmModeMapDumbBuffer(p->again, b->again, &offset), 0);
	check_mapped(p, p->again, offset, b, "through another file of the device");
}

/* What the other driver gives on must be our memory. */
static void check_foreign(struct population *p, const struct held_buffer *b)
{
	int dmabuf = prime_export(p->foreign, b->foreign);

	check_mapped(p, dmabuf, 0, b, "through another driver's DMA-BUF");
	close(dmabuf);
}

static void check_in_peer(struct population *p, const struct held_buffer *b)
{
	int ret = peer_check(&p->peer, b->dmabuf, b->seed);

	p->counts.imported += !ret;
	p->counts.failed += ret == ENOMEM;
	p->counts.checked += ret != ENOMEM;
	if (ret != EILSEQ)
		return;
	p->counts.wrong++;
	igt_warn("buffer %u, %ux%u: wrong in another process\n", b->seed, b->fb.width,
		 b->fb.height);
}

/* Import into another file. Return: the handle, 0: no memory. */
static uint32_t import(struct population *p, int fd, const struct held_buffer *b)
{
	uint32_t handle = 0;
	int ret = prime_import(fd, b->dmabuf, &handle);

	igt_assert_f(!ret || ret == ENOMEM, "another file takes no buffer of ours: %s\n",
		     strerror(ret));
	p->counts.imported += !ret;
	p->counts.failed += ret != 0;
	return ret ? 0 : handle;
}

static void share(struct population *p, struct held_buffer *b)
{
	b->dmabuf = prime_export(p->dev->fd, b->fb.handle);
	igt_assert_eq(ioctl(b->dmabuf, DMA_BUF_SET_NAME, POPULATION_NAME), 0);
	p->counts.exported++;
	if (!one_in(p, 4))
		b->again = import(p, p->again, b);
	if (p->foreign >= 0 && one_in(p, 2))
		b->foreign = import(p, p->foreign, b);
}

static void look(struct population *p, const struct held_buffer *b)
{
	unsigned int how = below(p, 4);

	if (how == 0 && b->again)
		check_again(p, b);
	else if (how == 1 && b->foreign)
		check_foreign(p, b);
	else if (how == 2 && b->dmabuf >= 0)
		check_in_peer(p, b);
	else
		check_own(p, b);
}

static void let_go(struct population *p, struct held_buffer *b)
{
	if (b->dmabuf >= 0)
		close(b->dmabuf);
	if (b->again)
		igt_assert_eq(drmCloseBufferHandle(p->again, b->again), 0);
	if (b->foreign)
		igt_assert_eq(drmCloseBufferHandle(p->foreign, b->foreign), 0);
	p->bytes -= b->fb.size;
	kms_fb_destroy(p->dev, &b->fb);
}

/* Return: 0 or the errno. */
static int map_whole(struct population *p, struct kms_fb *fb)
{
	uint64_t offset;

	if (drmModeMapDumbBuffer(p->dev->fd, fb->handle, &offset))
		return errno;
	fb->map = mmap(NULL, fb->size, PROT_READ | PROT_WRITE, MAP_SHARED, p->dev->fd, offset);
	if (fb->map != MAP_FAILED)
		return 0;
	fb->map = NULL;
	return errno;
}

/* A framebuffer whose lines are @pad pixels further apart than they must be. */
static int create(struct population *p, struct kms_fb *fb, uint32_t w, uint32_t h, uint32_t pad,
		  uint32_t format)
{
	uint32_t handle, pitch;
	uint64_t size;
	int ret;

	memset(fb, 0, sizeof(*fb));
	if (drmModeCreateDumbBuffer(p->dev->fd, w + pad, h, kms_bpp(format) * 8, 0, &handle,
				    &pitch, &size))
		return errno;
	ret = kms_fb_wrap(p->dev, fb, handle, w, h, pitch, format);
	fb->size = size;
	ret = ret ? ret : map_whole(p, fb);
	if (ret)
		kms_fb_destroy(p->dev, fb);
	return ret;
}

/* Many die young, some live for many bursts. */
static uint64_t life(struct population *p, unsigned int slot, uint64_t bytes)
{
	if (slot < LONG_LIVED && bytes <= LONG_BYTES)
		return UINT64_MAX;
	return 1 + cma_random_below(&p->random, 1u << (1 + below(p, MAX_LIFE)));
}

/* A random one of those that are held, NULL: there is none. */
static struct held_buffer *pick(struct population *p)
{
	unsigned int start = below(p, POPULATION_SLOTS);

	for (unsigned int i = 0; i < POPULATION_SLOTS; i++) {
		struct held_buffer *b = &p->slot[(start + i) % POPULATION_SLOTS];

		if (b->fb.handle)
			return b;
	}
	return NULL;
}

static void death(struct population *p, struct held_buffer *b)
{
	check_own(p, b);
	let_go(p, b);
}

/* Whether there is room for @bytes more; one buffer may have to go for it. */
static bool make_room(struct population *p, uint64_t bytes)
{
	struct held_buffer *b = p->bytes + bytes > POPULATION_BYTES ? pick(p) : NULL;

	if (b && b->dies != UINT64_MAX)
		death(p, b);
	return p->bytes + bytes <= POPULATION_BYTES;
}

static void birth(struct population *p, unsigned int slot)
{
	struct held_buffer *b = &p->slot[slot];
	unsigned int size = below(p, ARRAY_SIZE(sizes));
	uint32_t w = sizes[size].w, h = sizes[size].h, pad, format;
	int ret;

	w = w ? w : 1 + below(p, 1920);
	h = h ? h : 1 + below(p, 1080);
	pad = one_in(p, 3) ? 1 + below(p, 64) : 0;
	format = formats[below(p, ARRAY_SIZE(formats))];
	if (!make_room(p, (uint64_t)(w + pad + 16) * h * 4))
		return;
	ret = create(p, &b->fb, w, h, pad, format);
	p->counts.failed += ret != 0;
	igt_assert_f(!ret || ret == ENOMEM, "buffer of %ux%u, %.4s: %s\n", w, h,
		     (const char *)&format, strerror(ret));
	if (ret)
		return;
	p->counts.allocated++;
	p->bytes += b->fb.size;
	b->seed = cma_random_next(&p->random);
	b->dies = life(p, slot, b->fb.size);
	b->dies += b->dies == UINT64_MAX ? 0 : p->steps;
	b->dmabuf = -1;
	b->again = 0;
	b->foreign = 0;
	pattern_fill(b->fb.map, b->fb.size, b->seed);
	if (one_in(p, 2))
		share(p, b);
}

static bool shows(const struct kms_plane *plane, uint32_t format)
{
	for (unsigned int i = 0; i < plane->num_formats; i++)
		if (plane->formats[i] == format)
			return true;
	return false;
}

/* Where an edge of a buffer lies on the screen: inside it, or so that it is cut off. */
static int place(struct population *p, int buffer, int screen)
{
	return buffer > screen ? -(int)below(p, buffer - screen + 1) :
		(int)below(p, screen - buffer + 1);
}

/*
 * From the pattern's arithmetic: the CRC of @screen, whose one layer is @b.
 * Return: false: there is no memory for that.
 */
static bool predict(const struct kms_screen *screen, const struct held_buffer *b, uint32_t *crc)
{
	struct kms_screen seen = *screen;
	struct kms_layer *layer = &seen.layer[0];
	uint32_t x = layer->x < 0 ? -layer->x : 0, y = layer->y < 0 ? -layer->y : 0;
	struct kms_fb window = { .width = b->fb.width - x, .height = b->fb.height - y };

	if (window.width > screen->mode.hdisplay)
		window.width = screen->mode.hdisplay;
	if (window.height > screen->mode.vdisplay)
		window.height = screen->mode.vdisplay;
	if (!pattern_window(&b->fb, b->seed, x, y, &window))
		return false;
	layer->fb = &window;
	layer->x = layer->x < 0 ? 0 : layer->x;
	layer->y = layer->y < 0 ? 0 : layer->y;
	*crc = picture_crc(&seen);
	free(window.image);
	return true;
}

static void scan_out(struct population *p, const struct kms_screen *where, struct held_buffer *b)
{
	struct kms_screen screen = *where;
	struct kms_plane *plane = screen.pipe->primary;
	uint32_t expected, crc;

	if (screen.pipe->num_overlays && one_in(p, 2))
		plane = screen.pipe->overlay[below(p, screen.pipe->num_overlays)];
	if (!shows(plane, b->fb.format))
		return;
	screen.num_layers = 0;
	kms_screen_add(&screen, plane, &b->fb, place(p, b->fb.width, screen.mode.hdisplay),
		       place(p, b->fb.height, screen.mode.vdisplay));
	if (!predict(&screen, b, &expected)) {
		p->counts.failed++;
		return;
	}
	kms_show(p->dev, &screen);
	crc = crc_of_screen(p->dev, screen.pipe);
	p->counts.scanned++;
	if (crc == expected)
		return;
	p->counts.crc_mismatches++;
	igt_warn("buffer %u, %ux%u, %.4s, at %d,%d: CRC %#010x, predicted %#010x\n", b->seed,
		 b->fb.width, b->fb.height, (const char *)&b->fb.format, screen.layer[0].x,
		 screen.layer[0].y, crc, expected);
}

void population_show(struct population *p, const struct kms_screen *screen)
{
	struct held_buffer *b = pick(p);

	if (!b)
		return;
	scan_out(p, screen, b);
	kms_screen_off(p->dev, screen);
}

/* The first slot that is free, or whose buffer's life is over: that one dies. */
static unsigned int empty_slot(struct population *p)
{
	unsigned int i;

	for (i = 0; i < POPULATION_SLOTS && p->slot[i].fb.handle; i++) {
		if (p->slot[i].dies > p->steps)
			continue;
		death(p, &p->slot[i]);
		break;
	}
	return i;
}

void population_step(struct population *p, const struct kms_screen *screen)
{
	unsigned int slot;
	struct held_buffer *b;

	p->steps++;
	slot = empty_slot(p);
	if (slot < POPULATION_SLOTS)
		birth(p, slot);
	b = pick(p);
	if (b && one_in(p, 2))
		look(p, b);
	if (b && screen && one_in(p, 6))
		population_show(p, screen);
}

void population_end(struct population *p)
{
	for (unsigned int i = 0; i < POPULATION_SLOTS; i++)
		if (p->slot[i].fb.handle)
			death(p, &p->slot[i]);
	close(p->again);
	if (p->foreign >= 0)
		close(p->foreign);
}
