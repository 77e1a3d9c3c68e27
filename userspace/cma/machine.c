// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cma/machine.h"

/* Return: 0 or -ENAMETOOLONG. */
static int make_path(char path[PATH_MAX], const char *root, const char *format, va_list args)
{
	size_t length = strlen(root);
	int n;

	if (length >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(path, root, length + 1);
	n = vsnprintf(path + length, PATH_MAX - length, format, args);
	return n < 0 || (size_t)n >= PATH_MAX - length ? -ENAMETOOLONG : 0;
}

FILE *machine_open(const char *root, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	int ret;

	va_start(args, format);
	ret = make_path(path, root, format, args);
	va_end(args);
	if (ret) {
		errno = -ret;
		return NULL;
	}
	return fopen(path, "re");
}

int machine_number(const char *root, uint64_t *value, const char *format, ...)
{
	char path[PATH_MAX], text[32] = "", *end;
	va_list args;
	FILE *file;
	int ret;

	va_start(args, format);
	ret = make_path(path, root, format, args);
	va_end(args);
	if (ret)
		return ret;
	file = fopen(path, "re");
	if (!file)
		return -errno;
	errno = 0;
	ret = fgets(text, sizeof(text), file) ? 0 : -(errno ?: EINVAL);
	fclose(file);
	if (ret)
		return ret;
	errno = 0;
	*value = strtoull(text, &end, 10);
	if (errno || !isdigit((unsigned char)*text) || (*end && *end != '\n'))
		return -EINVAL;
	return 0;
}

static int is_name(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

int machine_list(const char *root, struct machine_names *list, const char *format, ...)
{
	struct dirent **entries;
	char path[PATH_MAX];
	va_list args;
	int ret, n;

	memset(list, 0, sizeof(*list));
	va_start(args, format);
	ret = make_path(path, root, format, args);
	va_end(args);
	if (ret)
		return ret;
	n = scandir(path, &entries, is_name, versionsort);
	if (n < 0)
		return -errno;
	list->names = calloc((size_t)n + 1, sizeof(*list->names));
	if (!list->names)
		ret = -ENOMEM;
	for (int i = 0; i < n; i++) {
		char *name = ret ? NULL : strdup(entries[i]->d_name);

		if (name)
			list->names[list->count++] = name;
		else
			ret = -ENOMEM;
		free(entries[i]);
	}
	free(entries);
	if (ret)
		machine_names_end(list);
	return ret;
}

void machine_names_end(struct machine_names *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
	memset(list, 0, sizeof(*list));
}

int machine_link(const char *root, char *target, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	ssize_t n;
	int ret;

	va_start(args, format);
	ret = make_path(path, root, format, args);
	va_end(args);
	if (ret)
		return ret;
	n = readlink(path, target, size - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	return 0;
}
