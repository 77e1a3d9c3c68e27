// SPDX-License-Identifier: MIT
/* cmascope: see CMA, and be told why an allocation failed. */
#include <stdio.h>
#include <string.h>

#include "cmascope/commands.h"
#include "message.h"

const struct cli_command *const commands[] = {
	&map_command,
	&why_command,
	&record_command,
	&top_command,
	&report_command,
	&replay_command,
	&completion_command,
	NULL
};

static void print_help(void)
{
	printf("Usage: cmascope COMMAND [OPTIONS]\n\n"
	       "See the contiguous memory allocator, and be told why an allocation failed.\n\n");
	for (const struct cli_command *const *c = commands; *c; c++)
		printf("  %-12s%s\n", (*c)->name, (*c)->summary);
	printf("\n  --help, --version\n\n"
	       "`cmascope COMMAND --help` has the options of each.\n"
	       "Exit status: 0 right, 1 a failure was found or reported, 2 usage, 3 not possible here.\n");
}

int main(int argc, char **argv)
{
	message_program(argv[0]);
	if (argc < 2) {
		message("which command? see --help");
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help();
		return EXIT_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("cmascope %s\n", VDC_RELEASE);
		return EXIT_OK;
	}
	for (const struct cli_command *const *c = commands; *c; c++)
		if (!strcmp(argv[1], (*c)->name))
			return (*c)->run(*c, argc - 1, argv + 1);
	message("\"%s\" is no command; see --help", argv[1]);
	return EXIT_USAGE;
}
