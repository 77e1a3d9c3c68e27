// SPDX-License-Identifier: MIT
/* Displays that come, go and change, and a controller that misbehaves to order. */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_crc.h"
#include "vdc_picture.h"
#include "vdc_qmp.h"

IGT_TEST_DESCRIPTION("Hotplug and ordered faults of a VDC device, through QEMU");

#define W		640
#define H		480
#define UEVENT_MS	5000

static struct kms_device dev;
static struct kms_connector *output;	/* output 0, the one that is played with */
static int uevents = -1;

static void uevents_open(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = 1 };

	uevents = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			 NETLINK_KOBJECT_UEVENT);
	igt_assert(uevents >= 0);
	igt_assert_eq(bind(uevents, (struct sockaddr *)&addr, sizeof(addr)), 0);
}

/* A message is strings, each with its terminating 0. */
static bool has_string(const char *message, ssize_t size, const char *wanted)
{
	const char *s;

	for (s = message; s < message + size; s += strlen(s) + 1)
		if (!strcmp(s, wanted))
			return true;
	return false;
}

static bool wait_hotplug(int ms)
{
	struct pollfd pfd = { .fd = uevents, .events = POLLIN };
	char message[4096], name[64];
	ssize_t n;

	snprintf(name, sizeof(name), "DEVNAME=dri/card%d", dev.minor);
	while (poll(&pfd, 1, ms) == 1) {
		n = recv(uevents, message, sizeof(message) - 1, 0);
		if (n <= 0)
			continue;
		message[n] = 0;
		if (has_string(message, n, "HOTPLUG=1") && has_string(message, n, name))
			return true;
	}
	return false;
}

static void drop_uevents(void)
{
	char message[4096];

	while (recv(uevents, message, sizeof(message), 0) > 0)
		;
}

/* Order a change, wait for the uevent, look again. */
static void change(const char *property, const char *json)
{
	drop_uevents();
	qmp_set(property, json);
	igt_assert_f(wait_hotplug(UEVENT_MS), "no hotplug uevent within %d ms of %s=%s\n",
		     UEVENT_MS, property, json);
	kms_probe(&dev, output);
}

static void check_sysfs(const char *expected)
{
	char path[128], status[32] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/sys/class/drm/card%d-%s/status", dev.minor, output->name);
	f = fopen(path, "re");
	igt_assert_f(f, "%s: %s\n", path, strerror(errno));
	igt_assert_eq(fscanf(f, "%31s", status), 1);
	fclose(f);
	igt_assert_f(!strcmp(status, expected), "%s is \"%s\", not \"%s\"\n", path, status,
		     expected);
}

static void test_plug(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		change("plugged0", "false");
		igt_assert(!output->connected);
		igt_assert_eq(output->info->count_modes, 0);
		igt_assert_eq_u64(kms_prop_value(&output->obj, "EDID"), 0);
		check_sysfs("disconnected");
		change("plugged0", "true");
		igt_assert(output->connected);
		igt_assert_lt(0, output->info->count_modes);
		igt_assert(kms_prop_value(&output->obj, "EDID"));
		check_sysfs("connected");
	}
}

/* Many changes faster than anyone looks: what remains is the last state. */
static void test_storm(void)
{
	int i;

	for (i = 0; i < 50; i++)
		qmp_set("plugged0", i & 1 ? "true" : "false");
	while (wait_hotplug(500))
		;
	kms_probe(&dev, output);
	igt_assert(output->connected);
	igt_assert_lt(0, output->info->count_modes);
}

static struct kms_screen screen;
static struct kms_fb fb[2];

static void show(void)
{
	int i;

	kms_screen_init(&dev, &screen, 0, W, H);
	for (i = 0; i < 2; i++) {
		kms_fb_create(&dev, &fb[i], W, H, DRM_FORMAT_XRGB8888);
		picture_draw(&fb[i], i);
	}
	kms_screen_add(&screen, screen.pipe->primary, &fb[0], 0, 0);
	crc_check(&dev, &screen);
}

static void hide(void)
{
	int i;

	kms_all_off(&dev);
	for (i = 0; i < 2; i++)
		kms_fb_destroy(&dev, &fb[i]);
}

/* Flips that must all arrive, and a picture that must be right after them. */
static void flips_work(int count)
{
	struct kms_event event, last = { 0 };
	int i;

	for (i = 1; i <= count; i++) {
		igt_assert_eq(kms_flip(&dev, screen.pipe, screen.pipe->primary, &fb[i & 1], i), 0);
		kms_wait_event(&dev, &event);
		igt_assert_eq_u64(event.user, i);
		igt_assert_f(event.sequence > last.sequence, "sequence %llu after %llu\n",
			     (unsigned long long)event.sequence,
			     (unsigned long long)last.sequence);
		last = event;
	}
	screen.layer[0].fb = &fb[count & 1];
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
}

static void test_unplug_flipping(void)
{
	show();
	qmp_set("plugged0", "false");
	flips_work(10);
	igt_assert(wait_hotplug(UEVENT_MS));
	qmp_set("plugged0", "true");
	flips_work(10);
	igt_assert(wait_hotplug(UEVENT_MS));
	kms_probe(&dev, output);
	igt_assert(output->connected);
	hide();
}

static void edid_now(uint8_t *edid, size_t *size)
{
	drmModePropertyBlobRes *blob;

	blob = drmModeGetPropertyBlob(dev.fd, kms_prop_value(&output->obj, "EDID"));
	igt_assert(blob && blob->length <= 512);
	*size = blob->length;
	memcpy(edid, blob->data, blob->length);
	drmModeFreePropertyBlob(blob);
}

static void test_edid_gone(void)
{
	uint8_t before[512], after[512];
	size_t n_before, n_after;

	edid_now(before, &n_before);
	change("edid0", "\"none\"");
	igt_assert(output->connected);
	igt_assert_eq_u64(kms_prop_value(&output->obj, "EDID"), 0);
	/* The modes that DRM offers for a display nobody described */
	igt_assert_lt(0, output->info->count_modes);
	change("edid0", "\"\"");
	edid_now(after, &n_after);
	igt_assert_eq(n_after, n_before);
	igt_assert_eq(memcmp(after, before, n_after), 0);
}

/* Another monitor at the same plug: without a moment of absence. */
static void test_edid_other(void)
{
	static const char file[] = "/vdc/build/vm/igt-edid.bin";
	uint8_t edid[512], now[512], sum = 0;
	size_t size, n;
	int fd, i;

	edid_now(edid, &size);
	edid[12] ^= 0x5a;	/* serial number, VESA E-EDID 1.4 table 3.5 */
	for (i = 0; i < 127; i++)
		sum += edid[i];
	edid[127] = -sum;
	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	igt_require_f(fd >= 0, "%s: %s\n", file, strerror(errno));
	igt_assert_eq(write(fd, edid, size), size);
	igt_assert_eq(fsync(fd), 0);
	close(fd);
	drop_uevents();
	/* QEMU's working directory is the work tree where scripts/check runs. */
	igt_require_f(qmp_try_set("edid0", "\"build/vm/igt-edid.bin\""),
		      "QEMU was not started in the work tree\n");
	igt_assert(wait_hotplug(UEVENT_MS));
	kms_probe(&dev, output);
	edid_now(now, &n);
	igt_assert_eq(n, size);
	igt_assert_eq(memcmp(now, edid, n), 0);
	change("edid0", "\"\"");
	edid_now(now, &n);
	igt_assert_neq(now[12], edid[12]);
}

/* Lost vblank interrupts: the count is the hardware's, so nothing is ever lost for good. */
static void test_drop_vblank(void)
{
	uint64_t first, last, first_ns, last_ns, period;

	show();
	period = kms_frame_ns(&screen.mode);
	first = kms_sequence(&dev, screen.pipe, &first_ns);
	kms_wait_sequence(&dev, screen.pipe, first + 1);
	first = kms_sequence(&dev, screen.pipe, &first_ns);
	qmp_set("fault-drop-vblank", "3");
	kms_wait_sequence(&dev, screen.pipe, first + 20);
	last = kms_sequence(&dev, screen.pipe, &last_ns);
	igt_assert_f(llabs((int64_t)(last_ns - first_ns - (last - first) * period)) <
		     (int64_t)period / 2, "%llu vblanks in %llu ns\n",
		     (unsigned long long)(last - first),
		     (unsigned long long)(last_ns - first_ns));
	qmp_set("fault-drop-vblank", "2");
	flips_work(10);
	hide();
}

static void test_delay_vblank(void)
{
	uint64_t now;
	struct kms_event event;
	int i;

	show();
	qmp_set("fault-delay-vblank", "10");
	for (i = 1; i <= 10; i++) {
		now = kms_sequence(&dev, screen.pipe, NULL);
		igt_assert_eq(kms_flip(&dev, screen.pipe, screen.pipe->primary, &fb[i & 1], i), 0);
		kms_wait_event(&dev, &event);
		igt_assert_lt_s64(now, event.sequence);
	}
	flips_work(5);
	hide();
}

/*
 * A commit that does not latch for a while comes late, and complete. That it comes by itself,
 * and not because the driver gave up and started the pipe anew, the kernel log tells.
 */
static void test_stuck_commit(void)
{
	const unsigned int stuck = 12;
	struct kms_event event;
	uint64_t before;
	char text[16];

	show();
	snprintf(text, sizeof(text), "%u", stuck);
	qmp_set("fault-stuck-commit", text);
	before = kms_sequence(&dev, screen.pipe, NULL);
	igt_assert_eq(kms_flip(&dev, screen.pipe, screen.pipe->primary, &fb[1], 7), 0);
	kms_wait_event(&dev, &event);
	igt_info("the flip came %llu vblanks later\n",
		 (unsigned long long)(event.sequence - before));
	igt_assert_lte_s64(before + stuck, event.sequence);
	screen.layer[0].fb = &fb[1];
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), picture_crc(&screen));
	flips_work(5);
	hide();
}

/* Frames with missing bands are wrong on glass and in the CRC; the next ones are right. */
static void test_bad_bands(const char *fault)
{
	unsigned int wrong = 0, i;
	struct crc_reader reader;
	struct crc_entry entry;
	uint32_t expected;

	show();
	expected = picture_crc(&screen);
	crc_open(&dev, screen.pipe, &reader);
	igt_assert(crc_poll(&reader, &entry, 10000));
	qmp_set(fault, "20");
	for (i = 0; i < 40; i++) {
		igt_assert(crc_poll(&reader, &entry, 10000));
		wrong += entry.crc != expected;
	}
	crc_close(&reader);
	igt_info("%u of 40 frames were disturbed\n", wrong);
	igt_assert_lt(0, wrong);
	igt_assert_lte(wrong, 20);
	igt_assert_eq_u32(crc_of_screen(&dev, screen.pipe), expected);
	flips_work(5);
	hide();
}

static void test_ddc_nak(void)
{
	/* The bus is clocked even with no picture once somebody holds the device awake. */
	show();
	qmp_set("fault-ddc-nak", "1");
	kms_probe(&dev, output);
	igt_assert(output->connected);
	qmp_set("fault-ddc-nak", "100000");
	kms_probe(&dev, output);
	igt_assert_f(output->connected, "a display whose DDC does not answer is still plugged\n");
	igt_assert_eq_u64(kms_prop_value(&output->obj, "EDID"), 0);
	qmp_set("fault-ddc-nak", "0");
	kms_probe(&dev, output);
	igt_assert(output->connected);
	igt_assert(kms_prop_value(&output->obj, "EDID"));
	hide();
}

igt_main
{
	igt_fixture {
		struct kms_pipe *pipe;

		kms_open(&dev, 0);
		pipe = &dev.pipe[0];
		uevents_open();
		qmp_open();
		qmp_set("plugged0", "true");
		qmp_set("edid0", "\"\"");
		wait_hotplug(500);
		for (unsigned int i = 0; i < dev.num_connectors && !output; i++)
			if (dev.connector[i].type == DRM_MODE_CONNECTOR_HDMIA)
				output = &dev.connector[i];
		igt_require_f(output && output->possible_crtcs & 1U << pipe->index,
			      "no HDMI output\n");
		kms_probe(&dev, output);
		kms_all_off(&dev);
	}

	igt_describe("Unplug and plug: uevent, status, modes, EDID.");
	igt_subtest("plug")
		test_plug();

	igt_describe("Fifty quick changes leave the last one's state.");
	igt_subtest("storm")
		test_storm();

	igt_describe("Flips go on while the plug is out.");
	igt_subtest("unplug-flipping")
		test_unplug_flipping();

	igt_describe("A display without EDID is connected and has modes; the EDID comes back.");
	igt_subtest("edid-gone")
		test_edid_gone();

	igt_describe("Another display's EDID is seen at once.");
	igt_subtest("edid-other")
		test_edid_other();

	igt_describe("DDC bytes that are not acknowledged: connected, EDID lost, then back.");
	igt_subtest("ddc-nak")
		test_ddc_nak();

	igt_describe("Vblank interrupts that never come: counts, times and flips stay right.");
	igt_subtest("drop-vblank")
		test_drop_vblank();

	igt_describe("Vblank interrupts 2 ms late: flips stay in order.");
	igt_subtest("delay-vblank")
		test_delay_vblank();

	igt_describe("A commit that does not latch at once: its event is late, the frame whole.");
	igt_subtest("stuck-commit")
		test_stuck_commit();

	igt_describe("Underruns disturb the frames they hit and none after.");
	igt_subtest("underrun")
		test_bad_bands("fault-underrun");

	igt_describe("Bus errors disturb the frames they hit and none after.");
	igt_subtest("bus-error")
		test_bad_bands("fault-bus-error");

	igt_fixture {
		qmp_close();
		kms_close(&dev);
	}
}
