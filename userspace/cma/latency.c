// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>

#include "cma/latency.h"

#define SPLIT_BITS	4u	/* log2 of CMA_LATENCY_SPLIT */

unsigned int cma_latency_bucket(uint64_t value)
{
	unsigned int octave;

	if (value < CMA_LATENCY_SPLIT)
		return (unsigned int)value;
	octave = 63u - (unsigned int)__builtin_clzll(value) - SPLIT_BITS;
	return (octave << SPLIT_BITS) + (unsigned int)(value >> octave);
}

uint64_t cma_latency_low(unsigned int bucket)
{
	unsigned int octave = bucket >> SPLIT_BITS;

	if (bucket >= CMA_LATENCY_BUCKETS)
		return UINT64_MAX;
	if (octave < 2)
		return bucket;
	return (uint64_t)(CMA_LATENCY_SPLIT + bucket % CMA_LATENCY_SPLIT) << (octave - 1);
}

void cma_latency_add(struct cma_latency *latency, uint64_t value)
{
	if (!latency->count || value < latency->min)
		latency->min = value;
	if (value > latency->max)
		latency->max = value;
	latency->count++;
	latency->sum += value;
	latency->buckets[cma_latency_bucket(value)]++;
}

void cma_latency_merge(struct cma_latency *latency, const struct cma_latency *from)
{
	if (!from->count)
		return;
	if (!latency->count || from->min < latency->min)
		latency->min = from->min;
	if (from->max > latency->max)
		latency->max = from->max;
	latency->count += from->count;
	latency->sum += from->sum;
	for (unsigned int i = 0; i < CMA_LATENCY_BUCKETS; i++)
		latency->buckets[i] += from->buckets[i];
}

uint64_t cma_latency_percentile(const struct cma_latency *latency, double percent)
{
	uint64_t rank = (uint64_t)ceil(percent / 100 * (double)latency->count), seen = 0, middle;
	unsigned int bucket = 0;

	if (!latency->count)
		return 0;
	if (rank >= latency->count)
		return latency->max;
	if (rank <= 1)
		return latency->min;
	while ((seen += latency->buckets[bucket]) < rank)
		bucket++;
	middle = cma_latency_low(bucket);
	middle += (cma_latency_low(bucket + 1) - middle) / 2;
	if (middle < latency->min)
		return latency->min;
	return middle > latency->max ? latency->max : middle;
}

const char *format_ns(uint64_t ns, char *text)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	double value = (double)ns;
	size_t unit = 0;

	while (value >= 999.5 && unit < sizeof(units) / sizeof(units[0]) - 1) {
		value /= 1000;
		unit++;
	}
	snprintf(text, 16, "%.3g %s", value, units[unit]);
	return text;
}
