/* SPDX-License-Identifier: MIT */
/* Why an allocation failed: the cause, what proves it, and what helps. */
#ifndef CMA_VERDICT_H
#define CMA_VERDICT_H

#include "cma/failure.h"

/** enum cma_cause - why */
enum cma_cause {
	CMA_CAUSE_UNKNOWN,	/* cannot be told; the verdict says what is missing */
	CMA_CAUSE_TOO_LARGE,	/* more pages than the area has */
	CMA_CAUSE_FULL,		/* fewer pages free than asked for */
	CMA_CAUSE_FRAGMENTED,	/* enough free, no run long enough */
	CMA_CAUSE_ALIGNMENT,	/* a run long enough, but not behind its first aligned page */
	CMA_CAUSE_LOW_MEMORY,	/* the pages in the way had nowhere to go */
	CMA_CAUSE_BUSY,		/* pages in the way could not be moved */
	CMA_CAUSE_SIGNAL,	/* the asking process was being killed */
	CMA_CAUSES
};

/** cma_cause_name() - "alignment" and so on: what --json says */
const char *cma_cause_name(enum cma_cause cause);

/**
 * struct cma_verdict - what was found
 * @cause: the cause
 * @certain: nothing that was assumed, or is not known, would make it another cause; false where the
 *	cause is unknown
 * @summary: one sentence, without its full stop
 * @evidence: lines that prove it, with the arithmetic; at least one
 * @evidence_count: how many
 * @remedies: what to do, best first; at least one
 * @remedy_count: how many
 * @missing: what is not known and what would tell it (a kernel option, a longer log)
 * @missing_count: how many
 */
struct cma_verdict {
	enum cma_cause cause;
	bool certain;
	char *summary;
	char **evidence;
	size_t evidence_count;
	char **remedies;
	size_t remedy_count;
	char **missing;
	size_t missing_count;
};

/**
 * cma_judge() - find the cause
 * @failure: what is known
 * @verdict: out; cma_verdict_end() frees it
 *
 * Never claims what the evidence does not prove: a list of runs that is cut proves a fitting run,
 * never its absence.
 * Return: 0 or -ENOMEM.
 */
int cma_judge(const struct cma_failure *failure, struct cma_verdict *verdict);

/** cma_verdict_end() - free what a verdict holds */
void cma_verdict_end(struct cma_verdict *verdict);

#endif /* CMA_VERDICT_H */
