// SPDX-License-Identifier: MIT
/* Shell completion, out of the same tables as --help. */
#include <stdio.h>
#include <string.h>

#include "cmascope/commands.h"
#include "message.h"

/* One case branch: what follows an option that takes an argument. */
static void print_argument(const struct cli_option *o)
{
	if (!strncmp(o->argument, "FILE", 4) || !strcmp(o->argument, "DIR")) {
		printf("\t\t--%s) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n", o->name);
	} else if (strchr(o->argument, '|')) {
		printf("\t\t--%s) COMPREPLY=($(compgen -W \"", o->name);
		for (const char *c = o->argument; *c; c++)
			putchar(*c == '|' ? ' ' : *c);
		printf("\" -- \"$word\")); return ;;\n");
	} else {
		printf("\t\t--%s) return ;;\n", o->name);
	}
}

static void print_command(const struct cli_command *command)
{
	printf("\t%s)\n\t\tcase $before in\n", command->name);
	for (const struct cli_option *o = command->options; o->name; o++)
		if (o->argument)
			print_argument(o);
	printf("\t\tesac\n\t\toptions=\"");
	for (const struct cli_option *o = command->options; o->name; o++)
		printf("--%s ", o->name);
	printf("--help\" ;;\n");
}

static void print_bash(void)
{
	printf("# bash completion for cmascope: source it, or put it into\n"
	       "# ~/.local/share/bash-completion/completions/cmascope\n"
	       "_cmascope() {\n"
	       "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options\n"
	       "\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
	       "\t\tCOMPREPLY=($(compgen -W \"");
	for (const struct cli_command *const *c = commands; *c; c++)
		printf("%s ", (*c)->name);
	printf("--help --version\" -- \"$word\"))\n\t\treturn\n\tfi\n"
	       "\tcase ${COMP_WORDS[1]} in\n");
	for (const struct cli_command *const *c = commands; *c; c++)
		print_command(*c);
	printf("\t*) return ;;\n\tesac\n"
	       "\tcase $word in\n"
	       "\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
	       "\t*) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
	       "\tesac\n}\n"
	       "complete -o filenames -F _cmascope cmascope\n");
}

static int run(const struct cli_command *command, int argc, char **argv)
{
	const char *value;
	int key = cli_next(command, argc, argv, &value);

	if (key == CLI_HELP)
		return EXIT_OK;
	if (key == CLI_BAD)
		return EXIT_USAGE;
	if (cli_operand() < argc) {
		message("completion: unexpected \"%s\"", argv[cli_operand()]);
		return EXIT_USAGE;
	}
	print_bash();
	return EXIT_OK;
}

const struct cli_command completion_command = {
	.name = "completion",
	.summary = "print what bash needs to complete cmascope's options",
	.operands = "",
	.help = "Prints a completion script for bash: source <(cmascope completion)",
	.options = (const struct cli_option[]){ { 0 } },
	.run = run,
};
