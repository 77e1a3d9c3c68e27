/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * The fuzzer's input is a program: a byte that says what to do, then its
 * operands, little endian, zero where the input ends. Fuzzer and seed
 * generator share these numbers.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

enum op {
	OP_WRITE,	/* register (u16: dword index), value (u32) */
	OP_WRITE_RAW,	/* offset (u32), value (u32) */
	OP_READ,	/* offset (u32) */
	OP_POKE_PIPE,	/* pipe (u8), dword in its registers (u8), value (u32) */
	OP_POKE_LAYER,	/* pipe and layer (u8), dword in its registers (u8), value (u32) */
	OP_MODE,	/* pipe (u8), preset (u8), lines of the picture (u8): enables */
	OP_SHOW,	/*
			 * pipe and layer (u8), format and blend (u8), x, y (i8), w, h (u8),
			 * address in RAM in units of 8 bytes (u16)
			 */
	OP_COMMIT,	/* pipe (u8), value (u8) */
	OP_STEP,	/* time in units of 977 ns (u16); run */
	OP_SLEEP,	/* time as a power of two (u8); run */
	OP_DRIFT,	/* time in units of 977 ns (u16), without a run */
	OP_PUNCTUAL,	/* so many deadlines (u8), each on time */
	OP_HOLE,	/* address in RAM in units of 8 bytes (u16), length (u8) */
	OP_PLUG,	/* output (u8), blocks (u8) */
	OP_UNPLUG,	/* output (u8) */
	OP_COMPLETE,	/* pipe (u8) */
	OP_HOST,	/* bit 0: defer frames, bit 1: display (u8) */
	OP_REFUSE,	/* frames (u8) */
	OP_POWER,	/* power up */
	OP_RESET,	/* hardware reset */
	OP_DDC,		/* output (u8), data (u8), command (u8) */
	OP_FAULT,	/* which (u8), strikes (u8) */
	NUM_OPS
};

#endif /* PROGRAM_H */
