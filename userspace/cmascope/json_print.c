// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmascope/json_print.h"
#include "message.h"

int json_print(const char *path, struct json_object *object)
{
	const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_NOSLASHESCAPE);
	FILE *file = strcmp(path, "-") ? fopen(path, "we") : stdout;
	int ret = 0;

	if (!file || fprintf(file, "%s\n", text) < 0 || fflush(file))
		ret = -errno;
	if (file && file != stdout && fclose(file) && !ret)
		ret = -errno;
	if (ret)
		message("writing %s: %s", path, strerror(-ret));
	json_object_put(object);
	return ret;
}
