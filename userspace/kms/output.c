// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kms/output.h"
#include "message.h"

#define REFRESH_TOLERANCE	0.6	/* Hz: "60" also means 59.94 */

void kms_connector_name(const drmModeConnector *c, char *name, size_t size)
{
	const char *type = drmModeGetConnectorTypeName(c->connector_type);

	snprintf(name, size, "%s-%u", type ? type : "Unknown", c->connector_type_id);
}

double kms_mode_refresh(const drmModeModeInfo *mode)
{
	double total = (double)mode->htotal * mode->vtotal;

	if (mode->vscan > 1)
		total *= mode->vscan;
	if (mode->flags & DRM_MODE_FLAG_INTERLACE)
		total /= 2;
	if (mode->flags & DRM_MODE_FLAG_DBLSCAN)
		total *= 2;
	return total > 0 ? mode->clock * 1000.0 / total : 0;
}

int kms_mode_choose(const drmModeModeInfo *modes, int count, const struct kms_mode_wish *wish)
{
	double best_off = 0;
	int best = -1;

	for (int i = 0; i < count; i++) {
		double off = fabs(kms_mode_refresh(&modes[i]) - wish->refresh);

		if (!wish->width) {
			if (best < 0 || (modes[i].type & DRM_MODE_TYPE_PREFERRED &&
					 !(modes[best].type & DRM_MODE_TYPE_PREFERRED)))
				best = i;
			continue;
		}
		if (modes[i].hdisplay != wish->width || modes[i].vdisplay != wish->height)
			continue;
		if (wish->refresh > 0 && off > REFRESH_TOLERANCE)
			continue;
		/* Without a rate the display's own order decides. */
		if (best < 0 || (wish->refresh > 0 && off < best_off)) {
			best = i;
			best_off = off;
		}
	}
	return best;
}

static void print_modes(const drmModeConnector *c)
{
	char text[512] = "";

	for (int i = 0; i < c->count_modes; i++) {
		size_t used = strlen(text);

		snprintf(text + used, sizeof(text) - used, " %ux%u@%.2f", c->modes[i].hdisplay,
			 c->modes[i].vdisplay, kms_mode_refresh(&c->modes[i]));
	}
	message("it offers:%s", text);
}

/* The connector asked for, or the first that is connected. */
static drmModeConnector *find_connector(const struct kms_device *d, const char *wanted,
					char *name, size_t size)
{
	char seen[256] = "", *end;
	unsigned long id = wanted ? strtoul(wanted, &end, 10) : 0;

	if (wanted && (*end || end == wanted))
		id = 0;
	for (int i = 0; i < d->res->count_connectors; i++) {
		drmModeConnector *c = drmModeGetConnector(d->fd, d->res->connectors[i]);
		size_t used = strlen(seen);

		if (!c)
			continue;
		kms_connector_name(c, name, size);
		if (c->connector_type == DRM_MODE_CONNECTOR_WRITEBACK) {
			drmModeFreeConnector(c);
			continue;
		}
		if (wanted ? c->connector_id == id || !strcmp(name, wanted) :
			     c->connection == DRM_MODE_CONNECTED && c->count_modes)
			return c;
		snprintf(seen + used, sizeof(seen) - used, "%s%s (%s)", used ? ", " : "", name,
			 c->connection == DRM_MODE_CONNECTED ? "connected" : "disconnected");
		drmModeFreeConnector(c);
	}
	if (wanted)
		message("%s has no connector \"%s\"; it has: %s", d->path, wanted, seen);
	else
		message("%s has no display connected: %s", d->path, seen);
	return NULL;
}

static bool crtc_in_use(const struct kms_device *d, uint32_t crtc)
{
	drmModeCrtc *c = drmModeGetCrtc(d->fd, crtc);
	bool used = c && c->mode_valid;

	drmModeFreeCrtc(c);
	return used;
}

/* The CRTC the connector has already, otherwise one nobody uses, otherwise any that can. */
static uint32_t find_crtc(const struct kms_device *d, const drmModeConnector *c,
			  uint64_t current)
{
	uint32_t possible = 0, fallback = 0;

	for (int i = 0; i < c->count_encoders; i++) {
		drmModeEncoder *e = drmModeGetEncoder(d->fd, c->encoders[i]);

		if (e)
			possible |= e->possible_crtcs;
		drmModeFreeEncoder(e);
	}
	if (current && kms_device_crtc_index(d, (uint32_t)current) >= 0)
		return (uint32_t)current;
	for (int i = 0; i < d->res->count_crtcs; i++) {
		if (!(possible & (1U << i)))
			continue;
		if (!crtc_in_use(d, d->res->crtcs[i]))
			return d->res->crtcs[i];
		if (!fallback)
			fallback = d->res->crtcs[i];
	}
	return fallback;
}

static bool plane_shows(const drmModePlane *p, uint32_t format)
{
	for (uint32_t i = 0; i < p->count_formats; i++)
		if (p->formats[i] == format)
			return true;
	return false;
}

/* Sort the planes that the CRTC may use into its primary one and others that are on it now. */
static int find_planes(struct kms_output *o, const struct kms_device *d, uint32_t format)
{
	for (uint32_t i = 0; i < d->planes->count_planes; i++) {
		drmModePlane *p = drmModeGetPlane(d->fd, d->planes->planes[i]);
		struct kms_object object;
		bool usable = p && p->possible_crtcs & (1U << o->crtc_index);
		bool fits = p && plane_shows(p, format);
		bool elsewhere = p && p->crtc_id && p->crtc_id != o->crtc.id;
		int ret;

		drmModeFreePlane(p);
		if (!usable)
			continue;
		ret = kms_object_read(&object, d->fd, d->planes->planes[i],
				      DRM_MODE_OBJECT_PLANE);
		if (ret)
			return ret;
		if (!o->primary.id && fits && !elsewhere &&
		    kms_object_value(&object, "type", 0) == DRM_PLANE_TYPE_PRIMARY)
			o->primary = object;
		else if (kms_object_value(&object, "CRTC_ID", 0) == o->crtc.id &&
			 o->num_others < KMS_MAX_PLANES)
			o->others[o->num_others++] = object;
		else
			kms_object_free(&object);
	}
	if (o->primary.id)
		return 0;
	message("CRTC %u of %s has no primary plane for format %.4s", o->crtc.id, d->path,
		(const char *)&format);
	return -ENODEV;
}

static int pick_mode(struct kms_output *o, const drmModeConnector *c,
		     const struct kms_mode_wish *wish)
{
	int i;

	if (c->connection != DRM_MODE_CONNECTED || !c->count_modes) {
		message("no display is connected to %s", o->name);
		return -ENODEV;
	}
	i = kms_mode_choose(c->modes, c->count_modes, wish);
	if (i < 0) {
		message("the display on %s has no such mode", o->name);
		print_modes(c);
		return -ENOENT;
	}
	o->mode = c->modes[i];
	return 0;
}

int kms_output_pick(struct kms_output *o, const struct kms_device *d, const char *connector,
		    const struct kms_mode_wish *wish, uint32_t format)
{
	drmModeConnector *c;
	uint32_t crtc;
	int ret;

	memset(o, 0, sizeof(*o));
	c = find_connector(d, connector, o->name, sizeof(o->name));
	if (!c)
		return -ENODEV;
	ret = pick_mode(o, c, wish);
	if (!ret)
		ret = kms_object_read(&o->connector, d->fd, c->connector_id,
				      DRM_MODE_OBJECT_CONNECTOR);
	if (ret)
		goto out;
	crtc = find_crtc(d, c, kms_object_value(&o->connector, "CRTC_ID", 0));
	o->crtc_index = kms_device_crtc_index(d, crtc);
	if (!crtc) {
		message("no CRTC can feed %s", o->name);
		ret = -ENODEV;
		goto out;
	}
	ret = kms_object_read(&o->crtc, d->fd, crtc, DRM_MODE_OBJECT_CRTC);
	if (!ret)
		ret = find_planes(o, d, format);
out:
	drmModeFreeConnector(c);
	if (ret)
		kms_output_free(o);
	return ret;
}

int kms_output_connected(const struct kms_output *o, int fd)
{
	drmModeConnector *c = drmModeGetConnectorCurrent(fd, o->connector.id);
	int ret;

	if (!c)
		return errno ? -errno : -ENODEV;
	ret = c->connection == DRM_MODE_CONNECTED;
	drmModeFreeConnector(c);
	return ret;
}

void kms_output_free(struct kms_output *o)
{
	kms_object_free(&o->connector);
	kms_object_free(&o->crtc);
	kms_object_free(&o->primary);
	for (unsigned int i = 0; i < o->num_others; i++)
		kms_object_free(&o->others[i]);
	memset(o, 0, sizeof(*o));
}
