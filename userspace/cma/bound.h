/* SPDX-License-Identifier: MIT */
/*
 * What n runs prove about the next one: the exact upper bound of a binomial share of C. J. Clopper
 * and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
 * binomial", Biometrika 26 (1934), 404-413. Without a failure it is 1 - (1 - confidence)^(1/n), for
 * 95% nearly 3/n: J. A. Hanley, A. Lippman-Hand, "If nothing goes wrong, is everything all right?
 * Interpreting zero numerators", JAMA 249 (1983), 1743-1745.
 */
#ifndef CMA_BOUND_H
#define CMA_BOUND_H

#include <stdint.h>

/**
 * cma_bound_share() - the largest share of failing runs that is compatible with what was seen
 * @failed: runs that failed, up to @runs
 * @runs: independent runs
 * @confidence: above 0, below 1: how often such a bound is right, at least
 * Return: 0 to 1; 1 without any run.
 */
double cma_bound_share(uint64_t failed, uint64_t runs, double confidence);

/**
 * cma_bound_runs() - how many runs without a failure prove a share
 * @share: share of failing runs, above 0, below 1
 * @confidence: as above
 * Return: the smallest n for which cma_bound_share(0, n, confidence) is no more than @share.
 */
uint64_t cma_bound_runs(double share, double confidence);

#endif /* CMA_BOUND_H */
