/* SPDX-License-Identifier: MIT */
/*
 * What a CMA area says of a request, by this test's own arithmetic on its bitmap: what cmascope's
 * judge finds is held against it.
 */
#ifndef VDC_UPTIME_AREA_H
#define VDC_UPTIME_AREA_H

#include <stdbool.h>
#include <stdint.h>

/** struct area_place - the area that display buffers come from, and how much is free */
struct area_place {
	uint64_t base_pfn, pages, free;
};

/** area_look() - look; skips the test where there is no area in debugfs */
void area_look(struct area_place *place);

/**
 * area_free_blocks() - which blocks have nothing allocated in them
 * @pages: size of a block; the first begins with the area
 * @blank: out: of each block
 * @count: how many there may be at most; the test fails if there are more
 * Return: how many are free.
 */
unsigned int area_free_blocks(unsigned int pages, bool *blank, unsigned int count);

/** area_used() - pages that are allocated */
uint64_t area_used(void);

/**
 * area_expect() - what must be the cause, if a request failed for want of a place
 * @pages: its size
 * Return: a cause's name, NULL: there is a place.
 */
const char *area_expect(uint64_t pages);

/** area_failures() - allocations from CMA that failed since boot, also those that others served */
uint64_t area_failures(void);

#endif /* VDC_UPTIME_AREA_H */
