/* SPDX-License-Identifier: MIT */
/* What the parts of a listener share: listen.c sets it up, listen_read.c reads. */
#ifndef CMA_LISTEN_PARTS_H
#define CMA_LISTEN_PARTS_H

#include <poll.h>

#include <traceevent/kbuffer.h>
#include <tracefs/tracefs.h>

#include "cma/decode.h"
#include "cma/listen.h"

/**
 * struct cma_listener - see listen.h
 * @info: areas
 * @instance: ours
 * @tep: formats of this kernel
 * @decoder: fields of the events
 * @kbuf: takes pages apart
 * @page: a page of a buffer
 * @page_size: its size
 * @cpus: a file for each processor's buffer
 * @cpu_count: how many
 * @events: read and not yet given away
 * @event_count: how many
 * @event_room: for how many there is room
 * @last_ns: time of the last event given away
 * @lost: see cma_listen_lost()
 * @stopped: no more events will come
 */
struct cma_listener {
	struct cma_trace_info *info;
	struct tracefs_instance *instance;
	struct tep_handle *tep;
	struct cma_decoder decoder;
	struct kbuffer *kbuf;
	void *page;
	size_t page_size;
	struct pollfd *cpus;
	unsigned int cpu_count;
	struct cma_event *events;
	size_t event_count;
	size_t event_room;
	uint64_t last_ns;
	uint64_t lost;
	bool stopped;
};

#endif /* CMA_LISTEN_PARTS_H */
