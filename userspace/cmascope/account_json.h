/* SPDX-License-Identifier: MIT */
/* Accounts of events as JSON: the same members in record, top and report. */
#ifndef CMASCOPE_ACCOUNT_JSON_H
#define CMASCOPE_ACCOUNT_JSON_H

#include <json-c/json.h>

#include "cma/account.h"

/**
 * account_json() - "seconds", "events", "total", "areas", "threads" and "failures"
 * @account: counts
 * @info: names of the areas
 * @seconds: for rates
 * Return: an object.
 */
struct json_object *account_json(const struct cma_account *account,
				 const struct cma_trace_info *info, double seconds);

/**
 * account_write() - what account_json() gives, with "lost", "output" and "machine"
 * @path: file, "-": standard output
 * @account: counts
 * @info: the machine
 * @seconds: for rates
 * @lost: events that are missing
 * @output: the trace, NULL: there is none
 * Return: 0 or a negative errno; a message was printed.
 */
int account_write(const char *path, const struct cma_account *account,
		  const struct cma_trace_info *info, double seconds, uint64_t lost,
		  const char *output);

/** info_json() - the traced machine: "release", "page_size", "memory_kb", "areas" */
struct json_object *info_json(const struct cma_trace_info *info);

/** area_name() - of an area by its index, "?" where it has none */
const char *area_name(const struct cma_trace_info *info, int32_t area);

#endif /* CMASCOPE_ACCOUNT_JSON_H */
