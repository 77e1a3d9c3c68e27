/* SPDX-License-Identifier: MIT */
/* What a run must give back. */
#ifndef VDC_UPTIME_BALANCE_H
#define VDC_UPTIME_BALANCE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct balance - what is in use
 * @fds: files that this process has open
 * @dmabufs: DMA-BUFs of the machine, -1: not known
 * @cma: the two that follow are known
 * @cma_used: pages of the CMA area that are allocated
 * @cma_free_kb: CmaFree, caches dropped
 */
struct balance {
	int fds;
	int dmabufs;
	bool cma;
	uint64_t cma_used;
	long cma_free_kb;
};

/**
 * balance_read() - look
 * @b: out
 * @alone: nobody else uses DMA-BUFs and the area; otherwise only this process is looked at
 */
void balance_read(struct balance *b, bool alone);

/** balance_check() - what is in use now must be what it was */
void balance_check(const struct balance *start, bool alone);

#endif /* VDC_UPTIME_BALANCE_H */
