/* SPDX-License-Identifier: MIT */
#ifndef FLIP_CLOCK_H
#define FLIP_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NS_PER_MS	1000000ULL
#define NS_PER_S	1000000000ULL

/**
 * clock_now() - the clock that DRM events use
 * Return: CLOCK_MONOTONIC, ns.
 */
static inline uint64_t clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

#endif /* FLIP_CLOCK_H */
