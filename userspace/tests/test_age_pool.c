// SPDX-License-Identifier: MIT
/* What vdc-age's workers hold: within the budget, the same with the same seed, all given back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "age/draw.h"
#include "age/pool.h"
#include "age/workdir.h"
#include "age/worker.h"
#include "harness.h"

#define MB	(1ull << 20)
#define STEPS	400

static struct {
	unsigned int taken, given, used, refused;
	uint64_t trace;
} seen;

static int take_fake(struct age_worker *w, struct age_thing *t)
{
	uint64_t bytes = 1 + cma_random_below(&w->random, 1000);

	if (!age_pool_room(w, AGE_CMA, bytes))
		return -EDQUOT;
	if (age_draw_chance(&w->random, 10)) {
		seen.refused++;
		return -ENOMEM;
	}
	t->bytes = bytes;
	seen.taken++;
	seen.trace = (seen.trace ^ bytes) * 0x100000001b3ull;
	return 0;
}

static int use_fake(struct age_worker *w, struct age_thing *t)
{
	(void)w;
	assert_true(t->bytes > 0);
	seen.used++;
	return 0;
}

static void give_fake(struct age_worker *w, struct age_thing *t)
{
	(void)w;
	assert_true(t->bytes > 0);
	seen.given++;
}

static int take_nothing(struct age_worker *w, struct age_thing *t)
{
	(void)w;
	(void)t;
	return -ENODEV;
}

static const struct age_kind fake_kinds[] = {
	{ .name = "fake", .weight = 1, .uses = 2, .resource = AGE_CMA, .take = take_fake,
	  .use = use_fake, .give = give_fake },
	{ .name = "what is not there", .weight = 100, .take = take_nothing },
	{ .name = NULL },
};

static const struct age_profile fake = {
	.name = "fake", .typical = 500, .most = 1000, .kinds = fake_kinds,
};

static const struct age_profile nothing = {
	.name = "nothing", .typical = 500, .most = 1000, .kinds = &fake_kinds[1],
};

static uint64_t run_fake(uint64_t seed)
{
	struct age_tally tally = { 0 };
	struct age_worker w = {
		.profile = &fake, .tally = &tally, .random = { seed }, .budget[AGE_CMA] = 20000,
	};

	memset(&seen, 0, sizeof(seen));
	assert_int_equal(age_pool_start(&w), 0);
	/* Nothing is held of the trial. */
	assert_int_equal(w.held[AGE_CMA], 0);
	assert_int_equal(w.absent, 2);
	assert_int_equal(w.slots, 40);
	for (int i = 0; i < 5000; i++) {
		int ret = age_pool_step(&w);

		assert_true(!ret || ret == -ENOMEM || ret == -EDQUOT);
		assert_true(w.held[AGE_CMA] <= w.budget[AGE_CMA]);
		assert_int_equal(tally.held, w.held[AGE_CMA]);
	}
	/* It comes close to the budget. */
	assert_true(w.held[AGE_CMA] > w.budget[AGE_CMA] / 2);
	assert_true(seen.used > seen.taken && seen.refused);
	age_pool_end(&w);
	assert_int_equal(w.held[AGE_CMA], 0);
	assert_int_equal(seen.taken, seen.given);
	return seen.trace;
}

static void budget_holds_and_all_is_given_back(void **state)
{
	(void)state;
	assert_true(run_fake(1) == run_fake(1));
	assert_true(run_fake(1) != run_fake(2));
}

static void a_profile_of_nothing_is_skipped(void **state)
{
	struct age_tally tally = { 0 };
	struct age_worker w = { .profile = &nothing, .tally = &tally };

	(void)state;
	assert_int_equal(age_pool_start(&w), -ENODEV);
	assert_non_null(strstr(tally.reason, strerror(ENODEV)));
	age_pool_end(&w);
}

static void lives_are_spread(void **state)
{
	struct cma_random random = { 1 };
	unsigned int low = 0, high = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		size_t slot = age_draw_slot(&random, 160);

		assert_true(slot < 160);
		low += slot < 10;
		high += slot >= 150;
	}
	assert_in_range(low, 4800, 5200);
	assert_in_range(high, 100, 230);
	for (int i = 0; i < 1000; i++) {
		assert_in_range(age_draw_bytes(&random, 80, 5000), 80, 5000);
		assert_int_equal(age_draw_pages(&random, 1, 50000) % 4096, 0);
	}
	assert_int_equal(age_draw_bytes(&random, 100, 10), 100);
}

/* What is held after each step, as one number. */
static uint64_t run_profile(const struct age_profile *p, struct age_setup *setup)
{
	struct age_tally tally = { 0 };
	struct age_worker w = {
		.profile = p, .setup = setup, .tally = &tally, .random = { 7 },
		.budget = { 6 * MB, 6 * MB, 6 * MB },
	};
	uint64_t trace = 0;

	assert_int_equal(age_workdir_enter(&w), 0);
	if ((!p->start || !p->start(&w)) && !age_pool_start(&w)) {
		if (p->fill)
			p->fill(&w);
		for (int i = 0; i < STEPS; i++) {
			int ret = p->step ? p->step(&w) : age_pool_step(&w);

			trace = (trace ^ tally.held ^ (uint64_t)-ret) * 0x100000001b3ull;
			for (int r = 0; r < AGE_RESOURCES; r++)
				if (w.held[r] > w.budget[r])
					fail_msg("%s, step %d: %llu of resource %d", p->name, i,
						 (unsigned long long)w.held[r], r);
		}
	}
	age_pool_end(&w);
	assert_int_equal(tally.held, 0);
	if (p->stop)
		p->stop(&w);
	age_workdir_leave(&w);
	return trace;
}

static void profiles_repeat_within_their_budget(void **state)
{
	static const struct age_profile *const all[] = {
		&age_fill, &age_fs, &age_cache, &age_slab, &age_anon, &age_thp, &age_fork,
		&age_pins, &age_dmabuf, &age_camera, &age_desktop, &age_abbott,
	};
	struct age_setup setup = { .memory_kb = 64 << 10 };
	struct age_workdir workdir;

	(void)state;
	assert_int_equal(age_workdir_open(&workdir, NULL, &setup), 0);
	for (size_t i = 0; i < COUNT(all); i++)
		if (run_profile(all[i], &setup) != run_profile(all[i], &setup))
			fail_msg("%s does not repeat", all[i]->name);
	/* That it can be removed shows that nothing is left in it. */
	age_workdir_close(&workdir);
	assert_int_equal(age_workdir_free(&workdir), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(budget_holds_and_all_is_given_back),
		cmocka_unit_test(a_profile_of_nothing_is_skipped),
		cmocka_unit_test(lives_are_spread),
		cmocka_unit_test(profiles_repeat_within_their_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
