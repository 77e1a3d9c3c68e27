// SPDX-License-Identifier: MIT
/*
 * Verdicts against the simulator, which knows the truth: 20 cases a cause for each kernel's form of
 * message, all right; and where part of the log is missing, right or "cannot tell".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/log.h"
#include "cma/sim.h"
#include "cma/verdict.h"
#include "tests/cma_log_writer.h"
#include "tests/harness.h"

#define CASES	20	/* a cause and form */

/** struct scene - a simulated area, and a request that fails in it */
struct scene {
	struct cma_sim *sim;
	struct cma_bitmap all;	/* every bit set: for pinned and movable */
	uint64_t count;
	unsigned int align;
	bool say_align;
	int error;
	enum cma_cause truth;
};

static uint64_t below(uint64_t n)
{
	return ((uint64_t)rand() << 16 ^ (uint64_t)rand()) % n;
}

static unsigned int dma_align(uint64_t count)
{
	unsigned int order = 0;

	while (1ULL << order < count && order < 8)
		order++;
	return order;
}

/* Buffers come and go until the area looks used. */
static void age(struct cma_sim *sim, uint64_t pages)
{
	struct { uint64_t pfn, count; } held[400];
	size_t n = 0;

	for (int i = 0; i < 600; i++) {
		uint64_t count = rand() % 4 ? 1 + below(pages / 64) : 1 + below(pages / 8), pfn;

		if (n < COUNT(held) && rand() % 5) {
			if (!cma_sim_alloc(sim, count, dma_align(count), &pfn, NULL)) {
				held[n].pfn = pfn;
				held[n++].count = count;
			}
		} else if (n) {
			size_t victim = below(n);

			assert_int_equal(cma_sim_release(sim, held[victim].pfn,
							 held[victim].count), 0);
			held[victim] = held[--n];
		}
	}
}

static void make_area(struct scene *s)
{
	struct cma_area area = { .name = "linux,cma", .pages = 1024 * (1 + below(40)) };
	struct cma_bitmap map;

	/* Mostly aligned as the kernel wants it; sometimes the base matters. */
	area.base_pfn = 0x40000 + (rand() % 4 ? 1024 * below(64) : below(4096));
	assert_int_equal(cma_bitmap_init(&map, &area), 0);
	s->sim = cma_sim_create(&map, CMA_POLICY_FIRST_FIT);
	assert_non_null(s->sim);
	cma_bitmap_write(&map, 0, map.bits, true);
	s->all = map;
	age(s->sim, area.pages);
}

/* A size for which the request has to fail in this way; 0: there is none in this area. */
static uint64_t choose_count(struct scene *s)
{
	const struct cma_bitmap *map = cma_sim_map(s->sim);
	struct cma_shape shape = cma_bitmap_shape(map, s->align);

	switch (s->truth) {
	case CMA_CAUSE_TOO_LARGE:
		return map->area.pages + 1 + below(5000);
	case CMA_CAUSE_FULL:
		return shape.free + 1 + below(map->area.pages - shape.free);
	case CMA_CAUSE_FRAGMENTED:
		return shape.free > shape.longest.length ?
			shape.longest.length + 1 + below(shape.free - shape.longest.length) : 0;
	case CMA_CAUSE_ALIGNMENT:
		return shape.longest.length > shape.longest_aligned.length ?
			shape.longest_aligned.length + 1 +
			below(shape.longest.length - shape.longest_aligned.length) : 0;
	default:
		return shape.longest_aligned.length ? 1 + below(shape.longest_aligned.length) : 0;
	}
}

/* The simulator has to fail the request as wanted; its bits say by themselves why. */
static bool fails_as_wanted(struct scene *s)
{
	const struct cma_bitmap *map = cma_sim_map(s->sim);
	struct cma_busy busy = { .outside = 0 };
	bool place = cma_bitmap_find(map, 0, s->count, s->align) != CMA_NOWHERE;
	bool run = cma_bitmap_find(map, 0, s->count, 0) != CMA_NOWHERE;
	bool room = cma_bitmap_free_bits(map) >= s->count;
	uint64_t pfn;
	int ret;

	if (s->truth == CMA_CAUSE_BUSY)
		busy.pinned = &s->all;
	if (s->truth == CMA_CAUSE_LOW_MEMORY)
		busy.movable = &s->all;
	if (s->truth == CMA_CAUSE_SIGNAL) {
		s->error = -EINTR;
		return place;
	}
	cma_sim_set_busy(s->sim, &busy);
	ret = cma_sim_alloc(s->sim, s->count, s->align, &pfn, NULL);
	cma_sim_set_busy(s->sim, NULL);
	assert_int_not_equal(ret, 0);
	s->error = ret;
	switch (s->truth) {
	case CMA_CAUSE_TOO_LARGE:
		return ret == -EINVAL;
	case CMA_CAUSE_FULL:
		return ret == -ENOMEM && !room;
	case CMA_CAUSE_FRAGMENTED:
		return ret == -ENOMEM && room && !run;
	case CMA_CAUSE_ALIGNMENT:
		return ret == -ENOMEM && run && !place;
	case CMA_CAUSE_BUSY:
		return ret == -EBUSY && place;
	default:
		return ret == -ENOMEM && place;
	}
}

static bool make_scene(struct scene *s, enum cma_cause truth)
{
	memset(s, 0, sizeof(*s));
	s->truth = truth;
	make_area(s);
	s->say_align = rand() % 2;
	s->align = s->say_align ? (unsigned int)below(11) : 8;
	s->count = choose_count(s);
	if (!s->count || (!s->say_align && dma_align(s->count) != s->align))
		return false;
	return fails_as_wanted(s);
}

static void end_scene(struct scene *s)
{
	cma_sim_destroy(s->sim);
	cma_bitmap_end(&s->all);
}

/* What this kernel returns where the simulator, which is 6.12, returns that. */
static int error_of(const struct scene *s, enum log_form form)
{
	bool space = s->truth == CMA_CAUSE_FULL || s->truth == CMA_CAUSE_FRAGMENTED ||
		s->truth == CMA_CAUSE_ALIGNMENT || s->truth == CMA_CAUSE_TOO_LARGE;

	return form == LOG_6_17 && space ? -EBUSY : s->error;
}

/** struct judged - what came out of a log */
struct judged {
	int failures;
	enum cma_cause cause;
	char summary[256];
};

static void judge(void *data, const struct cma_failure *failure)
{
	struct judged *judged = data;
	struct cma_verdict v;

	assert_int_equal(cma_judge(failure, &v), 0);
	judged->failures++;
	judged->cause = v.cause;
	snprintf(judged->summary, sizeof(judged->summary), "%s", v.summary);
	cma_verdict_end(&v);
}

static struct judged judge_scene(const struct scene *s, enum log_form form,
				 enum log_list_kind list, bool memory)
{
	struct log_case c = { .form = form, .list = list, .map = cma_sim_map(s->sim),
			      .count = s->count, .align = s->align, .say_align = s->say_align,
			      .error = error_of(s, form) };
	struct judged judged = { 0 };
	struct cma_log *log = cma_log_create(judge, &judged);
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	if (memory)
		c.free_kb = s->truth == CMA_CAUSE_LOW_MEMORY ? 1 : 1 << 20;
	log_case_write(out, &c);
	fclose(out);
	assert_int_equal(cma_log_feed(log, text, size), 0);
	assert_int_equal(cma_log_flush(log), 0);
	cma_log_destroy(log);
	if (judged.failures != 1)
		fail_msg("%d failures in\n%s", judged.failures, text);
	if (judged.cause != s->truth && (list == LOG_LIST_WHOLE || judged.cause))
		fail_msg("%s instead of %s:\n%s\n%s", cma_cause_name(judged.cause),
			 cma_cause_name(s->truth), judged.summary, text);
	free(text);
	return judged;
}

/* Before 6.15 a request larger than the area has no message at all. */
static bool is_logged(enum cma_cause cause, enum log_form form)
{
	return cause != CMA_CAUSE_TOO_LARGE || form == LOG_6_17;
}

static void judges_whole_logs_right(void **state)
{
	(void)state;
	srand(3);
	for (int cause = CMA_CAUSE_UNKNOWN + 1; cause < CMA_CAUSES; cause++)
		for (int form = 0; form < LOG_FORMS; form++)
			for (int n = 0; n < CASES && is_logged((enum cma_cause)cause, form);) {
				struct scene s;

				if (make_scene(&s, (enum cma_cause)cause)) {
					judge_scene(&s, form, LOG_LIST_WHOLE, n % 2);
					n++;
				}
				end_scene(&s);
			}
}

static void claims_nothing_false_of_cut_logs(void **state)
{
	int told = 0, all = 0;

	(void)state;
	srand(4);
	for (int round = 0; round < 400; round++) {
		enum cma_cause cause = 1 + round % (CMA_CAUSES - 1);
		struct scene s;
		bool made = make_scene(&s, cause);

		for (int i = 0; made && i < LOG_FORMS * LOG_LIST_KINDS; i++) {
			enum log_list_kind list = i / LOG_FORMS;

			if (list == LOG_LIST_WHOLE || !is_logged(cause, i % LOG_FORMS))
				continue;
			told += judge_scene(&s, i % LOG_FORMS, list, round % 2).cause !=
				CMA_CAUSE_UNKNOWN;
			all++;
		}
		end_scene(&s);
	}
	/* Careful is not silent: much can be told of cut lists too. */
	assert_true(told > all / 4);
	assert_true(told < all);
}

static enum cma_cause cause_of(const struct cma_failure *failure)
{
	enum cma_cause cause;
	struct cma_verdict v;

	assert_int_equal(cma_judge(failure, &v), 0);
	cause = v.cause;
	cma_verdict_end(&v);
	return cause;
}

static void request_without_finish_is_too_large(void **state)
{
	struct cma_failure f;

	(void)state;
	cma_failure_init(&f);
	f.count = 5000;
	f.area.pages = 4096;
	assert_int_equal(cause_of(&f), CMA_CAUSE_TOO_LARGE);
	f.count = 0;
	assert_int_equal(cause_of(&f), CMA_CAUSE_UNKNOWN);
	/* A broken trace may say anything. */
	f.count = 1;
	f.align = 100;
	assert_int_equal(cause_of(&f), CMA_CAUSE_UNKNOWN);
	cma_failure_end(&f);
}

/* What is missing from a list can be too little to matter. */
static void short_rest_of_a_list_hides_nothing(void **state)
{
	struct cma_failure f;

	(void)state;
	cma_failure_init(&f);
	f.count = 300;
	f.align = 8;
	f.error = -ENOMEM;
	f.area.pages = 4096;
	f.free_pages = 700;
	f.runs_known = CMA_RUNS_PART;
	assert_int_equal(cma_failure_add_run(&f, (struct cma_run){ 10, 200 }), 0);
	assert_int_equal(cause_of(&f), CMA_CAUSE_UNKNOWN);
	assert_int_equal(cma_failure_add_run(&f, (struct cma_run){ 500, 250 }), 0);
	assert_int_equal(cause_of(&f), CMA_CAUSE_FRAGMENTED);
	f.runs[1].length = 301;
	assert_int_equal(cause_of(&f), CMA_CAUSE_ALIGNMENT);
	cma_failure_end(&f);
}

/* As many free as asked for is not full; a run of just that length can be taken. */
static void exact_sizes_are_enough(void **state)
{
	struct cma_failure f;

	(void)state;
	cma_failure_init(&f);
	f.count = 300;
	f.align = 8;
	f.error = -ENOMEM;
	f.area.pages = 4096;
	f.free_pages = 300;
	f.runs_known = CMA_RUNS_ALL;
	assert_int_equal(cma_failure_add_run(&f, (struct cma_run){ 512, 300 }), 0);
	assert_int_equal(cause_of(&f), CMA_CAUSE_LOW_MEMORY);
	f.runs[0].start = 513;
	assert_int_equal(cause_of(&f), CMA_CAUSE_ALIGNMENT);
	f.area.pages = 300;
	f.runs[0].start = 0;
	assert_int_equal(cause_of(&f), CMA_CAUSE_LOW_MEMORY);
	cma_failure_end(&f);
}

/* Since 6.15 the error alone says it; not against what is known of memory. */
static void memory_that_had_room_was_not_too_low(void **state)
{
	struct cma_failure f;

	(void)state;
	cma_failure_init(&f);
	f.kernel = 6016;
	f.count = 512;
	f.error = -ENOMEM;
	f.area.pages = 4096;
	f.free_pages = 600;
	f.runs_known = CMA_RUNS_ALL;
	assert_int_equal(cma_failure_add_run(&f, (struct cma_run){ 256, 600 }), 0);
	assert_int_equal(cause_of(&f), CMA_CAUSE_LOW_MEMORY);
	f.system_free_pages = 1511;
	f.system_min_pages = 1000;
	assert_int_equal(cause_of(&f), CMA_CAUSE_LOW_MEMORY);
	f.system_free_pages = 1512;
	assert_int_equal(cause_of(&f), CMA_CAUSE_UNKNOWN);
	cma_failure_end(&f);
}

/* A text of the verdict, its sentences one a line. The caller frees it. */
static char *text_of(const struct cma_failure *failure, enum cma_cause cause)
{
	struct cma_verdict v;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(cma_judge(failure, &v), 0);
	assert_int_equal(v.cause, cause);
	assert_true(v.evidence_count > 0);
	fprintf(out, "%s\n", v.summary);
	for (size_t i = 0; i < v.evidence_count; i++)
		fprintf(out, "%s\n", v.evidence[i]);
	for (size_t i = 0; i < v.missing_count; i++)
		fprintf(out, "%s\n", v.missing[i]);
	for (size_t i = 0; i < v.remedy_count; i++)
		fprintf(out, "%s\n", v.remedies[i]);
	cma_verdict_end(&v);
	fclose(out);
	return text;
}

static void assert_says(const struct cma_failure *failure, enum cma_cause cause, const char *said,
			const char *not_said)
{
	char *text = text_of(failure, cause);

	if (!strstr(text, said))
		fail_msg("\"%s\" is not in\n%s", said, text);
	if (not_said && strstr(text, not_said))
		fail_msg("\"%s\" is in\n%s", not_said, text);
	free(text);
}

/* Before 6.15 such a request has no message: what has one asked another area than that listed. */
static void no_error_comes_of_a_request_that_is_too_large(void **state)
{
	static const struct {
		unsigned int kernel;
		bool old_message;
		int error;
		enum cma_cause cause;
	} cases[] = {
		{ 0, false, 0, CMA_CAUSE_TOO_LARGE },
		{ 6012, false, 0, CMA_CAUSE_TOO_LARGE },
		{ 0, true, 0, CMA_CAUSE_TOO_LARGE },
		{ 0, false, -EBUSY, CMA_CAUSE_TOO_LARGE },
		{ 6015, false, -EBUSY, CMA_CAUSE_TOO_LARGE },
		{ 6014, false, -EBUSY, CMA_CAUSE_BUSY },
		{ 0, true, -EBUSY, CMA_CAUSE_BUSY },
		{ 6014, false, -ENOMEM, CMA_CAUSE_UNKNOWN },
		{ 0, true, -ENOMEM, CMA_CAUSE_UNKNOWN },
		{ 0, false, -ENOMEM, CMA_CAUSE_UNKNOWN },
		{ 6015, false, -ENOMEM, CMA_CAUSE_LOW_MEMORY },
		{ 6014, true, -EINTR, CMA_CAUSE_SIGNAL },
	};
	struct cma_failure f;

	(void)state;
	cma_failure_init(&f);
	f.line = 1;
	f.count = 5000;
	f.area.pages = 4096;
	f.free_pages = 300;
	f.runs_known = CMA_RUNS_ALL;
	assert_int_equal(cma_failure_add_run(&f, (struct cma_run){ 1, 300 }), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		f.kernel = cases[i].kernel;
		f.old_message = cases[i].old_message;
		f.error = cases[i].error;
		if (cases[i].cause == CMA_CAUSE_TOO_LARGE)
			assert_says(&f, cases[i].cause, "the area has 4096", "another area");
		else
			assert_says(&f, cases[i].cause, "another area", "300");
	}
	cma_failure_end(&f);
}

/* Of several pieces none of which is large enough, the size is the cause, if it is known. */
static void pieces_may_all_be_too_small(void **state)
{
	struct cma_failure f;

	(void)state;
	cma_failure_init(&f);
	f.line = 1;
	f.kernel = 6017;
	f.error = -EBUSY;
	f.count = 3000;
	f.area.pages = 4096;
	f.ranges = 2;
	f.free_pages = 4096;
	f.runs_known = CMA_RUNS_ALL;
	assert_int_equal(cma_failure_add_run(&f, (struct cma_run){ 0, 2048 }), 0);
	assert_int_equal(cma_failure_add_run(&f, (struct cma_run){ 0, 2048 }), 0);
	assert_says(&f, CMA_CAUSE_TOO_LARGE, "each of the area's 2 pieces: 3000 pages",
		    "fragmented");
	f.free_pages = 4095;
	f.runs[1] = (struct cma_run){ 0, 2047 };
	assert_says(&f, CMA_CAUSE_FRAGMENTED, "how large each of the 2 pieces is", NULL);
	cma_failure_end(&f);
}

/* A list that may be another's proves nothing. */
static void a_list_with_a_rival_proves_nothing(void **state)
{
	struct cma_failure f;

	(void)state;
	cma_failure_init(&f);
	f.line = 1;
	f.kernel = 6012;
	f.error = -ENOMEM;
	f.count = 100;
	f.area.pages = 4096;
	f.free_pages = 50;
	f.runs_known = CMA_RUNS_ALL;
	assert_int_equal(cma_failure_add_run(&f, (struct cma_run){ 0, 50 }), 0);
	assert_says(&f, CMA_CAUSE_FULL, "50 of the area's 4096", "another followed");
	f.list_rival = true;
	assert_says(&f, CMA_CAUSE_UNKNOWN, "another followed at once", "full:");
	cma_failure_end(&f);
}

static bool certain(const struct cma_failure *failure)
{
	struct cma_verdict v;
	bool is;

	assert_int_equal(cma_judge(failure, &v), 0);
	is = v.certain;
	cma_verdict_end(&v);
	return is;
}

/* A cause that hangs on what was assumed is not certain. */
static void is_certain_of_what_was_told_alone(void **state)
{
	struct cma_failure f;

	(void)state;
	cma_failure_init(&f);
	f.kernel = 6012;
	f.error = -ENOMEM;
	f.count = 300;
	f.area.pages = 4096;
	f.free_pages = 350;
	f.runs_known = CMA_RUNS_ALL;
	assert_int_equal(cma_failure_add_run(&f, (struct cma_run){ 1, 350 }), 0);
	assert_says(&f, CMA_CAUSE_ALIGNMENT, "the alignment asked for", NULL);
	assert_false(certain(&f));
	f.align = 8;
	assert_false(certain(&f));
	f.area.base_pfn = 0x40000;
	assert_true(certain(&f));
	/* A place: then it was memory, for sure where that is told. */
	f.align = 0;
	assert_says(&f, CMA_CAUSE_LOW_MEMORY, "there is no Mem-Info", NULL);
	assert_false(certain(&f));
	f.system_free_pages = 1100;
	f.system_min_pages = 1000;
	assert_true(certain(&f));
	f.count = 2000;
	f.align = -1;
	assert_true(certain(&f));
	f.error = -EIO;
	assert_false(certain(&f));
	cma_failure_end(&f);
}

static void says_nothing_false_of_errors(void **state)
{
	struct cma_failure f;

	(void)state;
	cma_failure_init(&f);
	f.error = -EINVAL;
	f.count = 300;
	assert_says(&f, CMA_CAUSE_UNKNOWN, "returned -22: ", "error is not known");
	/* A search without a place gives another error. */
	f.free_pages = 10;
	assert_says(&f, CMA_CAUSE_UNKNOWN, "error -22", "full");
	f.error = -EBUSY;
	f.free_pages = 350;
	f.runs_known = CMA_RUNS_ALL;
	assert_int_equal(cma_failure_add_run(&f, (struct cma_run){ 1, 350 }), 0);
	assert_says(&f, CMA_CAUSE_ALIGNMENT, "its pages been busy", "memory been short");
	f.error = -ENOMEM;
	assert_says(&f, CMA_CAUSE_ALIGNMENT, "memory been short", "been busy");
	f.count = CMA_UNKNOWN;
	assert_says(&f, CMA_CAUSE_UNKNOWN, "size asked for cannot be read", "rate limiting");
	f.error = 0;
	assert_says(&f, CMA_CAUSE_UNKNOWN, "rate limiting", NULL);
	f.count = 0;
	f.free_pages = CMA_UNKNOWN;
	assert_says(&f, CMA_CAUSE_UNKNOWN, "0 pages were asked for", "without a request");
	cma_failure_end(&f);
}

static void counts_in_pages_of_their_size(void **state)
{
	struct cma_failure f;

	(void)state;
	cma_failure_init(&f);
	f.error = -ENOMEM;
	f.count = 512;
	f.area.pages = 4096;
	f.free_pages = 100;
	assert_says(&f, CMA_CAUSE_FULL, "from 16 to 18 MiB (4 kB pages)", NULL);
	f.page_size = 16384;
	assert_says(&f, CMA_CAUSE_FULL, "from 64 to 71 MiB (16 kB pages)", NULL);
	cma_failure_end(&f);
}

/* 262144 pages from bit 512 on: with bits of a page not aligned, with bits of 512 pages aligned. */
static void tells_nothing_that_hangs_on_order_per_bit(void **state)
{
	struct cma_failure f;

	(void)state;
	cma_failure_init(&f);
	strcpy(f.area.name, "hugetlb0");
	f.error = -ENOMEM;
	f.count = 262144;
	f.area.pages = 1048576;
	f.free_pages = 262144;
	f.runs_known = CMA_RUNS_ALL;
	assert_int_equal(cma_failure_add_run(&f, (struct cma_run){ 512, 262144 }), 0);
	assert_says(&f, CMA_CAUSE_ALIGNMENT, "huge pages are aligned to their size", NULL);
	f.order_max = 18;
	assert_says(&f, CMA_CAUSE_UNKNOWN, "cma/hugetlb0/order_per_bit", "first aligned page");
	f.area.order_per_bit = 9;
	f.order_max = 9;
	f.runs[0].length = 512;
	assert_says(&f, CMA_CAUSE_LOW_MEMORY, "1 aligned place", NULL);
	/* What is the same at each is told. */
	f.order_max = 18;
	f.count = 262145;
	f.area.order_per_bit = 0;
	f.runs[0].length = 262144;
	assert_says(&f, CMA_CAUSE_FULL, "full", NULL);
	cma_failure_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_whole_logs_right),
		cmocka_unit_test(claims_nothing_false_of_cut_logs),
		cmocka_unit_test(request_without_finish_is_too_large),
		cmocka_unit_test(short_rest_of_a_list_hides_nothing),
		cmocka_unit_test(exact_sizes_are_enough),
		cmocka_unit_test(memory_that_had_room_was_not_too_low),
		cmocka_unit_test(no_error_comes_of_a_request_that_is_too_large),
		cmocka_unit_test(pieces_may_all_be_too_small),
		cmocka_unit_test(a_list_with_a_rival_proves_nothing),
		cmocka_unit_test(is_certain_of_what_was_told_alone),
		cmocka_unit_test(says_nothing_false_of_errors),
		cmocka_unit_test(counts_in_pages_of_their_size),
		cmocka_unit_test(tells_nothing_that_hangs_on_order_per_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
