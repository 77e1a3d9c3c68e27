// SPDX-License-Identifier: MIT
/* What all complaints' tests do. */
#include <errno.h>
#include <stdarg.h>
#include "igt_abi.h"
#include "lab/journal.h"
#include "vdc_uptime_area.h"
#include "vdc_uptime_complaint.h"

/* A later failure's verdict replaces an earlier one's. */
static void explain(struct scene *s, uint32_t pages)
{
	struct json_object *summary;
	int ret = explain_failure(s->explainer, pages, s->record, &s->cause);

	igt_assert_f(!ret, "no verdict: %s\n", strerror(-ret));
	if (json_object_object_get_ex(s->record, "summary", &summary))
		igt_info("%s: %s\n", cma_cause_name(s->cause), json_object_get_string(summary));
}

void scene_end(struct scene *s)
{
	pins_end(&s->pins);
	if (s->hold.path)
		hold_end(&s->hold);
	explain_close(s->explainer);
	json_object_put(s->record);
	memset(s, 0, sizeof(*s));
}

bool scene_request(struct scene *s, uint32_t pages)
{
	uint64_t failures = area_failures();
	int ret;

	explain_listen(s->explainer);
	ret = hold_add(&s->hold, pages);
	igt_assert_f(!ret || ret == ENOMEM, "%u pages: %s\n", pages, strerror(ret));
	if (area_failures() > failures) {
		explain(s, pages);
		return false;
	}
	explain_ignore(s->explainer);
	igt_assert_f(!ret, "%u pages: %s, but CMA did not fail\n", pages, strerror(ret));
	return true;
}

void scene_expect_space(struct scene *s, uint32_t pages)
{
	const char *expected = area_expect(pages);

	/* On a machine that works, pages may stay where the bitmap has a place. */
	if (!expected && s->cause == CMA_CAUSE_BUSY)
		return;
	igt_assert_f(expected, "%u pages failed, but there is a place for them\n", pages);
	igt_assert_f(!strcmp(expected, cma_cause_name(s->cause)),
		     "cmascope says \"%s\", the bitmap says \"%s\"\n", cma_cause_name(s->cause),
		     expected);
}

void scene_say(struct scene *s, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	igt_info("%s\n", text);
	journal_add_text(s->record, "summary", text);
}
