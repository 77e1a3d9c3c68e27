/* SPDX-License-Identifier: MIT */
/* Who allocated the pages of an area, from debugfs page_owner. */
#ifndef CMA_PAGE_OWNERS_H
#define CMA_PAGE_OWNERS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct page_owner - who allocated, and where in the kernel
 * @pid: the thread group, or the thread where the kernel tells no group; it may have ended since
 * @comm: its name
 * @function: the first function of the stack that is not the memory allocator itself, "": unknown
 */
struct page_owner {
	int pid;
	char comm[16];
	char function[64];
};

/**
 * struct page_owners - owners of the pages of an area
 * @base_pfn: first page
 * @count: pages
 * @who: for each page an index into @owners plus 1, 0: not known
 * @owners: each once
 * @owner_count: how many
 */
struct page_owners {
	uint64_t base_pfn;
	uint64_t count;
	uint32_t *who;
	struct page_owner *owners;
	size_t owner_count;
};

/**
 * page_owners_read() - read the owners of some pages
 * @file: the file, open. A real one of debugfs (without size) is read from the area on, a copy
 *	from its beginning
 * @base_pfn: first page
 * @count: pages
 * @owners: out; page_owners_end() frees it
 * Return: 0, -ENOMEM, or -EIO: it ended with an error; what was read is there.
 */
int page_owners_read(FILE *file, uint64_t base_pfn, uint64_t count, struct page_owners *owners);

/** page_owners_end() - free; one that is all zero is fine */
void page_owners_end(struct page_owners *owners);

#endif /* CMA_PAGE_OWNERS_H */
