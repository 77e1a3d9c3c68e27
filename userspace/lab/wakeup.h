/* SPDX-License-Identifier: MIT */
/*
 * A real-time thread that sleeps again and again, and how late it wakes up: the price that others
 * pay while memory is made contiguous. The same as the user-space latency of the kernel's timerlat
 * tracer (TIMER_ABSTIME to running in user space), by means that any kernel has.
 */
#ifndef LAB_WAKEUP_H
#define LAB_WAKEUP_H

#include <stdint.h>

#include "cma/latency.h"

struct wakeup;

/** enum wakeup_during - what this program was doing meanwhile */
enum wakeup_during {
	WAKEUP_DURING_NOTHING,	/* sleeping, or writing its journal: what others do all the time */
	WAKEUP_DURING_CMA,	/* allocating from CMA */
	WAKEUP_DURING_OTHER,	/* allocating from elsewhere, or giving back */
	WAKEUP_DURING
};

/** wakeup_during_name() - "nothing" and so on: what the journal says */
const char *wakeup_during_name(enum wakeup_during during);

/**
 * struct wakeup_lateness - how late it was, ns
 * @during: by what was going on when it woke up
 */
struct wakeup_lateness {
	struct cma_latency during[WAKEUP_DURING];
};

/**
 * wakeup_start() - start the thread
 * @period_ns: from a wake-up to the next
 * Return: it, NULL with errno set; EPERM: no right to real-time priority.
 */
struct wakeup *wakeup_start(uint64_t period_ns);

/** wakeup_set() - what is going on from now on; NULL is fine */
void wakeup_set(struct wakeup *wakeup, enum wakeup_during during);

/**
 * wakeup_stop() - end the thread and free
 * @wakeup: it; NULL is fine
 * @lateness: out: all of its wake-ups; not touched where @wakeup is NULL
 */
void wakeup_stop(struct wakeup *wakeup, struct wakeup_lateness *lateness);

#endif /* LAB_WAKEUP_H */
