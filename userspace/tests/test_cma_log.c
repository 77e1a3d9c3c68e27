// SPDX-License-Identifier: MIT
/* The reader of kernel logs: prefixes, broken and cut lists, what stands around a failure. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/log.h"
#include "tests/harness.h"

#define MAX_FOUND	8

/** struct found - the failures of a log, with their runs */
struct found {
	size_t count;
	struct cma_failure failures[MAX_FOUND];
	struct cma_run runs[MAX_FOUND][16];
};

static void keep(void *data, const struct cma_failure *failure)
{
	struct found *found = data;

	assert_true(found->count < MAX_FOUND);
	assert_true(failure->run_count <= 16);
	found->failures[found->count] = *failure;
	for (size_t i = 0; i < failure->run_count; i++)
		found->runs[found->count][i] = failure->runs[i];
	found->count++;
}

static struct found read_text(const char *text)
{
	struct found found = { 0 };
	struct cma_log *log = cma_log_create(keep, &found);

	assert_non_null(log);
	assert_int_equal(cma_log_feed(log, text, strlen(text)), 0);
	assert_int_equal(cma_log_flush(log), 0);
	cma_log_destroy(log);
	return found;
}

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

/* Lengths are pages, places are bits; a bit of four pages shows in runs that would overlap. */
static void finds_order_per_bit(void **state)
{
	static const char text[] =
		"cma: __cma_alloc: hugetlb0: alloc failed, req-size: 64 pages, ret: -12\n"
		"cma: number of available pages: 32@0+16@10+8@20=> 56 free of 4096 total pages\n";
	struct found f = read_text(text);

	(void)state;
	assert_int_equal(f.failures[0].runs_known, CMA_RUNS_ALL);
	assert_int_equal(f.failures[0].area.order_per_bit, 2);
	assert_int_equal(f.runs[0][0].length, 8);
	assert_int_equal(f.runs[0][2].start, 20);
}

/* Runs that are far apart agree with larger bits as well, where an area has such. */
static void knows_when_order_per_bit_is_a_guess(void **state)
{
	static const struct {
		const char *name;
		const char *list;
		unsigned int order;
		unsigned int max;
	} cases[] = {
		{ "hugetlb0", "1024@0+1024@1024=> 2048", 0, 1 },
		{ "hugetlb0", "1024@0+1023@1024=> 2047", 0, 0 },
		{ "linux,cma", "1024@0+1024@1024=> 2048", 0, 0 },
		{ "linux,cma", "32@0+16@10+8@20=> 56", 2, 3 },
		{ "kvm_cma", "4@0+4@4000=> 8", 0, 0 },
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct found f;

		snprintf(text, sizeof(text), "cma: __cma_alloc: %s: %s\n%s: %s free of %s\n",
			 cases[i].name, "alloc failed, req-size: 64 pages, ret: -12",
			 "cma: number of available pages", cases[i].list, "4096 total pages");
		f = read_text(text);
		assert_int_equal(f.count, 1);
		assert_int_equal(f.failures[0].area.order_per_bit, cases[i].order);
		assert_int_equal(f.failures[0].order_max, cases[i].max);
	}
}

/* 64 MiB that are 4096 pages: 16 kB each, also of the next failure, and of the memory status. */
static void learns_the_page_size(void **state)
{
	static const char text[] =
		"cma: Reserved 64 MiB at 0x000000003c000000 on node -1\n"
		"cma: __cma_alloc: linux,cma: alloc failed, req-size: 512 pages, ret: -12\n"
		"cma: number of available pages: 100@0=> 100 free of 4096 total pages\n"
		"Node 0 DMA free:12288kB boost:0kB min:4096kB low:40000kB free_cma:4096kB\n"
		"cma: __cma_alloc: reserved: alloc failed, req-size: 512 pages, ret: -12\n"
		"Linux version 6.17.0 (gcc)\n"
		"cma: Reserved 64 MiB at 0x000000003c000000 on node -1\n"
		"cma: __cma_alloc: reserved: alloc failed, req-size: 512 pages, ret: -12\n"
		"Node 0 DMA free:12288kB boost:0kB min:4096kB low:40000kB free_cma:4096kB\n";
	struct found f = read_text(text);

	(void)state;
	assert_int_equal(f.count, 3);
	assert_int_equal(f.failures[0].page_size, 16384);
	assert_int_equal(f.failures[0].area.base_pfn, 0xf000);
	assert_int_equal(f.failures[0].system_free_pages, 512);
	assert_int_equal(f.failures[0].system_min_pages, 256);
	assert_int_equal(f.failures[1].page_size, 16384);
	assert_int_equal(f.failures[1].area.base_pfn, 0xf000);
	assert_int_equal(f.failures[1].area.pages, 4096);
	/* Another boot may have another kernel. */
	assert_int_equal(f.failures[2].page_size, 0);
	assert_int_equal(f.failures[2].area.pages, 16384);
	assert_int_equal(f.failures[2].system_free_pages, 2048);
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

static void places_the_area(void **state)
{
	static const char text[] =
		"[    0.000000] Linux version 6.12.34 (gcc)\n"
		"[    0.000000] cma: Reserved 64 MiB at 0x000000002b000000 on node -1\n"
		"[    0.000000] Reserved memory: created CMA memory pool at 0x50000000, size 32 MiB\n"
		"[    0.000000] OF: reserved mem: initialized node video@50000000, compatible id x\n"
		"cma: __cma_alloc: video: alloc failed, req-size: 9 pages, ret: -12\n"
		"cma: __cma_alloc: reserved: alloc failed, req-size: 9 pages, ret: -12\n"
		"cma: number of available pages: 5@10=> 5 free of 16384 total pages\n"
		"cma: __cma_alloc: other: alloc failed, req-size: 9 pages, ret: -12\n"
		"[    0.000000] Linux version 6.17.0 (gcc)\n"
		"cma: __cma_alloc: reserved: alloc failed, req-size: 9 pages, ret: -12\n";
	struct found f = read_text(text);

	(void)state;
	assert_int_equal(f.count, 4);
	assert_int_equal(f.failures[0].area.base_pfn, 0x50000);
	assert_int_equal(f.failures[0].area.pages, 8192);
	assert_int_equal(f.failures[0].kernel, 6012);
	assert_int_equal(f.failures[1].area.base_pfn, 0x2b000);
	assert_true(f.failures[2].area.base_pfn == CMA_UNKNOWN);
	/* Another boot has other areas. */
	assert_true(f.failures[3].area.base_pfn == CMA_UNKNOWN);
	assert_int_equal(f.failures[3].kernel, 6017);
}

/* One of two areas is meant, but not said which. */
static void guesses_no_area(void **state)
{
	static const char text[] =
		"cma: Reserved 64 MiB at 0x2b000000\n"
		"cma: Reserved 32 MiB at 0x50000000\n"
		"cma: cma_alloc: alloc failed, req-size: 9 pages, ret: -12\n";
	static const char one[] =
		"cma: Reserved 64 MiB at 0x2b000000\n"
		"cma: cma_alloc: alloc failed, req-size: 9 pages, ret: -12\n";
	static const char twins[] =
		"cma: Reserved 64 MiB at 0x2b000000\n"
		"cma: Reserved 64 MiB at 0x50000000\n"
		"cma: cma_alloc: alloc failed, req-size: 9 pages, ret: -12\n"
		"cma: number of available pages: 5@10=> 5 free of 16384 total pages\n";
	static const char other[] =
		"Reserved memory: created CMA memory pool at 0x50000000, size 32 MiB\n"
		"OF: reserved mem: initialized node video@50000000, compatible id x\n"
		"cma: __cma_alloc: linux,cma: alloc failed, req-size: 9 pages, ret: -12\n";
	struct found f = read_text(text);

	(void)state;
	assert_true(f.failures[0].area.base_pfn == CMA_UNKNOWN);
	f = read_text(twins);
	assert_int_equal(f.failures[0].area.pages, 16384);
	assert_true(f.failures[0].area.base_pfn == CMA_UNKNOWN);
	f = read_text(other);
	assert_true(f.failures[0].area.base_pfn == CMA_UNKNOWN);
	f = read_text(one);
	assert_int_equal(f.failures[0].area.base_pfn, 0x2b000);
	assert_int_equal(f.failures[0].area.pages, 16384);
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

static void needs_the_name_to_place_an_area(void **state)
{
	static const char boot[] =
		"[    0.000000] Linux version %s (x@y)\n"
		"[    0.000000] cma: Reserved 16 MiB at 0x000000003c000000 on node -1\n"
		"[   10.000002] cma: cma_alloc: %s: alloc failed, req-size: %d pages, ret: -12\n%s";
	static const char list[] =
		"[   10.000003] cma: number of available pages: 5@1=> 5 free of 4096 total pages\n";
	static const struct {
		const char *kernel;
		const char *name;
		int count;
		const char *list;
		bool placed;
	} cases[] = {
		{ "6.6.31", "vpu_heap", 8, "", false },
		{ "6.6.31", "vpu_heap", 8, list, true },
		{ "6.6.31", "reserved", 8, "", true },
		/* Before 6.15 such a request says nothing at all. */
		{ "6.6.31", "reserved", 8192, "", false },
		{ "6.14.1", "reserved", 8192, "", false },
		{ "6.15.1", "reserved", 8192, "", true },
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct found f;

		snprintf(text, sizeof(text), boot, cases[i].kernel, cases[i].name, cases[i].count,
			 cases[i].list);
		f = read_text(text);
		assert_int_equal(f.count, 1);
		assert_int_equal(f.failures[0].area.base_pfn == 0x3c000, cases[i].placed);
		assert_int_equal(f.failures[0].area.pages == 4096,
				 cases[i].placed || *cases[i].list);
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

#define FAILED_FROM(caller, name) \
	caller "cma: __cma_alloc: " name ": alloc failed, req-size: 256 pages, ret: -12\n"
#define LISTED(caller, list) caller "cma: number of available pages: " list " total pages\n"
#define POOL(base, size, name) \
	"Reserved memory: created CMA memory pool at " base ", size " size " MiB\n" \
	"OF: reserved mem: initialized node " name ", compatible id x\n"

/* Two fail at one time, and both say so before they list. */
static void gives_each_failure_its_own_list(void **state)
{
	static const struct {
		const char *text;
		uint64_t free[2];	/* 0: no list */
		bool unclear[2];
	} cases[] = {
		/* By thread, in any order. */
		{ FAILED_FROM("[10.1][T501] ", "a") FAILED_FROM("[10.1][T777] ", "b")
		  LISTED("[10.1][T501] ", "30@5=> 30 free of 4096")
		  LISTED("[10.1][T777] ", "40@0=> 40 free of 8192"), { 30, 40 }, { false } },
		{ FAILED_FROM("[10.1][T501] ", "a") FAILED_FROM("[10.1][T777] ", "b")
		  LISTED("[10.1][T777] ", "40@0=> 40 free of 8192")
		  LISTED("[10.1][T501] ", "30@5=> 30 free of 4096"), { 30, 40 }, { false } },
		/* A thread that goes on to the next has listed. */
		{ FAILED_FROM("[10.1][T501] ", "a") FAILED_FROM("[10.1][T501] ", "b")
		  LISTED("[10.1][T501] ", "40@0=> 40 free of 8192"), { 0, 40 }, { false } },
		/* So has what failed before. */
		{ FAILED_FROM("[10.1] ", "a") FAILED_FROM("[12.1] ", "b")
		  LISTED("[12.1] ", "40@0=> 40 free of 8192"), { 0, 40 }, { false } },
		/* Another thread's part is none of this list. */
		{ FAILED_FROM("[10.1][T501] ", "a") FAILED_FROM("[10.1][T777] ", "b")
		  "[10.1][T501] cma: number of available pages: 10@5\n[10.1][T777] +9@90\n"
		  "[10.1][T501] +20@40=> 30 free of 4096 total pages\n", { 30, 0 }, { false } },
		/* By the size of the area. */
		{ POOL("0x50000000", "16", "a") POOL("0x60000000", "32", "b")
		  FAILED_FROM("", "a") FAILED_FROM("", "b")
		  LISTED("", "40@0=> 40 free of 8192") LISTED("", "30@5=> 30 free of 4096"),
		  { 30, 40 }, { false } },
		/* Nothing tells: both wait for no more than two. */
		{ FAILED_FROM("", "a") FAILED_FROM("", "b")
		  LISTED("", "40@0=> 40 free of 8192") LISTED("", "30@5=> 30 free of 4096")
		  FAILED_FROM("", "c") LISTED("", "7@5=> 7 free of 16384"),
		  { 0, 0 }, { true, true } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct found f = read_text(cases[i].text);

		for (size_t k = 0; k < 2 && k < f.count; k++) {
			const struct cma_failure *is = &f.failures[k];
			uint64_t free = cases[i].free[k];

			assert_int_equal(is->runs_known, free ? CMA_RUNS_ALL : CMA_RUNS_NONE);
			if (free)
				assert_int_equal(is->free_pages, free);
			assert_int_equal(is->list_unclear, cases[i].unclear[k]);
		}
		assert_int_equal(f.count, 2 + (i == COUNT(cases) - 1));
		if (f.count == 3)
			assert_int_equal(f.failures[2].free_pages, 7);
	}
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
		cmocka_unit_test(knows_a_list_that_is_cut),
		cmocka_unit_test(finds_order_per_bit),
		cmocka_unit_test(knows_when_order_per_bit_is_a_guess),
		cmocka_unit_test(learns_the_page_size),
		cmocka_unit_test(keeps_ranges_apart),
		cmocka_unit_test(sees_what_was_suppressed),
		cmocka_unit_test(places_the_area),
		cmocka_unit_test(guesses_no_area),
		cmocka_unit_test(reads_the_memory_status),
		cmocka_unit_test(ignores_busy_pages_of_others),
		cmocka_unit_test(takes_what_was_asked_from_debug_messages),
		cmocka_unit_test(names_can_be_shown),
		cmocka_unit_test(needs_the_name_to_place_an_area),
		cmocka_unit_test(ignores_memory_of_another_time),
		cmocka_unit_test(numbers_lines_behind_a_long_one),
		cmocka_unit_test(gives_each_failure_its_own_list),
		cmocka_unit_test(counts_lines_it_does_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
