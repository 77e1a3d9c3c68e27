// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kms/object.h"
#include "message.h"

int kms_object_read(struct kms_object *o, int fd, uint32_t id, uint32_t type)
{
	drmModeObjectProperties *list = drmModeObjectGetProperties(fd, id, type);

	memset(o, 0, sizeof(*o));
	if (!list) {
		int err = -errno;

		message_error(err, "DRM_IOCTL_MODE_OBJ_GETPROPERTIES of object %u", id);
		return err;
	}
	o->id = id;
	o->type = type;
	o->props = calloc(list->count_props + 1, sizeof(*o->props));
	for (uint32_t i = 0; o->props && i < list->count_props; i++) {
		drmModePropertyRes *res = drmModeGetProperty(fd, list->props[i]);
		struct kms_property *p = &o->props[o->count];

		if (!res)
			continue;
		memcpy(p->name, res->name, DRM_PROP_NAME_LEN);
		p->id = res->prop_id;
		p->flags = res->flags;
		p->value = list->prop_values[i];
		o->count++;
		drmModeFreeProperty(res);
	}
	drmModeFreeObjectProperties(list);
	return o->props ? 0 : -ENOMEM;
}

void kms_object_free(struct kms_object *o)
{
	free(o->props);
	memset(o, 0, sizeof(*o));
}

const struct kms_property *kms_object_property(const struct kms_object *o, const char *name)
{
	for (unsigned int i = 0; i < o->count; i++)
		if (!strcmp(o->props[i].name, name))
			return &o->props[i];
	return NULL;
}

uint64_t kms_object_value(const struct kms_object *o, const char *name, uint64_t otherwise)
{
	const struct kms_property *p = kms_object_property(o, name);

	return p ? p->value : otherwise;
}

int kms_object_set(const struct kms_object *o, drmModeAtomicReq *req, const char *name,
		   uint64_t value)
{
	const struct kms_property *p = kms_object_property(o, name);
	int ret;

	if (!p)
		return -ENOENT;
	ret = drmModeAtomicAddProperty(req, o->id, p->id, value);
	return ret < 0 ? ret : 0;
}
