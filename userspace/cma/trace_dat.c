// SPDX-License-Identifier: MIT
/*
 * Reading trace-cmd's trace.dat through libtracecmd. It gives each processor's records in the order
 * of time; the earliest of all processors is the next one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <trace-cmd/trace-cmd.h>

#include "cma/decode.h"
#include "cma/trace_reader.h"
#include "message.h"

/* libtracecmd has these (3.1.6 does), but its header does not: NULL where it has them no more. */
const char *tracecmd_get_uname(struct tracecmd_input *input) __attribute__((weak));
int tracecmd_page_size(struct tracecmd_input *input) __attribute__((weak));

struct dat_reader {
	struct cma_trace_reader base;
	struct tracecmd_input *input;
	struct cma_decoder decoder;
	struct tep_record **heads;	/* the next record of each processor, NULL: no more */
	int cpus;
};

static void advance(struct dat_reader *r, int cpu)
{
	struct tep_record *record = tracecmd_read_data(r->input, cpu);

	r->heads[cpu] = record;
	if (record && record->missed_events)
		r->base.info.lost += record->missed_events > 0 ? record->missed_events : 1;
}

static struct tep_record *take_earliest(struct dat_reader *r)
{
	struct tep_record *record;
	int first = -1;

	for (int cpu = 0; cpu < r->cpus; cpu++)
		if (r->heads[cpu] && (first < 0 || r->heads[cpu]->ts < r->heads[first]->ts))
			first = cpu;
	if (first < 0)
		return NULL;
	record = r->heads[first];
	advance(r, first);
	return record;
}

static void set_comm(struct dat_reader *r, struct cma_event *event)
{
	if (tep_is_pid_registered(r->decoder.tep, event->pid))
		snprintf(event->comm, sizeof(event->comm), "%s",
			 tep_data_comm_from_pid(r->decoder.tep, event->pid));
}

static int dat_next(struct cma_trace_reader *reader, struct cma_event *event)
{
	struct dat_reader *r = (struct dat_reader *)reader;
	struct tep_record *record;
	char area[CMA_NAME_SIZE];
	bool ours;

	while ((record = take_earliest(r))) {
		ours = cma_decode(&r->decoder, record, event, area);
		tracecmd_free_record(record);
		if (!ours)
			continue;
		if (*area)
			event->area = cma_trace_add_area(&r->base.info, area);
		set_comm(r, event);
		return 1;
	}
	return 0;
}

static void dat_close(struct cma_trace_reader *reader)
{
	struct dat_reader *r = (struct dat_reader *)reader;

	for (int cpu = 0; r->heads && cpu < r->cpus; cpu++)
		if (r->heads[cpu])
			tracecmd_free_record(r->heads[cpu]);
	free(r->heads);
	if (r->input)
		tracecmd_close(r->input);
	free(r);
}

/* "Linux NODE RELEASE MACHINE", and the size of a page, which libtracecmd does not tell its tep. */
static void set_machine(struct dat_reader *r)
{
	struct cma_trace_info *info = &r->base.info;
	const char *uname = tracecmd_get_uname ? tracecmd_get_uname(r->input) : NULL;
	int size = tracecmd_page_size ? tracecmd_page_size(r->input) : 0;

	if (!uname || sscanf(uname, "%*s %*s %64s", info->release) != 1)
		info->release[0] = '\0';
	for (char *c = info->release; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	if (size > 0 && cma_trace_page_size_is_sane((uint64_t)size))
		info->page_size = (uint32_t)size;
}

static int start(struct dat_reader *r, const char *path)
{
	struct tep_handle *tep;

	tracecmd_set_loglevel(TEP_LOG_NONE);
	tep_set_loglevel(TEP_LOG_NONE);
	r->input = tracecmd_open(path, TRACECMD_FL_LOAD_NO_PLUGINS);
	if (!r->input) {
		message("%s: begins like a trace of trace-cmd, but libtracecmd cannot read it",
			path);
		message("was recording cut off? see trace-cmd dump --summary");
		return -EINVAL;
	}
	tep = tracecmd_get_tep(r->input);
	if (!cma_decode_init(&r->decoder, tep)) {
		message("%s: has no CMA events: record with -e cma -e page_isolation", path);
		return -EINVAL;
	}
	r->cpus = tep_get_cpus(tep);
	r->heads = calloc((size_t)(r->cpus > 0 ? r->cpus : 1), sizeof(*r->heads));
	if (!r->heads)
		return -ENOMEM;
	set_machine(r);
	for (int cpu = 0; cpu < r->cpus; cpu++)
		advance(r, cpu);
	return 0;
}

static int dat_open(const char *path, FILE *file, struct cma_trace_reader **reader)
{
	struct dat_reader *r = calloc(1, sizeof(*r));
	int ret;

	if (!r)
		return -ENOMEM;
	r->base.kind = &cma_trace_dat_kind;
	ret = start(r, path);
	if (ret) {
		cma_trace_close(&r->base);
		return ret;
	}
	fclose(file);
	*reader = &r->base;
	return 0;
}

const struct cma_trace_kind cma_trace_dat_kind = {
	.name = "trace.dat",
	.magic = "\x17\x08\x44tracing",
	.magic_size = 10,
	.needs_file = true,
	.open = dat_open,
	.next = dat_next,
	.close = dat_close,
};
