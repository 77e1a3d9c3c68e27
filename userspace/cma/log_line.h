/* SPDX-License-Identifier: MIT */
/* A line of a kernel log: what stands before the message, and small things to read from it. */
#ifndef CMA_LOG_LINE_H
#define CMA_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct log_line - a line without its prefixes
 * @text: the message, not terminated
 * @end: its end
 * @time: seconds since boot, below 0: not said
 * @pid: thread that printed it, -1: not said
 * @comm: its name, "": not said
 */
struct log_line {
	const char *text;
	const char *end;
	double time;
	int pid;
	char comm[16];
};

/**
 * log_line_strip() - take off quote marks, syslog's and the journal's head, level, time and caller
 * @line: out
 * @text: the line, without its end
 * @size: its length
 */
void log_line_strip(struct log_line *line, const char *text, size_t size);

/**
 * log_printable() - make a name fit to be shown, and to be JSON
 * @text: control characters and what is not UTF-8 become question marks
 */
void log_printable(char *text);

/** log_find() - where @word begins in @text, NULL: nowhere */
const char *log_find(const char *text, const char *end, const char *word);

/** log_skip() - move @at behind @word, if that is what comes. Return: whether it was */
bool log_skip(const char **at, const char *end, const char *word);

/** log_after() - where @word ends in @text, NULL: it is not there */
const char *log_after(const char *text, const char *end, const char *word);

/**
 * log_number() - read a number
 * @at: moved behind it, over blanks before it; untouched where there is none
 * @end: end of the text
 * @base: 10 or 16 (a leading 0x is taken)
 * @value: out
 * Return: whether there is one that fits.
 */
bool log_number(const char **at, const char *end, unsigned int base, uint64_t *value);

/** log_value() - the decimal number behind @word. Return: whether there is one */
bool log_value(const char *text, const char *end, const char *word, uint64_t *value);

#endif /* CMA_LOG_LINE_H */
