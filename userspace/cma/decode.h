/* SPDX-License-Identifier: MIT */
/*
 * The kernel's binary trace records as events. Fields are taken by their names out of the formats
 * that the kernel (or a trace.dat) brings along: which there are, and where, differs by version.
 */
#ifndef CMA_DECODE_H
#define CMA_DECODE_H

#include <stdbool.h>

#include <traceevent/event-parse.h>

#include "cma/event.h"

#define CMA_DECODE_TYPES	(CMA_EVENT_MIGRATE + 1)

/** enum cma_role - what a field of a record is */
enum cma_role {
	CMA_ROLE_PID,
	CMA_ROLE_NAME,
	CMA_ROLE_PFN,
	CMA_ROLE_PAGE,
	CMA_ROLE_COUNT,
	CMA_ROLE_ALIGN,
	CMA_ROLE_ERROR,
	CMA_ROLE_END,
	CMA_ROLE_FIN,
	CMA_ROLE_MIGRATED,
	CMA_ROLE_RECLAIMED,
	CMA_ROLES
};

/**
 * struct cma_decoder - where everything is in the records of one kernel
 * @tep: the formats
 * @types: for each enum cma_event_type its number in the trace, -1: this kernel has no such event;
 *	and its fields, NULL: it has no such field
 */
struct cma_decoder {
	struct tep_handle *tep;
	struct {
		int id;
		const struct tep_format_field *fields[CMA_ROLES];
	} types[CMA_DECODE_TYPES];
};

/** cma_decode_event() - system and name of the trace event of a type */
void cma_decode_event(enum cma_event_type type, const char **system, const char **name);

/**
 * cma_decode_init() - find the fields
 * @decoder: out; valid as long as @tep
 * @tep: formats
 * Return: whether there is any event to decode.
 */
bool cma_decode_init(struct cma_decoder *decoder, struct tep_handle *tep);

/**
 * cma_decode() - decode a record
 * @decoder: from cma_decode_init()
 * @record: of any event; may be damaged
 * @event: out; comm is empty, area is -1
 * @area: out: name of the area, CMA_NAME_SIZE bytes, "" where the event names none
 * Return: false: not one of ours, or too short for its fields.
 */
bool cma_decode(const struct cma_decoder *decoder, const struct tep_record *record,
		struct cma_event *event, char *area);

#endif /* CMA_DECODE_H */
