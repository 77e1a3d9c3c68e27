// SPDX-License-Identifier: MIT
/* Memory of programs that lies in a CMA area. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_uptime_pins.h"

#define PAGE		4096UL
#define CHUNK		(256 * PAGE)	/* looked at when so much more is there */
#define RESERVE_KB	(6 * 1024)	/* of memory outside CMA, left to others */
#define PIPE_PAGES	16		/* a pipe holds so many */

static long meminfo_kb(const char *name)
{
	FILE *f = fopen("/proc/meminfo", "re");
	char line[128];
	long kb = 0;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)) && line[strlen(name)] == ':')
			kb = atol(line + strlen(name) + 1);
	if (f)
		fclose(f);
	return kb;
}

/* What the kernel keeps free, with room above its high watermark (1.5 times as much). */
static long kept_free_kb(void)
{
	FILE *f = fopen("/proc/sys/vm/min_free_kbytes", "re");
	long kb = 0;

	igt_assert(f && fscanf(f, "%ld", &kb) == 1);
	fclose(f);
	return 2 * kb;
}

/* What was read before would fill the place of what is to be borrowed. */
static void forget_files(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	igt_assert_f(fd >= 0 && write(fd, "3", 1) == 1, "drop_caches: %s\n", strerror(errno));
	close(fd);
}

/* Whether the kernel must not be asked for more: that would take what it needs itself. */
static bool memory_is_used(long kept_kb)
{
	long free_kb = meminfo_kb("MemFree");

	return free_kb < kept_kb || free_kb - meminfo_kb("CmaFree") < RESERVE_KB;
}

/* Where pages of ours lie, from the area's begin: what lies elsewhere is past its end. */
static void find_pages(const struct pins *p, const void *from, uint64_t *page, size_t count)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	igt_assert(fd >= 0);
	igt_assert_eq(pread(fd, page, count * 8, (uintptr_t)from / PAGE * 8), count * 8);
	close(fd);
	/* Documentation/admin-guide/mm/pagemap.rst */
	for (size_t i = 0; i < count; i++)
		page[i] = page[i] >> 63 ? (page[i] & ((1ULL << 55) - 1)) - p->place.base_pfn :
			UINT64_MAX;
}

/* Remember a page of each block that has one, of the memory that was touched last. */
static unsigned int note_blocks(struct pins *p)
{
	static uint64_t page[CHUNK / PAGE];
	unsigned int found = 0;

	find_pages(p, p->mem + p->touched, page, CHUNK / PAGE);
	for (size_t i = 0; i < CHUNK / PAGE; i++) {
		if (page[i] >= p->place.pages || !p->blank[page[i] / PINS_BLOCK])
			continue;
		found += !p->block[page[i] / PINS_BLOCK];
		p->block[page[i] / PINS_BLOCK] = p->mem + p->touched + i * PAGE;
	}
	return found;
}

unsigned int pins_borrow(struct pins *p)
{
	long kept_kb = kept_free_kb();
	unsigned int found = 0;

	forget_files();
	memset(p, 0, sizeof(*p));
	area_look(&p->place);
	p->blanks = area_free_blocks(PINS_BLOCK, p->blank, PINS_MAX_BLOCKS);
	p->bytes = meminfo_kb("MemTotal") * 1024 / CHUNK * CHUNK;
	p->mem = mmap(NULL, p->bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	igt_assert(p->mem != MAP_FAILED);
	/* To hold a page must not be to hold 2 MiB. Refused where there are no huge pages. */
	madvise(p->mem, p->bytes, MADV_NOHUGEPAGE);
	while (p->touched < p->bytes && found < p->blanks && !memory_is_used(kept_kb)) {
		for (size_t i = 0; i < CHUNK; i += PAGE)
			p->mem[p->touched + i] = 1;
		found += note_blocks(p);
		p->touched += CHUNK;
	}
	igt_info("%zu MiB of memory in use, some of it in %u of %u free MiB of the area\n",
		 p->touched >> 20, found, p->blanks);
	return found;
}

/* The kernel may have moved it meanwhile; what is held from now on stays. */
static bool still_there(const struct pins *p, unsigned int block)
{
	uint64_t page;

	find_pages(p, p->block[block], &page, 1);
	return page < p->place.pages && page / PINS_BLOCK == block;
}

static void hold_page(struct pins *p, void *page, unsigned int nth)
{
	struct iovec iov = { page, PAGE };

	if (nth % PIPE_PAGES == 0) {
		igt_assert_f(!pipe2(p->pipe[p->pipes], O_CLOEXEC | O_NONBLOCK), "pipe: %s\n",
			     strerror(errno));
		p->pipes++;
	}
	igt_assert_f(vmsplice(p->pipe[p->pipes - 1][1], &iov, 1, 0) == PAGE, "vmsplice: %s\n",
		     strerror(errno));
}

unsigned int pins_hold(struct pins *p, unsigned int step)
{
	unsigned int held = 0, since = step - 1;

	for (unsigned int i = 0; i < PINS_MAX_BLOCKS; i++) {
		since++;
		if (!p->block[i] || since < step || !still_there(p, i))
			continue;
		hold_page(p, p->block[i], held++);
		since = 0;
	}
	return held;
}

void pins_shrink(struct pins *p)
{
	igt_assert_eq(madvise(p->mem, p->touched, MADV_DONTNEED), 0);
	p->touched = 0;
}

void pins_release(struct pins *p)
{
	while (p->pipes) {
		p->pipes--;
		close(p->pipe[p->pipes][0]);
		close(p->pipe[p->pipes][1]);
	}
}

void pins_end(struct pins *p)
{
	pins_release(p);
	if (p->mem)
		munmap(p->mem, p->bytes);
	p->mem = NULL;
}
