// SPDX-License-Identifier: MIT
#include <string.h>

#include "cma/log_request.h"

#define PAGEBLOCK_MAX	1024	/* pages: a busy range may begin so much before the request */

/* Seconds: a place may take long, but what was busy so long before is of another request. */
#define STALE		5.0

void log_request_forget(struct log_request *request)
{
	*request->name = 0;
	request->count = CMA_UNKNOWN;
	request->align = -1;
	request->time = -1;
	request->pid = -1;
	request->retries = 0;
	request->bits = CMA_UNKNOWN;
	request->offset = CMA_UNKNOWN;
	request->search_failed = false;
	request->busy_count = 0;
}

void log_request_read(struct log_request *request, const struct log_line *line)
{
	const char *name = log_after(line->text, line->end, "name: "), *end;
	uint64_t count, align;

	if (!log_value(line->text, line->end, "count ", &count) &&
	    !log_value(line->text, line->end, "request pages: ", &count))
		return;
	log_request_forget(request);
	request->count = count;
	if (log_value(line->text, line->end, "align ", &align) && align <= CMA_MAX_ORDER)
		request->align = (int)align;
	/* A name may have commas itself, as "linux,cma" has. */
	end = name ? log_find(name, line->end, ", count ") : NULL;
	if (name && !end)
		end = log_find(name, line->end, ", total pages: ");
	if (end && end - name < CMA_NAME_SIZE) {
		memcpy(request->name, name, (size_t)(end - name));
		request->name[end - name] = 0;
	}
}

static bool mask_align(uint64_t mask, int *align)
{
	if (mask & (mask + 1) || mask >> CMA_MAX_ORDER)
		return false;
	*align = __builtin_popcountll(mask);
	return true;
}

void log_request_search(struct log_request *request, const struct log_line *line)
{
	const char *mask = log_after(line->text, line->end, "align_mask=");
	uint64_t size, nr, bits, offset, end;
	int align;

	if (!log_value(line->text, line->end, "size=", &size) ||
	    !log_value(line->text, line->end, "nr=", &nr) || !mask ||
	    !log_number(&mask, line->end, 16, &bits) || !mask_align(bits, &align) ||
	    !log_value(line->text, line->end, "align_offset=", &offset))
		return;
	/* With more than a page a bit these would be other units. */
	if (request->count != CMA_UNKNOWN && request->count != nr)
		return;
	request->count = nr;
	request->align = align;
	request->bits = size;
	request->offset = offset;
	request->search_failed = log_value(line->text, line->end, " end=", &end) && end > size;
}

/* Whether what was busy can be of a request of that time and thread, as far as they are told. */
static bool is_of(const struct log_request *request, double time, int pid)
{
	if (time >= 0 && request->time >= 0 &&
	    (time - request->time > STALE || request->time - time > STALE))
		return false;
	return pid < 0 || request->pid < 0 || pid == request->pid;
}

/* One more busy place; those of another request are forgotten. */
static void add_line(struct log_request *request, const struct log_line *line)
{
	if (!is_of(request, line->time, line->pid)) {
		request->retries = 0;
		request->busy_count = 0;
	}
	request->time = line->time;
	request->pid = line->pid;
}

void log_request_retry(struct log_request *request, const struct log_line *line)
{
	add_line(request, line);
	request->retries++;
}

void log_request_busy(struct log_request *request, const struct log_line *line)
{
	const char *at = log_after(line->text, line->end, "test_pages_isolated(") ?:
		log_after(line->text, line->end, ": [");
	uint64_t *range, first, end;

	if (!at || !log_number(&at, line->end, 16, &first) || !log_skip(&at, line->end, ",") ||
	    !log_number(&at, line->end, 16, &end) || first >= end)
		return;
	add_line(request, line);
	range = request->busy[request->busy_count % LOG_BUSY_RANGES];
	range[0] = first;
	range[1] = end;
	request->busy_count++;
}

/* The end of a range is that of the request, the start may be further down. */
void log_request_add_busy(const struct log_request *request, struct cma_failure *failure)
{
	size_t kept = request->busy_count < LOG_BUSY_RANGES ? request->busy_count :
		LOG_BUSY_RANGES;
	uint64_t retries = 0;

	if (!is_of(request, failure->time, failure->pid))
		return;
	for (size_t i = 0; i < kept; i++) {
		/* From the oldest to the newest. */
		const uint64_t *range = request->busy[(request->busy_count - kept + i) %
						      LOG_BUSY_RANGES];
		uint64_t length = range[1] - range[0];

		if (length < failure->count || length - failure->count >=
		    failure->count + PAGEBLOCK_MAX)
			continue;
		failure->busy_pfn = range[1] - failure->count;
		failure->busy_end_pfn = range[1];
		retries++;
	}
	if (retries)
		failure->busy_retries = retries;
}

void log_request_add(struct log_request *request, struct cma_failure *failure)
{
	bool same = request->count == failure->count;

	if (request->retries && (same || request->count == CMA_UNKNOWN) &&
	    is_of(request, failure->time, failure->pid))
		failure->busy_retries = request->retries;
	if (same) {
		if (!*failure->area.name)
			memcpy(failure->area.name, request->name, sizeof(request->name));
		failure->align = request->align;
		failure->base_offset = request->offset;
		failure->search_failed = request->search_failed;
		failure->area.pages = request->bits;
	}
	log_request_add_busy(request, failure);
	log_request_forget(request);
}
