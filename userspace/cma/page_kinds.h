/* SPDX-License-Identifier: MIT */
/* What the flags of /proc/kpageflags say of a page that CMA lent. */
#ifndef CMA_PAGE_KINDS_H
#define CMA_PAGE_KINDS_H

#include <stdint.h>

#include "cma/snapshot.h"

/*
 * Bits of /proc/kpageflags: Documentation/admin-guide/mm/pagemap.rst; from 32 on as the kernel has
 * them.
 */
#define KPF_LOCKED		(1ULL << 0)
#define KPF_REFERENCED		(1ULL << 2)
#define KPF_UPTODATE		(1ULL << 3)
#define KPF_DIRTY		(1ULL << 4)
#define KPF_LRU			(1ULL << 5)
#define KPF_SLAB		(1ULL << 7)
#define KPF_WRITEBACK		(1ULL << 8)
#define KPF_BUDDY		(1ULL << 10)
#define KPF_MMAP		(1ULL << 11)
#define KPF_ANON		(1ULL << 12)
#define KPF_SWAPBACKED		(1ULL << 14)
#define KPF_COMPOUND_TAIL	(1ULL << 16)
#define KPF_HUGE		(1ULL << 17)
#define KPF_UNEVICTABLE		(1ULL << 18)
#define KPF_HWPOISON		(1ULL << 19)
#define KPF_NOPAGE		(1ULL << 20)
#define KPF_OFFLINE		(1ULL << 23)
#define KPF_PGTABLE		(1ULL << 26)
#define KPF_RESERVED		(1ULL << 32)
#define KPF_MLOCKED		(1ULL << 33)

/**
 * struct page_kind - what a page is
 * @kind: never CMA_PAGE_ALLOCATED: flags do not tell; the bitmap does
 * @what: in words; a constant
 */
struct page_kind {
	enum cma_page kind;
	const char *what;
};

/**
 * page_kind() - what a page is
 * @flags: its 64 bits
 *
 * A page that is lent counts as pinned where a flag says that it cannot be migrated at this moment.
 * A reference that get_user_pages() took shows in no file of /proc: such a page looks borrowed.
 */
struct page_kind page_kind(uint64_t flags);

#endif /* CMA_PAGE_KINDS_H */
