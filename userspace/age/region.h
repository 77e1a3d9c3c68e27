/* SPDX-License-Identifier: MIT */
/* Anonymous memory of a thing: mapped, touched, and holes made in it. */
#ifndef AGE_REGION_H
#define AGE_REGION_H

#include "age/profile.h"

/** age_page() - bytes of a page */
size_t age_page(void);

/**
 * age_region_map() - map memory, nothing of it taken yet
 * @t: where it is kept
 * @size: bytes
 * Return: 0 or -ENOMEM.
 */
int age_region_map(struct age_thing *t, size_t size);

/**
 * age_region_take() - map memory and take all of it, within the budget
 * @w: whose budget
 * @t: where it is kept, with its bytes counted
 * @size: bytes
 * Return: 0, -EDQUOT or -ENOMEM.
 */
int age_region_take(struct age_worker *w, struct age_thing *t, size_t size);

/** age_region_touch() - write to each page of a part, which takes them */
void age_region_touch(struct age_thing *t, size_t from, size_t size);

/**
 * age_region_hole() - unmap a part
 * @t: the memory
 * @from: a multiple of the page size
 * @size: another
 *
 * The addresses stay reserved, so that no other mapping comes there. It must not be touched again.
 * Return: 0 or a negative errno.
 */
int age_region_hole(struct age_thing *t, size_t from, size_t size);

#endif /* AGE_REGION_H */
