// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>
#include <xf86drm.h>

#include "kms/state.h"
#include "message.h"

static const char * const colour_blobs[KMS_STATE_BLOBS] = {
	"DEGAMMA_LUT", "CTM", "GAMMA_LUT",
};

static const char * const plane_properties[] = {
	"FB_ID", "CRTC_ID", "SRC_X", "SRC_Y", "SRC_W", "SRC_H", "CRTC_X", "CRTC_Y", "CRTC_W",
	"CRTC_H", "rotation", "alpha", "pixel blend mode", "zpos",
};

static int copy_blob(int fd, uint64_t id, uint32_t *copy)
{
	drmModePropertyBlobRes *blob;
	int ret = 0;

	*copy = 0;
	if (!id)
		return 0;
	blob = drmModeGetPropertyBlob(fd, (uint32_t)id);
	if (!blob)
		return -errno;
	if (drmModeCreatePropertyBlob(fd, blob->data, blob->length, copy))
		ret = -errno;
	drmModeFreePropertyBlob(blob);
	return ret;
}

int kms_state_save(struct kms_state *s, const struct kms_output *o, int fd)
{
	int ret;

	memset(s, 0, sizeof(*s));
	s->output = o;
	ret = copy_blob(fd, kms_object_value(&o->crtc, "MODE_ID", 0), &s->mode);
	for (int i = 0; !ret && i < KMS_STATE_BLOBS; i++)
		ret = copy_blob(fd, kms_object_value(&o->crtc, colour_blobs[i], 0), &s->blobs[i]);
	if (ret)
		message_error(ret, "saving the state of CRTC %u", o->crtc.id);
	return ret;
}

/* Sets a property the object has to have; remembers the first error. */
static void set(int *ret, const struct kms_object *o, drmModeAtomicReq *req, const char *name,
		uint64_t value)
{
	int err = kms_object_set(o, req, name, value);

	if (err && !*ret)
		*ret = err;
}

/* Sets it where it exists. */
static void set_optional(int *ret, const struct kms_object *o, drmModeAtomicReq *req,
			 const char *name, uint64_t value)
{
	if (kms_object_property(o, name))
		set(ret, o, req, name, value);
}

static void plane_off(int *ret, const struct kms_object *plane, drmModeAtomicReq *req)
{
	set(ret, plane, req, "FB_ID", 0);
	set(ret, plane, req, "CRTC_ID", 0);
}

int kms_state_show(const struct kms_output *o, drmModeAtomicReq *req, uint32_t mode, uint32_t fb)
{
	const struct kms_object *plane = &o->primary;
	uint32_t w = o->mode.hdisplay, h = o->mode.vdisplay;
	int ret = 0;

	set(&ret, &o->connector, req, "CRTC_ID", o->crtc.id);
	set(&ret, &o->crtc, req, "MODE_ID", mode);
	set(&ret, &o->crtc, req, "ACTIVE", 1);
	for (int i = 0; i < KMS_STATE_BLOBS; i++)
		set_optional(&ret, &o->crtc, req, colour_blobs[i], 0);
	set(&ret, plane, req, "FB_ID", fb);
	set(&ret, plane, req, "CRTC_ID", o->crtc.id);
	set(&ret, plane, req, "SRC_X", 0);
	set(&ret, plane, req, "SRC_Y", 0);
	set(&ret, plane, req, "SRC_W", (uint64_t)w << 16);
	set(&ret, plane, req, "SRC_H", (uint64_t)h << 16);
	set(&ret, plane, req, "CRTC_X", 0);
	set(&ret, plane, req, "CRTC_Y", 0);
	set(&ret, plane, req, "CRTC_W", w);
	set(&ret, plane, req, "CRTC_H", h);
	set_optional(&ret, plane, req, "rotation", DRM_MODE_ROTATE_0);
	set_optional(&ret, plane, req, "alpha", 0xffff);
	for (unsigned int i = 0; i < o->num_others; i++)
		plane_off(&ret, &o->others[i], req);
	return ret;
}

static void restore_plane(int *ret, const struct kms_object *plane, drmModeAtomicReq *req)
{
	for (size_t i = 0; i < sizeof(plane_properties) / sizeof(plane_properties[0]); i++) {
		const struct kms_property *p = kms_object_property(plane, plane_properties[i]);

		if (p && !(p->flags & DRM_MODE_PROP_IMMUTABLE))
			set(ret, plane, req, p->name, p->value);
	}
}

static int fill_restore(const struct kms_state *s, drmModeAtomicReq *req)
{
	const struct kms_output *o = s->output;
	int ret = 0;

	set(&ret, &o->connector, req, "CRTC_ID", kms_object_value(&o->connector, "CRTC_ID", 0));
	set(&ret, &o->crtc, req, "MODE_ID", s->mode);
	set(&ret, &o->crtc, req, "ACTIVE", kms_object_value(&o->crtc, "ACTIVE", 0));
	for (int i = 0; i < KMS_STATE_BLOBS; i++)
		set_optional(&ret, &o->crtc, req, colour_blobs[i], s->blobs[i]);
	restore_plane(&ret, &o->primary, req);
	for (unsigned int i = 0; i < o->num_others; i++)
		restore_plane(&ret, &o->others[i], req);
	return ret;
}

static int fill_off(const struct kms_state *s, drmModeAtomicReq *req)
{
	const struct kms_output *o = s->output;
	int ret = 0;

	set(&ret, &o->connector, req, "CRTC_ID", 0);
	set(&ret, &o->crtc, req, "MODE_ID", 0);
	set(&ret, &o->crtc, req, "ACTIVE", 0);
	plane_off(&ret, &o->primary, req);
	return ret;
}

static int commit(const struct kms_state *s, int fd,
		  int (*fill)(const struct kms_state *s, drmModeAtomicReq *req))
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	int ret = req ? fill(s, req) : -ENOMEM;

	if (!ret && drmModeAtomicCommit(fd, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL))
		ret = -errno;
	drmModeAtomicFree(req);
	return ret;
}

void kms_state_drop(struct kms_state *s, int fd)
{
	if (s->mode)
		drmModeDestroyPropertyBlob(fd, s->mode);
	for (int i = 0; i < KMS_STATE_BLOBS; i++)
		if (s->blobs[i])
			drmModeDestroyPropertyBlob(fd, s->blobs[i]);
	memset(s, 0, sizeof(*s));
}

int kms_state_restore(struct kms_state *s, int fd)
{
	int ret = commit(s, fd, fill_restore);

	/* The framebuffer of before may be gone; a dark screen is better than ours. */
	if (ret && ret != -ENODEV)
		ret = commit(s, fd, fill_off);
	if (ret)
		message_error(ret, "restoring CRTC %u", s->output->crtc.id);
	kms_state_drop(s, fd);
	return ret;
}
