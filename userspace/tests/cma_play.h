/* SPDX-License-Identifier: MIT */
/* A replay that must work, and what it counted. */
#ifndef TESTS_CMA_PLAY_H
#define TESTS_CMA_PLAY_H

#include "cma/replay.h"
#include "tests/harness.h"

static inline struct cma_replay_result play(const struct cma_script *script,
					    struct cma_replay replay)
{
	struct cma_replay_result result;

	assert_int_equal(cma_replay_run(script, &replay, &result), 0);
	return result;
}

static inline uint64_t failures(const struct cma_script *script, struct cma_replay replay)
{
	struct cma_replay_result result = play(script, replay);

	return cma_replay_failures(&result);
}

/* An area of @pages, on a kernel that aligns as the script asks. */
static inline struct cma_replay with(uint64_t pages)
{
	return (struct cma_replay){ .pages = pages, .align = CMA_ALIGN_AS_ASKED };
}

#endif /* TESTS_CMA_PLAY_H */
