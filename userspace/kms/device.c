// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kms/device.h"
#include "message.h"

#define MAX_CARDS	64

/* Not every bus is one that libdrm knows, so sysfs is asked: the name of the parent device. */
static void device_bus_name(struct kms_device *d)
{
	char link[64], target[PATH_MAX];
	const char *name;
	ssize_t n;

	snprintf(link, sizeof(link), "/sys/class/drm/card%u/device", d->minor);
	n = readlink(link, target, sizeof(target) - 1);
	if (n <= 0)
		return;
	target[n] = '\0';
	name = strrchr(target, '/');
	snprintf(d->bus, sizeof(d->bus), "%.90s", name ? name + 1 : target);
}

static int device_try(struct kms_device *d, const char *path)
{
	drmVersion *version;
	struct stat st;

	d->fd = open(path, O_RDWR | O_CLOEXEC);
	if (d->fd < 0)
		return -errno;
	version = drmGetVersion(d->fd);
	if (!version || fstat(d->fd, &st)) {
		int err = errno ? -errno : -ENODEV;

		drmFreeVersion(version);
		close(d->fd);
		d->fd = -1;
		return err;
	}
	snprintf(d->path, sizeof(d->path), "%s", path);
	snprintf(d->driver, sizeof(d->driver), "%s", version->name);
	d->minor = minor(st.st_rdev);
	d->bus[0] = '\0';
	device_bus_name(d);
	drmFreeVersion(version);
	return 0;
}

static int device_find(struct kms_device *d, const char *driver)
{
	char path[32], seen[256] = "";
	int denied = 0;

	for (int i = 0; i < MAX_CARDS; i++) {
		size_t used = strlen(seen);
		int ret;

		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		ret = device_try(d, path);
		if (ret) {
			if (ret == -EACCES || ret == -EPERM)
				denied = ret;
			continue;
		}
		if (driver ? !strcmp(d->driver, driver) :
			     !drmSetClientCap(d->fd, DRM_CLIENT_CAP_ATOMIC, 1))
			return 0;
		snprintf(seen + used, sizeof(seen) - used, "%s%s (%s)", used ? ", " : "", path,
			 d->driver);
		close(d->fd);
		d->fd = -1;
	}
	if (driver)
		message("no card of driver \"%s\"%s%s%s; load the module or try --device",
			driver, seen[0] ? ", only " : "", seen,
			denied ? "; some cards could not be opened: run as root" : "");
	else
		message("no card with atomic modesetting%s%s", seen[0] ? ", only " : "", seen);
	return denied ? denied : -ENODEV;
}

static int device_enable(struct kms_device *d)
{
	static const struct {
		uint64_t cap;
		const char *name;
	} caps[] = {
		{ DRM_CLIENT_CAP_UNIVERSAL_PLANES, "DRM_CLIENT_CAP_UNIVERSAL_PLANES" },
		{ DRM_CLIENT_CAP_ATOMIC, "DRM_CLIENT_CAP_ATOMIC" },
	};
	uint64_t dumb = 0;

	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++)
		if (drmSetClientCap(d->fd, caps[i].cap, 1)) {
			int err = -errno;

			message_error(err, "%s (%s): %s", d->path, d->driver, caps[i].name);
			return err;
		}
	if (drmGetCap(d->fd, DRM_CAP_DUMB_BUFFER, &dumb) || !dumb) {
		message("%s (%s) has no dumb buffers", d->path, d->driver);
		return -EOPNOTSUPP;
	}
	/* Without it there is no writeback connector in the list; not every driver has one. */
	drmSetClientCap(d->fd, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS, 1);
	d->res = drmModeGetResources(d->fd);
	d->planes = drmModeGetPlaneResources(d->fd);
	if (!d->res || !d->planes) {
		int err = errno ? -errno : -ENODEV;

		message_error(err, "%s (%s): DRM_IOCTL_MODE_GETRESOURCES", d->path, d->driver);
		return err;
	}
	return 0;
}

int kms_device_open(struct kms_device *d, const char *path, const char *driver)
{
	int ret;

	memset(d, 0, sizeof(*d));
	d->fd = -1;
	if (path) {
		ret = device_try(d, path);
		if (ret)
			message_error(ret, "cannot open %s", path);
	} else {
		ret = device_find(d, driver);
	}
	if (!ret)
		ret = device_enable(d);
	if (ret)
		kms_device_close(d);
	return ret;
}

void kms_device_close(struct kms_device *d)
{
	if (d->planes)
		drmModeFreePlaneResources(d->planes);
	if (d->res)
		drmModeFreeResources(d->res);
	if (d->fd >= 0)
		close(d->fd);
	d->planes = NULL;
	d->res = NULL;
	d->fd = -1;
}

int kms_device_crtc_index(const struct kms_device *d, uint32_t crtc)
{
	for (int i = 0; i < d->res->count_crtcs; i++)
		if (d->res->crtcs[i] == crtc)
			return i;
	return -1;
}

bool kms_device_master(const struct kms_device *d, char *text, size_t size)
{
	char path[64], line[256], name[64], is_master;
	bool other = false;
	FILE *f;

	text[0] = '\0';
	if (drmIsMaster(d->fd))
		return false;
	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/%u/clients", d->minor);
	f = fopen(path, "re");
	/* Columns: command, pid, device, master, ... */
	while (f && fgets(line, sizeof(line), f)) {
		int pid, dev;

		if (sscanf(line, "%63s %d %d %c", name, &pid, &dev, &is_master) == 4 &&
		    is_master == 'y' && pid != getpid()) {
			snprintf(text, size, "%s (pid %d)", name, pid);
			other = true;
		}
	}
	if (f)
		fclose(f);
	return other;
}
