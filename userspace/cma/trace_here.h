/* SPDX-License-Identifier: MIT */
/* This machine as a trace begins with it. */
#ifndef CMA_TRACE_HERE_H
#define CMA_TRACE_HERE_H

#include "cma/snapshot.h"
#include "cma/trace.h"

/**
 * cma_trace_here() - kernel, areas and bitmaps of the running machine
 * @info: out; cma_trace_here_end() frees it
 * @tell: print what cannot be known, and why
 * Return: 0 also where little is known, or -ENOMEM.
 */
int cma_trace_here(struct cma_trace_info *info, bool tell);

/**
 * cma_trace_of() - append the areas of a machine; one with ranges is before them, without a place
 * @info: where to
 * @snapshot: the machine
 * Return: 0 or -ENOMEM.
 */
int cma_trace_of(struct cma_trace_info *info, const struct cma_snapshot *snapshot);

/** cma_trace_here_end() - free what cma_trace_here() filled */
void cma_trace_here_end(struct cma_trace_info *info);

#endif /* CMA_TRACE_HERE_H */
