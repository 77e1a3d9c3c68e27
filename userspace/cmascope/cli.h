/* SPDX-License-Identifier: MIT */
/* The command line: one table a command gives parsing, --help and shell completion. */
#ifndef CMASCOPE_CLI_H
#define CMASCOPE_CLI_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct cli_option - an option
 * @key: what cli_next() returns for it, unique in the command, above ' ', not '?', ':' or 'h'
 * @name: long name without dashes
 * @argument: name of its argument in the help text, NULL: takes none. "FILE" and "DIR" complete as
 *	paths; "a|b|c" completes as these words, "a|b|c,..." as a list of them
 * @help: what it does; a line end begins a new line of help
 */
struct cli_option {
	char key;
	const char *name;
	const char *argument;
	const char *help;
};

/**
 * struct cli_command - a command of cmascope
 * @name: "map"
 * @summary: half a line
 * @operands: "[FILE]", "" for none; of "[FILE|a|b]" the words in small letters complete, too
 * @help: a paragraph above the options
 * @options: up to one whose name is NULL
 * @run: does it; returns an exit status of message.h
 */
struct cli_command {
	const char *name;
	const char *summary;
	const char *operands;
	const char *help;
	const struct cli_option *options;
	int (*run)(const struct cli_command *command, int argc, char **argv);
};

#define CLI_END		0	/* no more options: operands begin at argv[cli_operand()] */
#define CLI_HELP	(-1)	/* help was printed: return EXIT_OK */
#define CLI_BAD		(-2)	/* a message was printed: return EXIT_USAGE */

/**
 * cli_next() - parse the next option, as getopt_long()
 * @command: the command
 * @argc: as run() has it; argv[0] is the command's name
 * @argv: as run() has it
 * @value: out: the option's argument
 * Return: the option's key, or CLI_...
 */
int cli_next(const struct cli_command *command, int argc, char **argv, const char **value);

/** cli_operand() - index of the first operand, after cli_next() returned CLI_END */
int cli_operand(void);

/**
 * cli_refuse() - say that an argument makes no sense
 * @command: the command
 * @key: the option
 * @value: the argument
 * @why: what would, "a number of pages from 1"
 * Return: EXIT_USAGE.
 */
int cli_refuse(const struct cli_command *command, char key, const char *value, const char *why);

/** cli_number() - a whole number 0 .. @max. Return: whether @text is one */
bool cli_number(const char *text, uint64_t max, uint64_t *value);

/** cli_real() - a number from @min to @max. Return: whether @text is one */
bool cli_real(const char *text, double min, double max, double *value);

/**
 * cli_pages() - a size: "2025" (pages), "16k", "64M", "1G" (bytes, rounded up to pages)
 * Return: whether @text is one, and at least a page.
 */
bool cli_pages(const char *text, uint32_t page_size, uint64_t *pages);

#endif /* CMASCOPE_CLI_H */
