// SPDX-License-Identifier: MIT
/* Taking a device from its driver and giving it back, through sysfs. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "vdc_unbind.h"

#define DRM_MAJOR	226

bool unbind_find(struct unbind *unbind, int minor)
{
	char path[64], device[PATH_MAX], driver[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/dev/char/%d:%d/device", DRM_MAJOR, minor);
	if (!realpath(path, device))
		return false;
	strcat(path, "/driver");
	if (!realpath(path, driver))
		return false;
	snprintf(unbind->name, sizeof(unbind->name), "%.63s", strrchr(device, '/') + 1);
	snprintf(unbind->driver, sizeof(unbind->driver), "%.255s", driver);
	return true;
}

static int tell_driver(const struct unbind *unbind, const char *file)
{
	char path[320];
	int fd, ret = 0;

	snprintf(path, sizeof(path), "%s/%s", unbind->driver, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (write(fd, unbind->name, strlen(unbind->name)) < 0)
		ret = errno;
	close(fd);
	return ret;
}

int unbind_device(const struct unbind *unbind)
{
	return tell_driver(unbind, "unbind");
}

int bind_device(const struct unbind *unbind)
{
	return tell_driver(unbind, "bind");
}
