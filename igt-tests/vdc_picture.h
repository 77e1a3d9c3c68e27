/* SPDX-License-Identifier: MIT */
/*
 * Pictures whose every pixel matters, and the controller's own arithmetic (the
 * hw library) to say what a screen made of them must look like.
 */
#ifndef VDC_PICTURE_H
#define VDC_PICTURE_H

#include "vdc_kms.h"

/**
 * picture_draw() - fill a framebuffer
 * @fb: the framebuffer; its image is made, and copied to its mapping if it has one
 * @seed: different seeds, different pictures
 *
 * Noise in which each line differs, so that a wrong pitch, a swapped page or a
 * shifted line changes the CRC. Alpha formats get valid premultiplied colours.
 */
void picture_draw(struct kms_fb *fb, uint32_t seed);

/** picture_compose() - what a screen shows, as XRGB8888 with X = 0xff. Return: malloc()ed */
uint32_t *picture_compose(const struct kms_screen *screen);

/** picture_crc() - the CRC the controller must report for a screen */
uint32_t picture_crc(const struct kms_screen *screen);

#endif /* VDC_PICTURE_H */
