// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/account.h"

struct cma_account *cma_account_create(void)
{
	struct cma_account *account = calloc(1, sizeof(*account));

	if (!account)
		return NULL;
	account->threads = calloc(CMA_ACCOUNT_THREADS, sizeof(*account->threads));
	if (!account->threads) {
		free(account);
		return NULL;
	}
	return account;
}

void cma_account_destroy(struct cma_account *account)
{
	if (!account)
		return;
	for (size_t i = 0; i < account->thread_count; i++)
		free(account->threads[i]);
	free(account->threads);
	free(account->failed);
	free(account);
}

/* Few threads allocate; the one that did last is likely to be the next one. */
static struct cma_thread_sums *thread_of(struct cma_account *a, const struct cma_event *e)
{
	struct cma_thread_sums *t;

	for (size_t i = a->thread_count; i-- > 0;) {
		t = a->threads[i];
		if (t->pid != e->pid)
			continue;
		if (*e->comm)
			memcpy(t->comm, e->comm, sizeof(t->comm));
		return t;
	}
	if (a->thread_count == CMA_ACCOUNT_THREADS)
		return NULL;
	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->pid = e->pid;
	memcpy(t->comm, e->comm, sizeof(t->comm));
	a->threads[a->thread_count++] = t;
	return t;
}

static const struct cma_failed *add_failure(struct cma_account *a, const struct cma_event *e,
					    const struct cma_thread_sums *t)
{
	struct cma_failed *f;

	if (a->failed_count == CMA_ACCOUNT_FAILURES)
		return NULL;
	if (a->failed_count == a->failed_room) {
		size_t room = a->failed_room ? 2 * a->failed_room : 16;

		f = realloc(a->failed, room * sizeof(*f));
		if (!f)
			return NULL;
		a->failed = f;
		a->failed_room = room;
	}
	f = &a->failed[a->failed_count++];
	*f = (struct cma_failed){ *e, e->ns, 0, CMA_NOWHERE };
	if (t && t->open) {
		f->started = t->started;
		f->retries = t->retries;
		f->busy_pfn = t->busy_pfn;
	}
	return f;
}

/* The kernel returns from a request that can never fit without a finish event. */
static bool too_large(const struct cma_trace_info *info, const struct cma_event *e)
{
	if (e->area < 0 || (unsigned int)e->area >= info->area_count)
		return false;
	return info->areas[e->area].known && e->count > info->areas[e->area].map.area.pages;
}

/* What an event adds to one set of counts. */
static void count(struct cma_sums *s, const struct cma_event *e, const struct cma_thread_sums *t,
		  bool refused)
{
	s->failures += refused;
	switch (e->type) {
	case CMA_EVENT_FINISH:
		s->failures += cma_event_failed(e);
		s->allocations += !cma_event_failed(e);
		s->pages += cma_event_failed(e) ? 0 : e->count;
		if (t && t->open && e->ns >= t->started)
			cma_latency_add(&s->latency, e->ns - t->started);
		break;
	case CMA_EVENT_RELEASE:
		s->releases++;
		s->pages_released += e->count;
		break;
	case CMA_EVENT_BUSY_RETRY:
		s->retries++;
		break;
	case CMA_EVENT_MIGRATE:
		s->migrated += e->migrated;
		break;
	case CMA_EVENT_START:
	case CMA_EVENT_ISOLATED:
		break;
	}
}

/* Where the thread is in its allocation. */
static void follow(struct cma_thread_sums *t, const struct cma_event *e, bool refused)
{
	switch (e->type) {
	case CMA_EVENT_START:
		t->open = !refused;
		t->started = e->ns;
		t->area = e->area;
		t->retries = 0;
		t->busy_pfn = CMA_NOWHERE;
		break;
	case CMA_EVENT_FINISH:
		t->open = false;
		break;
	case CMA_EVENT_BUSY_RETRY:
		t->retries++;
		break;
	case CMA_EVENT_ISOLATED:
		if (e->fin_pfn < e->end_pfn)
			t->busy_pfn = e->fin_pfn;
		break;
	case CMA_EVENT_RELEASE:
	case CMA_EVENT_MIGRATE:
		break;
	}
}

const struct cma_failed *cma_account_add(struct cma_account *a, const struct cma_trace_info *info,
					 const struct cma_event *e)
{
	struct cma_thread_sums *t = thread_of(a, e);
	bool refused = e->type == CMA_EVENT_START && too_large(info, e);
	int32_t area = e->area < 0 && t && t->open ? t->area : e->area;
	const struct cma_failed *failed = NULL;
	struct cma_event told = *e;

	if (!a->events++)
		a->first_ns = e->ns;
	a->last_ns = e->ns;
	count(&a->total, e, t, refused);
	if (area >= 0 && area < CMA_TRACE_MAX_AREAS)
		count(&a->areas[area], e, t, refused);
	if (t)
		count(&t->sums, e, t, refused);
	if (refused) {
		told.error = -EINVAL;
		told.pfn = CMA_NOWHERE;
	}
	if (refused || cma_event_failed(e))
		failed = add_failure(a, &told, refused ? NULL : t);
	if (t)
		follow(t, e, refused);
	return failed;
}
