/* SPDX-License-Identifier: MIT */
/* The workers of a run: started, watched, started again, ended. */
#ifndef AGE_CREW_H
#define AGE_CREW_H

#include "age/budget.h"
#include "age/profiles.h"

/**
 * struct age_member - a worker, as its parent knows it
 * @worker: what it starts with
 * @pid: its process, 0: none
 * @deaths: how often it was killed
 */
struct age_member {
	struct age_worker worker;
	pid_t pid;
	unsigned int deaths;
};

/**
 * struct age_crew - all of them
 * @setup: what they share
 * @members: the filler and the sediment, if they are wanted, and a member for each profile
 * @count: how many
 * @ended: a signal said to end
 * @show: called a few times a second while the crew works, NULL: not
 * @show_data: for @show
 */
struct age_crew {
	struct age_setup *setup;
	struct age_member members[AGE_MAX_PROFILES + 2];
	size_t count;
	bool ended;
	void (*show)(const struct age_crew *c, void *data);
	void *show_data;
};

/**
 * age_crew_start() - start all
 * @c: out; @setup, @show and @show_data set
 * @s: the profiles
 * @b: what they may have
 * Return: how many profiles run; -ENOMEM after a message. End with age_crew_end().
 */
int age_crew_start(struct age_crew *c, const struct age_selection *s, const struct age_budget *b);

/**
 * age_crew_run() - let them work through the timetable
 * @c: the crew
 *
 * A worker that is killed is reported and started again at the next burst. Comes back at the end
 * of the last period, or at a signal; all that is held is still held.
 */
void age_crew_run(struct age_crew *c);

/** age_crew_end() - end all, which gives everything back; the tallies stay */
void age_crew_end(struct age_crew *c);

/** age_crew_free() - free the tallies */
void age_crew_free(struct age_crew *c);

#endif /* AGE_CREW_H */
