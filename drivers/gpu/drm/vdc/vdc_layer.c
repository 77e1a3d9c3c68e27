// SPDX-License-Identifier: GPL-2.0-only
/* Layers: the registers that put a buffer on the screen. */

#include <linux/bitfield.h>
#include <linux/kernel.h>
#include <linux/wordpart.h>

#include <kunit/visibility.h>

#include "vdc_drv.h"
#include "vdc_layer.h"

static const u32 vdc_layer_offsets[VDC_NUM_LAYER_REGS] = {
	[VDC_LAYER_REG_CTRL] = VDC_LAYER_CTRL,
	[VDC_LAYER_REG_ADDR_LO] = VDC_LAYER_ADDR_LO,
	[VDC_LAYER_REG_ADDR_HI] = VDC_LAYER_ADDR_HI,
	[VDC_LAYER_REG_PITCH] = VDC_LAYER_PITCH,
	[VDC_LAYER_REG_POS] = VDC_LAYER_POS,
	[VDC_LAYER_REG_SIZE] = VDC_LAYER_SIZE,
};

/**
 * vdc_layer_regs_set_addr() - the buffer is elsewhere
 * @regs: registers that show it
 * @addr: bus address of the first pixel shown
 */
void vdc_layer_regs_set_addr(struct vdc_layer_regs *regs, u64 addr)
{
	regs->reg[VDC_LAYER_REG_ADDR_LO] = lower_32_bits(addr);
	regs->reg[VDC_LAYER_REG_ADDR_HI] = upper_32_bits(addr);
}
EXPORT_SYMBOL_IF_KUNIT(vdc_layer_regs_set_addr);

/**
 * vdc_layer_regs_init() - express what a layer shall show in registers
 * @regs: the result
 * @config: what it shall show; positions fit 16 bits with a sign, sizes without
 *
 * The layer clips at the screen's edges by itself, so a buffer that moves
 * changes its position register and nothing else.
 */
void vdc_layer_regs_init(struct vdc_layer_regs *regs, const struct vdc_layer_config *config)
{
	*regs = (struct vdc_layer_regs) {
		.reg = {
			[VDC_LAYER_REG_CTRL] = VDC_LAYER_CTRL_ENABLE |
				FIELD_PREP(VDC_LAYER_CTRL_FORMAT, config->format) |
				FIELD_PREP(VDC_LAYER_CTRL_BLEND, config->blend),
			[VDC_LAYER_REG_PITCH] = config->pitch,
			[VDC_LAYER_REG_POS] = FIELD_PREP(VDC_SIZE_W, config->x & 0xffff) |
				FIELD_PREP(VDC_SIZE_H, config->y & 0xffff),
			[VDC_LAYER_REG_SIZE] = FIELD_PREP(VDC_SIZE_W, config->width) |
				FIELD_PREP(VDC_SIZE_H, config->height),
		},
	};
	vdc_layer_regs_set_addr(regs, config->addr);
}
EXPORT_SYMBOL_IF_KUNIT(vdc_layer_regs_init);

/**
 * vdc_layer_regs_only_moved() - is the position all that differs?
 * @a: before
 * @b: after
 *
 * A move is one register write, so it cannot be latched half done.
 *
 * Return: true when nothing but the position differs, or nothing at all.
 */
bool vdc_layer_regs_only_moved(const struct vdc_layer_regs *a, const struct vdc_layer_regs *b)
{
	unsigned int i;

	for (i = 0; i < VDC_NUM_LAYER_REGS; i++)
		if (i != VDC_LAYER_REG_POS && a->reg[i] != b->reg[i])
			return false;
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_layer_regs_only_moved);

/**
 * vdc_layer_write() - write those of a layer's shadow registers that change
 * @vdc: the device
 * @pipe: the layer's pipe
 * @layer: the layer
 * @written: what the shadow registers hold; updated
 * @wanted: what they shall hold
 *
 * Context: any; the caller keeps commits from latching and others from writing.
 * Return: how many registers were written.
 */
unsigned int vdc_layer_write(struct vdc_device *vdc, unsigned int pipe, unsigned int layer,
			     struct vdc_layer_regs *written, const struct vdc_layer_regs *wanted)
{
	unsigned int i, n = 0;

	for (i = 0; i < VDC_NUM_LAYER_REGS; i++) {
		if (written->reg[i] == wanted->reg[i])
			continue;
		vdc_write(vdc, VDC_LAYER(pipe, layer) + vdc_layer_offsets[i], wanted->reg[i]);
		n++;
	}
	*written = *wanted;
	return n;
}
