// SPDX-License-Identifier: MIT
/* Runs on all processors. What comes out does not depend on how many there are. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cmascope/replay.h"

#define PROGRESS_NS	200000000	/* between lines on a terminal */

/**
 * struct pool - runs that are to be done
 * @lock: guards all that follows @until_failure
 * @next: the next run, row by row
 * @done: runs that ended
 * @error: the first that there was; ends all
 * @failed: a run failed and @until_failure is set; ends all
 * @told: when the last progress line was printed, in ns
 */
struct pool {
	const struct replay *replay;
	struct replay_row *rows;
	uint64_t total;
	uint64_t seed;
	uint64_t runs;
	bool until_failure;
	pthread_mutex_t lock;
	uint64_t next;
	uint64_t done;
	int error;
	bool failed;
	uint64_t told;
};

static int play_one(const struct pool *pool, uint64_t index, struct cma_replay_result *result)
{
	const struct replay_options *o = &pool->replay->options;
	const struct replay_row *row = &pool->rows[index / pool->runs];
	uint64_t seed = pool->seed + index % pool->runs;
	struct cma_replay replay = { row->pages, row->align, row->policy, o->busy, ~seed,
				     pool->until_failure };
	struct cma_script script;
	int ret;

	if (!o->workload)
		return cma_replay_run(&pool->replay->script, &replay, result);
	ret = cma_workload_make(o->workload, seed, o->allocations, &script);
	if (!ret)
		ret = cma_replay_run(&script, &replay, result);
	cma_script_end(&script);
	return ret;
}

static void tell(struct pool *pool)
{
	struct timespec now;
	uint64_t ns;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	if (!isatty(STDERR_FILENO) || ns - pool->told < PROGRESS_NS)
		return;
	pool->told = ns;
	fprintf(stderr, "\r\033[Kreplay: %" PRIu64 " of %" PRIu64 " runs, %" PRIu64 " pages",
		pool->done, pool->total, pool->rows[(pool->done - 1) / pool->runs].pages);
}

static void *work(void *data)
{
	struct pool *pool = data;

	pthread_mutex_lock(&pool->lock);
	while (pool->next < pool->total && !pool->error && !pool->failed) {
		uint64_t index = pool->next++;
		struct cma_replay_result result;
		int ret;

		pthread_mutex_unlock(&pool->lock);
		ret = play_one(pool, index, &result);
		pthread_mutex_lock(&pool->lock);
		pool->done++;
		if (ret) {
			pool->error = ret;
			break;
		}
		cma_replay_add(&pool->rows[index / pool->runs].result, &result);
		pool->failed |= pool->until_failure && result.failed_runs;
		tell(pool);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

int replay_play(const struct replay *replay, struct replay_row *rows, size_t count, uint64_t seed,
		uint64_t runs, bool until_failure)
{
	struct pool pool = { .replay = replay, .rows = rows, .total = count * runs, .seed = seed,
			     .runs = runs, .until_failure = until_failure };
	pthread_t *threads = calloc(replay->options.jobs, sizeof(*threads));
	unsigned int started = 0;

	if (!threads)
		return -ENOMEM;
	pthread_mutex_init(&pool.lock, NULL);
	/* This thread works too: without any other all is done, only later. */
	while (started + 1 < replay->options.jobs && started + 1 < pool.total &&
	       !pthread_create(&threads[started], NULL, work, &pool))
		started++;
	work(&pool);
	while (started)
		pthread_join(threads[--started], NULL);
	pthread_mutex_destroy(&pool.lock);
	free(threads);
	if (pool.told)
		fputs("\r\033[K", stderr);
	return pool.error;
}
