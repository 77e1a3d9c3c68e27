// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

static const char *program = "vdc";

/* What an errno of the DRM ioctls means to the person who sees it. */
static const struct {
	int error;
	const char *remedy;
} remedies[] = {
	{ EACCES, "not allowed: another process is DRM master (a compositor?), or run as root" },
	{ EPERM, "not allowed: run as root, or stop the process that is DRM master" },
	{ EBUSY, "a commit is still pending, or another connector or plane is in use" },
	{ EINVAL, "refused: echo 4 > /sys/module/drm/parameters/debug, then see dmesg" },
	{ ENOMEM, "no contiguous memory: see CmaFree in /proc/meminfo, boot with a larger cma=" },
	{ ENODEV, "the device is gone: it was unplugged or its driver unbound" },
	{ ENOENT, "it does not exist: is the driver loaded, and debugfs mounted?" },
	{ ENOSPC, "the limits of the display controller are exceeded" },
	{ ERANGE, "the limits of the display controller are exceeded" },
	{ EOPNOTSUPP, "the driver does not support it" },
};

void message_program(const char *name)
{
	const char *slash = strrchr(name, '/');

	program = slash ? slash + 1 : name;
}

void message(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", program);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

void message_error(int error, const char *format, ...)
{
	const char *remedy = NULL;
	va_list args;

	error = abs(error);
	for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++)
		if (remedies[i].error == error)
			remedy = remedies[i].remedy;
	fprintf(stderr, "%s: ", program);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, ": %s", strerror(error));
	if (remedy)
		fprintf(stderr, " (%s)", remedy);
	fputc('\n', stderr);
}
