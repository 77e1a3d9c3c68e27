// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * Writes the seed corpus: short programs of what real guests do, so that the
 * fuzzer starts from a running device instead of finding the way there.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"
#include "vdc_regs.h"

/** struct seed - a program under construction */
struct seed {
	uint8_t bytes[512];
	size_t n;
};

static void put(struct seed *s, uint32_t value, uint32_t bytes)
{
	for (; bytes; bytes--, value >>= 8)
		s->bytes[s->n++] = (uint8_t)value;
}

static void op(struct seed *s, enum op op)
{
	put(s, op, 1);
}

static void reg(struct seed *s, uint32_t offset, uint32_t value)
{
	op(s, OP_WRITE);
	put(s, offset / 4, 2);
	put(s, value, 4);
}

static void show(struct seed *s, uint32_t layer, uint32_t format, uint32_t w, uint32_t h)
{
	op(s, OP_SHOW);
	put(s, layer << 1, 1);
	put(s, format, 1);
	put(s, layer * 3, 1);
	put(s, layer * 5, 1);
	put(s, w, 1);
	put(s, h, 1);
	put(s, layer * 0x100, 2);
}

static void mode(struct seed *s, uint32_t pipe, uint32_t preset)
{
	op(s, OP_MODE);
	put(s, pipe, 1);
	put(s, preset, 1);
	put(s, 0, 1);
}

static void commit(struct seed *s, uint32_t value)
{
	op(s, OP_COMMIT);
	put(s, 0, 1);
	put(s, value, 1);
}

static void deadlines(struct seed *s, uint32_t n)
{
	op(s, OP_PUNCTUAL);
	put(s, n, 1);
}

static void interrupts(struct seed *s)
{
	reg(s, VDC_PIPE(0) + VDC_PIPE_IRQ_ENABLE, VDC_PIPE_IRQ_ALL);
	reg(s, VDC_PIPE(0) + VDC_PIPE_CRC_CTRL, VDC_PIPE_CRC_CTRL_ENABLE);
	reg(s, VDC_PIPE(0) + VDC_PIPE_LINE_COMPARE, 7);
}

static void flips(struct seed *s)
{
	uint32_t i;

	interrupts(s);
	show(s, 0, VDC_FORMAT_XRGB8888, 64, 48);
	show(s, 1, VDC_FORMAT_RGB565, 40, 20);
	show(s, 2, VDC_FORMAT_ARGB8888 | VDC_BLEND_PREMULTI << 3, 16, 16);
	mode(s, 0, 0);
	for (i = 0; i < 4; i++) {
		deadlines(s, 17);
		reg(s, VDC_LAYER(0, 0) + VDC_LAYER_ADDR_LO, 0x40000000 + i * 0x4000);
		commit(s, i & 1 ? VDC_PIPE_COMMIT_ARM | VDC_PIPE_COMMIT_ASYNC :
		       VDC_PIPE_COMMIT_ARM);
		reg(s, VDC_PIPE(0) + VDC_PIPE_IRQ_STATUS, ~0U);
		reg(s, VDC_PIPE(0) + VDC_PIPE_CRC_POP, 1);
	}
	reg(s, VDC_PIPE(0) + VDC_PIPE_CTRL, 0);
	commit(s, VDC_PIPE_COMMIT_ARM);
	deadlines(s, 20);
}

static void writeback(struct seed *s)
{
	interrupts(s);
	show(s, 0, VDC_FORMAT_XRGB2101010, 64, 48);
	mode(s, 0, 0);
	reg(s, VDC_PIPE(0) + VDC_PIPE_WB_ADDR_LO, 0x40100000);
	reg(s, VDC_PIPE(0) + VDC_PIPE_WB_PITCH, 256);
	reg(s, VDC_PIPE(0) + VDC_PIPE_WB_CTRL, VDC_PIPE_WB_CTRL_ENABLE);
	commit(s, VDC_PIPE_COMMIT_ARM);
	op(s, OP_HOST);
	put(s, 1, 1);
	deadlines(s, 39);
	op(s, OP_COMPLETE);
	put(s, 0, 1);
	op(s, OP_COMPLETE);
	put(s, 0, 1);
	op(s, OP_RESET);
}

static void late(struct seed *s)
{
	interrupts(s);
	show(s, 0, VDC_FORMAT_XBGR8888, 64, 48);
	mode(s, 0, 0);
	mode(s, 1, 2);
	commit(s, VDC_PIPE_COMMIT_ARM);
	op(s, OP_SLEEP);
	put(s, 24, 1);
	op(s, OP_STEP);
	put(s, 3000, 2);
	op(s, OP_DRIFT);
	put(s, 9000, 2);
	commit(s, VDC_PIPE_COMMIT_ARM);
	op(s, OP_SLEEP);
	put(s, 50, 1);
	op(s, OP_REFUSE);
	put(s, 1, 1);
	deadlines(s, 39);
}

static void faults(struct seed *s)
{
	uint32_t i;

	interrupts(s);
	show(s, 0, VDC_FORMAT_XRGB8888, 64, 48);
	op(s, OP_HOLE);
	put(s, 10, 2);
	put(s, 9, 1);
	mode(s, 0, 0);
	for (i = 0; i < 6; i++) {
		op(s, OP_FAULT);
		put(s, i, 1);
		put(s, 2, 1);
		commit(s, VDC_PIPE_COMMIT_ARM);
		deadlines(s, 18);
	}
	commit(s, VDC_PIPE_COMMIT_CANCEL);
}

static void ddc(struct seed *s)
{
	static const uint8_t bytes[][2] = {
		{ 0x60, VDC_OUT_DDC_CMD_START }, { 2, VDC_OUT_DDC_CMD_WRITE },
		{ 0xa0, VDC_OUT_DDC_CMD_START }, { 0, VDC_OUT_DDC_CMD_WRITE },
		{ 0xa1, VDC_OUT_DDC_CMD_START }, { 0, VDC_OUT_DDC_CMD_READ },
		{ 0, VDC_OUT_DDC_CMD_READ | VDC_OUT_DDC_CMD_NAK | VDC_OUT_DDC_CMD_STOP },
	};
	uint32_t i;

	reg(s, VDC_OUTPUT(0) + VDC_OUT_IRQ_ENABLE, VDC_OUT_IRQ_HPD);
	op(s, OP_PLUG);
	put(s, 0, 1);
	put(s, 4, 1);
	for (i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		op(s, OP_DDC);
		put(s, 0, 1);
		put(s, bytes[i][0], 1);
		put(s, bytes[i][1], 1);
	}
	reg(s, VDC_OUTPUT(0) + VDC_OUT_CTRL, VDC_OUT_CTRL_ENABLE);
	op(s, OP_UNPLUG);
	put(s, 0, 1);
}

static const struct {
	const char *name;
	void (*make)(struct seed *s);
} seeds[] = {
	{ "flips", flips }, { "writeback", writeback }, { "late", late }, { "faults", faults },
	{ "ddc", ddc },
};

int main(int argc, char **argv)
{
	char path[4096];
	size_t i;

	if (argc != 2) {
		fprintf(stderr, "Usage: %s DIRECTORY\nWrites the fuzzer's seed corpus there.\n",
			argv[0]);
		return 2;
	}
	for (i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		struct seed s = { .n = 0 };
		FILE *f;

		seeds[i].make(&s);
		snprintf(path, sizeof(path), "%s/%s", argv[1], seeds[i].name);
		f = fopen(path, "wb");
		if (!f || fwrite(s.bytes, 1, s.n, f) != s.n || fclose(f)) {
			perror(path);
			return 1;
		}
	}
	return 0;
}
