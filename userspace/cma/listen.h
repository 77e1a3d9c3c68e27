/* SPDX-License-Identifier: MIT */
/*
 * The events of the running kernel, through an instance of tracefs of our own: nobody else's
 * tracing is disturbed, and what is not wanted is filtered in the kernel.
 *
 * What is measured must not be slowed down by being measured. Events stay in the kernel's buffers,
 * large ones, until half of one is full or some seconds are over; then whole pages are read and
 * decoded at once. Nobody is woken for an event.
 */
#ifndef CMA_LISTEN_H
#define CMA_LISTEN_H

#include <signal.h>

#include "cma/trace.h"

struct cma_listener;

/**
 * cma_listen_start() - begin
 * @info: areas. Events of areas that are not there add them, as trace.dat does; must stay valid
 * @area: only this area, NULL: all
 * @listener: out
 *
 * Removes first what a listener left behind that was killed.
 * Return: 0 or a negative errno; messages said what is missing and what would help.
 */
int cma_listen_start(struct cma_trace_info *info, const char *area,
		     struct cma_listener **listener);

/**
 * cma_listen_wait() - sleep until there is much to read
 * @listener: the listener
 * @ms: at most so long
 * @signals: signals that are let through meanwhile, as ppoll(); NULL: no change
 * Return: 0, or -EINTR: there was a signal.
 */
int cma_listen_wait(struct cma_listener *listener, int ms, const sigset_t *signals);

/**
 * cma_listen_read() - take what there is
 * @listener: the listener
 * @each: called for each event, in the order of time; a negative errno ends it
 * @context: for @each
 *
 * Events that came after this call began are kept for the next one: another processor may still
 * have an earlier one.
 * Return: 0, or what @each returned, or a negative errno.
 */
int cma_listen_read(struct cma_listener *listener,
		    int (*each)(void *context, const struct cma_event *event), void *context);

/** cma_listen_stop() - no more events from now on; those before can still be read */
void cma_listen_stop(struct cma_listener *listener);

/** cma_listen_resume() - go on after cma_listen_stop() */
void cma_listen_resume(struct cma_listener *listener);

/** cma_listen_room() - take so many kB for each processor, where a short time is listened to */
void cma_listen_room(struct cma_listener *listener, unsigned int kb);

/** cma_listen_lost() - events that were dropped because a buffer was full */
uint64_t cma_listen_lost(const struct cma_listener *listener);

/** cma_listen_end() - remove the instance and free; NULL is fine */
void cma_listen_end(struct cma_listener *listener);

#endif /* CMA_LISTEN_H */
