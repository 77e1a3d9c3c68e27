/* SPDX-License-Identifier: MIT */
/*
 * The timetable of an ageing run: periods of (virtual) uptime, each of which begins with a burst of
 * activity and is idle after it. All programs of a run keep the same one, on CLOCK_BOOTTIME; they
 * find it in the environment:
 *
 *	VDC_LAB_START	begin, ns of CLOCK_BOOTTIME
 *	VDC_LAB_HOURS	length of the run
 *	VDC_LAB_PERIOD	seconds from a burst to the next
 *	VDC_LAB_BURST	seconds of a burst, at most a period
 */
#ifndef LAB_SCHEDULE_H
#define LAB_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#define LAB_MAX_HOURS	876600.0	/* a hundred years */

/**
 * struct lab_schedule - a timetable
 * @start_ns: begin, CLOCK_BOOTTIME
 * @period_ns: from a burst to the next, above 0
 * @burst_ns: length of a burst, at most @period_ns
 * @bursts: how many there are
 */
struct lab_schedule {
	uint64_t start_ns;
	uint64_t period_ns;
	uint64_t burst_ns;
	unsigned int bursts;
};

/** lab_now() - CLOCK_BOOTTIME, ns: sleep of the machine counts as uptime */
uint64_t lab_now(void);

/**
 * lab_schedule_set() - a timetable that begins now
 * @s: out
 * @hours: length of the run, above 0 up to LAB_MAX_HOURS; a part of a period counts as one
 * @period_s: seconds from a burst to the next
 * @burst_s: seconds of a burst
 * Return: 0, or -EINVAL for values out of range.
 */
int lab_schedule_set(struct lab_schedule *s, double hours, double period_s, double burst_s);

/**
 * lab_schedule_environment() - the timetable of the environment
 * @s: out
 * Return: 0; -ENOENT without VDC_LAB_START, -EINVAL for values out of range, after a message.
 */
int lab_schedule_environment(struct lab_schedule *s);

/**
 * lab_schedule_wait() - sleep until a burst begins
 * @s: the timetable
 * @burst: its number, from 0
 * Return: false when there are not so many, or a signal came.
 *
 *	for (n = 0; lab_schedule_wait(&s, n); n++)
 *		while (lab_schedule_active(&s, n))
 *			do_something();
 */
bool lab_schedule_wait(const struct lab_schedule *s, unsigned int burst);

/** lab_schedule_left() - ns until a burst ends, 0: it is over. Before its begin: the whole of it */
uint64_t lab_schedule_left(const struct lab_schedule *s, unsigned int burst);

/** lab_schedule_active() - whether a burst is not over */
static inline bool lab_schedule_active(const struct lab_schedule *s, unsigned int burst)
{
	return lab_schedule_left(s, burst) > 0;
}

#endif /* LAB_SCHEDULE_H */
