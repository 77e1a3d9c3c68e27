/* SPDX-License-Identifier: MIT */
/* A CRTC's CRCs, through debugfs. */
#ifndef KMS_CRC_H
#define KMS_CRC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * kms_crc_open() - have the CRTC report a CRC for each frame
 * @minor: the card's debugfs directory
 * @crtc_index: the CRTC, which must be running
 * @why: out: what failed, for a person
 * @size: of @why
 * Return: a non-blocking file descriptor for kms_crc_read() and poll(), or a negative errno.
 * close() it; that stops the CRCs.
 */
int kms_crc_open(unsigned int minor, int crtc_index, char *why, size_t size);

/**
 * kms_crc_parse() - read a line of the kernel's CRC list
 * @line: "0xFRAME 0xCRC", zero-terminated
 * @label: out: vblank count of the frame's end
 * @crc: out
 * Return: whether it was such a line. A CRTC without frame numbers ("XXXXXXXXXX") is none.
 */
bool kms_crc_parse(const char *line, uint32_t *label, uint32_t *crc);

/**
 * kms_crc_read() - take the next CRC
 * @fd: from kms_crc_open()
 * @label: out: vblank count of the frame's end
 * @crc: out
 * Return: 1, 0 when there is none yet, or a negative errno.
 */
int kms_crc_read(int fd, uint32_t *label, uint32_t *crc);

#endif /* KMS_CRC_H */
