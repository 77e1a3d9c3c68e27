/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * What a driver would do, in a line of test each: power up, set a mode, show
 * memory on a layer, commit. And the exact arithmetic of the beam to hold the
 * model against, in 128 bits.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "fake_host.h"

#define NS_PER_MS	1000000ULL
#define REG(p, name)	(VDC_PIPE(p) + VDC_PIPE_##name)
#define LREG(p, l, name) (VDC_LAYER(p, l) + VDC_LAYER_##name)
#define OREG(o, name)	(VDC_OUTPUT(o) + VDC_OUT_##name)

/** struct mode - a mode as a driver knows it; kHz, pixels and lines */
struct mode {
	const char *name;
	uint32_t clock;
	uint32_t hactive, hss, hse, htotal;
	uint32_t vactive, vss, vse, vtotal;
};

/* 625 ns a pixel, 50 us a line, 3 ms a frame: no fractions anywhere, bands of 3 lines. */
extern const struct mode mode_tiny;
#define TINY_PIXEL	625ULL
#define TINY_LINE	50000ULL
#define TINY_FRAME	3000000ULL
#define TINY_VBLANK	(48 * TINY_LINE)	/* from a frame's start to its vblank */

/** struct shown - what a layer shows */
struct shown {
	uint32_t format, blend;
	uint64_t addr;
	uint32_t pitch;
	int x, y;
	uint32_t w, h;
};

/** screen_power() - power and clock on */
void screen_power(struct fake_host *h);

/** screen_new() - a host with a powered device; @config as for fake_host_new() */
struct fake_host *screen_new(const struct vdc_config *config);

/** screen_end() - free the host; fails the test when anything was broken */
void screen_end(struct fake_host *h);

/** screen_mode() - write a mode to the shadow registers */
void screen_mode(struct fake_host *h, uint32_t pipe, const struct mode *m);

/** screen_layer() - write a layer's shadow registers; NULL disables it */
void screen_layer(struct fake_host *h, uint32_t pipe, uint32_t layer, const struct shown *s);

/** screen_addr() - write a layer's address only */
void screen_addr(struct fake_host *h, uint32_t pipe, uint32_t layer, uint64_t addr);

/** screen_commit() - arm */
void screen_commit(struct fake_host *h, uint32_t pipe);

/**
 * screen_on() - enable a pipe with a mode, now
 * Return: the time at which frame 0 starts.
 */
uint64_t screen_on(struct fake_host *h, uint32_t pipe, const struct mode *m);

/** screen_irq() - the pending interrupts of a pipe, which are acknowledged */
uint32_t screen_irq(struct fake_host *h, uint32_t pipe);

/** screen_count() - the 64-bit PIPE_FRAME */
uint64_t screen_count(struct fake_host *h, uint32_t pipe);

/**
 * screen_time() - when the beam reaches a line, in the exact formula
 * @m: the mode
 * @frame: frame, 0 the first
 * @line: line, 0 .. vtotal
 * Return: ns after the start of frame 0, rounded down.
 */
uint64_t screen_time(const struct mode *m, uint64_t frame, uint32_t line);

/**
 * screen_pixels() - how many pixels the beam has scanned, blanking included
 * @m: the mode
 * @ns: time since the start of frame 0
 * Return: the number since the start of frame 0, rounded down.
 */
unsigned __int128 screen_pixels(const struct mode *m, uint64_t ns);

/** struct crc_entry - what popped out of the FIFO */
struct crc_entry {
	uint32_t frame, value;
};

/**
 * screen_crcs() - drain the CRC FIFO
 * @h: the host
 * @pipe: which
 * @e: room for @max entries
 * @max: at most so many
 * Return: how many came.
 */
uint32_t screen_crcs(struct fake_host *h, uint32_t pipe, struct crc_entry *e, uint32_t max);

/**
 * screen_crc_of() - run to the end of a frame and take its CRC
 * @h: the host; its CRC is enabled
 * @pipe: which
 * @start: the time of frame 0
 * @m: the mode
 * @frame: which frame; not over yet
 * Return: the CRC; the test fails when there is none.
 */
uint32_t screen_crc_of(struct fake_host *h, uint32_t pipe, uint64_t start, const struct mode *m,
		       uint32_t frame);

#endif /* SCREEN_H */
