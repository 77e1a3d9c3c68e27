// SPDX-License-Identifier: MIT
/* The device as clients first meet it: objects, EDID, modesets, flips, vblanks, debugfs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_crc.h"
#include "vdc_picture.h"

IGT_TEST_DESCRIPTION("What every KMS client needs of a VDC device");

#define MAX_EDID	512

static struct kms_device dev;

static void test_probe(void)
{
	static const struct {
		uint64_t cap;
		const char *name;
		uint64_t least;
	} caps[] = {
		{ DRM_CAP_DUMB_BUFFER, "DUMB_BUFFER", 1 },
		{ DRM_CAP_PRIME, "PRIME", DRM_PRIME_CAP_IMPORT | DRM_PRIME_CAP_EXPORT },
		{ DRM_CAP_TIMESTAMP_MONOTONIC, "TIMESTAMP_MONOTONIC", 1 },
		{ DRM_CAP_CRTC_IN_VBLANK_EVENT, "CRTC_IN_VBLANK_EVENT", 1 },
		{ DRM_CAP_ADDFB2_MODIFIERS, "ADDFB2_MODIFIERS", 1 },
		{ DRM_CAP_CURSOR_WIDTH, "CURSOR_WIDTH", 64 },
		{ DRM_CAP_CURSOR_HEIGHT, "CURSOR_HEIGHT", 64 },
	};
	drmVersion *version = drmGetVersion(dev.fd);
	uint64_t value;
	unsigned int i;

	igt_assert(version);
	igt_info("%s %d.%d.%d: %s\n", version->name, version->version_major,
		 version->version_minor, version->version_patchlevel, version->desc);
	igt_assert(version->desc_len > 0);
	drmFreeVersion(version);
	for (i = 0; i < sizeof(caps) / sizeof(*caps); i++) {
		igt_assert_eq(drmGetCap(dev.fd, caps[i].cap, &value), 0);
		igt_assert_f(value >= caps[i].least, "%s is %llu, expected at least %llu\n",
			     caps[i].name, (unsigned long long)value,
			     (unsigned long long)caps[i].least);
	}
}

static void check_formats(const struct kms_plane *plane)
{
	static const uint32_t any[] = {
		DRM_FORMAT_XRGB8888, DRM_FORMAT_ARGB8888, DRM_FORMAT_XBGR8888, DRM_FORMAT_RGB565,
		DRM_FORMAT_XRGB2101010,
	};
	static const uint32_t cursor[] = { DRM_FORMAT_ARGB8888 };
	bool is_cursor = plane->type == DRM_PLANE_TYPE_CURSOR;
	const uint32_t *wanted = is_cursor ? cursor : any;
	unsigned int n = is_cursor ? 1 : sizeof(any) / sizeof(*any), i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < plane->num_formats && plane->formats[k] != wanted[i]; k++)
			;
		igt_assert_f(k < plane->num_formats, "plane %u lacks %.4s\n", plane->obj.id,
			     (const char *)&wanted[i]);
	}
	for (k = 0; k < plane->num_formats; k++)
		igt_assert_f(kms_bpp(plane->formats[k]), "plane %u has an unknown format %.4s\n",
			     plane->obj.id, (const char *)&plane->formats[k]);
}

static void test_objects(void)
{
	unsigned int outputs = 0, writebacks = 0, i, p;
	struct kms_pipe *pipe;

	igt_assert_lt(0, dev.num_pipes);
	for (p = 0; p < dev.num_pipes; p++) {
		pipe = &dev.pipe[p];
		igt_assert_f(pipe->primary, "pipe %u has no primary plane\n", p);
		igt_assert_f(pipe->cursor, "pipe %u has no cursor plane\n", p);
		igt_assert(kms_prop_id(&pipe->cursor->obj, "SIZE_HINTS"));
		for (i = 0; i < pipe->num_planes; i++)
			check_formats(&pipe->plane[i]);
		igt_info("pipe %u: %u planes, %u of them overlays\n", p, pipe->num_planes,
			 pipe->num_overlays);
	}
	for (i = 0; i < dev.num_connectors; i++) {
		outputs += dev.connector[i].type == DRM_MODE_CONNECTOR_HDMIA;
		writebacks += dev.connector[i].type == DRM_MODE_CONNECTOR_WRITEBACK;
		igt_info("%s: %s, %d modes\n", dev.connector[i].name,
			 dev.connector[i].connected ? "connected" : "not connected",
			 dev.connector[i].info->count_modes);
	}
	igt_assert_lt(0, outputs);
	igt_assert_lt(0, writebacks);
}

/* Read the EDID as a monitor tool does: address 0x50 of the connector's bus. */
static size_t read_edid_i2c(const struct kms_connector *connector, uint8_t *edid, size_t size)
{
	char path[128], link[PATH_MAX], *bus;
	struct i2c_msg msg[2];
	struct i2c_rdwr_ioctl_data rdwr = { msg, 2 };
	uint8_t offset;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/sys/class/drm/card%d-%s/ddc", dev.minor, connector->name);
	n = readlink(path, link, sizeof(link) - 1);
	igt_assert_f(n > 0, "%s: %s\n", path, strerror(errno));
	link[n] = 0;
	bus = strrchr(link, '/') + 1;
	snprintf(path, sizeof(path), "/dev/%s", bus);
	fd = open(path, O_RDWR | O_CLOEXEC);
	igt_require_f(fd >= 0, "%s: %s\n", path, strerror(errno));
	for (size_t at = 0; at < size; at += 128) {
		offset = at;
		msg[0] = (struct i2c_msg){ .addr = 0x50, .len = 1, .buf = &offset };
		msg[1] = (struct i2c_msg){ .addr = 0x50, .flags = I2C_M_RD, .len = 128,
					   .buf = edid + at };
		igt_assert_f(ioctl(fd, I2C_RDWR, &rdwr) == 2, "%s, EDID byte %zu: %s\n", path, at,
			     strerror(errno));
	}
	close(fd);
	return size;
}

static void check_edid(const uint8_t *edid, size_t size)
{
	static const uint8_t header[8] = { 0, 255, 255, 255, 255, 255, 255, 0 };
	uint8_t sum = 0;

	igt_assert_eq(memcmp(edid, header, sizeof(header)), 0);
	igt_assert_eq((edid[126] + 1) * 128, size);
	for (size_t i = 0; i < size; i++) {
		sum += edid[i];
		if (i % 128 == 127)
			igt_assert_f(!sum, "EDID block %zu: sum of bytes is %#x\n", i / 128, sum);
	}
}

static void test_edid(void)
{
	struct kms_connector *c;
	drmModePropertyBlobRes *blob;
	uint8_t edid[MAX_EDID];
	unsigned int found = 0, i;
	size_t size;

	for (i = 0; i < dev.num_connectors; i++) {
		c = &dev.connector[i];
		if (c->type != DRM_MODE_CONNECTOR_HDMIA || !c->connected)
			continue;
		blob = drmModeGetPropertyBlob(dev.fd, kms_prop_value(&c->obj, "EDID"));
		igt_assert_f(blob, "%s is connected, but has no EDID\n", c->name);
		check_edid(blob->data, blob->length);
		size = blob->length < 256 ? blob->length : 256;
		read_edid_i2c(c, edid, size);
		igt_assert_f(!memcmp(edid, blob->data, size),
			     "%s: i2c-dev and the property give different EDIDs\n", c->name);
		igt_assert_lt(0, c->info->count_modes);
		drmModeFreePropertyBlob(blob);
		found++;
	}
	igt_require_f(found, "no connected HDMI output\n");
}

/* Three flips on an output that was just switched on. */
static void modeset_and_flip(struct kms_pipe *pipe, struct kms_connector *connector)
{
	struct kms_screen screen = { .pipe = pipe, .connector = connector };
	struct kms_event event, last = { 0 };
	struct kms_fb fb[2];
	uint64_t k;

	igt_require_f(kms_find_mode(connector, 640, 480, &screen.mode), "no 640x480 mode\n");
	for (k = 0; k < 2; k++) {
		kms_fb_create(&dev, &fb[k], 640, 480, DRM_FORMAT_XRGB8888);
		picture_draw(&fb[k], k + 1);
	}
	kms_all_off(&dev);
	kms_screen_add(&screen, pipe->primary, &fb[0], 0, 0);
	kms_show(&dev, &screen);
	for (k = 1; k <= 3; k++) {
		igt_assert_eq(kms_flip(&dev, pipe, pipe->primary, &fb[k & 1], 100 + k), 0);
		kms_wait_event(&dev, &event);
		igt_assert_eq_u64(event.user, 100 + k);
		igt_assert_eq(event.crtc_id, pipe->crtc.id);
		igt_assert_f(event.sequence > last.sequence, "flip %d: sequence %llu after %llu\n",
			     (int)k, (unsigned long long)event.sequence,
			     (unsigned long long)last.sequence);
		igt_assert_lt_s64(last.ns, event.ns);
		last = event;
	}
	screen.layer[0].fb = &fb[1];
	igt_assert_eq_u32(crc_of_screen(&dev, pipe), picture_crc(&screen));
	kms_all_off(&dev);
	for (k = 0; k < 2; k++)
		kms_fb_destroy(&dev, &fb[k]);
}

static void test_modeset_flip(void)
{
	unsigned int pairs = 0, p, i;
	struct kms_connector *c;

	for (p = 0; p < dev.num_pipes; p++) {
		for (i = 0; (c = kms_find_connector(&dev, DRM_MODE_CONNECTOR_HDMIA, &dev.pipe[p],
						    i)); i++) {
			igt_info("pipe %u on %s\n", p, c->name);
			modeset_and_flip(&dev.pipe[p], c);
			pairs++;
		}
	}
	igt_require_f(pairs, "no pipe has a connected output\n");
}

static void test_all_modes(void)
{
	struct kms_screen screen;
	struct kms_fb fb;
	int i;

	kms_screen_init(&dev, &screen, 0, 0, 0);
	for (i = 0; i < screen.connector->info->count_modes; i++) {
		screen.mode = screen.connector->info->modes[i];
		kms_fb_create(&dev, &fb, screen.mode.hdisplay, screen.mode.vdisplay,
			      DRM_FORMAT_XRGB8888);
		picture_draw(&fb, i);
		screen.num_layers = 0;
		kms_screen_add(&screen, screen.pipe->primary, &fb, 0, 0);
		igt_info("mode %s at %u kHz\n", screen.mode.name, screen.mode.clock);
		crc_check(&dev, &screen);
		kms_fb_destroy(&dev, &fb);
	}
	kms_all_off(&dev);
}

#define EXACT_FRAMES	60
#define EXACT_NS	1000000

static int compare_ns(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

/*
 * Whatever was missed, count and time advance together. An emulated processor that is preempted
 * while it reads both takes the time for later: that may be so for few, and never half a frame.
 */
static void test_vblank_exact(void)
{
	uint64_t first, first_ns, last, seq, ns, frame_ns;
	int64_t late[EXACT_FRAMES], median, off;
	unsigned int n, outliers = 0;
	struct kms_screen screen;
	struct kms_fb fb;

	kms_screen_init(&dev, &screen, 0, 640, 480);
	frame_ns = screen.mode.htotal * screen.mode.vtotal * 1000000ULL / screen.mode.clock;
	kms_fb_create(&dev, &fb, 640, 480, DRM_FORMAT_XRGB8888);
	kms_screen_add(&screen, screen.pipe->primary, &fb, 0, 0);
	kms_show(&dev, &screen);
	first = kms_sequence(&dev, screen.pipe, NULL);
	kms_wait_sequence(&dev, screen.pipe, first + 1);
	first = kms_sequence(&dev, screen.pipe, &first_ns);
	for (n = 0, last = first; n < EXACT_FRAMES; n++, last = seq) {
		kms_wait_sequence(&dev, screen.pipe, last + 1);
		seq = kms_sequence(&dev, screen.pipe, &ns);
		igt_assert_f(seq > last, "vblank count went from %llu to %llu\n",
			     (unsigned long long)last, (unsigned long long)seq);
		late[n] = (int64_t)(ns - first_ns) -
			  (int64_t)((seq - first) * screen.mode.htotal * screen.mode.vtotal *
				    1000000ULL / screen.mode.clock);
	}
	qsort(late, EXACT_FRAMES, sizeof(late[0]), compare_ns);
	median = late[EXACT_FRAMES / 2];
	for (n = 0; n < EXACT_FRAMES; n++) {
		off = llabs(late[n] - median);
		igt_assert_f(off < (int64_t)frame_ns / 2, "a vblank is %lld ns off\n",
			     (long long)off);
		outliers += off >= EXACT_NS;
	}
	igt_info("%llu frames, the worst %lld ns early and %lld ns late, %u of %u beyond 1 ms\n",
		 (unsigned long long)(last - first), (long long)(median - late[0]),
		 (long long)(late[EXACT_FRAMES - 1] - median), outliers, EXACT_FRAMES);
	igt_assert_lte(outliers, EXACT_FRAMES / 4);
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

/* Sequence counts go on, and events come, at exactly the frame that was asked for. */
static void test_sequence_event(void)
{
	struct kms_screen screen;
	struct kms_event event;
	struct kms_fb fb;
	uint64_t now, queued;
	int i;

	kms_screen_init(&dev, &screen, 0, 640, 480);
	kms_fb_create(&dev, &fb, 640, 480, DRM_FORMAT_XRGB8888);
	kms_screen_add(&screen, screen.pipe->primary, &fb, 0, 0);
	kms_show(&dev, &screen);
	now = kms_sequence(&dev, screen.pipe, NULL);
	for (i = 0; i < 5; i++) {
		igt_assert_eq(drmCrtcQueueSequence(dev.fd, screen.pipe->crtc.id, 0,
						   now + 20 + i * 3, &queued, i), 0);
		igt_assert_eq_u64(queued, now + 20 + i * 3);
	}
	for (i = 0; i < 5; i++) {
		kms_wait_event(&dev, &event);
		igt_assert_eq_u64(event.user, i);
		igt_assert_eq_u64(event.sequence, now + 20 + i * 3);
	}
	kms_all_off(&dev);
	kms_fb_destroy(&dev, &fb);
}

static void test_debugfs(void)
{
	char dir[128], path[sizeof(dir) + NAME_MAX + 2], buffer[65536];
	struct dirent *entry;
	unsigned int files = 0;
	DIR *d = opendir(kms_debugfs(&dev, "", dir));
	ssize_t n, total;
	int fd;

	igt_require_f(d, "%s: %s\n", dir, strerror(errno));
	while ((entry = readdir(d))) {
		if (entry->d_type != DT_REG)
			continue;
		snprintf(path, sizeof(path), "%s%s", dir, entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 && errno == EACCES)
			continue;
		igt_assert_f(fd >= 0, "%s: %s\n", path, strerror(errno));
		for (total = 0; (n = read(fd, buffer, sizeof(buffer))) > 0; total += n)
			;
		igt_assert_f(!n || errno == EINVAL, "%s: %s\n", path, strerror(errno));
		igt_info("%s: %zd bytes\n", path, total);
		close(fd);
		files++;
	}
	closedir(d);
	igt_assert_lt(3, files);
}

static void test_two_devices(void)
{
	struct kms_device *both[2] = { &dev, NULL };
	struct kms_device second;
	struct kms_screen screen[2];
	struct kms_fb fb[2];
	int i;

	igt_require_f(kms_try_open(&second, 1), "needs a second VDC device\n");
	both[1] = &second;
	for (i = 0; i < 2; i++) {
		kms_screen_init(both[i], &screen[i], 0, 640, 480);
		kms_fb_create(both[i], &fb[i], 640, 480, DRM_FORMAT_XRGB8888);
		picture_draw(&fb[i], 50 + i);
		kms_screen_add(&screen[i], screen[i].pipe->primary, &fb[i], 0, 0);
		kms_show(both[i], &screen[i]);
	}
	for (i = 0; i < 2; i++)
		igt_assert_eq_u32(crc_of_screen(both[i], screen[i].pipe),
				  picture_crc(&screen[i]));
	kms_all_off(&second);
	igt_assert_eq_u32(crc_of_screen(&dev, screen[0].pipe), picture_crc(&screen[0]));
	kms_all_off(&dev);
	for (i = 0; i < 2; i++)
		kms_fb_destroy(both[i], &fb[i]);
	kms_close(&second);
}

igt_main
{
	igt_fixture
		kms_open(&dev, 0);

	igt_describe("The driver names itself and has the capabilities that clients ask for.");
	igt_subtest("probe")
		test_probe();

	igt_describe("CRTCs, planes with their types and formats, HDMI and writeback connectors.");
	igt_subtest("objects")
		test_objects();

	igt_describe("The EDID is sound, and the same through the connector and through i2c-dev.");
	igt_subtest("edid")
		test_edid();

	igt_describe("Each pipe drives each output: modeset, flips with events, picture by CRC.");
	igt_subtest("modeset-flip")
		test_modeset_flip();

	igt_describe("Every mode of the EDID can be set and shows the picture, by CRC.");
	igt_subtest("all-modes")
		test_all_modes();

	igt_describe("Vblank count and timestamp advance together, within 1 ms over 60 frames.");
	igt_subtest("vblank-exact")
		test_vblank_exact();

	igt_describe("Sequence events come with the number that was asked for, in order.");
	igt_subtest("sequence-event")
		test_sequence_event();

	igt_describe("Every debugfs file of the device can be read.");
	igt_subtest("debugfs")
		test_debugfs();

	igt_describe("Two devices show two pictures; switching one off leaves the other alone.");
	igt_subtest("two-devices")
		test_two_devices();

	igt_fixture
		kms_close(&dev);
}
