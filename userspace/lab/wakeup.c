// SPDX-License-Identifier: MIT
#include "lab/wakeup.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "lab/contender.h"

#define NS		1000000000u
#define PRIORITY	50		/* above every ordinary thread, below the kernel's own */
#define STACK		(256 * 1024)

static const char *const during_names[WAKEUP_DURING] = {
	[WAKEUP_DURING_NOTHING] = "nothing",
	[WAKEUP_DURING_CMA] = "cma",
	[WAKEUP_DURING_OTHER] = "other",
};

const char *wakeup_during_name(enum wakeup_during during)
{
	return during < WAKEUP_DURING ? during_names[during] : "nothing";
}

struct wakeup {
	pthread_t thread;
	uint64_t period_ns;
	atomic_uint during;
	atomic_bool stop;
	struct wakeup_lateness lateness;
};

static void *run(void *context)
{
	struct wakeup *w = context;
	uint64_t due = contender_clock(), now;

	while (!atomic_load(&w->stop)) {
		struct timespec t;

		due += w->period_ns;
		t = (struct timespec){ (time_t)(due / NS), (long)(due % NS) };
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
		now = contender_clock();
		cma_latency_add(&w->lateness.during[atomic_load(&w->during)], now - due);
		/* What was missed is part of the one that was late. */
		if (now > due)
			due = now - (now - due) % w->period_ns;
	}
	return NULL;
}

static int create(struct wakeup *w)
{
	struct sched_param param = { .sched_priority = PRIORITY };
	pthread_attr_t attr;
	int ret = pthread_attr_init(&attr);

	if (ret)
		return ret;
	pthread_attr_setstacksize(&attr, STACK > PTHREAD_STACK_MIN ? STACK : PTHREAD_STACK_MIN);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	ret = pthread_create(&w->thread, &attr, run, w);
	pthread_attr_destroy(&attr);
	return ret;
}

struct wakeup *wakeup_start(uint64_t period_ns)
{
	struct wakeup *w = calloc(1, sizeof(*w));
	int ret;

	if (!w)
		return NULL;
	w->period_ns = period_ns;
	ret = create(w);
	if (!ret)
		return w;
	free(w);
	errno = ret;
	return NULL;
}

void wakeup_set(struct wakeup *w, enum wakeup_during during)
{
	if (w)
		atomic_store(&w->during, during);
}

void wakeup_stop(struct wakeup *w, struct wakeup_lateness *lateness)
{
	if (!w)
		return;
	atomic_store(&w->stop, true);
	pthread_join(w->thread, NULL);
	*lateness = w->lateness;
	free(w);
}
