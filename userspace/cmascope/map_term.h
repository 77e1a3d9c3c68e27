/* SPDX-License-Identifier: MIT */
/* The live picture on a terminal. */
#ifndef CMASCOPE_MAP_TERM_H
#define CMASCOPE_MAP_TERM_H

#include <stdbool.h>

/**
 * struct map_view - what is watched
 * @area: the area to begin with, NULL: the first
 * @root: "" for this machine, or a directory with a copy
 * @owners: ask page_owner each time
 * @seconds: between looks, above 0
 */
struct map_view {
	const char *area;
	const char *root;
	bool owners;
	double seconds;
};

/** map_term() - show until the user ends it. Return: exit status */
int map_term(const struct map_view *view);

#endif /* CMASCOPE_MAP_TERM_H */
