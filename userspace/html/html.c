// SPDX-License-Identifier: MIT
#include <errno.h>

#include "html/html.h"
#include "html/json_get.h"
#include "html/style.h"

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void html_text(const char *text, FILE *out)
{
	for (; text && *text; text++) {
		if (entity(*text))
			fputs(entity(*text), out);
		else if ((unsigned char)*text < ' ' && *text != '\n' && *text != '\t')
			putc('?', out);
		else
			putc(*text, out);
	}
}

void html_begin(const char *title, FILE *out)
{
	fprintf(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>%s</title>\n<style>\n", title);
	fputs(html_style, out);
	fprintf(out, "</style></head>\n<body><main>\n<h1>%s</h1>\n", title);
}

int html_end(FILE *out)
{
	fputs("</main></body></html>\n", out);
	return ferror(out) ? -EIO : 0;
}

void html_card(const char *class, const char *value, const char *label, FILE *out)
{
	fprintf(out, "<div><b class=\"%s\">%s</b>%s</div>\n", class, value, label);
}

void html_list(const char *title, struct json_object *lines, FILE *out)
{
	if (!json_length(lines))
		return;
	fprintf(out, "<h3>%s</h3><ul>\n", title);
	for (size_t i = 0; i < json_length(lines); i++) {
		fputs("<li>", out);
		html_text(json_object_get_string(json_at(lines, i)), out);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

void html_axis(const char *left, const char *right, FILE *out)
{
	fprintf(out, "<div class=\"axis\"><span>%s</span><span>%s</span></div>\n", left, right);
}

void html_keys(const struct html_key *keys, FILE *out)
{
	for (; keys->label; keys++)
		fprintf(out, "<span class=\"keys\"><i class=\"key %s\"></i>%s</span>\n",
			keys->class, keys->label);
}
