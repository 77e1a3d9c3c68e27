// SPDX-License-Identifier: GPL-2.0-only
/* Outputs: encoders and connectors, detection, hot-plug, and which pipe they show. */

#include <linux/bitfield.h>

#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_edid.h>
#include <drm/drm_managed.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_print.h>
#include <drm/drm_probe_helper.h>

#include "vdc_crtc.h"
#include "vdc_drv.h"
#include "vdc_output.h"

#define connector_to_vdc_output(c)	container_of(c, struct vdc_output, connector)
#define encoder_to_vdc_output(e)	container_of(e, struct vdc_output, encoder)

/* A display that does not say what it can do: the largest mode VESA asks every one to take. */
#define VDC_NO_EDID_WIDTH	1024
#define VDC_NO_EDID_HEIGHT	768

/* Write a register of an output, if the device is still there. */
static void vdc_output_write(struct vdc_output *output, u32 reg, u32 value)
{
	struct drm_device *drm = output->encoder.dev;
	int idx;

	if (!drm_dev_enter(drm, &idx))
		return;
	vdc_write(drm_to_vdc(drm), VDC_OUTPUT(output->index) + reg, value);
	drm_dev_exit(idx);
}

static void vdc_output_atomic_enable(struct drm_encoder *encoder, struct drm_atomic_state *state)
{
	struct vdc_crtc *vcrtc = to_vdc_crtc(encoder->crtc);

	vdc_output_write(encoder_to_vdc_output(encoder), VDC_OUT_CTRL,
			 VDC_OUT_CTRL_ENABLE | FIELD_PREP(VDC_OUT_CTRL_PIPE, vcrtc->pipe));
}

static void vdc_output_atomic_disable(struct drm_encoder *encoder, struct drm_atomic_state *state)
{
	vdc_output_write(encoder_to_vdc_output(encoder), VDC_OUT_CTRL, 0);
}

static const struct drm_encoder_helper_funcs vdc_output_encoder_helper_funcs = {
	.atomic_enable = vdc_output_atomic_enable,
	.atomic_disable = vdc_output_atomic_disable,
};

static int vdc_output_detect(struct drm_connector *connector, struct drm_modeset_acquire_ctx *ctx,
			     bool force)
{
	struct vdc_output *output = connector_to_vdc_output(connector);
	struct drm_device *drm = connector->dev;
	u32 status;
	int idx;

	if (!drm_dev_enter(drm, &idx))
		return connector_status_disconnected;
	status = vdc_read(drm_to_vdc(drm), VDC_OUTPUT(output->index) + VDC_OUT_STATUS);
	drm_dev_exit(idx);

	return status & VDC_OUT_STATUS_PRESENT ? connector_status_connected :
						 connector_status_disconnected;
}

static int vdc_output_get_modes(struct drm_connector *connector)
{
	int idx, count;

	if (!connector->ddc)
		return drm_add_modes_noedid(connector, VDC_NO_EDID_WIDTH, VDC_NO_EDID_HEIGHT);

	/* The bus goes away with the device. */
	if (!drm_dev_enter(connector->dev, &idx))
		return 0;
	count = drm_connector_helper_get_modes(connector);
	drm_dev_exit(idx);
	return count;
}

static void vdc_output_enable_hpd(struct drm_connector *connector)
{
	vdc_output_write(connector_to_vdc_output(connector), VDC_OUT_IRQ_ENABLE, VDC_OUT_IRQ_HPD);
}

static void vdc_output_disable_hpd(struct drm_connector *connector)
{
	vdc_output_write(connector_to_vdc_output(connector), VDC_OUT_IRQ_ENABLE, 0);
}

static const struct drm_connector_helper_funcs vdc_output_connector_helper_funcs = {
	.detect_ctx = vdc_output_detect,
	.get_modes = vdc_output_get_modes,
	.enable_hpd = vdc_output_enable_hpd,
	.disable_hpd = vdc_output_disable_hpd,
};

static const struct drm_connector_funcs vdc_output_connector_funcs = {
	.fill_modes = drm_helper_probe_single_connector_modes,
	.reset = drm_atomic_helper_connector_reset,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

/**
 * vdc_output_hotplug() - a display came, went or changed
 * @output: the output
 *
 * Context: process, no modeset locks held.
 */
void vdc_output_hotplug(struct vdc_output *output)
{
	struct drm_connector *connector = &output->connector;

	/* Another display may have taken the first one's place: clients look at its EDID. */
	if (!drm_connector_helper_hpd_irq_event(connector))
		drm_kms_helper_connector_hotplug_event(connector);
}

/* DRM's names of VDC_OUT_TYPE_*. */
static const struct {
	int connector;
	int encoder;
} vdc_output_types[] = {
	[VDC_OUT_TYPE_HDMI_A] = { DRM_MODE_CONNECTOR_HDMIA, DRM_MODE_ENCODER_TMDS },
};

/**
 * vdc_output_init() - create the encoder, the connector and the DDC bus of an output
 * @vdc: the device; its CRTCs exist
 * @index: the output
 *
 * Return: 0 or a negative error code.
 */
int vdc_output_init(struct vdc_device *vdc, unsigned int index)
{
	const struct vdc_output_caps *caps = &vdc->caps.outputs[index];
	bool has_ddc = vdc->caps.features & VDC_FEATURE_DDC;
	struct drm_device *drm = &vdc->drm;
	struct vdc_output *output;
	int ret;

	if (caps->type >= ARRAY_SIZE(vdc_output_types) || !vdc_output_types[caps->type].connector)
		return dev_err_probe(drm->dev, -ENODEV, "output %u: unknown type %u\n",
				     index, caps->type);

	output = drmm_kzalloc(drm, sizeof(*output), GFP_KERNEL);
	if (!output)
		return -ENOMEM;
	output->index = index;

	ret = drmm_encoder_init(drm, &output->encoder, NULL,
				vdc_output_types[caps->type].encoder, "output-%u", index);
	if (ret)
		return ret;
	output->encoder.possible_crtcs = caps->pipes;
	drm_encoder_helper_add(&output->encoder, &vdc_output_encoder_helper_funcs);

	if (has_ddc) {
		ret = vdc_ddc_init(vdc, output);
		if (ret)
			return ret;
	}

	ret = drmm_connector_init(drm, &output->connector, &vdc_output_connector_funcs,
				  vdc_output_types[caps->type].connector,
				  has_ddc ? &output->ddc : NULL);
	if (ret)
		return ret;
	output->connector.polled = DRM_CONNECTOR_POLL_HPD;
	drm_connector_helper_add(&output->connector, &vdc_output_connector_helper_funcs);

	ret = drm_connector_attach_encoder(&output->connector, &output->encoder);
	if (ret)
		return ret;
	vdc->outputs[index] = output;
	return 0;
}
