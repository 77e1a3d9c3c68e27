// SPDX-License-Identifier: MIT
/*
 * The areas. debugfs has them with place and bitmap: cma/NAME/{base_pfn,bitmap} with one range, as
 * up to 6.14, and cma/NAME/ranges/N/{base_pfn,bitmap} with one or several from 6.15 on. sysfs has
 * names and counters alone.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/machine.h"
#include "cma/snapshot_parts.h"

#define DEBUGFS		"/sys/kernel/debug"
#define SYSFS_CMA	"/sys/kernel/mm/cma"

/* The words of a bitmap file. */
struct words {
	uint32_t *words;
	size_t count;
};

/* The next decimal word: 1, 0 at the end, -EINVAL for what is none. */
static int next_word(FILE *file, uint32_t *word)
{
	uint64_t value = 0;
	int c = getc(file);

	while (c == ' ' || c == '\n')
		c = getc(file);
	if (c == EOF)
		return ferror(file) ? -EINVAL : 0;
	for (; c >= '0' && c <= '9'; c = getc(file)) {
		value = value * 10 + (unsigned int)(c - '0');
		if (value > UINT32_MAX)
			return -EINVAL;
	}
	*word = (uint32_t)value;
	return c == ' ' || c == '\n' || c == EOF ? 1 : -EINVAL;
}

static int read_words(struct words *words, const char *root, const char *dir)
{
	FILE *file = machine_open(root, "%s/bitmap", dir);
	size_t room = 0;
	uint32_t word;
	int ret;

	memset(words, 0, sizeof(*words));
	if (!file)
		return -errno;
	while ((ret = next_word(file, &word)) > 0) {
		if (words->count == room) {
			uint32_t *grown;

			room = room ? room * 2 : 1024;
			grown = reallocarray(words->words, room, sizeof(*grown));
			if (!grown) {
				ret = -ENOMEM;
				break;
			}
			words->words = grown;
		}
		words->words[words->count++] = word;
	}
	fclose(file);
	return ret;
}

/*
 * The kernel shows an array of unsigned long as one of u32: on 64 bits, big-endian, the halves are
 * swapped. There, with an odd number of words, the last one stands for the half that is not used.
 */
static uint64_t word_at(const struct words *words, size_t i)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ && __SIZEOF_LONG__ == 8
	i ^= 1;
#endif
	return i < words->count ? words->words[i] : 0;
}

static void fill_bits(struct cma_bitmap *map, const struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		for (uint64_t bits = word_at(words, i); bits; bits &= bits - 1)
			cma_bitmap_write(map, i * 32 + (unsigned int)__builtin_ctzll(bits), 1,
					 true);
}

static struct cma_snapshot_area *add_area(struct cma_snapshot *snapshot)
{
	struct cma_snapshot_area *grown = reallocarray(snapshot->areas, snapshot->area_count + 1,
						       sizeof(*grown));

	if (!grown)
		return NULL;
	snapshot->areas = grown;
	memset(&grown[snapshot->area_count], 0, sizeof(*grown));
	return &grown[snapshot->area_count++];
}

/* An area cannot be larger than memory; 4 kB are the smallest pages. */
static bool plausible(const struct cma_snapshot *snapshot, const struct cma_area *place)
{
	uint64_t limit = snapshot->mem_total_kb ? snapshot->mem_total_kb / 4 : 1ULL << 28;

	return place->pages && place->pages <= limit && place->order_per_bit <= CMA_MAX_ORDER;
}

/* A size that the bitmap cannot have, or no size at all: an area without bits. */
static int init_map(const struct cma_snapshot *snapshot, struct cma_snapshot_area *area,
		    const struct cma_area *place)
{
	int ret = plausible(snapshot, place) ? cma_bitmap_init(&area->map, place) : -EINVAL;

	if (ret == -EINVAL) {
		area->map.area = *place;
		ret = 0;
	}
	return ret;
}

/* Whether so many words can be the bitmap of so many pages. */
static bool words_fit(const struct cma_area *place, const struct words *words)
{
	return place->order_per_bit <= CMA_MAX_ORDER &&
	       words->count == (place->pages >> place->order_per_bit) / 32 +
			       ((place->pages >> place->order_per_bit) % 32 != 0);
}

/**
 * add_range() - add a range of an area as an area
 * @snapshot: the snapshot
 * @root: "/" of the machine
 * @dir: where its base_pfn and bitmap are
 * @place: name and order; pages 0: the number of words tells the size
 * @left: in pages, what the area has beyond the ranges so far; what the range has is taken off
 */
static int add_range(struct cma_snapshot *snapshot, const char *root, const char *dir,
		     struct cma_area *place, uint64_t *left)
{
	struct cma_snapshot_area *area = add_area(snapshot);
	struct words words;
	int ret, bad;

	if (!area)
		return -ENOMEM;
	bad = machine_number(root, &place->base_pfn, "%s/base_pfn", dir);
	ret = read_words(&words, root, dir);
	if (!place->pages && !ret && place->order_per_bit <= CMA_MAX_ORDER) {
		place->pages = (uint64_t)words.count * 32 << place->order_per_bit;
		if (place->pages > *left)
			place->pages = *left;
	}
	*left -= place->pages < *left ? place->pages : *left;
	if (!ret && !bad && !words_fit(place, &words))
		bad = -EINVAL;
	bad = bad ?: ret;
	ret = ret == -ENOMEM ? ret : init_map(snapshot, area, place);
	area->map_known = !ret && !bad && area->map.bits;
	if (area->map_known)
		fill_bits(&area->map, &words);
	else if (!ret)
		ret = snapshot_missing(snapshot, bad == -EACCES ?
				       "area %s: its bitmap may not be read: run as root" :
				       "area %s: its files in %s/cma make no sense: a damaged copy?",
				       place->name, DEBUGFS);
	free(words.words);
	return ret;
}

/* From 6.15 on the ranges of an area have no size of their own in debugfs. */
static int add_ranges(struct cma_snapshot *snapshot, const char *root, const char *name,
		      const struct machine_names *ranges, const struct cma_area *whole)
{
	uint64_t left = whole->pages;
	int ret = 0;

	for (size_t i = 0; !ret && i < ranges->count; i++) {
		struct cma_area place = { .order_per_bit = whole->order_per_bit };
		char dir[600];

		if (snprintf(place.name, sizeof(place.name), "%s/%s", name, ranges->names[i]) >=
		    (int)sizeof(place.name))
			continue;
		snprintf(dir, sizeof(dir), DEBUGFS "/cma/%s/ranges/%s", name, ranges->names[i]);
		ret = add_range(snapshot, root, dir, &place, &left);
	}
	if (!ret && whole->order_per_bit)
		ret = snapshot_missing(snapshot,
				       "area %s: the kernel does not tell the sizes of its %zu ranges; they are rounded up to 32 bits",
				       name, ranges->count);
	return ret;
}

static int add_debugfs_area(struct cma_snapshot *snapshot, const char *root, const char *name)
{
	struct cma_area whole = { .name = "" };
	struct machine_names ranges;
	uint64_t order = 0, left;
	char dir[300];
	int ret;

	if (strlen(name) >= sizeof(whole.name))
		return 0;
	strcpy(whole.name, name);
	machine_number(root, &whole.pages, DEBUGFS "/cma/%s/count", name);
	machine_number(root, &order, DEBUGFS "/cma/%s/order_per_bit", name);
	whole.order_per_bit = order > CMA_MAX_ORDER ? CMA_MAX_ORDER + 1 : (unsigned int)order;
	machine_list(root, &ranges, DEBUGFS "/cma/%s/ranges", name);
	left = whole.pages;
	if (ranges.count > 1) {
		ret = add_ranges(snapshot, root, name, &ranges, &whole);
	} else {
		snprintf(dir, sizeof(dir), DEBUGFS "/cma/%s%s", name,
			 ranges.count ? "/ranges/0" : "");
		ret = add_range(snapshot, root, dir, &whole, &left);
	}
	machine_names_end(&ranges);
	return ret;
}

/* Only names: with one area alone, its size is CmaTotal. */
static int add_sysfs_areas(struct cma_snapshot *snapshot, const char *root)
{
	struct machine_names list;
	int ret = 0;

	machine_list(root, &list, SYSFS_CMA);
	for (size_t i = 0; !ret && i < list.count; i++) {
		struct cma_snapshot_area *area;
		struct cma_area place = { .name = "" };
		uint64_t taken = 0, given_back = 0;

		if (strlen(list.names[i]) >= sizeof(place.name))
			continue;
		strcpy(place.name, list.names[i]);
		if (list.count == 1)
			place.pages = snapshot->cma_total_kb / (snapshot->page_size / 1024);
		area = add_area(snapshot);
		ret = area ? init_map(snapshot, area, &place) : -ENOMEM;
		if (ret ||
		    machine_number(root, &taken, SYSFS_CMA "/%s/alloc_pages_success",
				   place.name) ||
		    machine_number(root, &given_back, SYSFS_CMA "/%s/release_pages_success",
				   place.name) || given_back > taken)
			continue;
		ret = snapshot_missing(snapshot,
				       "area %s: sysfs counts %llu pages allocated now, but not where they are",
				       place.name, (unsigned long long)(taken - given_back));
	}
	machine_names_end(&list);
	return ret;
}

/* Why debugfs gave no areas, and what helps. */
static int explain(struct cma_snapshot *snapshot, const char *root, int error)
{
	struct machine_names top;
	int mounted;

	if (!snapshot->cma_total_kb)
		return snapshot_missing(snapshot,
					"this machine has no CMA area: boot with cma=64M; that needs a kernel with CONFIG_CMA and CONFIG_DMA_CMA");
	mounted = machine_list(root, &top, DEBUGFS);
	if (!mounted && !top.count)
		mounted = -ENOENT;
	machine_names_end(&top);
	if (mounted == -EACCES || error == -EACCES)
		return snapshot_missing(snapshot,
					"where the areas are and what is allocated: debugfs is for root: run as root");
	if (mounted)
		return snapshot_missing(snapshot,
					"debugfs is not mounted: mount -t debugfs none " DEBUGFS
					" tells where the areas are and what is allocated (the place alone is also in dmesg: \"cma: Reserved\")");
	return snapshot_missing(snapshot,
				"where the areas are and what is allocated: the kernel lacks CONFIG_CMA_DEBUGFS (the place alone is also in dmesg: \"cma: Reserved\")");
}

int snapshot_areas(struct cma_snapshot *snapshot, const char *root)
{
	struct machine_names list;
	int error = machine_list(root, &list, DEBUGFS "/cma"), ret = 0;

	for (size_t i = 0; !ret && i < list.count; i++)
		ret = add_debugfs_area(snapshot, root, list.names[i]);
	machine_names_end(&list);
	if (ret || snapshot->area_count)
		return ret;
	ret = explain(snapshot, root, error);
	return ret ?: add_sysfs_areas(snapshot, root);
}
