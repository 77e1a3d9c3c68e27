/* SPDX-License-Identifier: MIT */
/* A snapshot as JSON. */
#ifndef CMASCOPE_MAP_JSON_H
#define CMASCOPE_MAP_JSON_H

#include <json-c/json.h>

#include "cma/snapshot.h"

/**
 * map_json() - a snapshot as a JSON object
 * @snapshot: looked at with CMA_LOOK_PAGES
 * @only: name of the one area that is wanted, NULL: all
 * Return: the object, NULL: no memory.
 */
struct json_object *map_json(const struct cma_snapshot *snapshot, const char *only);

#endif /* CMASCOPE_MAP_JSON_H */
