// SPDX-License-Identifier: MIT
#include <math.h>

#include "cma/latency.h"
#include "html/html.h"
#include "html/json_get.h"
#include "lab/report_html.h"
#include "lab/report_plot.h"

static const char *time_text(struct json_object *o, const char *name, char *text)
{
	struct json_object *value = json_get(o, name);

	return value ? format_ns((uint64_t)json_object_get_int64(value), text) : "";
}

static void put_table(struct json_object *contenders, FILE *out)
{
	fputs("<div class=\"wide\"><table><tr><th>contender<th>allocations<th>failed<th>success\n"
	      "<th>p50<th>p99<th>max</tr>\n", out);
	json_object_object_foreach(contenders, name, c) {
		char p50[16], p99[16], max[16];
		double failures = json_number(c, "failures");

		fputs("<tr><td>", out);
		html_text(name, out);
		fprintf(out, "</td><td>%.0f</td><td%s>%.0f</td><td>%.4g %%</td>",
			json_number(c, "allocations"), failures ? " class=\"bad\"" : "", failures,
			json_number(c, "success") * 100);
		fprintf(out, "<td>%s</td><td>%s</td><td>%s</td></tr>\n",
			time_text(c, "p50_ns", p50), time_text(c, "p99_ns", p99),
			time_text(c, "max_ns", max));
	}
	fputs("</table></div>\n", out);
}

/* How far success reaches up, and failure down; equal neighbours are one box. */
static void put_success(struct json_object *success, FILE *out)
{
	size_t count = json_length(success);
	double width = count ? SVG_W / (double)count : 0;

	fputs("<div class=\"plot\">", out);
	svg_open("strip", SVG_W, SVG_H, "share of allocations that succeeded, over uptime", out);
	for (size_t i = 0; i < count;) {
		double share = json_object_get_double(json_at(success, i));
		size_t end = i + 1;

		while (end < count && !json_at(success, end) == !json_at(success, i) &&
		       json_object_get_double(json_at(success, end)) == share)
			end++;
		if (json_at(success, i) && share > 0)
			svg_box("fine", (double)i * width, SVG_H * (1 - share),
				(double)(end - i) * width, SVG_H * share, NULL, out);
		if (json_at(success, i) && share < 1)
			svg_box("failed", (double)i * width, 0, (double)(end - i) * width,
				SVG_H * (1 - share), NULL, out);
		i = end;
	}
	svg_close(out);
	fputs("<span style=\"top:50%\">all</span></div>\n", out);
}

/* One scale for all, so that they can be compared. */
static struct svg_scale scale_of(struct json_object *contenders)
{
	double least = 0, most = 0;

	json_object_object_foreach(contenders, name, c) {
		struct json_object *over_time = json_get(c, "over_time");
		double low = plot_least(json_get(over_time, "p50_ns"));

		(void)name;
		if (low > 0 && (!least || low < least))
			least = low;
		most = fmax(most, plot_most(json_get(over_time, "max_ns")));
	}
	return plot_decades(least, most);
}

static void put_one(struct json_object *run, const char *name, struct json_object *c,
		    const struct svg_scale *scale, FILE *out)
{
	struct json_object *over_time = json_get(c, "over_time");
	const struct plot_line lines[] = {
		{ json_get(over_time, "max_ns"), "line2", NULL },
		{ json_get(over_time, "p99_ns"), "line1", NULL },
		{ json_get(over_time, "p50_ns"), "line0", NULL },
		{ NULL, NULL, NULL } };

	fputs("<div><h3>", out);
	html_text(name, out);
	fprintf(out, " <span class=\"soft\">%.4g %%</span></h3>\n",
		json_number(c, "success") * 100);
	put_success(json_get(over_time, "success"), out);
	if (plot_most(json_get(over_time, "max_ns")) > 0)
		plot_lines("how long allocations took, over uptime", lines, scale, PLOT_NS, out);
	plot_uptime(run, out);
	fputs("</div>\n", out);
}

void report_html_contenders(struct json_object *run, FILE *out)
{
	static const struct html_key keys[] = {
		{ "fine", "succeeded" }, { "failed", "failed" }, { "line0k", "half are faster" },
		{ "line1k", "99 % are faster" }, { "line2k", "longest" }, { NULL, NULL } };
	struct json_object *contenders = json_get(run, "contenders");
	struct svg_scale scale;

	fputs("<section><h2>Who gets memory, and how fast</h2>\n", out);
	if (!contenders || !json_object_object_length(contenders)) {
		fputs("<p>Nothing was measured.</p></section>\n", out);
		return;
	}
	put_table(contenders, out);
	fputs("<h3>Over uptime</h3>\n<p class=\"soft\">Times are of allocations that succeeded.\n",
	      out);
	html_keys(keys, out);
	fputs("</p>\n<div class=\"plots\">\n", out);
	scale = scale_of(contenders);
	json_object_object_foreach(contenders, name, c)
		put_one(run, name, c, &scale, out);
	fputs("</div></section>\n", out);
}
