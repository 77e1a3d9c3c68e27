/* SPDX-License-Identifier: MIT */
/* A snapshot as a picture: SVG or PNG. */
#ifndef CMASCOPE_MAP_DRAW_H
#define CMASCOPE_MAP_DRAW_H

#include "cma/snapshot.h"

enum map_format {
	MAP_FORMAT_SVG,
	MAP_FORMAT_PNG,
};

/**
 * map_draw() - draw the areas with scale, legend, and the owner of each buffer
 * @snapshot: looked at with CMA_LOOK_PAGES
 * @only: name of the one area that is wanted, NULL: all
 * @format: what to write
 * @path: file, "-": standard output
 * Return: 0 or a negative errno.
 */
int map_draw(const struct cma_snapshot *snapshot, const char *only, enum map_format format,
	     const char *path);

#endif /* CMASCOPE_MAP_DRAW_H */
