/* SPDX-License-Identifier: MIT */
/* The parts of vdc-probe: what is measured, and what it comes to. */
#ifndef LAB_PROBE_H
#define LAB_PROBE_H

#include "cma/latency.h"
#include "cma/random.h"
#include "cma/verdict.h"
#include "lab/contender.h"
#include "lab/explain.h"
#include "lab/journal.h"
#include "lab/memory_state.h"
#include "lab/probe_options.h"
#include "lab/schedule.h"
#include "lab/wakeup.h"

/**
 * struct probed - a contender and what was measured of it
 * @contender: it
 * @open: it is there now
 * @ever: it was there once
 * @held: its buffers, the oldest first
 * @held_count: how many
 * @allocations: that succeeded
 * @failures: that did not
 * @latency: ns of those that succeeded
 */
struct probed {
	struct contender contender;
	bool open;
	bool ever;
	struct contender_buffer held[PROBE_MAX_HOLD + 1];
	unsigned int held_count;
	uint64_t allocations;
	uint64_t failures;
	struct cma_latency latency;
};

/**
 * struct probe - a run
 * @options: what was asked for
 * @schedule: when
 * @journal: where records go
 * @random: order and times
 * @explainer: why allocations fail
 * @wakeup: the thread of this burst, NULL: none
 * @lateness: of all bursts; JSON and table have it
 * @memory: as it was last
 * @probed: the contenders, as in contender_types
 * @causes: failures of each cause
 * @burst: number of the burst
 * @bursts: that were measured
 * @stopped: whether a signal asked to end
 */
struct probe {
	const struct probe_options *options;
	struct lab_schedule schedule;
	struct journal *journal;
	struct cma_random random;
	struct explainer *explainer;
	struct wakeup *wakeup;
	struct wakeup_lateness lateness;
	struct memory_state memory;
	struct probed probed[CONTENDERS];
	uint64_t causes[CMA_CAUSES];
	unsigned int burst;
	unsigned int bursts;
	bool (*stopped)(void);
};

/** probe_open() - look for the wanted contenders. Return: how many are there */
unsigned int probe_open(struct probe *probe);

/** probe_asks_cma() - whether any of them takes its memory from CMA */
bool probe_asks_cma(const struct probe *probe);

/** probe_close() - give back and close all */
void probe_close(struct probe *probe);

/** probe_round() - measure each contender once, in an order by chance */
void probe_round(struct probe *probe);

/** probe_burst() - measure for the length of a burst; with --once a single round */
void probe_burst(struct probe *probe);

/** probe_table() - print what it came to, for people */
void probe_table(const struct probe *probe);

/** probe_json() - write the same as JSON. Return: 0 or a negative errno after a message */
int probe_json(const struct probe *probe);

#endif /* LAB_PROBE_H */
