/* SPDX-License-Identifier: MIT */
/* Which DMA-BUFs there are, and which processes have them open. */
#ifndef CMA_PROCESSES_H
#define CMA_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DMABUF_OPENERS	4	/* processes that are named; more are counted */

/**
 * struct dmabuf - a DMA-BUF
 * @ino: its inode, which is its identity
 * @size: bytes
 * @exporter: "drm", a heap's name, a driver's
 * @devices: who is attached, with ", " between; "": nobody, or not known
 * @pids: who has it open
 * @comms: their names
 * @openers: how many have it open, also beyond DMABUF_OPENERS
 * @placed: somebody found its place already
 */
struct dmabuf {
	uint64_t ino;
	uint64_t size;
	char exporter[64];
	char devices[64];
	int pids[DMABUF_OPENERS];
	char comms[DMABUF_OPENERS][16];
	unsigned int openers;
	bool placed;
};

/**
 * struct processes - all DMA-BUFs
 * @dmabufs: by inode
 * @count: how many
 * @hidden: processes whose open files may not be seen
 */
struct processes {
	struct dmabuf *dmabufs;
	size_t count;
	unsigned int hidden;
};

/**
 * processes_read() - look at debugfs dma_buf/bufinfo and at the open files of all processes
 * @root: as in machine_open()
 * @processes: out; processes_end() frees it
 * Return: 0 or -ENOMEM.
 */
int processes_read(const char *root, struct processes *processes);

/** processes_end() - free; one that is all zero is fine */
void processes_end(struct processes *processes);

/** dmabuf_describe() - "dma-buf of drm, attached to ..., open in a[1], b[2]" */
void dmabuf_describe(const struct dmabuf *dmabuf, char *text, size_t size);

#endif /* CMA_PROCESSES_H */
