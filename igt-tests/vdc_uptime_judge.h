/* SPDX-License-Identifier: MIT */
/*
 * What flips' events and the CRCs of scanned frames say together: which frames were shown, which
 * were not, and for which nobody can tell. Without a device or a test library: it has unit tests.
 */
#ifndef VDC_UPTIME_JUDGE_H
#define VDC_UPTIME_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#define JUDGE_HISTORY	256	/* flips that are remembered; a power of two */
#define JUDGE_WAITING	256	/* CRCs that wait for the flip events that explain them */

/**
 * struct judge_counts - what became of the flips
 * @frames: flips whose event came
 * @torn: scanned frames that are no frame of ours, whole
 * @repeated: scanned frames that show the frame before the one that was due
 * @lost: flips without an event, or never seen though every frame was scanned that could show them
 * @missed: vblanks that passed without a new frame
 * @early: frames on screen before their event said so: its interrupt was late
 * @unscanned: frames without a CRC
 */
struct judge_counts {
	unsigned int frames, torn, repeated, lost, missed, early, unscanned;
};

/**
 * struct judge_entry - the CRC of a scanned frame
 * @vblank: vblank count of its begin
 * @crc: the CRC
 * @gap: how many frames before it were not scanned
 */
struct judge_entry {
	uint32_t vblank, crc, gap;
};

/**
 * struct judge - one stream of flips
 * @predict: the CRC of frame @k
 * @wrong: told of each CRC that is not what frame @k should have
 * @data: for both
 * @counts: what was found; the caller's
 * @k: the frame on screen, by the events
 * @queued: the frame that was flipped to last; the caller sets it
 * @shown: the latest frame that a CRC was seen of
 * @gap: frames that were not scanned since the last CRC of a frame of ours
 * @shown_at: vblank counts of the first scans of the last frames
 * @entry: CRCs of frames that the events have not explained yet
 * @last: number of the last scanned frame, if there was @any
 */
struct judge {
	uint32_t (*predict)(const void *data, uint32_t k);
	void (*wrong)(const struct judge *j, const struct judge_entry *e, uint32_t k);
	const void *data;
	struct judge_counts *counts;
	uint32_t k, queued, shown, gap;
	uint32_t shown_at[JUDGE_HISTORY];
	unsigned int waiting;
	struct judge_entry entry[JUDGE_WAITING];
	uint32_t last;
	bool any;
};

/** judge_begin() - frame 0 is on screen since @vblank; @j has its functions and counts, else 0 */
void judge_begin(struct judge *j, uint32_t vblank);

/** judge_flip() - an event: the next frame is on screen since @vblank */
void judge_flip(struct judge *j, uint32_t vblank);

/** judge_full() - whether no CRC can be taken before judge_old() */
static inline bool judge_full(const struct judge *j)
{
	return j->waiting == JUDGE_WAITING;
}

/** judge_crc() - a frame was scanned: in the order of scanning, and unless judge_full() */
void judge_crc(struct judge *j, uint32_t vblank, uint32_t crc);

/** judge_old() - judge what was scanned before the frame on screen: all its events have come */
void judge_old(struct judge *j);

/** judge_all() - judge the rest, after the last flip */
void judge_all(struct judge *j);

/** judge_has_last() - whether the frame on screen has a CRC */
bool judge_has_last(const struct judge *j);

#endif /* VDC_UPTIME_JUDGE_H */
