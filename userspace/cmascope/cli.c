// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmascope/cli.h"
#include "message.h"

#define MAX_OPTIONS	48
#define HELP_COLUMN	26

static void print_option(const struct cli_option *o)
{
	int width = printf("  --%s", o->name);

	if (o->argument)
		width += printf(" %s", o->argument);
	for (const char *line = o->help; line;) {
		size_t length = strcspn(line, "\n");

		if (width >= HELP_COLUMN) {
			putchar('\n');
			width = 0;
		}
		printf("%*s%.*s\n", HELP_COLUMN - width, "", (int)length, line);
		width = 0;
		line = line[length] ? line + length + 1 : NULL;
	}
}

static void print_help(const struct cli_command *command)
{
	static const struct cli_option help = { 'h', "help", NULL, "print this" };

	printf("Usage: cmascope %s [OPTIONS]%s%s\n\n%s\n\n", command->name,
	       *command->operands ? " " : "", command->operands, command->help);
	for (const struct cli_option *o = command->options; o->name; o++)
		print_option(o);
	print_option(&help);
}

int cli_next(const struct cli_command *command, int argc, char **argv, const char **value)
{
	struct option table[MAX_OPTIONS + 2] = { 0 };
	const char *letters = "h";
	int n = 0, key;

	for (const struct cli_option *o = command->options; o->name && n < MAX_OPTIONS; o++) {
		table[n++] = (struct option){ o->name,
			o->argument ? required_argument : no_argument, NULL, o->key };
		/* What everybody types without looking it up. */
		if (!strcmp(o->name, "output") && o->key == 'o')
			letters = "ho:";
	}
	table[n] = (struct option){ "help", no_argument, NULL, 'h' };
	key = getopt_long(argc, argv, letters, table, NULL);
	*value = optarg;
	switch (key) {
	case -1:
		return CLI_END;
	case 'h':
		print_help(command);
		return CLI_HELP;
	case '?':
		message("see cmascope %s --help", command->name);
		return CLI_BAD;
	}
	return key;
}

int cli_operand(void)
{
	return optind;
}

int cli_refuse(const struct cli_command *command, char key, const char *value, const char *why)
{
	const struct cli_option *o = command->options;

	while (o->name && o->key != key)
		o++;
	message("%s: --%s: \"%s\" is not %s", command->name, o->name ? o->name : "?", value, why);
	return EXIT_USAGE;
}

bool cli_number(const char *text, uint64_t max, uint64_t *value)
{
	unsigned long long n;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	n = strtoull(text, &end, 10);
	if (*end || errno || n > max)
		return false;
	*value = n;
	return true;
}

bool cli_real(const char *text, double min, double max, double *value)
{
	char *end;
	double x = strtod(text, &end);

	if (end == text || *end || isnan(x) || x < min || x > max)
		return false;
	*value = x;
	return true;
}

bool cli_pages(const char *text, uint32_t page_size, uint64_t *pages)
{
	static const char units[] = "kMGT";
	unsigned long long n;
	const char *unit;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno || !n)
		return false;
	if (!*end) {
		*pages = n;
		return true;
	}
	unit = strchr(units, *end == 'K' ? 'k' : *end);
	if (!unit || end[1])
		return false;
	for (const char *u = units; u <= unit; u++)
		if (__builtin_mul_overflow(n, 1024ULL, &n))
			return false;
	*pages = n / page_size + (n % page_size != 0);
	return true;
}
