/* SPDX-License-Identifier: MIT */
/*
 * How long things took: a histogram whose buckets are as wide as a sixteenth of the power of two
 * below them. Any percentile is right within 3.2 %, whatever the range, in constant memory.
 */
#ifndef CMA_LATENCY_H
#define CMA_LATENCY_H

#include <stdint.h>

#define CMA_LATENCY_SPLIT	16u	/* buckets in a power of two */
#define CMA_LATENCY_BUCKETS	(61u * CMA_LATENCY_SPLIT)

/**
 * struct cma_latency - a histogram; all zero is an empty one
 * @count: values
 * @sum: their sum, wraps after 584 years of ns
 * @min: smallest value
 * @max: largest value
 * @buckets: how many values each bucket has
 */
struct cma_latency {
	uint64_t count;
	uint64_t sum;
	uint64_t min;
	uint64_t max;
	uint64_t buckets[CMA_LATENCY_BUCKETS];
};

/** cma_latency_bucket() - the bucket of a value */
unsigned int cma_latency_bucket(uint64_t value);

/** cma_latency_low() - the smallest value of a bucket; of CMA_LATENCY_BUCKETS: UINT64_MAX */
uint64_t cma_latency_low(unsigned int bucket);

/** cma_latency_add() - count a value */
void cma_latency_add(struct cma_latency *latency, uint64_t value);

/** cma_latency_merge() - count all values of @from, too */
void cma_latency_merge(struct cma_latency *latency, const struct cma_latency *from);

/**
 * cma_latency_percentile() - nearest-rank percentile
 * @latency: the histogram
 * @percent: 0 to 100
 * Return: the middle of the bucket that the percentile lies in, within min and max; 0 when empty.
 */
uint64_t cma_latency_percentile(const struct cma_latency *latency, double percent);

/** format_ns() - "12.3 us", "4.56 ms"; @text has 16 bytes. Return: @text */
const char *format_ns(uint64_t ns, char *text);

#endif /* CMA_LATENCY_H */
