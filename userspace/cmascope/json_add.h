/* SPDX-License-Identifier: MIT */
/* Members for JSON objects, as all commands write them. */
#ifndef CMASCOPE_JSON_ADD_H
#define CMASCOPE_JSON_ADD_H

#include <json-c/json.h>
#include <stdint.h>
#include <stdio.h>

/** json_add_number() - a count */
static inline void json_add_number(struct json_object *o, const char *name, uint64_t value)
{
	json_object_object_add(o, name, json_object_new_uint64(value));
}

/** json_add_real() - with so many digits behind the point */
static inline void json_add_real(struct json_object *o, const char *name, double value, int digits)
{
	char text[64];

	snprintf(text, sizeof(text), "%.*f", digits, value);
	json_object_object_add(o, name, json_object_new_double_s(value, text));
}

/** json_add_text() - a string */
static inline void json_add_text(struct json_object *o, const char *name, const char *text)
{
	json_object_object_add(o, name, json_object_new_string(text));
}

#endif /* CMASCOPE_JSON_ADD_H */
