// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kms/crc.h"

/* Ten CRC values at most, 11 characters each, and the frame number. */
#define MAX_LINE	128

static int crc_file(unsigned int minor, int crtc_index, const char *name, int flags, char *why,
		    size_t size)
{
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/%u/crtc-%d/crc/%s", minor, crtc_index,
		 name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	fd = -errno;
	snprintf(why, size, "%s: %s%s", path, strerror(-fd),
		 fd == -ENOENT ? " (debugfs not mounted, or the driver has no CRC)" :
		 fd == -EACCES || fd == -EPERM ? " (run as root)" : "");
	return fd;
}

int kms_crc_open(unsigned int minor, int crtc_index, char *why, size_t size)
{
	static const char source[] = "auto";
	int fd = crc_file(minor, crtc_index, "control", O_WRONLY, why, size);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = write(fd, source, sizeof(source) - 1);
	if (n < 0) {
		int err = -errno;

		snprintf(why, size, "CRC source \"%s\" refused: %s", source, strerror(-err));
		close(fd);
		return err;
	}
	close(fd);
	return crc_file(minor, crtc_index, "data", O_RDONLY | O_NONBLOCK, why, size);
}

bool kms_crc_parse(const char *line, uint32_t *label, uint32_t *crc)
{
	unsigned long first, second;
	char *end;

	if (strncmp(line, "0x", 2))
		return false;
	first = strtoul(line, &end, 16);
	if (end == line || *end != ' ')
		return false;
	line = end + 1;
	second = strtoul(line, &end, 16);
	if (end == line || (*end && *end != '\n' && *end != ' '))
		return false;
	*label = (uint32_t)first;
	*crc = (uint32_t)second;
	return true;
}

int kms_crc_read(int fd, uint32_t *label, uint32_t *crc)
{
	char line[MAX_LINE];
	ssize_t n = read(fd, line, sizeof(line) - 1);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	line[n] = '\0';
	if (n == 0)
		return 0;
	return kms_crc_parse(line, label, crc) ? 1 : -EPROTO;
}
