// SPDX-License-Identifier: MIT
/* cmascope: see CMA, and be told why an allocation failed. */
#include <errno.h>
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

/* What was printed has to arrive: on a full disk no script may go on with half of it. */
static int finish(int status)
{
	int error = fflush(stdout) ? errno : ferror(stdout) ? EIO : 0;

	if (!error || status > EXIT_FAILED)
		return status;
	message("writing to standard output: %s", strerror(error));
	return EXIT_ENVIRONMENT;
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
		return finish(EXIT_OK);
	}
	if (!strcmp(argv[1], "--version")) {
		printf("cmascope %s\n", VDC_RELEASE);
		return finish(EXIT_OK);
	}
	for (const struct cli_command *const *c = commands; *c; c++)
		if (!strcmp(argv[1], (*c)->name))
			return finish((*c)->run(*c, argc - 1, argv + 1));
	message("\"%s\" is no command; see --help", argv[1]);
	return EXIT_USAGE;
}
