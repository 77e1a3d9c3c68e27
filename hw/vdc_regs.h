/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * VDC register map: the only definition of it.
 *
 * Driver, model, tests and the hardware manual use this file. Registers are
 * 32 bits wide, little endian, and accessed with aligned 32-bit reads and
 * writes. 64-bit quantities are a _LO/_HI pair; the pair is double-buffered
 * with everything else, so the two halves may be written in any order.
 *
 * Kinds, as the comment behind each register gives them:
 *   RO   read only, writes are ignored
 *   RW   takes effect at once
 *   W1C  write one to clear
 *   WO   write only, reads as zero
 *   DB   double-buffered: writes and reads go to the shadow register; the
 *        value is used after PIPE_COMMIT latched (see PIPE_COMMIT)
 *   DBE  as DB, but latched only when the pipe goes from off to on
 *
 * Addresses that are not listed read as zero and ignore writes.
 */
#ifndef VDC_REGS_H
#define VDC_REGS_H

/* Masks work in the kernel (FIELD_GET and friends), in QEMU and in userspace. */
#define VDC_BIT(n)			(1U << (n))
#define VDC_MASK(hi, lo)		((~0U >> (31 - (hi))) & (~0U << (lo)))

#define VDC_MMIO_SIZE			0x10000

/* Limits of the map; what a device really has is in the capability registers. */
#define VDC_MAX_PIPES			4
#define VDC_MAX_LAYERS			8
#define VDC_MAX_OUTPUTS			4

/* ------------------------------------------------------------------ Global */

#define VDC_ID				0x0000	/* RO */
#define VDC_ID_MAGIC			0x31434456U	/* "VDC1" */

#define VDC_VERSION			0x0004	/* RO */
#define VDC_VERSION_MAJOR		VDC_MASK(31, 16)
#define VDC_VERSION_MINOR		VDC_MASK(15, 0)

#define VDC_CAPS			0x0008	/* RO: counts */
#define VDC_CAPS_PIPES			VDC_MASK(3, 0)
#define VDC_CAPS_OUTPUTS		VDC_MASK(7, 4)
#define VDC_CAPS_ADDR_BITS		VDC_MASK(15, 8)		/* DMA address width, bits */
#define VDC_CAPS_PITCH_ALIGN		VDC_MASK(19, 16)	/* log2 of bytes */
#define VDC_CAPS_ADDR_ALIGN		VDC_MASK(23, 20)	/* log2 of bytes */
#define VDC_CAPS_CRC_DEPTH		VDC_MASK(31, 24)	/* entries of the CRC FIFO */

#define VDC_FEATURES			0x000c	/* RO: optional blocks */
#define VDC_FEATURE_CRC			VDC_BIT(0)
#define VDC_FEATURE_WRITEBACK		VDC_BIT(1)
#define VDC_FEATURE_DDC			VDC_BIT(2)
#define VDC_FEATURE_DEBUG		VDC_BIT(3)
#define VDC_FEATURE_ASYNC		VDC_BIT(4)	/* addresses may latch mid-frame */
#define VDC_FEATURE_LINE_COMPARE	VDC_BIT(5)
#define VDC_FEATURE_SCALER		VDC_BIT(6)	/* reserved: this, and up to VRR */
#define VDC_FEATURE_ROTATION		VDC_BIT(7)
#define VDC_FEATURE_ZPOS		VDC_BIT(8)
#define VDC_FEATURE_CSC			VDC_BIT(9)
#define VDC_FEATURE_DEGAMMA		VDC_BIT(10)
#define VDC_FEATURE_CTM			VDC_BIT(11)
#define VDC_FEATURE_GAMMA		VDC_BIT(12)
#define VDC_FEATURE_VRR			VDC_BIT(13)
#define VDC_FEATURE_BUDGET		VDC_BIT(14)	/* PIPE_BUDGET limits what layers fetch */

#define VDC_MAX_MODE			0x0010	/* RO: largest active area, pixels */
#define VDC_MAX_CLOCK			0x0014	/* RO: highest pixel clock, kHz */
#define VDC_MIN_CLOCK			0x0018	/* RO: lowest pixel clock, kHz */
#define VDC_MAX_TOTAL			0x001c	/* RO: largest htotal and vtotal */

/* Two 16-bit halves: a width and a height, or horizontal and vertical. */
#define VDC_SIZE_W			VDC_MASK(15, 0)
#define VDC_SIZE_H			VDC_MASK(31, 16)

#define VDC_CTRL			0x0020	/* RW */
#define VDC_CTRL_RESET			VDC_BIT(0)	/* self-clearing; loses every register */

#define VDC_POWER			0x0024	/* RW; 0 after reset */
#define VDC_POWER_ON			VDC_BIT(0)	/* 1 to 0 loses every other register */
#define VDC_POWER_CLOCK			VDC_BIT(1)	/* while 0, other writes are ignored */

#define VDC_IRQ_SUMMARY			0x0030	/* RO: who asks for service */
#define VDC_IRQ_SUMMARY_PIPE(p)		VDC_BIT(p)
#define VDC_IRQ_SUMMARY_OUTPUT(o)	VDC_BIT(16 + (o))

#define VDC_SCRATCH			0x003c	/* RW: no effect; for bus tests */

/* ------------------------------------------------------------------ Outputs */

#define VDC_OUTPUT(o)			(0x1000 + 0x200 * (o))

#define VDC_OUT_CAPS			0x000	/* RO */
#define VDC_OUT_CAPS_TYPE		VDC_MASK(3, 0)
#define VDC_OUT_TYPE_HDMI_A		1U
#define VDC_OUT_CAPS_PIPES		VDC_MASK(15, 8)	/* mask of pipes it can show */

#define VDC_OUT_STATUS			0x004	/* RO */
#define VDC_OUT_STATUS_PRESENT		VDC_BIT(0)	/* hot-plug detect level */

#define VDC_OUT_IRQ_STATUS		0x008	/* W1C */
#define VDC_OUT_IRQ_ENABLE		0x00c	/* RW */
#define VDC_OUT_IRQ_HPD			VDC_BIT(0)	/* presence or EDID changed */

#define VDC_OUT_CTRL			0x010	/* RW */
#define VDC_OUT_CTRL_ENABLE		VDC_BIT(0)
#define VDC_OUT_CTRL_PIPE		VDC_MASK(7, 4)	/* the pipe it shows */

/*
 * DDC: an I2C master that moves one byte per command. Write the byte to
 * OUT_DDC_DATA, then the command. A command with START sends a (repeated)
 * start condition and OUT_DDC_DATA as the address byte.
 */
#define VDC_OUT_DDC_DATA		0x020	/* RW: bits 7:0 */
#define VDC_OUT_DDC_CMD			0x024	/* WO */
#define VDC_OUT_DDC_CMD_START		VDC_BIT(0)
#define VDC_OUT_DDC_CMD_WRITE		VDC_BIT(1)
#define VDC_OUT_DDC_CMD_READ		VDC_BIT(2)
#define VDC_OUT_DDC_CMD_STOP		VDC_BIT(3)	/* after the byte, if any */
#define VDC_OUT_DDC_CMD_NAK		VDC_BIT(4)	/* with READ: last byte wanted */
#define VDC_OUT_DDC_STATUS		0x028	/* RO */
#define VDC_OUT_DDC_STATUS_BUSY		VDC_BIT(0)
#define VDC_OUT_DDC_STATUS_NAK		VDC_BIT(1)	/* of the last START or WRITE */

/* ------------------------------------------------------------------ Debug: ordered misbehaviour */

/* Each register counts down by one each time the fault strikes; 0 is off. */
#define VDC_DBG_DROP_VBLANK		0x2000	/* RW: vblank interrupts to lose */
#define VDC_DBG_STUCK_COMMIT		0x2004	/* RW: vblanks at which nothing latches */
#define VDC_DBG_DDC_NAK			0x2008	/* RW: DDC bytes to refuse */
#define VDC_DBG_UNDERRUN		0x200c	/* RW: bands to call late; shown black */
#define VDC_DBG_BUS_ERROR		0x2010	/* RW: bands whose fetch fails */
#define VDC_DBG_DELAY_VBLANK		0x2014	/* RW: vblank interrupts that come 2 ms late */

/* ------------------------------------------------------------------ Pipes */

#define VDC_PIPE(p)			(0x4000 + 0x1000 * (p))

#define VDC_PIPE_CAPS			0x000	/* RO */
#define VDC_PIPE_CAPS_LAYERS		VDC_MASK(3, 0)

/*
 * PIPE_CTRL.ENABLE is double-buffered too. A commit with ENABLE on an off pipe
 * latches at once and frame 0 starts; a commit without it on a running pipe
 * latches at the next vblank and stops there.
 */
#define VDC_PIPE_CTRL			0x004	/* DB */
#define VDC_PIPE_CTRL_ENABLE		VDC_BIT(0)

#define VDC_PIPE_COMMIT			0x008	/* RW: writing arms; reads PENDING */
#define VDC_PIPE_COMMIT_ARM		VDC_BIT(0)	/* latch all at the next vblank */
#define VDC_PIPE_COMMIT_ASYNC		VDC_BIT(1)	/* with ARM: latch layer addresses now */
#define VDC_PIPE_COMMIT_CANCEL		VDC_BIT(2)	/* disarm what has not latched */
#define VDC_PIPE_COMMIT_PENDING		VDC_BIT(0)

#define VDC_PIPE_STATUS			0x00c	/* RO */
#define VDC_PIPE_STATUS_ACTIVE		VDC_BIT(0)	/* the beam is running */
#define VDC_PIPE_STATUS_PENDING		VDC_BIT(1)	/* a commit is armed */
#define VDC_PIPE_STATUS_VBLANK		VDC_BIT(2)	/* the beam is past the last active line */
#define VDC_PIPE_STATUS_BAD_MODE	VDC_BIT(3)	/* an enable was refused: see the manual */

#define VDC_PIPE_IRQ_STATUS		0x010	/* W1C */
#define VDC_PIPE_IRQ_ENABLE		0x014	/* RW */
#define VDC_PIPE_IRQ_VBLANK		VDC_BIT(0)
#define VDC_PIPE_IRQ_COMMIT_DONE	VDC_BIT(1)
#define VDC_PIPE_IRQ_CRC		VDC_BIT(2)	/* the CRC FIFO is not empty */
#define VDC_PIPE_IRQ_WB_DONE		VDC_BIT(3)
#define VDC_PIPE_IRQ_UNDERRUN		VDC_BIT(4)
#define VDC_PIPE_IRQ_BUS_ERROR		VDC_BIT(5)
#define VDC_PIPE_IRQ_LINE		VDC_BIT(6)
#define VDC_PIPE_IRQ_ALL		VDC_MASK(6, 0)

/*
 * PIPE_FRAME counts starts of vblank since the pipe was enabled: it is n while
 * the active lines of frame n are scanned and n + 1 from that frame's vblank
 * on. A pipe that is off keeps its last count; enabling starts from 0, or from
 * what the host was told (vdc_model.h).
 */
#define VDC_PIPE_FRAME			0x018	/* RO: low half */
#define VDC_PIPE_FRAME_HI		0x01c	/* RO */

#define VDC_PIPE_POSITION		0x020	/* RO: where the beam is */
#define VDC_PIPE_POSITION_LINE		VDC_MASK(15, 0)		/* 0 is the first active one */
#define VDC_PIPE_POSITION_PIXEL		VDC_MASK(31, 16)	/* 0 .. htotal - 1 */

#define VDC_PIPE_COMMIT_FRAME		0x024	/* RO: first frame of the last latch, low half */

#define VDC_PIPE_BUDGET			0x028	/* RO: kB/s its layers may fetch; 0: no limit */

#define VDC_PIPE_CLOCK			0x030	/* DBE: pixel clock, kHz */
#define VDC_PIPE_ACTIVE			0x034	/* DBE: hactive and vactive, as VDC_SIZE_* */
#define VDC_PIPE_TOTAL			0x038	/* DBE: htotal and vtotal */
#define VDC_PIPE_SYNC_START		0x03c	/* DBE: hsync_start and vsync_start */
#define VDC_PIPE_SYNC_END		0x040	/* DBE: hsync_end and vsync_end */
#define VDC_PIPE_POLARITY		0x044	/* DBE */
#define VDC_PIPE_POLARITY_PHSYNC	VDC_BIT(0)
#define VDC_PIPE_POLARITY_PVSYNC	VDC_BIT(1)

#define VDC_PIPE_BACKGROUND		0x048	/* DB: 10 bits each */
#define VDC_PIPE_BACKGROUND_R		VDC_MASK(29, 20)
#define VDC_PIPE_BACKGROUND_G		VDC_MASK(19, 10)
#define VDC_PIPE_BACKGROUND_B		VDC_MASK(9, 0)

#define VDC_PIPE_LINE_COMPARE		0x050	/* RW: raises IRQ_LINE; none if >= vtotal */

#define VDC_PIPE_UNDERRUNS		0x060	/* RO: late bands since reset; saturates */
#define VDC_PIPE_BUS_ERRORS		0x064	/* RO: failed accesses since reset; saturates */
#define VDC_PIPE_BUS_ERROR_LO		0x068	/* RO: bus address of the first failure since... */
#define VDC_PIPE_BUS_ERROR_HI		0x06c	/* RO: ...IRQ_BUS_ERROR was last cleared */
#define VDC_PIPE_BUS_ERROR_INFO		0x070	/* RO */
#define VDC_PIPE_BUS_ERROR_LAYER	VDC_MASK(3, 0)
#define VDC_PIPE_BUS_ERROR_WRITE	VDC_BIT(31)	/* it was writeback, not a layer */

/*
 * CRC: one entry a frame goes into a FIFO of CAPS.CRC_DEPTH entries. HEAD_*
 * show the oldest; a write to CRC_POP drops it. A full FIFO loses its oldest
 * entry, and CRC_LOST counts that. Entries come in frame order, but may be
 * some frames late.
 */
#define VDC_PIPE_CRC_CTRL		0x100	/* RW */
#define VDC_PIPE_CRC_CTRL_ENABLE	VDC_BIT(0)	/* 0 to 1 empties the FIFO */
#define VDC_PIPE_CRC_LEVEL		0x104	/* RO: entries waiting */
#define VDC_PIPE_CRC_FRAME		0x108	/* RO: frame that was scanned, low half */
#define VDC_PIPE_CRC_VALUE		0x10c	/* RO */
#define VDC_PIPE_CRC_POP		0x110	/* WO: any value */
#define VDC_PIPE_CRC_LOST		0x114	/* RO: entries lost since enabled */

/*
 * Writeback stores one frame: the first that is scanned after the latch of a
 * commit with WB_CTRL.ENABLE, which the latch clears in the shadow register.
 */
#define VDC_PIPE_WB_CTRL		0x140	/* DB */
#define VDC_PIPE_WB_CTRL_ENABLE		VDC_BIT(0)
#define VDC_PIPE_WB_CTRL_FORMAT		VDC_MASK(15, 8)	/* VDC_FORMAT_* */
#define VDC_PIPE_WB_ADDR_LO		0x144	/* DB */
#define VDC_PIPE_WB_ADDR_HI		0x148	/* DB */
#define VDC_PIPE_WB_PITCH		0x14c	/* DB: bytes */
#define VDC_PIPE_WB_FORMATS		0x150	/* RO: mask of 1 << VDC_FORMAT_* */
#define VDC_PIPE_WB_STATUS		0x154	/* RO: of the last one done */
#define VDC_PIPE_WB_STATUS_BUSY		VDC_BIT(0)	/* one is latched and not done */
#define VDC_PIPE_WB_STATUS_ERROR	VDC_BIT(1)	/* a bus error; what could be written was */
#define VDC_PIPE_WB_FRAME		0x158	/* RO: frame that was stored, low half */

/* ------------------------------------------------------------------ Layers */

#define VDC_LAYER(p, l)			(VDC_PIPE(p) + 0x800 + 0x100 * (l))

#define VDC_LAYER_CAPS			0x000	/* RO */
#define VDC_LAYER_CAPS_TYPE		VDC_MASK(3, 0)
#define VDC_LAYER_TYPE_PRIMARY		0U
#define VDC_LAYER_TYPE_OVERLAY		1U
#define VDC_LAYER_TYPE_CURSOR		2U
#define VDC_LAYER_FORMATS		0x004	/* RO: mask of 1 << VDC_FORMAT_* */
#define VDC_LAYER_FORMATS_HI		0x008	/* RO: formats 32 and up */
#define VDC_LAYER_MAX_SIZE		0x00c	/* RO: as VDC_SIZE_* */

#define VDC_LAYER_CTRL			0x010	/* DB */
#define VDC_LAYER_CTRL_ENABLE		VDC_BIT(0)
#define VDC_LAYER_CTRL_FORMAT		VDC_MASK(15, 8)
#define VDC_LAYER_CTRL_BLEND		VDC_MASK(17, 16)
#define VDC_BLEND_NONE			0U	/* opaque: the source's alpha is not used */
#define VDC_BLEND_PREMULTI		1U
#define VDC_LAYER_ADDR_LO		0x014	/* DB: bus address of the first pixel shown */
#define VDC_LAYER_ADDR_HI		0x018	/* DB */
#define VDC_LAYER_PITCH			0x01c	/* DB: bytes from a line to the next, < 2^24 */
/* 0x020 .. 0x034: reserved for planes 1 and 2; 0x038 .. 0x044: source rectangle */
#define VDC_LAYER_POS			0x048	/* DB: x and y on the screen, signed halves */
#define VDC_LAYER_SIZE			0x04c	/* DB: width and height, pixels */
#define VDC_LAYER_ACTIVE_LO		0x080	/* RO: latched bus address: what is on screen */
#define VDC_LAYER_ACTIVE_HI		0x084	/* RO */
#define VDC_LAYER_ACTIVE_CTRL		0x088	/* RO: latched LAYER_CTRL */

/* ------------------------------------------------------------------ Formats */

/* Numbers are for ever. Component order is DRM's: most significant first, little endian. */
#define VDC_FORMAT_XRGB8888		0U
#define VDC_FORMAT_ARGB8888		1U
#define VDC_FORMAT_XBGR8888		2U
#define VDC_FORMAT_RGB565		3U
#define VDC_FORMAT_XRGB2101010		4U
#define VDC_NUM_FORMATS			5U

/* ------------------------------------------------------------------ PCI */

/* From the range that QEMU documents as free for experimental use. */
#define VDC_PCI_VENDOR_ID		0x1af4U
#define VDC_PCI_DEVICE_ID		0x10fdU
/* Class 0x038000 (display, other); BAR 0 is the register map; INTx or one MSI. */

#endif /* VDC_REGS_H */
