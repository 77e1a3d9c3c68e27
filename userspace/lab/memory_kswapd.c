// SPDX-License-Identifier: MIT
/* The CPU time of kswapd. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cma/machine.h"
#include "lab/memory_state.h"

#define NS	1000000000ull

static bool is_kswapd(const char *root, const char *pid)
{
	FILE *file = machine_open(root, "/proc/%s/comm", pid);
	char comm[32] = "";
	bool is;

	if (!file)
		return false;
	is = fgets(comm, sizeof(comm), file) && !strncmp(comm, "kswapd", 6) &&
		comm[6] >= '0' && comm[6] <= '9';
	fclose(file);
	return is;
}

/* Only there with CONFIG_SCHED_INFO: time on the CPU, time waiting for it, times it got it. */
static bool from_schedstat(const char *root, const char *pid, uint64_t *ns)
{
	FILE *file = machine_open(root, "/proc/%s/schedstat", pid);
	unsigned long long run, wait, times;
	bool good;

	if (!file)
		return false;
	good = fscanf(file, "%20llu %20llu %20llu", &run, &wait, &times) == 3;
	fclose(file);
	/* One that has never run is not told from a kernel that does not count. */
	if (!good || !times)
		return false;
	*ns += run;
	return true;
}

static bool from_clock(const char *root, const char *pid, uint64_t *ns)
{
	struct timespec t;
	clockid_t clock;

	if (*root || clock_getcpuclockid((pid_t)atoi(pid), &clock) || clock_gettime(clock, &t))
		return false;
	*ns += (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
	return true;
}

/* proc(5): fields 14 and 15, behind the name, which may contain anything. */
static bool from_stat(const char *root, const char *pid, uint64_t *ns)
{
	FILE *file = machine_open(root, "/proc/%s/stat", pid);
	unsigned long long user, system;
	char line[1024] = "";
	const char *end;

	if (!file)
		return false;
	end = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
	fclose(file);
	if (!end || sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %20llu %20llu",
			   &user, &system) != 2)
		return false;
	*ns += (user + system) * (NS / (unsigned long long)sysconf(_SC_CLK_TCK));
	return true;
}

bool memory_kswapd(const char *root, uint64_t *ns)
{
	struct machine_names pids;
	bool known = false;

	*ns = 0;
	if (machine_list(root, &pids, "/proc"))
		return false;
	for (size_t i = 0; i < pids.count; i++) {
		const char *pid = pids.names[i];

		if (*pid < '1' || *pid > '9' || !is_kswapd(root, pid))
			continue;
		known = from_schedstat(root, pid, ns) || from_clock(root, pid, ns) ||
			from_stat(root, pid, ns) || known;
	}
	machine_names_end(&pids);
	return known;
}
