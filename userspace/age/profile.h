/* SPDX-License-Identifier: MIT */
/*
 * What ages memory, and the process that does it.
 *
 * A profile is a way to use memory (files, sockets, windows, ...), described by the kinds of
 * things that it takes and gives back. Each profile runs in a process of its own, the worker,
 * which holds things in slots. A step of the worker draws a slot: an empty one is taken, a taken
 * one is used or given back. Slots are drawn with very different probabilities (draw.h), so lives
 * are too: most are short, and some things stay for the whole run, which is what fragments
 * memory.
 */
#ifndef AGE_PROFILE_H
#define AGE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cma/random.h"
#include "lab/journal.h"
#include "lab/schedule.h"

struct age_kind;
struct age_worker;

#define AGE_FDS		4	/* file descriptors that a thing may have */
#define AGE_MAX_KINDS	8

/** enum age_resource - what things are made of; each worker has a budget of each */
enum age_resource {
	AGE_ORDINARY,	/* memory */
	AGE_CMA,	/* contiguous memory */
	AGE_DISK,	/* space in the file system of the work directory */
	AGE_RESOURCES,
};

/**
 * struct age_thing - what a slot holds
 * @kind: NULL: the slot is empty
 * @bytes: counted against the budget
 * @map: memory, NULL: none
 * @size: of @map
 * @fds: open files, -1: none
 * @handles: a kind's own numbers
 * @pid: a child, 0: none
 */
struct age_thing {
	const struct age_kind *kind;
	uint64_t bytes;
	void *map;
	size_t size;
	int fds[AGE_FDS];
	uint32_t handles[3];
	pid_t pid;
};

/**
 * struct age_kind - a kind of things
 * @name: for messages
 * @weight: how often it is drawn, compared with the profile's other kinds
 * @uses: how often a thing is used before it is given back, on average
 * @resource: what it costs
 * @take: makes a thing: 0, or a negative errno with nothing left over but @map and @fds. It asks
 *	age_pool_room() first (-EDQUOT: more than the budget) and sets @bytes
 * @use: works with it; NULL: nothing to do
 * @give: gives back what age_thing_end() would not (it unmaps @map and closes @fds); NULL: nothing
 */
struct age_kind {
	const char *name;
	unsigned int weight;
	unsigned int uses;
	enum age_resource resource;
	int (*take)(struct age_worker *w, struct age_thing *t);
	int (*use)(struct age_worker *w, struct age_thing *t);
	void (*give)(struct age_worker *w, struct age_thing *t);
};

/**
 * struct age_profile - a way to use memory
 * @name: as --profile takes it
 * @summary: one line for people
 * @constant: makes its random numbers its own
 * @rate: steps a second
 * @shares: of the budgets, compared with other profiles
 * @typical: bytes of a thing: how many slots a budget makes
 * @most: slots at most
 * @kinds: ends with one that has no name
 * @start: opens what the kinds need: 0, or a negative errno after age_worker_skip(). NULL: nothing
 * @fill: takes things before the first burst. NULL: nothing
 * @step: instead of age_pool_step(): 0, or a negative errno when the kernel refused. NULL: that
 * @stop: closes what @start opened, after all things are given back. NULL: nothing
 */
struct age_profile {
	const char *name;
	const char *summary;
	uint64_t constant;
	unsigned int rate;
	unsigned int shares[AGE_RESOURCES];
	uint64_t typical;
	unsigned int most;
	const struct age_kind *kinds;
	int (*start)(struct age_worker *w);
	void (*fill)(struct age_worker *w);
	int (*step)(struct age_worker *w);
	void (*stop)(struct age_worker *w);
};

/**
 * struct age_tally - what a worker has done, in memory shared with its parent
 * @operations: steps
 * @failures: refused by the kernel
 * @held: bytes held now
 * @filled: bytes held before the first step
 * @bursts: so many of the timetable are over for it
 * @reason: why the profile cannot run here; empty: it runs
 */
struct age_tally {
	uint64_t operations;
	uint64_t failures;
	uint64_t held;
	uint64_t filled;
	unsigned int bursts;
	char reason[160];
};

/**
 * struct age_setup - what all workers have in common
 * @schedule: the timetable
 * @journal: where bursts are reported
 * @seed: of the run
 * @work: directory for files
 * @fresh: it was made for the run
 * @tmpfs: its file system keeps files in memory, nothing of them can be reclaimed
 * @in_memory: so does it, or the block device below it
 * @memory_kb: memory of the machine, or what a person gives of it
 * @sediment_kb: size of a block in which a page that cannot be moved is left; 0: none are
 * @device: DRM device for dumb buffers, NULL: look for one
 */
struct age_setup {
	struct lab_schedule schedule;
	struct journal *journal;
	uint64_t seed;
	const char *work;
	bool fresh;
	bool tmpfs;
	bool in_memory;
	uint64_t memory_kb;
	unsigned int sediment_kb;
	const char *device;
};

/**
 * struct age_worker - the process that runs a profile
 * @profile: the profile
 * @setup: what it shares with others
 * @tally: what it has done
 * @random: its random numbers
 * @budget: bytes of each resource
 * @held: bytes of each resource
 * @things: slots
 * @slots: how many
 * @absent: bit set: this kind cannot be had here
 * @dir: its own directory below the work directory
 * @path: of @dir
 * @count: of things taken, names for files
 * @ended: a signal said to end
 * @own: the profile's own, of @start
 */
struct age_worker {
	const struct age_profile *profile;
	const struct age_setup *setup;
	struct age_tally *tally;
	struct cma_random random;
	uint64_t budget[AGE_RESOURCES];
	uint64_t held[AGE_RESOURCES];
	struct age_thing *things;
	size_t slots;
	unsigned int absent;
	int dir;
	char path[256];
	uint32_t count;
	bool ended;
	void *own;
};

extern const struct age_profile age_fill, age_sediment, age_abbott, age_anon, age_cache, age_camera,
	age_desktop, age_dmabuf, age_fork, age_fs, age_pins, age_slab, age_thp;

#endif /* AGE_PROFILE_H */
