/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a recorded trace.
 *
 * A number is in base 128, lowest seven bits first; a set top bit: more follows. A string
 * is its length and its bytes. All differences are modulo 2^64; a signed one, d, is stored as
 * (d << 1) ^ (d >> 63), so that small ones are short both ways. A frame is stored as its number
 * plus one, 0: none.
 *
 *   magic            8 bytes, CMA_FILE_MAGIC
 *   version          CMA_FILE_VERSION
 *   page size, pages of the machine, release (string), number of areas, and for each area:
 *     flags          CMA_FILE_KNOWN, CMA_FILE_START
 *     name           string
 *     base, pages, order of a bit           with CMA_FILE_KNOWN
 *     free, taken, free, taken ... bits     with CMA_FILE_START, until they make up the area
 *   records, each beginning with its kind:
 *     CMA_FILE_END     number of events, number of lost events; the last one
 *     CMA_FILE_AREA    name (string): an area that was not known at the start; takes the next index
 *     CMA_FILE_THREAD  pid, name (string): takes the next index, from 0
 *     others           an event of type kind - CMA_FILE_EVENT: ns since the event before, index of
 *                      the thread, and the fields of cma_file_fields[type], in the order of the
 *                      flags: index of the area + 1; frame, as a signed difference from the event
 *                      before; pages; alignment; error without its sign; end of the range less the
 *                      frame; first page not isolated less the frame, signed; moved and dropped
 */
#ifndef CMA_TRACE_FORMAT_H
#define CMA_TRACE_FORMAT_H

#include <stdint.h>

#include "cma/event.h"

#define CMA_FILE_MAGIC		"cmatrace"
#define CMA_FILE_MAGIC_SIZE	8
#define CMA_FILE_VERSION	1

#define CMA_FILE_KNOWN	1u
#define CMA_FILE_START	2u

#define CMA_FILE_END	0
#define CMA_FILE_AREA	1
#define CMA_FILE_THREAD	2
#define CMA_FILE_EVENT	3

#define CMA_FIELD_AREA		0x01u
#define CMA_FIELD_PFN		0x02u
#define CMA_FIELD_COUNT		0x04u
#define CMA_FIELD_ALIGN		0x08u
#define CMA_FIELD_ERROR		0x10u
#define CMA_FIELD_END		0x20u
#define CMA_FIELD_FIN		0x40u
#define CMA_FIELD_MOVED		0x80u

#define CMA_EVENT_TYPES		(CMA_EVENT_MIGRATE + 1)

static const uint8_t cma_file_fields[CMA_EVENT_TYPES] = {
	[CMA_EVENT_START] = CMA_FIELD_AREA | CMA_FIELD_COUNT | CMA_FIELD_ALIGN,
	[CMA_EVENT_FINISH] = CMA_FIELD_AREA | CMA_FIELD_PFN | CMA_FIELD_COUNT | CMA_FIELD_ALIGN |
			     CMA_FIELD_ERROR,
	[CMA_EVENT_RELEASE] = CMA_FIELD_AREA | CMA_FIELD_PFN | CMA_FIELD_COUNT,
	[CMA_EVENT_BUSY_RETRY] = CMA_FIELD_AREA | CMA_FIELD_PFN | CMA_FIELD_COUNT | CMA_FIELD_ALIGN,
	[CMA_EVENT_ISOLATED] = CMA_FIELD_PFN | CMA_FIELD_END | CMA_FIELD_FIN,
	[CMA_EVENT_MIGRATE] = CMA_FIELD_PFN | CMA_FIELD_END | CMA_FIELD_MOVED,
};

#endif /* CMA_TRACE_FORMAT_H */
