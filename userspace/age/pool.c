// SPDX-License-Identifier: MIT
/* The things that a worker holds, within its budget. */
#include "age/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "age/draw.h"
#include "age/worker.h"

#define LEAST_SLOTS	4
#define OTHER_FILES	64	/* what a worker may have open besides its things */
#define WANTED_FILES	65536

/* An empty thing has no files; 0 is one. */
static void clear(struct age_thing *t)
{
	*t = (struct age_thing){ .fds = { -1, -1, -1, -1 } };
}

static void count_held(struct age_worker *w)
{
	w->tally->held = w->held[AGE_ORDINARY] + w->held[AGE_CMA] + w->held[AGE_DISK];
}

static void end(struct age_thing *t)
{
	if (t->map)
		munmap(t->map, t->size);
	for (int i = 0; i < AGE_FDS; i++)
		if (t->fds[i] >= 0)
			close(t->fds[i]);
	clear(t);
}

int age_pool_take(struct age_worker *w, struct age_thing *t, const struct age_kind *kind)
{
	int ret = kind->take(w, t);

	if (ret) {
		end(t);
		return ret;
	}
	t->kind = kind;
	w->count++;
	w->held[kind->resource] += t->bytes;
	count_held(w);
	return 0;
}

void age_pool_give(struct age_worker *w, struct age_thing *t)
{
	const struct age_kind *kind = t->kind;

	if (!kind)
		return;
	w->held[kind->resource] -= t->bytes;
	count_held(w);
	if (kind->give)
		kind->give(w, t);
	end(t);
}

bool age_pool_room(struct age_worker *w, enum age_resource resource, uint64_t bytes)
{
	size_t start = age_draw_slot(&w->random, w->slots);

	if (bytes > w->budget[resource])
		return false;
	for (size_t i = 0; i < w->slots && w->held[resource] + bytes > w->budget[resource]; i++) {
		struct age_thing *t = &w->things[(start + i) % w->slots];

		if (t->kind && t->kind->resource == resource)
			age_pool_give(w, t);
	}
	return w->held[resource] + bytes <= w->budget[resource];
}

uint64_t age_pool_most(const struct age_worker *w, enum age_resource resource, uint64_t most)
{
	uint64_t quarter = w->budget[resource] / 4;

	return most < quarter ? most : quarter;
}

static const struct age_kind *draw_kind(struct age_worker *w)
{
	const struct age_kind *kinds = w->profile->kinds, *k;
	unsigned int sum = 0, at;

	for (k = kinds; k->name; k++)
		sum += w->absent & 1u << (k - kinds) ? 0 : k->weight;
	at = (unsigned int)cma_random_below(&w->random, sum);
	for (k = kinds; k->name; k++) {
		unsigned int weight = w->absent & 1u << (k - kinds) ? 0 : k->weight;

		if (at < weight)
			return k;
		at -= weight;
	}
	return kinds;
}

int age_pool_step(struct age_worker *w)
{
	struct age_thing *t = &w->things[age_draw_slot(&w->random, w->slots)];

	if (!t->kind)
		return age_pool_take(w, t, draw_kind(w));
	if (t->kind->use && cma_random_below(&w->random, t->kind->uses + 1))
		return t->kind->use(w, t);
	age_pool_give(w, t);
	return 0;
}

/* Whether an error says that there is no such thing here, and not that none is left. */
static bool is_absence(int error)
{
	return error != -ENOMEM && error != -EBUSY && error != -EAGAIN && error != -ENOSPC &&
	       error != -EMFILE && error != -ENFILE && error != -EDQUOT;
}

static int try_kinds(struct age_worker *w)
{
	const struct age_kind *kinds = w->profile->kinds;
	struct age_thing t;
	unsigned int there = 0;
	int ret = 0, last = 0;

	for (const struct age_kind *k = kinds; k->name && !w->ended; k++) {
		clear(&t);
		ret = age_pool_take(w, &t, k);
		age_pool_give(w, &t);
		if (!ret || !is_absence(ret)) {
			there++;
			continue;
		}
		w->absent |= 1u << (k - kinds);
		last = ret;
		age_worker_say(w, "no %s here: %s", k->name, strerror(-ret));
	}
	if (there || w->ended)
		return 0;
	return age_worker_skip(w, "nothing of it can be had here: %s", strerror(-last));
}

/* As many files as slots may need, as far as is allowed. */
static size_t raise_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return 256;
	if (limit.rlim_max < WANTED_FILES) {
		struct rlimit more = { WANTED_FILES, WANTED_FILES };

		if (!setrlimit(RLIMIT_NOFILE, &more))
			return WANTED_FILES;
	}
	limit.rlim_cur = limit.rlim_max < WANTED_FILES ? limit.rlim_max : WANTED_FILES;
	setrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur;
}

static size_t count_slots(const struct age_worker *w)
{
	const struct age_profile *p = w->profile;
	size_t files = raise_files(), slots = 0;

	for (int r = 0; r < AGE_RESOURCES; r++)
		slots += w->budget[r] / p->typical;
	if (slots > p->most)
		slots = p->most;
	if (slots > (files - OTHER_FILES) / 2)
		slots = (files - OTHER_FILES) / 2;
	return slots < LEAST_SLOTS ? LEAST_SLOTS : slots;
}

int age_pool_start(struct age_worker *w)
{
	size_t slots = count_slots(w);

	w->things = calloc(slots, sizeof(*w->things));
	if (!w->things)
		return age_worker_skip(w, "out of memory");
	w->slots = slots;
	for (size_t i = 0; i < slots; i++)
		clear(&w->things[i]);
	return try_kinds(w);
}

void age_pool_end(struct age_worker *w)
{
	for (size_t i = 0; i < w->slots; i++)
		age_pool_give(w, &w->things[i]);
	free(w->things);
	w->things = NULL;
	w->slots = 0;
}
