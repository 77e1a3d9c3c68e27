// SPDX-License-Identifier: MIT
/*
 * Fork storms: children that write to pages they share with their parent, and die, at once or
 * later. Each takes page tables, a kernel stack, and copies of the pages.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "age/draw.h"
#include "age/pool.h"
#include "age/region.h"
#include "age/worker.h"

#define SHARED		(2u << 20)
#define LEAST		(16u << 10)	/* that a child writes to */
#define OF_KERNEL	(192u << 10)	/* of a child: tables, stack, task */
#define STORM		4		/* children that die at once, for each that stays */

static int start(struct age_worker *w)
{
	struct age_thing *shared = calloc(1, sizeof(*shared));

	if (!shared || age_region_map(shared, SHARED)) {
		free(shared);
		return age_worker_skip(w, "out of memory");
	}
	age_region_touch(shared, 0, SHARED);
	w->own = shared;
	return 0;
}

static void stop(struct age_worker *w)
{
	struct age_thing *shared = w->own;

	if (shared)
		munmap(shared->map, shared->size);
	free(shared);
}

/* A child writes to the part it was given; the numbers are drawn before, by the parent. */
static pid_t make_child(struct age_worker *w, uint64_t bytes, bool stays)
{
	uint64_t at = cma_random_below(&w->random, SHARED - bytes + 1);
	pid_t parent = getpid(), pid = fork();

	if (pid)
		return pid < 0 ? -errno : pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	age_region_touch(w->own, at, bytes);
	while (stays)
		pause();
	_exit(0);
}

static int storm(struct age_worker *w)
{
	pid_t children[STORM];
	int n = 0, ret = 0;

	while (n < STORM && !ret) {
		pid_t pid = make_child(w, age_draw_bytes(&w->random, LEAST, SHARED / 4), false);

		if (pid < 0)
			ret = pid;
		else
			children[n++] = pid;
	}
	while (n)
		waitpid(children[--n], NULL, 0);
	return ret;
}

static int take(struct age_worker *w, struct age_thing *t)
{
	uint64_t bytes = age_draw_bytes(&w->random, LEAST, age_pool_most(w, AGE_ORDINARY, SHARED));
	int ret = storm(w);

	if (ret)
		return ret;
	if (!age_pool_room(w, AGE_ORDINARY, bytes + OF_KERNEL))
		return -EDQUOT;
	ret = make_child(w, bytes, true);
	if (ret < 0)
		return ret;
	t->pid = ret;
	t->bytes = bytes + OF_KERNEL;
	return 0;
}

static void give(struct age_worker *w, struct age_thing *t)
{
	(void)w;
	kill(t->pid, SIGKILL);
	waitpid(t->pid, NULL, 0);
}

static const struct age_kind kinds[] = {
	{ .name = "child", .weight = 1, .take = take, .give = give },
	{ .name = NULL },
};

const struct age_profile age_fork = {
	.name = "fork",
	.summary = "fork storms: children that write to shared pages, and die",
	.constant = 0x666f726b,
	.rate = 5,
	.shares = { [AGE_ORDINARY] = 2 },
	.typical = 512u << 10,
	.most = 256,
	.kinds = kinds,
	.start = start,
	.stop = stop,
};
