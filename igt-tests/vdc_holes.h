/* SPDX-License-Identifier: MIT */
/* An area full of small buffers but for holes: no room for a large one unless small ones move. */
#ifndef VDC_HOLES_H
#define VDC_HOLES_H

#include "vdc_buffer.h"

#define HOLES_BUFFERS	256
#define HOLES_SMALL	BUFFER_1080P
#define HOLES_LARGE	(2 * BUFFER_1080P)

/**
 * struct holes - buffers, and the holes between them
 * @dev: whose
 * @list: small ones, in the order of addresses; one without a handle is a hole
 * @count: of @list
 * @addr: where they were
 * @filler: small ones that cannot move
 * @fillers: of @filler
 * @used: pages of the area in use at the beginning
 * @free_kb: CmaFree at the beginning
 */
struct holes {
	struct kms_device *dev;
	struct buffer list[HOLES_BUFFERS];
	unsigned int count;
	uint64_t addr[HOLES_BUFFERS];
	struct buffer filler[HOLES_BUFFERS];
	unsigned int fillers;
	uint64_t used;
	long free_kb;
};

/** holes_open() - open @dev as buffer_begin() does; skips without a driver that moves buffers */
void holes_open(struct holes *holes, struct kms_device *dev);

/** holes_begin() - begin a subtest, without what one left that failed */
void holes_begin(struct holes *holes);

/** holes_check_returned() - assert that area and CmaFree are as they were at holes_open() */
void holes_check_returned(struct holes *holes);

/**
 * holes_cut() - fill the rest of the area with small buffers, but for holes of one each
 * @fd: the client
 * @small: HOLES_BUFFERS of them; those that are holes have no handle
 * Return: how many of @small there are, with holes.
 */
unsigned int holes_cut(int fd, struct buffer *small);

/** holes_make() - holes_cut() of @list, mapped and filled: a large buffer has no room */
void holes_make(struct holes *holes);

/** holes_fill() - map a buffer of @list, and fill it for holes_check() */
void holes_fill(struct holes *holes, unsigned int i);

/** holes_check() - assert that the buffers of @list have what holes_fill() wrote */
void holes_check(const struct holes *holes);

/** holes_destroy() - destroy those of @list */
void holes_destroy(struct holes *holes);

/** holes_remember() - where those of @list are */
void holes_remember(struct holes *holes);

/** holes_moved() - how many of @list are not where they were */
unsigned int holes_moved(const struct holes *holes);

/** holes_fill_rest() - fill the rest of the area with small buffers that cannot move, @filler */
void holes_fill_rest(struct holes *holes);

/**
 * holes_move() - have a buffer of @list moved, again and again
 * @holes: the buffers
 * @rounds: how often
 * @stop: ends it when it becomes true
 * Return: how often it was done.
 */
unsigned int holes_move(struct holes *holes, unsigned int rounds, const bool *stop);

#endif /* VDC_HOLES_H */
