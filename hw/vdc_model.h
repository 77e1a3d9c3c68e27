/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * The controller as hosts see it (QEMU, tests, later a kernel module).
 *
 * The model is freestanding: no libc, no floating point, no allocation, no
 * globals that change. All of a device's state is in struct vdc. Except for
 * vdc_frame_compose() a host serialises all calls for one device by a lock of
 * its own; the model calls the host's ops from inside those calls.
 */
#ifndef VDC_MODEL_H
#define VDC_MODEL_H

#include "vdc_frame.h"

#define VDC_EDID_MAX		512	/* bytes: four blocks */
#define VDC_BANDS		16	/* a frame is fetched in this many bands */
#define VDC_CRC_DEPTH		32

struct vdc;

/** enum vdc_event - what &vdc_host_ops.trace tells of */
enum vdc_event {
	VDC_EVENT_ENABLE,	/* arg: frame period, ns */
	VDC_EVENT_DISABLE,	/* arg: frame count */
	VDC_EVENT_BAD_MODE,	/* arg: 0 */
	VDC_EVENT_LATCH,	/* arg: first frame with the new state */
	VDC_EVENT_VBLANK,	/* arg: frame count */
	VDC_EVENT_SKIP,		/* arg: frames that were not scanned because the host was late */
	VDC_EVENT_UNDERRUN,	/* arg: frame */
	VDC_EVENT_BUS_ERROR,	/* arg: bus address */
	VDC_EVENT_CRC,		/* arg: frame << 32 | crc */
	VDC_EVENT_WRITEBACK,	/* arg: frame */
	VDC_EVENT_RESET,	/* arg: 0 */
};

/**
 * struct vdc_host_ops - what the model asks of its host
 * @dma_read: read @len bytes at bus address @addr. Return: how many bytes
 *	were read before the first that could not be
 * @dma_write: the same for writing
 * @set_irq: drive the (level) interrupt line; called only when it changes
 * @now: time in ns, monotonic
 * @set_timer: call vdc_run() at @deadline (ns of @now's clock, VDC_NEVER: not);
 *	replaces the deadline given before
 * @frame_get: a frame to fill for @pipe, with at least @bytes of @store,
 *	@scratch for @w pixels, and @pixels (@w * @h) unless only the CRC is
 *	wanted; the host may set VDC_FRAME_DISPLAY in its flags, which the model
 *	keeps. May wait for a frame that is being composed. NULL: this frame is
 *	not scanned and counts as an underrun
 * @frame_queue: the frame is filled: compose it (here, or in a thread, in
 *	order for each pipe), then call vdc_frame_done() under the lock
 * @trace: optional: something happened on @pipe
 */
struct vdc_host_ops {
	uint32_t (*dma_read)(void *host, uint64_t addr, void *dst, uint32_t len);
	uint32_t (*dma_write)(void *host, uint64_t addr, const void *src, uint32_t len);
	void (*set_irq)(void *host, bool level);
	uint64_t (*now)(void *host);
	void (*set_timer)(void *host, uint64_t deadline);
	struct vdc_frame *(*frame_get)(void *host, uint32_t pipe, uint32_t w, uint32_t h,
				       size_t bytes);
	void (*frame_queue)(void *host, struct vdc_frame *frame);
	void (*trace)(void *host, enum vdc_event event, uint32_t pipe, uint64_t arg);
};

/**
 * struct vdc_config - what the device is built with; read through the capability registers
 * @num_pipes: 1 .. VDC_MAX_PIPES
 * @num_outputs: 1 .. VDC_MAX_OUTPUTS
 * @num_overlays: overlay layers of each pipe, 0 .. VDC_MAX_LAYERS - 2
 * @max_width: of the active area, pixels
 * @max_height: lines
 * @max_clock: kHz
 * @addr_bits: width of DMA addresses
 * @budget: kB/s (1000 bytes a second) that the layers of each pipe may fetch, 0: no limit
 * @first_frame: number of the frame that a pipe begins with: 0 in hardware, near 2^32 where
 *	somebody wants to see the low half of PIPE_FRAME wrap
 */
struct vdc_config {
	uint32_t num_pipes;
	uint32_t num_outputs;
	uint32_t num_overlays;
	uint32_t max_width;
	uint32_t max_height;
	uint32_t max_clock;
	uint32_t addr_bits;
	uint32_t budget;
	uint32_t first_frame;
};

/** struct vdc_timing - a mode in exact form, from the DBE registers; see vdc_time.c */
struct vdc_timing {
	uint64_t period;	/* whole ns of a frame */
	uint64_t period_rem;	/* and the rest, in 1/@clock ns */
	uint32_t clock;		/* kHz */
	uint32_t hactive, vactive, htotal, vtotal;
};

/** struct vdc_layer_state - the double-buffered registers of a layer */
struct vdc_layer_state {
	uint32_t ctrl, addr_lo, addr_hi, pitch, pos, size;
};

/** struct vdc_pipe_state - the double-buffered registers of a pipe */
struct vdc_pipe_state {
	uint32_t ctrl;
	uint32_t clock, active, total, sync_start, sync_end, polarity;
	uint32_t background;
	uint32_t wb_ctrl, wb_addr_lo, wb_addr_hi, wb_pitch;
	struct vdc_layer_state layer[VDC_MAX_LAYERS];
};

/** struct vdc_pipe - a pipe: registers, beam, CRC FIFO */
struct vdc_pipe {
	struct vdc_pipe_state shadow, latched;
	uint32_t commit;		/* armed: VDC_PIPE_COMMIT_ARM or 0 */
	uint32_t status;		/* BAD_MODE only; the rest is derived */
	uint32_t irq_status, irq_enable;
	uint32_t line_compare;
	uint32_t commit_frame;
	uint32_t underruns, bus_errors;
	uint64_t bus_error_addr;
	uint32_t bus_error_info;
	/* beam */
	uint32_t running;
	struct vdc_timing timing;
	uint64_t start;			/* time of frame 0, line 0, ns */
	uint64_t frame;			/* scanned, or whose vblank runs; the first is 0 */
	uint64_t frame_count;		/* what PIPE_FRAME shows while the pipe is off */
	uint32_t next_band;		/* to fetch; VDC_BANDS: then vblank */
	uint32_t in_vblank;		/* the vblank of @frame has begun */
	uint64_t line_frame;		/* next frame whose line compare is due */
	uint64_t delayed_vblank;	/* time of an interrupt that is held back, or VDC_NEVER */
	struct vdc_frame *cur;		/* being filled */
	/* CRC */
	uint32_t crc_ctrl, crc_epoch;
	uint32_t crc_head, crc_level, crc_lost;
	uint32_t crc_frame[VDC_CRC_DEPTH], crc_value[VDC_CRC_DEPTH];
	/* writeback: of the latched state, until a frame took it */
	uint32_t wb_armed, wb_busy, wb_error, wb_frame;
};

/** struct vdc_output - a connector: presence, EDID and the DDC's I2C slave */
struct vdc_output {
	uint32_t present;
	uint32_t edid_len;
	uint8_t edid[VDC_EDID_MAX];
	uint32_t irq_status, irq_enable, ctrl;
	uint32_t ddc_data, ddc_nak;
	uint32_t ddc_state, ddc_offset, ddc_segment;
};

/** struct vdc_faults - misbehaviour ordered through the debug block: strikes left */
struct vdc_faults {
	uint32_t drop_vblank, stuck_commit, ddc_nak, underrun, bus_error, delay_vblank;
};

/** struct vdc - a device. Hosts embed it; only the model looks inside, save for VMState */
struct vdc {
	struct vdc_config config;
	const struct vdc_host_ops *ops;
	void *host;
	uint32_t power;
	uint32_t scratch;
	uint32_t epoch;
	uint32_t irq_level;
	uint64_t deadline;		/* what the host's timer is set to */
	struct vdc_faults faults;
	struct vdc_pipe pipe[VDC_MAX_PIPES];
	struct vdc_output output[VDC_MAX_OUTPUTS];
};

/* 2 pipes, 2 outputs, 2 overlays a pipe, 4096x2160 at up to 600 MHz, 40 address bits */
extern const struct vdc_config vdc_config_default;

/**
 * vdc_init() - build a device in power-on state, no output plugged
 * @vdc: the device
 * @config: what it is built with
 * @ops: its host
 * @host: passed to each of @ops
 * Return: NULL, or what is wrong with @config.
 */
const char *vdc_init(struct vdc *vdc, const struct vdc_config *config,
		     const struct vdc_host_ops *ops, void *host);

/**
 * vdc_reset() - hardware reset: as VDC_CTRL_RESET. Plugs and EDIDs stay.
 * @vdc: the device
 */
void vdc_reset(struct vdc *vdc);

/**
 * vdc_read() - read a register
 * @vdc: the device
 * @offset: byte offset; unaligned or unknown ones read 0
 * Return: the value at &vdc_host_ops.now.
 */
uint32_t vdc_read(struct vdc *vdc, uint32_t offset);

/**
 * vdc_write() - write a register
 * @vdc: the device
 * @offset: byte offset; unaligned or unknown ones are ignored
 * @value: any
 */
void vdc_write(struct vdc *vdc, uint32_t offset, uint32_t value);

/**
 * vdc_run() - let the beam catch up with &vdc_host_ops.now, and set the next deadline
 * @vdc: the device
 */
void vdc_run(struct vdc *vdc);

/**
 * vdc_frame_done() - a queued frame is composed: take its CRC, do its writeback
 * @vdc: the device
 * @frame: the frame; the host may use it again afterwards. Frames of before a
 *	reset are dropped
 */
void vdc_frame_done(struct vdc *vdc, struct vdc_frame *frame);

/**
 * vdc_plug() - plug a display, or change the one that is plugged
 * @vdc: the device
 * @output: which
 * @edid: its EDID, or NULL for a display without one
 * @len: bytes, at most VDC_EDID_MAX
 * Return: NULL, or what is wrong with the arguments; then nothing changed.
 */
const char *vdc_plug(struct vdc *vdc, uint32_t output, const uint8_t *edid, size_t len);

/**
 * vdc_unplug() - pull the plug
 * @vdc: the device
 * @output: which
 */
void vdc_unplug(struct vdc *vdc, uint32_t output);

/**
 * vdc_output_pipe() - which pipe an output shows
 * @vdc: the device
 * @output: which
 * Return: the pipe, or -1 when the output or its pipe is off.
 */
int vdc_output_pipe(const struct vdc *vdc, uint32_t output);

/**
 * vdc_pipe_mode() - the size a running pipe scans
 * @vdc: the device
 * @pipe: which
 * @w: out: active width, 0 when off
 * @h: out: active height
 * Return: the frame period in ns, 0 when off.
 */
uint64_t vdc_pipe_mode(const struct vdc *vdc, uint32_t pipe, uint32_t *w, uint32_t *h);

/**
 * vdc_edid_default() - an EDID for a display that nobody described
 * @edid: VDC_EDID_DEFAULT_BYTES of room
 * @serial: what tells two displays apart
 *
 * Base block (VESA E-EDID A.2) and a CTA-861-G extension: 1920x1080@60
 * preferred; 1280x720, 1024x768, 800x600, 640x480 at 60 Hz; HDMI 1.4.
 */
#define VDC_EDID_DEFAULT_BYTES	256
void vdc_edid_default(uint8_t *edid, uint32_t serial);

#endif /* VDC_MODEL_H */
