/* SPDX-License-Identifier: MIT */
/* A snapshot as a printed picture, made of characters. */
#ifndef CMASCOPE_MAP_TEXT_H
#define CMASCOPE_MAP_TEXT_H

#include <stdio.h>

#include "cma/snapshot.h"

/**
 * map_text() - print a picture of 80 columns and its legend
 * @file: where to
 * @snapshot: looked at with CMA_LOOK_PAGES
 * @only: name of the one area that is wanted, NULL: all
 * Return: 0 or -ENOMEM.
 */
int map_text(FILE *file, const struct cma_snapshot *snapshot, const char *only);

/** map_text_missing() - print what is not known and what would tell */
void map_text_missing(FILE *file, const struct cma_snapshot *snapshot);

#endif /* CMASCOPE_MAP_TEXT_H */
