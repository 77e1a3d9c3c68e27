// SPDX-License-Identifier: MIT
/* The reader of kernel logs: which area a failure is about, and which list of its free runs. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "tests/cma_log_found.h"

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

/* "cma" is the prefix of each message, and what some boards call their area. */
static void reads_the_name(void **state)
{
	static const struct {
		const char *head;
		const char *name;
	} cases[] = {
		{ "", "" },
		{ "cma: ", "" },
		{ "cma: cma_alloc: ", "" },
		{ "cma: __cma_alloc: reserved: ", "reserved" },
		{ "cma: cma_alloc: cma: ", "cma" },
		{ "E cma : __cma_alloc: cma: ", "cma" },
		{ "tzasc2: ", "tzasc2" },
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct found f;

		snprintf(text, sizeof(text), "%salloc failed, req-size: 512 pages, ret: -12\n",
			 cases[i].head);
		f = read_text(text);
		assert_int_equal(f.count, 1);
		assert_string_equal(f.failures[0].area.name, cases[i].name);
	}
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

/* The message of who listed it may be dropped: by its size it can be another area's. */
static void takes_no_list_of_another_area(void **state)
{
	static const char areas[] =
		"[    0.0] Linux version 6.12.0 (gcc)\n"
		"[    0.0] Reserved memory: created CMA memory pool at 0x58000000, size 16 MiB\n"
		"[    0.0] OF: reserved mem: initialized node vpu, compatible id shared-dma-pool\n"
		"[    0.0] cma: Reserved 64 MiB at 0x40000000\n"
		"[   10.1] cma: __cma_alloc: vpu: alloc failed, req-size: 300 pages, ret: -12\n"
		"[ 10.2] cma: number of available pages: 299@10=> 299 free of 16384 total pages\n";
	char text[1024];
	struct found f = read_text(areas);

	(void)state;
	assert_int_equal(f.count, 1);
	assert_int_equal(f.failures[0].area.pages, 4096);
	assert_int_equal(f.failures[0].runs_known, CMA_RUNS_NONE);
	snprintf(text, sizeof(text), "%s%s", areas,
		 "[ 10.2] cma: number of available pages: 600@10=> 600 free of 4096 total pages\n");
	f = read_text(text);
	assert_int_equal(f.failures[0].free_pages, 600);
}

/* Rate limiting drops messages, not lists: the first may be of a request that has no message. */
static void says_when_two_lists_came(void **state)
{
	static const struct {
		const char *text;
		bool rival;
	} cases[] = {
		{ "[    5.0] cma: __cma_alloc: a: alloc failed, req-size: 9 pages, ret: -12\n"
		  "[    5.0] cma: number of available pages: 5@10=> 5 free of 64 total pages\n"
		  "[    5.1] cma: number of available pages: 6@10=> 6 free of 64 total pages\n",
		  true },
		{ "[    5.0] cma: __cma_alloc: a: alloc failed, req-size: 9 pages, ret: -12\n"
		  "[    5.0] cma: number of available pages: 5@10=> 5 free of 64 total pages\n"
		  "[    9.1] cma: number of available pages: 6@10=> 6 free of 64 total pages\n",
		  false },
		{ "[    5.0][T7] cma: __cma_alloc: a: alloc failed, req-size: 9 pages, ret: -12\n"
		  "[    5.0][T7] cma: number of available pages: 5@10=> 5 free of 64 total pages\n"
		  "[    5.0][T8] cma: number of available pages: 6@10=> 6 free of 64 total pages\n",
		  false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct found f = read_text(cases[i].text);

		assert_int_equal(f.count, 2);
		assert_int_equal(f.failures[0].free_pages, 5);
		assert_int_equal(f.failures[0].list_rival, cases[i].rival);
	}
}

/* It failed, whatever its size is. */
static void reads_a_size_that_is_no_number(void **state)
{
	static const char text[] =
		"cma: cma_alloc: alloc failed, req-size: 99999999999999999999999 pages, ret: -12\n";
	struct found f = read_text(text);

	(void)state;
	assert_int_equal(f.count, 1);
	assert_true(f.failures[0].count == CMA_UNKNOWN);
	assert_int_equal(f.failures[0].error, -12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_the_area),
		cmocka_unit_test(reads_the_name),
		cmocka_unit_test(guesses_no_area),
		cmocka_unit_test(needs_the_name_to_place_an_area),
		cmocka_unit_test(learns_the_page_size),
		cmocka_unit_test(finds_order_per_bit),
		cmocka_unit_test(knows_when_order_per_bit_is_a_guess),
		cmocka_unit_test(gives_each_failure_its_own_list),
		cmocka_unit_test(takes_no_list_of_another_area),
		cmocka_unit_test(says_when_two_lists_came),
		cmocka_unit_test(reads_a_size_that_is_no_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
