// SPDX-License-Identifier: MIT
/*
 * Listening to one's own allocations. The kernel's buffers are few pages, record only while an
 * allocation goes on, and are read only when it failed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cma/listen.h"
#include "cma/trace_here.h"
#include "lab/contender.h"
#include "lab/explain.h"
#include "message.h"

#define BUFFER_KB	64	/* a request's events, should every place of an area be busy */

struct explainer {
	struct cma_trace_info info;
	struct cma_listener *listener;
	struct explain_trace trace;
	unsigned int kernel;
};

static unsigned int parse_release(const char *release)
{
	unsigned int major, minor;

	return sscanf(release, "%3u.%3u", &major, &minor) == 2 ? major * 1000 + minor : 0;
}

struct explainer *explain_open(bool listen)
{
	struct explainer *e = calloc(1, sizeof(*e));

	if (!e || cma_trace_here(&e->info, false)) {
		message("out of memory");
		free(e);
		return NULL;
	}
	e->kernel = parse_release(e->info.release);
	if (!listen)
		return e;
	if (cma_listen_start(&e->info, NULL, &e->listener)) {
		message("causes of failures are judged without CMA's events");
		e->listener = NULL;
		return e;
	}
	cma_listen_stop(e->listener);
	cma_listen_room(e->listener, BUFFER_KB);
	return e;
}

void explain_close(struct explainer *e)
{
	if (!e)
		return;
	cma_listen_end(e->listener);
	cma_trace_here_end(&e->info);
	free(e);
}

void explain_listen(struct explainer *e)
{
	explain_trace_begin(&e->trace, gettid(), contender_clock());
	if (e->listener)
		cma_listen_resume(e->listener);
}

void explain_ignore(struct explainer *e)
{
	if (e->listener)
		cma_listen_stop(e->listener);
}

static int take_event(void *context, const struct cma_event *event)
{
	explain_trace_add(context, event);
	return 0;
}

static const char *area_name(const struct explainer *e)
{
	int32_t area = e->trace.request.area;

	if (!e->trace.seen || area < 0 || (unsigned int)area >= e->info.area_count)
		return "";
	return e->info.areas[area].map.area.name;
}

int explain_failure(struct explainer *e, uint64_t pages, struct json_object *record,
		    enum cma_cause *cause)
{
	struct cma_snapshot snapshot;
	struct explain_failed failed = { .trace = &e->trace, .snapshot = &snapshot,
					 .pages = pages, .kernel = e->kernel };
	int ret = cma_snapshot_take("", 0, &snapshot);

	/* Only now: what happens while the bitmap is read matters, too. */
	explain_ignore(e);
	if (ret)
		return ret;
	if (e->listener)
		e->trace.listened = !cma_listen_read(e->listener, take_event, &e->trace);
	failed.area = area_name(e);
	ret = explain_judge(&failed, record, cause);
	cma_snapshot_end(&snapshot);
	return ret;
}
