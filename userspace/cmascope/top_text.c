// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "cmascope/account_json.h"
#include "cmascope/top_text.h"

#define ROW	"%-16.16s %8.1f %8llu %6llu %7llu %8llu  "

static void print_row(const char *name, const struct cma_sums *s, double rate, FILE *out)
{
	static const double percents[] = { 50, 90, 99, 100 };
	char text[16];

	fprintf(out, ROW, name, rate, (unsigned long long)s->allocations,
		(unsigned long long)s->failures, (unsigned long long)s->retries,
		(unsigned long long)s->migrated);
	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++)
		fprintf(out, " %8s", s->latency.count ?
			format_ns(cma_latency_percentile(&s->latency, percents[i]), text) : "-");
	fputc('\n', out);
}

static void print_head(const char *what, FILE *out)
{
	fprintf(out, "\n%-16s %8s %8s %6s %7s %8s   %8s %8s %8s %8s\n", what, "alloc/s", "allocs",
		"failed", "retries", "migrated", "p50", "p90", "p99", "max");
}

struct ranked {
	size_t index;
	double rate;
	uint64_t allocations;
};

static int by_rate(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->rate != y->rate)
		return (x->rate < y->rate) - (x->rate > y->rate);
	return (x->allocations < y->allocations) - (x->allocations > y->allocations);
}

/* Many pages may come and go between two pictures; their sum is what is used now. */
static void print_use(const struct top_view *v, unsigned int i, FILE *out)
{
	const struct cma_trace_area *area = &v->info->areas[i];
	const struct cma_sums *s = &v->account->areas[i];
	double mb = v->info->page_size / 1048576.0;
	int64_t used;

	if (!area->known || !area->start_known)
		return;
	used = (int64_t)((area->map.bits - cma_bitmap_free_bits(&area->map)) <<
			 area->map.area.order_per_bit);
	used += (int64_t)(s->pages - s->pages_released);
	fprintf(out, "%s: %.1f of %.1f MiB used\n", area->map.area.name,
		(double)used * mb, (double)area->map.area.pages * mb);
}

void top_text(const struct top_view *v, size_t threads, FILE *out)
{
	struct ranked *ranks = calloc(v->account->thread_count + 1, sizeof(*ranks));
	double interval = v->seconds - v->before_seconds;

	fprintf(out, "cmascope top: %.1f s, %llu events, %llu lost\n", v->seconds,
		(unsigned long long)v->account->events, (unsigned long long)v->lost);
	for (unsigned int i = 0; i < v->info->area_count; i++)
		print_use(v, i, out);
	print_head("AREA", out);
	for (unsigned int i = 0; i < v->info->area_count; i++)
		print_row(area_name(v->info, (int32_t)i), &v->account->areas[i],
			  (double)(v->account->areas[i].allocations - v->before_areas[i]) /
			  interval, out);
	print_head("PROCESS", out);
	for (size_t i = 0; ranks && i < v->account->thread_count; i++) {
		ranks[i].index = i;
		ranks[i].allocations = v->account->threads[i]->sums.allocations;
		ranks[i].rate = (double)(ranks[i].allocations - v->before_threads[i]) / interval;
	}
	if (ranks)
		qsort(ranks, v->account->thread_count, sizeof(*ranks), by_rate);
	for (size_t i = 0; ranks && i < v->account->thread_count && i < threads; i++) {
		const struct cma_thread_sums *t = v->account->threads[ranks[i].index];
		char name[32];

		snprintf(name, sizeof(name), "%s:%d", t->comm, t->pid);
		print_row(name, &t->sums, ranks[i].rate, out);
	}
	free(ranks);
}

void top_next(struct top_view *v)
{
	v->before_seconds = v->seconds;
	for (unsigned int i = 0; i < v->info->area_count; i++)
		v->before_areas[i] = v->account->areas[i].allocations;
	for (size_t i = 0; i < v->account->thread_count; i++)
		v->before_threads[i] = v->account->threads[i]->sums.allocations;
}
