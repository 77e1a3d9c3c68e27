/* SPDX-License-Identifier: MIT */
/*
 * The stream of frame CRCs of a pipe, from debugfs. The driver labels a frame with
 * the vblank count at its end; here it has the count at its start, as flip events
 * give it: the first frame that shows a flip has the number of the flip's event.
 */
#ifndef VDC_CRC_H
#define VDC_CRC_H

#include "vdc_kms.h"

/** struct crc_reader - an open stream */
struct crc_reader {
	int fd;
};

/** struct crc_entry - one frame's CRC */
struct crc_entry {
	uint32_t frame, crc;
};

/** crc_open() - start the CRCs of a pipe that is on */
void crc_open(struct kms_device *dev, const struct kms_pipe *pipe, struct crc_reader *reader);

/** crc_poll() - wait up to @ms for an entry. Return: false when none came */
bool crc_poll(struct crc_reader *reader, struct crc_entry *entry, int ms);

/** crc_close() - stop */
void crc_close(struct crc_reader *reader);

/**
 * crc_underruns() - bands that the controller fetched too late
 * @dev: the device
 * @pipe: a pipe that is on
 * Return: how many, CRC_BANDS for each frame that was not scanned at all, since reset.
 *
 * A busy machine may run an emulated controller too late. That never spoils a frame
 * that is scanned, but frames that are not scanned have no CRC; here is their number.
 */
uint32_t crc_underruns(struct kms_device *dev, const struct kms_pipe *pipe);
#define CRC_BANDS	16

/**
 * crc_of_screen() - CRC of what a pipe shows now
 * @dev: the device
 * @pipe: the pipe; nothing may change on it meanwhile
 * Return: the CRC of a frame whose scan began after the call, the same for that
 * frame and the next.
 */
uint32_t crc_of_screen(struct kms_device *dev, const struct kms_pipe *pipe);

/** crc_check() - show a screen; its CRC must be the predicted one */
void crc_check(struct kms_device *dev, const struct kms_screen *screen);

#endif /* VDC_CRC_H */
