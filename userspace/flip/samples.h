/* SPDX-License-Identifier: MIT */
/* Durations of a run of any length, in bounded memory, for percentiles. */
#ifndef FLIP_SAMPLES_H
#define FLIP_SAMPLES_H

#include <stdint.h>

/* Resolution and range: 20 us up to 2 s; longer ones count, with the exact maximum kept. */
#define SAMPLES_STEP_NS		20000ULL
#define SAMPLES_BUCKETS		100000U

/**
 * struct samples - a histogram
 * @count: how many samples
 * @max_ns: the largest
 * @bucket: number of samples of each step
 */
struct samples {
	uint64_t count;
	uint64_t max_ns;
	uint32_t *bucket;
};

/**
 * samples_init() - start empty
 * @s: out
 * Return: 0 or -ENOMEM. Free with samples_free().
 */
int samples_init(struct samples *s);

/**
 * samples_add() - add one
 * @s: the samples
 * @ns: a duration
 */
void samples_add(struct samples *s, uint64_t ns);

/**
 * samples_percentile() - nearest-rank percentile
 * @s: the samples
 * @percent: 0 < @percent <= 100
 * Return: ms, the middle of the step of the sample with that rank; 100 gives the exact
 * maximum; 0 without samples.
 */
double samples_percentile(const struct samples *s, double percent);

/**
 * samples_free() - free
 * @s: initialised or zeroed
 */
void samples_free(struct samples *s);

#endif /* FLIP_SAMPLES_H */
