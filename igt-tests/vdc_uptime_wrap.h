/* SPDX-License-Identifier: MIT */
/* Counters of 32 bits that are watched while they wrap. */
#ifndef VDC_UPTIME_WRAP_H
#define VDC_UPTIME_WRAP_H

#include <stdbool.h>
#include <stdint.h>

/** enum wrap_counter - those that each frame advances by one */
enum wrap_counter {
	WRAP_FRAME,	/* the controller's frame count */
	WRAP_VBLANK,	/* DRM's vblank count, as flip events tell it */
	WRAP_FENCE,	/* numbers of the CRTC's out-fences */
	WRAP_COUNTERS
};

/**
 * struct wrap - one counter
 * @any: there was a value
 * @wrapped: the next value was smaller
 * @first: the first value
 * @last: the last value
 * @from: the last one before the wrap
 * @to: the first one after it
 */
struct wrap {
	bool any, wrapped;
	uint32_t first, last, from, to;
};

/** wrap_note() - the counter has a value: less than half its range after the one before */
void wrap_note(struct wrap *w, uint32_t value);

/** wrap_passed() - whether @steps from its first value lead past the wrap */
bool wrap_passed(const struct wrap *w, uint32_t steps);

#endif /* VDC_UPTIME_WRAP_H */
