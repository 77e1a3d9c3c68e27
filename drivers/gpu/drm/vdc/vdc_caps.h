/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_CAPS_H
#define VDC_CAPS_H

#include <linux/types.h>

#include "vdc_regs.h"

struct vdc_device;

/**
 * struct vdc_layer_caps - what a layer can do
 * @type: VDC_LAYER_TYPE_*
 * @formats: mask of 1 << VDC_FORMAT_*
 * @max_width: pixels
 * @max_height: lines
 */
struct vdc_layer_caps {
	u32 type;
	u64 formats;
	u32 max_width;
	u32 max_height;
};

/**
 * struct vdc_pipe_caps - what a pipe can do
 * @num_layers: number of layers, bottom-most first in @layers
 * @layers: the layers
 * @wb_formats: mask of 1 << VDC_FORMAT_* that writeback can store
 * @budget: kB/s that the layers may fetch, 0: no limit
 */
struct vdc_pipe_caps {
	unsigned int num_layers;
	struct vdc_layer_caps layers[VDC_MAX_LAYERS];
	u32 wb_formats;
	u32 budget;
};

/**
 * struct vdc_output_caps - what an output can do
 * @type: VDC_OUT_TYPE_*
 * @pipes: mask of the pipes it can show
 */
struct vdc_output_caps {
	u32 type;
	u32 pipes;
};

/**
 * struct vdc_caps - what the controller can do, as its registers tell it
 * @version_major: incompatible changes of the register map
 * @version_minor: compatible additions to it
 * @features: VDC_FEATURE_*
 * @num_pipes: number of pipes, at least 1
 * @num_outputs: number of outputs
 * @addr_bits: width of a DMA address, bits
 * @pitch_align: alignment of every pitch, bytes
 * @addr_align: alignment of every DMA address, bytes
 * @crc_depth: entries of a pipe's CRC FIFO
 * @max_width: largest active width of a mode, pixels
 * @max_height: largest active height of a mode, lines
 * @max_htotal: largest total width of a mode, pixels
 * @max_vtotal: largest total height of a mode, lines
 * @min_clock: lowest pixel clock, kHz
 * @max_clock: highest pixel clock, kHz
 * @pipes: each pipe's
 * @outputs: each output's
 */
struct vdc_caps {
	unsigned int version_major;
	unsigned int version_minor;
	u32 features;
	unsigned int num_pipes;
	unsigned int num_outputs;
	unsigned int addr_bits;
	unsigned int pitch_align;
	unsigned int addr_align;
	unsigned int crc_depth;
	unsigned int max_width;
	unsigned int max_height;
	unsigned int max_htotal;
	unsigned int max_vtotal;
	unsigned int min_clock;
	unsigned int max_clock;
	struct vdc_pipe_caps pipes[VDC_MAX_PIPES];
	struct vdc_output_caps outputs[VDC_MAX_OUTPUTS];
};

int vdc_caps_read(struct vdc_device *vdc);

#endif /* VDC_CAPS_H */
