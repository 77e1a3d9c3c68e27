// SPDX-License-Identifier: MIT
#include <drm_fourcc.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grab/writeback.h"
#include "kms/fence.h"
#include "kms/output.h"
#include "message.h"

/* What can become a PNG, best first. */
static const uint32_t formats[] = {
	DRM_FORMAT_XRGB8888, DRM_FORMAT_ARGB8888, DRM_FORMAT_XBGR8888, DRM_FORMAT_ABGR8888,
};

static bool named(const drmModeConnector *c, const char *name, const char *wanted)
{
	char *end;
	unsigned long id = strtoul(wanted, &end, 10);

	return !strcmp(name, wanted) || (end != wanted && !*end && id == c->connector_id);
}

/* The CRTC meant: by its id, by a display connector, or the first that feeds a display. */
static uint32_t find_crtc(struct writeback *w, const struct kms_device *d, uint32_t crtc,
			  const char *wanted)
{
	bool known = false;

	for (int i = 0; i < d->res->count_connectors; i++) {
		drmModeConnector *c = drmModeGetConnectorCurrent(d->fd, d->res->connectors[i]);
		struct kms_object o = { 0 };
		uint32_t its = 0;
		char name[32];

		if (!c)
			continue;
		kms_connector_name(c, name, sizeof(name));
		if (c->connector_type != DRM_MODE_CONNECTOR_WRITEBACK &&
		    !kms_object_read(&o, d->fd, c->connector_id, DRM_MODE_OBJECT_CONNECTOR))
			its = (uint32_t)kms_object_value(&o, "CRTC_ID", 0);
		kms_object_free(&o);
		known |= wanted && named(c, name, wanted);
		if (its && (crtc ? its == crtc : !wanted || named(c, name, wanted))) {
			memcpy(w->source, name, sizeof(w->source));
			drmModeFreeConnector(c);
			return its;
		}
		drmModeFreeConnector(c);
	}
	if (crtc)
		return crtc;
	if (wanted)
		message(known ? "connector %s shows nothing" : "there is no connector \"%s\"",
			wanted);
	else
		message("no connector of %s shows anything", d->path);
	return 0;
}

static int read_crtc(struct writeback *w, const struct kms_device *d, uint32_t id)
{
	drmModeCrtc *c;
	int ret;

	if (kms_device_crtc_index(d, id) < 0) {
		message("%s has no CRTC %u", d->path, id);
		return -ENOENT;
	}
	ret = kms_object_read(&w->crtc, d->fd, id, DRM_MODE_OBJECT_CRTC);
	if (ret)
		return ret;
	c = drmModeGetCrtc(d->fd, id);
	if (!c || !c->mode_valid || !kms_object_value(&w->crtc, "ACTIVE", 0)) {
		message("CRTC %u is off: there is nothing to take", id);
		drmModeFreeCrtc(c);
		return -EINVAL;
	}
	w->width = c->mode.hdisplay;
	w->height = c->mode.vdisplay;
	drmModeFreeCrtc(c);
	return 0;
}

static bool can_use(const struct kms_device *d, const drmModeConnector *c, int crtc_index)
{
	for (int i = 0; i < c->count_encoders; i++) {
		drmModeEncoder *e = drmModeGetEncoder(d->fd, c->encoders[i]);
		bool can = e && e->possible_crtcs & (1U << crtc_index);

		drmModeFreeEncoder(e);
		if (can)
			return true;
	}
	return false;
}

static int find_connector(struct writeback *w, const struct kms_device *d)
{
	int index = kms_device_crtc_index(d, w->crtc.id);
	bool any = false;

	for (int i = 0; i < d->res->count_connectors; i++) {
		drmModeConnector *c = drmModeGetConnectorCurrent(d->fd, d->res->connectors[i]);
		bool writeback = c && c->connector_type == DRM_MODE_CONNECTOR_WRITEBACK;
		bool usable = writeback && can_use(d, c, index);

		any |= writeback;
		drmModeFreeConnector(c);
		if (!usable)
			continue;
		return kms_object_read(&w->connector, d->fd, d->res->connectors[i],
				       DRM_MODE_OBJECT_CONNECTOR);
	}
	if (any)
		message("no writeback connector of %s can take CRTC %u", d->path, w->crtc.id);
	else
		message("%s (%s) has no writeback connector", d->path, d->driver);
	return -ENODEV;
}

static uint32_t find_format(const struct writeback *w, const struct kms_device *d)
{
	uint64_t id = kms_object_value(&w->connector, "WRITEBACK_PIXEL_FORMATS", 0);
	drmModePropertyBlobRes *blob = id ? drmModeGetPropertyBlob(d->fd, (uint32_t)id) : NULL;
	uint32_t found = 0;

	for (size_t f = 0; blob && !found && f < sizeof(formats) / sizeof(formats[0]); f++)
		for (uint32_t i = 0; i < blob->length / sizeof(uint32_t); i++)
			if (((uint32_t *)blob->data)[i] == formats[f])
				found = formats[f];
	drmModeFreePropertyBlob(blob);
	if (!found)
		message("writeback connector %u has no 8-bit RGB format", w->connector.id);
	return found;
}

int writeback_open(struct writeback *w, const struct kms_device *d, uint32_t crtc,
		   const char *connector)
{
	uint32_t format, id;
	int ret;

	memset(w, 0, sizeof(*w));
	id = find_crtc(w, d, crtc, connector);
	if (!id)
		return -ENODEV;
	ret = read_crtc(w, d, id);
	if (!ret)
		ret = find_connector(w, d);
	if (ret)
		return ret;
	format = find_format(w, d);
	if (!format)
		return -EOPNOTSUPP;
	ret = kms_buffer_create(&w->buffer, d->fd, w->width, w->height, format);
	if (!ret)
		ret = kms_buffer_map(&w->buffer, d->fd);
	return ret;
}

static int commit(const struct writeback *w, const struct kms_device *d, uint32_t flags,
		  bool start, int32_t *fence)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	int ret = req ? 0 : -ENOMEM;

	if (!ret)
		ret = kms_object_set(&w->connector, req, "CRTC_ID", start ? w->crtc.id : 0);
	if (!ret && start)
		ret = kms_object_set(&w->connector, req, "WRITEBACK_FB_ID", w->buffer.fb);
	if (!ret && start)
		ret = kms_object_set(&w->connector, req, "WRITEBACK_OUT_FENCE_PTR",
				     (uint64_t)(uintptr_t)fence);
	if (!ret && drmModeAtomicCommit(d->fd, req, flags, NULL))
		ret = -errno;
	drmModeAtomicFree(req);
	return ret;
}

static void explain(const struct kms_device *d, int error)
{
	char master[96];

	message_error(error, "DRM_IOCTL_MODE_ATOMIC: writeback job");
	if (drmIsMaster(d->fd))
		return;
	if (kms_device_master(d, master, sizeof(master)))
		message("DRM master is %s", master);
	message("only the master may commit, not even root: stop it, or use QEMU's screendump");
}

int writeback_run(struct writeback *w, const struct kms_device *d, int timeout_ms)
{
	int32_t fence = -1;
	int ret;

	/* Most drivers must attach the connector with a modeset, some can without. */
	ret = commit(w, d, 0, true, &fence);
	if (ret == -EINVAL)
		ret = commit(w, d, DRM_MODE_ATOMIC_ALLOW_MODESET, true, &fence);
	if (ret) {
		explain(d, ret);
		return ret;
	}
	ret = fence_wait(fence, timeout_ms);
	if (ret == -ETIME)
		message("the picture did not come within %d ms", timeout_ms);
	else if (ret)
		message_error(ret, "waiting for the writeback's fence");
	if (fence >= 0)
		close(fence);
	if (commit(w, d, DRM_MODE_ATOMIC_ALLOW_MODESET, false, NULL))
		message_error(errno, "DRM_IOCTL_MODE_ATOMIC: detaching the writeback connector");
	return ret;
}

void writeback_close(struct writeback *w, const struct kms_device *d)
{
	kms_buffer_destroy(&w->buffer, d->fd);
	kms_object_free(&w->connector);
	kms_object_free(&w->crtc);
}
