// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * The model's CRC as a processor without a CRC instruction computes it, under
 * other names, so that one test program can hold all paths against each other.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#undef __x86_64__
#undef __ARM_FEATURE_CRC32
#define vdc_crc			plain_crc
#define vdc_crc_pixels		plain_crc_pixels
#define vdc_crc_table		plain_crc_table
#define vdc_crc_shift_init	plain_crc_shift_init
#include "../vdc_crc.c"
