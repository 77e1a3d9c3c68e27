// SPDX-License-Identifier: MIT
/* What the measurements came to: a table for people, JSON for programs. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lab/probe.h"
#include "message.h"

static void print_latency(const struct cma_latency *l)
{
	const uint64_t values[] = {
		cma_latency_percentile(l, 50), cma_latency_percentile(l, 99), l->max };
	char text[16];

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		printf(" %10s", l->count ? format_ns(values[i], text) : "-");
	putchar('\n');
}

static void print_contenders(const struct probe *probe)
{
	printf("%-12s %7s %11s %9s %10s %10s %10s\n", "contender", "pages", "allocations",
	       "failures", "p50", "p99", "max");
	for (int i = 0; i < CONTENDERS; i++) {
		const struct probed *p = &probe->probed[i];

		if (!p->ever)
			continue;
		printf("%-12s %7" PRIu64 " %11" PRIu64 " %9" PRIu64, p->contender.type->name,
		       contender_pages(p->contender.type, &probe->options->request),
		       p->allocations, p->failures);
		print_latency(&p->latency);
	}
}

static void print_wakeups(const char *when, const struct cma_latency *l)
{
	if (!l->count)
		return;
	printf("%-20s %11" PRIu64 "%10s", when, l->count, "");
	print_latency(l);
}

static void print_index(const char *name, const int *index, unsigned int orders)
{
	printf("%-16s", name);
	for (unsigned int order = 0; order < orders; order++)
		printf(" %6.3f", index[order] / 1000.0);
	putchar('\n');
}

static void print_memory(const struct memory_state *m)
{
	printf("\nfree %" PRIu64 " kB, free in CMA %" PRIu64 " kB, unmovable slab %" PRIu64 " kB\n",
	       m->mem_free_kb, m->cma_free_kb, m->slab_kb);
	printf("%-16s", "order");
	for (unsigned int order = 0; order < m->orders; order++)
		printf(" %6u", order);
	printf("\n%-16s", "free blocks");
	for (unsigned int order = 0; order < m->orders; order++)
		printf(" %6" PRIu64, m->free[order]);
	putchar('\n');
	print_index("unusable", m->unusable, m->orders);
	print_index("extfrag", m->extfrag, m->orders);
	if (*m->map)
		printf("\nCMA area: . free, A allocated, B borrowed, P pinned, ? unknown\n");
	for (size_t i = 0; m->map[i]; i += 64)
		printf("%.64s\n", m->map + i);
}

void probe_table(const struct probe *probe)
{
	print_contenders(probe);
	if (probe->options->wakeup_ns)
		printf("\nwake-ups of a real-time thread during\n");
	for (enum wakeup_during during = 0; during < WAKEUP_DURING; during++)
		print_wakeups(wakeup_during_name(during), &probe->lateness.during[during]);
	print_memory(&probe->memory);
	for (enum cma_cause cause = 0; cause < CMA_CAUSES; cause++)
		if (probe->causes[cause])
			printf("\nfailures because of %s: %" PRIu64 "\n", cma_cause_name(cause),
			       probe->causes[cause]);
}

static void add_latency(struct json_object *o, const struct cma_latency *l)
{
	journal_add(o, "p50_ns", (int64_t)cma_latency_percentile(l, 50));
	journal_add(o, "p99_ns", (int64_t)cma_latency_percentile(l, 99));
	journal_add(o, "max_ns", (int64_t)l->max);
}

static struct json_object *contenders_json(const struct probe *probe)
{
	struct json_object *list = json_object_new_array();

	for (int i = 0; i < CONTENDERS; i++) {
		const struct probed *p = &probe->probed[i];
		struct json_object *o;

		if (!p->ever)
			continue;
		o = json_object_new_object();
		journal_add_text(o, "name", p->contender.type->name);
		journal_add(o, "pages", (int64_t)contender_pages(p->contender.type,
								 &probe->options->request));
		journal_add(o, "allocations", (int64_t)p->allocations);
		journal_add(o, "failures", (int64_t)p->failures);
		add_latency(o, &p->latency);
		json_object_array_add(list, o);
	}
	return list;
}

static struct json_object *wakeups_json(const struct wakeup_lateness *lateness)
{
	struct json_object *list = json_object_new_array();

	for (enum wakeup_during during = 0; during < WAKEUP_DURING; during++) {
		const struct cma_latency *l = &lateness->during[during];
		struct json_object *o = json_object_new_object();

		journal_add_text(o, "during", wakeup_during_name(during));
		journal_add(o, "count", (int64_t)l->count);
		add_latency(o, l);
		json_object_array_add(list, o);
	}
	return list;
}

static struct json_object *causes_json(const struct probe *probe)
{
	struct json_object *o = json_object_new_object();

	for (enum cma_cause cause = 0; cause < CMA_CAUSES; cause++)
		if (probe->causes[cause])
			journal_add(o, cma_cause_name(cause), (int64_t)probe->causes[cause]);
	return o;
}

static struct json_object *summary(const struct probe *probe)
{
	struct json_object *o = json_object_new_object();
	struct json_object *memory = json_object_new_object();

	json_object_object_add(o, "seed", json_object_new_uint64(probe->options->seed));
	journal_add(o, "bursts", probe->bursts);
	journal_add(o, "width", probe->options->request.width);
	journal_add(o, "height", probe->options->request.height);
	json_object_object_add(o, "contenders", contenders_json(probe));
	json_object_object_add(o, "causes", causes_json(probe));
	json_object_object_add(o, "wakeups", wakeups_json(&probe->lateness));
	memory_state_json(memory, &probe->memory);
	json_object_object_add(o, "memory", memory);
	return o;
}

int probe_json(const struct probe *probe)
{
	const char *path = probe->options->json;
	bool standard = !strcmp(path, "-");
	FILE *file = standard ? stdout : fopen(path, "we");
	struct json_object *o = file ? summary(probe) : NULL;
	int ret = file ? 0 : -errno;

	if (o && fprintf(file, "%s\n", json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
			 JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE)) < 0)
		ret = -errno;
	if (file && (standard ? fflush(file) : fclose(file)))
		ret = -errno;
	if (ret)
		message_error(ret, "writing %s", path);
	json_object_put(o);
	return ret;
}
