// SPDX-License-Identifier: MIT
/* Measuring the contenders. */
#include <errno.h>
#include <string.h>

#include "lab/probe.h"
#include "message.h"

static bool try_open(struct probed *p)
{
	int ret = p->contender.type->open(&p->contender);

	p->open = !ret;
	p->ever = !ret;
	if (ret)
		message("left out: %s (%s): %s", p->contender.type->name,
			p->contender.type->summary,
			ret == -ENOENT ? "not on this machine" : strerror(-ret));
	return p->open;
}

unsigned int probe_open(struct probe *probe)
{
	unsigned int count = 0;

	for (int i = 0; i < CONTENDERS; i++) {
		probe->probed[i].contender = (struct contender){ contender_types[i], -1 };
		if (probe->options->wanted[i])
			count += try_open(&probe->probed[i]);
	}
	return count;
}

bool probe_asks_cma(const struct probe *probe)
{
	for (int i = 0; i < CONTENDERS; i++)
		if (probe->probed[i].open && probe->probed[i].contender.type->cma)
			return true;
	return false;
}

static void free_oldest(struct probed *p)
{
	p->contender.type->free(&p->contender, &p->held[0]);
	p->held_count--;
	memmove(&p->held[0], &p->held[1], p->held_count * sizeof(p->held[0]));
}

static void close_one(struct probed *p)
{
	while (p->held_count)
		free_oldest(p);
	p->contender.type->close(&p->contender);
	p->open = false;
}

void probe_close(struct probe *probe)
{
	for (int i = 0; i < CONTENDERS; i++)
		if (probe->probed[i].open)
			close_one(&probe->probed[i]);
}

static void tell_allocation(struct probe *probe, const struct probed *p, uint64_t ns, int error)
{
	struct json_object *record = journal_record(probe->journal, "allocation");

	journal_add(record, "burst", probe->burst);
	journal_add_text(record, "contender", p->contender.type->name);
	journal_add(record, "pages", (int64_t)contender_pages(p->contender.type,
							      &probe->options->request));
	journal_add(record, "ns_taken", (int64_t)ns);
	journal_add(record, "error", error);
	journal_write(probe->journal, record);
}

static void tell_failure(struct probe *probe, const struct probed *p)
{
	struct json_object *record = journal_record(probe->journal, "failure");
	uint64_t pages = contender_pages(p->contender.type, &probe->options->request);
	enum cma_cause cause;
	int ret;

	journal_add(record, "burst", probe->burst);
	journal_add_text(record, "contender", p->contender.type->name);
	journal_add(record, "pages", (int64_t)pages);
	ret = explain_failure(probe->explainer, pages, record, &cause);
	if (ret) {
		message("explaining a failure of %s: %s", p->contender.type->name, strerror(-ret));
		json_object_put(record);
		return;
	}
	probe->causes[cause]++;
	journal_write(probe->journal, record);
}

static int allocate(struct probe *probe, struct probed *p, struct contender_buffer *buffer,
		    uint64_t *ns)
{
	const struct contender_type *type = p->contender.type;
	int error;

	*buffer = (struct contender_buffer){ .fd = -1 };
	if (type->cma)
		explain_listen(probe->explainer);
	wakeup_set(probe->wakeup, type->cma ? WAKEUP_DURING_CMA : WAKEUP_DURING_OTHER);
	error = type->allocate(&p->contender, &probe->options->request, buffer, ns);
	wakeup_set(probe->wakeup, WAKEUP_DURING_NOTHING);
	if (type->cma && (!error || error == -ENODEV))
		explain_ignore(probe->explainer);
	return error;
}

/* One that was unplugged comes back as another device. */
static bool is_there(struct probed *p)
{
	if (p->open)
		return true;
	if (!p->ever || p->contender.type->open(&p->contender))
		return false;
	p->open = true;
	return true;
}

static void measure(struct probe *probe, struct probed *p)
{
	struct contender_buffer buffer;
	uint64_t ns;
	int error;

	if (!is_there(p))
		return;
	error = allocate(probe, p, &buffer, &ns);
	if (error == -ENODEV) {
		close_one(p);
		return;
	}
	if (error && p->contender.type->cma)
		tell_failure(probe, p);
	tell_allocation(probe, p, ns, error);
	if (error) {
		p->failures++;
		return;
	}
	p->allocations++;
	cma_latency_add(&p->latency, ns);
	p->held[p->held_count++] = buffer;
	if (p->held_count <= probe->options->hold)
		return;
	wakeup_set(probe->wakeup, WAKEUP_DURING_OTHER);
	free_oldest(p);
	wakeup_set(probe->wakeup, WAKEUP_DURING_NOTHING);
}

/* Fisher and Yates' shuffle */
static void shuffle(struct cma_random *random, unsigned int *order)
{
	for (unsigned int i = 0; i < CONTENDERS; i++)
		order[i] = i;
	for (unsigned int i = CONTENDERS - 1; i > 0; i--) {
		unsigned int other = (unsigned int)cma_random_below(random, i + 1);
		unsigned int kept = order[i];

		order[i] = order[other];
		order[other] = kept;
	}
}

void probe_round(struct probe *probe)
{
	unsigned int order[CONTENDERS];

	shuffle(&probe->random, order);
	for (unsigned int i = 0; i < CONTENDERS && !probe->stopped(); i++)
		measure(probe, &probe->probed[order[i]]);
}
