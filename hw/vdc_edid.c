// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * The EDID of a display that nobody described: VESA E-EDID standard A.2, base
 * block of version 1.3, and a CTA-861-G extension with an HDMI 1.4 block.
 */
#include "vdc_internal.h"

#define BLOCK	128U

/* Chromaticity of sRGB (IEC 61966-2-1), as A.2 section 3.7 packs it. */
#define CHROMATICITY	0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54

/* 18-byte detailed timings: CTA-861 VIC 16, 1920x1080@60, and VIC 4, 1280x720@60. */
#define DTD_1080P60 \
	0x02, 0x3a, 0x80, 0x18, 0x71, 0x38, 0x2d, 0x40, 0x58, 0x2c, 0x45, 0x00, \
	0x0f, 0x28, 0x21, 0x00, 0x00, 0x1e
#define DTD_720P60 \
	0x01, 0x1d, 0x00, 0x72, 0x51, 0xd0, 0x1e, 0x20, 0x6e, 0x28, 0x55, 0x00, \
	0x0f, 0x28, 0x21, 0x00, 0x00, 0x1e

static const uint8_t base[BLOCK - 1] = {
	0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00,
	0x58, 0x83, 0x01, 0x00,			/* "VDC", product 1 */
	0x00, 0x00, 0x00, 0x00,			/* serial number: filled in */
	1, 34,					/* week 1 of 2024 */
	1, 3,					/* EDID 1.3 */
	0x80, 53, 30, 120, 0x0e,		/* digital, 53 x 30 cm, gamma 2.2, sRGB, preferred timing */
	CHROMATICITY,
	0x21, 0x08, 0x00,			/* 640x480, 800x600, 1024x768 at 60 Hz */
	0x81, 0xc0, 0x81, 0x80,			/* standard timings: 1280x720, 1280x1024 at 60 Hz */
	0xd1, 0xc0, 0x01, 0x01,			/* 1920x1080 at 60 Hz; the rest unused */
	0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
	DTD_1080P60,
	DTD_720P60,
	0x00, 0x00, 0x00, 0xfd, 0x00,		/* range: 24-75 Hz, 15-140 kHz, 600 MHz */
	24, 75, 15, 140, 60, 0x00, 0x0a, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20,
	0x00, 0x00, 0x00, 0xfc, 0x00,		/* name */
	'V', 'D', 'C', ' ', 'd', 'i', 's', 'p', 'l', 'a', 'y', '\n', ' ',
	1,					/* one extension */
};

static const uint8_t cta[BLOCK - 1] = {
	0x02, 0x03, 18, 0x81,			/* revision 3, DTDs at byte 18; underscan, 1 native DTD */
	0x43, 0x90, 0x04, 0x01,			/* video: VIC 16 (native), 4, 1 */
	0xe2, 0x00, 0x48,			/* RGB quantization selectable, IT underscanned */
	0x66, 0x03, 0x0c, 0x00, 0x10, 0x00, 0x00,	/* HDMI 1.4, physical address 1.0.0.0 */
};

static void seal(uint8_t *block)
{
	uint32_t i;
	uint8_t sum = 0;

	for (i = 0; i < BLOCK - 1; i++)
		sum += block[i];
	block[BLOCK - 1] = (uint8_t)-sum;
}

void vdc_edid_default(uint8_t *edid, uint32_t serial)
{
	uint32_t i;

	memset(edid, 0, VDC_EDID_DEFAULT_BYTES);
	memcpy(edid, base, sizeof(base));
	for (i = 0; i < 4; i++)
		edid[12 + i] = (uint8_t)(serial >> (8 * i));
	seal(edid);
	memcpy(edid + BLOCK, cta, sizeof(cta));
	seal(edid + BLOCK);
}
