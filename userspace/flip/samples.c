// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flip/samples.h"

int samples_init(struct samples *s)
{
	memset(s, 0, sizeof(*s));
	s->bucket = calloc(SAMPLES_BUCKETS, sizeof(*s->bucket));
	return s->bucket ? 0 : -ENOMEM;
}

void samples_add(struct samples *s, uint64_t ns)
{
	uint64_t i = ns / SAMPLES_STEP_NS;

	if (i >= SAMPLES_BUCKETS)
		i = SAMPLES_BUCKETS - 1;
	s->bucket[i]++;
	s->count++;
	if (ns > s->max_ns)
		s->max_ns = ns;
}

double samples_percentile(const struct samples *s, double percent)
{
	uint64_t rank = (uint64_t)ceil(percent / 100 * (double)s->count), seen = 0;
	double ns;

	if (!s->count)
		return 0;
	if (rank >= s->count)
		return (double)s->max_ns / 1e6;
	for (uint32_t i = 0; i < SAMPLES_BUCKETS - 1; i++) {
		seen += s->bucket[i];
		if (seen >= rank && seen) {
			ns = ((double)i + 0.5) * SAMPLES_STEP_NS;
			return (ns < (double)s->max_ns ? ns : (double)s->max_ns) / 1e6;
		}
	}
	return (double)s->max_ns / 1e6;
}

void samples_free(struct samples *s)
{
	free(s->bucket);
	memset(s, 0, sizeof(*s));
}
