/* SPDX-License-Identifier: MIT */
/* DMA-BUF heaps. */
#ifndef AGE_HEAP_H
#define AGE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

#include "age/profile.h"

/**
 * age_heap_open() - open a heap
 * @cma: the first that is not a system heap: of a CMA area; otherwise the system heap
 * Return: a file descriptor or a negative errno.
 */
int age_heap_open(bool cma);

/**
 * age_heap_take() - allocate a buffer and write to its first page
 * @heap: from age_heap_open(), or its error
 * @t: where its file is kept
 * @size: bytes, whole pages
 * Return: 0 or a negative errno.
 */
int age_heap_take(int heap, struct age_thing *t, uint64_t size);

#endif /* AGE_HEAP_H */
