/* SPDX-License-Identifier: MIT */
/* A verdict between its cause being found and its sentences being written. */
#ifndef CMA_VERDICT_JUDGE_H
#define CMA_VERDICT_JUDGE_H

#include "cma/verdict_space.h"
#include "cma/verdict_text.h"

/** enum says - what the error means, by the kernel's version */
enum says {
	SAYS_NOTHING,
	SAYS_SPACE_OR_MEMORY,	/* -ENOMEM before 6.15, or of an unknown kernel */
	SAYS_MEMORY,		/* -ENOMEM since 6.15 */
	SAYS_BUSY,		/* -EBUSY before 6.15 */
	SAYS_SPACE_OR_BUSY,	/* -EBUSY since 6.15, or of an unknown kernel */
	SAYS_SIGNAL,		/* -EINTR */
	SAYS_OTHER,		/* an error that CMA is not known to give */
};

/**
 * struct judge - a verdict being found
 * @failure: what is known, without what is of another area
 * @space: the free runs against the request; all zero where the request's size is not known
 * @text: where the sentences go
 * @says: what the error means
 * @another_area: the list and the size that were read are of an area that was not asked
 * @other: the cause, were the bits of the bitmap larger; where it is not @cause, none is claimed
 * @cause: with the bits as they were read
 */
struct judge {
	const struct cma_failure *failure;
	struct verdict_space space;
	struct verdict_text text;
	enum says says;
	bool another_area;
	enum cma_cause other;
	enum cma_cause cause;
};

/** verdict_say() - the summary, the evidence and what is missing, for a cause that was found */
void verdict_say(struct judge *j, enum cma_cause cause);

#endif /* CMA_VERDICT_JUDGE_H */
