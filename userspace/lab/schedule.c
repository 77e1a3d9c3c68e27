// SPDX-License-Identifier: MIT
/* The timetable of an ageing run. */
#include "lab/schedule.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "message.h"

#define NS	1000000000u
#define ROUNDING	0.000001	/* of a whole number of periods */

uint64_t lab_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}

int lab_schedule_set(struct lab_schedule *s, double hours, double period_s, double burst_s)
{
	double bursts = ceil(hours * 3600 / period_s - ROUNDING);

	/* Written so that NaN is refused, too. */
	if (!(hours > 0 && hours <= LAB_MAX_HOURS && period_s >= 0.001 &&
	      period_s <= LAB_MAX_HOURS * 3600 && burst_s >= 0.001 && burst_s <= period_s &&
	      bursts <= UINT32_MAX))
		return -EINVAL;
	s->start_ns = lab_now();
	s->period_ns = (uint64_t)(period_s * NS);
	s->burst_ns = (uint64_t)(burst_s * NS);
	s->bursts = (unsigned int)bursts;
	return 0;
}

static int read_number(const char *name, double *value)
{
	const char *text = getenv(name);
	char *end;

	errno = 0;
	*value = text ? strtod(text, &end) : 0;
	if (text && *text && !*end && !errno)
		return 0;
	message("%s=%s is not a number", name, text ? text : "");
	return -EINVAL;
}

int lab_schedule_environment(struct lab_schedule *s)
{
	const char *start = getenv("VDC_LAB_START");
	double hours, period, burst;
	char *end;

	if (!start)
		return -ENOENT;
	if (read_number("VDC_LAB_HOURS", &hours) || read_number("VDC_LAB_PERIOD", &period) ||
	    read_number("VDC_LAB_BURST", &burst))
		return -EINVAL;
	if (lab_schedule_set(s, hours, period, burst)) {
		message("VDC_LAB_HOURS, _PERIOD and _BURST make no timetable: %g h, %g s, %g s",
			hours, period, burst);
		return -EINVAL;
	}
	errno = 0;
	s->start_ns = strtoull(start, &end, 10);
	if (*start && !*end && !errno)
		return 0;
	message("VDC_LAB_START=%s is not a time in ns", start);
	return -EINVAL;
}

bool lab_schedule_wait(const struct lab_schedule *s, unsigned int burst)
{
	uint64_t due = s->start_ns + burst * s->period_ns;
	struct timespec t = { .tv_sec = (time_t)(due / NS), .tv_nsec = (long)(due % NS) };

	if (burst >= s->bursts)
		return false;
	return !clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &t, NULL);
}

uint64_t lab_schedule_left(const struct lab_schedule *s, unsigned int burst)
{
	uint64_t begin = s->start_ns + burst * s->period_ns;
	uint64_t now = lab_now();

	if (now <= begin)
		return s->burst_ns;
	return now - begin < s->burst_ns ? s->burst_ns - (now - begin) : 0;
}
