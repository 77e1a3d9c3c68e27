// SPDX-License-Identifier: MIT
/*
 * Allocate from a CMA area through its DMA-BUF heap, again and again, and time each allocation.
 * Prints one JSON object with count, failed, error (the last errno), median_ns and mean_ns.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/dma-heap.h>

#define MAX_COUNT	1000000

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int usage(void)
{
	fputs("Usage: cma-alloc HEAP BYTES COUNT [keep]\n\n"
	      "Allocates COUNT times BYTES from /dev/dma_heap/HEAP; each is freed before the next,\n"
	      "unless they are to be kept until the end.\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	unsigned long long bytes, count, failed = 0, sum = 0;
	bool keep = argc == 5 && !strcmp(argv[4], "keep");
	int heap, error = 0;
	uint64_t *times;
	char path[256];

	if (argc < 4 || (argc == 5 && !keep) || argc > 5)
		return usage();
	bytes = strtoull(argv[2], NULL, 0);
	count = strtoull(argv[3], NULL, 0);
	if (!bytes || !count || count > MAX_COUNT)
		return usage();
	snprintf(path, sizeof(path), "/dev/dma_heap/%s", argv[1]);
	heap = open(path, O_RDWR | O_CLOEXEC);
	times = calloc(count, sizeof(*times));
	if (heap < 0 || !times) {
		fprintf(stderr, "cma-alloc: %s: %s\n", path, strerror(errno));
		return 3;
	}
	for (unsigned long long i = 0; i < count; i++) {
		struct dma_heap_allocation_data data = { .len = bytes,
							 .fd_flags = O_RDWR | O_CLOEXEC };
		uint64_t start = now();
		int ret = ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data);

		times[i] = now() - start;
		sum += times[i];
		if (ret) {
			error = errno;
			failed++;
		} else if (!keep) {
			close((int)data.fd);
		}
	}
	qsort(times, count, sizeof(*times), by_value);
	printf("{\"count\": %llu, \"failed\": %llu, \"error\": %d, ", count, failed, error);
	printf("\"median_ns\": %llu, \"mean_ns\": %llu}\n",
	       (unsigned long long)times[count / 2], sum / count);
	return 0;
}
