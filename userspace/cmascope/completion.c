// SPDX-License-Identifier: MIT
/* Shell completion, out of the same tables as --help. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cmascope/commands.h"
#include "message.h"

/* What of "[NAME|a|b,...]" is typed as it stands begins with a small letter or a digit. */
static void print_words(const char *choice)
{
	while (*choice) {
		size_t length = strcspn(choice, "|,[]");

		if (islower((unsigned char)*choice) || isdigit((unsigned char)*choice))
			printf("%.*s ", (int)length, choice);
		choice += length;
		choice += strspn(choice, "|,[].");
	}
}

/* One case branch: what follows an option that takes an argument. */
static void print_argument(const struct cli_option *o)
{
	printf("\t\t--%s) ", o->name);
	if (!strncmp(o->argument, "FILE", 4) || !strcmp(o->argument, "DIR")) {
		printf("mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); ");
	} else if (strchr(o->argument, '|')) {
		if (strchr(o->argument, ','))
			printf("[[ $word != *,* ]] || listed=${word%%,*},\n\t\t\t");
		printf("mapfile -t COMPREPLY < <(compgen -P \"$listed\" -W \"");
		print_words(o->argument);
		printf("\" -- \"${word#\"$listed\"}\")\n\t\t\t");
	}
	printf("return ;;\n");
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
	printf("--help\"\n\t\toperands=\"");
	print_words(command->operands);
	printf("\" ;;\n");
}

static void print_bash(void)
{
	printf("# bash completion for cmascope: source it, or put it into\n"
	       "# ~/.local/share/bash-completion/completions/cmascope\n"
	       "_cmascope() {\n"
	       "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	       "\tlocal options operands listed=''\n"
	       "\t# The = of --option=word is a word of its own.\n"
	       "\tif [ \"$word\" = = ]; then\n"
	       "\t\tword=''\n"
	       "\telif [ \"$before\" = = ]; then\n"
	       "\t\tbefore=${COMP_WORDS[COMP_CWORD-2]}\n"
	       "\tfi\n"
	       "\tCOMPREPLY=()\n"
	       "\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -W \"");
	for (const struct cli_command *const *c = commands; *c; c++)
		printf("%s ", (*c)->name);
	printf("--help --version\" -- \"$word\")\n\t\treturn\n\tfi\n"
	       "\tcase ${COMP_WORDS[1]} in\n");
	for (const struct cli_command *const *c = commands; *c; c++)
		print_command(*c);
	printf("\t*) return ;;\n\tesac\n"
	       "\tcase $word in\n"
	       "\t-*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\") ;;\n"
	       "\t*) mapfile -t COMPREPLY < <(\n"
	       "\t\tcompgen -W \"$operands\" -- \"$word\"\n"
	       "\t\tcompgen -f -- \"$word\") ;;\n"
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
