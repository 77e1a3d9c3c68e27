// SPDX-License-Identifier: MIT
#include <math.h>

#include "cma/bound.h"

#define STEPS	60	/* halvings: more than a double has bits */
#define TINY	0.00000000000000001	/* less is lost in a sum of doubles */

/*
 * The probability of no more than @failed of @runs when each fails with probability @p, which is
 * above failed / runs: so the terms fall from the last one on.
 */
static double at_most(uint64_t failed, uint64_t runs, double p)
{
	double n = (double)runs, k = (double)failed, sum = 0;
	double term = exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) +
			  k * log(p) + (n - k) * log1p(-p));

	for (; k >= 0 && term > sum * TINY; k--) {
		sum += term;
		term *= k / (n - k + 1) * (1 - p) / p;
	}
	return sum;
}

double cma_bound_share(uint64_t failed, uint64_t runs, double confidence)
{
	double low, high = 1;

	if (failed >= runs)
		return 1;
	if (!failed)
		return -expm1(log1p(-confidence) / (double)runs);
	low = (double)failed / (double)runs;
	for (int i = 0; i < STEPS; i++) {
		double p = (low + high) / 2;

		if (at_most(failed, runs, p) > 1 - confidence)
			low = p;
		else
			high = p;
	}
	return high;
}

uint64_t cma_bound_runs(double share, double confidence)
{
	/* Rounding must not cost a run. */
	return (uint64_t)ceil(log1p(-confidence) / log1p(-share) - 0.000001);
}
