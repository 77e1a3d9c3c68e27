// SPDX-License-Identifier: MIT
/* What the kernel says of its memory. */
#include "age/memory.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void age_memory_meminfo(struct age_memory *m, FILE *f)
{
	static const struct { const char *name; size_t offset; } wanted[] = {
		{ "MemTotal", offsetof(struct age_memory, total_kb) },
		{ "MemAvailable", offsetof(struct age_memory, available_kb) },
		{ "MemFree", offsetof(struct age_memory, free_kb) },
		{ "CmaTotal", offsetof(struct age_memory, cma_total_kb) },
		{ "CmaFree", offsetof(struct age_memory, cma_free_kb) },
		{ "SUnreclaim", offsetof(struct age_memory, slab_kb) },
	};
	char line[256], name[64];
	uint64_t value;

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%63[^:]: %15" SCNu64 " kB", name, &value) != 2)
			continue;
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (!strcmp(name, wanted[i].name))
				*(uint64_t *)((char *)m + wanted[i].offset) = value;
	}
}

/* Adds the numbers of a line to @sums, one an order. */
static void add_orders(uint64_t sums[AGE_ORDERS], const char *text)
{
	for (int order = 0; order < AGE_ORDERS; order++) {
		char *end;
		uint64_t n = strtoull(text, &end, 10);

		if (end == text)
			return;
		sums[order] += n;
		text = end;
	}
}

/* "Node 0, zone   Normal    216     55 ..." */
void age_memory_buddyinfo(struct age_memory *m, FILE *f)
{
	char line[512];
	int at;

	while (fgets(line, sizeof(line), f)) {
		at = 0;
		if (!sscanf(line, "Node %*d, zone %*s %n", &at) && at)
			add_orders(m->free, line + at);
	}
}

static int find_type(struct age_memory *m, const char *name)
{
	for (int i = 0; i < AGE_TYPES; i++) {
		if (!m->types[i][0])
			snprintf(m->types[i], AGE_TYPE_NAME, "%s", name);
		if (!strcmp(m->types[i], name))
			return i;
	}
	return -1;
}

/* "Node    0, zone   Normal, type    Unmovable     36     15 ...", numbers may be ">100000". */
void age_memory_pagetypeinfo(struct age_memory *m, FILE *f)
{
	char line[512], name[AGE_TYPE_NAME], *mark;
	int at, type;

	while (fgets(line, sizeof(line), f)) {
		while ((mark = strchr(line, '>')))
			*mark = ' ';
		at = 0;
		if (sscanf(line, "Node %*d, zone %*[^,], type %15s %n", name, &at) != 1 || !at)
			continue;
		type = find_type(m, name);
		if (type >= 0)
			add_orders(m->of_type[type], line + at);
	}
}

void age_memory_read(struct age_memory *m)
{
	static const struct {
		const char *path;
		void (*read)(struct age_memory *m, FILE *f);
	} files[] = {
		{ "/proc/meminfo", age_memory_meminfo },
		{ "/proc/buddyinfo", age_memory_buddyinfo },
		{ "/proc/pagetypeinfo", age_memory_pagetypeinfo },
	};

	memset(m, 0, sizeof(*m));
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		FILE *f = fopen(files[i].path, "re");

		if (!f)
			continue;
		files[i].read(m, f);
		fclose(f);
	}
}
