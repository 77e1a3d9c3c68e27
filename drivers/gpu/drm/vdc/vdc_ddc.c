// SPDX-License-Identifier: GPL-2.0-only
/*
 * DDC: the I2C bus to a display. The controller's engine moves one byte a
 * command; what a transfer is made of is put together here.
 */

#include <linux/regmap.h>

#include <drm/drm_drv.h>

#include "vdc_drv.h"
#include "vdc_output.h"

/* A byte takes 90 us at 100 kHz; a display may stretch the clock. */
#define VDC_DDC_POLL_US		20
#define VDC_DDC_TIMEOUT_US	25000

/**
 * struct vdc_ddc - a transfer
 * @vdc: the device
 * @base: offset of the output's registers
 */
struct vdc_ddc {
	struct vdc_device *vdc;
	u32 base;
};

/* Run a command and wait for it. @nak is what a missing acknowledge means. */
static int vdc_ddc_command(const struct vdc_ddc *ddc, u32 command, int nak)
{
	u32 status;
	int ret;

	vdc_write(ddc->vdc, ddc->base + VDC_OUT_DDC_CMD, command);
	ret = regmap_read_poll_timeout(ddc->vdc->regs, ddc->base + VDC_OUT_DDC_STATUS, status,
				       !(status & VDC_OUT_DDC_STATUS_BUSY),
				       VDC_DDC_POLL_US, VDC_DDC_TIMEOUT_US);
	if (ret)
		return ret;
	return status & VDC_OUT_DDC_STATUS_NAK ? nak : 0;
}

static int vdc_ddc_write_byte(const struct vdc_ddc *ddc, u8 byte, u32 command, int nak)
{
	vdc_write(ddc->vdc, ddc->base + VDC_OUT_DDC_DATA, byte);
	return vdc_ddc_command(ddc, command, nak);
}

static int vdc_ddc_read_byte(const struct vdc_ddc *ddc, u8 *byte, bool last)
{
	/* The acknowledge is ours to give here. */
	int ret = vdc_ddc_command(ddc, VDC_OUT_DDC_CMD_READ | (last ? VDC_OUT_DDC_CMD_NAK : 0), 0);

	if (!ret)
		*byte = vdc_read(ddc->vdc, ddc->base + VDC_OUT_DDC_DATA);
	return ret;
}

static int vdc_ddc_message(const struct vdc_ddc *ddc, const struct i2c_msg *msg)
{
	unsigned int i;
	int ret;

	ret = vdc_ddc_write_byte(ddc, i2c_8bit_addr_from_msg(msg), VDC_OUT_DDC_CMD_START, -ENXIO);
	for (i = 0; !ret && i < msg->len; i++) {
		if (msg->flags & I2C_M_RD)
			ret = vdc_ddc_read_byte(ddc, &msg->buf[i], i == msg->len - 1);
		else
			ret = vdc_ddc_write_byte(ddc, msg->buf[i], VDC_OUT_DDC_CMD_WRITE, -EIO);
	}
	return ret;
}

static int vdc_ddc_xfer(struct i2c_adapter *adapter, struct i2c_msg *msgs, int num)
{
	struct vdc_output *output = container_of(adapter, struct vdc_output, ddc);
	struct vdc_ddc ddc = {
		.vdc = i2c_get_adapdata(adapter),
		.base = VDC_OUTPUT(output->index),
	};
	int ret = 0, idx, i;

	if (!drm_dev_enter(&ddc.vdc->drm, &idx))
		return -ENODEV;
	for (i = 0; !ret && i < num; i++)
		ret = msgs[i].flags & I2C_M_TEN ? -EOPNOTSUPP : vdc_ddc_message(&ddc, &msgs[i]);
	vdc_ddc_command(&ddc, VDC_OUT_DDC_CMD_STOP, 0);
	drm_dev_exit(idx);

	return ret ?: num;
}

static u32 vdc_ddc_functionality(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm vdc_ddc_algorithm = {
	.xfer = vdc_ddc_xfer,
	.functionality = vdc_ddc_functionality,
};

/**
 * vdc_ddc_init() - register the I2C adapter of an output
 * @vdc: the device
 * @output: the output
 *
 * The adapter is unregistered with the binding; its memory lives as long as the DRM device.
 *
 * Return: 0 or a negative error code.
 */
int vdc_ddc_init(struct vdc_device *vdc, struct vdc_output *output)
{
	struct i2c_adapter *adapter = &output->ddc;
	struct device *dev = vdc->drm.dev;

	adapter->owner = THIS_MODULE;
	adapter->algo = &vdc_ddc_algorithm;
	adapter->dev.parent = dev;
	snprintf(adapter->name, sizeof(adapter->name), "VDC DDC %s output %u",
		 dev_name(dev), output->index);
	i2c_set_adapdata(adapter, vdc);
	return devm_i2c_add_adapter(dev, adapter);
}
