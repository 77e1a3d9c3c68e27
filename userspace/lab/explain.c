// SPDX-License-Identifier: MIT
/* From events and bitmap to a verdict. */
#include "lab/explain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cma/verdict_space.h"
#include "lab/journal.h"

void explain_trace_begin(struct explain_trace *trace, int32_t tid, uint64_t ns)
{
	*trace = (struct explain_trace){ .tid = tid, .since_ns = ns, .busy_pfn = CMA_UNKNOWN,
					 .busy_end_pfn = CMA_UNKNOWN };
}

static void add_other(struct explain_trace *t, const struct cma_event *e)
{
	if (!t->seen || e->area != t->request.area ||
	    (e->type != CMA_EVENT_START && e->type != CMA_EVENT_FINISH &&
	     e->type != CMA_EVENT_RELEASE))
		return;
	t->others++;
	if (e->type != CMA_EVENT_FINISH || cma_event_failed(e))
		return;
	if (t->got_count < EXPLAIN_GOT_MAX)
		t->got[t->got_count] = *e;
	t->got_count++;
}

static void add_busy(struct explain_trace *t, const struct cma_event *e)
{
	t->retries++;
	/* What test_pages_isolated said of this place is more exact. */
	if (t->busy_pfn != CMA_UNKNOWN && t->busy_pfn >= e->pfn &&
	    t->busy_pfn < e->pfn + e->count)
		return;
	t->busy_pfn = e->pfn;
	t->busy_end_pfn = e->pfn + e->count;
}

static void add_own(struct explain_trace *t, const struct cma_event *e)
{
	switch (e->type) {
	case CMA_EVENT_START:
		t->seen = true;
		t->request = *e;
		break;
	case CMA_EVENT_FINISH:
		t->finished = t->seen;
		t->request.error = e->error;
		break;
	case CMA_EVENT_BUSY_RETRY:
		add_busy(t, e);
		break;
	case CMA_EVENT_ISOLATED:
		if (e->fin_pfn < e->end_pfn) {
			t->busy_pfn = e->fin_pfn;
			t->busy_end_pfn = e->fin_pfn + 1;
		}
		break;
	default:
		break;
	}
}

void explain_trace_add(struct explain_trace *trace, const struct cma_event *event)
{
	if (event->ns < trace->since_ns)
		return;
	if (event->pid != trace->tid)
		add_other(trace, event);
	else if (!trace->finished)
		add_own(trace, event);
}

static void set_request(struct cma_failure *f, const struct explain_failed *failed)
{
	const struct explain_trace *t = failed->trace;

	f->count = failed->pages;
	f->kernel = failed->kernel;
	snprintf(f->area.name, sizeof(f->area.name), "%s", failed->area);
	if (!t->seen)
		return;
	f->count = t->request.count;
	f->align = (int)t->request.align;
	f->error = t->finished ? t->request.error : 0;
	f->busy_retries = t->retries;
	f->busy_pfn = t->busy_pfn;
	f->busy_end_pfn = t->busy_end_pfn;
}

static void set_memory(struct cma_failure *f, const struct cma_snapshot *s)
{
	unsigned int kb = s->page_size / 1024;

	f->page_size = s->page_size;
	if (!kb || s->mem_free_kb < s->cma_free_kb)
		return;
	f->system_free_pages = (s->mem_free_kb - s->cma_free_kb) / kb;
	f->system_min_pages = s->min_kb / kb;
}

static struct cma_snapshot_area *area_of(const struct explain_failed *failed)
{
	struct cma_snapshot *s = failed->snapshot;

	if (*failed->area)
		return cma_snapshot_find(s, failed->area);
	return s->area_count == 1 ? &s->areas[0] : NULL;
}

/* What others got since the request began may have been free then. */
static void undo_others(struct cma_bitmap *map, const struct explain_trace *t)
{
	for (size_t i = 0; i < t->got_count; i++) {
		const struct cma_event *e = &t->got[i];

		if (e->pfn >= map->area.base_pfn)
			cma_bitmap_write(map, (e->pfn - map->area.base_pfn) >>
					 map->area.order_per_bit,
					 cma_bits(&map->area, e->count), false);
	}
}

/* Return: why the bits are not those of the moment it failed in, NULL: they are. */
static const char *doubt(const struct explain_trace *t)
{
	if (!t->listened)
		return "what exactly was free: no trace tells what happened before it was read";
	if (!t->seen)
		return "which area was asked: there was no event of a request";
	return t->others ? "what exactly was free: others used the area meanwhile" : NULL;
}

static int set_map(struct cma_failure *f, struct cma_snapshot_area *area,
		   const struct explain_trace *t)
{
	int ret;

	if (!area || !area->map_known || t->got_count > EXPLAIN_GOT_MAX)
		return 0;
	undo_others(&area->map, t);
	ret = cma_failure_set_map(f, &area->map);
	if (!ret && doubt(t))
		verdict_space_doubt(f);
	return ret;
}

static struct json_object *sentences(char *const *list, size_t count, const char *more)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(array, json_object_new_string(list[i]));
	if (more)
		json_object_array_add(array, json_object_new_string(more));
	return array;
}

static void tell_request(struct json_object *record, const struct cma_failure *f)
{
	struct verdict_space space;

	verdict_space_measure(&space, f);
	journal_add(record, "align", space.align);
	journal_add(record, "error", f->error);
	if (f->busy_retries != CMA_UNKNOWN)
		journal_add(record, "retries", (int64_t)f->busy_retries);
}

static void tell_room(struct json_object *record, const struct cma_snapshot_area *area,
		      const struct cma_failure *f)
{
	unsigned int order = area->map.area.order_per_bit;
	struct verdict_space space;
	struct cma_shape shape;

	verdict_space_measure(&space, f);
	shape = cma_bitmap_shape(&area->map, space.align);
	journal_add(record, "free_pages", (int64_t)(shape.free << order));
	journal_add(record, "max_run", (int64_t)(shape.longest.length << order));
	journal_add(record, "max_aligned_run", (int64_t)(shape.longest_aligned.length << order));
}

static void tell_verdict(struct json_object *record, const struct cma_verdict *v, const char *more)
{
	journal_add_text(record, "cause", cma_cause_name(v->cause));
	journal_add_text(record, "summary", v->summary);
	json_object_object_add(record, "evidence", sentences(v->evidence, v->evidence_count, NULL));
	json_object_object_add(record, "missing", sentences(v->missing, v->missing_count, more));
}

int explain_judge(const struct explain_failed *failed, struct json_object *record,
		  enum cma_cause *cause)
{
	struct cma_snapshot_area *area = area_of(failed);
	struct cma_verdict verdict;
	struct cma_failure f;
	int ret;

	cma_failure_init(&f);
	set_request(&f, failed);
	set_memory(&f, failed->snapshot);
	ret = set_map(&f, area, failed->trace);
	if (!ret)
		ret = cma_judge(&f, &verdict);
	if (!ret && record) {
		tell_request(record, &f);
		if (area && area->map_known)
			tell_room(record, area, &f);
		tell_verdict(record, &verdict, doubt(failed->trace));
	}
	if (!ret) {
		*cause = verdict.cause;
		cma_verdict_end(&verdict);
	}
	cma_failure_end(&f);
	return ret;
}
