// SPDX-License-Identifier: MIT
/* libFuzzer target: the input is a recorded trace without its magic. It is read as why does it. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cma/trace_format.h"
#include "cmascope/why.h"

/* There is no live machine here; a report without one calls none of these. */
void cma_snapshot_end(struct cma_snapshot *live)
{
	(void)live;
	abort();
}

void why_live_place(struct cma_snapshot *live, struct cma_failure *failure)
{
	(void)live;
	(void)failure;
	abort();
}

void why_live_tell(struct cma_snapshot *live, const struct cma_failure *failure,
		   enum cma_cause cause, FILE *out)
{
	(void)live;
	(void)failure;
	(void)cause;
	(void)out;
	abort();
}

static void write_all(int fd, const void *data, size_t size)
{
	if (write(fd, data, size) != (ssize_t)size) {
		perror("trace_fuzz");
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct why_options options = { .align = -1, .base_pfn = CMA_UNKNOWN };
	struct why_report *report = calloc(1, sizeof(*report));
	int fd = memfd_create("trace", 0);
	char path[64];

	if (fd < 0 || !report)
		abort();
	write_all(fd, CMA_FILE_MAGIC, CMA_FILE_MAGIC_SIZE);
	write_all(fd, data, size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	report->options = &options;
	report->out = fopen("/dev/null", "w");
	report->list = json_object_new_array();
	why_read_trace(report, path);
	json_object_put(report->list);
	report->list = NULL;
	why_end(report);
	fclose(report->out);
	free(report);
	close(fd);
	return 0;
}
