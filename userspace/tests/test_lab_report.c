// SPDX-License-Identifier: MIT
/* Journals read into runs, and what is judged of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmascope/json_add.h"
#include "harness.h"
#include "html/json_get.h"
#include "lab/report_json.h"
#include "lab/report_over_runs.h"
#include "lab/report_read.h"
#include "lab/report_results.h"

#define CLOSE	0.000001
#define START	"{\"ns\":0,\"who\":\"lab\",\"what\":\"start\",\"seed\":3,\"hours\":720,\"period_s\":3600}\n"
#define END	"{\"ns\":9,\"who\":\"lab\",\"what\":\"end\",\"status\":0}\n"
#define ENDED	"{\"ns\":8,\"who\":\"lab\",\"what\":\"ended\",\"program\":"
#define UPTIME	"{\"ns\":5,\"who\":\"uptime\",\"what\":"
#define AGED	"{\"ns\":1,\"who\":\"age\",\"what\":\"burst\",\"burst\":0,"
#define FRAMES	UPTIME "\"frames\",\"burst\":2,\"frames\":10,\"torn\":0}"

/* Read @text in pieces of so many bytes. The caller frees the runs. */
static struct report_runs read_pieces(const char *text, size_t size, size_t piece)
{
	struct report_runs runs = { 0 };
	struct report_reader reader;

	assert_int_equal(report_reader_begin(&reader, &runs, "a file"), 0);
	for (size_t at = 0; at < size; at += piece)
		report_reader_feed(&reader, text + at, size - at < piece ? size - at : piece);
	assert_int_equal(report_reader_end(&reader), 0);
	return runs;
}

static struct report_runs read_text(const char *text)
{
	return read_pieces(text, strlen(text), strlen(text) + 1);
}

/* The report of a journal; the caller puts it. */
static struct json_object *report_of(const char *text)
{
	struct report_runs runs = read_text(text);
	struct json_object *report = report_json(&runs);

	report_runs_end(&runs);
	return report;
}

static const char *result_of(struct json_object *report, const char *name)
{
	struct json_object *checks = json_get(report, "checks");

	for (size_t i = 0; i < json_length(checks); i++)
		if (!strcmp(json_text(json_at(checks, i), "name"), name))
			return json_text(json_at(checks, i), "result");
	return "?";
}

static void lines_may_be_cut_anywhere(void **state)
{
	static const char text[] = START FRAMES "\n" FRAMES FRAMES "\nnoise\n" FRAMES "\r\n" END;

	(void)state;
	for (size_t piece = 1; piece < sizeof(text); piece += 7) {
		struct report_runs runs = read_pieces(text, sizeof(text) - 1, piece);

		assert_int_equal(runs.count, 1);
		assert_int_equal(runs.runs[0]->records, 6);
		assert_int_equal(runs.runs[0]->counts[REPORT_FRAMES], 40);
		assert_int_equal(runs.runs[0]->garbage, 1);
		assert_false(runs.runs[0]->cut);
		report_runs_end(&runs);
	}
}

static void a_torn_line_is_no_garbage(void **state)
{
	struct report_runs runs = read_text(START FRAMES "\n{\"ns\":7,\"who\":\"up");

	(void)state;
	assert_true(runs.runs[0]->cut);
	assert_int_equal(runs.runs[0]->garbage, 0);
	assert_int_equal(runs.runs[0]->counts[REPORT_FRAMES], 10);
	report_runs_end(&runs);
	/* Only its end is missing. */
	runs = read_text(START FRAMES);
	assert_true(runs.runs[0]->cut);
	assert_int_equal(runs.runs[0]->counts[REPORT_FRAMES], 10);
	report_runs_end(&runs);
}

static void noise_around_a_record_does_no_harm(void **state)
{
	static const char text[] = START "\0\xff\x80" FRAMES "\0\n{\"ns\":3,\"who\":\"u" FRAMES "\n"
		UPTIME "\"frames\",\"frames\":1,\"x\":\"\xff\"}\n"
		UPTIME "\"frames\",\"frames\":1,\"x\":[{\"y\":NaN}]}\n" END;
	struct report_runs runs = read_pieces(text, sizeof(text) - 1, 5);

	(void)state;
	assert_int_equal(runs.runs[0]->counts[REPORT_FRAMES], 20);
	assert_int_equal(runs.runs[0]->garbage, 4);
	assert_non_null(runs.runs[0]->end);
	report_runs_end(&runs);
}

static void a_line_too_long_is_skipped(void **state)
{
	size_t size = REPORT_LINE + 100;
	char *text = malloc(size + sizeof(FRAMES));
	struct report_runs runs;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', size);
	memcpy(text, FRAMES, strlen(FRAMES));
	text[size] = '\n';
	memcpy(text + size + 1, FRAMES, strlen(FRAMES));
	runs = read_pieces(text, size + 1 + strlen(FRAMES), 4096);
	assert_int_equal(runs.runs[0]->garbage, 1);
	assert_int_equal(runs.runs[0]->counts[REPORT_FRAMES], 20);
	report_runs_end(&runs);
	free(text);
}

static void wraps_are_counted(void **state)
{
	static const char text[] = START
		UPTIME "\"wrap\",\"burst\":0,\"counter\":\"frame\",\"from\":9,\"to\":1}\n"
		UPTIME "\"wrap\",\"burst\":1,\"counter\":\"fence\",\"from\":9,\"to\":1}\n"
		UPTIME "\"wrap\",\"burst\":2,\"counter\":\"frame\",\"from\":9,\"to\":1}\n" END;
	struct json_object *report = report_of(text), *wraps = json_get(report, "wraps");

	(void)state;
	assert_int_equal(json_object_object_length(wraps), 2);
	assert_true(json_number(wraps, "frame") == 2 && json_number(wraps, "fence") == 1);
	assert_true(json_number(json_get(report, "journal"), "unknown") == 0);
	json_object_put(report);
}

static void every_start_is_a_run(void **state)
{
	struct report_runs runs = read_text(FRAMES "\n" START FRAMES "\n" START END);

	(void)state;
	assert_int_equal(runs.count, 2);
	/* What came before the first start is of its run. */
	assert_int_equal(runs.runs[0]->counts[REPORT_FRAMES], 20);
	assert_null(runs.runs[0]->end);
	assert_int_equal(runs.runs[1]->counts[REPORT_FRAMES], 0);
	assert_non_null(runs.runs[1]->end);
	report_runs_end(&runs);
	runs = read_text("");
	assert_int_equal(runs.count, 1);
	report_runs_end(&runs);
}

static struct json_object *attempt(uint64_t burst, uint64_t ns, bool failed)
{
	struct json_object *record = json_object_new_object();

	json_add_text(record, "who", "probe");
	json_add_text(record, "what", "allocation");
	json_add_text(record, "contender", "vdc");
	json_add_number(record, "burst", burst);
	json_add_number(record, "ns_taken", ns);
	json_object_object_add(record, "error", json_object_new_int(failed ? -12 : 0));
	return record;
}

/* Columns that become wider keep sums and distributions. */
static void columns_keep_what_they_have(void **state)
{
	struct report_run *run = report_run_create("a file");
	struct cma_latency all = { 0 };
	uint64_t count = 0, failures = 0;

	(void)state;
	assert_non_null(run);
	for (uint64_t burst = 0; burst < 1000; burst++) {
		struct json_object *record = attempt(burst, burst * burst, burst % 3 == 0);

		report_run_add(run, record);
		json_object_put(record);
		if (burst % 3)
			cma_latency_add(&all, burst * burst);
	}
	assert_int_equal(run->width, 16);
	assert_int_equal(run->columns_used, 63);
	assert_int_equal(run->contender_count, 1);
	for (unsigned int i = 0; i < REPORT_COLUMNS; i++) {
		const struct report_attempts *a = &run->contenders[0]->columns[i];

		assert_int_equal(a->count, i < 62 ? 16 : i == 62 ? 8 : 0);
		count += a->count;
		failures += a->failures;
	}
	assert_int_equal(count, 1000);
	assert_int_equal(failures, 334);
	assert_memory_equal(run->contenders[0]->total.latency, &all, sizeof(all));
	/* Of a column: bursts 16 to 31, without 18, 21, 24, 27 and 30. */
	assert_int_equal(run->contenders[0]->columns[1].latency->count, 11);
	assert_int_equal(run->contenders[0]->columns[1].latency->min, 256);
	assert_int_equal(run->contenders[0]->columns[1].latency->max, 961);
	report_run_destroy(run);
}

static void a_burst_that_cannot_be_is_none(void **state)
{
	struct report_runs runs = read_text(START
		UPTIME "\"frames\",\"burst\":719,\"frames\":1}\n"
		UPTIME "\"frames\",\"burst\":100000,\"frames\":1}\n" END);

	(void)state;
	assert_int_equal(runs.runs[0]->absurd, 1);
	assert_int_equal(runs.runs[0]->counts[REPORT_FRAMES], 1);
	assert_int_equal(runs.runs[0]->width, 8);
	report_runs_end(&runs);
}

#define BALANCE(when, members) \
	"{\"ns\":1,\"who\":\"lab\",\"what\":\"balance\",\"when\":\"" when "\"," members "}\n"

/* What is told later in a record counts. */
#define ALL_KEPT	"\"cma_free_kb\":9,\"cma_used_pages\":5,\"dmabufs\":0,\"slab_kb\":9," \
			"\"fds\":9,"

static void leaks_are_what_is_more_at_the_end(void **state)
{
	static const struct {
		const char *start;
		const char *end;
		const char *result;
	} cases[] = {
		{ "\"cma_used_pages\":5,\"fds\":9", "\"cma_used_pages\":5,\"fds\":8", "pass" },
		{ "\"cma_used_pages\":5,\"fds\":9", "\"cma_used_pages\":6,\"fds\":9", "fail" },
		{ "\"dmabufs\":0", "\"dmabufs\":1", "fail" },
		/* The kernel keeps some slabs, counts files in steps, and lends a little of CMA. */
		{ "\"slab_kb\":5000", "\"slab_kb\":13000", "pass" },
		{ "\"slab_kb\":5000", "\"slab_kb\":14000", "fail" },
		{ "\"fds\":96", "\"fds\":160", "pass" },
		{ "\"fds\":96", "\"fds\":161", "fail" },
		{ "\"cma_free_kb\":9000", "\"cma_free_kb\":5000", "pass" },
		{ "\"cma_free_kb\":9000", "\"cma_free_kb\":4000", "fail" },
		/* What is not known is not said to be given back. */
		{ "\"dmabufs\":null", "\"dmabufs\":null", "skip" },
		{ "\"dmabufs\":null", "\"dmabufs\":3", "skip" },
		{ "\"dmabufs\":null", "\"cma_used_pages\":6", "fail" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json_object *report;
		char text[512];

		snprintf(text, sizeof(text), BALANCE("start", ALL_KEPT "%s")
			 BALANCE("end", ALL_KEPT "%s"),
			 cases[i].start, cases[i].end);
		report = report_of(text);
		assert_string_equal(result_of(report, "no leaks"), cases[i].result);
		json_object_put(report);
	}
}

static void what_is_not_told_is_skipped(void **state)
{
	static const char *const names[] = { "buffers verified", "programs ended well",
		"enough was verified", "no torn frames", "no lost frames", "no wrong contents",
		"no CRC mismatches", "no leaks", "aged", "complaints explained" };
	struct json_object *report = report_of(START END), *judged;

	(void)state;
	/* The end has the run's status. */
	assert_string_equal(result_of(report, "buffers verified"), "pass");
	json_object_put(report);
	report = report_of(START);
	for (size_t i = 0; i < COUNT(names); i++)
		assert_string_equal(result_of(report, names[i]), "skip");
	assert_string_equal(result_of(report, "complete"), "fail");
	assert_null(json_get(report, "frames"));
	judged = report_json_judged(report);
	assert_false(report_passed(judged));
	json_object_put(judged);
	json_object_put(report);
}

static void a_test_that_could_not_run_proves_nothing(void **state)
{
	static const char *const results[] = { "pass", "skip", "fail" };
	static const int statuses[] = { 0, 77, 98 };

	(void)state;
	for (size_t i = 0; i < COUNT(statuses); i++) {
		struct json_object *report;
		char text[512];

		snprintf(text, sizeof(text), START
			 ENDED "\"uptime\",\"status\":%d}\n" END, statuses[i]);
		report = report_of(text);
		assert_string_equal(result_of(report, "buffers verified"), results[i]);
		json_object_put(report);
	}
}

/* Of a month with a burst an hour. */
static void enough_has_to_be_verified(void **state)
{
	static const struct {
		unsigned int shown;
		unsigned int scanned;
		const char *end;
		const char *result;
	} cases[] = {
		{ 360, 2, END, "pass" },
		{ 359, 3, END, "fail" },
		{ 720, 0, END, "fail" },
		{ 0, 0, END, "fail" },
		{ 0, 0, ENDED "\"uptime\",\"status\":77}\n" END, "skip" },
		{ 0, 0, "", "skip" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json_object *report;
		struct report_runs runs;
		char text[512];

		snprintf(text, sizeof(text), START "%s", cases[i].end);
		runs = read_text(text);
		for (unsigned int n = 0; n < 720; n++) {
			struct json_object *record = json_object_new_object();

			json_add_text(record, "who", "uptime");
			json_add_text(record, "what", n % 2 ? "frames" : "buffers");
			json_add_number(record, "burst", n / 2);
			json_add_number(record, "frames", 60);
			json_add_number(record, "scanned", cases[i].scanned);
			if (n / 2 < cases[i].shown)
				report_run_add(runs.runs[0], record);
			json_object_put(record);
		}
		report = report_json(&runs);
		assert_string_equal(result_of(report, "enough was verified"), cases[i].result);
		json_object_put(report);
		report_runs_end(&runs);
	}
}

static void a_complaint_needs_its_cause(void **state)
{
	static const struct {
		const char *members;
		const char *result;
	} cases[] = {
		{ "\"reproduced\":true,\"cause\":\"busy\"", "pass" },
		{ "\"reproduced\":true,\"cause\":\"unknown\"", "fail" },
		{ "\"reproduced\":true", "fail" },
		{ "\"reproduced\":false", "pass" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json_object *report;
		char text[512];

		snprintf(text, sizeof(text), START
			 UPTIME "\"complaint\",\"name\":\"x\",%s}\n", cases[i].members);
		report = report_of(text);
		assert_string_equal(result_of(report, "complaints explained"), cases[i].result);
		json_object_put(report);
	}
}

/* struct trial - a contender succeeds in bursts from @from up to @until - 1 */
struct trial {
	const char *contender;
	uint64_t from;
	uint64_t until;
};

static struct json_object *report_of_trials(const char *text, const struct trial *trials,
					    size_t count, uint64_t bursts)
{
	struct report_runs runs = read_text(text);
	struct json_object *report;

	for (uint64_t burst = 0; burst < bursts; burst++)
		for (size_t i = 0; i < count; i++) {
			const struct trial *t = &trials[i];
			struct json_object *record = attempt(burst, 1, burst < t->from ||
							     burst >= t->until);

			json_add_text(record, "contender", t->contender);
			report_run_add(runs.runs[0], record);
			json_object_put(record);
		}
	report = report_json(&runs);
	report_runs_end(&runs);
	return report;
}

#define WORKED	AGED "\"profile\":\"anon\",\"operations\":1}\n"

/* The largest order that the kernel has is had in the first third and not in the last. */
static void aged_is_what_lost_its_largest_blocks(void **state)
{
	static const struct {
		struct trial trials[2];
		uint64_t bursts;
		const char *result;
		double order;
		double first;
		double last;
	} cases[] = {
		{ { { "buddy-11", 0, 0 }, { "buddy-10", 0, 50 } }, 100, "pass", 10, 1, 0 },
		{ { { "buddy-11", 0, 0 }, { "buddy-10", 20, 69 } }, 99, "pass", 10, 13. / 33,
		  3. / 33 },
		{ { { "buddy-11", 0, 0 }, { "buddy-10", 20, 70 } }, 99, "fail", 10, 13. / 33,
		  4. / 33 },
		{ { { "buddy-11", 0, 0 }, { "buddy-10", 0, 99 } }, 99, "fail", 10, 1, 1 },
		{ { { "buddy-11", 0, 0 }, { "buddy-10", 0, 0 } }, 99, "fail", 10, 0, 0 },
		/* Order 11 was had, so it is this that is judged. */
		{ { { "buddy-11", 0, 50 }, { "buddy-10", 0, 99 } }, 99, "pass", 11, 1, 0 },
		{ { { "buddy-11", 0, 99 }, { "buddy-10", 0, 50 } }, 99, "fail", 11, 1, 1 },
		/* Nothing is to be had of kernels that have less, or of those who do not ask. */
		{ { { "buddy-11", 0, 0 }, { "vdc", 0, 99 } }, 99, "skip", 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json_object *report = report_of_trials(WORKED, cases[i].trials, 2,
							      cases[i].bursts);
		struct json_object *aged = json_get(report, "aged");

		assert_string_equal(result_of(report, "aged"), cases[i].result);
		assert_float_equal(json_number(aged, "order"), cases[i].order, 0);
		assert_float_equal(json_number(aged, "success_first"), cases[i].first, CLOSE);
		assert_float_equal(json_number(aged, "success_last"), cases[i].last, CLOSE);
		json_object_put(report);
	}
}

static void a_short_run_does_not_tell_of_age(void **state)
{
	static const struct trial once = { "buddy-10", 0, 2 }, five[] = {
		{ "buddy-10", 0, 2 }, { "buddy-10", 0, 2 }, { "buddy-10", 0, 2 },
		{ "buddy-10", 0, 2 }, { "buddy-10", 0, 2 } };
	struct json_object *report;

	(void)state;
	for (uint64_t bursts = 1; bursts <= 12; bursts++) {
		report = report_of_trials(WORKED, five, COUNT(five), bursts);
		assert_string_equal(result_of(report, "aged"), bursts < 6 ? "skip" : "pass");
		json_object_put(report);
		report = report_of_trials(WORKED, &once, 1, bursts);
		assert_string_equal(result_of(report, "aged"), bursts < 12 ? "skip" : "pass");
		json_object_put(report);
	}
}

static void age_needs_somebody_who_ages(void **state)
{
	static const struct trial trial = { "buddy-10", 0, 20 };
	struct json_object *report = report_of_trials("", &trial, 1, 60);

	(void)state;
	assert_string_equal(result_of(report, "aged"), "fail");
	json_object_put(report);
}

static void more_kinds_than_are_told_apart_are_counted(void **state)
{
	struct report_runs runs = read_text("");
	struct report_run *run = runs.runs[0];
	struct json_object *report;

	(void)state;
	for (unsigned int i = 0; i < 200; i++) {
		struct json_object *record = attempt(0, 1, true);
		char name[32];

		snprintf(name, sizeof(name), "contender %u", i);
		json_object_object_add(record, "contender", json_object_new_string(name));
		report_run_add(run, record);
		json_object_object_add(record, "what", json_object_new_string("failure"));
		report_run_add(run, record);
		json_object_put(record);
	}
	assert_int_equal(run->contender_count, REPORT_CONTENDERS);
	assert_int_equal(run->failure_count, REPORT_GROUPS);
	assert_int_equal(run->dropped, 200 - REPORT_CONTENDERS + 200 - REPORT_GROUPS);
	report = report_json(&runs);
	json_object_put(report);
	report_runs_end(&runs);
}

#define RUN(profile, tried, failed) \
	"{\"profile\":\"" profile "\",\"frames\":5,\"contenders\":{\"plain\":" \
	"{\"allocations\":" #tried ",\"failures\":" #failed "}}}"

static void the_plain_path_has_to_fail_in_two_profiles(void **state)
{
	static const struct {
		const char *runs;
		const char *result;
	} cases[] = {
		{ RUN("a", 4, 1) "," RUN("b", 4, 0) "," RUN("c", 4, 4), "pass" },
		/* Two seeds of one profile are one profile. */
		{ RUN("a", 4, 1) "," RUN("a", 4, 1) "," RUN("b", 4, 0), "fail" },
		{ RUN("a", 4, 0) "," RUN("b", 4, 0), "fail" },
		{ RUN("a", 4, 1) "," RUN("a", 4, 1), "skip" },
		{ RUN("a", 4, 1) "," RUN("b", 0, 0), "skip" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json_object *report;
		char text[1024];

		snprintf(text, sizeof(text), "{\"runs\":[%s]}", cases[i].runs);
		report = json_tokener_parse(text);
		report_over_runs(report);
		assert_string_equal(result_of(report, "plain fails in two profiles"),
				    cases[i].result);
		json_object_put(report);
	}
}

static void runs_of_a_profile_are_added_up(void **state)
{
	struct json_object *report = json_tokener_parse("{\"runs\":["
		RUN("a", 4, 1) "," RUN("a", 6, 4) "," RUN("b", 0, 0) ",{}]}"), *plain;

	(void)state;
	report_over_runs(report);
	plain = json_get(json_get(json_get(report, "by_profile"), "a"), "plain");
	assert_true(json_number(plain, "allocations") == 10);
	assert_true(json_number(plain, "failures") == 5);
	assert_true(json_number(plain, "success") == 0.5);
	plain = json_get(json_get(json_get(report, "by_profile"), "b"), "plain");
	assert_null(json_get(plain, "success"));
	assert_true(json_number(json_get(report, "totals"), "frames") == 15);
	assert_true(json_number(json_get(report, "totals"), "runs") == 4);
	json_object_put(report);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_may_be_cut_anywhere),
		cmocka_unit_test(a_torn_line_is_no_garbage),
		cmocka_unit_test(noise_around_a_record_does_no_harm),
		cmocka_unit_test(a_line_too_long_is_skipped),
		cmocka_unit_test(wraps_are_counted),
		cmocka_unit_test(every_start_is_a_run),
		cmocka_unit_test(columns_keep_what_they_have),
		cmocka_unit_test(a_burst_that_cannot_be_is_none),
		cmocka_unit_test(leaks_are_what_is_more_at_the_end),
		cmocka_unit_test(what_is_not_told_is_skipped),
		cmocka_unit_test(a_test_that_could_not_run_proves_nothing),
		cmocka_unit_test(enough_has_to_be_verified),
		cmocka_unit_test(a_complaint_needs_its_cause),
		cmocka_unit_test(aged_is_what_lost_its_largest_blocks),
		cmocka_unit_test(a_short_run_does_not_tell_of_age),
		cmocka_unit_test(age_needs_somebody_who_ages),
		cmocka_unit_test(more_kinds_than_are_told_apart_are_counted),
		cmocka_unit_test(the_plain_path_has_to_fail_in_two_profiles),
		cmocka_unit_test(runs_of_a_profile_are_added_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
