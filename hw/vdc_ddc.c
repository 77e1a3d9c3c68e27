// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * Outputs: presence, hot-plug interrupt, and the display's EDID behind an I2C
 * master. The slave is VESA E-DDC 1.2's: the EDID memory at address 0x50, the
 * segment pointer (256 bytes each) at 0x30, which a stop condition clears.
 */
#include "vdc_internal.h"

#define I2C_EDID	0xa0U	/* 0x50, as the address byte carries it */
#define I2C_SEGMENT	0x60U	/* 0x30 */
#define I2C_READ	0x01U

/* Who listens to the next byte. */
enum ddc_state { DDC_IDLE, DDC_OFFSET, DDC_SEGMENT, DDC_READING };

static void hotplug_irq(struct vdc *v, struct vdc_output *out)
{
	if (!(v->power & VDC_POWER_ON))
		return;
	out->irq_status |= VDC_OUT_IRQ_HPD;
	vdc_update_irq(v);
}

void vdc_output_reset(struct vdc_output *out)
{
	out->irq_status = 0;
	out->irq_enable = 0;
	out->ctrl = 0;
	out->ddc_data = 0;
	out->ddc_nak = 0;
	out->ddc_state = DDC_IDLE;
	out->ddc_offset = 0;
	out->ddc_segment = 0;
}

static void ddc_start(struct vdc_output *out)
{
	uint32_t byte = out->ddc_data;

	out->ddc_nak = !out->edid_len || !out->present;
	out->ddc_state = DDC_IDLE;
	if (out->ddc_nak)
		return;
	if (byte == I2C_EDID)
		out->ddc_state = DDC_OFFSET;
	else if (byte == (I2C_EDID | I2C_READ))
		out->ddc_state = DDC_READING;
	else if (byte == I2C_SEGMENT)
		out->ddc_state = DDC_SEGMENT;
	else
		out->ddc_nak = 1;
}

static void ddc_write(struct vdc_output *out)
{
	out->ddc_nak = 0;
	if (out->ddc_state == DDC_OFFSET)
		out->ddc_offset = out->ddc_data;
	else if (out->ddc_state == DDC_SEGMENT)
		out->ddc_segment = out->ddc_data;
	else
		out->ddc_nak = 1;
}

/* A bus that nobody drives reads as ones. */
static void ddc_read(struct vdc_output *out)
{
	uint32_t at = out->ddc_segment * 256 + out->ddc_offset;

	out->ddc_data = 0xff;
	if (out->ddc_state != DDC_READING)
		return;
	if (at < out->edid_len)
		out->ddc_data = out->edid[at];
	out->ddc_offset = (out->ddc_offset + 1) & 0xff;
}

static void ddc_command(struct vdc *v, struct vdc_output *out, uint32_t cmd)
{
	if ((cmd & (VDC_OUT_DDC_CMD_START | VDC_OUT_DDC_CMD_WRITE)) &&
	    vdc_fault(&v->faults.ddc_nak)) {
		out->ddc_nak = 1;
		out->ddc_state = DDC_IDLE;
	} else if (cmd & VDC_OUT_DDC_CMD_START) {
		ddc_start(out);
	} else if (cmd & VDC_OUT_DDC_CMD_WRITE) {
		ddc_write(out);
	} else if (cmd & VDC_OUT_DDC_CMD_READ) {
		ddc_read(out);
		if (cmd & VDC_OUT_DDC_CMD_NAK)
			out->ddc_state = DDC_IDLE;
	}
	if (cmd & VDC_OUT_DDC_CMD_STOP) {
		out->ddc_state = DDC_IDLE;
		out->ddc_segment = 0;
	}
}

uint32_t vdc_output_read(struct vdc *v, uint32_t o, uint32_t reg)
{
	const struct vdc_output *out = &v->output[o];

	switch (reg) {
	case VDC_OUT_CAPS:
		return VDC_PREP(VDC_OUT_CAPS_TYPE, VDC_OUT_TYPE_HDMI_A) |
		       VDC_PREP(VDC_OUT_CAPS_PIPES, VDC_BIT(v->config.num_pipes) - 1);
	case VDC_OUT_STATUS:
		return out->present ? VDC_OUT_STATUS_PRESENT : 0;
	case VDC_OUT_IRQ_STATUS:
		return out->irq_status;
	case VDC_OUT_IRQ_ENABLE:
		return out->irq_enable;
	case VDC_OUT_CTRL:
		return out->ctrl;
	case VDC_OUT_DDC_DATA:
		return out->ddc_data;
	case VDC_OUT_DDC_STATUS:
		return out->ddc_nak ? VDC_OUT_DDC_STATUS_NAK : 0;
	default:
		return 0;
	}
}

void vdc_output_write(struct vdc *v, uint32_t o, uint32_t reg, uint32_t value)
{
	struct vdc_output *out = &v->output[o];

	switch (reg) {
	case VDC_OUT_IRQ_STATUS:
		out->irq_status &= ~value;
		vdc_update_irq(v);
		break;
	case VDC_OUT_IRQ_ENABLE:
		out->irq_enable = value & VDC_OUT_IRQ_HPD;
		vdc_update_irq(v);
		break;
	case VDC_OUT_CTRL:
		out->ctrl = value & (VDC_OUT_CTRL_ENABLE | VDC_OUT_CTRL_PIPE);
		break;
	case VDC_OUT_DDC_DATA:
		out->ddc_data = value & 0xff;
		break;
	case VDC_OUT_DDC_CMD:
		ddc_command(v, out, value);
		break;
	}
}

const char *vdc_plug(struct vdc *v, uint32_t o, const uint8_t *edid, size_t len)
{
	struct vdc_output *out = &v->output[o];

	if (o >= v->config.num_outputs)
		return "vdc: there is no such output";
	if (edid && (len == 0 || len % 128 || len > VDC_EDID_MAX))
		return "vdc: an EDID has 128, 256, 384 or 512 bytes";
	memset(out->edid, 0, sizeof(out->edid));
	out->edid_len = 0;
	if (edid) {
		memcpy(out->edid, edid, len);
		out->edid_len = (uint32_t)len;
	}
	out->present = 1;
	hotplug_irq(v, out);
	return NULL;
}

void vdc_unplug(struct vdc *v, uint32_t o)
{
	struct vdc_output *out = &v->output[o];

	if (o >= v->config.num_outputs || !out->present)
		return;
	out->present = 0;
	out->edid_len = 0;
	out->ddc_state = DDC_IDLE;
	hotplug_irq(v, out);
}
