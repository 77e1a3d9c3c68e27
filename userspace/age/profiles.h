/* SPDX-License-Identifier: MIT */
/* The profiles that there are, and which of them a run has. */
#ifndef AGE_PROFILES_H
#define AGE_PROFILES_H

#include <stdio.h>

#include "age/profile.h"

#define AGE_MAX_PROFILES	16

/**
 * struct age_selection - the profiles of a run, in the order of the table
 * @profiles: each once
 * @count: how many
 */
struct age_selection {
	const struct age_profile *profiles[AGE_MAX_PROFILES];
	size_t count;
};

/**
 * age_profiles_select() - read a list of profiles
 * @s: out
 * @list: names with commas between; "mixed" stands for all
 * Return: 0, or -EINVAL after a message.
 */
int age_profiles_select(struct age_selection *s, const char *list);

/** age_profiles_print() - print a line for each profile */
void age_profiles_print(FILE *f);

#endif /* AGE_PROFILES_H */
