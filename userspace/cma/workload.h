/* SPDX-License-Identifier: MIT */
/* Synthetic scripts: what kinds of machines ask of their CMA area. A seed makes each repeatable. */
#ifndef CMA_WORKLOAD_H
#define CMA_WORKLOAD_H

#include <stdint.h>

#include "cma/random.h"
#include "cma/script.h"

/**
 * struct cma_workload - a kind of machine
 * @name: what --workload takes
 * @summary: half a line
 * @pages: size of the area that such machines have, in pages of 4 kB
 * @generate: ask for so many allocations
 */
struct cma_workload {
	const char *name;
	const char *summary;
	uint64_t pages;
	int (*generate)(struct cma_script *script, struct cma_random *random, uint64_t allocations);
};

/* All of them, up to one without a name. */
extern const struct cma_workload cma_workloads[];

/** cma_workload_find() - the workload of that name, NULL: there is none */
const struct cma_workload *cma_workload_find(const char *name);

/**
 * cma_workload_make() - make a script
 * @workload: the kind
 * @seed: another seed, another script of the same kind
 * @allocations: how many, at least
 * @script: out; cma_script_end() frees it, after a failure too
 * Return: 0, -ENOMEM or -E2BIG.
 */
int cma_workload_make(const struct cma_workload *workload, uint64_t seed, uint64_t allocations,
		      struct cma_script *script);

#endif /* CMA_WORKLOAD_H */
