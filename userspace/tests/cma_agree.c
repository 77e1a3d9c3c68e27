// SPDX-License-Identifier: MIT
/*
 * Does the simulator agree with the kernel that runs here? A seeded sequence of allocations and
 * releases goes to the real CMA area and to cma_sim, and each result and place is compared. Needs
 * root, debugfs, tracefs, the DMA-BUF heap of the area, and nobody else who uses the area.
 * Speaks TAP.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "cma/sim.h"
#include "message.h"
#include "tests/cma_kernel.h"

#define MAX_HELD	700
#define MAX_EVENTS	(MAX_HELD + 64)
#define MAX_SHOWN	10
#define MAP_INTERVAL	8	/* operations between comparisons of the whole bitmap */
#define PHASE		250	/* operations that fill, or empty, the area */
#define CMA_ALIGNMENT	8	/* CONFIG_CMA_ALIGNMENT: 1 MiB */
#define SKIPPED		77

/** struct held - an allocation: of the heap, @fd is open; of debugfs, -1 */
struct held {
	uint64_t pfn;
	uint64_t count;
	int fd;
};

enum outcome { GOOD, TOO_LARGE, FULL, FRAGMENTED, ALIGNMENT, OUTCOMES };

static const char *const outcome_names[] = {
	"succeeded", "too large", "full", "fragmented", "alignment",
};

/**
 * struct agree - the comparison
 * @kernel: the real area
 * @sim: the simulated one
 * @skew: added to the alignment that the simulator is told, to see that differences are found
 * @heap: buffers of the heap, in no order
 * @debug: allocations of debugfs, the newest last
 * @operations: so far
 * @maps: comparisons of the whole bitmap
 * @differences: so far
 * @outcomes: allocations by what came of them
 * @releases: by the heap, by debugfs
 */
struct agree {
	struct cma_kernel kernel;
	struct cma_sim *sim;
	unsigned int skew;
	struct held heap[MAX_HELD];
	struct held debug[MAX_HELD];
	size_t heap_count;
	size_t debug_count;
	unsigned int operations;
	unsigned int maps;
	unsigned int differences;
	unsigned int outcomes[OUTCOMES];
	unsigned int releases[2];
};

/* Whatever the two say differently ends here. */
static void __attribute__((format(printf, 2, 3))) differ(struct agree *a, const char *format, ...)
{
	va_list args;

	if (a->differences++ >= MAX_SHOWN)
		return;
	va_start(args, format);
	printf("# operation %u: ", a->operations);
	vprintf(format, args);
	putchar('\n');
	va_end(args);
}

static uint64_t below(uint64_t n)
{
	return (uint64_t)random() % n;
}

static uint64_t random_pages(struct agree *a)
{
	static const uint64_t common[] = { 1, 20, 256, 456, 511, 1024, 1280, 2025 };

	switch (below(20)) {
	case 0:
		return a->kernel.area.pages + 1 + below(100);
	case 1 ... 7:
		return common[below(sizeof(common) / sizeof(common[0]))];
	case 8 ... 14:
		return 1 + below(64);
	default:
		return 20 + below(1261);	/* 80 kB to 5 MB */
	}
}

/* What the kernel asks of its area for a buffer: min(get_order(size), CONFIG_CMA_ALIGNMENT). */
static unsigned int heap_align(uint64_t pages)
{
	unsigned int order = 0;

	while (order < CMA_ALIGNMENT && 1ULL << order < pages)
		order++;
	return order;
}

/* Why @count pages do not fit. */
static enum outcome why_not(const struct cma_bitmap *map, uint64_t count, unsigned int align)
{
	struct cma_shape shape = cma_bitmap_shape(map, align);

	if (count > map->area.pages)
		return TOO_LARGE;
	if (count > shape.free)
		return FULL;
	return count > shape.longest.length ? FRAGMENTED : ALIGNMENT;
}

static int read_events(struct agree *a, struct cma_event *events)
{
	int n = cma_kernel_events(&a->kernel, events, MAX_EVENTS);

	if (n < 0)
		differ(a, "the trace cannot be read: %s", strerror(-n));
	for (int i = 0; i < n; i++)
		if (events[i].pid != getpid())
			differ(a, "process %d uses CMA too", events[i].pid);
	return n;
}

/* One allocation in both; @fd: what the heap returned, or the error of debugfs. */
static void compare_alloc(struct agree *a, uint64_t count, unsigned int align, int fd,
			  struct held *held)
{
	static struct cma_event events[MAX_EVENTS];
	enum outcome outcome = why_not(cma_sim_map(a->sim), count, align);
	uint64_t pfn;
	int expected = cma_sim_alloc(a->sim, count, align + a->skew, &pfn, NULL);
	int n = read_events(a, events), error = -EINVAL;
	uint64_t place = CMA_NOWHERE;
	bool got = fd >= 0;

	a->outcomes[expected ? outcome : GOOD]++;
	if (n < 1 || events[0].type != CMA_EVENT_START || events[0].count != count ||
	    events[0].align != align)
		differ(a, "%" PRIu64 " pages, align %u: not how the kernel began", count, align);
	for (int i = 1; i < n; i++) {
		if (events[i].type == CMA_EVENT_FINISH) {
			error = events[i].error;
			place = events[i].pfn;
		} else {
			differ(a, "unexpected event %d at pfn 0x%" PRIx64, events[i].type,
			       events[i].pfn);
		}
	}
	if (error != expected || place != pfn || got != !expected)
		differ(a, "%" PRIu64 " pages, align %u: kernel %d at 0x%" PRIx64 ", sim %d at 0x%"
		       PRIx64, count, align, error, place, expected, pfn);
	*held = (struct held){ place, count, fd };
}

static void alloc_heap(struct agree *a)
{
	uint64_t count = random_pages(a);
	int fd = cma_kernel_heap_alloc(&a->kernel, count);

	compare_alloc(a, count, heap_align(count), fd, &a->heap[a->heap_count]);
	a->heap_count += fd >= 0;
}

static void alloc_debug(struct agree *a)
{
	uint64_t count = below(50) ? random_pages(a) : 0;
	int ret = cma_kernel_debug_alloc(&a->kernel, count);

	compare_alloc(a, count, 0, ret, &a->debug[a->debug_count]);
	a->debug_count += ret >= 0;
}

/* The kernel's releases, one by one, must be these. */
static void compare_releases(struct agree *a, const struct held *freed, int count)
{
	static struct cma_event events[MAX_EVENTS];
	int n = read_events(a, events);

	if (n != count)
		differ(a, "%d releases expected, %d seen", count, n);
	for (int i = 0; i < count; i++) {
		if (cma_sim_release(a->sim, freed[i].pfn, freed[i].count))
			differ(a, "the simulator does not hold 0x%" PRIx64, freed[i].pfn);
		if (i < n && (events[i].type != CMA_EVENT_RELEASE ||
			      events[i].pfn != freed[i].pfn || events[i].count != freed[i].count))
			differ(a, "release of 0x%" PRIx64 ": kernel has 0x%" PRIx64, freed[i].pfn,
			       events[i].pfn);
	}
}

static void release_heap(struct agree *a)
{
	struct held *held = &a->heap[below(a->heap_count)];

	close(held->fd);
	compare_releases(a, held, 1);
	*held = a->heap[--a->heap_count];
	a->releases[0]++;
}

/* @pages of the newest allocations, the last of them perhaps in part: its beginning. */
static void release_debug(struct agree *a, uint64_t pages)
{
	static struct held freed[MAX_HELD];
	int ret = cma_kernel_debug_free(&a->kernel, pages), n = 0;

	while (pages && a->debug_count) {
		struct held *last = &a->debug[a->debug_count - 1];
		uint64_t part = pages < last->count ? pages : last->count;

		freed[n++] = (struct held){ last->pfn, part, -1 };
		last->pfn += part;
		last->count -= part;
		pages -= part;
		a->debug_count -= !last->count;
	}
	if (ret)
		differ(a, "debugfs free: %s", strerror(-ret));
	compare_releases(a, freed, n);
	a->releases[1]++;
}

static void compare_maps(struct agree *a)
{
	const struct cma_bitmap *sim = cma_sim_map(a->sim);
	struct cma_bitmap real;

	a->maps++;
	if (cma_kernel_map(&a->kernel, &real)) {
		differ(a, "no bitmap");
		return;
	}
	for (uint64_t bit = 0; bit < real.bits; bit++) {
		if (cma_bitmap_test(&real, bit) == cma_bitmap_test(sim, bit))
			continue;
		differ(a, "bit %" PRIu64 ": kernel %d, sim %d", bit, cma_bitmap_test(&real, bit),
		       cma_bitmap_test(sim, bit));
		break;
	}
	cma_bitmap_end(&real);
}

/* Filling and emptying take turns. */
static void operate(struct agree *a)
{
	bool fill = a->operations / PHASE % 2 == 0;
	bool room = a->heap_count < MAX_HELD && a->debug_count < MAX_HELD;
	bool debug = below(4) == 0;

	if (room && below(100) < (fill ? 85 : 30))
		(debug ? alloc_debug : alloc_heap)(a);
	else if (debug && a->debug_count)
		release_debug(a, 1 + below(a->debug[a->debug_count - 1].count + 40));
	else if (a->heap_count)
		release_heap(a);
	else
		alloc_heap(a);
	if (++a->operations % MAP_INTERVAL == 0)
		compare_maps(a);
}

static void release_all(struct agree *a)
{
	while (a->heap_count)
		release_heap(a);
	if (a->debug_count)
		release_debug(a, a->kernel.area.pages);
	compare_maps(a);
}

static bool report(int n, bool good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", n, what);
	return good;
}

static int run(struct agree *a, unsigned int operations)
{
	struct cma_bitmap start;
	uint64_t free_bits;
	bool good = true;
	int ret = cma_kernel_map(&a->kernel, &start);

	if (ret)
		return EXIT_ENVIRONMENT;
	a->sim = cma_sim_create(&start, CMA_POLICY_FIRST_FIT);
	free_bits = cma_bitmap_free_bits(&start);
	cma_bitmap_end(&start);
	if (!a->sim)
		return EXIT_ENVIRONMENT;
	printf("# area %s: base_pfn 0x%" PRIx64 ", %" PRIu64 " pages, %" PRIu64 " free\n",
	       a->kernel.area.name, a->kernel.area.base_pfn, a->kernel.area.pages, free_bits);
	while (a->operations < operations && a->differences < MAX_SHOWN)
		operate(a);
	release_all(a);
	printf("# %u operations; releases: heap %u, debugfs %u; allocations:", a->operations,
	       a->releases[0], a->releases[1]);
	for (int i = 0; i < OUTCOMES; i++) {
		printf(" %s %u%s", outcome_names[i], a->outcomes[i], i + 1 < OUTCOMES ? "," : "\n");
		good = good && a->outcomes[i] * 500 >= operations;
	}
	printf("# %u bitmaps compared, %u differences\n", a->maps, a->differences);
	ret = !report(1, a->operations >= operations, "all operations were done");
	ret |= !report(2, !a->differences, "0 differences of result, place and bitmap");
	ret |= !report(3, good, "every outcome was seen, each in 0.2% of the operations or more");
	ret |= !report(4, cma_bitmap_free_bits(cma_sim_map(a->sim)) == free_bits,
		       "at the end all is free that was free");
	printf("1..4\n");
	return ret ? EXIT_FAILED : EXIT_OK;
}

static int usage(void)
{
	fprintf(stderr, "Usage: cma-agree [--operations N] [--seed N] [--area NAME] [--skew N]\n");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "operations", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ "area", required_argument, NULL, 'a' },
		{ "skew", required_argument, NULL, 'k' },
		{ 0 }
	};
	static struct agree agree;
	unsigned int operations = 10000, seed = 1;
	const char *area = "reserved";
	int key, ret;

	message_program(argv[0]);
	while ((key = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (key) {
		case 'o':
			operations = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 's':
			seed = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 'a':
			area = optarg;
			break;
		case 'k':
			agree.skew = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		default:
			return usage();
		}
	}
	srandom(seed);
	/* The kernel prints the whole area at each failure: not on a slow console. */
	klogctl(8, NULL, 1);
	ret = cma_kernel_open(&agree.kernel, area) ? EXIT_ENVIRONMENT : run(&agree, operations);
	if (ret == EXIT_ENVIRONMENT) {
		printf("1..0 # SKIP no area %s with debugfs, tracefs and a DMA-BUF heap\n", area);
		ret = SKIPPED;
	}
	cma_sim_destroy(agree.sim);
	cma_kernel_close(&agree.kernel);
	return ret;
}
