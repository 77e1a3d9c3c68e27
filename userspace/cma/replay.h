/* SPDX-License-Identifier: MIT */
/* A script played to a simulated area: what fails and why, and how well the area is used. */
#ifndef CMA_REPLAY_H
#define CMA_REPLAY_H

#include "cma/script.h"
#include "cma/sim.h"
#include "cma/verdict.h"

#define CMA_ALIGN_AS_ASKED	(-1)

/**
 * struct cma_replay - how the area is simulated
 * @pages: its size
 * @align: CONFIG_CMA_ALIGNMENT of the simulated kernel: requests that were aligned by the rule of
 *	the DMA API, min(get_order(size), CONFIG_CMA_ALIGNMENT), are aligned by it with this value;
 *	others as they asked. CMA_ALIGN_AS_ASKED: all as they asked
 * @policy: where requests are placed
 * @busy: how likely it is for a block of CMA_BUSY_BLOCK pages to hold a page that cannot be
 *	migrated, 0 to 1; drawn for each request anew
 * @seed: of these draws
 * @until_failure: end at the first failure, and measure nothing else
 */
struct cma_replay {
	uint64_t pages;
	int align;
	enum cma_policy policy;
	double busy;
	uint64_t seed;
	bool until_failure;
};

#define CMA_BUSY_BLOCK	512	/* 2 MiB of pages of 4 kB: a pageblock of x86 and arm64 */

/**
 * struct cma_replay_result - what came of it; add up with cma_replay_add()
 * @runs: scripts played
 * @failed_runs: of them, how many had a failure
 * @allocations: asked for, those of before the script included
 * @failed: failures by cause
 * @retries: busy places that were tried
 * @skipped: releases of what the simulation had not got
 * @asked_pages: pages asked for
 * @failed_pages: of them, how many were refused
 * @peak_pages: most pages allocated at once
 * @samples: how often the following were measured
 * @internal_pages: sum: allocated, but not asked for: the rest of the last bit
 * @unaligned_pages: sum: free, but in front of the first aligned place of their run
 * @free_pages: sum: free
 * @fragmentation: largest 1 - aligned_max_run / free
 */
struct cma_replay_result {
	uint64_t runs;
	uint64_t failed_runs;
	uint64_t allocations;
	uint64_t failed[CMA_CAUSES];
	uint64_t retries;
	uint64_t skipped;
	uint64_t asked_pages;
	uint64_t failed_pages;
	uint64_t peak_pages;
	uint64_t samples;
	uint64_t internal_pages;
	uint64_t unaligned_pages;
	uint64_t free_pages;
	double fragmentation;
};

/**
 * cma_replay_run() - play a script
 * @script: what is asked
 * @replay: of which area
 * @result: out
 * Return: 0, -ENOMEM, or -EINVAL: no such area can be.
 */
int cma_replay_run(const struct cma_script *script, const struct cma_replay *replay,
		   struct cma_replay_result *result);

/** cma_replay_add() - add the result of another run */
void cma_replay_add(struct cma_replay_result *sum, const struct cma_replay_result *result);

/** cma_replay_failures() - failures of all causes */
uint64_t cma_replay_failures(const struct cma_replay_result *result);

/**
 * cma_replay_cause() - why a simulated request failed
 * @map: the area at that moment
 * @count: pages asked for
 * @align: alignment as a power of two
 * @error: what cma_sim_alloc() returned
 * Return: as cma_judge() would say of the kernel's log.
 */
enum cma_cause cma_replay_cause(const struct cma_bitmap *map, uint64_t count, unsigned int align,
				int error);

#endif /* CMA_REPLAY_H */
