/* SPDX-License-Identifier: MIT */
/*
 * A CMA area that exists only here. With CMA_POLICY_FIRST_FIT and nothing busy it does what
 * mm/cma.c of 6.12 does on a machine whose area holds no page of anybody else: same results, same
 * places.
 */
#ifndef CMA_SIM_H
#define CMA_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "cma/bitmap.h"

/** enum cma_policy - where a request is placed */
enum cma_policy {
	CMA_POLICY_FIRST_FIT,	/* the kernel's */
	CMA_POLICY_NEXT_FIT,	/* goes on behind the last one */
	CMA_POLICY_BEST_FIT,	/* the smallest run that fits */
	CMA_POLICY_TWO_ENDS,	/* up to 1/64 of the area: from the end; more: from the start */
	CMA_POLICIES
};

/** cma_policy_name() - "first-fit" and so on */
const char *cma_policy_name(enum cma_policy policy);

/**
 * struct cma_busy - who else uses the area (the EBUSY model)
 * @pinned: bits whose pages cannot migrate now, NULL: none. A candidate place that overlaps one
 *	fails with -EBUSY, and the search goes on one alignment step behind where it began
 * @movable: pages that must find room outside before a place is free, in pages; NULL: none
 * @outside: pages of room outside; a request with more movable pages in its way fails with
 *	-ENOMEM
 */
struct cma_busy {
	const struct cma_bitmap *pinned;
	const struct cma_bitmap *movable;
	uint64_t outside;
};

struct cma_sim;

/**
 * cma_sim_create() - a simulated area
 * @start: area and the bits taken at the start; copied
 * @policy: where requests are placed
 * Return: the area, NULL: no memory.
 */
struct cma_sim *cma_sim_create(const struct cma_bitmap *start, enum cma_policy policy);

/** cma_sim_destroy() - free; NULL is fine */
void cma_sim_destroy(struct cma_sim *sim);

/** cma_sim_set_busy() - who else uses the area from now on; not copied, NULL: nobody */
void cma_sim_set_busy(struct cma_sim *sim, const struct cma_busy *busy);

/** cma_sim_map() - the bits as they are; valid until the next call */
const struct cma_bitmap *cma_sim_map(const struct cma_sim *sim);

/**
 * cma_sim_alloc() - allocate
 * @sim: the area
 * @count: pages
 * @align: alignment of the page frame number as a power of two
 * @pfn: out, CMA_NOWHERE on failure
 * @retries: out, busy places that were tried; may be NULL
 * Return: 0; -EINVAL: zero, or more than the area: the kernel returns before it looks; -ENOMEM: no
 * place, or no room to migrate to; -EBUSY: the last thing that happened was a busy place.
 */
int cma_sim_alloc(struct cma_sim *sim, uint64_t count, unsigned int align, uint64_t *pfn,
		  uint64_t *retries);

/**
 * cma_sim_release() - free
 * @pfn: as cma_sim_alloc() gave it
 * @count: pages
 * Return: 0, -EINVAL: not inside the area, or not all of it is taken (nothing was changed).
 */
int cma_sim_release(struct cma_sim *sim, uint64_t pfn, uint64_t count);

#endif /* CMA_SIM_H */
