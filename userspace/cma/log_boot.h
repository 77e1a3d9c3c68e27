/* SPDX-License-Identifier: MIT */
/* What the kernel says of its CMA areas while it boots. */
#ifndef CMA_LOG_BOOT_H
#define CMA_LOG_BOOT_H

#include <stdbool.h>
#include <stddef.h>

#include "cma/failure.h"
#include "cma/log_line.h"

#define LOG_BOOT_AREAS	64	/* as many as a kernel may have */

/**
 * struct log_boot - the areas of one boot
 * @areas: name ("": not said), first address and size, in bytes
 * @count: how many
 * @page_size: bytes, 0: nothing has told it yet
 * @page_size_given: what it is in every boot, 0: nobody said
 */
struct log_boot {
	struct log_boot_area {
		char name[CMA_NAME_SIZE];
		uint64_t base;
		uint64_t bytes;
	} areas[LOG_BOOT_AREAS];
	size_t count;
	unsigned int page_size;
	unsigned int page_size_given;
};

/** log_boot_forget() - another boot begins */
void log_boot_forget(struct log_boot *boot);

/** log_boot_reserved() - "Reserved 64 MiB at 0x78000000", "pool at 0x78000000, size 64 MiB" */
void log_boot_reserved(struct log_boot *boot, const struct log_line *line);

/** log_boot_named() - "initialized node linux,cma, ...": the name of the area before */
void log_boot_named(struct log_boot *boot, const struct log_line *line);

/**
 * log_boot_place() - put place and size of its area into a failure, where the log tells them
 * @boot: the areas; an area whose pages the failure counts tells how large they are
 * @failure: its name and, where known, size say which area it is
 */
void log_boot_place(struct log_boot *boot, struct cma_failure *failure);

/**
 * log_boot_can_have() - whether the area of a failure can have so many pages
 * @boot: the areas
 * @failure: its name, request, and where known its area's size
 * @pages: of the area, CMA_UNKNOWN: not known
 */
bool log_boot_can_have(const struct log_boot *boot, const struct cma_failure *failure,
		       uint64_t pages);

#endif /* CMA_LOG_BOOT_H */
