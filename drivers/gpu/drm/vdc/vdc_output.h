/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_OUTPUT_H
#define VDC_OUTPUT_H

#include <linux/i2c.h>

#include <drm/drm_connector.h>
#include <drm/drm_encoder.h>

struct vdc_device;

/**
 * struct vdc_output - an output of the controller: encoder, connector and DDC bus
 * @connector: the connector
 * @encoder: the encoder
 * @ddc: the I2C bus to the display, see vdc_ddc.c
 * @index: the output's number
 */
struct vdc_output {
	struct drm_connector connector;
	struct drm_encoder encoder;
	struct i2c_adapter ddc;
	unsigned int index;
};

int vdc_output_init(struct vdc_device *vdc, unsigned int index);
void vdc_output_hotplug(struct vdc_output *output);
int vdc_ddc_init(struct vdc_device *vdc, struct vdc_output *output);

#endif /* VDC_OUTPUT_H */
