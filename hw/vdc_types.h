/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * What the model needs from its surroundings: integer types, memcpy/memset and
 * 64-bit division. Inside the kernel they come from the kernel; elsewhere from
 * the freestanding headers plus the two functions that a compiler may call anyway.
 */
#ifndef VDC_TYPES_H
#define VDC_TYPES_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/string.h>
#include <linux/math64.h>
#define vdc_div64(n, d)	div64_u64((n), (d))
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
void *memcpy(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
#define vdc_div64(n, d)	((uint64_t)(n) / (uint64_t)(d))
#endif

#include "vdc_regs.h"

/* FIELD_GET and FIELD_PREP for VDC_MASK() constants, where linux/bitfield.h is not at hand. */
#define VDC_GET(mask, reg)	(((reg) & (mask)) / ((mask) & -(mask)))
#define VDC_PREP(mask, val)	(((uint32_t)(val) * ((mask) & -(mask))) & (mask))

#define VDC_NEVER	(~0ULL)		/* a deadline that does not come */

#endif /* VDC_TYPES_H */
