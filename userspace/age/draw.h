/* SPDX-License-Identifier: MIT */
/* Random numbers of the distributions that ageing needs. */
#ifndef AGE_DRAW_H
#define AGE_DRAW_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "cma/random.h"

/**
 * age_draw_slot() - a slot, low ones much more often: 0 .. @count - 1
 *
 * count * u^4 with u uniform: half of the draws go to a sixteenth of the slots, so the lives of
 * what they hold are spread over orders of magnitude.
 */
static inline size_t age_draw_slot(struct cma_random *random, size_t count)
{
	double u = cma_random_unit(random);

	return (size_t)((double)count * u * u * u * u);
}

/** age_draw_bytes() - a size from @least up to @most, each octave as often as any other */
static inline uint64_t age_draw_bytes(struct cma_random *random, uint64_t least, uint64_t most)
{
	double octaves = log2((double)most / (double)least);

	return most <= least ? least :
	       (uint64_t)((double)least * exp2(octaves * cma_random_unit(random)));
}

/** age_draw_pages() - the same in whole pages of 4 KiB */
static inline uint64_t age_draw_pages(struct cma_random *random, uint64_t least, uint64_t most)
{
	return (age_draw_bytes(random, least, most) + 4095) & ~4095ull;
}

/** age_draw_chance() - true once in @n times */
static inline bool age_draw_chance(struct cma_random *random, unsigned int n)
{
	return !cma_random_below(random, n);
}

#endif /* AGE_DRAW_H */
