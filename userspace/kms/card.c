// SPDX-License-Identifier: MIT
/* A card node by its driver. */
#include "kms/card.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>

#define MAX_CARDS	64

bool kms_card_is(int fd, const char *driver)
{
	drmVersion *version = drmGetVersion(fd);
	bool is = version && !strcmp(version->name, driver);

	drmFreeVersion(version);
	return is;
}

int kms_card_open(const char *driver)
{
	for (int i = 0; i < MAX_CARDS; i++) {
		char path[32];
		int fd;

		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd >= 0 && kms_card_is(fd, driver))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -ENODEV;
}
