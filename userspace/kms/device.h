/* SPDX-License-Identifier: MIT */
/* A DRM device that speaks atomic KMS. */
#ifndef KMS_DEVICE_H
#define KMS_DEVICE_H

#include <stdbool.h>
#include <stdint.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

/**
 * struct kms_device - an open device
 * @fd: -1 when closed
 * @minor: of the card node; also the name of its debugfs directory
 * @path: the card node
 * @driver: the driver's name
 * @bus: what drmGetBusid or sysfs calls the device, may be empty
 * @res: CRTCs and connectors
 * @planes: all planes
 */
struct kms_device {
	int fd;
	unsigned int minor;
	char path[64];
	char driver[32];
	char bus[96];
	drmModeRes *res;
	drmModePlaneRes *planes;
};

/**
 * kms_device_open() - open a device for atomic modesetting
 * @d: out; @d->fd is -1 on failure
 * @path: a card node, or NULL to look for one
 * @driver: when looking: the driver wanted, or NULL for any with an atomic API
 * Return: 0, or a negative errno after a message. Close with kms_device_close().
 */
int kms_device_open(struct kms_device *d, const char *path, const char *driver);

/**
 * kms_device_close() - close and free
 * @d: open, or closed by an error
 */
void kms_device_close(struct kms_device *d);

/**
 * kms_device_crtc_index() - index of a CRTC, as possible_crtcs masks and debugfs count
 * @d: the device
 * @crtc: KMS id
 * Return: the index, -1 when there is no such CRTC.
 */
int kms_device_crtc_index(const struct kms_device *d, uint32_t crtc);

/**
 * kms_device_master() - find out who is DRM master
 * @d: the device
 * @text: out: "NAME (pid N)", empty when debugfs does not tell
 * @size: of @text
 * Return: whether another process than this one is master.
 */
bool kms_device_master(const struct kms_device *d, char *text, size_t size);

#endif /* KMS_DEVICE_H */
