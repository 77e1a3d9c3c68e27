/* SPDX-License-Identifier: MIT */
/* How much of the machine each worker may have. */
#ifndef AGE_BUDGET_H
#define AGE_BUDGET_H

#include "age/memory.h"
#include "age/profiles.h"

/**
 * struct age_limits - what a person says of it
 * @fill_percent: of the memory available that the filler takes
 * @memory_mb: instead of the memory that is available outside CMA; 0: all of that
 * @cma_mb: for all profiles together; 0: a part of what is free
 */
struct age_limits {
	unsigned int fill_percent;
	unsigned int memory_mb;
	unsigned int cma_mb;
};

/**
 * struct age_budget - bytes for all workers
 * @fill: for the filler
 * @outside: memory outside CMA, which sediment spreads over
 * @total: for the profiles together, of each resource
 * @disk_is_memory: disk space comes out of the memory's total
 */
struct age_budget {
	uint64_t fill;
	uint64_t outside;
	uint64_t total[AGE_RESOURCES];
	bool disk_is_memory;
};

/**
 * age_budget_plan() - divide the machine
 * @b: out
 * @m: memory as it is
 * @limits: of a person
 * @disk: bytes free in the work directory
 * @disk_is_memory: it is in memory
 *
 * What the filler leaves outside CMA is for the profiles in parts of PROFILES_PERCENT; the rest
 * stays for others, and for what the kernel needs besides. Sizes are rounded down so that a few
 * pages more or less at the start do not make another run.
 */
void age_budget_plan(struct age_budget *b, const struct age_memory *m,
		     const struct age_limits *limits, uint64_t disk, bool disk_is_memory);

/**
 * age_budget_share() - the part of a profile
 * @b: the plan
 * @s: all profiles of the run
 * @p: one of them, the filler or the sediment
 * @budget: out, bytes of each resource
 */
void age_budget_share(const struct age_budget *b, const struct age_selection *s,
		      const struct age_profile *p, uint64_t budget[AGE_RESOURCES]);

#endif /* AGE_BUDGET_H */
