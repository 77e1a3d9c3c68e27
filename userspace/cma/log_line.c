// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cma/log_line.h"

#define HEAD_MAX	160	/* where syslog's "kernel: " is looked for */
#define BRACKET_MAX	64	/* longest [prefix] */
#define PREFIXES_MAX	16

const char *log_find(const char *text, const char *end, const char *word)
{
	return end > text ? memmem(text, (size_t)(end - text), word, strlen(word)) : NULL;
}

bool log_skip(const char **at, const char *end, const char *word)
{
	size_t size = strlen(word);

	if (end - *at < (ptrdiff_t)size || memcmp(*at, word, size))
		return false;
	*at += size;
	return true;
}

const char *log_after(const char *text, const char *end, const char *word)
{
	const char *at = log_find(text, end, word);

	return at ? at + strlen(word) : NULL;
}

/* The bytes of the character at @text (RFC 3629), 0: it is none, or a control character. */
static size_t character(const unsigned char *text)
{
	static const uint32_t first[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t size = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
	uint32_t c = text[0] & (0x7f >> size);

	if (text[0] < 0x80)
		return text[0] >= 0x20 && text[0] != 0x7f;
	if (text[0] < 0xc0 || text[0] >= 0xf8)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (text[i] & 0x3f);
	}
	/* Written too long, a control character, half of a pair, past the last. */
	if (c < first[size] || c < 0xa0 || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		return 0;
	return size;
}

void log_printable(char *text)
{
	while (*text) {
		size_t size = character((unsigned char *)text);

		if (!size)
			*text = '?';
		text += size ? size : 1;
	}
}

static int digit(char c, unsigned int base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool log_number(const char **at, const char *end, unsigned int base, uint64_t *value)
{
	const char *p = *at;
	uint64_t n = 0;
	const char *first;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (base == 16 && end - p > 2 && p[0] == '0' && (p[1] | 0x20) == 'x')
		p += 2;
	for (first = p; p < end && digit(*p, base) >= 0; p++)
		if (__builtin_mul_overflow(n, (uint64_t)base, &n) ||
		    __builtin_add_overflow(n, (uint64_t)digit(*p, base), &n))
			return false;
	if (p == first)
		return false;
	*at = p;
	*value = n;
	return true;
}

bool log_value(const char *text, const char *end, const char *word, uint64_t *value)
{
	const char *at = log_after(text, end, word);

	return at && log_number(&at, end, 10, value);
}

/* "123.456789", with blanks around it. */
static bool read_seconds(const char *p, const char *end, double *seconds)
{
	uint64_t whole, part;
	const char *dot;
	double scale = 1;

	if (!log_number(&p, end, 10, &whole) || p == end || *p != '.')
		return false;
	dot = ++p;
	if (!log_number(&p, end, 10, &part) || p - dot > 9)
		return false;
	for (; dot < p; dot++)
		scale *= 10;
	while (p < end && *p == ' ')
		p++;
	if (p != end)
		return false;
	*seconds = (double)whole + (double)part / scale;
	return true;
}

static void set_pid(struct log_line *line, uint64_t pid)
{
	if (pid <= INT_MAX)
		line->pid = (int)pid;
}

static void set_comm(struct log_line *line, const char *p, const char *end)
{
	size_t size;

	while (p < end && *p == ' ')
		p++;
	while (end > p && end[-1] == ' ')
		end--;
	size = (size_t)(end - p);
	if (size >= sizeof(line->comm))
		size = sizeof(line->comm) - 1;
	memcpy(line->comm, p, size);
	line->comm[size] = 0;
}

/* "T123" (printk's caller), "2:  Binder:714_1:  744" (Samsung), "744:Binder" (MediaTek). */
static void read_caller(struct log_line *line, const char *p, const char *end)
{
	const char *last = memrchr(p, ':', (size_t)(end - p));
	const char *at;
	uint64_t n, pid;

	while (p < end && *p == ' ')
		p++;
	if (p < end && *p == 'T') {
		p++;
		if (log_number(&p, end, 10, &n))
			set_pid(line, n);
		return;
	}
	if (!last || !log_number(&p, end, 10, &n) || p >= end || *p != ':')
		return;
	at = last + 1;
	if (last > p && log_number(&at, end, 10, &pid) && at == end) {
		set_comm(line, p + 1, last);
		set_pid(line, pid);
	} else if (last == p) {
		set_comm(line, p + 1, end);
		set_pid(line, n);
	}
}

/* "[...]" at the beginning. */
static bool strip_bracket(struct log_line *line)
{
	size_t left = (size_t)(line->end - line->text);
	const char *close = memchr(line->text, ']', left < BRACKET_MAX ? left : BRACKET_MAX);

	if (*line->text != '[' || !close)
		return false;
	if (!read_seconds(line->text + 1, close, &line->time))
		read_caller(line, line->text + 1, close);
	line->text = close + 1;
	return true;
}

/* /dev/kmsg: "level,sequence,microseconds,flags[,caller=T1];" */
static bool strip_record(struct log_line *line)
{
	uint64_t level, sequence, us, pid;
	const char *p = line->text, *semicolon;

	if (!log_number(&p, line->end, 10, &level) || p == line->end || *p++ != ',' ||
	    !log_number(&p, line->end, 10, &sequence) || p == line->end || *p++ != ',' ||
	    !log_number(&p, line->end, 10, &us) || p == line->end || *p != ',')
		return false;
	semicolon = memchr(p, ';', (size_t)(line->end - p));
	if (!semicolon)
		return false;
	line->time = (double)us / 1e6;
	if (log_value(p, semicolon, "caller=T", &pid))
		set_pid(line, pid);
	line->text = semicolon + 1;
	return true;
}

/* "<6>", "(0)", "> " */
static bool strip_mark(struct log_line *line)
{
	const char *p = line->text;
	char close;
	uint64_t n;

	if (*p == '>') {
		line->text++;
		return true;
	}
	if (*p != '<' && *p != '(')
		return false;
	close = *p++ == '<' ? '>' : ')';
	if (!log_number(&p, line->end, 10, &n) || p == line->end || *p != close)
		return false;
	line->text = p + 1;
	return true;
}

/* syslog and journal: "Jan  7 23:01:19 host kernel: " */
static void strip_head(struct log_line *line)
{
	size_t left = (size_t)(line->end - line->text);
	const char *head = line->text + (left < HEAD_MAX ? left : HEAD_MAX);
	const char *after = log_after(line->text, head, "kernel: ");

	if (after)
		line->text = after;
}

static void strip_blanks(struct log_line *line)
{
	while (line->text < line->end && (*line->text == ' ' || *line->text == '\t'))
		line->text++;
}

void log_line_strip(struct log_line *line, const char *text, size_t size)
{
	*line = (struct log_line){ .text = text, .end = text + size, .time = -1, .pid = -1 };
	while (line->end > text && (line->end[-1] == '\r' || line->end[-1] == ' '))
		line->end--;
	strip_head(line);
	for (int i = 0; i < PREFIXES_MAX; i++) {
		strip_blanks(line);
		if (line->text == line->end ||
		    (!strip_mark(line) && !strip_bracket(line) && !strip_record(line)))
			break;
	}
}
