// SPDX-License-Identifier: MIT
/* How much of the machine each worker may have. */
#include "age/budget.h"

#include <string.h>

#define MB			(1ull << 20)
#define GRAIN			(8 * MB)	/* what is measured is rounded to this */
#define PROFILES_PERCENT	60
#define CMA_PERCENT		75
#define DISK_PERCENT		25
#define MOST_DISK		(1024 * MB)
#define LEAST			(4 * MB)

static uint64_t percent(uint64_t n, unsigned int percents)
{
	return n / 100 * percents;
}

static uint64_t measured(uint64_t kb)
{
	return kb * 1024 / GRAIN * GRAIN;
}

void age_budget_plan(struct age_budget *b, const struct age_memory *m,
		     const struct age_limits *limits, uint64_t disk, bool disk_is_memory)
{
	uint64_t available = measured(m->available_kb), cma = measured(m->cma_free_kb), rest;

	memset(b, 0, sizeof(*b));
	if (limits->memory_mb)
		available = limits->memory_mb * MB;
	b->outside = limits->memory_mb ? available : measured(m->total_kb - m->cma_total_kb);
	b->fill = percent(available, limits->fill_percent);
	rest = available - b->fill;
	if (!limits->memory_mb)
		rest = rest > cma ? rest - cma : 0;
	rest = percent(rest, PROFILES_PERCENT);
	b->total[AGE_ORDINARY] = rest > LEAST ? rest : LEAST;
	b->total[AGE_CMA] = limits->cma_mb ? limits->cma_mb * MB : percent(cma, CMA_PERCENT);
	/* Without an area such buffers are ordinary memory. */
	if (!m->cma_total_kb && !limits->cma_mb) {
		b->total[AGE_CMA] = b->total[AGE_ORDINARY] / 3;
		b->total[AGE_ORDINARY] -= b->total[AGE_CMA];
	}
	b->disk_is_memory = disk_is_memory;
	disk = percent(disk, DISK_PERCENT);
	b->total[AGE_DISK] = disk < MOST_DISK ? disk : MOST_DISK;
}

static uint64_t part(uint64_t total, unsigned int share, unsigned int shares)
{
	return share ? total / shares * share : 0;
}

void age_budget_share(const struct age_budget *b, const struct age_selection *s,
		      const struct age_profile *p, uint64_t budget[AGE_RESOURCES])
{
	unsigned int shares[AGE_RESOURCES] = { 0 };
	uint64_t disk = b->total[AGE_DISK];

	memset(budget, 0, sizeof(*budget) * AGE_RESOURCES);
	if (p == &age_fill) {
		budget[AGE_ORDINARY] = b->fill;
		return;
	}
	if (p == &age_sediment) {
		budget[AGE_ORDINARY] = b->outside;
		return;
	}
	for (size_t i = 0; i < s->count; i++)
		for (int r = 0; r < AGE_RESOURCES; r++)
			shares[r] += s->profiles[i]->shares[r];
	if (b->disk_is_memory) {
		shares[AGE_ORDINARY] += shares[AGE_DISK];
		shares[AGE_DISK] = shares[AGE_ORDINARY];
		if (disk > b->total[AGE_ORDINARY])
			disk = b->total[AGE_ORDINARY];
	}
	budget[AGE_ORDINARY] = part(b->total[AGE_ORDINARY], p->shares[AGE_ORDINARY],
				    shares[AGE_ORDINARY]);
	budget[AGE_CMA] = part(b->total[AGE_CMA], p->shares[AGE_CMA], shares[AGE_CMA]);
	budget[AGE_DISK] = part(disk, p->shares[AGE_DISK], shares[AGE_DISK]);
}
