/* SPDX-License-Identifier: MIT */
/* What helps against each cause. */
#ifndef CMA_VERDICT_REMEDY_H
#define CMA_VERDICT_REMEDY_H

#include "cma/verdict_space.h"
#include "cma/verdict_text.h"

/** verdict_remedies() - add what helps, best first */
void verdict_remedies(struct verdict_text *text, enum cma_cause cause,
		      const struct cma_failure *failure, const struct verdict_space *space);

#endif /* CMA_VERDICT_REMEDY_H */
