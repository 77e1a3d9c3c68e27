// SPDX-License-Identifier: MIT
/*
 * cma-synth FILE [PAGE_SIZE]: a trace made up: processes with hostile names fill and fragment an
 * area until requests fail.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cma/sim.h"
#include "cma/trace.h"
#include "message.h"

#define REQUESTS	3000
#define HELD_MAX	400u
#define PAGES		16384u

struct held {
	uint64_t pfn;
	uint64_t count;
};

static const char *const names[] = {
	"weston", "vdc-flip", "<b>&\"evil", "</script>", "kworker/0:1" };

static uint64_t any(uint64_t below)
{
	return (uint64_t)rand() % below;
}

static struct cma_event event(uint64_t ns, enum cma_event_type type, uint64_t pfn, uint64_t count)
{
	unsigned int who = (unsigned int)any(sizeof(names) / sizeof(names[0]));
	struct cma_event e = { .ns = ns, .type = type, .pid = 100 + (int32_t)who, .pfn = pfn,
			       .count = count };

	snprintf(e.comm, sizeof(e.comm), "%s", names[who]);
	return e;
}

/* A request: start, finish, and what it comes to in the area. */
static int request(struct cma_trace_writer *writer, struct cma_sim *sim, uint64_t *ns,
		   struct held *held)
{
	struct cma_event e;

	held->count = 1 + any(any(8) ? 300 : 2500);
	e = event(*ns, CMA_EVENT_START, CMA_NOWHERE, held->count);
	while (e.align < 8 && (1u << e.align) < held->count)
		e.align++;
	cma_trace_write(writer, &e);
	e.error = cma_sim_alloc(sim, held->count, e.align, &held->pfn, NULL);
	*ns += 20000 + (1ull << (10 + any(16))) + any(2000000);
	e.ns = *ns;
	e.type = CMA_EVENT_FINISH;
	e.pfn = held->pfn;
	cma_trace_write(writer, &e);
	return e.error;
}

static void release(struct cma_trace_writer *writer, struct cma_sim *sim, uint64_t ns,
		    const struct held *held)
{
	struct cma_event e = event(ns, CMA_EVENT_RELEASE, held->pfn, held->count);

	cma_sim_release(sim, held->pfn, held->count);
	cma_trace_write(writer, &e);
}

int main(int argc, char **argv)
{
	struct cma_area area = { "<i>reserved", 0x40000, PAGES, 0 };
	struct cma_trace_info info = { .release = "6.12.0", .page_size = 4096,
				       .total_pages = 262144, .area_count = 1 };
	struct held held[HELD_MAX];
	struct cma_trace_writer *writer;
	unsigned int count = 0;
	struct cma_sim *sim;
	uint64_t ns = 0;

	message_program(argv[0]);
	info.areas[0].known = true;
	info.areas[0].start_known = true;
	if (argc == 3)
		info.page_size = (uint32_t)strtoul(argv[2], NULL, 10);
	if (argc < 2 || cma_bitmap_init(&info.areas[0].map, &area) ||
	    cma_trace_create(argv[1], &info, &writer))
		return EXIT_USAGE;
	sim = cma_sim_create(&info.areas[0].map, CMA_POLICY_FIRST_FIT);
	if (!sim)
		return EXIT_ENVIRONMENT;
	srand(7);
	for (unsigned int i = 0; i < REQUESTS; i++) {
		ns += any(20000000);
		if (count && (count == HELD_MAX || any(100) < 47)) {
			unsigned int which = (unsigned int)any(count);

			release(writer, sim, ns, &held[which]);
			held[which] = held[--count];
		} else if (!request(writer, sim, &ns, &held[count])) {
			count++;
		}
	}
	cma_sim_destroy(sim);
	cma_bitmap_end(&info.areas[0].map);
	return cma_trace_finish(writer, 0) ? EXIT_FAILED : EXIT_OK;
}
