// SPDX-License-Identifier: MIT
/* DMA-BUF heaps. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cma/machine.h"
#include "lab/contender.h"

#define HEAPS	"/dev/dma_heap"

static const char *find(char *const *names, size_t count, const char *wanted)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], wanted))
			return names[i];
	return NULL;
}

const char *contender_find_heap(char *const *names, size_t count, const char *kind)
{
	static const char *const cma_names[] = { "reserved", "linux,cma", "default_cma_region" };
	const char *name = NULL;

	if (!strcmp(kind, "system"))
		return find(names, count, "system");
	for (size_t i = 0; i < sizeof(cma_names) / sizeof(cma_names[0]) && !name; i++)
		name = find(names, count, cma_names[i]);
	return name;
}

static int heap_open(struct contender *c)
{
	struct machine_names heaps;
	char path[300] = "";
	const char *name;
	int ret = machine_list("", &heaps, HEAPS);

	if (ret)
		return ret;
	name = contender_find_heap(heaps.names, heaps.count, c->type->from);
	if (name)
		snprintf(path, sizeof(path), HEAPS "/%s", name);
	machine_names_end(&heaps);
	if (!*path)
		return -ENOENT;
	c->fd = open(path, O_RDONLY | O_CLOEXEC);
	return c->fd < 0 ? -errno : 0;
}

static void heap_close(struct contender *c)
{
	close(c->fd);
	c->fd = -1;
}

static int heap_allocate(struct contender *c, const struct contender_request *request,
			 struct contender_buffer *buffer, uint64_t *ns)
{
	struct dma_heap_allocation_data data = {
		.len = contender_pages(c->type, request) * (uint64_t)sysconf(_SC_PAGESIZE),
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	uint64_t start = contender_clock();
	int ret;

	do
		ret = ioctl(c->fd, DMA_HEAP_IOCTL_ALLOC, &data) ? -errno : 0;
	while (ret == -EINTR);
	*ns = contender_clock() - start;
	if (!ret)
		buffer->fd = (int)data.fd;
	return ret;
}

static void heap_free(struct contender *c, struct contender_buffer *buffer)
{
	(void)c;
	close(buffer->fd);
}

const struct contender_type contender_heap_cma = {
	.name = "heap-cma", .summary = "the DMA-BUF heap of the CMA area", .from = "cma",
	.cma = true, .order = -1,
	.open = heap_open, .allocate = heap_allocate, .free = heap_free, .close = heap_close,
};

const struct contender_type contender_heap_system = {
	.name = "heap-system", .summary = "the system's DMA-BUF heap, scattered pages",
	.from = "system", .order = -1,
	.open = heap_open, .allocate = heap_allocate, .free = heap_free, .close = heap_close,
};
