// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where an allocation would fit if others moved, against a model of memory that
 * has an owner for each page and knows no short cut.
 */

#include <kunit/test.h>

#include <linux/bitmap.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include "vdc_window.h"

#define VDC_TEST_PAGES	192
#define VDC_TEST_ROUNDS	4000

/* Owners of pages. Buffers that may move have numbers. */
#define VDC_TEST_FREE	0
#define VDC_TEST_FIXED	0xff

/**
 * struct vdc_window_test - memory
 * @owner: of each page
 * @base: page frame number of the first one
 * @blocked: for @map
 * @movable: for @map
 * @map: what the code under test gets to see of it
 * @want: what is wanted
 */
struct vdc_window_test {
	u8 owner[VDC_TEST_PAGES];
	unsigned long base;
	DECLARE_BITMAP(blocked, VDC_TEST_PAGES);
	struct vdc_extent movable[VDC_TEST_PAGES];
	struct vdc_window_map map;
	struct vdc_window_want want;
};

static int vdc_window_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct vdc_window_test), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/* The map from the owners. */
static void vdc_window_test_look(struct vdc_window_test *t, unsigned long pages)
{
	struct vdc_window_map *map = &t->map;
	unsigned long i;

	*map = (struct vdc_window_map) {
		.span = { t->base, pages },
		.known = { t->base, pages },
		.blocked = t->blocked,
		.movable = t->movable,
	};
	bitmap_zero(t->blocked, VDC_TEST_PAGES);
	for (i = 0; i < pages; i++) {
		if (t->owner[i] == VDC_TEST_FIXED)
			__set_bit(i, t->blocked);
		if (t->owner[i] == VDC_TEST_FIXED || t->owner[i] == VDC_TEST_FREE)
			continue;
		if (!i || t->owner[i - 1] != t->owner[i])
			t->movable[map->num_movable++].first = t->base + i;
		t->movable[map->num_movable - 1].pages =
			t->base + i + 1 - t->movable[map->num_movable - 1].first;
	}
}

/*
 * One character a page: '.' free, '#' fixed, letters: buffers that may move. '|'
 * before and behind what is known to be the area's.
 */
static void vdc_window_test_draw(struct vdc_window_test *t, const char *picture)
{
	struct vdc_extent known = {};
	unsigned long n = 0;
	bool bounds = false;

	for (; *picture; picture++) {
		if (*picture == '|') {
			if (!bounds)
				known.first = n;
			known.pages = n - known.first;
			bounds = true;
			continue;
		}
		t->owner[n++] = *picture == '.' ? VDC_TEST_FREE :
				*picture == '#' ? VDC_TEST_FIXED : *picture;
	}
	vdc_window_test_look(t, n);
	if (bounds)
		t->map.known = (struct vdc_extent) { t->base + known.first, known.pages };
}

struct vdc_window_case {
	const char *name;
	const char *picture;
	unsigned long base, pages, align, max_cost;
	struct vdc_extent avoid;
	/* What must come out; cost 0: nothing. Pages count from the first of the picture. */
	unsigned long first, cost;
	struct vdc_extent same;
};

static const struct vdc_window_case vdc_window_cases[] = {
	{ "a buffer between two holes", "..aa..##", 0, 6, 1, 99, {}, 0, 2, { 0, 3 } },
	{ "only free pages are no window", "........", 0, 4, 1, 99, {}, 0, 0, {} },
	{ "nothing but fixed ones", "##..##..", 0, 4, 1, 99, {}, 0, 0, {} },
	{ "a fixed one in between", "..a#..a.", 0, 5, 1, 99, {}, 0, 0, {} },
	{ "the smaller buffer", "..aaa..#..bb..#", 0, 6, 1, 99, {}, 8, 2, { 5, 5 } },
	{ "the last of equal ones", "..aa..#..bb..#", 0, 6, 1, 99, {}, 7, 2, { 4, 5 } },
	{ "one large or two small ones", "aaaa..#b.c...#", 0, 5, 1, 99, {}, 8, 1, { 8, 2 } },
	{ "the first page is aligned", "..aa....##", 0, 4, 4, 99, {}, 0, 2, { 0, 4 } },
	{ "the base is not aligned", "..aa....##", 3, 4, 4, 99, {}, 1, 2, { 0, 4 } },
	{ "alignment leaves no room", ".aaa...#", 1, 5, 8, 99, {}, 0, 0, {} },
	{ "as much as may be moved", ".aaabbb.#", 0, 8, 1, 6, {}, 0, 6, { 0, 2 } },
	{ "more than may be moved", ".aaabbb.#", 0, 8, 1, 5, {}, 0, 0, {} },
	{ "part of a buffer costs all of it", "..aaaaaa", 0, 3, 1, 99, {}, 5, 6, { 0, 6 } },
	{ "not between the tried ones", "..a..#..bb..", 0, 5, 1, 99, { 0, 1 }, 7, 2, { 4, 4 } },
	{ "all were tried", "..a..#", 0, 5, 1, 99, { 0, 1 }, 0, 0, {} },
	{ "beyond what is known, dearer inside", "..aa|.bbb...|", 0, 6, 1, 99, {}, 5, 3, { 4, 2 } },
	{ "beyond what is known, nothing inside", "..aa|..#|", 0, 6, 1, 99, {}, 0, 2, { 0, 2 } },
	{ "larger than all of it", "..aa..", 0, 7, 1, 99, {}, 0, 0, {} },
	{ "two neighbours", "#.aabb.#", 0, 5, 1, 99, {}, 2, 4, { 0, 4 } },
	{ "not one more than has to", "aa...bb", 0, 4, 1, 99, {}, 3, 2, { 2, 2 } },
};

KUNIT_ARRAY_PARAM_DESC(vdc_window, vdc_window_cases, name);

static void vdc_test_window(struct kunit *test)
{
	const struct vdc_window_case *c = test->param_value;
	struct vdc_window_test *t = test->priv;
	struct vdc_window window;
	bool found;

	t->base = c->base;
	vdc_window_test_draw(t, c->picture);
	t->want = (struct vdc_window_want) {
		.pages = c->pages, .align = c->align, .max_cost = c->max_cost,
		.avoid = { { t->base + c->avoid.first, c->avoid.pages } },
		.num_avoid = !!c->avoid.pages,
	};
	found = vdc_window_find(&t->map, &t->want, &window);
	KUNIT_EXPECT_EQ(test, found, c->cost > 0);
	if (!found)
		return;
	KUNIT_EXPECT_EQ(test, window.first, t->base + c->first);
	KUNIT_EXPECT_EQ(test, window.cost, c->cost);
	KUNIT_EXPECT_EQ(test, window.same.first, t->base + c->same.first);
	KUNIT_EXPECT_EQ(test, window.same.pages, c->same.pages);
}

static void vdc_test_window_longest(struct kunit *test)
{
	struct vdc_window_test *t = test->priv;

	vdc_window_test_draw(t, ".aa#...b..#.");
	KUNIT_EXPECT_EQ(test, vdc_window_longest(&t->map, 1), 6);
	KUNIT_EXPECT_EQ(test, vdc_window_longest(&t->map, 8), 3);
	KUNIT_EXPECT_EQ(test, vdc_window_longest(&t->map, 16), 3);
	t->base = 1;
	vdc_window_test_draw(t, ".aa#...b..#.");
	KUNIT_EXPECT_EQ(test, vdc_window_longest(&t->map, 8), 3);
	KUNIT_EXPECT_EQ(test, vdc_window_longest(&t->map, 16), 0);
	vdc_window_test_draw(t, "...|.a..|...");
	KUNIT_EXPECT_EQ(test, vdc_window_longest(&t->map, 1), 4);
	vdc_window_test_draw(t, "####");
	KUNIT_EXPECT_EQ(test, vdc_window_longest(&t->map, 1), 0);
}

/* The allocator: first fit. Return: where, or VDC_TEST_PAGES. */
static unsigned long vdc_window_test_fit(const struct vdc_window_test *t, unsigned long pages,
					 unsigned long align)
{
	unsigned long at, i;

	for (at = 0; at + pages <= VDC_TEST_PAGES; at++) {
		if ((t->base + at) % align)
			continue;
		for (i = 0; i < pages && t->owner[at + i] == VDC_TEST_FREE; i++)
			;
		if (i == pages)
			return at;
	}
	return VDC_TEST_PAGES;
}

static unsigned long vdc_window_test_align(unsigned long pages)
{
	return min(roundup_pow_of_two(pages), 16UL);
}

/* A past: many allocations, some of them given back. */
static void vdc_window_test_age(struct vdc_window_test *t, struct rnd_state *rnd)
{
	unsigned int i, number = 1, fixed = prandom_u32_state(rnd) % 4;
	unsigned long at;

	memset(t->owner, VDC_TEST_FREE, sizeof(t->owner));
	for (i = 0; i < 60; i++) {
		unsigned long pages = 2 + prandom_u32_state(rnd) % 24;

		at = vdc_window_test_fit(t, pages, vdc_window_test_align(pages));
		if (at < VDC_TEST_PAGES)
			memset(t->owner + at, prandom_u32_state(rnd) % 8 < fixed ?
			       VDC_TEST_FIXED : number++, pages);
	}
	for (i = 1; i < number; i++) {
		if (prandom_u32_state(rnd) % 2)
			continue;
		for (at = 0; at < VDC_TEST_PAGES; at++)
			if (t->owner[at] == i)
				t->owner[at] = VDC_TEST_FREE;
	}
}

/* What a window would cost, or 0 if it is none. */
static unsigned long vdc_window_test_cost(const struct vdc_window_test *t, unsigned long at,
					  unsigned long pages)
{
	unsigned long i, cost = 0;
	bool counted[VDC_TEST_FIXED] = {};

	for (i = at; i < at + pages; i++) {
		if (t->owner[i] == VDC_TEST_FIXED)
			return 0;
		counted[t->owner[i]] = true;
	}
	for (i = 0; i < VDC_TEST_PAGES; i++)
		if (t->owner[i] != VDC_TEST_FREE && t->owner[i] != VDC_TEST_FIXED)
			cost += counted[t->owner[i]];
	return cost;
}

/* The least that any window costs, or 0 if there is none. */
static unsigned long vdc_window_test_cheapest(const struct vdc_window_test *t)
{
	unsigned long at, cost, cheapest = 0;

	for (at = 0; at + t->want.pages <= VDC_TEST_PAGES; at++) {
		if ((t->base + at) % t->want.align)
			continue;
		cost = vdc_window_test_cost(t, at, t->want.pages);
		if (cost && cost <= t->want.max_cost && (!cheapest || cost < cheapest))
			cheapest = cost;
	}
	return cheapest;
}

/* All shifts of a window cost the same and the next ones do not. */
static void vdc_window_test_same(struct kunit *test, const struct vdc_window *window)
{
	struct vdc_window_test *t = test->priv;
	unsigned long first = window->same.first - t->base, i;

	KUNIT_EXPECT_GE(test, window->first, window->same.first);
	KUNIT_EXPECT_LT(test, window->first, window->same.first + window->same.pages);
	KUNIT_ASSERT_LE(test, first + window->same.pages + t->want.pages - 1, VDC_TEST_PAGES);
	for (i = first; i < first + window->same.pages; i++) {
		unsigned long cost = vdc_window_test_cost(t, i, t->want.pages);

		/* Shifted, it may have something fixed in it. */
		if (cost)
			KUNIT_EXPECT_EQ(test, cost, window->cost);
	}
}

/* Memory with a past; what is wanted does not fit. */
static void vdc_test_window_property(struct kunit *test)
{
	unsigned int round, wanted = 0, found = 0;
	struct vdc_window_test *t = test->priv;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 3141592653ULL);
	for (round = 0; round < VDC_TEST_ROUNDS; round++) {
		struct vdc_window window;
		unsigned long i, cheapest;

		t->base = prandom_u32_state(&rnd) % 32;
		vdc_window_test_age(t, &rnd);
		t->want = (struct vdc_window_want) {
			.pages = 8 + prandom_u32_state(&rnd) % 60,
			.max_cost = 1 + prandom_u32_state(&rnd) % 100,
		};
		t->want.align = vdc_window_test_align(t->want.pages);
		if (vdc_window_test_fit(t, t->want.pages, t->want.align) < VDC_TEST_PAGES)
			continue;
		wanted++;
		vdc_window_test_look(t, VDC_TEST_PAGES);
		cheapest = vdc_window_test_cheapest(t);
		KUNIT_ASSERT_EQ_MSG(test, vdc_window_find(&t->map, &t->want, &window),
				    cheapest > 0, "round %u", round);
		if (!cheapest)
			continue;
		found++;
		KUNIT_ASSERT_EQ_MSG(test, window.cost, cheapest, "round %u", round);
		vdc_window_test_same(test, &window);
		/* Without its buffers the allocator takes it, or a place before it. */
		for (i = 0; i < window.count; i++)
			memset(t->owner + t->movable[window.victim + i].first - t->base,
			       VDC_TEST_FREE, t->movable[window.victim + i].pages);
		KUNIT_ASSERT_LE_MSG(test,
				    vdc_window_test_fit(t, t->want.pages, t->want.align),
				    window.first - t->base, "round %u", round);
	}
	/* It was no trifle. */
	KUNIT_EXPECT_GT(test, found, VDC_TEST_ROUNDS / 8);
	KUNIT_EXPECT_GT(test, wanted - found, VDC_TEST_ROUNDS / 8);
}

/* Each window that is refused is not offered again, and all there are come, cheapest first. */
static void vdc_test_window_all(struct kunit *test)
{
	struct vdc_window_test *t = test->priv;
	unsigned int round, i;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 2718281828ULL);
	for (round = 0; round < VDC_TEST_ROUNDS / 8; round++) {
		unsigned long last = 0;
		struct vdc_window window;

		vdc_window_test_age(t, &rnd);
		vdc_window_test_look(t, VDC_TEST_PAGES);
		t->want = (struct vdc_window_want) {
			.pages = 20, .align = 1, .max_cost = VDC_TEST_PAGES,
		};
		while (t->want.num_avoid < VDC_WINDOW_TRIES &&
		       vdc_window_find(&t->map, &t->want, &window)) {
			KUNIT_ASSERT_GE(test, window.cost, last);
			for (i = 0; i < t->want.num_avoid; i++)
				KUNIT_ASSERT_TRUE(test, window.first < t->want.avoid[i].first ||
						  window.first >= t->want.avoid[i].first +
								  t->want.avoid[i].pages);
			last = window.cost;
			t->want.avoid[t->want.num_avoid++] = window.same;
		}
	}
}

static struct kunit_case vdc_window_tests[] = {
	KUNIT_CASE_PARAM(vdc_test_window, vdc_window_gen_params),
	KUNIT_CASE(vdc_test_window_longest),
	KUNIT_CASE(vdc_test_window_property),
	KUNIT_CASE(vdc_test_window_all),
	{ }
};

static struct kunit_suite vdc_window_suite = {
	.name = "vdc_window",
	.init = vdc_window_test_init,
	.test_cases = vdc_window_tests,
};

kunit_test_suite(vdc_window_suite);
