// SPDX-License-Identifier: MIT
/* A VDC device as the tests see it: objects, screens, events. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_kms.h"

#define KMS_MAX_CARDS	64
#define KMS_EVENT_MS	2000

/* Values of "pixel blend mode": Documentation/gpu/drm-kms.rst, Plane Composition Properties */
#define BLEND_MODE		"pixel blend mode"
#define BLEND_PREMULTIPLIED	0
#define BLEND_NONE		2

/* A card of the driver @name, or -1. */
static int open_card(int card, const char *name)
{
	drmVersion *version;
	bool match;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/dri/card%d", card);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -1;
	version = drmGetVersion(fd);
	match = version && !strcmp(version->name, name);
	drmFreeVersion(version);
	if (!match) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int open_nth(const char *name, unsigned int nth)
{
	int card, fd;

	for (card = 0; card < KMS_MAX_CARDS; card++) {
		fd = open_card(card, name);
		if (fd >= 0 && !nth--)
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

int kms_open_driver(const char *driver)
{
	return open_nth(driver, 0);
}

void kms_object_read(struct kms_device *dev, struct kms_object *obj, uint32_t type)
{
	drmModeObjectProperties *props = drmModeObjectGetProperties(dev->fd, obj->id, type);
	drmModePropertyRes *info;
	unsigned int i;

	igt_assert_f(props, "no properties for object %u: %s\n", obj->id, strerror(errno));
	igt_assert_lte(props->count_props, KMS_MAX_PROPS);
	obj->num_props = props->count_props;
	for (i = 0; i < props->count_props; i++) {
		info = drmModeGetProperty(dev->fd, props->props[i]);
		igt_assert(info);
		obj->prop[i].id = info->prop_id;
		obj->prop[i].value = props->prop_values[i];
		memcpy(obj->prop[i].name, info->name, sizeof(obj->prop[i].name));
		drmModeFreeProperty(info);
	}
	drmModeFreeObjectProperties(props);
}

uint64_t kms_debugfs_value(const struct kms_device *dev, const char *file, const char *format,
			   const char *name)
{
	char path[128], line[128], found[64];
	unsigned long long value = 0;
	bool known = false;
	FILE *f;

	f = fopen(kms_debugfs(dev, file, path), "re");
	igt_assert_f(f, "%s: %s\n", path, strerror(errno));
	while (!known && fgets(line, sizeof(line), f))
		known = sscanf(line, format, found, &value) == 2 && !strcmp(found, name);
	fclose(f);
	igt_assert_f(known, "no %s in %s\n", name, path);
	return value;
}

uint32_t kms_pipe_register(const struct kms_device *dev, const struct kms_pipe *pipe,
			   const char *name)
{
	char full[64];

	snprintf(full, sizeof(full), "PIPE%u_%s", pipe->index, name);
	return (uint32_t)kms_debugfs_value(dev, "registers", "%*x %63s %llx", full);
}

uint32_t kms_prop_id(const struct kms_object *obj, const char *name)
{
	unsigned int i;

	for (i = 0; i < obj->num_props; i++)
		if (!strcmp(obj->prop[i].name, name))
			return obj->prop[i].id;
	return 0;
}

uint64_t kms_prop_value(const struct kms_object *obj, const char *name)
{
	unsigned int i;

	for (i = 0; i < obj->num_props; i++)
		if (!strcmp(obj->prop[i].name, name))
			return obj->prop[i].value;
	igt_assert_f(false, "object %u has no property %s\n", obj->id, name);
	return 0;
}

static void read_plane(struct kms_device *dev, struct kms_plane *plane, uint32_t id)
{
	drmModePlane *info = drmModeGetPlane(dev->fd, id);

	igt_assert(info);
	igt_assert_lte(info->count_formats, sizeof(plane->formats) / sizeof(*plane->formats));
	plane->obj.id = id;
	plane->possible_crtcs = info->possible_crtcs;
	plane->num_formats = info->count_formats;
	memcpy(plane->formats, info->formats, info->count_formats * sizeof(*info->formats));
	drmModeFreePlane(info);
	kms_object_read(dev, &plane->obj, DRM_MODE_OBJECT_PLANE);
	plane->type = kms_prop_value(&plane->obj, "type");
}

static void read_planes(struct kms_device *dev)
{
	drmModePlaneRes *res = drmModeGetPlaneResources(dev->fd);
	struct kms_plane plane;
	struct kms_pipe *pipe;
	unsigned int i, p;

	igt_assert(res);
	for (i = 0; i < res->count_planes; i++) {
		read_plane(dev, &plane, res->planes[i]);
		for (p = 0; p < dev->num_pipes; p++) {
			pipe = &dev->pipe[p];
			if (!(plane.possible_crtcs & 1U << p))
				continue;
			igt_assert_lt(pipe->num_planes, KMS_MAX_LAYERS);
			pipe->plane[pipe->num_planes++] = plane;
			break;
		}
	}
	drmModeFreePlaneResources(res);

	for (p = 0; p < dev->num_pipes; p++) {
		pipe = &dev->pipe[p];
		for (i = 0; i < pipe->num_planes; i++) {
			if (pipe->plane[i].type == DRM_PLANE_TYPE_PRIMARY)
				pipe->primary = &pipe->plane[i];
			else if (pipe->plane[i].type == DRM_PLANE_TYPE_CURSOR)
				pipe->cursor = &pipe->plane[i];
			else
				pipe->overlay[pipe->num_overlays++] = &pipe->plane[i];
		}
	}
}

void kms_probe(struct kms_device *dev, struct kms_connector *connector)
{
	drmModeEncoder *encoder;
	int i;

	drmModeFreeConnector(connector->info);
	connector->info = drmModeGetConnector(dev->fd, connector->obj.id);
	igt_assert(connector->info);
	connector->type = connector->info->connector_type;
	connector->connected = connector->info->connection == DRM_MODE_CONNECTED;
	connector->possible_crtcs = 0;
	for (i = 0; i < connector->info->count_encoders; i++) {
		encoder = drmModeGetEncoder(dev->fd, connector->info->encoders[i]);
		igt_assert(encoder);
		connector->possible_crtcs |= encoder->possible_crtcs;
		drmModeFreeEncoder(encoder);
	}
	snprintf(connector->name, sizeof(connector->name), "%s-%u",
		 drmModeGetConnectorTypeName(connector->type), connector->info->connector_type_id);
	kms_object_read(dev, &connector->obj, DRM_MODE_OBJECT_CONNECTOR);
}

static void read_resources(struct kms_device *dev)
{
	drmModeRes *res = drmModeGetResources(dev->fd);
	int i;

	igt_assert_f(res, "no KMS resources: %s\n", strerror(errno));
	igt_assert_lte(res->count_crtcs, KMS_MAX_PIPES);
	igt_assert_lte(res->count_connectors, KMS_MAX_CONNECTORS);
	for (i = 0; i < res->count_crtcs; i++) {
		dev->pipe[i].index = i;
		dev->pipe[i].crtc.id = res->crtcs[i];
		kms_object_read(dev, &dev->pipe[i].crtc, DRM_MODE_OBJECT_CRTC);
	}
	dev->num_pipes = res->count_crtcs;
	for (i = 0; i < res->count_connectors; i++) {
		dev->connector[i].obj.id = res->connectors[i];
		kms_probe(dev, &dev->connector[i]);
	}
	dev->num_connectors = res->count_connectors;
	drmModeFreeResources(res);
}

bool kms_try_open(struct kms_device *dev, unsigned int nth)
{
	struct stat st;
	int fd = open_nth("vdc", nth);

	if (fd < 0)
		return false;
	memset(dev, 0, sizeof(*dev));
	dev->fd = fd;
	igt_assert_eq(fstat(fd, &st), 0);
	dev->minor = minor(st.st_rdev);
	igt_assert_eq(drmSetClientCap(fd, DRM_CLIENT_CAP_UNIVERSAL_PLANES, 1), 0);
	igt_assert_eq(drmSetClientCap(fd, DRM_CLIENT_CAP_ATOMIC, 1), 0);
	/* Refused by devices without writeback; then there is no such connector. */
	drmSetClientCap(fd, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS, 1);
	read_resources(dev);
	read_planes(dev);
	return true;
}

void kms_open(struct kms_device *dev, unsigned int nth)
{
	igt_require_f(kms_try_open(dev, nth), "needs %u VDC device(s)\n", nth + 1);
}

void kms_close(struct kms_device *dev)
{
	unsigned int i;

	for (i = 0; i < dev->num_connectors; i++)
		drmModeFreeConnector(dev->connector[i].info);
	close(dev->fd);
	memset(dev, 0, sizeof(*dev));
	dev->fd = -1;
}

const char *kms_debugfs(const struct kms_device *dev, const char *file, char path[128])
{
	snprintf(path, 128, "/sys/kernel/debug/dri/%d/%s", dev->minor, file);
	return path;
}

struct kms_connector *kms_find_connector(struct kms_device *dev, uint32_t type,
					 const struct kms_pipe *pipe, unsigned int nth)
{
	struct kms_connector *c;
	unsigned int i;

	for (i = 0; i < dev->num_connectors; i++) {
		c = &dev->connector[i];
		if (c->type != type || !(c->possible_crtcs & 1U << pipe->index))
			continue;
		if (type != DRM_MODE_CONNECTOR_WRITEBACK && !c->connected)
			continue;
		if (!nth--)
			return c;
	}
	return NULL;
}

bool kms_find_mode(const struct kms_connector *connector, int w, int h, drmModeModeInfo *mode)
{
	const drmModeModeInfo *m;
	int i;

	for (i = 0; i < connector->info->count_modes; i++) {
		m = &connector->info->modes[i];
		if (w ? m->hdisplay == w && m->vdisplay == h :
			(m->type & DRM_MODE_TYPE_PREFERRED) != 0) {
			*mode = *m;
			return true;
		}
	}
	return false;
}

void kms_screen_init(struct kms_device *dev, struct kms_screen *screen, unsigned int pipe,
		     int w, int h)
{
	memset(screen, 0, sizeof(*screen));
	igt_require_f(pipe < dev->num_pipes, "needs %u pipes\n", pipe + 1);
	screen->pipe = &dev->pipe[pipe];
	screen->connector = kms_find_connector(dev, DRM_MODE_CONNECTOR_HDMIA, screen->pipe, 0);
	igt_require_f(screen->connector, "needs a connected HDMI output for pipe %u\n", pipe);
	igt_require_f(kms_find_mode(screen->connector, w, h, &screen->mode),
		      "needs a %dx%d mode\n", w, h);
}

void kms_screen_add(struct kms_screen *screen, struct kms_plane *plane, struct kms_fb *fb,
		    int x, int y)
{
	igt_assert_lt(screen->num_layers, KMS_MAX_LAYERS);
	screen->layer[screen->num_layers++] = (struct kms_layer){ plane, fb, x, y, false };
}

void kms_screen_opaque(struct kms_screen *screen)
{
	struct kms_layer *layer = &screen->layer[screen->num_layers - 1];

	igt_require_f(kms_prop_id(&layer->plane->obj, BLEND_MODE), "plane %u has no " BLEND_MODE
		      "\n", layer->plane->obj.id);
	layer->opaque = true;
}

void kms_set(drmModeAtomicReq *req, const struct kms_object *obj, const char *name,
	     uint64_t value)
{
	uint32_t id = kms_prop_id(obj, name);

	igt_assert_f(id, "object %u has no property %s\n", obj->id, name);
	igt_assert(drmModeAtomicAddProperty(req, obj->id, id, value) >= 0);
}

void kms_set_plane(drmModeAtomicReq *req, const struct kms_plane *plane,
		   const struct kms_pipe *pipe, const struct kms_fb *fb, int x, int y)
{
	const struct kms_object *obj = &plane->obj;

	kms_set(req, obj, "FB_ID", fb ? fb->id : 0);
	kms_set(req, obj, "CRTC_ID", fb ? pipe->crtc.id : 0);
	if (!fb)
		return;
	kms_set(req, obj, "SRC_X", 0);
	kms_set(req, obj, "SRC_Y", 0);
	kms_set(req, obj, "SRC_W", (uint64_t)fb->width << 16);
	kms_set(req, obj, "SRC_H", (uint64_t)fb->height << 16);
	kms_set(req, obj, "CRTC_X", (uint64_t)x);
	kms_set(req, obj, "CRTC_Y", (uint64_t)y);
	kms_set(req, obj, "CRTC_W", fb->width);
	kms_set(req, obj, "CRTC_H", fb->height);
}

static const struct kms_layer *find_layer(const struct kms_screen *screen,
					  const struct kms_plane *plane)
{
	unsigned int i;

	for (i = 0; i < screen->num_layers; i++)
		if (screen->layer[i].plane == plane)
			return &screen->layer[i];
	return NULL;
}

int kms_try_show(struct kms_device *dev, const struct kms_screen *screen, uint32_t flags)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	const struct kms_layer *layer;
	unsigned int i;
	uint32_t blob;
	int ret;

	igt_assert_eq(drmModeCreatePropertyBlob(dev->fd, &screen->mode, sizeof(screen->mode),
						&blob), 0);
	kms_set(req, &screen->pipe->crtc, "MODE_ID", blob);
	kms_set(req, &screen->pipe->crtc, "ACTIVE", 1);
	kms_set(req, &screen->connector->obj, "CRTC_ID", screen->pipe->crtc.id);
	for (i = 0; i < screen->pipe->num_planes; i++) {
		layer = find_layer(screen, &screen->pipe->plane[i]);
		kms_set_plane(req, &screen->pipe->plane[i], screen->pipe,
			      layer ? layer->fb : NULL, layer ? layer->x : 0,
			      layer ? layer->y : 0);
		if (layer && kms_prop_id(&layer->plane->obj, BLEND_MODE))
			kms_set(req, &layer->plane->obj, BLEND_MODE,
				layer->opaque ? BLEND_NONE : BLEND_PREMULTIPLIED);
	}
	ret = drmModeAtomicCommit(dev->fd, req, flags, NULL) ? errno : 0;
	drmModeAtomicFree(req);
	drmModeDestroyPropertyBlob(dev->fd, blob);
	return ret;
}

void kms_show(struct kms_device *dev, const struct kms_screen *screen)
{
	int ret = kms_try_show(dev, screen, DRM_MODE_ATOMIC_ALLOW_MODESET);

	igt_assert_f(!ret, "commit of %u layers on pipe %u (%s): %s\n", screen->num_layers,
		     screen->pipe->index, screen->connector->name, strerror(ret));
}

static int flip(struct kms_device *dev, const struct kms_pipe *pipe, const struct kms_plane *plane,
		const struct kms_fb *fb, uint64_t user, int32_t *fence)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	int ret;

	kms_set(req, &plane->obj, "FB_ID", fb->id);
	kms_set(req, &plane->obj, "CRTC_ID", pipe->crtc.id);
	if (fence)
		kms_set(req, &pipe->crtc, "OUT_FENCE_PTR", (uintptr_t)fence);
	ret = drmModeAtomicCommit(dev->fd, req,
				  DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT,
				  (void *)(uintptr_t)user) ? errno : 0;
	drmModeAtomicFree(req);
	return ret;
}

int kms_flip(struct kms_device *dev, const struct kms_pipe *pipe,
	     const struct kms_plane *plane, const struct kms_fb *fb, uint64_t user)
{
	return flip(dev, pipe, plane, fb, user, NULL);
}

int kms_flip_fenced(struct kms_device *dev, const struct kms_pipe *pipe,
		    const struct kms_plane *plane, const struct kms_fb *fb, uint64_t user,
		    int32_t *fence)
{
	return flip(dev, pipe, plane, fb, user, fence);
}

static void read_events(struct kms_device *dev)
{
	char buffer[1024];
	struct drm_event_crtc_sequence seq;
	struct drm_event_vblank vbl;
	struct drm_event head;
	struct kms_event *e;
	ssize_t size = read(dev->fd, buffer, sizeof(buffer));
	ssize_t at;

	igt_assert_f(size > 0, "reading events: %s\n", strerror(errno));
	for (at = 0; at < size; at += head.length) {
		memcpy(&head, buffer + at, sizeof(head));
		igt_assert_lt(dev->num_events, KMS_MAX_EVENTS);
		e = &dev->event[dev->num_events++];
		if (head.type == DRM_EVENT_CRTC_SEQUENCE) {
			memcpy(&seq, buffer + at, sizeof(seq));
			*e = (struct kms_event){ seq.user_data, seq.sequence, seq.time_ns, 0 };
		} else {
			memcpy(&vbl, buffer + at, sizeof(vbl));
			*e = (struct kms_event){ vbl.user_data, vbl.sequence,
				vbl.tv_sec * 1000000000ULL + vbl.tv_usec * 1000ULL, vbl.crtc_id };
		}
	}
}

bool kms_poll_event(struct kms_device *dev, struct kms_event *event, int ms)
{
	struct pollfd pfd = { .fd = dev->fd, .events = POLLIN };

	if (!dev->num_events && poll(&pfd, 1, ms) == 1)
		read_events(dev);
	if (!dev->num_events)
		return false;
	*event = dev->event[0];
	memmove(dev->event, dev->event + 1, --dev->num_events * sizeof(*event));
	return true;
}

void kms_wait_event(struct kms_device *dev, struct kms_event *event)
{
	igt_assert_f(kms_poll_event(dev, event, KMS_EVENT_MS), "no event within %d ms\n",
		     KMS_EVENT_MS);
}

static void set_pipe_off(drmModeAtomicReq *req, const struct kms_pipe *pipe)
{
	unsigned int i;

	kms_set(req, &pipe->crtc, "ACTIVE", 0);
	kms_set(req, &pipe->crtc, "MODE_ID", 0);
	for (i = 0; i < pipe->num_planes; i++)
		kms_set_plane(req, &pipe->plane[i], NULL, NULL, 0, 0);
}

void kms_screen_off(struct kms_device *dev, const struct kms_screen *screen)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	int ret;

	set_pipe_off(req, screen->pipe);
	kms_set(req, &screen->connector->obj, "CRTC_ID", 0);
	ret = drmModeAtomicCommit(dev->fd, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL) ? errno : 0;
	drmModeAtomicFree(req);
	igt_assert_f(!ret, "switching pipe %u off: %s\n", screen->pipe->index, strerror(ret));
}

void kms_all_off(struct kms_device *dev)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	unsigned int i;
	int ret;

	for (i = 0; i < dev->num_pipes; i++)
		set_pipe_off(req, &dev->pipe[i]);
	for (i = 0; i < dev->num_connectors; i++)
		kms_set(req, &dev->connector[i].obj, "CRTC_ID", 0);
	ret = drmModeAtomicCommit(dev->fd, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL) ? errno : 0;
	drmModeAtomicFree(req);
	igt_assert_f(!ret, "switching everything off: %s\n", strerror(ret));
}

uint64_t kms_sequence(struct kms_device *dev, const struct kms_pipe *pipe, uint64_t *ns)
{
	uint64_t sequence, time;

	igt_assert_f(!drmCrtcGetSequence(dev->fd, pipe->crtc.id, &sequence, &time),
		     "vblank count of pipe %u: %s\n", pipe->index, strerror(errno));
	if (ns)
		*ns = time;
	return sequence;
}

void kms_wait_sequence(struct kms_device *dev, const struct kms_pipe *pipe, uint64_t sequence)
{
	drmVBlank vbl = { .request = {
		.type = DRM_VBLANK_ABSOLUTE |
			(pipe->index << DRM_VBLANK_HIGH_CRTC_SHIFT & DRM_VBLANK_HIGH_CRTC_MASK),
		.sequence = sequence,
	} };

	igt_assert_f(!drmWaitVBlank(dev->fd, &vbl), "waiting for vblank %llu: %s\n",
		     (unsigned long long)sequence, strerror(errno));
}

uint64_t kms_frame_ns(const drmModeModeInfo *mode)
{
	return mode->htotal * (uint64_t)mode->vtotal * 1000000ULL / mode->clock;
}
