/* SPDX-License-Identifier: MIT */
/*
 * The pages of reports: one file each, without a script and without anything from elsewhere, for a
 * phone as for a wide screen, light or dark. Whatever came from elsewhere goes through html_text().
 */
#ifndef HTML_HTML_H
#define HTML_HTML_H

#include <json-c/json.h>
#include <stdio.h>

/** html_text() - text, and no markup, in HTML and XML; control characters are "?"; NULL: none */
void html_text(const char *text, FILE *out);

/** html_begin() - up to the headline, which is the title too */
void html_begin(const char *title, FILE *out);

/** html_end() - the end of the page. Return: 0 or a negative errno for all that was written */
int html_end(FILE *out);

/**
 * html_card() - a number to be seen at once, within <div class="cards">
 * @class: "good", "bad", "" or another of the style
 * @value: the number; plain text
 * @label: what it is; plain text
 * @out: where to
 */
void html_card(const char *class, const char *value, const char *label, FILE *out);

/** html_list() - a title and an array of sentences; nothing if there are none */
void html_list(const char *title, struct json_object *lines, FILE *out);

/** html_axis() - what is at the left and right end below a picture; plain text */
void html_axis(const char *left, const char *right, FILE *out);

/** struct html_key - what a colour means; a label NULL is the end of a list */
struct html_key {
	const char *class;
	const char *label;
};

/** html_keys() - explain colours */
void html_keys(const struct html_key *keys, FILE *out);

#endif /* HTML_HTML_H */
