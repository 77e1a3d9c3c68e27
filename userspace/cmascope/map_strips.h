/* SPDX-License-Identifier: MIT */
/* The picture of an area itself: its pages as strips below each other, with a scale. */
#ifndef CMASCOPE_MAP_STRIPS_H
#define CMASCOPE_MAP_STRIPS_H

#include "cmascope/map_area.h"
#include "cmascope/map_canvas.h"

/** map_strips() - draw them, from the canvas's y on */
void map_strips(struct canvas *canvas, const struct map_area *map);

#endif /* CMASCOPE_MAP_STRIPS_H */
