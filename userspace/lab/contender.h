/* SPDX-License-Identifier: MIT */
/*
 * Contenders: the ways to get memory for a picture on this machine, each measured alike. What is
 * timed is what an application waits for until the memory exists, zeroed:
 *
 *	vdc, plain	DRM_IOCTL_MODE_CREATE_DUMB, which allocates at once
 *	vkms		the same with MAP_DUMB and mmap(), which allocates its shmem pages
 *	heap-cma	DMA_HEAP_IOCTL_ALLOC, which allocates at once
 *	heap-system	the same
 *	buddy-11, -10	alloc_pages() alone, as the kernel timed it; not zeroed, and free again
 */
#ifndef LAB_CONTENDER_H
#define LAB_CONTENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct contender;

/**
 * struct contender_request - the picture that memory is asked for
 * @width: pixels of 32 bits
 * @height: lines
 */
struct contender_request {
	uint32_t width;
	uint32_t height;
};

/**
 * struct contender_buffer - memory that was given
 * @fd: DMA-BUF, below 0: none
 * @handle: GEM handle, 0: none
 * @map: mapping that keeps the pages, NULL: none
 * @size: of @map, bytes
 */
struct contender_buffer {
	int fd;
	uint32_t handle;
	void *map;
	size_t size;
};

/**
 * struct contender_type - a way to get memory
 * @name: in the journal and on the command line
 * @summary: half a sentence
 * @from: what it opens: a driver, a heap, an order
 * @cma: contiguous memory from a CMA area
 * @order: pages are this power of two whatever the picture, below 0: as many as the picture needs
 * @open: find it; 0, -ENOENT: this machine has none, or another negative errno
 * @allocate: get memory, and how long that took; 0, or a negative errno
 * @free: give it back
 * @close: undo @open
 */
struct contender_type {
	const char *name;
	const char *summary;
	const char *from;
	bool cma;
	int order;
	int (*open)(struct contender *contender);
	int (*allocate)(struct contender *contender, const struct contender_request *request,
			struct contender_buffer *buffer, uint64_t *ns);
	void (*free)(struct contender *contender, struct contender_buffer *buffer);
	void (*close)(struct contender *contender);
};

/**
 * struct contender - one that is looked for, or open
 * @type: what it is
 * @fd: -1: not open
 */
struct contender {
	const struct contender_type *type;
	int fd;
};

#define CONTENDERS	7

/* All there are, in the order of the report. */
extern const struct contender_type *const contender_types[CONTENDERS];

extern const struct contender_type contender_vdc, contender_plain, contender_vkms;
extern const struct contender_type contender_heap_cma, contender_heap_system;
extern const struct contender_type contender_buddy_11, contender_buddy_10;

/** contender_find() - by name. Return: its index in contender_types, below 0: there is none */
int contender_find(const char *name);

/** contender_pages() - what a request takes, in pages of this machine */
uint64_t contender_pages(const struct contender_type *type,
			 const struct contender_request *request);

/** contender_clock() - CLOCK_MONOTONIC, ns: what allocations and traces are timed by */
uint64_t contender_clock(void);

/**
 * contender_parse_buddy() - read an answer of vdc-peers' buddy file
 * @text: "ORDER ERRNO NS"
 * @order: that was asked for
 * @ns: out: the time the allocation took
 * Return: 0 or what the allocation returned; -EPROTO: that is no answer to this question.
 */
int contender_parse_buddy(const char *text, int order, uint64_t *ns);

/**
 * contender_find_heap() - choose the DMA-BUF heap of a kind
 * @names: heaps there are
 * @count: how many
 * @kind: "cma" or "system"
 * Return: its name, NULL: there is none.
 *
 * The heap of the default CMA area is named as the area is: "reserved", by its node in a device
 * tree "linux,cma", and since 6.17 "default_cma_region". What is none of these and not the system's
 * is a carve-out of a driver.
 */
const char *contender_find_heap(char *const *names, size_t count, const char *kind);

#endif /* LAB_CONTENDER_H */
