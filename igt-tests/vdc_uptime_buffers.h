/* SPDX-License-Identifier: MIT */
/*
 * The buffers of a long run: of many sizes, formats and pitches, each with a pattern of its own.
 * They are shared with other devices and processes, shown, held for random lives, and checked
 * before they go.
 */
#ifndef VDC_UPTIME_BUFFERS_H
#define VDC_UPTIME_BUFFERS_H

#include "cma/random.h"
#include "vdc_kms.h"
#include "vdc_uptime_peer.h"

#define POPULATION_SLOTS	64
#define POPULATION_BYTES	(48ULL << 20)	/* held at once, at most */
#define POPULATION_NAME		"vdc-uptime"	/* of the DMA-BUFs, in debugfs */

/**
 * struct buffer_counts - what was done
 * @allocated: buffers
 * @failed: requests that found no memory
 * @exported: DMA-BUFs made
 * @imported: imports, by devices and processes
 * @scanned: buffers shown, each for a few frames
 * @checked: whole buffers compared with their pattern, each way of looking counts
 * @crc_mismatches: frames of @scanned that were wrong
 * @wrong: of @checked
 */
struct buffer_counts {
	unsigned int allocated, failed, exported, imported, scanned, checked, crc_mismatches, wrong;
};

/** struct held_buffer - one buffer; its slot is free when it has no handle */
struct held_buffer {
	struct kms_fb fb;
	uint32_t seed;
	uint64_t dies;			/* the step after which it may go */
	int dmabuf;			/* -1: not exported */
	uint32_t again, foreign;	/* handles in the other files, 0: none */
};

/**
 * struct population - all buffers of a run
 * @dev: whose they are
 * @again: another file of the same device
 * @foreign: another driver's device, -1: there is none
 * @peer: the other process
 * @random: decides everything
 * @steps: so far
 * @bytes: held
 * @counts: of this burst
 */
struct population {
	struct kms_device *dev;
	int again, foreign;
	struct peer peer;
	struct cma_random random;
	uint64_t steps, bytes;
	struct held_buffer slot[POPULATION_SLOTS];
	struct buffer_counts counts;
};

/** population_begin() - nobody yet */
void population_begin(struct population *p, struct kms_device *dev, uint64_t seed);

/**
 * population_step() - one thing that happens to a buffer
 * @p: the buffers
 * @screen: a pipe, output and mode on which buffers may be shown; NULL: none now
 *
 * A buffer dies, or is born, filled and shared, or is looked at. ENOMEM is counted, a wrong pattern
 * or CRC too, with a warning that says where; all else that fails, fails the test.
 */
void population_step(struct population *p, const struct kms_screen *screen);

/** population_show() - show one of the buffers that are held on a screen that is free for it */
void population_show(struct population *p, const struct kms_screen *screen);

/** population_end() - check and free all of them */
void population_end(struct population *p);

#endif /* VDC_UPTIME_BUFFERS_H */
