// SPDX-License-Identifier: MIT
/* Memory's state as members of a record. */
#include "lab/journal.h"
#include "lab/memory_state.h"

static struct json_object *blocks_json(const uint64_t *blocks, unsigned int orders)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int order = 0; order < orders; order++)
		json_object_array_add(list, json_object_new_uint64(blocks[order]));
	return list;
}

static struct json_object *index_json(const int *index, unsigned int orders)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int order = 0; order < orders; order++)
		json_object_array_add(list, json_object_new_int(index[order]));
	return list;
}

static void add_blocks(struct json_object *record, const struct memory_state *s)
{
	struct json_object *types = json_object_new_object();

	json_object_object_add(record, "free", blocks_json(s->free, s->orders));
	json_object_object_add(record, "unusable", index_json(s->unusable, s->orders));
	json_object_object_add(record, "extfrag", index_json(s->extfrag, s->orders));
	for (unsigned int i = 0; i < s->type_count; i++)
		json_object_object_add(types, s->types[i].name,
				       blocks_json(s->types[i].blocks, s->orders));
	json_object_object_add(record, "types", types);
}

void memory_state_json(struct json_object *record, const struct memory_state *s)
{
	if (!record)
		return;
	journal_add(record, "cma_free_kb", (int64_t)s->cma_free_kb);
	journal_add(record, "mem_free_kb", (int64_t)s->mem_free_kb);
	journal_add(record, "slab_kb", (int64_t)s->slab_kb);
	if (s->kswapd_known)
		journal_add(record, "kswapd_ns", (int64_t)s->kswapd_ns);
	journal_add(record, "stalls", (int64_t)s->stalls);
	journal_add(record, "compact_stalls", (int64_t)s->compact_stalls);
	journal_add(record, "compact_fails", (int64_t)s->compact_fails);
	journal_add(record, "oom_kills", (int64_t)s->oom_kills);
	journal_add(record, "cma_fails", (int64_t)s->cma_fails);
	add_blocks(record, s);
	journal_add_text(record, "map", s->map);
}
