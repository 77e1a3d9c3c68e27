/* SPDX-License-Identifier: MIT */
/* What the free runs that are known prove about a request: how much, how long, how aligned. */
#ifndef CMA_VERDICT_SPACE_H
#define CMA_VERDICT_SPACE_H

#include <stdbool.h>

#include "cma/failure.h"

/**
 * struct verdict_space - the free runs, measured against a request
 * @area: place as far as it matters: base_pfn is known or 0
 * @base_assumed: the area was taken to begin at an aligned page
 * @align: of the request, as a power of two
 * @align_assumed: it is what the DMA API, or hugetlb, asks for at that size
 * @need: bits that the request takes
 * @shown: free pages in the runs that are known
 * @hidden: free pages in runs that are not, CMA_UNKNOWN: nobody knows
 * @runs: how many runs are known
 * @enough: how many of them are long enough, aligned or not
 * @longest: longest of them
 * @fitting: first place that fits, with its alignment; length 0: none is known
 * @places: how many aligned places fit
 * @unaligned: long enough, but not behind their first aligned page
 * @best_align: largest alignment, below @align, at which a known run fits; below 0: none
 * @best_run: that run
 */
struct verdict_space {
	struct cma_area area;
	bool base_assumed;
	unsigned int align;
	bool align_assumed;
	uint64_t need;
	uint64_t shown;
	uint64_t hidden;
	size_t runs;
	size_t enough;
	struct cma_run longest;
	struct cma_run fitting;
	uint64_t places;
	size_t unaligned;
	int best_align;
	struct cma_run best_run;
};

#define CMA_DMA_ALIGN	8	/* CONFIG_CMA_ALIGNMENT where nobody changed it */

/** verdict_order() - the power of two that @pages fit into (get_order()) */
unsigned int verdict_order(uint64_t pages);

/** verdict_is_huge() - whether it was for a huge page, which is aligned to its size */
bool verdict_is_huge(const struct cma_failure *failure);

/**
 * verdict_pieces_too_small() - whether no piece of an area of several is as large as the request
 *
 * Known where nothing at all is allocated: then each run is a piece.
 */
bool verdict_pieces_too_small(const struct cma_failure *failure,
			      const struct verdict_space *space);

/** verdict_space_measure() - measure; the request's size has to be known */
void verdict_space_measure(struct verdict_space *space, const struct cma_failure *failure);

/**
 * verdict_space_doubt() - forget free runs that may not have been there
 * @failure: its runs are of another moment, or of more than what was free
 *
 * A place that may have been free proves nothing; that there was none does. So the runs stay where
 * none of them fits.
 */
void verdict_space_doubt(struct cma_failure *failure);

/** verdict_space_fits() - whether a known run fits at another alignment */
bool verdict_space_fits(const struct verdict_space *space, const struct cma_failure *failure,
			unsigned int align);

#endif /* CMA_VERDICT_SPACE_H */
