/* SPDX-License-Identifier: MIT */
/*
 * Was the picture on screen the picture intended?
 *
 * Three streams come together here: the CRC each frame must have (prediction), the vblank at which
 * each frame was latched (flip events), and the CRC of what was scanned (from the controller). A
 * frame latched at vblank V is on screen from V to the next flip's vblank W: the CRCs labelled
 * V + 1 .. W, a CRC's label being the vblank that ends its scan.
 */
#ifndef FLIP_VERIFY_H
#define FLIP_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Frames that are remembered to recognise an old picture, and CRCs that may wait for an event. */
#define VERIFY_HISTORY	256
#define VERIFY_WAITING	1024

/**
 * struct verify_frame - what is known of a frame
 * @number: the frame
 * @crc: predicted
 * @predicted: @crc is known
 * @flipped: its flip event came
 * @on: vblank count of that event
 * @closed: the next flip's event came
 * @off: vblank count of the next flip
 * @reported: CRCs of its time on screen that came
 * @torn: of those, how many were of no frame
 * @appeared: some CRC was this frame's
 */
struct verify_frame {
	uint32_t number, crc;
	bool predicted, flipped, closed, appeared;
	uint32_t on, off;
	uint32_t reported, torn;
};

/** struct verify_crc - a CRC that waits until it is known what was on screen */
struct verify_crc {
	uint32_t label, crc;
};

/**
 * struct verify_counts - the verdict
 * @flips: flip events
 * @checked: CRCs that were compared
 * @right: refreshes that showed the frame intended
 * @torn: refreshes that showed no frame at all, but a mixture
 * @repeated: refreshes that showed an older frame than the one intended
 * @early: refreshes that showed a newer frame than the one intended: its flip event names a later
 *	vblank than the one that latched it. The picture is whole and in order, the event is late
 * @lost: frames that were flipped, but never appeared
 * @unseen: refreshes between the first and last CRC for which none came
 * @disordered: CRCs whose label did not grow
 * @missed: vblanks between flips at which nothing new was latched
 */
struct verify_counts {
	uint64_t flips, checked, right;
	uint64_t torn, repeated, lost, early;
	uint64_t unseen, disordered, missed;
};

/* So many wrong refreshes, and so many late frames, are remembered one by one. */
#define VERIFY_FAULTS	16

/**
 * struct verify_fault - a wrong refresh
 * @label: vblank count of its end
 * @wanted: the frame intended
 * @on: vblank count of that frame's flip
 * @torn: no frame was shown
 * @shown: otherwise, which
 */
struct verify_fault {
	uint32_t label, wanted, on;
	bool torn;
	uint32_t shown;
};

/**
 * struct verify_miss - a frame that came late
 * @frame: its number
 * @vblanks: how many vblanks passed before it, at which nothing new was latched
 */
struct verify_miss {
	uint32_t frame, vblanks;
};

/** struct verify - state; all zero to start */
struct verify {
	struct verify_counts counts;
	struct verify_fault fault[VERIFY_FAULTS];
	unsigned int num_faults;
	struct verify_miss miss[VERIFY_FAULTS];
	unsigned int num_misses;
	struct verify_frame history[VERIFY_HISTORY];
	bool any_flip, any_label;
	uint32_t last_flip;		/* frame number */
	uint32_t last_seq, last_label;
	struct verify_crc waiting[VERIFY_WAITING];
	unsigned int first_waiting, num_waiting;
};

/**
 * verify_predict() - a frame was rendered
 * @v: state
 * @frame: its number, which grows from call to call
 * @crc: what the controller must report when it scans it
 */
void verify_predict(struct verify *v, uint32_t frame, uint32_t crc);

/**
 * verify_flip() - a flip event came
 * @v: state
 * @frame: which frame is on screen now
 * @sequence: vblank count of the event
 */
void verify_flip(struct verify *v, uint32_t frame, uint32_t sequence);

/**
 * verify_crc() - the controller reported a CRC
 * @v: state
 * @label: vblank count of the end of the scan
 * @crc: the CRC
 */
void verify_crc(struct verify *v, uint32_t label, uint32_t crc);

/**
 * verify_seen() - whether a CRC came for a scan, or for a later one
 * @v: state
 * @label: vblank count of the end of the scan
 * Return: whether one came.
 */
bool verify_seen(const struct verify *v, uint32_t label);

/**
 * verify_finish() - no event will come any more: judge what is left
 * @v: state
 */
void verify_finish(struct verify *v);

/**
 * verify_good() - the verdict in a word
 * @c: the counts
 * Return: nothing was torn, repeated, lost or disordered.
 */
bool verify_good(const struct verify_counts *c);

#endif /* FLIP_VERIFY_H */
