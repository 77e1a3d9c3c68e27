// SPDX-License-Identifier: MIT
/* The events of a trace, one a line, for the tests in a guest. */
#include <inttypes.h>
#include <stdio.h>

#include "cma/trace.h"
#include "message.h"

int main(int argc, char **argv)
{
	static const char *const names[] = {
		"start", "finish", "release", "busy_retry", "isolated", "migrate" };
	struct cma_trace_reader *reader;
	struct cma_event e;
	int ret;

	message_program(argv[0]);
	if (argc != 2) {
		fputs("Usage: cma-events TRACE\n", stderr);
		return EXIT_USAGE;
	}
	if (cma_trace_open(argv[1], &reader))
		return EXIT_ENVIRONMENT;
	while ((ret = cma_trace_next(reader, &e)) > 0)
		printf("%s %s %d %s 0x%" PRIx64 " %" PRIu64 " %u %d\n", names[e.type],
		       e.comm, e.pid,
		       e.area < 0 ? "-" : cma_trace_info(reader)->areas[e.area].map.area.name,
		       e.pfn, e.count, e.align, e.error);
	cma_trace_close(reader);
	return ret ? EXIT_FAILED : EXIT_OK;
}
