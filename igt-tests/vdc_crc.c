// SPDX-License-Identifier: MIT
/* The stream of frame CRCs of a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_crc.h"
#include "vdc_picture.h"

#define CRC_MS	10000	/* composing may lag behind the beam, most of all under emulation */

static const char *crc_path(const struct kms_device *dev, const struct kms_pipe *pipe,
			    const char *file, char path[128])
{
	char name[40];

	snprintf(name, sizeof(name), "crtc-%u/crc/%s", pipe->index, file);
	return kms_debugfs(dev, name, path);
}

void crc_open(struct kms_device *dev, const struct kms_pipe *pipe, struct crc_reader *reader)
{
	char path[128];
	int control = open(crc_path(dev, pipe, "control", path), O_WRONLY | O_CLOEXEC);

	igt_assert_f(control >= 0, "%s: %s\n", path, strerror(errno));
	igt_assert_f(write(control, "auto", 4) == 4, "%s: %s\n", path, strerror(errno));
	close(control);
	reader->fd = open(crc_path(dev, pipe, "data", path), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	igt_assert_f(reader->fd >= 0, "%s: %s\n", path, strerror(errno));
}

bool crc_poll(struct crc_reader *reader, struct crc_entry *entry, int ms)
{
	struct pollfd pfd = { .fd = reader->fd, .events = POLLIN };
	char line[128];
	ssize_t n;

	if (poll(&pfd, 1, ms) != 1)
		return false;
	n = read(reader->fd, line, sizeof(line) - 1);
	if (n < 0 && errno == EAGAIN)
		return false;
	igt_assert_f(n > 0, "reading CRCs: %s\n", n ? strerror(errno) : "end of file");
	line[n] = 0;
	igt_assert_f(sscanf(line, "%x %x", &entry->frame, &entry->crc) == 2,
		     "CRC line without frame number and value: %s\n", line);
	entry->frame--;
	return true;
}

void crc_close(struct crc_reader *reader)
{
	close(reader->fd);
	reader->fd = -1;
}

uint32_t crc_underruns(struct kms_device *dev, const struct kms_pipe *pipe)
{
	return kms_pipe_register(dev, pipe, "UNDERRUNS");
}

uint32_t crc_of_screen(struct kms_device *dev, const struct kms_pipe *pipe)
{
	struct crc_entry first, second;
	struct crc_reader reader;
	uint32_t now;

	crc_open(dev, pipe, &reader);
	now = kms_sequence(dev, pipe, NULL);
	do {
		igt_assert_f(crc_poll(&reader, &first, CRC_MS), "no CRC within %d ms\n", CRC_MS);
	} while ((int32_t)(first.frame - now) <= 0);
	igt_assert_f(crc_poll(&reader, &second, CRC_MS), "no second CRC within %d ms\n", CRC_MS);
	crc_close(&reader);
	igt_assert_eq_u32(second.crc, first.crc);
	return first.crc;
}

void crc_check(struct kms_device *dev, const struct kms_screen *screen)
{
	uint32_t expected, crc;

	kms_show(dev, screen);
	expected = picture_crc(screen);
	crc = crc_of_screen(dev, screen->pipe);
	igt_assert_f(crc == expected, "CRC %#010x, predicted %#010x, %ux%u, %u layers\n", crc,
		     expected, screen->mode.hdisplay, screen->mode.vdisplay, screen->num_layers);
}
