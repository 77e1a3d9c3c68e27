// SPDX-License-Identifier: MIT
/* What a run must give back. */
#include <dirent.h>
#include "igt_abi.h"
#include "vdc_cma_area.h"
#include "vdc_uptime_balance.h"
#include "vdc_uptime_events.h"

#define SLACK_KB	4096	/* movable pages that borrow a little of the area come and go */

static int open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	int count = 0;

	igt_assert(d);
	while (readdir(d))
		count++;
	closedir(d);
	return count;
}

void balance_read(struct balance *b, bool alone)
{
	struct cma_area area;

	*b = (struct balance){ .fds = open_files(), .dmabufs = -1 };
	if (!alone)
		return;
	b->dmabufs = event_dmabufs(NULL);
	b->cma = cma_area_read(&area);
	if (b->cma) {
		b->cma_used = area.used;
		b->cma_free_kb = cma_free_kb(&area);
	}
	cma_area_free(&area);
}

void balance_check(const struct balance *start, bool alone)
{
	struct balance now;

	balance_read(&now, alone);
	igt_info("%d files, %d DMA-BUFs, %llu pages of CMA, CmaFree %ld kB\n", now.fds, now.dmabufs,
		 (unsigned long long)now.cma_used, now.cma_free_kb);
	igt_info("at the start %d, %d, %llu, %ld kB\n", start->fds, start->dmabufs,
		 (unsigned long long)start->cma_used, start->cma_free_kb);
	igt_assert_eq(now.fds, start->fds);
	igt_assert_eq(now.dmabufs, start->dmabufs);
	igt_assert_eq_u64(now.cma_used, start->cma_used);
	igt_assert_lte_s64(start->cma_free_kb - SLACK_KB, now.cma_free_kb);
}
