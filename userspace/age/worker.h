/* SPDX-License-Identifier: MIT */
/* The process that runs a profile, burst by burst. */
#ifndef AGE_WORKER_H
#define AGE_WORKER_H

#include "age/profile.h"

/**
 * age_worker_start() - make the process
 * @w: the worker, all but @things, @slots, @dir, @path and @own set
 * @life: 0, or how often it died before: makes its random numbers other ones
 * @burst: the first burst that it takes part in
 *
 * Comes back when the profile has started, which for the filler means: has filled. Return: its
 * process ID, a negative errno. Where it cannot run, tally->reason says why and it ends.
 */
pid_t age_worker_start(struct age_worker *w, unsigned int life, unsigned int burst);

/**
 * age_worker_skip() - say, in the worker, why its profile cannot run here
 * Return: -ENODEV.
 */
int age_worker_skip(struct age_worker *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** age_worker_say() - print a line with the profile's name */
void age_worker_say(const struct age_worker *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * age_worker_rest() - sleep
 * @w: the worker
 * @until: in CLOCK_BOOTTIME, ns; the past: only look for signals
 * Return: false when it is to end.
 */
bool age_worker_rest(struct age_worker *w, uint64_t until);

/** age_worker_block() - keep the signals that say to end for age_worker_rest(), and SIGCHLD */
void age_worker_block(void);

#endif /* AGE_WORKER_H */
