// SPDX-License-Identifier: MIT
/* Scripts out of traces and workloads: they ask for what was asked for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cma/workload.h"
#include "tests/cma_play.h"

#define PAGES	4096
#define BASE	0x10040

static void write_event(struct cma_trace_writer *writer, enum cma_event_type type, uint64_t pfn,
			uint64_t count, uint32_t align, int error)
{
	static uint64_t ns;
	struct cma_event event = { .ns = ns++, .type = type, .pid = 1, .pfn = pfn, .count = count,
				   .align = align, .error = error, .end_pfn = CMA_NOWHERE,
				   .fin_pfn = CMA_NOWHERE };

	assert_int_equal(cma_trace_write(writer, &event), 0);
}

/**
 * struct recorded - a trace of the simulator, and what it did
 * @path: the file
 * @info: machine and area; the area has pages taken at the start
 */
struct recorded {
	char path[32];
	struct cma_trace_info info;
	struct cma_trace_writer *writer;
	struct cma_sim *sim;
	uint64_t good;
	uint64_t failed;
};

static void begin(struct recorded *r)
{
	struct cma_area area = { "reserved", BASE, PAGES, 0 };
	struct cma_bitmap *map = &r->info.areas[0].map;
	int fd;

	memset(r, 0, sizeof(*r));
	snprintf(r->path, sizeof(r->path), "/tmp/cma-replay-XXXXXX");
	fd = mkstemp(r->path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(cma_bitmap_init(map, &area), 0);
	cma_bitmap_write(map, 100, 300, true);
	cma_bitmap_write(map, PAGES - 20, 10, true);
	r->info.areas[0].known = true;
	r->info.areas[0].start_known = true;
	r->info.area_count = 1;
	r->info.page_size = 4096;
	r->info.total_pages = 1 << 18;
	snprintf(r->info.release, sizeof(r->info.release), "6.12.0");
	assert_int_equal(cma_trace_create(r->path, &r->info, &r->writer), 0);
	r->sim = cma_sim_create(map, CMA_POLICY_FIRST_FIT);
}

static uint64_t record_alloc(struct recorded *r, uint64_t count, unsigned int align)
{
	uint64_t pfn;
	int ret = cma_sim_alloc(r->sim, count, align, &pfn, NULL);

	write_event(r->writer, CMA_EVENT_START, CMA_NOWHERE, count, align, 0);
	if (ret != -EINVAL)
		write_event(r->writer, CMA_EVENT_FINISH, pfn, count, align, ret);
	if (ret)
		r->failed++;
	else
		r->good++;
	return pfn;
}

static void record_release(struct recorded *r, uint64_t pfn, uint64_t count)
{
	assert_int_equal(cma_sim_release(r->sim, pfn, count), 0);
	write_event(r->writer, CMA_EVENT_RELEASE, pfn, count, 0, 0);
}

static void finish(struct recorded *r, struct cma_script *script)
{
	struct cma_trace_reader *reader;

	assert_int_equal(cma_trace_finish(r->writer, 0), 0);
	assert_int_equal(cma_trace_open(r->path, &reader), 0);
	assert_int_equal(cma_script_read(script, reader, NULL), 0);
	cma_trace_close(reader);
	unlink(r->path);
}

static void end(struct recorded *r, struct cma_script *script)
{
	cma_script_end(script);
	cma_sim_destroy(r->sim);
	cma_bitmap_end(&r->info.areas[0].map);
}

/* Releases of parts, and of what was there before, belong to the trace too. */
static void a_trace_replays_as_it_was(void **state)
{
	struct { uint64_t pfn, count; } held[PAGES];
	struct cma_replay_result result;
	struct cma_script script;
	struct recorded r;
	size_t n = 0;

	(void)state;
	srand(1);
	begin(&r);
	record_release(&r, BASE + 150, 100);
	for (int i = 0; i < 3000; i++) {
		uint64_t count = 1 + (uint64_t)(rand() % 300);
		size_t k = n ? (size_t)rand() % n : 0;

		if (!n || rand() % 5 < 3) {
			held[n].pfn = record_alloc(&r, count, (unsigned int)rand() % 6);
			held[n].count = count;
			n += held[n].pfn != CMA_NOWHERE;
		} else if (held[k].count > 2 && rand() % 3 == 0) {
			/* A part out of the middle: its end becomes an allocation of its own. */
			record_release(&r, held[k].pfn + 1, 1);
			held[n].pfn = held[k].pfn + 2;
			held[n++].count = held[k].count - 2;
			held[k].count = 1;
		} else {
			record_release(&r, held[k].pfn, held[k].count);
			held[k] = held[--n];
		}
	}
	record_alloc(&r, PAGES + 1, 8);
	finish(&r, &script);
	assert_true(r.failed > 200);
	assert_int_equal(script.failed, r.failed);
	assert_int_equal(script.unknown, 0);
	result = play(&script, with(PAGES));
	/* Two runs of pages were there before the trace. */
	assert_int_equal(result.allocations, r.good + r.failed + 2);
	assert_int_equal(cma_replay_failures(&result), r.failed);
	assert_int_equal(result.failed[CMA_CAUSE_TOO_LARGE], 1);
	/* What failed then is given back, if somebody got it, as long after as others are. */
	assert_true(result.skipped > r.failed / 2 && result.skipped <= r.failed);
	result = play(&script, with(PAGES * 16));
	assert_int_equal(cma_replay_failures(&result), 0);
	assert_int_equal(result.skipped, 0);
	end(&r, &script);
}

static void what_lies_past_a_smaller_area_is_placed_anew(void **state)
{
	struct cma_replay_result result;
	struct cma_script script;
	struct recorded r;

	(void)state;
	begin(&r);
	record_release(&r, BASE + PAGES - 20, 10);
	finish(&r, &script);
	result = play(&script, with(500));
	assert_int_equal(result.allocations, 2);
	assert_int_equal(cma_replay_failures(&result), 0);
	assert_int_equal(result.skipped, 0);
	result = play(&script, with(200));
	assert_int_equal(result.failed[CMA_CAUSE_TOO_LARGE], 1);
	assert_int_equal(result.skipped, 0);
	end(&r, &script);
}

/* The others are held for 4 steps in the median. */
static void a_failure_is_held_as_long_as_others(void **state)
{
	struct cma_script script;
	struct recorded r;
	uint64_t pfn[4];
	size_t i = 0;

	(void)state;
	begin(&r);
	for (int k = 0; k < 3; k++)
		pfn[k] = record_alloc(&r, 10, 0);
	record_alloc(&r, PAGES - 20, 0);
	for (int k = 0; k < 3; k++)
		record_release(&r, pfn[k], 10);
	pfn[3] = record_alloc(&r, 77, 0);
	record_release(&r, pfn[3], 77);
	finish(&r, &script);
	assert_int_equal(script.failed, 1);
	while (i < script.count && script.steps[i].count != 77)
		i++;
	assert_true(i > 0 && i < script.count);
	assert_int_equal(script.steps[i - 1].type, CMA_STEP_RELEASE);
	assert_int_equal(script.steps[i - 1].count, PAGES - 20);
	assert_int_equal(script.steps[i - 2].count, 10);
	end(&r, &script);
}

/* Released while nobody looked, or it could not have been allocated again. */
static void a_lost_release_is_made_up_for(void **state)
{
	struct cma_script script;
	struct recorded r;

	(void)state;
	begin(&r);
	record_release(&r, BASE + 100, 300);
	record_release(&r, BASE + PAGES - 20, 10);
	write_event(r.writer, CMA_EVENT_FINISH, BASE, 1000, 0, 0);
	write_event(r.writer, CMA_EVENT_FINISH, BASE + 1000, 1000, 0, 0);
	/* The whole area, which both were in; asking for that much is no mistake. */
	write_event(r.writer, CMA_EVENT_START, CMA_NOWHERE, PAGES, 0, 0);
	write_event(r.writer, CMA_EVENT_FINISH, BASE, PAGES, 0, 0);
	write_event(r.writer, CMA_EVENT_RELEASE, BASE + 5 * PAGES, 1, 0, 0);
	finish(&r, &script);
	assert_int_equal(script.failed, 0);
	assert_int_equal(script.unknown, 1);
	assert_int_equal(cma_script_peak(&script), PAGES);
	assert_int_equal(failures(&script, with(PAGES)), 0);
	end(&r, &script);
}

static void workloads_are_repeatable(void **state)
{
	(void)state;
	for (const struct cma_workload *w = cma_workloads; w->name; w++) {
		struct cma_script a, b, c;
		uint64_t held = 0;

		assert_ptr_equal(cma_workload_find(w->name), w);
		assert_int_equal(cma_workload_make(w, 7, 2000, &a), 0);
		assert_int_equal(cma_workload_make(w, 7, 2000, &b), 0);
		assert_int_equal(cma_workload_make(w, 8, 2000, &c), 0);
		assert_true(a.ids >= 2000);
		assert_int_equal(a.count, b.count);
		assert_memory_equal(a.steps, b.steps, a.count * sizeof(*a.steps));
		if (strcmp(w->name, "loop56"))
			assert_true(a.count != c.count ||
				    memcmp(a.steps, c.steps, a.count * sizeof(*a.steps)));
		for (size_t i = 0; i < a.count; i++)
			held += a.steps[i].type == CMA_STEP_ALLOC ? a.steps[i].count :
				-a.steps[i].count;
		/* Nothing is released twice, and the usual area has room for all. */
		assert_true(held <= cma_script_peak(&a));
		assert_true(cma_script_peak(&a) <= w->pages);
		cma_script_end(&a);
		cma_script_end(&b);
		cma_script_end(&c);
	}
	assert_null(cma_workload_find("no such machine"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trace_replays_as_it_was),
		cmocka_unit_test(what_lies_past_a_smaller_area_is_placed_anew),
		cmocka_unit_test(a_failure_is_held_as_long_as_others),
		cmocka_unit_test(a_lost_release_is_made_up_for),
		cmocka_unit_test(workloads_are_repeatable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
