// SPDX-License-Identifier: MIT
/* Memory that was freed a moment ago: used again, all zeros, given back in time. */
#include <errno.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_buffer.h"
#include "vdc_param.h"

IGT_TEST_DESCRIPTION("The driver's pool of freed buffers");

#define MAX_BUFFERS	256
#define SIZE_720P	(1280UL * 720 * 4)
#define MIB		(1024UL * 1024)
#define ROUNDS		120
#define LONG_MS		"600000"	/* longer than any test */
#define EXPIRE_S	20		/* a busy machine's worst case; it is not judged */
#define NUM_SIZES	(sizeof(sizes) / sizeof(*sizes))

static const uint64_t sizes[] = {
	1, BUFFER_PAGE, 2 * BUFFER_PAGE, 33 * BUFFER_PAGE, MIB, BUFFER_1080P,
};

static struct kms_device dev;
static struct buffer list[MAX_BUFFERS], more[MAX_BUFFERS];

/* The pool empty, and as large and patient as a subtest wants it. */
static void pool_begin(const char *mb, const char *ms)
{
	param_set("pool_mb", mb);
	param_set("pool_ms", ms);
	buffer_settle(&dev);
	buffer_reclaim();
	igt_assert_eq_u64(buffer_counter(&dev, "pool_bytes"), 0);
}

static void dirty_and_free(uint64_t size)
{
	struct buffer b;

	buffer_create(dev.fd, &b, size);
	buffer_fill(&b, size);
	buffer_destroy(&b);
}

static void test_zeros(void)
{
	struct buffer b;
	unsigned int i, wait;

	for (i = 0; i < NUM_SIZES; i++) {
		for (wait = 0; wait < 2; wait++) {
			dirty_and_free(sizes[i]);
			if (wait)
				buffer_settle(&dev);
			buffer_create(dev.fd, &b, sizes[i]);
			buffer_check_zero(&b);
			buffer_destroy(&b);
		}
	}
}

/* Two clients take each other's memory. */
static void test_zeros_mixed(void)
{
	struct kms_device other;
	uint32_t state = 7;
	unsigned int i;
	struct buffer *b;

	igt_assert(kms_try_open(&other, 0));
	for (i = 0; i < ROUNDS; i++) {
		state = state * 1664525 + 1013904223;	/* Numerical Recipes, 2nd ed., p. 284 */
		b = &list[(state >> 16) % 8];
		buffer_destroy(b);
		buffer_create(state >> 31 ? other.fd : dev.fd, b, sizes[(state >> 8) % NUM_SIZES]);
		buffer_check_zero(b);
		buffer_fill(b, i);
	}
	buffer_destroy_all(list, 8);
	kms_close(&other);
}

static void test_reuse(void)
{
	uint64_t reused, fresh, addr;
	struct buffer b;

	buffer_create(dev.fd, &b, BUFFER_1080P);
	buffer_fill(&b, 1);
	addr = buffer_info(&b).dma_addr;
	buffer_destroy(&b);
	buffer_settle(&dev);
	igt_assert_eq_u64(buffer_counter(&dev, "pool_bytes"), BUFFER_1080P);
	reused = buffer_counter(&dev, "reused");
	fresh = buffer_counter(&dev, "fresh");

	/* Of another size it is not. */
	buffer_create(dev.fd, &b, BUFFER_1080P - BUFFER_PAGE);
	igt_assert_eq_u64(buffer_counter(&dev, "reused"), reused);
	igt_assert_eq_u64(buffer_counter(&dev, "fresh"), fresh + 1);
	igt_assert_eq_u64(buffer_counter(&dev, "pool_bytes"), BUFFER_1080P);
	buffer_destroy(&b);
	buffer_settle(&dev);

	buffer_create(dev.fd, &b, BUFFER_1080P);
	igt_assert_eq_u64(buffer_counter(&dev, "reused"), reused + 1);
	igt_assert_eq_u64(buffer_counter(&dev, "fresh"), fresh + 1);
	igt_assert_eq_u64(buffer_info(&b).dma_addr, addr);
	buffer_check_zero(&b);
	buffer_destroy(&b);
}

static void free_screens(unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		buffer_create(dev.fd, &list[i], BUFFER_1080P);
	buffer_destroy_all(list, count);
}

static void test_bounded(void)
{
	uint64_t used;

	free_screens(6);
	igt_assert_lte_s64(buffer_counter(&dev, "pool_bytes"), 20 * MIB);
	buffer_settle(&dev);
	igt_assert_eq_u64(buffer_counter(&dev, "pool_bytes"), 2 * BUFFER_1080P);

	pool_begin("0", LONG_MS);
	used = buffer_area_used();
	free_screens(6);
	igt_assert_eq_u64(buffer_counter(&dev, "pool_bytes"), 0);
	igt_assert_eq_u64(buffer_area_used(), used);
}

static void test_expires(void)
{
	uint64_t used = buffer_area_used();
	unsigned int tenths;

	free_screens(3);
	for (tenths = 0; tenths < EXPIRE_S * 10; tenths++) {
		if (buffer_area_used() == used)
			break;
		usleep(100000);
	}
	igt_assert_eq_u64(buffer_area_used(), used);
	igt_assert_eq_u64(buffer_counter(&dev, "pool_bytes"), 0);
}

/* A pool full of one size takes no place from another. */
static void test_before_enomem(void)
{
	unsigned int count, without, with;
	uint64_t reclaimed, used;

	pool_begin("0", LONG_MS);
	used = buffer_area_used();
	without = buffer_exhaust(dev.fd, list, MAX_BUFFERS, BUFFER_1080P);
	buffer_destroy_all(list, without);

	pool_begin("4096", LONG_MS);
	count = buffer_exhaust(dev.fd, list, MAX_BUFFERS, SIZE_720P);
	buffer_destroy_all(list, count);
	igt_assert_lte_s64(used + count * (SIZE_720P / BUFFER_PAGE), buffer_area_used());
	reclaimed = buffer_counter(&dev, "reclaimed");
	with = buffer_exhaust(dev.fd, list, MAX_BUFFERS, BUFFER_1080P);
	igt_info("%u buffers, %u with %u smaller ones in the pool\n", without, with, count);
	igt_assert_eq(with, without);
	igt_assert_lt_s64(reclaimed, buffer_counter(&dev, "reclaimed"));
	buffer_destroy_all(list, with);
	buffer_settle(&dev);
	buffer_reclaim();
	igt_assert_eq_u64(buffer_area_used(), used);
}

static void test_shrinker(void)
{
	uint64_t used = buffer_area_used();

	free_screens(8);
	buffer_settle(&dev);
	igt_assert_eq_u64(buffer_counter(&dev, "pool_bytes"), 8 * BUFFER_1080P);
	buffer_reclaim();
	igt_assert_eq_u64(buffer_counter(&dev, "pool_bytes"), 0);
	igt_assert_eq_u64(buffer_area_used(), used);
}

/* Memory of all sizes goes round among clients that fill, check and free at the same time. */
static void test_churn(void)
{
	igt_fork(child, 3) {
		struct kms_device mine;
		uint32_t state = child;
		unsigned int i;

		igt_assert(kms_try_open(&mine, 0));
		memset(more, 0, sizeof(more));
		for (i = 0; i < ROUNDS; i++) {
			struct buffer *b;

			state = state * 1664525 + 1013904223;
			b = &more[(state >> 16) % 4];
			buffer_destroy(b);
			if (buffer_try_create(mine.fd, b, sizes[(state >> 8) % NUM_SIZES])) {
				memset(b, 0, sizeof(*b));
				continue;
			}
			igt_assert_eq(buffer_try_map(b), 0);
			buffer_check_zero(b);
			buffer_fill(b, i);
			if (i % 16 == 15)
				buffer_reclaim();
		}
		/* Its end frees what is left. */
	}
	igt_waitchildren();
}

igt_main
{
	static uint64_t used;

	igt_fixture {
		kms_open(&dev, 0);
		igt_require_f(access("/sys/module/vdc/parameters/pool_mb", W_OK) == 0,
			      "a driver with a pool\n");
		kms_all_off(&dev);
		pool_begin("64", LONG_MS);
		used = buffer_area_used();
	}

	igt_describe("Fresh buffers are all zeros, at once and after the pool had time to clear.");
	igt_subtest("zeros")
		test_zeros();

	igt_describe("Nothing of one client is seen by another that gets its memory.");
	igt_subtest("zeros-mixed-clients")
		test_zeros_mixed();

	igt_describe("Freed memory is used again for the same size, and for no other.");
	igt_subtest("reuse") {
		pool_begin("64", LONG_MS);
		test_reuse();
	}

	igt_describe("The pool holds no more than pool_mb.");
	igt_subtest("bounded") {
		pool_begin("20", LONG_MS);
		test_bounded();
	}

	igt_describe("What nobody wants goes after pool_ms.");
	igt_subtest("expires") {
		pool_begin("64", "300");
		test_expires();
	}

	igt_describe("A pool full of another size costs not one buffer before ENOMEM.");
	igt_subtest("emptied-before-enomem")
		test_before_enomem();

	igt_describe("The kernel's shrinker takes all of the pool.");
	igt_subtest("shrinker") {
		pool_begin("128", LONG_MS);
		test_shrinker();
	}

	igt_describe("Clients that create, check, fill and free at the same time, and a shrinker.");
	igt_subtest("churn") {
		pool_begin("64", LONG_MS);
		test_churn();
	}

	igt_describe("With the pool empty the area's used pages are what they were at the start.");
	igt_subtest("returned") {
		buffer_settle(&dev);
		buffer_reclaim();
		igt_assert_eq_u64(buffer_area_used(), used);
	}

	igt_fixture
		kms_close(&dev);
}
