// SPDX-License-Identifier: MIT
/* What a kernel counted as failed, against what was told out of its log. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmascope/why.h"
#include "tests/fake_machine.h"
#include "tests/harness.h"

#define FAIL_FILE	"/sys/kernel/mm/cma/%s/alloc_pages_fail"

/** struct unseen - what was told of a machine; unseen_end() frees it */
struct unseen {
	bool counted;
	char *text;
	struct json_object *list;
};

static int setup(void **state)
{
	*state = fake_machine_create();
	return 0;
}

static int teardown(void **state)
{
	fake_machine_destroy(*state);
	return 0;
}

static void count_failed(const char *root, const char *area, uint64_t pages)
{
	char path[128];

	snprintf(path, sizeof(path), FAIL_FILE, area);
	fake_number(root, path, pages);
}

/* Two failures of 300 pages of "reserved" were told, and one of unknown size. */
static struct unseen tell(const char *root, const char *area, uint64_t other_kinds)
{
	struct why_options options = { .area = area };
	struct why_report *report = calloc(1, sizeof(*report));
	struct unseen told;
	size_t size;

	assert_non_null(report);
	report->options = &options;
	report->unseen_list = json_object_new_array();
	report->other_kinds = other_kinds;
	report->group_count = 2;
	report->groups[0] = (struct why_group){ .area = "reserved", .count = 300, .again = 1 };
	report->groups[1] = (struct why_group){ .area = "reserved", .count = CMA_UNKNOWN };
	report->out = open_memstream(&told.text, &size);
	assert_non_null(report->out);
	told.counted = why_tell_unseen(report, root);
	fclose(report->out);
	told.list = report->unseen_list;
	free(report);
	return told;
}

static void unseen_end(struct unseen *told)
{
	json_object_put(told->list);
	free(told->text);
}

static void all_that_failed_was_told(void **state)
{
	struct unseen told;

	count_failed(*state, "reserved", 600);
	count_failed(*state, "vpu", 0);
	told = tell(*state, NULL, 0);
	assert_true(told.counted);
	assert_string_equal(told.text, "");
	assert_int_equal(json_object_array_length(told.list), 0);
	unseen_end(&told);
}

static void more_failed_than_was_told(void **state)
{
	struct json_object *o;
	struct unseen told;

	count_failed(*state, "reserved", 1000);
	count_failed(*state, "vpu", 64);
	told = tell(*state, NULL, 0);
	assert_non_null(strstr(told.text, "Area reserved: requests for 1000 pages"));
	assert_non_null(strstr(told.text, "600 of these"));
	assert_non_null(strstr(told.text, "Area vpu: requests for 64 pages"));
	assert_int_equal(json_object_array_length(told.list), 2);
	o = json_object_array_get_idx(told.list, 0);
	assert_string_equal(json_object_get_string(json_object_object_get(o, "area")), "reserved");
	assert_int_equal(json_object_get_int(json_object_object_get(o, "failed_pages")), 1000);
	assert_int_equal(json_object_get_int(json_object_object_get(o, "told_pages")), 600);
	unseen_end(&told);

	told = tell(*state, "vpu", 0);
	assert_int_equal(json_object_array_length(told.list), 1);
	unseen_end(&told);
}

static void what_was_not_kept_is_not_compared(void **state)
{
	struct unseen told = tell(*state, NULL, 0);

	assert_false(told.counted);
	unseen_end(&told);
	count_failed(*state, "reserved", 1000);
	told = tell(*state, NULL, 1);
	assert_false(told.counted);
	assert_string_equal(told.text, "");
	unseen_end(&told);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_that_failed_was_told),
		TEST(more_failed_than_was_told),
		TEST(what_was_not_kept_is_not_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
