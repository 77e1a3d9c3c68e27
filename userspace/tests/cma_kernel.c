// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"
#include "tests/cma_kernel.h"

#define TRACING	"/sys/kernel/tracing/instances/cma-agree"

static int open_at(const char *directory, const char *name, const char *file, int flags)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s%s%s", directory, name, *file ? "/" : "", file);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0) {
		fd = -errno;
		message_error(errno, "open %s", path);
	}
	return fd;
}

static int write_text(int fd, const char *text)
{
	ssize_t length = (ssize_t)strlen(text);

	return write(fd, text, (size_t)length) == length ? 0 : -errno;
}

static int write_number(int fd, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64 "\n", n);
	return write_text(fd, text);
}

static int read_geometry(const char *name, const char *file, uint64_t *value)
{
	char text[32] = "";
	int fd = open_at("/sys/kernel/debug/cma", name, file, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	*value = strtoull(text, NULL, 10);
	return n > 0 ? 0 : -EIO;
}

static int read_area(struct cma_area *area, const char *name)
{
	uint64_t order = 0;
	int ret = read_geometry(name, "base_pfn", &area->base_pfn);

	if (!ret)
		ret = read_geometry(name, "count", &area->pages);
	if (!ret)
		ret = read_geometry(name, "order_per_bit", &order);
	area->order_per_bit = (unsigned int)order;
	snprintf(area->name, sizeof(area->name), "%s", name);
	return ret;
}

static int begin_trace(void)
{
	int fd, ret;

	if (mkdir(TRACING, 0700) && errno != EEXIST) {
		message_error(errno, "make %s", TRACING);
		return -errno;
	}
	fd = open_at(TRACING, "events/cma", "enable", O_WRONLY);
	if (fd < 0)
		return fd;
	ret = write_text(fd, "1\n");
	close(fd);
	return ret ? ret : open_at(TRACING, "trace_pipe", "", O_RDONLY | O_NONBLOCK);
}

int cma_kernel_open(struct cma_kernel *kernel, const char *name)
{
	static const char debug[] = "/sys/kernel/debug/cma";
	const struct { int *fd; const char *directory, *file; int flags; } files[] = {
		{ &kernel->heap, "/dev/dma_heap", "", O_RDWR },
		{ &kernel->alloc, debug, "alloc", O_WRONLY },
		{ &kernel->free, debug, "free", O_WRONLY },
	};
	int ret;

	memset(kernel, 0, sizeof(*kernel));
	kernel->heap = -1;
	kernel->alloc = -1;
	kernel->free = -1;
	kernel->trace = -1;
	ret = read_area(&kernel->area, name);
	for (size_t i = 0; !ret && i < sizeof(files) / sizeof(files[0]); i++) {
		*files[i].fd = open_at(files[i].directory, name, files[i].file, files[i].flags);
		if (*files[i].fd < 0)
			return *files[i].fd;
	}
	if (ret)
		return ret;
	kernel->trace = begin_trace();
	return kernel->trace < 0 ? kernel->trace : 0;
}

void cma_kernel_close(struct cma_kernel *kernel)
{
	const int fds[] = { kernel->heap, kernel->alloc, kernel->free, kernel->trace };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	rmdir(TRACING);
}

/* The whole of a file; NULL: unreadable. The caller frees it. */
static char *slurp(int fd)
{
	size_t size = 0, room = 1 << 16;
	char *text = malloc(room);
	ssize_t n = 1;

	while (text && n > 0) {
		n = read(fd, text + size, room - size - 1);
		size += n > 0 ? (size_t)n : 0;
		if (room - size < 2) {
			char *more = realloc(text, room *= 2);

			if (!more)
				free(text);
			text = more;
		}
	}
	if (text)
		text[size] = '\0';
	return text;
}

int cma_kernel_map(struct cma_kernel *kernel, struct cma_bitmap *map)
{
	/* Opened anew: debugfs makes the text when the file is opened. */
	int fd = open_at("/sys/kernel/debug/cma", kernel->area.name, "bitmap", O_RDONLY);
	int ret = cma_bitmap_init(map, &kernel->area);
	char *text, *next;

	if (fd < 0 || ret) {
		if (fd >= 0)
			close(fd);
		return fd < 0 ? fd : ret;
	}
	text = slurp(fd);
	close(fd);
	if (!text)
		return -ENOMEM;
	next = text;
	for (uint64_t bit = 0; bit < map->bits; bit += 32) {
		char *end;
		unsigned long word = strtoul(next, &end, 10);

		if (end == next)
			ret = -EIO;
		next = end;
		for (unsigned int i = 0; i < 32; i++)
			cma_bitmap_write(map, bit + i, 1, word >> i & 1);
	}
	free(text);
	if (ret)
		message("the bitmap of %s is too short", kernel->area.name);
	return ret;
}

int cma_kernel_heap_alloc(struct cma_kernel *kernel, uint64_t pages)
{
	struct dma_heap_allocation_data data = {
		.len = pages * (uint64_t)sysconf(_SC_PAGESIZE),
		.fd_flags = O_RDWR | O_CLOEXEC,
	};

	return ioctl(kernel->heap, DMA_HEAP_IOCTL_ALLOC, &data) ? -errno : (int)data.fd;
}

int cma_kernel_debug_alloc(struct cma_kernel *kernel, uint64_t pages)
{
	return write_number(kernel->alloc, pages);
}

int cma_kernel_debug_free(struct cma_kernel *kernel, uint64_t pages)
{
	return write_number(kernel->free, pages);
}

static const char *const event_names[] = {
	[CMA_EVENT_START] = "cma_alloc_start",
	[CMA_EVENT_FINISH] = "cma_alloc_finish",
	[CMA_EVENT_RELEASE] = "cma_release",
	[CMA_EVENT_BUSY_RETRY] = "cma_alloc_busy_retry",
};

/* The number behind NAME=, decimal, below 0 too, or 0x...; @otherwise where there is none. */
static uint64_t field(const char *line, const char *name, uint64_t otherwise)
{
	char key[24];
	const char *at;

	snprintf(key, sizeof(key), " %s=", name);
	at = strstr(line, key);
	return at ? strtoull(at + strlen(key), NULL, 0) : otherwise;
}

/* "          comm-123     [001] .....    12.345678: cma_release: name=reserved pfn=..." */
static bool parse_event(const struct cma_kernel *kernel, const char *line, struct cma_event *event)
{
	const char *cpu = strstr(line, " ["), *name = strstr(line, " name=");
	size_t length = strlen(kernel->area.name);

	memset(event, 0, sizeof(*event));
	for (size_t i = 0; i < sizeof(event_names) / sizeof(event_names[0]); i++) {
		char key[40];

		snprintf(key, sizeof(key), ": %s:", event_names[i]);
		if (!name || !strstr(line, key))
			continue;
		while (cpu && cpu > line && cpu[-1] != '-')
			cpu--;
		event->type = (enum cma_event_type)i;
		event->pid = cpu ? atoi(cpu) : 0;
		event->area = strncmp(name + 6, kernel->area.name, length) ||
			      name[6 + length] != ' ' ? -1 : 0;
		event->count = field(line, "count", 0);
		event->align = (uint32_t)field(line, "align", 0);
		event->error = (int32_t)field(line, "errorno", 0);
		event->pfn = event->error ? CMA_NOWHERE : field(line, "pfn", CMA_NOWHERE);
		return true;
	}
	return false;
}

int cma_kernel_events(struct cma_kernel *kernel, struct cma_event *events, int max)
{
	static char text[1 << 16];
	size_t size = 0;
	int found = 0;
	ssize_t n;

	while ((n = read(kernel->trace, text + size, sizeof(text) - 1 - size)) > 0)
		size += (size_t)n;
	if (n < 0 && errno != EAGAIN)
		return -errno;
	text[size] = '\0';
	if (strstr(text, "LOST"))
		return -EOVERFLOW;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		struct cma_event event;

		if (!parse_event(kernel, line, &event))
			continue;
		if (found == max)
			return -EOVERFLOW;
		events[found++] = event;
	}
	return found;
}
