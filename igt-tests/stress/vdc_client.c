// SPDX-License-Identifier: MIT
/*
 * A client that flips for as long as there is a VDC device, loses it, waits for the
 * next and goes on. The stress scripts pull devices and modules away under it.
 *
 * Usage: vdc_client COUNT-FILE
 * COUNT-FILE always holds "FLIPS DEVICES". SIGTERM ends the client with status 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define MAX_CARDS	64
#define FLIP_MS		5000	/* longer without an event, on a device that is there: stuck */

static int stop;	/* set by the signal, hence the atomic accesses */
static unsigned long flips, devices;
static int count_fd;

static bool stopped(void)
{
	return __atomic_load_n(&stop, __ATOMIC_RELAXED);
}

static void on_term(int sig)
{
	(void)sig;
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
}

static void write_counts(void)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "%lu %lu\n", flips, devices);

	if (pwrite(count_fd, text, n, 0) != n)
		perror("vdc_client: counts");
}

static int open_vdc(void)
{
	drmVersion *version;
	char path[32];
	bool match;
	int i, fd;

	for (i = 0; i < MAX_CARDS; i++) {
		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		version = drmGetVersion(fd);
		match = version && !strcmp(version->name, "vdc");
		drmFreeVersion(version);
		if (match)
			return fd;
		close(fd);
	}
	return -1;
}

/* The first connected output, its smallest mode, on the first CRTC. */
static bool find_output(int fd, uint32_t *crtc, uint32_t *connector, drmModeModeInfo *mode)
{
	drmModeRes *res = drmModeGetResources(fd);
	drmModeConnector *c;
	bool found = false;
	int i, m;

	for (i = 0; res && !found && i < res->count_connectors; i++) {
		c = drmModeGetConnector(fd, res->connectors[i]);
		if (c && c->connection == DRM_MODE_CONNECTED && c->count_modes) {
			*mode = c->modes[0];
			for (m = 1; m < c->count_modes; m++)
				if (c->modes[m].hdisplay < mode->hdisplay)
					*mode = c->modes[m];
			*crtc = res->crtcs[0];
			*connector = c->connector_id;
			found = true;
		}
		drmModeFreeConnector(c);
	}
	drmModeFreeResources(res);
	return found;
}

struct buffer {
	uint32_t handle, fb, pitch;
	uint64_t size;
	uint8_t *map;
};

static bool make_buffer(int fd, const drmModeModeInfo *mode, struct buffer *b)
{
	uint64_t offset;

	if (drmModeCreateDumbBuffer(fd, mode->hdisplay, mode->vdisplay, 32, 0, &b->handle,
				    &b->pitch, &b->size) ||
	    drmModeAddFB(fd, mode->hdisplay, mode->vdisplay, 24, 32, b->pitch, b->handle, &b->fb) ||
	    drmModeMapDumbBuffer(fd, b->handle, &offset))
		return false;
	b->map = mmap(NULL, b->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	return b->map != MAP_FAILED;
}

/* Flip between two buffers until the device goes. Return: false when it got stuck. */
static bool flip_until_gone(int fd, uint32_t crtc, const struct buffer b[2])
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char events[1024];
	int i = 0, ret;

	while (!stopped()) {
		i ^= 1;
		/* One line tells that the mapping still works, also on a device that is gone. */
		memset(b[i].map, flips & 0xff, b[i].pitch);
		if (drmModePageFlip(fd, crtc, b[i].fb, DRM_MODE_PAGE_FLIP_EVENT, NULL)) {
			if (errno == EBUSY) {
				usleep(1000);
				continue;
			}
			return true;
		}
		ret = poll(&pfd, 1, FLIP_MS);
		if (!ret) {
			fprintf(stderr, "vdc_client: no flip event within %d ms\n", FLIP_MS);
			return false;
		}
		if (ret < 0 || pfd.revents & (POLLHUP | POLLERR) ||
		    read(fd, events, sizeof(events)) <= 0)
			return true;
		flips++;
		write_counts();
	}
	return true;
}

static bool serve(int fd)
{
	struct buffer b[2] = { 0 };
	uint32_t crtc, connector;
	drmModeModeInfo mode;
	bool ok = true;
	int i;

	/* Any of these may fail because the device is on its way out. */
	if (find_output(fd, &crtc, &connector, &mode) && make_buffer(fd, &mode, &b[0]) &&
	    make_buffer(fd, &mode, &b[1]) &&
	    !drmModeSetCrtc(fd, crtc, b[0].fb, 0, 0, &connector, 1, &mode)) {
		devices++;
		ok = flip_until_gone(fd, crtc, b);
	}
	for (i = 0; i < 2; i++)
		if (b[i].map && b[i].map != MAP_FAILED)
			munmap(b[i].map, b[i].size);
	return ok;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_term };
	bool ok = true;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: vdc_client COUNT-FILE\n");
		return 2;
	}
	count_fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (count_fd < 0) {
		perror(argv[1]);
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	write_counts();
	while (!stopped() && ok) {
		fd = open_vdc();
		if (fd < 0) {
			usleep(5000);
			continue;
		}
		ok = serve(fd);
		close(fd);
	}
	write_counts();
	return ok ? 0 : 1;
}
