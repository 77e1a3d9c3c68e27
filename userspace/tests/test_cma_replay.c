// SPDX-License-Identifier: MIT
/* Scripts out of traces and workloads, and what a replay makes of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cma/replay.h"
#include "cma/workload.h"
#include "tests/harness.h"

#define PAGES	4096
#define BASE	0x10040

static struct cma_replay_result play(const struct cma_script *script, struct cma_replay replay)
{
	struct cma_replay_result result;

	assert_int_equal(cma_replay_run(script, &replay, &result), 0);
	return result;
}

static uint64_t failures(const struct cma_script *script, struct cma_replay replay)
{
	struct cma_replay_result result = play(script, replay);

	return cma_replay_failures(&result);
}

static struct cma_replay with(uint64_t pages)
{
	return (struct cma_replay){ .pages = pages, .align = CMA_ALIGN_AS_ASKED };
}

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

static void releases_of_failures_are_skipped(void **state)
{
	struct cma_script script;
	struct cma_replay_result result;

	(void)state;
	assert_int_equal(cma_workload_make(cma_workload_find("loop56"), 1, 560, &script), 0);
	assert_int_equal(cma_script_peak(&script), 14336);
	result = play(&script, with(14336));
	assert_int_equal(cma_replay_failures(&result), 0);
	assert_int_equal(result.allocations, 560);
	assert_int_equal(result.peak_pages, 14336);
	result = play(&script, with(14335));
	assert_int_equal(result.failed[CMA_CAUSE_FULL], 10);
	assert_int_equal(result.skipped, 10);
	assert_int_equal(result.peak_pages, 14336 - 256);
	cma_script_end(&script);
}

/* A failure of a random area, as a log would tell it; @runs has room for all. */
static struct cma_failure make_failure(const struct cma_bitmap *map, struct cma_run *runs)
{
	struct cma_failure failure;

	cma_failure_init(&failure);
	failure.area = map->area;
	failure.count = 1 + (uint64_t)(rand() % 310);
	failure.align = rand() % 7;
	failure.kernel = 6012;
	failure.runs_known = CMA_RUNS_ALL;
	failure.free_pages = cma_bitmap_free_bits(map);
	failure.runs = runs;
	for (struct cma_run run = cma_bitmap_next_run(map, 0); run.length;
	     run = cma_bitmap_next_run(map, run.start + run.length))
		runs[failure.run_count++] = run;
	return failure;
}

static void the_cause_is_the_one_that_why_finds(void **state)
{
	unsigned int seen[CMA_CAUSES] = { 0 };

	(void)state;
	srand(5);
	for (int i = 0; i < 4000; i++) {
		struct cma_area area = { "a", 0x100, 300, 0 };
		struct cma_run runs[300];
		struct cma_failure failure;
		struct cma_verdict verdict;
		struct cma_bitmap map;
		struct cma_sim *sim;
		enum cma_cause cause;
		uint64_t pfn;
		int ret;

		assert_int_equal(cma_bitmap_init(&map, &area), 0);
		for (int k = rand() % 20; k; k--)
			cma_bitmap_write(&map, (uint64_t)(rand() % 300), (uint64_t)(rand() % 60),
					 true);
		failure = make_failure(&map, runs);
		sim = cma_sim_create(&map, CMA_POLICY_FIRST_FIT);
		ret = cma_sim_alloc(sim, failure.count, (unsigned int)failure.align, &pfn, NULL);
		failure.error = ret == -EINVAL ? -ENOMEM : ret;
		if (ret) {
			cause = cma_replay_cause(&map, failure.count, (unsigned int)failure.align,
						 ret);
			assert_int_equal(cma_judge(&failure, &verdict), 0);
			assert_string_equal(cma_cause_name(cause), cma_cause_name(verdict.cause));
			cma_verdict_end(&verdict);
			seen[cause]++;
		}
		cma_sim_destroy(sim);
		cma_bitmap_end(&map);
	}
	assert_true(seen[CMA_CAUSE_TOO_LARGE] > 20);
	assert_true(seen[CMA_CAUSE_FULL] > 20);
	assert_true(seen[CMA_CAUSE_FRAGMENTED] > 20);
	assert_true(seen[CMA_CAUSE_ALIGNMENT] > 20);
	assert_int_equal(cma_replay_cause(NULL, 1, 0, -EBUSY), CMA_CAUSE_BUSY);
}

/* FACTS: 2025 pages aligned to 256 waste 23 each. */
static void waste_is_what_alignment_leaves(void **state)
{
	struct cma_replay_result result;
	struct cma_script script;

	(void)state;
	cma_script_init(&script);
	for (int i = 0; i < 17; i++)
		assert_int_equal(cma_script_alloc(&script, 2025, 8, NULL), 0);
	result = play(&script, with(17 * 2048));
	assert_int_equal(cma_replay_failures(&result), 0);
	/* Measured with 1 and with 17 of them in place. */
	assert_int_equal(result.samples, 2);
	assert_int_equal(result.unaligned_pages, 23 + 17 * 23);
	assert_int_equal(result.free_pages, 17 * 2048 - 2025 + 17 * 23);
	assert_true(result.fragmentation == 1);
	assert_int_equal(result.internal_pages, 0);
	cma_script_end(&script);
	cma_script_init(&script);
	script.area.order_per_bit = 3;
	assert_int_equal(cma_script_alloc(&script, 9, 0, NULL), 0);
	assert_int_equal(play(&script, with(64)).internal_pages, 7);
	cma_script_end(&script);
}

/* The rule of the DMA API follows CONFIG_CMA_ALIGNMENT; who chose otherwise is left alone. */
static void alignment_follows_the_simulated_kernel(void **state)
{
	struct cma_replay replay = with(5 * 2048);
	struct cma_script script;

	(void)state;
	cma_script_init(&script);
	for (int i = 0; i < 5; i++)
		assert_int_equal(cma_script_alloc(&script, 1300, 8, NULL), 0);
	assert_int_equal(failures(&script, replay), 0);
	replay.pages -= 2048;
	assert_int_equal(failures(&script, replay), 0);
	replay.align = 11;
	assert_int_equal(failures(&script, replay), 1);
	replay.align = 0;
	replay.pages = 6500;
	assert_int_equal(failures(&script, replay), 0);
	cma_script_end(&script);

	cma_script_init(&script);
	for (int i = 0; i < 2; i++)
		assert_int_equal(cma_script_alloc(&script, 300, 2, NULL), 0);
	assert_int_equal(cma_script_alloc(&script, 1, 9, NULL), 0);
	replay.align = 11;
	replay.pages = 513;
	assert_int_equal(play(&script, replay).failed[CMA_CAUSE_FULL], 1);
	replay.pages = 1025;
	assert_int_equal(failures(&script, replay), 0);
	cma_script_end(&script);
}

static void busy_pages_are_as_likely_as_asked(void **state)
{
	struct cma_replay replay = with(CMA_BUSY_BLOCK);
	struct cma_script script;
	uint32_t id;

	(void)state;
	cma_script_init(&script);
	for (int i = 0; i < 10000; i++) {
		assert_int_equal(cma_script_alloc(&script, CMA_BUSY_BLOCK, 0, &id), 0);
		assert_int_equal(cma_script_release(&script, id, 0, CMA_BUSY_BLOCK), 0);
	}
	for (int percent = 0; percent <= 100; percent += 20) {
		struct cma_replay_result result;

		replay.busy = percent / 100.0;
		replay.seed = (uint64_t)percent;
		result = play(&script, replay);
		assert_int_equal(result.failed[CMA_CAUSE_BUSY], cma_replay_failures(&result));
		/* Four standard deviations are 200 of 10,000 at most. */
		assert_true(llabs((long long)cma_replay_failures(&result) - 100LL * percent) <=
			    (percent % 100 ? 200 : 0));
		assert_int_equal(result.retries, cma_replay_failures(&result));
		assert_int_equal(play(&script, replay).retries, result.retries);
	}
	cma_script_end(&script);
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

static void until_failure_ends_there(void **state)
{
	struct cma_replay replay = with(14336 - 1);
	struct cma_script script;
	struct cma_replay_result result, sum = { 0 };

	(void)state;
	replay.until_failure = true;
	assert_int_equal(cma_workload_make(cma_workload_find("loop56"), 1, 560, &script), 0);
	result = play(&script, replay);
	assert_int_equal(result.allocations, 56);
	assert_int_equal(result.failed_runs, 1);
	cma_replay_add(&sum, &result);
	cma_replay_add(&sum, &result);
	assert_int_equal(sum.runs, 2);
	assert_int_equal(sum.allocations, 112);
	assert_int_equal(sum.failed[CMA_CAUSE_FULL], 2);
	assert_int_equal(sum.peak_pages, result.peak_pages);
	cma_script_end(&script);
	replay.pages = 0;
	assert_int_equal(cma_replay_run(&script, &replay, &result), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trace_replays_as_it_was),
		cmocka_unit_test(what_lies_past_a_smaller_area_is_placed_anew),
		cmocka_unit_test(releases_of_failures_are_skipped),
		cmocka_unit_test(the_cause_is_the_one_that_why_finds),
		cmocka_unit_test(waste_is_what_alignment_leaves),
		cmocka_unit_test(alignment_follows_the_simulated_kernel),
		cmocka_unit_test(busy_pages_are_as_likely_as_asked),
		cmocka_unit_test(workloads_are_repeatable),
		cmocka_unit_test(until_failure_ends_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
