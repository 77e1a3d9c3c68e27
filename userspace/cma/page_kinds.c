// SPDX-License-Identifier: MIT
#include <stddef.h>

#include "cma/page_kinds.h"

static const char *const names[CMA_PAGE_KINDS] = {
	[CMA_PAGE_UNKNOWN] = "unknown",
	[CMA_PAGE_FREE] = "free",
	[CMA_PAGE_ALLOCATED] = "allocated",
	[CMA_PAGE_BORROWED] = "borrowed",
	[CMA_PAGE_PINNED] = "pinned",
};

const char *cma_page_name(enum cma_page kind)
{
	return names[kind];
}

/* The first row whose flags are all set, and none of those in @not, says what it is. */
static const struct {
	uint64_t flags;
	uint64_t not;
	struct page_kind kind;
} rows[] = {
	{ KPF_NOPAGE, 0, { CMA_PAGE_UNKNOWN, "no memory" } },
	{ KPF_BUDDY, 0, { CMA_PAGE_FREE, "free" } },
	{ KPF_HWPOISON, 0, { CMA_PAGE_PINNED, "broken memory" } },
	{ KPF_RESERVED, 0, { CMA_PAGE_PINNED, "reserved by the kernel" } },
	{ KPF_OFFLINE, 0, { CMA_PAGE_PINNED, "given to the host (balloon)" } },
	{ KPF_SLAB, 0, { CMA_PAGE_PINNED, "kernel objects (slab)" } },
	{ KPF_PGTABLE, 0, { CMA_PAGE_PINNED, "page table" } },
	{ KPF_WRITEBACK, 0, { CMA_PAGE_PINNED, "being written to disk" } },
	{ KPF_LOCKED, 0, { CMA_PAGE_PINNED, "locked: under I/O or on the move" } },
	{ KPF_MMAP, KPF_LRU | KPF_ANON | KPF_HUGE | KPF_SWAPBACKED | KPF_UPTODATE,
	  { CMA_PAGE_PINNED, "driver memory, mapped by a process" } },
	{ KPF_HUGE, 0, { CMA_PAGE_BORROWED, "huge page" } },
	{ KPF_MLOCKED, 0, { CMA_PAGE_BORROWED, "mlocked memory" } },
	{ KPF_UNEVICTABLE, 0, { CMA_PAGE_BORROWED, "unevictable memory" } },
	{ KPF_ANON, 0, { CMA_PAGE_BORROWED, "anonymous memory" } },
	{ KPF_LRU | KPF_SWAPBACKED, 0, { CMA_PAGE_BORROWED, "shared memory (tmpfs)" } },
	{ KPF_LRU, 0, { CMA_PAGE_BORROWED, "page cache" } },
	/* Not yet on a list: in a CPU's batch of pages to be put on one. */
	{ KPF_UPTODATE, 0, { CMA_PAGE_BORROWED, "page cache" } },
	{ KPF_REFERENCED, 0, { CMA_PAGE_BORROWED, "page cache" } },
	{ KPF_DIRTY, 0, { CMA_PAGE_BORROWED, "page cache" } },
};

struct page_kind page_kind(uint64_t flags)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((flags & rows[i].flags) == rows[i].flags && !(flags & rows[i].not))
			return rows[i].kind;
	/* The buddy allocator marks only its own; a CPU's list of free pages has no mark. */
	if (!flags)
		return (struct page_kind){ CMA_PAGE_FREE, "free" };
	return (struct page_kind){ CMA_PAGE_UNKNOWN, "of a kind that its flags do not tell" };
}
