// SPDX-License-Identifier: MIT
/* Framebuffers in dumb buffers, and of handles that came from elsewhere. */
#include <errno.h>
#include <sys/mman.h>
#include "igt_abi.h"
#include "vdc_kms.h"

static const struct {
	uint32_t format, bpp;
} formats[] = {
	{ DRM_FORMAT_XRGB8888, 4 },
	{ DRM_FORMAT_ARGB8888, 4 },
	{ DRM_FORMAT_XBGR8888, 4 },
	{ DRM_FORMAT_RGB565, 2 },
	{ DRM_FORMAT_XRGB2101010, 4 },
};

unsigned int kms_bpp(uint32_t format)
{
	unsigned int i;

	for (i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (formats[i].format == format)
			return formats[i].bpp;
	return 0;
}

int kms_fb_wrap(struct kms_device *dev, struct kms_fb *fb, uint32_t handle, uint32_t w,
		uint32_t h, uint32_t pitch, uint32_t format)
{
	uint32_t handles[4] = { handle }, pitches[4] = { pitch }, offsets[4] = { 0 };

	memset(fb, 0, sizeof(*fb));
	fb->handle = handle;
	fb->format = format;
	fb->width = w;
	fb->height = h;
	fb->pitch = pitch;
	fb->size = (uint64_t)pitch * h;
	return drmModeAddFB2(dev->fd, w, h, format, handles, pitches, offsets, &fb->id, 0) ?
		errno : 0;
}

int kms_fb_try_create(struct kms_device *dev, struct kms_fb *fb, uint32_t w, uint32_t h,
		      uint32_t format)
{
	uint64_t size, offset;
	uint32_t handle, pitch;
	int ret;

	memset(fb, 0, sizeof(*fb));
	if (drmModeCreateDumbBuffer(dev->fd, w, h, kms_bpp(format) * 8, 0, &handle, &pitch, &size))
		return errno;
	ret = kms_fb_wrap(dev, fb, handle, w, h, pitch, format);
	fb->size = size;
	if (!ret && drmModeMapDumbBuffer(dev->fd, handle, &offset))
		ret = errno;
	if (!ret) {
		fb->map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, dev->fd, offset);
		if (fb->map == MAP_FAILED) {
			ret = errno;
			fb->map = NULL;
		}
	}
	if (ret)
		kms_fb_destroy(dev, fb);
	return ret;
}

void kms_fb_create(struct kms_device *dev, struct kms_fb *fb, uint32_t w, uint32_t h,
		   uint32_t format)
{
	int ret = kms_fb_try_create(dev, fb, w, h, format);

	igt_assert_f(!ret, "framebuffer of %ux%u, format %.4s: %s\n", w, h, (const char *)&format,
		     strerror(ret));
}

void kms_fb_destroy(struct kms_device *dev, struct kms_fb *fb)
{
	free(fb->image);
	if (fb->map)
		munmap(fb->map, fb->size);
	if (fb->id)
		drmModeRmFB(dev->fd, fb->id);
	if (fb->handle)
		drmCloseBufferHandle(dev->fd, fb->handle);
	memset(fb, 0, sizeof(*fb));
}
