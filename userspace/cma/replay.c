// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cma/random.h"
#include "cma/replay.h"

#define MEASURE_INTERVAL	16	/* steps between measurements of the free memory */

/**
 * struct play - a script being played
 * @script: what is asked
 * @replay: of which area
 * @result: what came of it so far
 * @sim: the area
 * @places: for each allocation its first page frame, CMA_NOWHERE: it has none
 * @pinned: pages that cannot migrate, drawn for each request; @busy names them
 * @random: what they are drawn with
 * @held_pages: asked for and held now
 * @held_bits: bits taken now
 */
struct play {
	const struct cma_script *script;
	const struct cma_replay *replay;
	struct cma_replay_result *result;
	struct cma_sim *sim;
	uint64_t *places;
	struct cma_bitmap pinned;
	struct cma_busy busy;
	struct cma_random random;
	uint64_t held_pages;
	uint64_t held_bits;
};

enum cma_cause cma_replay_cause(const struct cma_bitmap *map, uint64_t count, unsigned int align,
				int error)
{
	struct cma_shape shape;
	uint64_t bits;

	if (error == -EBUSY)
		return CMA_CAUSE_BUSY;
	bits = cma_bits(&map->area, count);
	if (bits > map->bits)
		return CMA_CAUSE_TOO_LARGE;
	shape = cma_bitmap_shape(map, align);
	if (bits > shape.free)
		return CMA_CAUSE_FULL;
	if (bits > shape.longest.length)
		return CMA_CAUSE_FRAGMENTED;
	return bits > shape.longest_aligned.length ? CMA_CAUSE_ALIGNMENT : CMA_CAUSE_LOW_MEMORY;
}

static unsigned int alignment(const struct play *p, const struct cma_step *step)
{
	unsigned int order = cma_pages_order(step->count), most = p->script->max_align;

	if (p->replay->align == CMA_ALIGN_AS_ASKED || step->align != (order < most ? order : most))
		return step->align;
	most = (unsigned int)p->replay->align;
	return order < most ? order : most;
}

/* One page at a random place of each block that is busy now. */
static void draw_pins(struct play *p)
{
	double log_free = log1p(-p->replay->busy);
	uint64_t block = 0, blocks = p->pinned.bits / CMA_BUSY_BLOCK + 1;

	cma_bitmap_write(&p->pinned, 0, p->pinned.bits, false);
	for (;; block++) {
		/* How many blocks are free before the next busy one: geometric. */
		double skip = floor(log1p(-cma_random_unit(&p->random)) / log_free);

		if (skip >= (double)(blocks - block))
			return;
		block += (uint64_t)skip;
		cma_bitmap_write(&p->pinned, block * CMA_BUSY_BLOCK +
				 cma_random_below(&p->random, CMA_BUSY_BLOCK), 1, true);
	}
}

static void measure(struct play *p)
{
	struct cma_replay_result *r = p->result;
	const struct cma_bitmap *map = cma_sim_map(p->sim);
	unsigned int order = map->area.order_per_bit, align = p->script->max_align;
	struct cma_run run = cma_bitmap_next_run(map, 0);
	uint64_t free = 0, aligned = 0, longest = 0;
	double fragmentation;

	if (p->replay->align != CMA_ALIGN_AS_ASKED)
		align = (unsigned int)p->replay->align;
	for (; run.length; run = cma_bitmap_next_run(map, run.start + run.length)) {
		struct cma_run part = cma_run_aligned(&map->area, run, align);

		free += run.length;
		aligned += part.length;
		if (part.length > longest)
			longest = part.length;
	}
	r->samples++;
	r->internal_pages += (p->held_bits << order) - p->held_pages;
	r->unaligned_pages += (free - aligned) << order;
	r->free_pages += free << order;
	fragmentation = free ? 1 - (double)longest / (double)free : 0;
	if (fragmentation > r->fragmentation)
		r->fragmentation = fragmentation;
}

static void hold(struct play *p, uint64_t count)
{
	p->held_pages += count;
	p->held_bits += cma_bits(&cma_sim_map(p->sim)->area, count);
	if (p->held_pages > p->result->peak_pages)
		p->result->peak_pages = p->held_pages;
}

static void alloc(struct play *p, const struct cma_step *step)
{
	unsigned int align = alignment(p, step);
	struct cma_replay_result *r = p->result;
	uint64_t retries;
	int ret;

	if (p->replay->busy > 0)
		draw_pins(p);
	ret = cma_sim_alloc(p->sim, step->count, align, &p->places[step->id], &retries);
	r->allocations++;
	r->retries += retries;
	r->asked_pages += step->count;
	if (!ret) {
		hold(p, step->count);
		return;
	}
	r->failed[cma_replay_cause(cma_sim_map(p->sim), step->count, align, ret)]++;
	r->failed_pages += step->count;
	if (!p->replay->until_failure)
		measure(p);
}

static void release(struct play *p, const struct cma_step *step)
{
	uint64_t place = p->places[step->id];

	if (place == CMA_NOWHERE || cma_sim_release(p->sim, place + step->offset, step->count)) {
		p->result->skipped++;
		return;
	}
	p->held_pages -= step->count;
	p->held_bits -= cma_bits(&cma_sim_map(p->sim)->area, step->count);
}

/* What was there before stays where it was, if the area reaches that far. */
static int create(struct play *p)
{
	const struct cma_script *script = p->script;
	struct cma_area area = script->area;
	struct cma_bitmap start;
	int ret;

	area.pages = p->replay->pages;
	ret = cma_bitmap_init(&start, &area);
	if (!ret)
		ret = cma_bitmap_init(&p->pinned, &area);
	p->places = malloc((script->ids + 1UL) * sizeof(*p->places));
	if (ret || !p->places) {
		cma_bitmap_end(&start);
		return ret ? ret : -ENOMEM;
	}
	for (size_t i = 0; i < script->ids; i++)
		p->places[i] = CMA_NOWHERE;
	for (size_t i = 0; i < script->count && script->steps[i].type == CMA_STEP_PRESENT; i++) {
		const struct cma_step *s = &script->steps[i];

		if (s->offset >= area.pages || s->count > area.pages - s->offset)
			continue;
		cma_bitmap_write(&start, s->offset >> area.order_per_bit,
				 s->count >> area.order_per_bit, true);
		p->places[s->id] = area.base_pfn + s->offset;
	}
	p->sim = cma_sim_create(&start, p->replay->policy);
	cma_bitmap_end(&start);
	p->busy.pinned = &p->pinned;
	p->random.state = p->replay->seed;
	return p->sim ? 0 : -ENOMEM;
}

static void step(struct play *p, const struct cma_step *step)
{
	if (step->type == CMA_STEP_RELEASE) {
		release(p, step);
	} else if (step->type == CMA_STEP_ALLOC || p->places[step->id] == CMA_NOWHERE) {
		alloc(p, step);
	} else {
		p->result->allocations++;
		p->result->asked_pages += step->count;
		hold(p, step->count);
	}
}

int cma_replay_run(const struct cma_script *script, const struct cma_replay *replay,
		   struct cma_replay_result *result)
{
	struct play p = { .script = script, .replay = replay, .result = result };
	int ret;

	memset(result, 0, sizeof(*result));
	ret = create(&p);
	if (!ret && replay->busy > 0)
		cma_sim_set_busy(p.sim, &p.busy);
	for (size_t i = 0; !ret && i < script->count; i++) {
		step(&p, &script->steps[i]);
		if (!replay->until_failure && i % MEASURE_INTERVAL == 0)
			measure(&p);
		if (replay->until_failure && cma_replay_failures(result))
			break;
	}
	result->runs = 1;
	result->failed_runs = cma_replay_failures(result) > 0;
	cma_sim_destroy(p.sim);
	cma_bitmap_end(&p.pinned);
	free(p.places);
	return ret;
}

uint64_t cma_replay_failures(const struct cma_replay_result *result)
{
	uint64_t sum = 0;

	for (int i = 0; i < CMA_CAUSES; i++)
		sum += result->failed[i];
	return sum;
}

void cma_replay_add(struct cma_replay_result *sum, const struct cma_replay_result *result)
{
	sum->runs += result->runs;
	sum->failed_runs += result->failed_runs;
	sum->allocations += result->allocations;
	for (int i = 0; i < CMA_CAUSES; i++)
		sum->failed[i] += result->failed[i];
	sum->retries += result->retries;
	sum->skipped += result->skipped;
	sum->asked_pages += result->asked_pages;
	sum->failed_pages += result->failed_pages;
	if (result->peak_pages > sum->peak_pages)
		sum->peak_pages = result->peak_pages;
	sum->samples += result->samples;
	sum->internal_pages += result->internal_pages;
	sum->unaligned_pages += result->unaligned_pages;
	sum->free_pages += result->free_pages;
	if (result->fragmentation > sum->fragmentation)
		sum->fragmentation = result->fragmentation;
}
