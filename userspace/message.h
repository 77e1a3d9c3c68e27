/* SPDX-License-Identifier: MIT */
/* What the programs tell a person: always with the program's name, always on stderr. */
#ifndef VDC_MESSAGE_H
#define VDC_MESSAGE_H

/* Exit statuses of all programs here. */
#define EXIT_OK			0	/* did what was asked, and it was right */
#define EXIT_FAILED		1	/* worked, but what came out is wrong */
#define EXIT_USAGE		2	/* the command line makes no sense */
#define EXIT_ENVIRONMENT	3	/* no device, no permission, no memory, unplugged */

/**
 * message_program() - set the name that messages start with
 * @name: argv[0]; a path is cut to its last part. The string must stay valid
 */
void message_program(const char *name);

/**
 * message() - print one line
 * @format: as printf(), without a line end
 */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * message_error() - print what failed, why, and what a person can do about it
 * @error: an errno value, positive or negative; its usual remedy is added
 * @format: what was tried, as printf()
 */
void message_error(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif /* VDC_MESSAGE_H */
