// SPDX-License-Identifier: MIT
/* Plugs that are pulled, programs that are killed. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_prime.h"
#include "vdc_qmp.h"
#include "vdc_uptime_events.h"
#include "vdc_uptime_pattern.h"

#define BUFINFO		"/sys/kernel/debug/dma_buf/bufinfo"
#define VICTIM_NAME	"vdc-victim"
#define VICTIM_BUFFERS	6
#define PLUG_NS		100000000L	/* out for so long */
#define PLUG_TRIES	50

static bool qmp;	/* connected to QEMU */

static void sleep_ns(long ns)
{
	struct timespec t = { ns / 1000000000, ns % 1000000000 };

	nanosleep(&t, NULL);
}

/* The kernel's switch: "off" is as if nothing were plugged, "detect" is the truth again. */
static void set_status(const struct kms_device *dev, const struct kms_connector *c,
		       const char *status)
{
	ssize_t n = strlen(status);
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/class/drm/card%d-%s/status", dev->minor, c->name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	igt_assert_f(fd >= 0, "%s: %s\n", path, strerror(errno));
	igt_assert_f(write(fd, status, n) == n, "%s to %s: %s\n", status, path, strerror(errno));
	close(fd);
}

static void set_plug(struct kms_device *dev, struct kms_connector *c, bool in)
{
	if (qmp)
		qmp_set("plugged0", in ? "true" : "false");
	else
		set_status(dev, c, in ? "detect" : "off");
	sleep_ns(PLUG_NS);
	for (int i = 0; i < PLUG_TRIES; i++) {
		kms_probe(dev, c);
		if (c->connected == in)
			return;
		sleep_ns(PLUG_NS);
	}
	igt_assert_f(false, "%s is %sconnected after it was plugged %s\n", c->name,
		     c->connected ? "" : "not ", in ? "in" : "out");
}

void events_begin(void)
{
	qmp = qmp_try_open();
	if (!qmp)
		igt_info("no port to QEMU: plugs are pulled by the connector's status in sysfs\n");
}

void events_end(void)
{
	qmp_close();
	qmp = false;
}

void event_unplug(struct kms_device *dev)
{
	struct kms_connector *c = kms_find_connector(dev, DRM_MODE_CONNECTOR_HDMIA, &dev->pipe[0],
						     0);

	igt_assert_f(c, "no connected HDMI output to unplug\n");
	set_plug(dev, c, false);
	igt_assert_eq(c->info->count_modes, 0);
	set_plug(dev, c, true);
	igt_assert_lt(0, c->info->count_modes);
}

int event_dmabufs(const char *name)
{
	FILE *f = fopen(BUFINFO, "re");
	char line[512], tail[64];
	int count = 0;
	size_t n;

	if (!f)
		return -1;
	snprintf(tail, sizeof(tail), "\t%s\n", name ? name : "");
	while (fgets(line, sizeof(line), f)) {
		n = strlen(line);
		/* Buffers begin with their size in digits, their attachments are indented. */
		if (line[0] < '0' || line[0] > '9' || !strchr(line, '\t'))
			continue;
		count += !name || (n > strlen(tail) && !strcmp(line + n - strlen(tail), tail));
	}
	fclose(f);
	return count;
}

/* Some without a handle, in a DMA-BUF alone. No assertions: nobody would hear of them. */
static void hold_buffer(int fd, uint32_t w, uint32_t h, bool shared, bool closed)
{
	uint32_t handle, pitch;
	uint64_t size;
	int dmabuf;

	if (drmModeCreateDumbBuffer(fd, w, h, 32, 0, &handle, &pitch, &size) || !shared)
		return;
	if (drmPrimeHandleToFD(fd, handle, DRM_CLOEXEC | DRM_RDWR, &dmabuf))
		return;
	ioctl(dmabuf, DMA_BUF_SET_NAME, VICTIM_NAME);
	if (closed)
		drmCloseBufferHandle(fd, handle);
}

static void victim(struct cma_random random, int ready)
{
	int fd = kms_open_driver("vdc");
	unsigned int count = 1 + cma_random_below(&random, VICTIM_BUFFERS);

	for (unsigned int i = 0; i < count; i++) {
		uint32_t w = 32 + cma_random_below(&random, 992);
		uint32_t h = 32 + cma_random_below(&random, 736);

		hold_buffer(fd, w, h, i == 0 || cma_random_below(&random, 2),
			    cma_random_below(&random, 2));
		if (i == 0 && write(ready, "", 1) != 1)
			return;
	}
	if (write(ready, "", 1) == 1)
		pause();
}

/* Wait until it has its first buffer, or all of them. */
static void wait_for(int ready, unsigned int bytes)
{
	char byte;

	while (bytes-- && read(ready, &byte, 1) == 1)
		;
}

void event_kill(struct cma_random *random)
{
	bool all = cma_random_below(random, 2);
	int ready[2], status;
	pid_t pid;

	cma_random_next(random);
	igt_assert_eq(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	igt_assert_f(pid >= 0, "fork: %s\n", strerror(errno));
	if (!pid) {
		victim(*random, ready[1]);
		_exit(1);
	}
	close(ready[1]);
	wait_for(ready[0], all ? 2 : 1);
	close(ready[0]);
	igt_assert_eq(kill(pid, SIGKILL), 0);
	igt_assert_eq(waitpid(pid, &status, 0), pid);
	igt_assert_f(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
		     "the client ended by itself, status %#x\n", status);
	igt_assert_lte(event_dmabufs(VICTIM_NAME), 0);
}
