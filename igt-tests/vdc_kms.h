/* SPDX-License-Identifier: MIT */
/*
 * A VDC device as the tests see it: KMS objects with their properties, dumb
 * framebuffers, atomic commits of whole screens, and events. What a test takes
 * for granted is asserted inside; what it examines comes back as an errno.
 */
#ifndef VDC_KMS_H
#define VDC_KMS_H

#include <stdbool.h>
#include <stdint.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include <drm_fourcc.h>

#define KMS_MAX_PIPES		4
#define KMS_MAX_LAYERS		8
#define KMS_MAX_CONNECTORS	8
#define KMS_MAX_PROPS		48
#define KMS_MAX_EVENTS		32

/** struct kms_object - a mode object and the properties it had when the device was opened */
struct kms_object {
	uint32_t id;
	unsigned int num_props;
	struct {
		uint32_t id;
		uint64_t value;
		char name[DRM_PROP_NAME_LEN];
	} prop[KMS_MAX_PROPS];
};

/** struct kms_plane - a plane, with its formats */
struct kms_plane {
	struct kms_object obj;
	uint32_t type;			/* DRM_PLANE_TYPE_* */
	uint32_t possible_crtcs;
	unsigned int num_formats;
	uint32_t formats[32];
};

/** struct kms_pipe - a CRTC and the planes that only it can show */
struct kms_pipe {
	struct kms_object crtc;
	unsigned int index;
	unsigned int num_planes;	/* primary, overlays, cursor: in this order */
	unsigned int num_overlays;
	struct kms_plane plane[KMS_MAX_LAYERS];
	struct kms_plane *primary, *cursor, *overlay[KMS_MAX_LAYERS];
};

/** struct kms_connector - a connector; @info is what the kernel said at the last probe */
struct kms_connector {
	struct kms_object obj;
	uint32_t type;			/* DRM_MODE_CONNECTOR_* */
	uint32_t possible_crtcs;
	bool connected;
	char name[32];			/* as in sysfs, without the card */
	drmModeConnector *info;
};

/** struct kms_event - a flip or sequence event */
struct kms_event {
	uint64_t user, sequence, ns;
	uint32_t crtc_id;
};

/** struct kms_device - an open device */
struct kms_device {
	int fd;
	int minor;
	unsigned int num_pipes, num_connectors;
	struct kms_pipe pipe[KMS_MAX_PIPES];
	struct kms_connector connector[KMS_MAX_CONNECTORS];
	unsigned int num_events;
	struct kms_event event[KMS_MAX_EVENTS];
};

/** struct kms_fb - a framebuffer; @image is what picture_draw() put there, for predictions */
struct kms_fb {
	uint32_t handle, id, format, width, height, pitch;
	uint64_t size;
	uint8_t *map;
	uint8_t *image;
};

/**
 * struct kms_layer - a plane that is on: @fb's whole area, unscaled, at @x, @y of the screen
 * @opaque: its pixels' alpha is not to be used
 */
struct kms_layer {
	struct kms_plane *plane;
	struct kms_fb *fb;
	int x, y;
	bool opaque;
};

/** struct kms_screen - all that a pipe shows: planes that are not listed are off */
struct kms_screen {
	struct kms_pipe *pipe;
	struct kms_connector *connector;
	drmModeModeInfo mode;
	unsigned int num_layers;
	struct kms_layer layer[KMS_MAX_LAYERS];	/* bottom-most first */
};

/**
 * kms_open() - open a VDC device and read its objects; skips the test if there is none
 * @dev: the device
 * @nth: which of several, from 0
 */
void kms_open(struct kms_device *dev, unsigned int nth);

/** kms_try_open() - as kms_open(). Return: false if there are not so many devices */
bool kms_try_open(struct kms_device *dev, unsigned int nth);

/** kms_open_driver() - open the first card of a driver. Return: file descriptor, -1 if none */
int kms_open_driver(const char *driver);

/** kms_close() - close a device; its framebuffers go with it */
void kms_close(struct kms_device *dev);

/** kms_debugfs() - path of a debugfs file of the device. Return: @path */
const char *kms_debugfs(const struct kms_device *dev, const char *file, char path[128]);

/**
 * kms_debugfs_value() - a value out of a list of names and values
 * @dev: the device
 * @file: the debugfs file
 * @format: of its lines, for scanf: a string of up to 63 characters, an unsigned long long
 * @name: which, must be there
 */
uint64_t kms_debugfs_value(const struct kms_device *dev, const char *file, const char *format,
			   const char *name);

/**
 * kms_pipe_register() - read a register of the controller
 * @dev: the device
 * @pipe: a pipe that is on
 * @name: of the register, without the pipe's
 */
uint32_t kms_pipe_register(const struct kms_device *dev, const struct kms_pipe *pipe,
			   const char *name);

/** kms_prop_id() - id of a property, 0 if the object has none of that name */
uint32_t kms_prop_id(const struct kms_object *obj, const char *name);

/** kms_prop_value() - value of a property when the device was opened; the test fails without it */
uint64_t kms_prop_value(const struct kms_object *obj, const char *name);

/** kms_object_read() - read an object's properties again. @type: DRM_MODE_OBJECT_* */
void kms_object_read(struct kms_device *dev, struct kms_object *obj, uint32_t type);

/** kms_probe() - probe a connector again, its modes and properties included */
void kms_probe(struct kms_device *dev, struct kms_connector *connector);

/**
 * kms_find_connector() - a connector for a test's picture
 * @dev: the device
 * @type: DRM_MODE_CONNECTOR_*
 * @pipe: that it must be able to show
 * @nth: which of several
 * Return: the connector, NULL when there are not so many.
 */
struct kms_connector *kms_find_connector(struct kms_device *dev, uint32_t type,
					 const struct kms_pipe *pipe, unsigned int nth);

/** kms_find_mode() - the connector's mode of that size. Return: false if it has none */
bool kms_find_mode(const struct kms_connector *connector, int w, int h, drmModeModeInfo *mode);

/**
 * kms_screen_init() - a screen without layers on an output of a pipe; skips what is not there
 * @dev: the device
 * @screen: the screen
 * @pipe: index of the pipe
 * @w: width of the mode, 0 for the preferred one
 * @h: its height
 */
void kms_screen_init(struct kms_device *dev, struct kms_screen *screen, unsigned int pipe,
		     int w, int h);

/** kms_screen_add() - add a layer above the others */
void kms_screen_add(struct kms_screen *screen, struct kms_plane *plane, struct kms_fb *fb,
		    int x, int y);

/** kms_screen_opaque() - let the last layer that was added ignore its alpha; skips if it cannot */
void kms_screen_opaque(struct kms_screen *screen);

/** kms_bpp() - bytes a pixel of a DRM format that VDC knows, 0 for others */
unsigned int kms_bpp(uint32_t format);

/** kms_fb_try_create() - dumb buffer, mapping and framebuffer. Return: 0 or the errno */
int kms_fb_try_create(struct kms_device *dev, struct kms_fb *fb, uint32_t w, uint32_t h,
		      uint32_t format);

/** kms_fb_create() - as kms_fb_try_create(), which must succeed */
void kms_fb_create(struct kms_device *dev, struct kms_fb *fb, uint32_t w, uint32_t h,
		   uint32_t format);

/** kms_fb_wrap() - framebuffer of a handle that exists. Return: 0 or the errno */
int kms_fb_wrap(struct kms_device *dev, struct kms_fb *fb, uint32_t handle, uint32_t w,
		uint32_t h, uint32_t pitch, uint32_t format);

/** kms_fb_destroy() - remove a framebuffer, its mapping and its handle; twice does no harm */
void kms_fb_destroy(struct kms_device *dev, struct kms_fb *fb);

/** kms_set() - add a property to a request; the property must exist */
void kms_set(drmModeAtomicReq *req, const struct kms_object *obj, const char *name,
	     uint64_t value);

/** kms_set_plane() - add a plane that shows all of @fb at @x, @y; @fb NULL: off */
void kms_set_plane(drmModeAtomicReq *req, const struct kms_plane *plane,
		   const struct kms_pipe *pipe, const struct kms_fb *fb, int x, int y);

/**
 * kms_try_show() - commit a screen
 * @dev: the device
 * @screen: all the pipe shows
 * @flags: DRM_MODE_ATOMIC_*, 0 to wait until it is shown
 * Return: 0 or the errno.
 */
int kms_try_show(struct kms_device *dev, const struct kms_screen *screen, uint32_t flags);

/** kms_show() - commit a screen with modeset, which must succeed, and wait until it is shown */
void kms_show(struct kms_device *dev, const struct kms_screen *screen);

/** kms_flip() - flip one plane at the next vblank, with an event. Return: 0 or the errno */
int kms_flip(struct kms_device *dev, const struct kms_pipe *pipe,
	     const struct kms_plane *plane, const struct kms_fb *fb, uint64_t user);

/**
 * kms_flip_fenced() - as kms_flip(), with a fence that signals when the flip is on screen
 * @fence: out: its file, which the caller closes
 * Return: 0 or the errno.
 */
int kms_flip_fenced(struct kms_device *dev, const struct kms_pipe *pipe,
		    const struct kms_plane *plane, const struct kms_fb *fb, uint64_t user,
		    int32_t *fence);

/** kms_poll_event() - wait up to @ms for an event. Return: false when none came */
bool kms_poll_event(struct kms_device *dev, struct kms_event *event, int ms);

/** kms_wait_event() - wait for an event, which must come within two seconds */
void kms_wait_event(struct kms_device *dev, struct kms_event *event);

/** kms_all_off() - switch every pipe, plane and connector off */
void kms_all_off(struct kms_device *dev);

/** kms_screen_off() - switch one pipe, its planes and its connector off */
void kms_screen_off(struct kms_device *dev, const struct kms_screen *screen);

/** kms_sequence() - the vblank count of a pipe that is on. @ns: out: its time, may be NULL */
uint64_t kms_sequence(struct kms_device *dev, const struct kms_pipe *pipe, uint64_t *ns);

/** kms_wait_sequence() - wait until the vblank count reaches @sequence */
void kms_wait_sequence(struct kms_device *dev, const struct kms_pipe *pipe, uint64_t sequence);

/** kms_frame_ns() - a mode's frame period, ns, rounded down */
uint64_t kms_frame_ns(const drmModeModeInfo *mode);

#endif /* VDC_KMS_H */
