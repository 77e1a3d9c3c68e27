/* SPDX-License-Identifier: MIT */
/* The directory where files come and go: one for the run, below it one for each worker. */
#ifndef AGE_WORKDIR_H
#define AGE_WORKDIR_H

#include <stdbool.h>

#include "age/profile.h"

/**
 * struct age_workdir - the run's directory
 * @path: where
 * @fresh: it was made for the run, and goes with it
 */
struct age_workdir {
	char path[200];
	bool fresh;
};

/**
 * age_workdir_open() - find or make the directory, and see what it is on
 * @d: out
 * @path: an existing directory; NULL: make one below /tmp
 * @setup: out: @work, @fresh, @tmpfs, @in_memory
 * Return: 0, or a negative errno after a message. End with age_workdir_close().
 */
int age_workdir_open(struct age_workdir *d, const char *path, struct age_setup *setup);

/** age_workdir_free() - bytes that may still be written there; 0: unknown */
uint64_t age_workdir_free(const struct age_workdir *d);

/** age_workdir_remove() - remove what a worker left that was killed */
void age_workdir_remove(const struct age_workdir *d, const char *profile);

/** age_workdir_close() - remove it if it is the run's own */
void age_workdir_close(const struct age_workdir *d);

/**
 * age_workdir_enter() - in a worker: make its own directory, empty
 * Return: 0, or -ENODEV after age_worker_skip().
 */
int age_workdir_enter(struct age_worker *w);

/** age_workdir_leave() - in a worker: remove it */
void age_workdir_leave(struct age_worker *w);

#endif /* AGE_WORKDIR_H */
