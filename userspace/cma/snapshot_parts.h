/* SPDX-License-Identifier: MIT */
/* The parts a snapshot is put together from, one source of knowledge each. */
#ifndef CMA_SNAPSHOT_PARTS_H
#define CMA_SNAPSHOT_PARTS_H

#include <stdio.h>

#include "cma/snapshot.h"

/* All parts return 0 or -ENOMEM; what else goes wrong becomes a sentence in snapshot->missing. */

/** snapshot_missing() - add a sentence on what cannot be known; one that is there already is not */
int snapshot_missing(struct cma_snapshot *snapshot, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** snapshot_areas() - the areas and their bitmaps, from debugfs, else their names from sysfs */
int snapshot_areas(struct cma_snapshot *snapshot, const char *root);

#endif /* CMA_SNAPSHOT_PARTS_H */
