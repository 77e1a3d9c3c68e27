/* SPDX-License-Identifier: MIT */
/* One writeback job: what a CRTC puts out, stored to memory. */
#ifndef GRAB_WRITEBACK_H
#define GRAB_WRITEBACK_H

#include "kms/buffer.h"
#include "kms/device.h"
#include "kms/object.h"

/**
 * struct writeback - a CRTC, a writeback connector that can take its output, and a buffer
 * @crtc: running
 * @connector: the writeback connector
 * @source: name of the display connector that shows the CRTC, may be empty
 * @width: pixels
 * @height: lines
 * @buffer: where the picture goes
 */
struct writeback {
	struct kms_object crtc;
	struct kms_object connector;
	char source[32];
	unsigned int width, height;
	struct kms_buffer buffer;
};

/**
 * writeback_open() - find CRTC and writeback connector, allocate the buffer
 * @w: out
 * @d: the device
 * @crtc: KMS id, 0: by @connector
 * @connector: name or id of a display connector, NULL: the first CRTC that runs
 * Return: 0, or a negative errno after a message. writeback_close() in either case.
 */
int writeback_open(struct writeback *w, const struct kms_device *d, uint32_t crtc,
		   const char *connector);

/**
 * writeback_run() - store one frame
 * @w: opened
 * @d: the device
 * @timeout_ms: how long to wait
 * Return: 0; -ETIME when it did not come; another negative errno. After a message.
 */
int writeback_run(struct writeback *w, const struct kms_device *d, int timeout_ms);

/**
 * writeback_close() - free
 * @w: opened, or not quite
 * @d: the device
 */
void writeback_close(struct writeback *w, const struct kms_device *d);

#endif /* GRAB_WRITEBACK_H */
