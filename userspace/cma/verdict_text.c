// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/verdict_text.h"

static char *print(struct verdict_text *text, const char *format, va_list args)
{
	char *line;

	if (vasprintf(&line, format, args) < 0) {
		text->failed = true;
		return NULL;
	}
	return line;
}

static void append(struct verdict_text *text, char ***lines, size_t *count, char *line)
{
	char **grown = line ? reallocarray(*lines, *count + 1, sizeof(*grown)) : NULL;

	if (!grown) {
		text->failed = true;
		free(line);
		return;
	}
	grown[(*count)++] = line;
	*lines = grown;
}

void say_summary(struct verdict_text *text, const char *format, ...)
{
	va_list args;

	free(text->verdict->summary);
	va_start(args, format);
	text->verdict->summary = print(text, format, args);
	va_end(args);
}

void say_evidence(struct verdict_text *text, const char *format, ...)
{
	struct cma_verdict *v = text->verdict;
	va_list args;

	va_start(args, format);
	append(text, &v->evidence, &v->evidence_count, print(text, format, args));
	va_end(args);
}

void say_remedy(struct verdict_text *text, const char *format, ...)
{
	struct cma_verdict *v = text->verdict;
	va_list args;

	va_start(args, format);
	append(text, &v->remedies, &v->remedy_count, print(text, format, args));
	va_end(args);
}

void say_missing(struct verdict_text *text, const char *format, ...)
{
	struct cma_verdict *v = text->verdict;
	va_list args;

	va_start(args, format);
	append(text, &v->missing, &v->missing_count, print(text, format, args));
	va_end(args);
}

static void end_lines(char **lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(lines[i]);
	free(lines);
}

void cma_verdict_end(struct cma_verdict *verdict)
{
	free(verdict->summary);
	end_lines(verdict->evidence, verdict->evidence_count);
	end_lines(verdict->remedies, verdict->remedy_count);
	end_lines(verdict->missing, verdict->missing_count);
	memset(verdict, 0, sizeof(*verdict));
}
