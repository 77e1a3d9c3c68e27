// SPDX-License-Identifier: GPL-2.0-only
/* Capabilities: the controller describes itself in its registers. */

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/dev_printk.h>

#include "vdc_caps.h"
#include "vdc_drv.h"

/* The register map's major version that this driver was written for. */
#define VDC_DRIVER_VERSION_MAJOR	1

static void vdc_layer_caps_read(struct vdc_device *vdc, unsigned int pipe, unsigned int layer,
				struct vdc_layer_caps *caps)
{
	u32 base = VDC_LAYER(pipe, layer);
	u32 size = vdc_read(vdc, base + VDC_LAYER_MAX_SIZE);

	caps->type = FIELD_GET(VDC_LAYER_CAPS_TYPE, vdc_read(vdc, base + VDC_LAYER_CAPS));
	caps->formats = vdc_read(vdc, base + VDC_LAYER_FORMATS) |
			(u64)vdc_read(vdc, base + VDC_LAYER_FORMATS_HI) << 32;
	caps->max_width = FIELD_GET(VDC_SIZE_W, size);
	caps->max_height = FIELD_GET(VDC_SIZE_H, size);
}

/* KMS wants one primary plane and at most one cursor on each CRTC. */
static int vdc_pipe_caps_check(struct vdc_device *vdc, unsigned int pipe)
{
	const struct vdc_pipe_caps *caps = &vdc->caps.pipes[pipe];
	unsigned int count[VDC_LAYER_TYPE_CURSOR + 1] = {};
	unsigned int i;

	for (i = 0; i < caps->num_layers; i++) {
		if (caps->layers[i].type > VDC_LAYER_TYPE_CURSOR)
			return dev_err_probe(vdc->drm.dev, -ENODEV,
					     "pipe %u, layer %u: unknown type %u\n",
					     pipe, i, caps->layers[i].type);
		count[caps->layers[i].type]++;
	}
	if (count[VDC_LAYER_TYPE_PRIMARY] != 1 || count[VDC_LAYER_TYPE_CURSOR] > 1)
		return dev_err_probe(vdc->drm.dev, -ENODEV,
				     "pipe %u has %u primary and %u cursor layers\n", pipe,
				     count[VDC_LAYER_TYPE_PRIMARY], count[VDC_LAYER_TYPE_CURSOR]);
	return 0;
}

static int vdc_pipe_caps_read(struct vdc_device *vdc, unsigned int pipe)
{
	struct vdc_pipe_caps *caps = &vdc->caps.pipes[pipe];
	unsigned int i;

	caps->num_layers = FIELD_GET(VDC_PIPE_CAPS_LAYERS,
				     vdc_read(vdc, VDC_PIPE(pipe) + VDC_PIPE_CAPS));
	if (caps->num_layers > VDC_MAX_LAYERS)
		return dev_err_probe(vdc->drm.dev, -ENODEV, "pipe %u claims %u layers\n",
				     pipe, caps->num_layers);
	for (i = 0; i < caps->num_layers; i++)
		vdc_layer_caps_read(vdc, pipe, i, &caps->layers[i]);
	if (vdc->caps.features & VDC_FEATURE_WRITEBACK)
		caps->wb_formats = vdc_read(vdc, VDC_PIPE(pipe) + VDC_PIPE_WB_FORMATS);
	if (vdc->caps.features & VDC_FEATURE_BUDGET)
		caps->budget = vdc_read(vdc, VDC_PIPE(pipe) + VDC_PIPE_BUDGET);

	return vdc_pipe_caps_check(vdc, pipe);
}

static void vdc_output_caps_read(struct vdc_device *vdc, unsigned int output)
{
	struct vdc_output_caps *caps = &vdc->caps.outputs[output];
	u32 reg = vdc_read(vdc, VDC_OUTPUT(output) + VDC_OUT_CAPS);

	caps->type = FIELD_GET(VDC_OUT_CAPS_TYPE, reg);
	caps->pipes = FIELD_GET(VDC_OUT_CAPS_PIPES, reg) & (BIT(vdc->caps.num_pipes) - 1);
}

static void vdc_limits_read(struct vdc_device *vdc)
{
	struct vdc_caps *caps = &vdc->caps;
	u32 mode = vdc_read(vdc, VDC_MAX_MODE);
	u32 total = vdc_read(vdc, VDC_MAX_TOTAL);

	caps->max_width = FIELD_GET(VDC_SIZE_W, mode);
	caps->max_height = FIELD_GET(VDC_SIZE_H, mode);
	caps->max_htotal = FIELD_GET(VDC_SIZE_W, total);
	caps->max_vtotal = FIELD_GET(VDC_SIZE_H, total);
	caps->min_clock = vdc_read(vdc, VDC_MIN_CLOCK);
	caps->max_clock = vdc_read(vdc, VDC_MAX_CLOCK);
}

/**
 * vdc_caps_read() - read and check the capability registers
 * @vdc: the device, powered
 *
 * Fills &vdc_device.caps. What the device tells is checked here once, so that
 * nothing else has to.
 *
 * Return: 0, or -ENODEV when this is no controller that the driver can drive;
 * then it has said why.
 */
int vdc_caps_read(struct vdc_device *vdc)
{
	struct vdc_caps *caps = &vdc->caps;
	struct device *dev = vdc->drm.dev;
	unsigned int i;
	u32 reg;
	int ret;

	reg = vdc_read(vdc, VDC_VERSION);
	caps->version_major = FIELD_GET(VDC_VERSION_MAJOR, reg);
	caps->version_minor = FIELD_GET(VDC_VERSION_MINOR, reg);
	if (caps->version_major != VDC_DRIVER_VERSION_MAJOR)
		return dev_err_probe(dev, -ENODEV, "register map version %u.%u is not known\n",
				     caps->version_major, caps->version_minor);

	reg = vdc_read(vdc, VDC_CAPS);
	caps->num_pipes = FIELD_GET(VDC_CAPS_PIPES, reg);
	caps->num_outputs = FIELD_GET(VDC_CAPS_OUTPUTS, reg);
	caps->addr_bits = FIELD_GET(VDC_CAPS_ADDR_BITS, reg);
	caps->pitch_align = BIT(FIELD_GET(VDC_CAPS_PITCH_ALIGN, reg));
	caps->addr_align = BIT(FIELD_GET(VDC_CAPS_ADDR_ALIGN, reg));
	caps->crc_depth = FIELD_GET(VDC_CAPS_CRC_DEPTH, reg);
	caps->features = vdc_read(vdc, VDC_FEATURES);
	if (!caps->num_pipes || caps->num_pipes > VDC_MAX_PIPES ||
	    caps->num_outputs > VDC_MAX_OUTPUTS || !caps->addr_bits || caps->addr_bits > 64)
		return dev_err_probe(dev, -ENODEV, "impossible capabilities %#x\n", reg);

	vdc_limits_read(vdc);
	for (i = 0; i < caps->num_pipes; i++) {
		ret = vdc_pipe_caps_read(vdc, i);
		if (ret)
			return ret;
	}
	for (i = 0; i < caps->num_outputs; i++)
		vdc_output_caps_read(vdc, i);

	return 0;
}
