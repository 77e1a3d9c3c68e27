/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * A host for the model that tests control completely: memory is an array at a
 * bus address, time stands still unless a test moves it, and frames are
 * composed at once or when the test says so. Unit tests and fuzzer share it.
 */
#ifndef FAKE_HOST_H
#define FAKE_HOST_H

#include "vdc_model.h"

#define FAKE_RAM_BASE		0x40000000ULL
#ifndef FAKE_RAM_SIZE
#define FAKE_RAM_SIZE		(4U << 20)
#endif
#define FAKE_LOG		4096
#define FAKE_QUEUE		64

/** struct fake_event - a trace event with the time it came at */
struct fake_event {
	enum vdc_event event;
	uint32_t pipe;
	uint64_t arg;
	uint64_t now;
};

/** struct fake_calls - how often the model called its host */
struct fake_calls {
	uint64_t dma_read, dma_write, set_irq, set_timer, frame_get, frame_queue, trace;
	uint64_t bytes_read;
};

/**
 * struct fake_host - the device and its host
 * @vdc: the device
 * @ram: what the device sees at FAKE_RAM_BASE
 * @hole: bus address of a hole in it, for bus errors
 * @hole_len: its size, 0 for none
 * @now: the time, ns
 * @deadline: what the model asked for
 * @irq: level of the interrupt line
 * @defer: keep queued frames until fake_complete()
 * @display: want each frame's pixels in @shown
 * @refuse: frame_get calls to refuse
 * @held: frames that the model has and did not queue
 * @queue: frames that wait for fake_complete()
 * @queued: how many
 * @shown: pixels of the last composed frame of each pipe that had any
 * @shown_w: its width
 * @shown_h: its height
 * @calls: how often the model called
 * @log: trace events, oldest first; later ones are lost when it is full
 * @logged: how many
 * @broken: the first thing the model did that it must never do, or NULL
 */
struct fake_host {
	struct vdc vdc;
	uint8_t *ram;
	uint64_t hole, hole_len;
	uint64_t now, deadline;
	bool irq;
	bool defer, display;
	uint32_t refuse;
	uint32_t held;
	struct vdc_frame *queue[FAKE_QUEUE];
	uint32_t queued;
	uint32_t *shown[VDC_MAX_PIPES];
	uint32_t shown_w[VDC_MAX_PIPES], shown_h[VDC_MAX_PIPES];
	struct fake_calls calls;
	struct fake_event log[FAKE_LOG];
	uint32_t logged;
	const char *broken;
};

/**
 * fake_host_new() - a powered-off device in power-on state
 * @config: what it is built with, NULL for the default
 * Return: the host, with time at an odd value and RAM zeroed; never NULL.
 */
struct fake_host *fake_host_new(const struct vdc_config *config);

/**
 * fake_host_free() - take it apart, with the frames that are still queued
 * @h: the host
 * Return: what was broken in its life, or NULL.
 */
const char *fake_host_free(struct fake_host *h);

/**
 * fake_ram() - memory behind a bus address
 * @h: the host
 * @addr: inside RAM
 * Return: where it is.
 */
static inline void *fake_ram(struct fake_host *h, uint64_t addr)
{
	return h->ram + (addr - FAKE_RAM_BASE);
}

/* Register access, short because tests are full of it. */
static inline uint32_t rd(struct fake_host *h, uint32_t offset)
{
	return vdc_read(&h->vdc, offset);
}

static inline void wr(struct fake_host *h, uint32_t offset, uint32_t value)
{
	vdc_write(&h->vdc, offset, value);
}

/**
 * fake_run_to() - let time pass as a punctual host does: vdc_run() at each deadline
 * @h: the host
 * @t: until when
 */
void fake_run_to(struct fake_host *h, uint64_t t);

/**
 * fake_stall_to() - let time pass as a host does that sleeps over every deadline
 * @h: the host
 * @t: when it wakes up and calls vdc_run() once
 */
void fake_stall_to(struct fake_host *h, uint64_t t);

/**
 * fake_complete() - compose the oldest queued frame of a pipe
 * @h: the host
 * @pipe: which
 * Return: whether there was one.
 */
bool fake_complete(struct fake_host *h, uint32_t pipe);

/**
 * fake_count() - how often an event was logged
 * @h: the host
 * @event: which
 * @pipe: whose
 * Return: the number.
 */
uint32_t fake_count(const struct fake_host *h, enum vdc_event event, uint32_t pipe);

/**
 * fake_last() - the last such event
 * @h: the host
 * @event: which
 * @pipe: whose
 * Return: it, or NULL.
 */
const struct fake_event *fake_last(const struct fake_host *h, enum vdc_event event, uint32_t pipe);

/**
 * fake_irq_wanted() - what the interrupt registers say about the line
 * @h: the host
 * Return: the level that follows from status and enable registers.
 */
bool fake_irq_wanted(struct fake_host *h);

/**
 * fake_excess() - check what one call of the model cost and left behind
 * @h: the host
 * @before: its @calls before that call
 *
 * A call may at most finish one frame and scan one more on each pipe, reading
 * each line of each layer twice (in one piece, then line by line).
 * Return: what was too much, or NULL.
 */
const char *fake_excess(const struct fake_host *h, const struct fake_calls *before);

#endif /* FAKE_HOST_H */
