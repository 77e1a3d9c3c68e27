// SPDX-License-Identifier: MIT
/* Taking the kernel's buffers apart, all of a batch at once. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cma/listen_parts.h"
#include "cma/trace_reader.h"

/* How much later than its time an event may be seen: its processor was just writing it. */
#define LATE_NS	10000000u

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int keep(struct cma_listener *l, const struct tep_record *record)
{
	struct cma_event *e;
	char area[CMA_NAME_SIZE];

	if (l->event_count == l->event_room) {
		size_t room = l->event_room ? 2 * l->event_room : 1024;

		e = realloc(l->events, room * sizeof(*e));
		if (!e)
			return -ENOMEM;
		l->events = e;
		l->event_room = room;
	}
	e = &l->events[l->event_count];
	if (!cma_decode(&l->decoder, record, e, area))
		return 0;
	if (*area)
		e->area = cma_trace_add_area(l->info, area);
	l->event_count++;
	return 0;
}

static int take_apart(struct cma_listener *l, int cpu)
{
	unsigned long long ts;
	int missed, ret = 0;
	void *data;

	if (kbuffer_load_subbuffer(l->kbuf, l->page))
		return 0;
	missed = kbuffer_missed_events(l->kbuf);
	l->lost += missed > 0 ? (uint64_t)missed : missed < 0;
	for (data = kbuffer_read_event(l->kbuf, &ts); data && !ret;
	     data = kbuffer_next_event(l->kbuf, &ts)) {
		struct tep_record record = { .ts = ts, .data = data, .cpu = cpu,
					     .size = kbuffer_event_size(l->kbuf) };

		ret = keep(l, &record);
	}
	return ret;
}

static int read_buffer(struct cma_listener *l, int cpu)
{
	ssize_t got;
	int ret = 0;

	if (l->cpus[cpu].fd < 0)
		return 0;
	while (!ret && (got = read(l->cpus[cpu].fd, l->page, l->page_size)) > 0) {
		memset((char *)l->page + got, 0, l->page_size - (size_t)got);
		ret = take_apart(l, cpu);
	}
	return ret;
}

static int by_time(const void *a, const void *b)
{
	const struct cma_event *x = a, *y = b;

	return (x->ns > y->ns) - (x->ns < y->ns);
}

/* saved_cmdlines: "pid name" lines of those that were seen with an event last. */
static const char *find_comm(const char *list, int32_t pid, size_t *length)
{
	char start[16];
	int size = snprintf(start, sizeof(start), "%d ", pid);

	while (list && *list) {
		const char *end = strchrnul(list, '\n');

		if (!strncmp(list, start, (size_t)size)) {
			*length = (size_t)(end - list) - (size_t)size;
			return list + size;
		}
		list = *end ? end + 1 : end;
	}
	return NULL;
}

/* The kernel's list is short; who still lives can be asked. */
static void ask_comm(struct cma_event *e)
{
	char path[32];
	size_t got = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/comm", e->pid);
	file = fopen(path, "re");
	if (!file)
		return;
	got = fread(e->comm, 1, sizeof(e->comm) - 1, file);
	fclose(file);
	e->comm[got] = '\0';
	e->comm[strcspn(e->comm, "\n")] = '\0';
}

static void name_threads(struct cma_listener *l)
{
	char *list = tracefs_instance_file_read(NULL, "saved_cmdlines", NULL);
	const struct cma_event *last = NULL;

	for (size_t i = 0; i < l->event_count; i++) {
		struct cma_event *e = &l->events[i];
		const char *comm;
		size_t length;

		if (*e->comm)
			continue;
		if (last && last->pid == e->pid) {
			memcpy(e->comm, last->comm, sizeof(e->comm));
			continue;
		}
		last = e;
		comm = find_comm(list, e->pid, &length);
		if (comm && strncmp(comm, "<...>", 5))
			snprintf(e->comm, sizeof(e->comm), "%.*s", (int)length, comm);
		else
			ask_comm(e);
	}
	free(list);
}

int cma_listen_wait(struct cma_listener *l, int ms, const sigset_t *signals)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	return ppoll(l->cpus, l->cpu_count, &time, signals) < 0 && errno == EINTR ? -EINTR : 0;
}

int cma_listen_read(struct cma_listener *l,
		    int (*each)(void *context, const struct cma_event *event), void *context)
{
	uint64_t until = l->stopped ? UINT64_MAX : now() - LATE_NS;
	size_t given = 0;
	int ret = 0;

	for (unsigned int cpu = 0; cpu < l->cpu_count && !ret; cpu++)
		ret = read_buffer(l, (int)cpu);
	if (!l->event_count || ret)
		return ret;
	qsort(l->events, l->event_count, sizeof(*l->events), by_time);
	name_threads(l);
	while (given < l->event_count && l->events[given].ns < until && !ret) {
		struct cma_event *e = &l->events[given++];

		/* Later than even that: the order counts for more than a few ms. */
		if (e->ns < l->last_ns)
			e->ns = l->last_ns;
		l->last_ns = e->ns;
		ret = each(context, e);
	}
	memmove(l->events, l->events + given, (l->event_count - given) * sizeof(*l->events));
	l->event_count -= given;
	return ret;
}
