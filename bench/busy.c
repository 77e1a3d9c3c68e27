// SPDX-License-Identifier: MIT
#include "busy.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Of all processors since boot, seconds: columns 4 and 5 of /proc/stat; below 0: unknown. */
static double idle_seconds(void)
{
	unsigned long long user, nice, system, idle, iowait;
	FILE *f = fopen("/proc/stat", "re");
	int found = 0;

	if (f) {
		found = fscanf(f, "cpu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle,
			       &iowait);
		fclose(f);
	}
	return found == 5 ? (double)(idle + iowait) / (double)sysconf(_SC_CLK_TCK) : -1;
}

double busy_seconds(void)
{
	double idle = idle_seconds();
	struct timespec t;

	if (idle < 0)
		return -1;
	/* As old as the processors' idle time: since boot. */
	clock_gettime(CLOCK_BOOTTIME, &t);
	return ((double)t.tv_sec + (double)t.tv_nsec / 1e9) *
	       (double)sysconf(_SC_NPROCESSORS_ONLN) - idle;
}
