/* SPDX-License-Identifier: MIT */
/* Fences as files. */
#ifndef VDC_FENCE_H
#define VDC_FENCE_H

#include <stdbool.h>
#include <stdint.h>

/** fence_signaled() - wait up to @ms for a fence. Return: false when it has not signalled */
bool fence_signaled(int fence, int ms);

/**
 * fence_number() - the low half of a fence's number on its timeline
 * @fence: of a driver; merged ones have no number
 * @number: out
 * Return: false if the kernel has no room to tell it whole: it is the end of a name.
 */
bool fence_number(int fence, uint32_t *number);

#endif /* VDC_FENCE_H */
