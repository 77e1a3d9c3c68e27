// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cma/page_owners.h"

#define BUCKETS		1024

/* Functions that say nothing: all allocations come through them. By their beginning. */
static const char *const allocator[] = {
	"__alloc_", "alloc_", "__set_page_owner", "set_page_owner", "post_alloc_hook",
	"prep_new_page", "get_page_from_freelist", "folio_alloc", "__folio_alloc",
	"vma_alloc_folio", "cma_alloc", "__cma_alloc", "isolate_free", "split_", "prep_",
	"register_page_owner", "dma_alloc_", "dma_direct_", "__dma_direct_",
	"__page_cache_alloc", "save_stack", "__get_free_pages", "create_dummy_stack",
	"cma_range_alloc", "dma_common_",
};

/**
 * struct entry - a record of the file while it is read
 * @owner: what is known so far
 * @order: of its pages
 * @pfn: first page
 * @has_pfn: the line with the frame was seen
 */
struct entry {
	struct page_owner owner;
	unsigned int order;
	uint64_t pfn;
	bool has_pfn;
};

/* The owners by their hash, while they are gathered. */
struct gather {
	struct page_owners *out;
	size_t room;
	uint32_t *next;
	uint32_t first[BUCKETS];
};

static unsigned int hash(const struct page_owner *owner)
{
	const unsigned char *bytes = (const unsigned char *)owner;
	uint32_t h = 2166136261u;	/* FNV-1a */

	for (size_t i = 0; i < sizeof(*owner); i++)
		h = (h ^ bytes[i]) * 16777619u;
	return h % BUCKETS;
}

/* The number of an owner, who is added where new; 0: no memory. */
static uint32_t number_of(struct gather *g, const struct page_owner *owner)
{
	uint32_t *first = &g->first[hash(owner)];

	for (uint32_t i = *first; i; i = g->next[i - 1])
		if (!memcmp(&g->out->owners[i - 1], owner, sizeof(*owner)))
			return i;
	if (g->out->owner_count == g->room) {
		size_t room = g->room ? g->room * 2 : 64;
		struct page_owner *owners = reallocarray(g->out->owners, room, sizeof(*owners));
		uint32_t *next;

		if (!owners)
			return 0;
		g->out->owners = owners;
		next = reallocarray(g->next, room, sizeof(*next));
		if (!next)
			return 0;
		g->next = next;
		g->room = room;
	}
	g->out->owners[g->out->owner_count] = *owner;
	g->next[g->out->owner_count++] = *first;
	*first = (uint32_t)g->out->owner_count;
	return *first;
}

static int store(struct gather *g, const struct entry *entry)
{
	uint64_t pages = 1ULL << (entry->order < 32 ? entry->order : 0);
	uint64_t end = g->out->base_pfn + g->out->count;
	uint32_t number;

	if (!entry->has_pfn || entry->pfn >= end || entry->pfn < g->out->base_pfn)
		return 0;
	number = number_of(g, &entry->owner);
	if (!number)
		return -ENOMEM;
	for (uint64_t pfn = entry->pfn; pfn < end && pfn - entry->pfn < pages; pfn++)
		g->out->who[pfn - g->out->base_pfn] = number;
	return 0;
}

/* "Page allocated via order 0, mask 0x...(...), pid 7, tgid 7 (name), ts 123 ns" */
static void read_first_line(struct entry *entry, const char *line)
{
	const char *pid = strstr(line, ", pid "), *tgid = strstr(line, ", tgid "), *comm, *end;

	memset(entry, 0, sizeof(*entry));
	sscanf(line, "Page allocated via order %9u", &entry->order);
	entry->owner.pid = pid ? atoi(pid + strlen(", pid ")) : -1;
	if (!tgid)
		return;
	entry->owner.pid = atoi(tgid + strlen(", tgid "));
	comm = strchr(tgid, '(');
	end = comm ? strstr(comm, "), ts ") : NULL;
	if (end)
		snprintf(entry->owner.comm, sizeof(entry->owner.comm), "%.*s",
			 (int)(end - comm - 1 < 15 ? end - comm - 1 : 15), comm + 1);
}

/* " function.suffix+0x12/0x34 [module]"; suffixes are the compiler's. */
static void read_stack_line(struct entry *entry, const char *line)
{
	size_t length = strcspn(line + 1, ".+\n ");

	if (*entry->owner.function)
		return;
	for (size_t i = 0; i < sizeof(allocator) / sizeof(allocator[0]); i++)
		if (!strncmp(line + 1, allocator[i], strlen(allocator[i])))
			return;
	if (length >= sizeof(entry->owner.function))
		length = sizeof(entry->owner.function) - 1;
	memcpy(entry->owner.function, line + 1, length);
}

static int read_records(FILE *file, struct gather *g)
{
	struct entry entry = { .has_pfn = false };
	unsigned long long pfn;
	char *line = NULL;
	size_t room = 0;
	int ret = 0;

	while (!ret && getline(&line, &room, file) > 0) {
		if (!strncmp(line, "Page allocated via", 18)) {
			ret = store(g, &entry);
			read_first_line(&entry, line);
		} else if (sscanf(line, "PFN %20lli", (long long *)&pfn) == 1) {
			entry.pfn = pfn;
			entry.has_pfn = true;
			/* The file goes upwards. */
			if (pfn >= g->out->base_pfn + g->out->count)
				break;
		} else if (*line == ' ') {
			read_stack_line(&entry, line);
		}
	}
	ret = ret ?: store(g, &entry);
	if (!ret && ferror(file))
		ret = -EIO;
	free(line);
	return ret;
}

int page_owners_read(FILE *file, uint64_t base_pfn, uint64_t count, struct page_owners *owners)
{
	struct gather *g = calloc(1, sizeof(*g));
	struct stat st;
	int ret = -ENOMEM;

	memset(owners, 0, sizeof(*owners));
	owners->base_pfn = base_pfn;
	owners->count = count;
	owners->who = calloc(count, sizeof(*owners->who));
	if (g && owners->who) {
		g->out = owners;
		/* Its position is a frame; old kernels (before 6.2) cannot seek and start at 0. */
		if (!fstat(fileno(file), &st) && !st.st_size)
			lseek(fileno(file), (off_t)base_pfn, SEEK_SET);
		ret = read_records(file, g);
		free(g->next);
	}
	free(g);
	if (ret == -ENOMEM)
		page_owners_end(owners);
	return ret;
}

void page_owners_end(struct page_owners *owners)
{
	free(owners->who);
	free(owners->owners);
	memset(owners, 0, sizeof(*owners));
}
