// SPDX-License-Identifier: MIT
/* The failures, told by the parts of `cmascope why`, but into an object. */
#include <stdlib.h>

#include "cmascope/report.h"
#include "cmascope/why.h"
#include "message.h"

static int read_all(struct why_report *why, const char *trace, const char *log)
{
	int status = EXIT_OK;

	if (trace)
		status = why_read_trace(why, trace);
	if (!status && log)
		status = why_is_trace(log) ? why_read_trace(why, log) : why_read_log(why, log);
	if (!trace && !log)
		status = why_read_kernel(why);
	return status;
}

static struct json_object *verdicts_json(struct why_report *why)
{
	struct json_object *o = json_object_new_object(), *causes = json_object_new_object();

	for (size_t i = 0; i < why->group_count; i++)
		if (why->groups[i].json)
			json_object_object_add(why->groups[i].json, "again",
					       json_object_new_uint64(why->groups[i].again));
	for (int cause = 0; cause < CMA_CAUSES; cause++)
		if (why->causes[cause])
			json_object_object_add(causes, cma_cause_name((enum cma_cause)cause),
					       json_object_new_uint64(why->causes[cause]));
	json_object_object_add(o, "failures", json_object_new_uint64(why->failures));
	json_object_object_add(o, "causes", causes);
	json_object_object_add(o, "verdicts", json_object_get(why->list));
	return o;
}

struct json_object *report_verdicts(const char *trace, const char *log,
				    unsigned int page_size)
{
	const struct why_options options = { .align = -1, .base_pfn = CMA_UNKNOWN,
					     .page_size = page_size };
	struct why_report *why = calloc(1, sizeof(*why));
	struct json_object *o = NULL;

	if (!why)
		return NULL;
	why->options = &options;
	why->out = fopen("/dev/null", "we");
	why->list = json_object_new_array();
	if (why->out && !read_all(why, trace, log))
		o = verdicts_json(why);
	if (why->out)
		fclose(why->out);
	json_object_put(why->list);
	free(why);
	return o;
}
