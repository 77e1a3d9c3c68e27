// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "html/json_get.h"
#include "lab/report_attempts.h"
#include "lab/report_columns.h"

static void merge_sum(struct report_sum *to, const struct report_sum *from)
{
	to->sum += from->sum;
	to->count += from->count;
	if (from->max > to->max)
		to->max = from->max;
}

static void merge_column(struct report_column *to, const struct report_column *from)
{
	to->seen |= from->seen;
	for (size_t i = 0; i < REPORT_GAUGES; i++)
		merge_sum(&to->gauges[i], &from->gauges[i]);
	for (size_t i = 0; i < REPORT_DURINGS; i++)
		for (size_t p = 0; p < REPORT_PERCENTILES; p++)
			merge_sum(&to->wakes[i][p], &from->wakes[i][p]);
	to->memories += from->memories;
	for (size_t order = 0; order < REPORT_ORDERS; order++) {
		to->free[order] += from->free[order];
		to->unusable[order] += from->unusable[order];
		for (size_t type = 0; type < REPORT_TYPES; type++)
			to->types[type][order] += from->types[type][order];
	}
	if (from->kswapd_ns)
		to->kswapd_ns = from->kswapd_ns;
	if (*from->map)
		memcpy(to->map, from->map, sizeof(to->map));
}

/* Two columns become one. */
static void widen(struct report_run *run)
{
	static const struct report_column none;

	run->width *= 2;
	run->columns_used = (run->columns_used + 1) / 2;
	for (unsigned int i = 0; i < REPORT_COLUMNS; i++) {
		struct report_column column = run->columns[i];

		run->columns[i] = none;
		merge_column(&run->columns[i / 2], &column);
		for (unsigned int c = 0; c < run->contender_count; c++) {
			struct report_attempts *columns = run->contenders[c]->columns;
			struct report_attempts one = columns[i];

			columns[i] = (struct report_attempts){ 0 };
			report_attempts_merge(&columns[i / 2], &one);
		}
		for (unsigned int p = 0; p < run->profile_count; p++) {
			double *columns = run->profiles[p]->columns, one = columns[i];

			columns[i] = 0;
			columns[i / 2] += one;
		}
	}
}

unsigned int report_column(struct report_run *run, uint64_t burst)
{
	unsigned int column;

	while (burst / run->width >= REPORT_COLUMNS)
		widen(run);
	column = (unsigned int)(burst / run->width);
	if (column >= run->columns_used)
		run->columns_used = column + 1;
	run->columns[column].seen = true;
	return column;
}

static void add_value(struct report_sum *sum, struct json_object *record, const char *name)
{
	double value = (double)report_run_number(record, name);

	if (!json_get(record, name))
		return;
	sum->sum += value;
	sum->count++;
	if (value > sum->max)
		sum->max = value;
}

static void add_orders(struct report_run *run, double *sums, struct json_object *array)
{
	for (size_t order = 0; order < json_length(array) && order < REPORT_ORDERS; order++) {
		double value = json_object_get_double(json_at(array, order));

		/* Also false for what is not a number. */
		if (value >= 0 && value < 1e15)
			sums[order] += value;
		if (order >= run->orders)
			run->orders = (unsigned int)order + 1;
	}
}

static void add_types(struct report_run *run, struct report_column *column,
		      struct json_object *types)
{
	if (!json_object_is_type(types, json_type_object))
		return;
	json_object_object_foreach(types, name, blocks) {
		unsigned int i = 0;

		while (i < run->type_count && strncmp(run->types[i], name, REPORT_NAME - 1))
			i++;
		if (i == REPORT_TYPES) {
			run->dropped++;
			continue;
		}
		if (i == run->type_count) {
			snprintf(run->types[i], REPORT_NAME, "%s", name);
			run->type_count++;
		}
		add_orders(run, column->types[i], blocks);
	}
}

/* One letter for cells from @start on: what is worth seeing is pinned pages, then what most are. */
static char cell_of(const char *cells, size_t start, size_t end)
{
	static const char letters[] = ".ABP?";
	size_t counts[sizeof(letters)] = { 0 }, most = 0;

	for (size_t i = start; i < end; i++) {
		const char *letter = strchr(letters, cells[i]);

		if (cells[i] == 'P')
			return 'P';
		counts[letter ? letter - letters : 4]++;
	}
	for (size_t i = 1; letters[i]; i++)
		if (counts[i] > counts[most])
			most = i;
	return letters[most];
}

static void set_map(struct report_column *column, const char *cells)
{
	size_t count = strlen(cells), rows = count < REPORT_ROWS ? count : REPORT_ROWS;

	for (size_t row = 0; row < rows; row++)
		column->map[row] = cell_of(cells, count * row / rows, count * (row + 1) / rows);
	if (rows)
		column->map[rows] = '\0';
}

static void keep(struct json_object **kept, struct json_object *value)
{
	if (!json_object_is_type(value, json_type_array))
		return;
	json_object_put(*kept);
	*kept = json_object_get(value);
}

void report_column_memory(struct report_run *run, uint64_t burst, struct json_object *record)
{
	struct report_column *column = &run->columns[report_column(run, burst)];
	uint64_t kswapd_ns = report_run_number(record, "kswapd_ns");

	add_value(&column->gauges[REPORT_CMA_FREE], record, "cma_free_kb");
	add_value(&column->gauges[REPORT_MEM_FREE], record, "mem_free_kb");
	add_value(&column->gauges[REPORT_SLAB], record, "slab_kb");
	column->memories++;
	add_orders(run, column->free, json_get(record, "free"));
	add_orders(run, column->unusable, json_get(record, "unusable"));
	add_types(run, column, json_get(record, "types"));
	set_map(column, report_run_text(record, "map"));
	keep(&run->unusable, json_get(record, "unusable"));
	keep(&run->extfrag, json_get(record, "extfrag"));
	column->kswapd_ns = kswapd_ns;
	if (!run->looked)
		run->kswapd_ns[0] = kswapd_ns;
	run->kswapd_ns[1] = kswapd_ns;
	for (int i = 0; i < REPORT_PRESSURES; i++) {
		const char *name = report_run_pressure_name((enum report_pressure)i);

		run->pressure[i][1] = report_run_number(record, name);
		if (!run->looked)
			run->pressure[i][0] = run->pressure[i][1];
	}
	run->looked = true;
}

static enum report_during during_of(struct json_object *record)
{
	const char *name = report_run_text(record, "during");

	if (!strcmp(name, report_run_during_name(REPORT_DURING_CMA)))
		return REPORT_DURING_CMA;
	if (!strcmp(name, report_run_during_name(REPORT_DURING_OTHER)))
		return REPORT_DURING_OTHER;
	return REPORT_DURING_NOTHING;
}

void report_column_wakeup(struct report_run *run, uint64_t burst, struct json_object *record)
{
	static const char *const names[REPORT_PERCENTILES] = { "p50_ns", "p99_ns", "max_ns" };
	struct report_column *column = &run->columns[report_column(run, burst)];
	enum report_during during = during_of(record);
	struct report_wakeup *wakeup = &run->wakeups[during];
	uint64_t p99_ns = report_run_number(record, "p99_ns");
	uint64_t max_ns = report_run_number(record, "max_ns");

	if (!report_run_number(record, "count"))
		return;
	for (size_t i = 0; i < REPORT_PERCENTILES; i++)
		add_value(&column->wakes[during][i], record, names[i]);
	cma_latency_add(&wakeup->medians, report_run_number(record, "p50_ns"));
	wakeup->count += report_run_number(record, "count");
	if (p99_ns > wakeup->p99_ns)
		wakeup->p99_ns = p99_ns;
	if (max_ns > wakeup->max_ns)
		wakeup->max_ns = max_ns;
}
