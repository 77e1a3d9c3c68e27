// SPDX-License-Identifier: MIT
/* What vdc-probe claims of a failure, from the bitmap after it and from events during it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/explain.h"
#include "tests/fake_machine.h"
#include "tests/harness.h"

#define CMA	"/sys/kernel/debug/cma/reserved"
#define ME	42
#define OTHER	43
#define BASE	0x1000

/**
 * struct machine - a failure being put together
 * @root: its files
 * @trace: the events
 * @area: that the events name
 */
struct machine {
	char *root;
	struct explain_trace trace;
	const char *area;
};

static int setup(void **state)
{
	static struct machine m;

	m.root = fake_machine_create();
	m.area = "";
	fake_file(m.root, "/proc/meminfo",
		  "MemTotal:         999000 kB\nMemFree:          500000 kB\n"
		  "CmaTotal:            512 kB\nCmaFree:             100 kB\n");
	fake_file(m.root, "/proc/zoneinfo", "Node 0, zone DMA\n        min      11\n");
	fake_number(m.root, CMA "/base_pfn", BASE);
	fake_number(m.root, CMA "/count", 128);
	fake_number(m.root, CMA "/order_per_bit", 0);
	explain_trace_begin(&m.trace, ME, 1000);
	*state = &m;
	return 0;
}

static int teardown(void **state)
{
	fake_machine_destroy(((struct machine *)*state)->root);
	return 0;
}

/* The area has four words of 32 pages. */
static void set_bits(struct machine *m, const char *words)
{
	fake_file(m->root, CMA "/bitmap", words);
}

static void event(struct machine *m, enum cma_event_type type, int pid, uint64_t pfn,
		  uint64_t count, int error)
{
	struct cma_event e = { .ns = 2000, .type = type, .pid = pid, .pfn = pfn, .count = count,
			       .error = error };

	m->trace.listened = true;
	explain_trace_add(&m->trace, &e);
}

/* A request of @pages that the kernel refused with @error. */
static void refuse(struct machine *m, uint64_t pages, int error)
{
	event(m, CMA_EVENT_START, ME, CMA_NOWHERE, pages, 0);
	event(m, CMA_EVENT_FINISH, ME, CMA_NOWHERE, pages, error);
	m->area = "reserved";
}

static enum cma_cause judge(struct machine *m, uint64_t pages, struct json_object *record)
{
	enum cma_cause cause = CMA_CAUSES;
	struct cma_snapshot snapshot;

	assert_int_equal(cma_snapshot_take(m->root, 0, &snapshot), 0);
	assert_int_equal(explain_judge(&(struct explain_failed){
			 .trace = &m->trace, .area = m->area, .snapshot = &snapshot,
			 .pages = pages, .kernel = 6012 }, record, &cause), 0);
	cma_snapshot_end(&snapshot);
	return cause;
}

static int64_t number(struct json_object *record, const char *name)
{
	struct json_object *o = json_object_object_get(record, name);

	assert_non_null(o);
	return json_object_get_int64(o);
}

static size_t missing(struct json_object *record)
{
	return json_object_array_length(json_object_object_get(record, "missing"));
}

static void full_without_a_trace(void **state)
{
	struct json_object *record = json_object_new_object();

	set_bits(*state, "4294967295 4294967295 4294967295 4294901760\n");
	assert_int_equal(judge(*state, 32, record), CMA_CAUSE_FULL);
	assert_int_equal(number(record, "free_pages"), 16);
	assert_int_equal(number(record, "max_run"), 16);
	assert_int_equal(number(record, "error"), 0);
	assert_null(json_object_object_get(record, "retries"));
	/* It says that nobody watched. */
	assert_int_not_equal(missing(record), 0);
	json_object_put(record);
}

static void room_afterwards_proves_nothing(void **state)
{
	struct json_object *record = json_object_new_object();

	set_bits(*state, "4294967295 0 0 4294967295\n");
	assert_int_equal(judge(*state, 32, record), CMA_CAUSE_UNKNOWN);
	/* What is there now is told nevertheless. */
	assert_int_equal(number(record, "max_run"), 64);
	json_object_put(record);
}

static void fragmented_for_certain(void **state)
{
	struct json_object *record = json_object_new_object();

	set_bits(*state, "4294901760 4294901760 4294901760 4294901760\n");
	refuse(*state, 32, -ENOMEM);
	assert_int_equal(judge(*state, 32, record), CMA_CAUSE_FRAGMENTED);
	assert_int_equal(number(record, "error"), -ENOMEM);
	assert_int_equal(number(record, "retries"), 0);
	assert_int_equal(missing(record), 0);
	json_object_put(record);
}

static void busy_pages_are_named(void **state)
{
	struct json_object *record = json_object_new_object();
	const char *text;

	set_bits(*state, "4294967295 0 0 4294967295\n");
	event(*state, CMA_EVENT_START, ME, CMA_NOWHERE, 32, 0);
	event(*state, CMA_EVENT_BUSY_RETRY, ME, BASE + 32, 32, 0);
	event(*state, CMA_EVENT_BUSY_RETRY, ME, BASE + 64, 32, 0);
	event(*state, CMA_EVENT_FINISH, ME, CMA_NOWHERE, 32, -EBUSY);
	((struct machine *)*state)->area = "reserved";
	assert_int_equal(judge(*state, 32, record), CMA_CAUSE_BUSY);
	assert_int_equal(number(record, "error"), -EBUSY);
	assert_int_equal(number(record, "retries"), 2);
	text = json_object_to_json_string(json_object_object_get(record, "evidence"));
	assert_non_null(strstr(text, "0x1040"));
	json_object_put(record);
}

/* What somebody got between the failure and the look was free before. */
static void what_others_got_meanwhile_counts_as_free(void **state)
{
	struct json_object *record = json_object_new_object();

	set_bits(*state, "4294967295 4294967295 4294967295 4294901760\n");
	refuse(*state, 32, -ENOMEM);
	event(*state, CMA_EVENT_START, OTHER, CMA_NOWHERE, 32, 0);
	event(*state, CMA_EVENT_FINISH, OTHER, BASE, 32, 0);
	assert_int_equal(judge(*state, 32, record), CMA_CAUSE_UNKNOWN);
	assert_int_not_equal(missing(record), 0);
	json_object_put(record);
}

static void make_memory_short(struct machine *m)
{
	fake_file(m->root, "/proc/meminfo",
		  "MemTotal:         999000 kB\nMemFree:             200 kB\n"
		  "CmaTotal:            512 kB\nCmaFree:             100 kB\n");
}

/* There was a place, nothing in it was busy, and there is nowhere to move pages to. */
static void short_memory_for_certain(void **state)
{
	set_bits(*state, "4294967295 0 4294967295 4294967295\n");
	refuse(*state, 32, -ENOMEM);
	/* Where there is enough of it, that was not why. */
	assert_int_equal(judge(*state, 32, NULL), CMA_CAUSE_UNKNOWN);
	make_memory_short(*state);
	assert_int_equal(judge(*state, 32, NULL), CMA_CAUSE_LOW_MEMORY);
}

/* It could be the same, but the place may be of later. */
static void what_others_released_meanwhile_proves_nothing(void **state)
{
	make_memory_short(*state);
	set_bits(*state, "4294967295 0 4294967295 4294967295\n");
	refuse(*state, 32, -ENOMEM);
	event(*state, CMA_EVENT_RELEASE, OTHER, BASE + 32, 32, 0);
	assert_int_equal(judge(*state, 32, NULL), CMA_CAUSE_UNKNOWN);
}

static void others_before_do_not_count(void **state)
{
	struct machine *m = *state;
	struct cma_event early = { .ns = 999, .type = CMA_EVENT_START, .pid = ME, .count = 7 };

	explain_trace_add(&m->trace, &early);
	assert_false(m->trace.seen);
	event(m, CMA_EVENT_FINISH, OTHER, BASE, 32, 0);
	assert_int_equal(m->trace.others, 0);
	refuse(m, 32, -ENOMEM);
	/* The next request of this thread is not this one. */
	event(m, CMA_EVENT_START, ME, CMA_NOWHERE, 1, 0);
	assert_int_equal(m->trace.request.count, 32);
	assert_int_equal(m->trace.request.error, -ENOMEM);
}

static void too_large_never_finishes(void **state)
{
	set_bits(*state, "0 0 0 0\n");
	event(*state, CMA_EVENT_START, ME, CMA_NOWHERE, 129, 0);
	((struct machine *)*state)->area = "reserved";
	assert_int_equal(judge(*state, 129, NULL), CMA_CAUSE_TOO_LARGE);
}

static void nobody_asked_cma(void **state)
{
	struct json_object *record = json_object_new_object();

	set_bits(*state, "0 0 0 0\n");
	((struct machine *)*state)->trace.listened = true;
	assert_int_equal(judge(*state, 32, record), CMA_CAUSE_UNKNOWN);
	assert_int_not_equal(missing(record), 0);
	json_object_put(record);
}

static void more_others_than_are_remembered(void **state)
{
	set_bits(*state, "4294967295 4294967295 4294967295 4294967295\n");
	refuse(*state, 32, -ENOMEM);
	for (unsigned int i = 0; i < 3 * EXPLAIN_GOT_MAX; i++)
		event(*state, CMA_EVENT_FINISH, OTHER, BASE + i, 1, 0);
	/* 48 single pages may have been free, of which 16 are known: nothing can be told. */
	assert_int_equal(judge(*state, 32, NULL), CMA_CAUSE_UNKNOWN);
}

static void no_bitmap(void **state)
{
	struct json_object *record = json_object_new_object();

	set_bits(*state, "broken\n");
	assert_int_equal(judge(*state, 32, record), CMA_CAUSE_UNKNOWN);
	assert_null(json_object_object_get(record, "free_pages"));
	json_object_put(record);
}

#define WITH_MACHINE(test)	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_MACHINE(full_without_a_trace),
		WITH_MACHINE(room_afterwards_proves_nothing),
		WITH_MACHINE(fragmented_for_certain),
		WITH_MACHINE(busy_pages_are_named),
		WITH_MACHINE(what_others_got_meanwhile_counts_as_free),
		WITH_MACHINE(short_memory_for_certain),
		WITH_MACHINE(what_others_released_meanwhile_proves_nothing),
		WITH_MACHINE(others_before_do_not_count),
		WITH_MACHINE(too_large_never_finishes),
		WITH_MACHINE(nobody_asked_cma),
		WITH_MACHINE(more_others_than_are_remembered),
		WITH_MACHINE(no_bitmap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
