// SPDX-License-Identifier: MIT
/* Commands that run until Ctrl-C, and then still have something to do. */
#include "cmascope/interrupt.h"

#include <stddef.h>

static sig_atomic_t interrupted;

static void interrupt(int number)
{
	if (number != SIGCHLD)
		__atomic_store_n(&interrupted, 1, __ATOMIC_RELAXED);
}

bool interrupt_came(void)
{
	return __atomic_load_n(&interrupted, __ATOMIC_RELAXED);
}

void interrupt_catch(sigset_t *before)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD };
	struct sigaction action = { .sa_handler = interrupt };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], &action, NULL);
		sigaddset(&set, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &set, before);
}
