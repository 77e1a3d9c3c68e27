// SPDX-License-Identifier: MIT
/* The table of cmascope top: it fits any terminal, and shows what matters most. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmascope/top_text.h"
#include "tests/harness.h"

#define THREADS	30
#define BASE	0x40000

struct machine {
	struct cma_trace_info info;
	struct top_view view;
	char *text;
};

static void add_area(struct machine *m, const char *name, uint64_t base, uint64_t pages)
{
	struct cma_trace_area *area = &m->info.areas[m->info.area_count++];
	struct cma_area place = { .base_pfn = base, .pages = pages };

	snprintf(place.name, sizeof(place.name), "%s", name);
	area->map.area = place;
	area->known = pages;
	area->start_known = pages;
	if (pages)
		assert_int_equal(cma_bitmap_init(&area->map, &place), 0);
}

/* An allocation of a thread, which took so long. */
static void allocate(struct machine *m, int pid, uint64_t ns, uint64_t count, int error)
{
	struct cma_event e = { .ns = 1000000ULL * (uint64_t)pid, .type = CMA_EVENT_START,
			       .pid = pid, .pfn = CMA_NOWHERE, .count = count };

	snprintf(e.comm, sizeof(e.comm), "a-long-name-%02d", pid % 100);
	cma_account_add(m->view.account, &m->info, &e);
	e.ns += ns;
	e.type = CMA_EVENT_FINISH;
	e.error = error;
	e.pfn = error ? CMA_NOWHERE : BASE;
	cma_account_add(m->view.account, &m->info, &e);
}

static int setup(void **state)
{
	struct machine *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->info.page_size = 65536;
	m->view.info = &m->info;
	m->view.seconds = 2;
	m->view.account = cma_account_create();
	assert_non_null(m->view.account);
	*state = m;
	return 0;
}

static int teardown(void **state)
{
	struct machine *m = *state;

	for (unsigned int i = 0; i < m->info.area_count; i++)
		cma_bitmap_end(&m->info.areas[i].map);
	cma_account_destroy(m->view.account);
	free(m->text);
	free(m);
	return 0;
}

/* Return: the number of lines; none is wider than the terminal. */
static size_t show(struct machine *m, unsigned int width, size_t lines)
{
	size_t size, count = 0;
	FILE *out;

	free(m->text);
	out = open_memstream(&m->text, &size);
	assert_non_null(out);
	top_text(&m->view, width, lines, out);
	fclose(out);
	for (const char *at = m->text; *at; at += strcspn(at, "\n") + 1) {
		/* The first line, and the areas' use, are cut by the terminal. */
		if (count > 1 && strcspn(at, "\n") > width)
			fail_msg("wider than %u: %s", width, at);
		count++;
	}
	return count;
}

static bool shows(const struct machine *m, const char *text)
{
	return strstr(m->text, text);
}

static void fill(struct machine *m)
{
	add_area(m, "reserved", BASE, 1024);
	for (int i = 0; i < THREADS; i++)
		for (int n = 0; n <= i; n++)
			allocate(m, 1000000 + i, 123456789, 1, n ? 0 : -12);
}

static void fits_the_width(void **state)
{
	static const unsigned int widths[] = { 10, 16, 40, 80, 96, 120, 300 };
	struct machine *m = *state;

	fill(m);
	for (size_t i = 0; i < COUNT(widths); i++)
		show(m, widths[i], 1000);
	show(m, 120, 1000);
	assert_true(shows(m, "p90") && shows(m, "moved"));
	show(m, 80, 1000);
	assert_true(shows(m, "alloc/s  allocs failed  busy  moved      p50      p99      max"));
	show(m, 40, 1000);
	assert_true(shows(m, "alloc/s failed      p99\n"));
	assert_true(shows(m, " 123 ms\n"));
	assert_true(shows(m, ":1000029 "));
}

static void fits_the_height(void **state)
{
	struct machine *m = *state;

	fill(m);
	for (size_t lines = 0; lines < 20; lines++)
		assert_int_equal(show(m, 80, lines), lines);
	show(m, 80, 11);
	assert_true(shows(m, "a-long-na:1000029"));
	assert_true(shows(m, "and 27 more\n"));
	show(m, 80, 1000);
	assert_false(shows(m, "more"));
}

static void counts_in_the_machines_pages(void **state)
{
	struct machine *m = *state;

	fill(m);
	show(m, 80, 1000);
	/* 435 of 1024 pages of 64 kB. */
	assert_true(shows(m, "reserved: 27.2 of 64.0 MiB used"));
}

static void ranges_are_their_area(void **state)
{
	struct machine *m = *state;

	add_area(m, "huge", 0, 0);
	add_area(m, "huge/0", BASE, 1024);
	add_area(m, "huge/1", 2 * BASE, 512);
	allocate(m, 7, 1000, 16, 0);
	show(m, 80, 1000);
	assert_true(shows(m, "huge: 1.0 of 96.0 MiB used"));
	assert_false(shows(m, "huge/"));
}

static void shortens_large_counts(void **state)
{
	struct machine *m = *state;

	add_area(m, "reserved", BASE, 1024);
	m->view.account->areas[0].allocations = 123456789;
	m->view.account->areas[0].migrated = 9999999;
	show(m, 80, 1000);
	assert_true(shows(m, " 123456k "));
	assert_true(shows(m, " 9999k "));
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fits_the_width),
		TEST(fits_the_height),
		TEST(counts_in_the_machines_pages),
		TEST(ranges_are_their_area),
		TEST(shortens_large_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
