// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "kms/buffer.h"
#include "message.h"

int kms_buffer_create(struct kms_buffer *b, int fd, uint32_t width, uint32_t height,
		      uint32_t format)
{
	uint32_t handles[4] = { 0 }, pitches[4] = { 0 }, offsets[4] = { 0 };
	int err;

	memset(b, 0, sizeof(*b));
	err = drmModeCreateDumbBuffer(fd, width, height, 32, 0, &b->handle, &b->pitch, &b->size);
	if (err) {
		message_error(err, "DRM_IOCTL_MODE_CREATE_DUMB: %ux%u, %u kB", width, height,
			      width * height / 256);
		return -errno;
	}
	b->width = width;
	b->height = height;
	b->format = format;
	handles[0] = b->handle;
	pitches[0] = b->pitch;
	if (drmModeAddFB2(fd, width, height, format, handles, pitches, offsets, &b->fb, 0)) {
		err = -errno;
		message_error(err, "DRM_IOCTL_MODE_ADDFB2: %ux%u, format %.4s", width, height,
			      (const char *)&format);
		kms_buffer_destroy(b, fd);
		return err;
	}
	return 0;
}

int kms_buffer_map(struct kms_buffer *b, int fd)
{
	uint64_t offset;
	int err;

	if (drmModeMapDumbBuffer(fd, b->handle, &offset)) {
		err = -errno;
		message_error(err, "DRM_IOCTL_MODE_MAP_DUMB");
		return err;
	}
	b->map = mmap(NULL, b->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
	if (b->map == MAP_FAILED) {
		err = -errno;
		b->map = NULL;
		message_error(err, "mapping a dumb buffer of %llu bytes",
			      (unsigned long long)b->size);
		return err;
	}
	return 0;
}

int kms_buffer_export(const struct kms_buffer *b, int fd)
{
	int dmabuf;

	if (drmPrimeHandleToFD(fd, b->handle, DRM_CLOEXEC | DRM_RDWR, &dmabuf)) {
		int err = -errno;

		message_error(err, "DRM_IOCTL_PRIME_HANDLE_TO_FD");
		return err;
	}
	return dmabuf;
}

void kms_buffer_destroy(struct kms_buffer *b, int fd)
{
	if (b->map)
		munmap(b->map, b->size);
	if (b->fb)
		drmModeRmFB(fd, b->fb);
	if (b->handle)
		drmModeDestroyDumbBuffer(fd, b->handle);
	memset(b, 0, sizeof(*b));
}
