// SPDX-License-Identifier: MIT
/* Reading memory's state out of /proc, and the two indices of fragmentation. */
#include "lab/memory_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cma/cells.h"
#include "cma/machine.h"
#include "cma/snapshot.h"

#define LINE	512

/* A counter of a file of names and numbers. */
struct counter {
	const char *name;
	uint64_t *value;
};

/* "SUnreclaim:   123 kB" and "oom_kill 123"; a name that ends in '*' is any that begins so. */
static bool is_named(const char *line, const char *name, size_t length)
{
	size_t wanted = strlen(name);

	if (name[wanted - 1] == '*')
		return length >= wanted - 1 && !strncmp(line, name, wanted - 1);
	return length == wanted && !strncmp(line, name, length);
}

static int read_counters(const char *root, const char *path, const struct counter *counters,
			 size_t count)
{
	FILE *file = machine_open(root, "%s", path);
	unsigned long long value;
	char line[LINE];

	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file)) {
		size_t length = strcspn(line, ": ");

		if (sscanf(line + length, "%*[: ]%20llu", &value) != 1)
			continue;
		for (size_t i = 0; i < count; i++)
			if (is_named(line, counters[i].name, length))
				*counters[i].value += value;
	}
	fclose(file);
	return 0;
}

static int read_meminfo(const char *root, struct memory_state *s)
{
	const struct counter counters[] = {
		{ "MemFree", &s->mem_free_kb },
		{ "CmaFree", &s->cma_free_kb },
		{ "SUnreclaim", &s->slab_kb },
	};

	return read_counters(root, "/proc/meminfo", counters,
			     sizeof(counters) / sizeof(counters[0]));
}

static void read_vmstat(const char *root, struct memory_state *s)
{
	const struct counter counters[] = {
		{ "allocstall*", &s->stalls },
		{ "compact_stall", &s->compact_stalls },
		{ "compact_fail", &s->compact_fails },
		{ "oom_kill", &s->oom_kills },
		{ "cma_alloc_fail", &s->cma_fails },
	};

	read_counters(root, "/proc/vmstat", counters, sizeof(counters) / sizeof(counters[0]));
}

static void add_blocks(uint64_t *sum, const struct free_blocks *line)
{
	for (unsigned int order = 0; order < line->orders; order++)
		sum[order] += line->blocks[order];
}

static void read_buddyinfo(const char *root, struct memory_state *s)
{
	FILE *file = machine_open(root, "/proc/buddyinfo");
	struct free_blocks blocks;
	char line[LINE];

	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		if (!free_blocks_parse(line, &blocks) || *blocks.type)
			continue;
		add_blocks(s->free, &blocks);
		if (blocks.orders > s->orders)
			s->orders = blocks.orders;
	}
	fclose(file);
	for (unsigned int order = 0; order < s->orders; order++) {
		s->unusable[order] = memory_unusable(s->free, s->orders, order);
		s->extfrag[order] = memory_extfrag(s->free, s->orders, order);
	}
}

static struct memory_type *type_of(struct memory_state *s, const char *name)
{
	for (unsigned int i = 0; i < s->type_count; i++)
		if (!strcmp(s->types[i].name, name))
			return &s->types[i];
	if (s->type_count == MEMORY_TYPES)
		return NULL;
	snprintf(s->types[s->type_count].name, sizeof(s->types[0].name), "%s", name);
	return &s->types[s->type_count++];
}

/* The first of its tables; a second one counts blocks that are not free, too. */
static void read_pagetypeinfo(const char *root, struct memory_state *s)
{
	FILE *file = machine_open(root, "/proc/pagetypeinfo");
	struct free_blocks blocks;
	struct memory_type *type;
	char line[LINE];

	if (!file)
		return;
	while (fgets(line, sizeof(line), file) && strncmp(line, "Number of blocks", 16)) {
		if (!free_blocks_parse(line, &blocks) || !*blocks.type)
			continue;
		type = type_of(s, blocks.type);
		if (type)
			add_blocks(type->blocks, &blocks);
	}
	fclose(file);
}

/* The first area whose bits are known. */
static void read_map(const char *root, struct memory_state *s)
{
	struct cma_snapshot snapshot;

	if (cma_snapshot_take(root, CMA_LOOK_PAGES, &snapshot))
		return;
	for (size_t i = 0; i < snapshot.area_count && !*s->map; i++)
		if (snapshot.areas[i].map_known)
			cma_cells(&snapshot.areas[i], MEMORY_CELLS, s->map);
	cma_snapshot_end(&snapshot);
}

int memory_state_read(const char *root, struct memory_state *state)
{
	int ret;

	memset(state, 0, sizeof(*state));
	ret = read_meminfo(root, state);
	if (ret)
		return ret;
	read_vmstat(root, state);
	read_buddyinfo(root, state);
	read_pagetypeinfo(root, state);
	state->kswapd_known = memory_kswapd(root, &state->kswapd_ns);
	read_map(root, state);
	return 0;
}

/* struct contig_page_info of the kernel */
struct contig {
	uint64_t pages;
	uint64_t blocks;
	uint64_t suitable;
};

static struct contig contig_of(const uint64_t *free, unsigned int orders, unsigned int order)
{
	struct contig info = { 0 };

	for (unsigned int i = 0; i < orders; i++) {
		info.pages += free[i] << i;
		info.blocks += free[i];
		if (i >= order)
			info.suitable += free[i] << (i - order);
	}
	return info;
}

int memory_unusable(const uint64_t *free, unsigned int orders, unsigned int order)
{
	struct contig info = contig_of(free, orders, order);

	if (!info.pages)
		return 1000;
	return (int)((info.pages - (info.suitable << order)) * 1000 / info.pages);
}

int memory_extfrag(const uint64_t *free, unsigned int orders, unsigned int order)
{
	struct contig info = contig_of(free, orders, order);

	if (!info.blocks)
		return 0;
	if (info.suitable)
		return EXTFRAG_WOULD_SUCCEED;
	return 1000 - (int)((1000 + info.pages * 1000 / (1ull << order)) / info.blocks);
}
