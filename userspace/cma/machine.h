/* SPDX-License-Identifier: MIT */
/* Files of /proc and /sys, of this machine or of a copy of another's in a directory. */
#ifndef CMA_MACHINE_H
#define CMA_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * machine_open() - open a file for reading
 * @root: "" for this machine, otherwise the directory that stands for "/"
 * @format: path behind @root, as printf(), beginning with a slash
 * Return: the file, NULL with errno set.
 */
FILE *machine_open(const char *root, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * machine_number() - read a file that holds one decimal number
 * @root: as in machine_open()
 * @value: out
 * @format: as in machine_open()
 * Return: 0, a negative errno, or -EINVAL: something else is in it.
 */
int machine_number(const char *root, uint64_t *value, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * struct machine_names - what is in a directory
 * @names: names, "." and ".." left out; numbers within them count as numbers: "2" before "10"
 * @count: how many
 */
struct machine_names {
	char **names;
	size_t count;
};

/**
 * machine_list() - list a directory
 * @root: as in machine_open()
 * @list: out, machine_names_end() frees it; empty on errors
 * @format: as in machine_open()
 * Return: 0 or a negative errno.
 */
int machine_list(const char *root, struct machine_names *list, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** machine_names_end() - free a list; one that is all zero is fine */
void machine_names_end(struct machine_names *list);

/**
 * machine_link() - where a symbolic link points
 * @root: as in machine_open()
 * @target: out
 * @size: of @target
 * @format: as in machine_open()
 * Return: 0 or a negative errno; a target that does not fit is cut.
 */
int machine_link(const char *root, char *target, size_t size, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif /* CMA_MACHINE_H */
