// SPDX-License-Identifier: MIT
/* Counters of 32 bits that are watched while they wrap. */
#include "vdc_uptime_wrap.h"

void wrap_note(struct wrap *w, uint32_t value)
{
	if (!w->any)
		w->first = value;
	if (w->any && value < w->last) {
		w->wrapped = true;
		w->from = w->last;
		w->to = value;
	}
	w->any = true;
	w->last = value;
}

bool wrap_passed(const struct wrap *w, uint32_t steps)
{
	return w->any && w->first + steps < w->first;
}
