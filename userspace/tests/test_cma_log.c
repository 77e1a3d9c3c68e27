// SPDX-License-Identifier: MIT
/* The reader of kernel logs: prefixes, broken and cut lists, what stands around a failure. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cma_log_found.h"

static void reads_every_prefix(void **state)
{
	static const struct {
		const char *prefix;
		double time;
		int pid;
		const char *comm;
	} cases[] = {
		{ "", -1, -1, "" },
		{ "[   70.166292] ", 70.166292, -1, "" },
		{ "<3>[   70.166292] ", 70.166292, -1, "" },
		{ "[   70.166292][T21132] ", 70.166292, 21132, "" },
		{ "[   70.166292] [  T123] ", 70.166292, 123, "" },
		{ ">>>> > [   70.166292] ", 70.166292, -1, "" },
		{ "Mar 16 22:33:33 localhost kernel: [ 1157.281879] ", 1157.281879, -1, "" },
		{ "2026-05-29T10:48:13+10:00 host kernel: ", -1, -1, "" },
		{ "[Tue Apr 16 06:23:42 2024] ", -1, -1, "" },
		{ "[  +0.047311] ", -1, -1, "" },
		{ "3,1234,70166292,-,caller=T77;", 70.166292, 77, "" },
		{ "[   12.415458]  [2:   Binder:714_1:  744] ", 12.415458, 744, "Binder:714_1" },
		{ "<6>[  123.456789]  (0)[744:cameraserver]", 123.456789, 744, "cameraserver" },
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct found f;

		snprintf(text, sizeof(text), "%s%s\r\n", cases[i].prefix,
			 "cma: cma_alloc: linux,cma: alloc failed, req-size: 148 pages, ret: -16");
		f = read_text(text);
		assert_int_equal(f.count, 1);
		assert_string_equal(f.failures[0].area.name, "linux,cma");
		assert_int_equal(f.failures[0].count, 148);
		assert_int_equal(f.failures[0].error, -16);
		assert_true(f.failures[0].old_message);
		assert_float_equal(f.failures[0].time, cases[i].time, 0.0000001);
		assert_int_equal(f.failures[0].pid, cases[i].pid);
		assert_string_equal(f.failures[0].comm, cases[i].comm);
	}
}

static void joins_a_list_of_several_records(void **state)
{
	static const char text[] =
		"[  1.000001] cma: __cma_alloc: x: alloc failed, req-size: 9 pages, ret: -12\n"
		"[  1.000002] cma: number of available pages: 5@10+6@20\n"
		"[  1.000003] usb 1-1: new high-speed USB device\n"
		"[  1.000004] +7@30+8@40\n"
		"[  1.000005] => 26 free of 4096 total pages\n";
	struct found f = read_text(text);

	(void)state;
	assert_int_equal(f.count, 1);
	assert_int_equal(f.failures[0].runs_known, CMA_RUNS_ALL);
	assert_int_equal(f.failures[0].run_count, 4);
	assert_int_equal(f.runs[0][3].start, 40);
	assert_int_equal(f.runs[0][3].length, 8);
	assert_int_equal(f.failures[0].area.pages, 4096);
	assert_int_equal(f.failures[0].free_pages, 26);
	assert_false(f.failures[0].old_message);
}

/* A pager or a mail program breaks the last words as it breaks the others. */
static void joins_a_broken_end(void **state)
{
	static const char *const ends[] = {
		"=> 6402 free of 32768 total pages", "=>\n6402 free of 32768 total pages",
		"=> 6402\nfree of 32768 total pages", "=> 6402 free\nof 32768 total pages",
		"=> 6402 free of\n32768 total pages", "=> 6402 free of 32768\ntotal pages",
		"=> 6402 free of 32768 total\npages",
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct found f;

		snprintf(text, sizeof(text), "cma : __cma_alloc: cma: %s\n%s\n%s%s\n",
			 "alloc failed, req-size: 6075 pages, ret: -12",
			 "cma : number of available pages:", "445@543+5957@26811", ends[i]);
		f = read_text(text);
		assert_int_equal(f.count, 1);
		assert_int_equal(f.failures[0].free_pages, 6402);
		assert_int_equal(f.failures[0].area.pages, 32768);
		assert_int_equal(f.failures[0].runs_known, CMA_RUNS_ALL);
	}
}

static void knows_a_list_that_is_cut(void **state)
{
	/* Runs are missing; the end is missing; a number is missing its end. */
	static const struct {
		const char *list;
		size_t runs;
		enum cma_runs_known known;
	} cases[] = {
		{ "5@10+6@20=> 11 free of 4096 total pages", 2, CMA_RUNS_ALL },
		{ "5@10+6@20=> 12 free of 4096 total pages", 2, CMA_RUNS_PART },
		{ "5@10+6@20+", 2, CMA_RUNS_PART },
		{ "5@10+6@20 ...", 1, CMA_RUNS_PART },
		{ "5@10+6@20+...", 2, CMA_RUNS_PART },
		{ "5@1000+6@200+7@3000=> 20 free of 4096 total pages", 2, CMA_RUNS_PART },
		{ "5@10+6@4095=> 11 free of 4096 total pages", 1, CMA_RUNS_PART },
		{ "5@10+6@20=> 7 free of 4096 total pages", 0, CMA_RUNS_NONE },
		{ "=> 7 free of 4096 total pages", 0, CMA_RUNS_NONE },
		{ "=> 0 free of 4096 total pages", 0, CMA_RUNS_ALL },
		{ "", 0, CMA_RUNS_NONE },
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct found f;

		snprintf(text, sizeof(text), "cma: alloc failed, req-size: 9 pages, ret: -12\n"
			 "cma: number of available pages: %s\n", cases[i].list);
		f = read_text(text);
		assert_int_equal(f.count, 1);
		assert_int_equal(f.failures[0].run_count, cases[i].runs);
		assert_int_equal(f.failures[0].runs_known, cases[i].known);
	}
}

static void keeps_ranges_apart(void **state)
{
	static const char text[] =
		"cma: __cma_alloc_frozen: x: alloc failed, req-size: 64 pages, ret: -16\n"
		"cma: number of available pages:\n"
		"cma: range 0: 32@0+16@100\n"
		"cma: range 1: +8@20\n"
		"cma:\n"
		"=> 56 free of 4096 total pages\n";
	struct found f = read_text(text);

	(void)state;
	assert_int_equal(f.failures[0].ranges, 2);
	assert_int_equal(f.failures[0].run_count, 3);
	assert_int_equal(f.failures[0].runs_known, CMA_RUNS_ALL);
}

/* Rate limiting drops the line of the request, not the list. */
static void sees_what_was_suppressed(void **state)
{
	static const char text[] =
		"cma_alloc: 12 callbacks suppressed\n"
		"cma: cma_alloc: x: alloc failed, req-size: 9 pages, ret: -12\n"
		"cma: number of available pages: 5@10=> 5 free of 4096 total pages\n"
		"cma: number of available pages: 4@10=> 4 free of 4096 total pages\n";
	struct found f = read_text(text);

	(void)state;
	assert_int_equal(f.count, 2);
	assert_int_equal(f.failures[0].suppressed, 12);
	assert_int_equal(f.failures[1].suppressed, 0);
	assert_true(f.failures[1].count == CMA_UNKNOWN);
	assert_int_equal(f.failures[1].free_pages, 4);
}

static void reads_the_memory_status(void **state)
{
	static const char text[] =
		"cma: cma_alloc: x: alloc failed, req-size: 9 pages, ret: -12\n"
		"CPU: 2 PID: 482 Comm: v4l2-ctl Not tainted 5.3.0-rc1+ #159\n"
		"Mem-Info:\n"
		" free:88 free_pcp:0 free_cma:0\n"
		"Node 0 DMA free:4000kB boost:0kB min:400kB low:500kB free_cma:400kB\n"
		"Node 0 Normal free:8000kB min:800kB low:900kB free_cma:0kB\n"
		"1000 total pagecache pages\n"
		"Node 0 DMA free:99999kB min:400kB low:500kB\n";
	struct found f = read_text(text);

	(void)state;
	assert_int_equal(f.failures[0].system_free_pages, 2900);
	assert_int_equal(f.failures[0].system_min_pages, 300);
	assert_int_equal(f.failures[0].kernel, 5003);
}

static void ignores_busy_pages_of_others(void **state)
{
	static const char text[] =
		"alloc_contig_range: [2f100, 2f10a) PFNs busy\n"
		"alloc_contig_range: [3f100, 3f164) PFNs busy\n"
		"alloc_contig_range: [4f0f0, 4f164) PFNs busy\n"
		"cma: cma_alloc: x: alloc failed, req-size: 100 pages, ret: -16\n"
		"cma: cma_alloc: x: alloc failed, req-size: 100 pages, ret: -16\n";
	struct found f = read_text(text);

	(void)state;
	assert_int_equal(f.failures[0].busy_retries, 2);
	assert_int_equal(f.failures[0].busy_pfn, 0x4f100);
	assert_int_equal(f.failures[0].busy_end_pfn, 0x4f164);
	assert_true(f.failures[1].busy_retries == CMA_UNKNOWN);
}

/* What was busy long before, of another thread, or of a request that came to an end, is not its. */
static void ignores_busy_pages_of_another_time(void **state)
{
	static const struct {
		const char *text;
		uint64_t retries;
	} cases[] = {
		{ "[ 9.0] cma: cma_range_alloc(): memory range at pfn 0x40000 is busy, retrying\n"
		  "[ 9.5] cma: __cma_alloc_frozen: x: alloc failed, req-size: 9 pages, ret: -16\n",
		  1 },
		{ "[ 9.0] cma: cma_range_alloc(): memory range at pfn 0x40000 is busy, retrying\n"
		  "[99.5] cma: __cma_alloc_frozen: x: alloc failed, req-size: 9 pages, ret: -16\n",
		  CMA_UNKNOWN },
		{ "[ 9.0][T5] cma: cma_alloc(): memory range at pfn 0x40000 is busy, retrying\n"
		  "[ 9.0][T6] cma: cma_alloc(): memory range at pfn 0x40000 is busy, retrying\n"
		  "[ 9.1][T6] cma: cma_alloc: x: alloc failed, req-size: 9 pages, ret: -16\n",
		  1 },
		{ "[ 9.0][T5] cma: cma_alloc(): memory range at pfn 0x40000 is busy, retrying\n"
		  "[ 9.1][T6] cma: cma_alloc: x: alloc failed, req-size: 9 pages, ret: -16\n",
		  CMA_UNKNOWN },
		{ "[ 9.0] cma: cma_alloc(): memory range at pfn 0x40000 is busy, retrying\n"
		  "[ 9.0] cma: cma_alloc(): returned 00000000c27ec2f6\n"
		  "[ 9.1] cma: cma_alloc: x: alloc failed, req-size: 9 pages, ret: -16\n",
		  CMA_UNKNOWN },
		{ "[ 9.0] alloc_contig_range: [3f100, 3f109) PFNs busy\n"
		  "[19.0] alloc_contig_range: [4f100, 4f109) PFNs busy\n"
		  "[19.1] cma: cma_alloc: x: alloc failed, req-size: 9 pages, ret: -16\n",
		  1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct found f = read_text(cases[i].text);

		assert_int_equal(f.count, 1);
		assert_true(f.failures[0].busy_retries == cases[i].retries);
	}
}

/* Since 4.11 the kernel itself tells of a failure; a driver's complaint is no other one. */
static void believes_drivers_of_old_kernels_alone(void **state)
{
	static const char complaint[] =
		"[ 9.0] alloc_contig_range: [40000, 40010) PFNs busy\n"
		"[ 9.1] vdec: failed to allocate buffer with size 65536\n";
	char text[256];

	(void)state;
	assert_int_equal(read_text(complaint).count, 1);
	snprintf(text, sizeof(text), "Linux version 3.14.52\n%s", complaint);
	assert_int_equal(read_text(text).count, 1);
	snprintf(text, sizeof(text), "Linux version 4.19.40\n%s", complaint);
	assert_int_equal(read_text(text).count, 0);
}

static void takes_what_was_asked_from_debug_messages(void **state)
{
	static const char text[] =
		"cma: cma_alloc(cma ffffff80, name: linux,cma, count 100, align 5)\n"
		"cma: cma_alloc: alloc failed, req-size: 100 pages, ret: -12\n"
		"cma: __cma_alloc(cma ffffff80, name: a, total pages: 9, request pages: 7, align 3)\n"
		"cma: __cma_alloc: a: alloc failed, req-size: 8 pages, ret: -12\n";
	struct found f = read_text(text);

	(void)state;
	assert_string_equal(f.failures[0].area.name, "linux,cma");
	assert_int_equal(f.failures[0].align, 5);
	/* That was of another request. */
	assert_int_equal(f.failures[1].align, -1);
}

/* Names go to terminals and into JSON. */
static void names_can_be_shown(void **state)
{
	static const struct {
		const char *raw;
		const char *shown;
	} cases[] = {
		{ "linux,cma", "linux,cma" },
		{ "\xc3\xb6\xe2\x80\xa6\xf0\x9f\x98\x80", "\xc3\xb6\xe2\x80\xa6\xf0\x9f\x98\x80" },
		{ "r\xc3", "r?" },
		{ "r\xe2\x80x", "r??x" },
		{ "\xff\xfe\x80", "???" },
		{ "a\033[31m\x7f", "a?[31m?" },
		{ "a\xc2\x9b[1m", "a??[1m" },
		{ "\xc0\xafx\xe0\x80\xaf", "??x???" },
		{ "\xed\xa0\x80", "???" },
		{ "\xf4\x90\x80\x80", "????" },
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct found f;

		snprintf(text, sizeof(text), "[1.0][744:%s] cma: cma_alloc: %s: %s\n", cases[i].raw,
			 cases[i].raw, "alloc failed, req-size: 256 pages, ret: -12");
		f = read_text(text);
		assert_int_equal(f.count, 1);
		assert_string_equal(f.failures[0].area.name, cases[i].shown);
		assert_memory_equal(f.failures[0].comm, cases[i].shown,
				    strnlen(cases[i].shown, 12));
	}
}

static void ignores_memory_of_another_time(void **state)
{
	static const struct {
		const char *time;
		const char *before;
		bool taken;
	} cases[] = {
		{ "[   10.100000] ", "", true },
		{ "[   11.500000] ", "", false },
		{ "[90000.000000] ", "", false },
		{ "", "", true },
		{ "[   10.100000] ", "stress invoked oom-killer: gfp_mask=0x140cca\n", false },
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct found f;

		snprintf(text, sizeof(text), "[   10.000002] cma: __cma_alloc: reserved: %s\n"
			 "%s%sNode 0 DMA free:900kB boost:0kB min:30000kB free_cma:0kB\n",
			 "alloc failed, req-size: 256 pages, ret: -12", cases[i].before,
			 cases[i].time);
		f = read_text(text);
		assert_int_equal(f.count, 1);
		assert_int_equal(f.failures[0].system_free_pages != CMA_UNKNOWN, cases[i].taken);
	}
}

/* However the log is cut, and where lines are longer than what is kept of them. */
static void numbers_lines_behind_a_long_one(void **state)
{
	static const size_t pieces[] = { 4096, 100000, 0x100001, 0x500000 };
	const size_t length = 0x280000;
	char *text = malloc(length + 200);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', length);
	strcpy(text + length, "\ny\ncma: cma_alloc: x: alloc failed, req-size: 9 pages, ret: -4");
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct found found = { 0 };
		struct cma_log *log = cma_log_create(keep, &found);
		size_t size = strlen(text);

		assert_non_null(log);
		for (size_t at = 0; at < size; at += pieces[i])
			assert_int_equal(cma_log_feed(log, text + at, size - at < pieces[i] ?
						      size - at : pieces[i]), 0);
		assert_int_equal(cma_log_flush(log), 0);
		assert_int_equal(found.count, 1);
		assert_int_equal(found.failures[0].line, 3);
		assert_int_equal(cma_log_lines(log), 3);
		cma_log_destroy(log);
	}
	free(text);
}

static void counts_lines_it_does_not_read(void **state)
{
	struct found found = { 0 };
	struct cma_log *log = cma_log_create(keep, &found);

	(void)state;
	for (int i = 0; i < 5000; i++)
		assert_int_equal(cma_log_feed(log, "nothing to see here\n", 20), 0);
	assert_int_equal(cma_log_feed(log, "cma: cma_alloc: x: alloc failed, req-", 37), 0);
	assert_int_equal(cma_log_feed(log, "size: 9 pages, ret: -4", 22), 0);
	assert_int_equal(cma_log_flush(log), 0);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.failures[0].line, 5001);
	assert_int_equal(found.failures[0].error, -4);
	assert_int_equal(cma_log_lines(log), 5001);
	cma_log_destroy(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_prefix),
		cmocka_unit_test(joins_a_list_of_several_records),
		cmocka_unit_test(joins_a_broken_end),
		cmocka_unit_test(knows_a_list_that_is_cut),
		cmocka_unit_test(keeps_ranges_apart),
		cmocka_unit_test(sees_what_was_suppressed),
		cmocka_unit_test(reads_the_memory_status),
		cmocka_unit_test(ignores_busy_pages_of_others),
		cmocka_unit_test(ignores_busy_pages_of_another_time),
		cmocka_unit_test(believes_drivers_of_old_kernels_alone),
		cmocka_unit_test(takes_what_was_asked_from_debug_messages),
		cmocka_unit_test(names_can_be_shown),
		cmocka_unit_test(ignores_memory_of_another_time),
		cmocka_unit_test(numbers_lines_behind_a_long_one),
		cmocka_unit_test(counts_lines_it_does_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
