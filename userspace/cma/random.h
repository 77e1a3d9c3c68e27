/* SPDX-License-Identifier: MIT */
/* Random numbers, the same on every machine: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
#ifndef CMA_RANDOM_H
#define CMA_RANDOM_H

#include <stdint.h>

/** struct cma_random - a sequence; begin with any seed */
struct cma_random {
	uint64_t state;
};

/** cma_random_next() - 64 random bits */
static inline uint64_t cma_random_next(struct cma_random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/** cma_random_below() - a number 0 .. @n - 1; @n from 1 to 2^32 */
static inline uint64_t cma_random_below(struct cma_random *random, uint64_t n)
{
	return (cma_random_next(random) >> 32) * n >> 32;
}

/** cma_random_unit() - a number from 0 up to, not including, 1 */
static inline double cma_random_unit(struct cma_random *random)
{
	return (double)(cma_random_next(random) >> 11) / 9007199254740992.0;
}

#endif /* CMA_RANDOM_H */
