/* SPDX-License-Identifier: MIT */
#ifndef CMASCOPE_JSON_PRINT_H
#define CMASCOPE_JSON_PRINT_H

#include <json-c/json.h>

/**
 * json_print() - write an object
 * @path: file, "-": standard output
 * @object: is freed
 * Return: 0 or a negative errno; a message was printed.
 */
int json_print(const char *path, struct json_object *object);

#endif /* CMASCOPE_JSON_PRINT_H */
