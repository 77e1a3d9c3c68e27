// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/machine.h"
#include "cma/processes.h"

#define MAX_DMABUFS	16384	/* beyond that, a file is no list of DMA-BUFs */

/* The DMA-BUF of that inode, added where new; NULL: no memory, or too many. */
static struct dmabuf *find(struct processes *processes, uint64_t ino)
{
	struct dmabuf *grown = NULL;

	for (size_t i = 0; i < processes->count; i++)
		if (processes->dmabufs[i].ino == ino)
			return &processes->dmabufs[i];
	if (processes->count < MAX_DMABUFS)
		grown = reallocarray(processes->dmabufs, processes->count + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	processes->dmabufs = grown;
	memset(&grown[processes->count], 0, sizeof(*grown));
	grown[processes->count].ino = ino;
	return &grown[processes->count++];
}

static void append(char *text, size_t size, const char *more)
{
	size_t length = strlen(text);

	snprintf(text + length, size - length, "%s%s", length ? ", " : "", more);
}

/*
 * bufinfo, a line a buffer: size flags mode count exporter inode name, with tabs between; below
 * "Attached Devices:" a line for each, indented, up to "Total N devices attached".
 */
static int read_bufinfo(const char *root, struct processes *processes)
{
	FILE *file = machine_open(root, "/sys/kernel/debug/dma_buf/bufinfo");
	struct dmabuf *dmabuf = NULL;
	bool devices = false;
	char line[256];
	int ret = 0;

	while (file && !ret && fgets(line, sizeof(line), file)) {
		unsigned long long size, ino;
		char exporter[64], device[64];

		if (sscanf(line, "%20llu\t%*x\t%*x\t%*d\t%63[^\t]\t%20llu\t", &size, exporter,
			   &ino) == 3) {
			dmabuf = find(processes, ino);
			ret = dmabuf ? 0 : -ENOMEM;
			if (ret)
				break;
			dmabuf->size = size;
			strcpy(dmabuf->exporter, exporter);
			devices = false;
		} else if (strstr(line, "Attached Devices:")) {
			devices = true;
		} else if (!strncmp(line, "Total ", 6)) {
			devices = false;
		} else if (devices && dmabuf && sscanf(line, "\t%63s", device) == 1) {
			append(dmabuf->devices, sizeof(dmabuf->devices), device);
		}
	}
	if (file)
		fclose(file);
	return ret;
}

static void add_opener(struct dmabuf *dmabuf, const char *root, int pid)
{
	FILE *file;
	char *comm;

	for (unsigned int i = 0; i < dmabuf->openers && i < DMABUF_OPENERS; i++)
		if (dmabuf->pids[i] == pid)
			return;
	if (dmabuf->openers++ >= DMABUF_OPENERS)
		return;
	dmabuf->pids[dmabuf->openers - 1] = pid;
	comm = dmabuf->comms[dmabuf->openers - 1];
	file = machine_open(root, "/proc/%d/comm", pid);
	if (!file)
		return;
	if (fgets(comm, sizeof(dmabuf->comms[0]), file))
		comm[strcspn(comm, "\n")] = '\0';
	fclose(file);
}

/* One open file that is a DMA-BUF. */
static int read_fdinfo(const char *root, struct processes *processes, int pid, const char *fd)
{
	FILE *file = machine_open(root, "/proc/%d/fdinfo/%s", pid, fd);
	unsigned long long size = 0, ino = 0;
	char line[256], exporter[64] = "";
	struct dmabuf *dmabuf;

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		sscanf(line, "size: %20llu", &size);
		sscanf(line, "ino: %20llu", &ino);
		sscanf(line, "exp_name: %63[^\n]", exporter);
	}
	fclose(file);
	if (!size || !ino || !*exporter)
		return 0;
	dmabuf = find(processes, ino);
	if (!dmabuf)
		return -ENOMEM;
	dmabuf->size = size;
	strcpy(dmabuf->exporter, exporter);
	add_opener(dmabuf, root, pid);
	return 0;
}

static int read_process(const char *root, struct processes *processes, int pid)
{
	struct machine_names fds;
	char target[64];
	int ret = machine_list(root, &fds, "/proc/%d/fd", pid);

	if (ret == -EACCES || ret == -EPERM)
		processes->hidden++;
	if (ret != -ENOMEM)
		ret = 0;
	for (size_t i = 0; !ret && i < fds.count; i++)
		if (!machine_link(root, target, sizeof(target), "/proc/%d/fd/%s", pid,
				  fds.names[i]) &&
		    !strncmp(target, "/dmabuf:", 8))
			ret = read_fdinfo(root, processes, pid, fds.names[i]);
	machine_names_end(&fds);
	return ret;
}

int processes_read(const char *root, struct processes *processes)
{
	struct machine_names list;
	int ret;

	memset(processes, 0, sizeof(*processes));
	ret = read_bufinfo(root, processes);
	if (!ret && machine_list(root, &list, "/proc") == -ENOMEM)
		ret = -ENOMEM;
	for (size_t i = 0; !ret && i < list.count; i++)
		if (isdigit((unsigned char)*list.names[i]))
			ret = read_process(root, processes, atoi(list.names[i]));
	machine_names_end(&list);
	if (ret)
		processes_end(processes);
	return ret;
}

void processes_end(struct processes *processes)
{
	free(processes->dmabufs);
	memset(processes, 0, sizeof(*processes));
}

void dmabuf_describe(const struct dmabuf *dmabuf, char *text, size_t size)
{
	int n = snprintf(text, size, "dma-buf of %s", dmabuf->exporter);

	if (*dmabuf->devices && n < (int)size)
		n += snprintf(text + n, size - (size_t)n, ", attached to %s", dmabuf->devices);
	for (unsigned int i = 0; i < dmabuf->openers && i < DMABUF_OPENERS && n < (int)size; i++)
		n += snprintf(text + n, size - (size_t)n, "%s%s[%d]", i ? ", " : ", open in ",
			      dmabuf->comms[i], dmabuf->pids[i]);
	if (dmabuf->openers > DMABUF_OPENERS && n < (int)size)
		snprintf(text + n, size - (size_t)n, " and %u more",
			 dmabuf->openers - DMABUF_OPENERS);
}
