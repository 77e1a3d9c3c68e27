/* SPDX-License-Identifier: MIT */
/* A KMS object (connector, CRTC, plane) and its properties, by name. */
#ifndef KMS_OBJECT_H
#define KMS_OBJECT_H

#include <stdbool.h>
#include <stdint.h>
#include <xf86drmMode.h>

/** struct kms_property - one property, with the value it had when it was read */
struct kms_property {
	char name[DRM_PROP_NAME_LEN + 1];
	uint32_t id;
	uint32_t flags;
	uint64_t value;
};

/**
 * struct kms_object - an object's properties
 * @id: its KMS id, 0 when not read
 * @type: DRM_MODE_OBJECT_*
 * @count: how many of @props
 * @props: allocated
 */
struct kms_object {
	uint32_t id;
	uint32_t type;
	unsigned int count;
	struct kms_property *props;
};

/**
 * kms_object_read() - read an object's properties and their values
 * @o: out
 * @fd: the device
 * @id: the object
 * @type: DRM_MODE_OBJECT_*
 * Return: 0 or a negative errno, after a message. Free with kms_object_free().
 */
int kms_object_read(struct kms_object *o, int fd, uint32_t id, uint32_t type);

/**
 * kms_object_free() - free what kms_object_read() took
 * @o: read or zeroed
 */
void kms_object_free(struct kms_object *o);

/**
 * kms_object_property() - find a property
 * @o: the object
 * @name: its name
 * Return: the property, NULL when the object has none of that name.
 */
const struct kms_property *kms_object_property(const struct kms_object *o, const char *name);

/**
 * kms_object_value() - the value a property had when it was read
 * @o: the object
 * @name: the property
 * @otherwise: what to return when the object does not have it
 * Return: the value.
 */
uint64_t kms_object_value(const struct kms_object *o, const char *name, uint64_t otherwise);

/**
 * kms_object_set() - add a property to an atomic request
 * @o: the object
 * @req: the request
 * @name: the property
 * @value: its new value
 * Return: 0; -ENOENT when the object does not have it, -ENOMEM.
 */
int kms_object_set(const struct kms_object *o, drmModeAtomicReq *req, const char *name,
		   uint64_t value);

#endif /* KMS_OBJECT_H */
