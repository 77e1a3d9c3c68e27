// SPDX-License-Identifier: MIT
#include "html/html.h"
#include "html/json_get.h"
#include "lab/report_html.h"
#include "lab/report_plot.h"

#define SHOWN	8u	/* the others wait behind a click */

/* "plain: fragmented 3, busy 1" for each contender. */
static void put_causes(struct json_object *causes, FILE *out)
{
	if (!json_object_is_type(causes, json_type_object))
		return;
	json_object_object_foreach(causes, contender, counts) {
		const char *between = ": ";

		fputs("<p><b>", out);
		html_text(contender, out);
		fputs("</b>", out);
		json_object_object_foreach(counts, cause, count) {
			fputs(between, out);
			html_text(cause, out);
			fprintf(out, " <b>%.0f</b>", json_object_get_double(count));
			between = ", ";
		}
		fputs("</p>\n", out);
	}
}

static void put_times(struct json_object *f, FILE *out)
{
	double count = json_number(f, "count");
	char first[32], last[32];

	plot_duration(json_number(f, "first_s"), first);
	plot_duration(json_number(f, "last_s"), last);
	if (count > 1)
		fprintf(out, "%.0f times, first after %s, last after %s", count, first, last);
	else
		fprintf(out, "once, after %s", first);
}

static void put_failure(struct json_object *f, bool open, FILE *out)
{
	fprintf(out, "<details%s><summary><b>", open ? " open" : "");
	html_text(*json_text(f, "cause") ? json_text(f, "cause") : "unknown", out);
	fputs("</b> ", out);
	html_text(json_text(f, "contender"), out);
	fprintf(out, ", %.0f pages, ", json_number(f, "pages"));
	put_times(f, out);
	fputs("</summary>\n<p>", out);
	html_text(json_text(f, "summary"), out);
	fputs("</p>\n", out);
	html_list("Evidence, of the first", json_get(f, "evidence"), out);
	html_list("Not known", json_get(f, "missing"), out);
	fputs("</details>\n", out);
}

static void put_failures(struct json_object *run, FILE *out)
{
	struct json_object *list = json_get(run, "failures");

	fputs("<section><h2>Failed allocations</h2>\n", out);
	if (!json_length(list))
		fputs("<p>None that was looked into.</p>\n", out);
	put_causes(json_get(run, "causes"), out);
	for (size_t i = 0; i < json_length(list); i++) {
		if (i == SHOWN)
			fprintf(out, "<details><summary>%zu more</summary>\n",
				json_length(list) - i);
		put_failure(json_at(list, i), !i, out);
	}
	if (json_length(list) > SHOWN)
		fputs("</details>\n", out);
	fputs("</section>\n", out);
}

static void put_complaints(struct json_object *list, FILE *out)
{
	if (!json_length(list))
		return;
	fputs("<section><h2>Complaints from the field</h2>\n<div class=\"wide\"><table>\n"
	      "<tr><th>complaint<th class=\"left\">path<th class=\"left\">here<th class=\"left\">cause\n"
	      "<th class=\"left\">what was found</tr>\n", out);
	for (size_t i = 0; i < json_length(list); i++) {
		struct json_object *one = json_at(list, i);
		bool reproduced = json_object_get_boolean(json_get(one, "reproduced"));

		fputs("<tr><td>", out);
		html_text(json_text(one, "name"), out);
		fputs("</td><td class=\"left\">", out);
		html_text(json_text(one, "path"), out);
		fprintf(out, "</td><td class=\"left\">%s</td><td class=\"left\">",
			reproduced ? "reproduced" : "absent");
		html_text(json_text(one, "cause"), out);
		fputs("</td><td class=\"text\">", out);
		html_text(json_text(one, "summary"), out);
		html_list("Evidence", json_get(one, "evidence"), out);
		fputs("</td></tr>\n", out);
	}
	fputs("</table></div></section>\n", out);
}

void report_html_failures(struct json_object *run, FILE *out)
{
	put_failures(run, out);
	put_complaints(json_get(run, "complaints"), out);
}
