// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cma/ordinary.h"

#define LEAST_KEPT_KB	128
#define MOST_KEPT_KB	262144

void cma_ordinary_limit(struct cma_ordinary *ordinary)
{
	uint64_t kept = (uint64_t)sqrt((double)ordinary->memory * 16), used;

	if (kept < LEAST_KEPT_KB)
		kept = LEAST_KEPT_KB;
	ordinary->kept_free = kept < MOST_KEPT_KB ? kept : MOST_KEPT_KB;
	if (__builtin_add_overflow(ordinary->unmovable, ordinary->kept_free, &used))
		used = UINT64_MAX;
	ordinary->limit = used < ordinary->memory ? ordinary->memory - used : 0;
}

bool cma_ordinary_read(struct cma_ordinary *ordinary, FILE *meminfo)
{
	uint64_t slab = 0, tables = 0, more_tables = 0, percpu = 0, mapped = 0, stacks = 0;
	const struct { const char *name; uint64_t *value; } wanted[] = {
		{ "MemTotal", &ordinary->memory },
		{ "SUnreclaim", &slab },
		{ "PageTables", &tables },
		{ "SecPageTables", &more_tables },
		{ "Percpu", &percpu },
		{ "VmallocUsed", &mapped },
		{ "KernelStack", &stacks },
	};
	char line[256], name[64];
	uint64_t value;

	memset(ordinary, 0, sizeof(*ordinary));
	while (fgets(line, sizeof(line), meminfo)) {
		if (sscanf(line, "%63[^:]: %15" SCNu64 " kB", name, &value) != 2)
			continue;
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (!strcmp(name, wanted[i].name))
				*wanted[i].value = value;
	}
	ordinary->unmovable = slab + tables + more_tables + percpu +
			      (mapped > stacks ? mapped : stacks);
	return ordinary->memory > 0;
}
