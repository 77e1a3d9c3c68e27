// SPDX-License-Identifier: MIT
/* The beginning and the end of a run: what it needs, in order, and back. */
#define _GNU_SOURCE
#include <drm_fourcc.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "flip/channel.h"
#include "flip/run.h"
#include "kms/crc.h"
#include "message.h"

/* 16 kB: a single page would not come from the CMA area. */
#define SETTLE_SIZE	64

void run_fail(struct run *r, enum run_end end, const char *format, ...)
{
	va_list args;

	/* The first error is the cause of those that follow. */
	if (r->end == RUN_GOING) {
		r->end = end;
		va_start(args, format);
		vsnprintf(r->error, sizeof(r->error), format, args);
		va_end(args);
		message("%s", r->error);
	}
}

long run_cma(struct run *r)
{
	FILE *f = fopen("/proc/meminfo", "re");
	char line[128];
	long kb = -1;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "CmaFree: %ld kB", &kb) == 1)
			break;
	if (f)
		fclose(f);
	if (r->cma_min < 0 || kb < r->cma_min)
		r->cma_min = kb;
	return kb;
}

/*
 * Freed pages first go to per-processor lists, where CmaFree does not count them. Any contiguous
 * allocation empties those lists; this one leaves no more than itself behind. It comes from a
 * client of its own: a driver may keep freed buffers for its clients until the last one is gone.
 * The counter itself is per processor, too, until the kernel is asked to sum up, which takes root.
 */
static void settle_cma(const char *card)
{
	struct kms_buffer b;
	char text[16];
	int fd = open(card, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	if (!kms_buffer_create(&b, fd, SETTLE_SIZE, SETTLE_SIZE, DRM_FORMAT_XRGB8888))
		kms_buffer_destroy(&b, fd);
	close(fd);
	fd = open("/proc/sys/vm/stat_refresh", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	/* Reading is what sums up; there is no text. */
	if (read(fd, text, sizeof(text)) < 0)
		message_error(errno, "/proc/sys/vm/stat_refresh");
	close(fd);
}

static int open_signals(struct run *r)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	r->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return r->signal_fd < 0 ? -errno : 0;
}

static int open_buffers(struct run *r)
{
	for (unsigned int i = 0; i < r->options->buffers; i++) {
		struct run_buffer *b = &r->buffer[i];
		int ret = kms_buffer_create(&b->kms, r->device.fd, r->output.mode.hdisplay,
					    r->output.mode.vdisplay, DRM_FORMAT_XRGB8888);

		if (ret)
			return ret;
		if (!r->options->export) {
			ret = kms_buffer_map(&b->kms, r->device.fd);
		} else {
			b->dmabuf = kms_buffer_export(&b->kms, r->device.fd);
			ret = b->dmabuf < 0 ? b->dmabuf : 0;
		}
		if (ret)
			return ret;
	}
	run_cma(r);
	return 0;
}

static void describe(const struct run *r, struct picture_info *info)
{
	struct utsname u;

	uname(&u);
	info->buffers = r->options->buffers;
	snprintf(info->output, sizeof(info->output), "%s  %ux%u @ %.2f Hz", r->output.name,
		 r->output.mode.hdisplay, r->output.mode.vdisplay,
		 kms_mode_refresh(&r->output.mode));
	snprintf(info->device, sizeof(info->device), "%.31s  %.40s", r->device.driver,
		 r->device.bus[0] ? r->device.bus : r->device.path);
	snprintf(info->host, sizeof(info->host), "%.16s %.48s  %.16s", u.sysname, u.release,
		 u.machine);
}

/* Hand the buffers to the renderer and wait until it is ready. */
static int set_up_renderer(struct run *r)
{
	struct render_setup setup = {
		.width = r->output.mode.hdisplay,
		.height = r->output.mode.vdisplay,
		.render_ms = r->options->render_ms,
	};
	int fds[FLIP_MAX_BUFFERS], ret;
	unsigned int n = r->options->buffers;

	describe(r, &setup.info);
	for (unsigned int i = 0; i < n; i++) {
		setup.pitch[i] = r->buffer[i].kms.pitch;
		setup.size[i] = r->buffer[i].kms.size;
		setup.map[i] = r->buffer[i].kms.map;
		fds[i] = r->buffer[i].dmabuf;
	}
	ret = channel_send(r->renderer.fd, &setup, sizeof(setup), fds,
			   r->options->export ? n : 0);
	if (ret) {
		message_error(ret, "talking to the renderer");
		return ret;
	}
	run_replies(r, true);
	return r->end == RUN_GOING ? 0 : -EPIPE;
}

/* Frame 0 by a blocking modeset; the flips begin with frame 1. */
static int show_first(struct run *r)
{
	drmModeAtomicReq *req;
	int ret;

	run_request(r, 0, -1, 0);
	while (r->end == RUN_GOING && r->buffer[0].rendering)
		run_replies(r, true);
	if (r->end != RUN_GOING)
		return -EPIPE;
	if (r->buffer[0].fence >= 0)
		close(r->buffer[0].fence);
	r->buffer[0].fence = -1;
	r->buffer[0].waiting = false;
	r->next_commit = 1;
	if (drmModeCreatePropertyBlob(r->device.fd, &r->output.mode, sizeof(r->output.mode),
				      &r->mode_blob)) {
		ret = -errno;
		message_error(ret, "DRM_IOCTL_MODE_CREATEPROPBLOB");
		return ret;
	}
	req = drmModeAtomicAlloc();
	ret = req ? kms_state_show(&r->output, req, r->mode_blob, r->buffer[0].kms.fb) : -ENOMEM;
	if (!ret && drmModeAtomicCommit(r->device.fd, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL))
		ret = -errno;
	drmModeAtomicFree(req);
	if (ret) {
		char master[96];

		message_error(ret, "DRM_IOCTL_MODE_ATOMIC: modeset of %s to %ux%u",
			      r->output.name, r->output.mode.hdisplay, r->output.mode.vdisplay);
		if (kms_device_master(&r->device, master, sizeof(master)))
			message("DRM master is %s", master);
		return ret;
	}
	r->modeset = true;
	r->shown = 0;
	return 0;
}

static void open_crc(struct run *r)
{
	if (strcmp(r->device.driver, "vdc")) {
		snprintf(r->no_crc, sizeof(r->no_crc), "driver %.31s computes other CRCs",
			 r->device.driver);
		return;
	}
	r->crc_fd = kms_crc_open(r->device.minor, r->output.crtc_index, r->no_crc,
				 sizeof(r->no_crc));
	if (r->crc_fd < 0)
		r->crc_fd = -1;
}

int run_open(struct run *r, const struct flip_options *options)
{
	int ret;

	memset(r, 0, sizeof(*r));
	r->options = options;
	r->device.fd = -1;
	r->renderer.fd = -1;
	r->crc_fd = -1;
	r->signal_fd = -1;
	r->pending = -1;
	r->shown = -1;
	r->cma_min = -1;
	for (unsigned int i = 0; i < FLIP_MAX_BUFFERS; i++) {
		r->buffer[i].dmabuf = -1;
		r->buffer[i].fence = -1;
	}
	r->cma_before = -1;
	ret = samples_init(&r->render_latency);
	if (!ret)
		ret = samples_init(&r->commit_latency);
	if (!ret)
		ret = open_signals(r);
	/* Before the card is open: a renderer process must not have it. */
	if (!ret)
		ret = renderer_start(&r->renderer, options->export);
	if (!ret)
		ret = kms_device_open(&r->device, options->device, options->any ? NULL : "vdc");
	if (!ret) {
		settle_cma(r->device.path);
		r->cma_before = run_cma(r);
	}
	if (!ret)
		ret = kms_output_pick(&r->output, &r->device, options->connector, &options->mode,
				      DRM_FORMAT_XRGB8888);
	if (!ret)
		ret = kms_state_save(&r->state, &r->output, r->device.fd);
	if (!ret)
		ret = open_buffers(r);
	if (!ret)
		ret = set_up_renderer(r);
	if (!ret)
		ret = show_first(r);
	if (!ret)
		open_crc(r);
	return ret;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void run_close(struct run *r)
{
	char why[96], card[sizeof(r->device.path)];

	snprintf(card, sizeof(card), "%s", r->device.path);
	close_fd(&r->crc_fd);
	renderer_stop(&r->renderer, why, sizeof(why));
	if (why[0])
		message("the renderer %s", why);
	if (r->modeset)
		kms_state_restore(&r->state, r->device.fd);
	else if (r->state.output)
		kms_state_drop(&r->state, r->device.fd);
	for (unsigned int i = 0; i < FLIP_MAX_BUFFERS; i++) {
		close_fd(&r->buffer[i].fence);
		close_fd(&r->buffer[i].dmabuf);
		if (r->device.fd >= 0)
			kms_buffer_destroy(&r->buffer[i].kms, r->device.fd);
	}
	if (r->mode_blob)
		drmModeDestroyPropertyBlob(r->device.fd, r->mode_blob);
	kms_output_free(&r->output);
	kms_device_close(&r->device);
	if (r->cma_before >= 0)
		settle_cma(card);
	close_fd(&r->signal_fd);
	r->cma_after = run_cma(r);
}

void run_free(struct run *r)
{
	samples_free(&r->render_latency);
	samples_free(&r->commit_latency);
}
