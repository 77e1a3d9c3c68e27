// SPDX-License-Identifier: MIT
/*
 * How many frames a second get a CRC that was really computed, and what a frame
 * costs the guest's CPUs, while a client flips at each vblank.
 *
 * Four buffers with different contents are flipped round robin, so a CRC that
 * equals the one before it was not computed for its frame (vkms repeats the
 * last value when it is late). The CPU time is that of the whole guest.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "busy.h"
#include "kms/card.h"

#define BUFFERS	4

struct bench {
	const char *driver;
	int width, height, seconds;
	int fd;
	uint32_t connector, crtc, crtc_index;
	drmModeModeInfo mode;
	uint32_t fb[BUFFERS];
	int crc_fd;
	unsigned int flips, crcs, computed;
	char last_crc[16];
	bool pending;
};

static void die(const char *what)
{
	fprintf(stderr, "crc-rate: %s: %s\n", what, strerror(errno));
	exit(3);
}

static bool pick_mode(struct bench *b, const drmModeConnector *c)
{
	int i;

	for (i = 0; i < c->count_modes; i++) {
		b->mode = c->modes[i];
		if (b->mode.hdisplay == b->width && b->mode.vdisplay == b->height &&
		    b->mode.vrefresh == 60)
			return true;
	}
	return false;
}

static void pick_output(struct bench *b)
{
	drmModeRes *res = drmModeGetResources(b->fd);
	bool found = false;
	int i;

	if (!res)
		die("no mode setting");
	for (i = 0; i < res->count_connectors && !found; i++) {
		drmModeConnector *c = drmModeGetConnector(b->fd, res->connectors[i]);

		if (!c)
			continue;
		found = c->connection == DRM_MODE_CONNECTED && pick_mode(b, c);
		b->connector = c->connector_id;
		drmModeFreeConnector(c);
	}
	if (!found) {
		fprintf(stderr, "crc-rate: no connected display with %dx%d@60\n", b->width,
			b->height);
		exit(3);
	}
	b->crtc = res->crtcs[0];
	drmModeFreeResources(res);
}

static uint32_t make_buffer(struct bench *b, int number)
{
	struct drm_mode_create_dumb create = {
		.width = (uint32_t)b->width, .height = (uint32_t)b->height, .bpp = 32,
	};
	struct drm_mode_map_dumb map = { 0 };
	uint32_t fb, *px;
	size_t i;

	if (drmIoctl(b->fd, DRM_IOCTL_MODE_CREATE_DUMB, &create))
		die("cannot allocate a buffer");
	map.handle = create.handle;
	if (drmIoctl(b->fd, DRM_IOCTL_MODE_MAP_DUMB, &map))
		die("cannot map a buffer");
	px = mmap(NULL, create.size, PROT_READ | PROT_WRITE, MAP_SHARED, b->fd, (off_t)map.offset);
	if (px == MAP_FAILED)
		die("cannot map a buffer");
	for (i = 0; i < create.size / 4; i++)
		px[i] = (uint32_t)i * 2654435761U + (uint32_t)number;
	munmap(px, create.size);
	if (drmModeAddFB(b->fd, create.width, create.height, 24, 32, create.pitch, create.handle,
			 &fb))
		die("cannot make a framebuffer");
	return fb;
}

static void debugfs_path(const struct bench *b, char *path, size_t size, const char *file)
{
	struct stat st;

	if (fstat(b->fd, &st))
		die("fstat");
	snprintf(path, size, "/sys/kernel/debug/dri/%u/crtc-0/crc/%s", minor(st.st_rdev), file);
}

static void start_crc(struct bench *b)
{
	char path[96];
	int fd;

	debugfs_path(b, path, sizeof(path), "control");
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, "auto", 4) != 4)
		die(path);
	close(fd);
	debugfs_path(b, path, sizeof(path), "data");
	b->crc_fd = open(path, O_RDONLY | O_NONBLOCK);
	if (b->crc_fd < 0)
		die(path);
}

/* A read gives one entry: frame and value, blank between them. */
static void read_crcs(struct bench *b)
{
	char line[256], *value;
	ssize_t n;

	while ((n = read(b->crc_fd, line, sizeof(line) - 1)) > 0) {
		line[n] = '\0';
		value = strchr(line, ' ');
		if (!value)
			continue;
		b->crcs++;
		if (strncmp(value + 1, b->last_crc, 10))
			b->computed++;
		snprintf(b->last_crc, sizeof(b->last_crc), "%.10s", value + 1);
	}
}

static void queue_flip(struct bench *b)
{
	if (drmModePageFlip(b->fd, b->crtc, b->fb[b->flips % BUFFERS], DRM_MODE_PAGE_FLIP_EVENT,
			    b))
		die("cannot flip");
	b->pending = true;
}

static void on_flip(int fd, unsigned int seq, unsigned int sec, unsigned int usec, void *data)
{
	struct bench *b = data;

	(void)fd, (void)seq, (void)sec, (void)usec;
	b->pending = false;
	b->flips++;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static double busy(void)
{
	double s = busy_seconds();

	if (s < 0)
		die("/proc/stat");
	return s;
}

static void run(struct bench *b, double until)
{
	drmEventContext events = { .version = 2, .page_flip_handler = on_flip };

	while (seconds() < until) {
		struct pollfd p[2] = {
			{ .fd = b->fd, .events = POLLIN }, { .fd = b->crc_fd, .events = POLLIN },
		};

		if (!b->pending)
			queue_flip(b);
		if (poll(p, 2, 1000) < 0 && errno != EINTR)
			die("poll");
		if (p[0].revents)
			drmHandleEvent(b->fd, &events);
		if (p[1].revents)
			read_crcs(b);
	}
}

static void measure(struct bench *b)
{
	double start, cpu, elapsed;

	run(b, seconds() + 1);	/* settle */
	b->flips = 0;
	b->crcs = 0;
	b->computed = 0;
	start = seconds();
	cpu = busy();
	run(b, start + b->seconds);
	elapsed = seconds() - start;
	cpu = busy() - cpu;
	printf("{\"driver\": \"%s\", \"width\": %d, \"height\": %d, \"seconds\": %.3f, ",
	       b->driver, b->width, b->height, elapsed);
	printf("\"flips\": %u, \"crc_entries\": %u, \"crc_computed\": %u, ", b->flips, b->crcs,
	       b->computed);
	printf("\"crc_rate\": %.3f, \"cpu_ms_per_frame\": %.4f}\n", b->computed / elapsed,
	       b->computed ? cpu * 1000 / b->computed : 0);
}

static int show_help(void)
{
	puts("usage: crc-rate [--driver NAME] [--size WxH] [--seconds N]");
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "driver", required_argument, NULL, 'd' },
		{ "size", required_argument, NULL, 's' },
		{ "seconds", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct bench b = { .driver = "vdc", .width = 1920, .height = 1080, .seconds = 10 };
	int opt, i;

	while ((opt = getopt_long(argc, argv, "d:s:t:h", options, NULL)) != -1) {
		if (opt == 'd')
			b.driver = optarg;
		else if (opt == 's' && sscanf(optarg, "%dx%d", &b.width, &b.height) == 2)
			continue;
		else if (opt == 't' && atoi(optarg) > 0)
			b.seconds = atoi(optarg);
		else if (opt == 'h')
			return show_help();
		else
			return fputs("crc-rate: bad options, see --help\n", stderr), 2;
	}
	b.fd = kms_card_open(b.driver);
	if (b.fd < 0) {
		fprintf(stderr, "crc-rate: no device of driver %s\n", b.driver);
		exit(3);
	}
	pick_output(&b);
	for (i = 0; i < BUFFERS; i++)
		b.fb[i] = make_buffer(&b, i);
	if (drmModeSetCrtc(b.fd, b.crtc, b.fb[0], 0, 0, &b.connector, 1, &b.mode))
		die("mode set");
	b.flips = 1;
	start_crc(&b);
	measure(&b);
	close(b.crc_fd);
	drmModeSetCrtc(b.fd, b.crtc, 0, 0, 0, NULL, 0, NULL);
	close(b.fd);
	return 0;
}
