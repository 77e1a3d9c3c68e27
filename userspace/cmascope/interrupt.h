/* SPDX-License-Identifier: MIT */
/* Commands that run until Ctrl-C, and then still have something to do. */
#ifndef CMASCOPE_INTERRUPT_H
#define CMASCOPE_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/**
 * interrupt_catch() - take note of SIGINT, SIGTERM and SIGHUP, and wake up for SIGCHLD
 * @before: the signals that were blocked until now. With these a wait is ended by any of the four;
 *	they come at no other time.
 */
void interrupt_catch(sigset_t *before);

/** interrupt_came() - whether the user, or the system, has asked to end */
bool interrupt_came(void);

#endif /* CMASCOPE_INTERRUPT_H */
