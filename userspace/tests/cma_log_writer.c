// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cma_log_writer.h"

#define RECORD	960	/* bytes that printk puts into a record before it begins another */

static const struct {
	const char *version;
	const char *function;
	bool named;
	bool ranges;
} forms[LOG_FORMS] = {
	[LOG_4_19] = { "4.19.40-v7+", "cma_alloc", false, false },
	[LOG_5_15] = { "5.15.32-lts-next", "cma_alloc", true, false },
	[LOG_6_12] = { "6.12.34+rpt-rpi-v8", "__cma_alloc", true, false },
	[LOG_6_17] = { "6.17.0-8-generic", "__cma_alloc_frozen", true, true },
};

/** struct printer - printk's records */
struct printer {
	FILE *out;
	unsigned int us;
	size_t used;	/* bytes in the record, 0: none is open */
	bool mute;	/* this record gets lost */
	unsigned int records;
};

static void begin(struct printer *p)
{
	p->us += 7;
	p->records++;
	p->used = 1;
	if (!p->mute)
		fprintf(p->out, "[  412.%06u] ", p->us);
}

static void end(struct printer *p)
{
	if (p->used && !p->mute)
		fputc('\n', p->out);
	p->used = 0;
}

static void put(struct printer *p, const char *text)
{
	if (p->used && p->used + strlen(text) > RECORD)
		end(p);
	if (!p->used)
		begin(p);
	p->used += strlen(text);
	if (!p->mute)
		fputs(text, p->out);
}

static void put_runs(struct printer *p, const struct log_case *c)
{
	const struct cma_bitmap *map = c->map;
	struct cma_run run = cma_bitmap_next_run(map, 0);
	uint64_t shown = 0, stop = UINT64_MAX;
	char text[64];

	if (c->list == LOG_LIST_NO_END)
		stop = cma_bitmap_free_bits(map) / 2;
	for (; run.length; run = cma_bitmap_next_run(map, run.start + run.length)) {
		snprintf(text, sizeof(text), "%s%" PRIu64 "@%" PRIu64,
			 (forms[c->form].ranges ? run.start : shown) ? "+" : "",
			 run.length << map->area.order_per_bit, run.start);
		/* Whole runs get lost, somewhere in the middle. */
		p->mute = c->list == LOG_LIST_HOLE && shown && rand() % 3 == 0;
		put(p, text);
		shown += run.length;
		if (shown > stop)
			break;
	}
	p->mute = false;
	if (c->list == LOG_LIST_NO_END)
		put(p, "+...");
}

static void put_list(struct printer *p, const struct log_case *c)
{
	char text[96];

	put(p, "cma: number of available pages: ");
	if (forms[c->form].ranges) {
		end(p);
		put(p, "cma: range 0: ");
	}
	put_runs(p, c);
	if (c->list == LOG_LIST_NO_END) {
		end(p);
		return;
	}
	if (forms[c->form].ranges) {
		end(p);
		put(p, "cma: ");
		end(p);
	}
	snprintf(text, sizeof(text), "=> %" PRIu64 " free of %" PRIu64 " total pages",
		 cma_bitmap_free_bits(c->map) << c->map->area.order_per_bit, c->map->area.pages);
	put(p, text);
	end(p);
}

static void put_boot(FILE *out, const struct log_case *c)
{
	const struct cma_area *area = &c->map->area;

	fprintf(out, "[    0.000000] Linux version %s (gcc) #1 SMP\n", forms[c->form].version);
	fprintf(out, "[    0.000000] Reserved memory: created CMA memory pool at 0x%016" PRIx64
		", size %" PRIu64 " MiB\n", area->base_pfn * 4096, area->pages / 256);
	fprintf(out, "[    0.000000] OF: reserved mem: initialized node %s, compatible id %s\n",
		area->name, "shared-dma-pool");
}

void log_case_write(FILE *out, const struct log_case *c)
{
	struct printer p = { .out = out, .us = 100 };
	const char *name = c->map->area.name;

	put_boot(out, c);
	fprintf(out, "[  411.000001] usb 1-1: new high-speed USB device number 2\n");
	if (c->say_align)
		fprintf(out, "[  412.000050] cma: %s(cma 00000000e1e6d8a6, name: %s, count %" PRIu64
			", align %u)\n", forms[c->form].function, name, c->count, c->align);
	fprintf(out, "[  412.000090] cma: %s: %s%salloc failed, req-size: %" PRIu64
		" pages, ret: %d\n", forms[c->form].function, forms[c->form].named ? name : "",
		forms[c->form].named ? ": " : "", c->count, c->error);
	if (c->list != LOG_LIST_NONE)
		put_list(&p, c);
	if (c->free_kb)
		fprintf(out, "[  412.010000] Mem-Info:\n[  412.010001] Normal free:%" PRIu64
			"kB boost:0kB min:4096kB low:5120kB high:6144kB free_cma:0kB\n"
			"[  412.010002] 1234 total pagecache pages\n", c->free_kb + 4096);
	fprintf(out, "[  413.000000] some-driver 1000.dev: dma alloc of size %" PRIu64 " failed\n",
		c->count * 4096);
}
