// SPDX-License-Identifier: MIT
#include "html/html.h"
#include "html/json_get.h"
#include "lab/report_html.h"

/* The contenders of all profiles, each once, as members. */
static struct json_object *names_of(struct json_object *profiles)
{
	struct json_object *names = json_object_new_object();

	json_object_object_foreach(profiles, profile, contenders) {
		(void)profile;
		json_object_object_foreach(contenders, name, c) {
			(void)c;
			json_object_object_add(names, name, NULL);
		}
	}
	return names;
}

static void put_cell(struct json_object *contender, FILE *out)
{
	if (!json_get(contender, "success"))
		fputs("<td>–</td>", out);
	else
		fprintf(out, "<td%s>%.4g %%</td>",
			json_number(contender, "failures") ? " class=\"bad\"" : "",
			json_number(contender, "success") * 100);
}

void report_html_profiles(struct json_object *profiles, FILE *out)
{
	struct json_object *names = names_of(profiles);

	if (!json_object_object_length(names)) {
		json_object_put(names);
		return;
	}
	fputs("<section><h2>Who gets memory, by profile</h2>\n<div class=\"wide\"><table>\n"
	      "<tr><th>profile", out);
	json_object_object_foreach(names, name, unused) {
		(void)unused;
		fputs("<th>", out);
		html_text(name, out);
	}
	fputs("</tr>\n", out);
	json_object_object_foreach(profiles, profile, contenders) {
		fputs("<tr><td>", out);
		html_text(profile, out);
		fputs("</td>", out);
		json_object_object_foreach(names, column, none) {
			(void)none;
			put_cell(json_get(contenders, column), out);
		}
		fputs("</tr>\n", out);
	}
	fputs("</table></div></section>\n", out);
	json_object_put(names);
}
