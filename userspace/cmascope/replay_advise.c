// SPDX-License-Identifier: MIT
/*
 * The smallest size that never fails. Few runs find a candidate; then runs with seeds that had no
 * say in choosing it must all succeed. If one does not, the next size is tried with new seeds, and
 * with half the error that was left (1 - confidence is spent as 1/2 + 1/4 + 1/8...), so that the
 * confidence holds however many sizes are tried.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cma/bound.h"
#include "cmascope/replay.h"
#include "message.h"

#define SEARCH_RUNS	40	/* to find a candidate */
#define MAX_ATTEMPTS	64	/* candidates that may fail their proof */
#define LARGER		4	/* sizes above the advised one that are tried */
#define MAX_GROWTH	64	/* times the least possible: give up */

/**
 * struct quest - the search for one advice
 * @granule: step of sizes in pages
 * @fresh: the first seed that was not used yet
 * @error: the first there was
 */
struct quest {
	const struct replay *replay;
	struct replay_advice *advice;
	uint64_t granule;
	uint64_t fresh;
	int error;
};

/* Whether @runs runs with this many granules do without a failure. */
static bool survives(struct quest *q, uint64_t granules, uint64_t seed, uint64_t runs)
{
	struct replay_row row = { .pages = granules * q->granule, .align = q->advice->align,
				  .policy = q->advice->policy };

	if (row.pages > q->advice->tried)
		q->advice->tried = row.pages;
	if (!q->error)
		q->error = replay_play(q->replay, &row, 1, seed, runs, true);
	return !q->error && !row.result.failed_runs;
}

static uint64_t search_runs(const struct quest *q)
{
	return replay_random(q->replay) ? SEARCH_RUNS : 1;
}

static bool search(struct quest *q, uint64_t granules)
{
	return survives(q, granules, q->replay->options.seed, search_runs(q));
}

/* A size that survives the search, and none just below it; 0: none. */
static uint64_t find_candidate(struct quest *q)
{
	uint64_t least = q->advice->peak / q->granule + (q->advice->peak % q->granule != 0);
	uint64_t low, high = least ? least : 1, most = high * MAX_GROWTH;

	if (most > CMA_MAX_BITS / q->granule)
		most = CMA_MAX_BITS / q->granule;
	low = high - 1;
	while (high <= most && !search(q, high) && !q->error) {
		low = high;
		high += high / 8 + 1;
	}
	if (high > most || q->error)
		return 0;
	while (low + 1 < high) {
		uint64_t middle = low + (high - low) / 2;

		if (search(q, middle))
			high = middle;
		else
			low = middle;
	}
	return q->error ? 0 : high;
}

/* Prove a candidate, or one above it. */
static uint64_t prove(struct quest *q, uint64_t granules)
{
	const struct replay_options *o = &q->replay->options;
	double error = 1 - o->confidence;

	for (unsigned int i = 1; i <= MAX_ATTEMPTS && !q->error; i++, granules++) {
		uint64_t runs;

		error /= 2;
		runs = cma_bound_runs(o->risk, 1 - error);
		q->advice->attempts = i;
		q->fresh += runs;
		if (!survives(q, granules, q->fresh - runs, runs))
			continue;
		q->advice->runs = runs;
		q->advice->share = cma_bound_share(0, runs, 1 - error);
		return granules;
	}
	return 0;
}

/* A larger area can fail where a smaller one does not: its places differ. */
static void look_above(struct quest *q, uint64_t granules)
{
	for (uint64_t above = granules + 1; above <= granules + LARGER; above++)
		if (!search(q, above) && !q->error && !q->advice->larger)
			q->advice->larger = above * q->granule;
}

static int advise_one(struct replay *replay, struct replay_advice *advice, uint64_t granule)
{
	struct quest q = { .replay = replay, .advice = advice, .granule = granule };
	uint64_t granules;

	advice->peak = cma_script_peak(&replay->script);
	if (advice->peak > CMA_MAX_BITS)
		return 0;
	q.fresh = replay->options.seed + SEARCH_RUNS;
	granules = find_candidate(&q);
	if (granules && replay_random(replay)) {
		granules = prove(&q, granules);
	} else if (granules) {
		advice->attempts = 1;
		advice->runs = 1;
	}
	if (granules && !q.error) {
		advice->pages = granules * granule;
		look_above(&q, granules);
	}
	return q.error;
}

int replay_advise(const struct cli_command *command, struct replay *replay)
{
	const struct replay_options *o = &replay->options;
	uint64_t granule;

	if (!cli_pages(o->granule, replay->script.page_size, &granule) || granule > CMA_MAX_BITS)
		return cli_refuse(command, 'g', o->granule, "a size");
	replay->advice = calloc(o->align_count * o->policy_count, sizeof(*replay->advice));
	if (!replay->advice) {
		message("replay: no memory");
		return EXIT_ENVIRONMENT;
	}
	for (size_t p = 0; p < o->policy_count; p++) {
		for (size_t a = 0; a < o->align_count; a++) {
			struct replay_advice *advice = &replay->advice[replay->advice_count++];
			int ret;

			advice->align = o->aligns[a];
			advice->policy = o->policies[p];
			ret = advise_one(replay, advice, granule);
			if (ret) {
				message_error(ret, "simulate %llu pages",
					      (unsigned long long)advice->tried);
				return EXIT_ENVIRONMENT;
			}
		}
	}
	return EXIT_OK;
}
