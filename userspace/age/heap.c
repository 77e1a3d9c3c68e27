// SPDX-License-Identifier: MIT
/* DMA-BUF heaps. */
#include "age/heap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEAPS	"/dev/dma_heap"

static int is_cma(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strncmp(entry->d_name, "system", strlen("system"));
}

int age_heap_open(bool cma)
{
	char path[280] = HEAPS "/system";
	struct dirent **names;
	int n, fd;

	if (cma) {
		n = scandir(HEAPS, &names, is_cma, alphasort);
		if (n < 0)
			return -errno;
		if (n)
			snprintf(path, sizeof(path), HEAPS "/%s", names[0]->d_name);
		for (int i = 0; i < n; i++)
			free(names[i]);
		free(names);
		if (!n)
			return -ENODEV;
	}
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int age_heap_take(int heap, struct age_thing *t, uint64_t size)
{
	struct dma_heap_allocation_data data = { .len = size, .fd_flags = O_RDWR | O_CLOEXEC };
	void *map;

	if (heap < 0)
		return heap;
	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		return -errno;
	t->fds[0] = (int)data.fd;
	t->bytes = size;
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, t->fds[0], 0);
	if (map == MAP_FAILED)
		return -errno;
	__atomic_store_n((uint32_t *)map, 1, __ATOMIC_RELAXED);
	munmap(map, size);
	return 0;
}
