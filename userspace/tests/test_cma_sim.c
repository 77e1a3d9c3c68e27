// SPDX-License-Identifier: MIT
/* The simulated area: against a model of one byte a page, and each policy by its places. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cma/sim.h"
#include "tests/harness.h"

#define PAGES	600

static struct cma_bitmap make(uint64_t base_pfn, uint64_t pages, unsigned int order)
{
	struct cma_area area = { "test", base_pfn, pages, order };
	struct cma_bitmap map;

	assert_int_equal(cma_bitmap_init(&map, &area), 0);
	return map;
}

static struct cma_sim *create(uint64_t base_pfn, uint64_t pages, enum cma_policy policy)
{
	struct cma_bitmap map = make(base_pfn, pages, 0);
	struct cma_sim *sim = cma_sim_create(&map, policy);

	assert_non_null(sim);
	cma_bitmap_end(&map);
	return sim;
}

static uint64_t place(struct cma_sim *sim, uint64_t count, unsigned int align)
{
	uint64_t pfn;

	assert_int_equal(cma_sim_alloc(sim, count, align, &pfn, NULL), 0);
	return pfn;
}

/**
 * struct model - pages one by one: what a page is used for
 * @base: frame of page 0
 * @page: 'f'ree, 't'aken
 * @pinned: cannot migrate
 * @movable: must migrate
 * @outside: room for movable pages
 */
struct model {
	uint64_t base;
	char page[PAGES];
	unsigned char pinned[PAGES];
	unsigned char movable[PAGES];
	uint64_t outside;
};

static bool model_fits(const struct model *m, uint64_t at, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		if (m->page[at + i] != 'f')
			return false;
	return true;
}

/* First fit as mm/cma.c does it: a busy place moves the search one alignment step. */
static int model_alloc(struct model *m, uint64_t count, uint64_t align, uint64_t *pfn)
{
	uint64_t step = 1ULL << align, at = 0;
	int error = -ENOMEM;

	if (!count || count > PAGES)
		return -EINVAL;
	while (at + count <= PAGES) {
		uint64_t pinned = 0, movable = 0;

		if ((m->base + at) % step || !model_fits(m, at, count)) {
			at++;
			continue;
		}
		for (uint64_t i = 0; i < count; i++) {
			pinned += m->pinned[at + i];
			movable += m->movable[at + i];
		}
		if (!pinned && movable > m->outside)
			return -ENOMEM;
		if (!pinned) {
			memset(m->page + at, 't', count);
			*pfn = m->base + at;
			return 0;
		}
		error = -EBUSY;
		at += step;
	}
	return error;
}

static void randomize_busy(struct model *m, struct cma_bitmap *pinned, struct cma_bitmap *movable)
{
	cma_bitmap_write(pinned, 0, PAGES, false);
	cma_bitmap_write(movable, 0, PAGES, false);
	for (uint64_t i = 0; i < PAGES; i++) {
		m->pinned[i] = rand() % 40 == 0;
		m->movable[i] = rand() % 3 == 0;
		cma_bitmap_write(pinned, i, 1, m->pinned[i]);
		cma_bitmap_write(movable, i, 1, m->movable[i]);
	}
}

struct held {
	uint64_t pfn;
	uint64_t count;
};

/* One of all, which is no longer among them. */
static struct held take(struct held *all, size_t *n)
{
	size_t k = (size_t)rand() % *n;
	struct held one = all[k];

	all[k] = all[--*n];
	return one;
}

static void does_what_a_model_by_pages_does(void **state)
{
	struct held held[PAGES];
	unsigned int seen[200] = { 0 };

	(void)state;
	srand(1);
	for (int round = 0; round < 40; round++) {
		struct model m = { .base = (uint64_t)(rand() % 256), .outside = 12 };
		struct cma_sim *sim = create(m.base, PAGES, CMA_POLICY_FIRST_FIT);
		struct cma_bitmap pinned = make(m.base, PAGES, 0), movable = make(m.base, PAGES, 0);
		struct cma_busy busy = { &pinned, &movable, m.outside };
		size_t n = 0;

		memset(m.page, 'f', PAGES);
		if (round % 2) {
			randomize_busy(&m, &pinned, &movable);
			cma_sim_set_busy(sim, &busy);
		}
		for (int i = 0; i < 400; i++) {
			uint64_t count = (uint64_t)(rand() % 60), pfn, model_pfn = CMA_NOWHERE;
			unsigned int align = (unsigned int)rand() % 7;
			int ret;

			if (n && rand() % 2) {
				struct held old = take(held, &n);

				assert_int_equal(cma_sim_release(sim, old.pfn, old.count), 0);
				memset(m.page + (old.pfn - m.base), 'f', old.count);
				continue;
			}
			if (rand() % 50 == 0)
				count = PAGES + 1;
			ret = cma_sim_alloc(sim, count, align, &pfn, NULL);
			assert_int_equal(ret, model_alloc(&m, count, align, &model_pfn));
			assert_int_equal(pfn, model_pfn);
			seen[-ret]++;
			if (!ret) {
				held[n].pfn = pfn;
				held[n++].count = count;
			}
		}
		cma_bitmap_end(&pinned);
		cma_bitmap_end(&movable);
		cma_sim_destroy(sim);
	}
	/* Every outcome there is was among them. */
	assert_true(seen[0] > 1000);
	assert_true(seen[ENOMEM] > 50);
	assert_true(seen[EBUSY] > 50);
	assert_true(seen[EINVAL] > 50);
}

/* A policy may choose the place; that there is one it cannot change. */
static void every_policy_finds_a_place_where_there_is_one(void **state)
{
	(void)state;
	srand(3);
	for (int i = 0; i < 3000; i++) {
		struct cma_bitmap map = make((uint64_t)(rand() % 64), PAGES, 0);
		uint64_t count = 1 + (uint64_t)(rand() % 50), first = CMA_NOWHERE;
		unsigned int align = (unsigned int)rand() % 6;

		for (int k = 0; k < 40; k++)
			cma_bitmap_write(&map, (uint64_t)(rand() % PAGES), (uint64_t)(rand() % 30),
					 rand() % 3 != 0);
		for (int policy = 0; policy < CMA_POLICIES; policy++) {
			struct cma_sim *sim = cma_sim_create(&map, (enum cma_policy)policy);
			uint64_t pfn;

			cma_sim_alloc(sim, count, align, &pfn, NULL);
			if (!policy)
				first = pfn;
			assert_int_equal(pfn == CMA_NOWHERE, first == CMA_NOWHERE);
			if (pfn != CMA_NOWHERE) {
				assert_int_equal(pfn % (1u << align), 0);
				/* All of it was free before. */
				assert_true(cma_bitmap_next(&map, pfn - map.area.base_pfn, true) >=
					    pfn - map.area.base_pfn + count);
			}
			cma_sim_destroy(sim);
		}
		cma_bitmap_end(&map);
	}
}

/* With one page of all pinned, every policy tries what is left, and ends. */
static void every_policy_goes_past_a_busy_page(void **state)
{
	struct cma_bitmap pinned = make(0, PAGES, 0);
	struct cma_busy busy = { &pinned, NULL, 0 };

	(void)state;
	for (int policy = 0; policy < CMA_POLICIES; policy++) {
		for (uint64_t bad = 0; bad < PAGES; bad += 7) {
			struct cma_sim *sim = create(0, PAGES, (enum cma_policy)policy);
			uint64_t pfn, retries, count = policy == CMA_POLICY_TWO_ENDS ? 8 : 100;

			cma_bitmap_write(&pinned, 0, PAGES, false);
			cma_bitmap_write(&pinned, bad, 1, true);
			cma_sim_set_busy(sim, &busy);
			assert_int_equal(cma_sim_alloc(sim, count, 2, &pfn, &retries), 0);
			assert_true(bad < pfn || bad >= pfn + count);
			cma_bitmap_write(&pinned, 0, PAGES, true);
			assert_int_equal(cma_sim_alloc(sim, count, 2, &pfn, &retries), -EBUSY);
			assert_int_equal(pfn, CMA_NOWHERE);
			assert_true(retries > 50);
			cma_sim_destroy(sim);
		}
	}
	cma_bitmap_end(&pinned);
}

static void a_busy_place_moves_by_one_alignment_step(void **state)
{
	struct cma_bitmap pinned = make(0, 1024, 0);
	struct cma_busy busy = { &pinned, NULL, 0 };
	struct cma_sim *sim = create(0, 1024, CMA_POLICY_FIRST_FIT);
	uint64_t pfn, retries;

	(void)state;
	cma_bitmap_write(&pinned, 100, 1, true);
	cma_sim_set_busy(sim, &busy);
	assert_int_equal(cma_sim_alloc(sim, 50, 4, &pfn, &retries), 0);
	assert_int_equal(pfn, 0);
	/* Tried at 64, 80 and 96: all hold page 100. */
	assert_int_equal(cma_sim_alloc(sim, 50, 4, &pfn, &retries), 0);
	assert_int_equal(pfn, 112);
	assert_int_equal(retries, 3);
	cma_sim_destroy(sim);
	cma_bitmap_end(&pinned);
}

/* NXP's slides: 511 free at 58881 do not hold 456 pages at 256. */
static void the_slides_request_fails(void **state)
{
	struct cma_bitmap map = make(0, 286720, 0);
	struct cma_sim *sim;
	uint64_t pfn;

	(void)state;
	cma_bitmap_write(&map, 0, 286720, true);
	cma_bitmap_write(&map, 58881, 511, false);
	sim = cma_sim_create(&map, CMA_POLICY_FIRST_FIT);
	assert_int_equal(cma_sim_alloc(sim, 456, 8, &pfn, NULL), -ENOMEM);
	assert_int_equal(place(sim, 256, 8), 59136);
	cma_sim_destroy(sim);
	cma_bitmap_end(&map);
}

static void bits_of_several_pages_are_taken_whole(void **state)
{
	struct cma_bitmap map = make(0x40, 256, 2);
	struct cma_sim *sim = cma_sim_create(&map, CMA_POLICY_FIRST_FIT);

	(void)state;
	assert_int_equal(place(sim, 5, 0), 0x40);
	assert_int_equal(place(sim, 1, 0), 0x48);
	assert_int_equal(cma_bitmap_free_bits(cma_sim_map(sim)), 64 - 3);
	assert_int_equal(cma_sim_release(sim, 0x41, 1), -EINVAL);
	assert_int_equal(cma_sim_release(sim, 0x40, 5), 0);
	assert_int_equal(cma_bitmap_free_bits(cma_sim_map(sim)), 64 - 1);
	cma_sim_destroy(sim);
	cma_bitmap_end(&map);
}

static void policies_choose_their_places(void **state)
{
	/* Holes of 100 at 0, 20 at 200, 50 at 300 and at 400. */
	static const uint64_t where[CMA_POLICIES][2] = {
		[CMA_POLICY_FIRST_FIT] = { 0, 20 },
		[CMA_POLICY_NEXT_FIT] = { 0, 20 },
		[CMA_POLICY_BEST_FIT] = { 200, 300 },
		[CMA_POLICY_TWO_ENDS] = { 0, 20 },	/* too large to be small */
	};

	(void)state;
	for (int policy = 0; policy < CMA_POLICIES; policy++) {
		struct cma_bitmap map = make(0, PAGES, 0);
		struct cma_sim *sim;

		cma_bitmap_write(&map, 100, 100, true);
		cma_bitmap_write(&map, 220, 80, true);
		cma_bitmap_write(&map, 350, 50, true);
		cma_bitmap_write(&map, 450, 150, true);
		sim = cma_sim_create(&map, (enum cma_policy)policy);
		assert_int_equal(place(sim, 20, 0), where[policy][0]);
		assert_int_equal(place(sim, 20, 0), where[policy][1]);
		cma_sim_destroy(sim);
		cma_bitmap_end(&map);
	}
}

static void next_fit_goes_round(void **state)
{
	struct cma_sim *sim = create(0, 100, CMA_POLICY_NEXT_FIT);

	(void)state;
	assert_int_equal(place(sim, 40, 0), 0);
	assert_int_equal(place(sim, 30, 0), 40);
	assert_int_equal(cma_sim_release(sim, 0, 40), 0);
	assert_int_equal(place(sim, 20, 0), 70);
	assert_int_equal(place(sim, 30, 0), 0);
	cma_sim_destroy(sim);
}

static void two_ends_keep_small_from_large(void **state)
{
	struct cma_sim *sim = create(0, 640, CMA_POLICY_TWO_ENDS);

	(void)state;
	assert_int_equal(place(sim, 100, 0), 0);
	assert_int_equal(place(sim, 10, 0), 630);
	assert_int_equal(place(sim, 3, 2), 624);
	assert_int_equal(place(sim, 11, 0), 100);
	cma_sim_destroy(sim);
}

static void refuses_as_the_kernel_does(void **state)
{
	struct cma_sim *sim = create(0x100, 64, CMA_POLICY_FIRST_FIT);
	uint64_t pfn;

	(void)state;
	assert_int_equal(cma_sim_alloc(sim, 0, 0, &pfn, NULL), -EINVAL);
	assert_int_equal(cma_sim_alloc(sim, 65, 0, &pfn, NULL), -EINVAL);
	assert_int_equal(cma_sim_alloc(sim, UINT64_MAX, 40, &pfn, NULL), -EINVAL);
	assert_int_equal(place(sim, 64, 0), 0x100);
	assert_int_equal(cma_sim_alloc(sim, 1, 0, &pfn, NULL), -ENOMEM);
	assert_int_equal(cma_sim_release(sim, 0x100, 32), 0);
	assert_int_equal(cma_sim_release(sim, 0x100, 1), -EINVAL);
	assert_int_equal(cma_sim_release(sim, 0x110, 32), -EINVAL);
	assert_int_equal(cma_sim_release(sim, 0xff, 1), -EINVAL);
	assert_int_equal(cma_sim_release(sim, 0x13f, 2), -EINVAL);
	assert_int_equal(cma_sim_release(sim, 0x120, 0), -EINVAL);
	assert_int_equal(cma_sim_release(sim, UINT64_MAX, UINT64_MAX), -EINVAL);
	assert_int_equal(cma_sim_release(sim, 0x120, UINT64_MAX - 5), -EINVAL);
	assert_int_equal(cma_bitmap_free_bits(cma_sim_map(sim)), 32);
	cma_sim_destroy(sim);
	cma_sim_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(does_what_a_model_by_pages_does),
		cmocka_unit_test(every_policy_finds_a_place_where_there_is_one),
		cmocka_unit_test(every_policy_goes_past_a_busy_page),
		cmocka_unit_test(a_busy_place_moves_by_one_alignment_step),
		cmocka_unit_test(the_slides_request_fails),
		cmocka_unit_test(bits_of_several_pages_are_taken_whole),
		cmocka_unit_test(policies_choose_their_places),
		cmocka_unit_test(next_fit_goes_round),
		cmocka_unit_test(two_ends_keep_small_from_large),
		cmocka_unit_test(refuses_as_the_kernel_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
