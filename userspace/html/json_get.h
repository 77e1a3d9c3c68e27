/* SPDX-License-Identifier: MIT */
/* Reading JSON objects of which anything may be missing: that is NULL, 0 or "". */
#ifndef HTML_JSON_GET_H
#define HTML_JSON_GET_H

#include <json-c/json.h>

/** json_get() - a member, NULL: there is none */
static inline struct json_object *json_get(struct json_object *o, const char *name)
{
	struct json_object *value = NULL;

	if (json_object_is_type(o, json_type_object))
		json_object_object_get_ex(o, name, &value);
	return value;
}

/** json_number() - a member as a number */
static inline double json_number(struct json_object *o, const char *name)
{
	return json_object_get_double(json_get(o, name));
}

/** json_text() - a member as text */
static inline const char *json_text(struct json_object *o, const char *name)
{
	struct json_object *value = json_get(o, name);

	return value ? json_object_get_string(value) : "";
}

/** json_length() - how many there are in an array; of anything else 0 */
static inline size_t json_length(struct json_object *array)
{
	return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

/** json_at() - one of an array, NULL: there are not so many */
static inline struct json_object *json_at(struct json_object *array, size_t i)
{
	return i < json_length(array) ? json_object_array_get_idx(array, i) : NULL;
}

#endif /* HTML_JSON_GET_H */
