/* SPDX-License-Identifier: MIT */
/*
 * Memory of programs that lies in a CMA area, where the kernel put it when it needed room, and
 * pages of it that cannot be moved because somebody still holds them.
 */
#ifndef VDC_UPTIME_PINS_H
#define VDC_UPTIME_PINS_H

#include <stddef.h>
#include <stdint.h>
#include "vdc_uptime_area.h"

#define PINS_BLOCK	256u	/* pages, to which requests of 1 MiB and more are aligned */
#define PINS_MAX_BLOCKS	4096u

/**
 * struct pins - a program's memory
 * @mem: all of it
 * @bytes: its size
 * @touched: so much of it is really there
 * @blank: blocks of the area that have nothing allocated in them
 * @blanks: how many
 * @block: of each of them one page of ours that lies there, NULL: none
 * @place: the area
 * @pipe: who holds the pages: pipes that nobody reads
 * @pipes: how many
 */
struct pins {
	uint8_t *mem;
	size_t bytes, touched;
	bool blank[PINS_MAX_BLOCKS];
	unsigned int blanks;
	void *block[PINS_MAX_BLOCKS];
	struct area_place place;
	int pipe[PINS_MAX_BLOCKS / 16][2];
	unsigned int pipes;
};

/**
 * pins_borrow() - use memory until the kernel has lent all of the area that is free
 * @p: the memory
 * Return: in how many of the free blocks pages of it lie.
 */
unsigned int pins_borrow(struct pins *p);

/**
 * pins_hold() - let a page stay where it is: vmsplice() it into a pipe
 * @p: the memory, which lies in the area
 * @step: one page in so many blocks, from 1
 * Return: how many pages are held.
 */
unsigned int pins_hold(struct pins *p, unsigned int step);

/** pins_shrink() - the program gives its memory back; what is held stays */
void pins_shrink(struct pins *p);

/** pins_release() - nobody holds pages any longer; the memory stays */
void pins_release(struct pins *p);

/** pins_end() - give everything back; memory that is all zero is fine */
void pins_end(struct pins *p);

#endif /* VDC_UPTIME_PINS_H */
