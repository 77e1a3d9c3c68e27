// SPDX-License-Identifier: MIT
/* A burst: the contenders again and again, memory before and after, and who wakes up late. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "lab/probe.h"
#include "message.h"

#define NS	1000000000u

static void tell_memory(struct probe *probe, const char *when)
{
	struct json_object *record;
	int ret = memory_state_read("", &probe->memory);

	if (ret) {
		message("/proc/meminfo: %s", strerror(-ret));
		return;
	}
	record = journal_record(probe->journal, "memory");
	journal_add(record, "burst", probe->burst);
	journal_add_text(record, "when", when);
	memory_state_json(record, &probe->memory);
	journal_write(probe->journal, record);
}

static void tell_wakeups(struct probe *probe, enum wakeup_during during,
			 const struct cma_latency *l)
{
	struct json_object *record;

	if (!l->count)
		return;
	record = journal_record(probe->journal, "wakeup");
	journal_add(record, "burst", probe->burst);
	journal_add_text(record, "during", wakeup_during_name(during));
	journal_add(record, "count", (int64_t)l->count);
	journal_add(record, "p50_ns", (int64_t)cma_latency_percentile(l, 50));
	journal_add(record, "p99_ns", (int64_t)cma_latency_percentile(l, 99));
	journal_add(record, "max_ns", (int64_t)l->max);
	journal_write(probe->journal, record);
}

static void start_wakeups(struct probe *probe)
{
	static bool told;

	if (!probe->options->wakeup_ns)
		return;
	probe->wakeup = wakeup_start(probe->options->wakeup_ns);
	if (probe->wakeup || told)
		return;
	told = true;
	message("no wake-up latency: a real-time thread: %s%s", strerror(errno),
		errno == EPERM ? " (run as root, or see ulimit -r)" : "");
}

static void stop_wakeups(struct probe *probe)
{
	static struct wakeup_lateness lateness;

	if (!probe->wakeup)
		return;
	wakeup_stop(probe->wakeup, &lateness);
	probe->wakeup = NULL;
	for (enum wakeup_during during = 0; during < WAKEUP_DURING; during++) {
		tell_wakeups(probe, during, &lateness.during[during]);
		cma_latency_merge(&probe->lateness.during[during], &lateness.during[during]);
	}
}

/* From half of the interval to one and a half: others' rhythm shall not be ours. */
static void pause_measuring(struct probe *probe)
{
	uint64_t interval = probe->options->interval_ns;
	uint64_t ns = interval / 2 + (uint64_t)(cma_random_unit(&probe->random) * (double)interval);
	uint64_t left = lab_schedule_left(&probe->schedule, probe->burst);
	struct timespec t;

	ns = ns < left ? ns : left;
	t = (struct timespec){ (time_t)(ns / NS), (long)(ns % NS) };
	nanosleep(&t, NULL);
}

void probe_burst(struct probe *probe)
{
	tell_memory(probe, "begin");
	start_wakeups(probe);
	do {
		probe_round(probe);
		if (!probe->options->once)
			pause_measuring(probe);
	} while (!probe->options->once && !probe->stopped() &&
		 lab_schedule_active(&probe->schedule, probe->burst));
	stop_wakeups(probe);
	tell_memory(probe, "end");
	probe->bursts++;
}
