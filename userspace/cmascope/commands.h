/* SPDX-License-Identifier: MIT */
/* The commands of cmascope, each in its file. */
#ifndef CMASCOPE_COMMANDS_H
#define CMASCOPE_COMMANDS_H

#include "cmascope/cli.h"

extern const struct cli_command map_command;
extern const struct cli_command why_command;
extern const struct cli_command record_command;
extern const struct cli_command top_command;
extern const struct cli_command replay_command;
extern const struct cli_command report_command;
extern const struct cli_command completion_command;

/* All of them, in the order of the help text, up to NULL. */
extern const struct cli_command *const commands[];

#endif /* CMASCOPE_COMMANDS_H */
