/* SPDX-License-Identifier: MIT */
/* Taking a device from its driver and giving it back, through sysfs. */
#ifndef VDC_UNBIND_H
#define VDC_UNBIND_H

#include <stdbool.h>

/** struct unbind - a device of a bus, and the directory of its driver */
struct unbind {
	char driver[256];
	char name[64];
};

/** unbind_find() - look up the device of DRM minor @minor. Return: false if sysfs has none */
bool unbind_find(struct unbind *unbind, int minor);

/** unbind_device() - take it from its driver. Return: 0 or the errno */
int unbind_device(const struct unbind *unbind);

/** bind_device() - give it back to its driver. Return: 0 or the errno */
int bind_device(const struct unbind *unbind);

#endif /* VDC_UNBIND_H */
