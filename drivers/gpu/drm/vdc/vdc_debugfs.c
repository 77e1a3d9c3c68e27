// SPDX-License-Identifier: GPL-2.0-only
/* debugfs: what the driver and the controller think. */

#include <linux/debugfs.h>
#include <linux/kernel.h>

#include <drm/drm_debugfs.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "vdc_crtc.h"
#include "vdc_debugfs.h"
#include "vdc_drv.h"
#include "vdc_gem.h"

/**
 * struct vdc_debugfs_reg - a register by name
 * @name: its name in the manual
 * @offset: its offset in its block
 */
struct vdc_debugfs_reg {
	const char *name;
	u32 offset;
};

#define REG(block, name)	{ #name, VDC_##block##name }

static const struct vdc_debugfs_reg vdc_global_regs[] = {
	REG(, ID), REG(, VERSION), REG(, CAPS), REG(, FEATURES), REG(, MAX_MODE),
	REG(, MAX_CLOCK), REG(, MIN_CLOCK), REG(, MAX_TOTAL), REG(, POWER), REG(, IRQ_SUMMARY),
	REG(, SCRATCH),
};

static const struct vdc_debugfs_reg vdc_output_regs[] = {
	REG(OUT_, CAPS), REG(OUT_, STATUS), REG(OUT_, IRQ_STATUS), REG(OUT_, IRQ_ENABLE),
	REG(OUT_, CTRL), REG(OUT_, DDC_STATUS),
};

static const struct vdc_debugfs_reg vdc_pipe_regs[] = {
	REG(PIPE_, CAPS), REG(PIPE_, CTRL), REG(PIPE_, COMMIT), REG(PIPE_, STATUS),
	REG(PIPE_, IRQ_STATUS), REG(PIPE_, IRQ_ENABLE), REG(PIPE_, FRAME), REG(PIPE_, FRAME_HI),
	REG(PIPE_, POSITION), REG(PIPE_, COMMIT_FRAME), REG(PIPE_, BUDGET), REG(PIPE_, CLOCK),
	REG(PIPE_, ACTIVE), REG(PIPE_, TOTAL), REG(PIPE_, SYNC_START), REG(PIPE_, SYNC_END),
	REG(PIPE_, POLARITY), REG(PIPE_, BACKGROUND), REG(PIPE_, LINE_COMPARE),
	REG(PIPE_, UNDERRUNS), REG(PIPE_, BUS_ERRORS), REG(PIPE_, BUS_ERROR_LO),
	REG(PIPE_, BUS_ERROR_HI), REG(PIPE_, BUS_ERROR_INFO), REG(PIPE_, CRC_CTRL),
	REG(PIPE_, CRC_LEVEL), REG(PIPE_, CRC_LOST), REG(PIPE_, WB_CTRL), REG(PIPE_, WB_ADDR_LO),
	REG(PIPE_, WB_ADDR_HI), REG(PIPE_, WB_PITCH), REG(PIPE_, WB_FORMATS),
	REG(PIPE_, WB_STATUS), REG(PIPE_, WB_FRAME),
};

static const struct vdc_debugfs_reg vdc_layer_regs[] = {
	REG(LAYER_, CAPS), REG(LAYER_, FORMATS), REG(LAYER_, FORMATS_HI), REG(LAYER_, MAX_SIZE),
	REG(LAYER_, CTRL), REG(LAYER_, ADDR_LO), REG(LAYER_, ADDR_HI), REG(LAYER_, PITCH),
	REG(LAYER_, POS), REG(LAYER_, SIZE), REG(LAYER_, ACTIVE_LO), REG(LAYER_, ACTIVE_HI),
	REG(LAYER_, ACTIVE_CTRL),
};

#undef REG

/* Names of VDC_PIPE_IRQ_*, by bit. */
static const char *const vdc_pipe_irqs[VDC_NUM_PIPE_IRQS] = {
	"vblank", "commit_done", "crc", "wb_done", "underrun", "bus_error", "line",
};

static struct vdc_device *vdc_debugfs_device(struct seq_file *m)
{
	struct drm_debugfs_entry *entry = m->private;

	return drm_to_vdc(entry->dev);
}

static void vdc_debugfs_print_block(struct seq_file *m, u32 base, const char *name,
				    const struct vdc_debugfs_reg *regs, size_t n)
{
	struct vdc_device *vdc = vdc_debugfs_device(m);
	size_t i;

	for (i = 0; i < n; i++)
		seq_printf(m, "%04x %s%s %08x\n", base + regs[i].offset, name, regs[i].name,
			   vdc_read(vdc, base + regs[i].offset));
}

static int vdc_debugfs_registers(struct seq_file *m, void *unused)
{
	struct vdc_device *vdc = vdc_debugfs_device(m);
	unsigned int i, l;
	char name[32];
	int idx;

	if (!drm_dev_enter(&vdc->drm, &idx))
		return -ENODEV;
	vdc_debugfs_print_block(m, 0, "", vdc_global_regs, ARRAY_SIZE(vdc_global_regs));
	for (i = 0; i < vdc->caps.num_outputs; i++) {
		snprintf(name, sizeof(name), "OUT%u_", i);
		vdc_debugfs_print_block(m, VDC_OUTPUT(i), name, vdc_output_regs,
					ARRAY_SIZE(vdc_output_regs));
	}
	for (i = 0; i < vdc->caps.num_pipes; i++) {
		snprintf(name, sizeof(name), "PIPE%u_", i);
		vdc_debugfs_print_block(m, VDC_PIPE(i), name, vdc_pipe_regs,
					ARRAY_SIZE(vdc_pipe_regs));
		for (l = 0; l < vdc->caps.pipes[i].num_layers; l++) {
			snprintf(name, sizeof(name), "PIPE%u_LAYER%u_", i, l);
			vdc_debugfs_print_block(m, VDC_LAYER(i, l), name, vdc_layer_regs,
						ARRAY_SIZE(vdc_layer_regs));
		}
	}
	drm_dev_exit(idx);
	return 0;
}

static int vdc_debugfs_interrupts(struct seq_file *m, void *unused)
{
	struct vdc_device *vdc = vdc_debugfs_device(m);
	unsigned int i, bit;

	seq_printf(m, "handled %llu\nspurious %llu\n", READ_ONCE(vdc->irq_count),
		   READ_ONCE(vdc->irq_spurious));
	for (i = 0; i < vdc->caps.num_pipes; i++)
		for (bit = 0; bit < VDC_NUM_PIPE_IRQS; bit++)
			seq_printf(m, "pipe%u_%s %llu\n", i, vdc_pipe_irqs[bit],
				   READ_ONCE(vdc->crtcs[i]->irq_count[bit]));
	return 0;
}

static int vdc_debugfs_gem(struct seq_file *m, void *unused)
{
	struct drm_printer p = drm_seq_file_printer(m);

	vdc_gem_print_list(vdc_debugfs_device(m), &p);
	return 0;
}

static int vdc_debugfs_allocations(struct seq_file *m, void *unused)
{
	struct drm_printer p = drm_seq_file_printer(m);

	vdc_alloc_print(vdc_debugfs_device(m), &p);
	return 0;
}

static const struct drm_debugfs_info vdc_debugfs_files[] = {
	{ "allocations", vdc_debugfs_allocations },
	{ "gem", vdc_debugfs_gem },
	{ "interrupts", vdc_debugfs_interrupts },
	{ "registers", vdc_debugfs_registers },
};

/**
 * struct vdc_debugfs_fault - a kind of misbehaviour that can be ordered
 * @vdc: the device
 * @offset: its register in the debug block
 */
struct vdc_debugfs_fault {
	struct vdc_device *vdc;
	u32 offset;
};

static const struct vdc_debugfs_reg vdc_fault_regs[] = {
	{ "drop_vblank", VDC_DBG_DROP_VBLANK },
	{ "stuck_commit", VDC_DBG_STUCK_COMMIT },
	{ "ddc_nak", VDC_DBG_DDC_NAK },
	{ "underrun", VDC_DBG_UNDERRUN },
	{ "bus_error", VDC_DBG_BUS_ERROR },
	{ "delay_vblank", VDC_DBG_DELAY_VBLANK },
};

static int vdc_debugfs_fault_get(void *data, u64 *value)
{
	struct vdc_debugfs_fault *fault = data;
	int idx;

	if (!drm_dev_enter(&fault->vdc->drm, &idx))
		return -ENODEV;
	*value = vdc_read(fault->vdc, fault->offset);
	drm_dev_exit(idx);
	return 0;
}

static int vdc_debugfs_fault_set(void *data, u64 value)
{
	struct vdc_debugfs_fault *fault = data;
	int idx;

	if (value > U32_MAX)
		return -ERANGE;
	if (!drm_dev_enter(&fault->vdc->drm, &idx))
		return -ENODEV;
	vdc_write(fault->vdc, fault->offset, value);
	drm_dev_exit(idx);
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE(vdc_debugfs_fault_fops, vdc_debugfs_fault_get, vdc_debugfs_fault_set,
			 "%llu\n");

static void vdc_debugfs_init_faults(struct vdc_device *vdc)
{
	struct vdc_debugfs_fault *faults;
	struct dentry *dir;
	unsigned int i;

	faults = drmm_kcalloc(&vdc->drm, ARRAY_SIZE(vdc_fault_regs), sizeof(*faults), GFP_KERNEL);
	if (!faults)
		return;
	dir = debugfs_create_dir("faults", vdc->drm.debugfs_root);
	for (i = 0; i < ARRAY_SIZE(vdc_fault_regs); i++) {
		faults[i] = (struct vdc_debugfs_fault) { vdc, vdc_fault_regs[i].offset };
		debugfs_create_file_unsafe(vdc_fault_regs[i].name, 0600, dir, &faults[i],
					   &vdc_debugfs_fault_fops);
	}
}

/**
 * vdc_debugfs_init() - add the driver's files to the device's debugfs directory
 * @vdc: the device, not yet registered
 *
 * allocations: how buffers got their memory, how many did not, and how long it took.
 * gem: a line a buffer, with its bus address, its size in bytes, and where it
 * came from (cma, pool, pages, imported; purged: it has none any more).
 * interrupts: how many of each.
 * registers: offset, name and value of those that can be read without effect.
 * faults/: how often the controller shall misbehave in a given way, if it can.
 */
void vdc_debugfs_init(struct vdc_device *vdc)
{
	drm_debugfs_add_files(&vdc->drm, vdc_debugfs_files, ARRAY_SIZE(vdc_debugfs_files));
	if (vdc->caps.features & VDC_FEATURE_DEBUG)
		vdc_debugfs_init_faults(vdc);
}
