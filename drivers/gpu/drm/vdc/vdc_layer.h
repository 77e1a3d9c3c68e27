/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_LAYER_H
#define VDC_LAYER_H

#include <linux/types.h>

struct vdc_device;

/* The double-buffered registers of a layer, in the order in which they are written. */
enum vdc_layer_reg {
	VDC_LAYER_REG_CTRL,
	VDC_LAYER_REG_ADDR_LO,
	VDC_LAYER_REG_ADDR_HI,
	VDC_LAYER_REG_PITCH,
	VDC_LAYER_REG_POS,
	VDC_LAYER_REG_SIZE,
	VDC_NUM_LAYER_REGS,
};

/**
 * struct vdc_layer_regs - what a layer's registers hold or shall hold; all zero is off
 * @reg: values, by enum vdc_layer_reg
 */
struct vdc_layer_regs {
	u32 reg[VDC_NUM_LAYER_REGS];
};

/**
 * struct vdc_layer_config - what a layer shall show
 * @addr: bus address of the first pixel shown
 * @pitch: bytes from a line to the next
 * @format: VDC_FORMAT_*
 * @blend: VDC_BLEND_*
 * @x: left edge on the screen, pixels; may be negative
 * @y: top edge on the screen, lines; may be negative
 * @width: pixels
 * @height: lines
 */
struct vdc_layer_config {
	u64 addr;
	u32 pitch;
	u32 format;
	u32 blend;
	int x;
	int y;
	unsigned int width;
	unsigned int height;
};

void vdc_layer_regs_init(struct vdc_layer_regs *regs, const struct vdc_layer_config *config);
void vdc_layer_regs_set_addr(struct vdc_layer_regs *regs, u64 addr);
bool vdc_layer_regs_only_moved(const struct vdc_layer_regs *a, const struct vdc_layer_regs *b);
unsigned int vdc_layer_write(struct vdc_device *vdc, unsigned int pipe, unsigned int layer,
			     struct vdc_layer_regs *written, const struct vdc_layer_regs *wanted);

#endif /* VDC_LAYER_H */
