/* SPDX-License-Identifier: MIT */
/* A directory that stands for "/" of a machine, with what a test wants of /proc and /sys. */
#ifndef TESTS_FAKE_MACHINE_H
#define TESTS_FAKE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cma/snapshot.h"

/** fake_machine_create() - an empty one. Return: its directory, for fake_machine_destroy() */
char *fake_machine_create(void);

/** fake_machine_destroy() - remove it with all its files */
void fake_machine_destroy(char *root);

/** fake_file() - write a file, and its directories; NULL: remove it, or an empty directory */
void fake_file(const char *root, const char *path, const char *text);

/** fake_number() - write a file with a number, or a number into a file, as debugfs shows them */
void fake_number(const char *root, const char *path, uint64_t value);

/** fake_link() - make a symbolic link, as in /proc/PID/fd */
void fake_link(const char *root, const char *path, const char *target);

/** fake_words() - write 64-bit words into a file from an entry on, as /proc/kpageflags has them */
void fake_words(const char *root, const char *path, uint64_t first, const uint64_t *words,
		size_t count);

/** says_missing() - whether a snapshot of it names @word among what is missing */
bool says_missing(const struct cma_snapshot *snapshot, const char *word);

#endif /* TESTS_FAKE_MACHINE_H */
