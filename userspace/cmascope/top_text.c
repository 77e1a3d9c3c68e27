// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "cmascope/top_text.h"

#define NAME_MIN	16
#define NAME_MAX	24	/* a thread's name, and its number */

/* From left to right; widths are with a space. The higher the rank, the sooner one is left out. */
enum top_column { RATE, ALLOCATIONS, FAILED, BUSY, MOVED, P50, P90, P99, MAX, COLUMNS };

static const struct {
	const char *head;
	unsigned int width;
	unsigned int rank;
	double percent;
} columns[COLUMNS] = {
	[RATE] = { "alloc/s", 8, 0, 0 },
	[ALLOCATIONS] = { "allocs", 8, 4, 0 },
	[FAILED] = { "failed", 7, 1, 0 },
	[BUSY] = { "busy", 6, 6, 0 },
	[MOVED] = { "moved", 7, 7, 0 },
	[P50] = { "p50", 9, 5, 50 },
	[P90] = { "p90", 9, 8, 90 },
	[P99] = { "p99", 9, 2, 99 },
	[MAX] = { "max", 9, 3, 100 },
};

/**
 * struct table - what fits
 * @name: width of the first column
 * @shown: which others there are
 * @out: where it goes
 * @left: lines that are left
 */
struct table {
	unsigned int name;
	bool shown[COLUMNS];
	FILE *out;
	size_t left;
};

static void lay_out(struct table *table, unsigned int width)
{
	unsigned int left = width > NAME_MIN ? width - NAME_MIN : 0;

	for (unsigned int rank = 0; rank < COLUMNS; rank++)
		for (enum top_column c = 0; c < COLUMNS; c++)
			if (columns[c].rank == rank && columns[c].width <= left) {
				table->shown[c] = true;
				left -= columns[c].width;
			}
	table->name = NAME_MIN + (left < NAME_MAX - NAME_MIN ? left : NAME_MAX - NAME_MIN);
	if (table->name > width)
		table->name = width;
}

/* Whether there is room for one more line. */
static bool take_line(struct table *table)
{
	if (!table->left)
		return false;
	table->left--;
	return true;
}

static void print_head(struct table *table, const char *what)
{
	if (take_line(table))
		fputc('\n', table->out);
	if (!take_line(table))
		return;
	fprintf(table->out, "%-*.*s", (int)table->name, (int)table->name, what);
	for (enum top_column c = 0; c < COLUMNS; c++)
		if (table->shown[c])
			fprintf(table->out, "%*s", (int)columns[c].width, columns[c].head);
	fputc('\n', table->out);
}

/* Of a large number the magnitude. Return: @text. */
static const char *short_count(uint64_t n, unsigned int digits, char text[24])
{
	static const char units[] = " kMGTPE";
	const char *unit = units;
	int length = snprintf(text, 24, "%llu", (unsigned long long)n);

	while (length > (int)digits && unit[1]) {
		n /= 1000;
		unit++;
		length = snprintf(text, 24, "%llu%c", (unsigned long long)n, *unit);
	}
	return text;
}

static const char *value_of(const struct cma_sums *s, enum top_column c, double rate, char text[24])
{
	const uint64_t counts[COLUMNS] = {
		[ALLOCATIONS] = s->allocations, [FAILED] = s->failures,
		[BUSY] = s->retries, [MOVED] = s->migrated,
	};

	if (c == RATE) {
		snprintf(text, 24, rate < 10000 ? "%.1f" : "%.0f", rate);
		return text;
	}
	if (!columns[c].percent)
		return short_count(counts[c], columns[c].width - 1, text);
	if (!s->latency.count)
		return "-";
	return format_ns(cma_latency_percentile(&s->latency, columns[c].percent), text);
}

static void print_row(struct table *table, const char *name, const struct cma_sums *s, double rate)
{
	char text[24];

	if (!take_line(table))
		return;
	fprintf(table->out, "%-*.*s", (int)table->name, (int)table->name, name);
	for (enum top_column c = 0; c < COLUMNS; c++)
		if (table->shown[c])
			fprintf(table->out, "%*s", (int)columns[c].width,
				value_of(s, c, rate, text));
	fputc('\n', table->out);
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

/* Whether events never name it: they name the area that it is a range of. */
static bool is_range(const struct cma_trace_info *info, unsigned int area)
{
	for (unsigned int i = 0; i < info->area_count; i++)
		if (i != area && cma_area_is(&info->areas[area].map.area,
					     info->areas[i].map.area.name))
			return true;
	return false;
}

/* Many pages may come and go between two pictures; their sum is what is used now. */
static void print_use(struct table *table, const struct top_view *v, unsigned int i)
{
	const struct cma_sums *s = &v->account->areas[i];
	int64_t used = (int64_t)(s->pages - s->pages_released);
	const char *name = v->info->areas[i].map.area.name;
	double mb = v->info->page_size / 1048576.0;
	uint64_t pages = 0;

	for (unsigned int j = 0; j < v->info->area_count; j++) {
		const struct cma_trace_area *area = &v->info->areas[j];

		if (!area->known || !area->start_known || !cma_area_is(&area->map.area, name))
			continue;
		used += (int64_t)((area->map.bits - cma_bitmap_free_bits(&area->map)) <<
				  area->map.area.order_per_bit);
		pages += area->map.area.pages;
	}
	if (pages && take_line(table))
		fprintf(table->out, "%s: %.1f of %.1f MiB used\n", name, (double)used * mb,
			(double)pages * mb);
}

static void print_areas(struct table *table, const struct top_view *v, double interval)
{
	print_head(table, TOP_HEAD_AREA);
	for (unsigned int i = 0; i < v->info->area_count; i++)
		if (!is_range(v->info, i))
			print_row(table, v->info->areas[i].map.area.name, &v->account->areas[i],
				  (double)(v->account->areas[i].allocations - v->before_areas[i]) /
				  interval);
}

/* The number is worth more than the end of the name. */
static void print_thread(struct table *table, const struct cma_thread_sums *thread, double rate)
{
	char name[32], number[16];
	int room = (int)table->name - snprintf(number, sizeof(number), ":%d", thread->pid);

	snprintf(name, sizeof(name), "%.*s%s", room > 0 ? room : 0, thread->comm, number);
	print_row(table, name, &thread->sums, rate);
}

static void print_threads(struct table *table, const struct top_view *v, double interval)
{
	size_t count = v->account->thread_count;
	struct ranked *ranks = calloc(count + 1, sizeof(*ranks));

	print_head(table, TOP_HEAD_PROCESS);
	for (size_t i = 0; ranks && i < count; i++) {
		ranks[i].index = i;
		ranks[i].allocations = v->account->threads[i]->sums.allocations;
		ranks[i].rate = (double)(ranks[i].allocations - v->before_threads[i]) / interval;
	}
	if (ranks)
		qsort(ranks, count, sizeof(*ranks), by_rate);
	for (size_t i = 0; ranks && i < count && table->left; i++) {
		if (table->left == 1 && i + 1 < count) {
			fprintf(table->out, "and %zu more\n", count - i);
			break;
		}
		print_thread(table, v->account->threads[ranks[i].index], ranks[i].rate);
	}
	free(ranks);
}

void top_text(const struct top_view *v, unsigned int width, size_t lines, FILE *out)
{
	double interval = v->seconds - v->before_seconds;
	struct table table = { .out = out, .left = lines };

	lay_out(&table, width);
	if (take_line(&table))
		fprintf(out, width < 60 ? "%.0f s, %llu events, %llu lost\n" :
			"cmascope top: %.1f s, %llu events, %llu lost\n", v->seconds,
			(unsigned long long)v->account->events, (unsigned long long)v->lost);
	for (unsigned int i = 0; i < v->info->area_count; i++)
		if (!is_range(v->info, i))
			print_use(&table, v, i);
	print_areas(&table, v, interval);
	print_threads(&table, v, interval);
}

void top_next(struct top_view *v)
{
	v->before_seconds = v->seconds;
	for (unsigned int i = 0; i < v->info->area_count; i++)
		v->before_areas[i] = v->account->areas[i].allocations;
	for (size_t i = 0; i < v->account->thread_count; i++)
		v->before_threads[i] = v->account->threads[i]->sums.allocations;
}
