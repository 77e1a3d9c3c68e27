// SPDX-License-Identifier: GPL-2.0-only
/* Pixel formats: DRM's names of the controller's numbers. */

#include <linux/bits.h>
#include <linux/kernel.h>

#include <drm/drm_fourcc.h>
#include <kunit/visibility.h>

#include "vdc_format.h"

/* In the order in which planes list them: what clients should prefer comes first. */
static const struct vdc_format vdc_formats[VDC_NUM_FORMATS] = {
	{ DRM_FORMAT_XRGB8888, VDC_FORMAT_XRGB8888 },
	{ DRM_FORMAT_ARGB8888, VDC_FORMAT_ARGB8888 },
	{ DRM_FORMAT_XBGR8888, VDC_FORMAT_XBGR8888 },
	{ DRM_FORMAT_XRGB2101010, VDC_FORMAT_XRGB2101010 },
	{ DRM_FORMAT_RGB565, VDC_FORMAT_RGB565 },
};

/**
 * vdc_format_find() - look a format up
 * @fourcc: DRM_FORMAT_*
 * @mask: 1 << VDC_FORMAT_* of the formats that will do
 *
 * Return: the format, or NULL when it is none of these.
 */
const struct vdc_format *vdc_format_find(u32 fourcc, u64 mask)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vdc_formats); i++)
		if (vdc_formats[i].fourcc == fourcc && (mask & BIT_ULL(vdc_formats[i].hw)))
			return &vdc_formats[i];
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_format_find);

/**
 * vdc_format_list() - DRM's names of a set of formats
 * @mask: 1 << VDC_FORMAT_* of the formats; bits that the driver does not know are left out
 * @fourccs: filled with their DRM_FORMAT_*
 *
 * Return: how many there are.
 */
unsigned int vdc_format_list(u64 mask, u32 fourccs[VDC_NUM_FORMATS])
{
	unsigned int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(vdc_formats); i++)
		if (mask & BIT_ULL(vdc_formats[i].hw))
			fourccs[n++] = vdc_formats[i].fourcc;
	return n;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_format_list);

/**
 * vdc_format_mask_has_alpha() - does any of a set of formats carry alpha?
 * @mask: 1 << VDC_FORMAT_* of the formats
 *
 * Return: true when there is something to blend.
 */
bool vdc_format_mask_has_alpha(u64 mask)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vdc_formats); i++)
		if ((mask & BIT_ULL(vdc_formats[i].hw)) &&
		    drm_format_info(vdc_formats[i].fourcc)->has_alpha)
			return true;
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_format_mask_has_alpha);
