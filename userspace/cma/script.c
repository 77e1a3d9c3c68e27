// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/script.h"

void cma_script_init(struct cma_script *script)
{
	memset(script, 0, sizeof(*script));
	script->page_size = 4096;
}

void cma_script_end(struct cma_script *script)
{
	free(script->steps);
	memset(script, 0, sizeof(*script));
}

static int append(struct cma_script *script, const struct cma_step *step)
{
	if (script->count == script->room) {
		size_t room = script->room ? script->room * 2 : 1024;
		struct cma_step *steps;

		if (script->count >= CMA_SCRIPT_MAX_STEPS)
			return -E2BIG;
		steps = realloc(script->steps, room * sizeof(*steps));
		if (!steps)
			return -ENOMEM;
		script->steps = steps;
		script->room = room;
	}
	script->steps[script->count++] = *step;
	return 0;
}

static int append_new(struct cma_script *script, struct cma_step *step, uint32_t *id)
{
	int ret;

	step->id = script->ids;
	ret = append(script, step);
	if (ret)
		return ret;
	if (id)
		*id = script->ids;
	script->ids++;
	return 0;
}

int cma_script_alloc(struct cma_script *script, uint64_t count, unsigned int align, uint32_t *id)
{
	struct cma_step step = { .type = CMA_STEP_ALLOC, .count = count };

	step.align = (uint8_t)(align < CMA_MAX_ORDER ? align : CMA_MAX_ORDER);
	if (step.align > script->max_align)
		script->max_align = step.align;
	return append_new(script, &step, id);
}

int cma_script_present(struct cma_script *script, uint64_t offset, uint64_t count, uint32_t *id)
{
	struct cma_step step = { .type = CMA_STEP_PRESENT, .offset = offset, .count = count };

	return append_new(script, &step, id);
}

int cma_script_release(struct cma_script *script, uint32_t id, uint64_t offset, uint64_t count)
{
	struct cma_step step = { .type = CMA_STEP_RELEASE, .offset = offset, .count = count,
				 .id = id };

	return append(script, &step);
}

uint64_t cma_script_peak(const struct cma_script *script)
{
	uint64_t held = 0, peak = 0;

	for (size_t i = 0; i < script->count; i++) {
		const struct cma_step *step = &script->steps[i];

		if (step->type == CMA_STEP_RELEASE)
			held -= step->count < held ? step->count : held;
		else if (__builtin_add_overflow(held, step->count, &held))
			return UINT64_MAX;
		if (held > peak)
			peak = held;
	}
	return peak;
}

unsigned int cma_pages_order(uint64_t pages)
{
	return pages > 1 ? 64 - (unsigned int)__builtin_clzll(pages - 1) : 0;
}
