/* SPDX-License-Identifier: MIT */
/* The things that a worker holds, within its budget. */
#ifndef AGE_POOL_H
#define AGE_POOL_H

#include "age/profile.h"

/**
 * age_pool_start() - make the slots, and find out which kinds can be had here
 * @w: the worker, with its budget
 *
 * Each kind is taken and given back once. One that is not there is said so, once, and left out.
 * Return: 0; -ENODEV, after age_worker_skip(): none can be had; -ENOMEM.
 */
int age_pool_start(struct age_worker *w);

/** age_pool_end() - give everything back; without slots: nothing */
void age_pool_end(struct age_worker *w);

/**
 * age_pool_step() - take, use or give back one thing
 * Return: 0, or what the kernel refused with.
 */
int age_pool_step(struct age_worker *w);

/**
 * age_pool_take() - take a thing of a kind
 * @w: the worker
 * @t: an empty slot
 * @kind: its kind
 * Return: 0, or what the kernel refused with.
 */
int age_pool_take(struct age_worker *w, struct age_thing *t, const struct age_kind *kind);

/** age_pool_give() - give a thing back; an empty slot is fine */
void age_pool_give(struct age_worker *w, struct age_thing *t);

/**
 * age_pool_room() - make room in the budget
 * @w: the worker
 * @resource: of which
 * @bytes: how much
 *
 * Gives back things, drawn at random, until so much is left.
 * Return: whether it is; false: more than the whole budget.
 */
bool age_pool_room(struct age_worker *w, enum age_resource resource, uint64_t bytes);

/** age_pool_most() - the largest size to draw: @most, or a quarter of a small budget */
uint64_t age_pool_most(const struct age_worker *w, enum age_resource resource, uint64_t most);

#endif /* AGE_POOL_H */
