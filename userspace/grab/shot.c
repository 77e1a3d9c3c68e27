// SPDX-License-Identifier: MIT
#include <cairo.h>
#include <drm_fourcc.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grab/shot.h"
#include "message.h"
#include "vdc_frame.h"

static void swap_line(uint32_t *line, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		line[i] = (line[i] & 0xff00) | (line[i] & 0xff) << 16 | (line[i] >> 16 & 0xff);
}

int shot_take(struct shot *p, const void *from, uint32_t pitch, uint32_t width,
	      uint32_t height, uint32_t format)
{
	bool swap = format == DRM_FORMAT_XBGR8888 || format == DRM_FORMAT_ABGR8888;

	p->width = width;
	p->height = height;
	p->pitch = (uint32_t)cairo_format_stride_for_width(CAIRO_FORMAT_RGB24, (int)width);
	p->pixels = calloc(height, p->pitch);
	if (!p->pixels)
		return -ENOMEM;
	for (uint32_t y = 0; y < height; y++) {
		uint32_t *line = p->pixels + (size_t)y * p->pitch / 4;

		memcpy(line, (const uint8_t *)from + (size_t)y * pitch, width * 4UL);
		if (swap)
			swap_line(line, width);
	}
	return 0;
}

uint32_t shot_crc(const struct shot *p)
{
	uint32_t crc = 0;

	for (uint32_t y = 0; y < p->height; y++)
		crc = vdc_crc_pixels(crc, p->pixels + (size_t)y * p->pitch / 4, p->width);
	return crc;
}

static cairo_status_t write_bytes(void *closure, const unsigned char *data, unsigned int length)
{
	return fwrite(data, 1, length, closure) == length ? CAIRO_STATUS_SUCCESS :
							   CAIRO_STATUS_WRITE_ERROR;
}

int shot_write(const struct shot *p, const char *path)
{
	bool standard = !strcmp(path, "-");
	FILE *f = standard ? stdout : fopen(path, "wbe");
	cairo_surface_t *surface;
	cairo_status_t status;
	int ret = 0;

	if (!f) {
		ret = -errno;
		message_error(ret, "writing %s", path);
		return ret;
	}
	surface = cairo_image_surface_create_for_data((unsigned char *)p->pixels,
						      CAIRO_FORMAT_RGB24, (int)p->width,
						      (int)p->height, (int)p->pitch);
	errno = 0;
	status = cairo_surface_write_to_png_stream(surface, write_bytes, f);
	if (status)
		ret = errno ? -errno : -EIO;
	cairo_surface_destroy(surface);
	if ((standard ? fflush(f) : fclose(f)) && !ret)
		ret = -errno;
	if (ret) {
		message_error(ret, "writing %s", path);
		if (!standard)
			remove(path);
	}
	return ret;
}

void shot_free(struct shot *p)
{
	free(p->pixels);
	memset(p, 0, sizeof(*p));
}
