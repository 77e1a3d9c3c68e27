/* SPDX-License-Identifier: MIT */
/*
 * A display client for one burst: a mode, three buffers, a flip at each vblank in a process of its
 * own, and the CRC of each scanned frame compared with the frame that was intended.
 */
#ifndef VDC_UPTIME_FLIPS_H
#define VDC_UPTIME_FLIPS_H

#include "vdc_kms.h"
#include "vdc_uptime_judge.h"
#include "vdc_uptime_wrap.h"

/**
 * struct flip_counts - what became of the flips; in memory that both processes share
 * @seen: by events and CRCs
 * @underruns: bands that were fetched too late: why frames have no CRC
 * @wrap: counters that the flips advance
 */
struct flip_counts {
	struct judge_counts seen;
	unsigned int underruns;
	struct wrap wrap[WRAP_COUNTERS];
};

struct flips;

/**
 * flips_start() - modeset, and flip until told to stop
 * @dev: the device; until flips_stop() its events are the other process's
 * @seed: of the pictures; those of other seeds differ
 * @w: the mode's width
 * @h: its height
 * @flips: out
 * Return: 0, or ENOMEM: there is no memory for the three buffers, and the output stays off.
 */
int flips_start(struct kms_device *dev, uint32_t seed, int w, int h, struct flips **flips);

/** flips_screen() - the pipe, its output and mode; after flips_halt() others may use it */
const struct kms_screen *flips_screen(const struct flips *flips);

/** flips_counts() - the counters, also while it runs, and however it ended */
const struct flip_counts *flips_counts(const struct flips *flips);

/**
 * flips_halt() - no more flips; the last picture stays
 * @flips: the client
 *
 * When it returns the process has done its work, or failed: igt_waitchildren() tells.
 */
void flips_halt(struct flips *flips);

/** flips_stop() - output off, buffers freed. flips_halt() came before */
void flips_stop(struct flips *flips);

#endif /* VDC_UPTIME_FLIPS_H */
