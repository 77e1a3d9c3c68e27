// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * libFuzzer target: the input drives registers, time, memory errors, plugs,
 * composing and faults; after each step everything that a guest or a host may
 * rely on is checked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "program.h"

#define PIPE(p, name)	(VDC_PIPE(p) + VDC_PIPE_##name)
#define LAYER(p, l, name) (VDC_LAYER(p, l) + VDC_LAYER_##name)

#define MAX_TIME	0x4000000000000000ULL	/* far from where ns wrap */
#define STEP_NS		977U

/* Small, so that a frame costs little. */
static const struct vdc_config config = { 2, 2, 1, 640, 480, 100000, 40, 200000, 0 };

/** struct input - the program and how far it has run */
struct input {
	const uint8_t *data;
	size_t left;
};

static uint32_t take(struct input *in, uint32_t bytes)
{
	uint32_t v = 0, i;

	for (i = 0; i < bytes && in->left; i++, in->left--)
		v |= (uint32_t)*in->data++ << 8 * i;
	return v;
}

static void die(const char *what, uint64_t value)
{
	fprintf(stderr, "vdc_fuzz: %s (%llu)\n", what, (unsigned long long)value);
	abort();
}

static void sleep_ns(struct fake_host *h, uint64_t ns)
{
	if (ns < MAX_TIME - h->now)
		h->now += ns;
}

static void set_mode(struct fake_host *h, uint32_t p, uint32_t preset, uint32_t lines)
{
	static const struct {
		uint32_t clock, active, total, start, end;
	} presets[] = {
		{ 1600, 64 | 48 << 16, 80 | 60 << 16, 66 | 50 << 16, 70 | 52 << 16 },
		{ 1009, 1 | 1 << 16, 101 | 11 << 16, 2 | 2 << 16, 3 | 3 << 16 },
		{ 99991, 61 | 257 << 16, 401 | 263 << 16, 62 | 258 << 16, 63 | 259 << 16 },
		{ 25175, 640 | 480 << 16, 800 | 525 << 16, 656 | 490 << 16, 752 | 492 << 16 },
	};
	uint32_t i = preset % (sizeof(presets) / sizeof(presets[0]));
	uint32_t vactive = VDC_GET(VDC_SIZE_H, presets[i].active);

	lines = lines ? 1 + lines % vactive : vactive;
	wr(h, PIPE(p, CLOCK), presets[i].clock);
	wr(h, PIPE(p, ACTIVE), (presets[i].active & VDC_SIZE_W) | lines << 16);
	wr(h, PIPE(p, TOTAL), presets[i].total);
	wr(h, PIPE(p, SYNC_START), presets[i].start);
	wr(h, PIPE(p, SYNC_END), presets[i].end);
	wr(h, PIPE(p, CTRL), VDC_PIPE_CTRL_ENABLE);
	wr(h, PIPE(p, COMMIT), VDC_PIPE_COMMIT_ARM);
}

static void show(struct fake_host *h, struct input *in)
{
	uint32_t where = take(in, 1), what = take(in, 1), x, y, w, lines;
	uint32_t p = where & 1, l = (where >> 1) % 3;

	x = (uint32_t)(int8_t)take(in, 1);
	y = (uint32_t)(int8_t)take(in, 1);
	w = take(in, 1);
	lines = take(in, 1);
	wr(h, LAYER(p, l, ADDR_LO), (uint32_t)FAKE_RAM_BASE + take(in, 2) * 8);
	wr(h, LAYER(p, l, ADDR_HI), 0);
	wr(h, LAYER(p, l, PITCH), w * 4 + 8 * (what >> 6));
	wr(h, LAYER(p, l, POS), (x & 0xffff) | y << 16);
	wr(h, LAYER(p, l, SIZE), w | lines << 16);
	wr(h, LAYER(p, l, CTRL), VDC_LAYER_CTRL_ENABLE |
	   VDC_PREP(VDC_LAYER_CTRL_FORMAT, what & 7) |
	   VDC_PREP(VDC_LAYER_CTRL_BLEND, what >> 3 & 3));
}

static void punctual(struct fake_host *h, uint32_t n)
{
	for (; n && h->deadline < MAX_TIME; n--) {
		if (h->deadline > h->now)
			h->now = h->deadline;
		vdc_run(&h->vdc);
	}
}

/* One instruction of the program. */
static void step(struct fake_host *h, struct input *in)
{
	uint32_t a, b;

	switch (take(in, 1) % NUM_OPS) {
	case OP_WRITE:
		a = take(in, 2) * 4 % VDC_MMIO_SIZE;
		wr(h, a, take(in, 4));
		break;
	case OP_WRITE_RAW:
		a = take(in, 4);
		wr(h, a, take(in, 4));
		break;
	case OP_READ:
		rd(h, take(in, 4));
		break;
	case OP_POKE_PIPE:
		a = take(in, 1) & 1;
		b = take(in, 1) * 4;
		wr(h, VDC_PIPE(a) + b, take(in, 4));
		break;
	case OP_POKE_LAYER:
		a = take(in, 1);
		b = take(in, 1) * 4 % 0x100;
		wr(h, VDC_LAYER(a & 1, (a >> 1) % 3) + b, take(in, 4));
		break;
	case OP_MODE:
		a = take(in, 1) & 1;
		b = take(in, 1);
		set_mode(h, a, b, take(in, 1));
		break;
	case OP_SHOW:
		show(h, in);
		break;
	case OP_COMMIT:
		a = take(in, 1) & 1;
		wr(h, PIPE(a, COMMIT), take(in, 1));
		break;
	case OP_STEP:
		sleep_ns(h, (uint64_t)take(in, 2) * STEP_NS);
		vdc_run(&h->vdc);
		break;
	case OP_SLEEP:
		sleep_ns(h, 1ULL << take(in, 1) % 62);
		vdc_run(&h->vdc);
		break;
	case OP_DRIFT:
		sleep_ns(h, (uint64_t)take(in, 2) * STEP_NS);
		break;
	case OP_PUNCTUAL:
		punctual(h, take(in, 1) % 40);
		break;
	case OP_HOLE:
		h->hole = FAKE_RAM_BASE + take(in, 2) * 8;
		h->hole_len = take(in, 1) * 17;
		break;
	case OP_PLUG:
		a = take(in, 1) % 3;
		vdc_plug(&h->vdc, a, h->ram, take(in, 1) % 6 * 128);
		break;
	case OP_UNPLUG:
		vdc_unplug(&h->vdc, take(in, 1) % 3);
		break;
	case OP_COMPLETE:
		fake_complete(h, take(in, 1) & 1);
		break;
	case OP_HOST:
		a = take(in, 1);
		h->defer = a & 1;
		h->display = a & 2;
		break;
	case OP_REFUSE:
		h->refuse = take(in, 1) % 8;
		break;
	case OP_POWER:
		wr(h, VDC_POWER, VDC_POWER_ON | VDC_POWER_CLOCK);
		break;
	case OP_RESET:
		vdc_reset(&h->vdc);
		break;
	case OP_DDC:
		a = take(in, 1) & 1;
		wr(h, VDC_OUTPUT(a) + VDC_OUT_DDC_DATA, take(in, 1));
		wr(h, VDC_OUTPUT(a) + VDC_OUT_DDC_CMD, take(in, 1));
		break;
	case OP_FAULT:
		a = take(in, 1) % 6 * 4;
		wr(h, VDC_DBG_DROP_VBLANK + a, take(in, 1));
		break;
	}
}

/** struct seen - what a guest saw of a pipe, to hold the next look against */
struct seen {
	uint64_t count;
	uint32_t resets, enables;
};

static void check_pipe(struct fake_host *h, uint32_t p, struct seen *s, uint32_t resets,
		       uint32_t enables)
{
	uint32_t status = rd(h, PIPE(p, STATUS)), pos = rd(h, PIPE(p, POSITION));
	uint64_t count = rd(h, PIPE(p, FRAME)) | (uint64_t)rd(h, PIPE(p, FRAME_HI)) << 32;
	uint32_t w, lines;
	uint64_t period = vdc_pipe_mode(&h->vdc, p, &w, &lines);

	if (rd(h, PIPE(p, CRC_LEVEL)) > VDC_CRC_DEPTH)
		die("CRC FIFO over its depth", rd(h, PIPE(p, CRC_LEVEL)));
	if (!(status & VDC_PIPE_STATUS_ACTIVE) != !period)
		die("STATUS and mode disagree", period);
	if (rd(h, PIPE(p, IRQ_STATUS)) & ~VDC_PIPE_IRQ_ALL)
		die("unknown interrupt pending", rd(h, PIPE(p, IRQ_STATUS)));
	if (!(rd(h, PIPE(p, COMMIT)) & VDC_PIPE_COMMIT_PENDING) !=
	    !(status & VDC_PIPE_STATUS_PENDING))
		die("COMMIT and STATUS disagree", status);
	if (status & VDC_PIPE_STATUS_ACTIVE) {
		if (h->deadline == VDC_NEVER)
			die("a running pipe without a deadline", p);
		if (!(status & VDC_PIPE_STATUS_VBLANK) !=
		    (VDC_GET(VDC_PIPE_POSITION_LINE, pos) < lines))
			die("POSITION and VBLANK disagree", pos);
		if (status & VDC_PIPE_STATUS_BAD_MODE)
			die("running in a bad mode", p);
	} else if (status & (VDC_PIPE_STATUS_PENDING | VDC_PIPE_STATUS_VBLANK) || pos) {
		die("an off pipe with a beam or a commit", status);
	}
	if (s->resets == resets && s->enables == enables && count < s->count)
		die("the frame count fell", count);
	*s = (struct seen){ count, resets, enables };
}

static void check(struct fake_host *h, struct seen *seen)
{
	uint32_t p, summary, resets = 0, enables[2] = { 0, 0 };
	static uint32_t total_resets, total_enables[2];
	uint32_t i;

	for (i = 0; i < h->logged; i++) {
		resets += h->log[i].event == VDC_EVENT_RESET;
		if (h->log[i].event == VDC_EVENT_ENABLE)
			enables[h->log[i].pipe]++;
	}
	h->logged = 0;
	total_resets += resets;
	for (p = 0; p < config.num_pipes; p++) {
		total_enables[p] += enables[p];
		check_pipe(h, p, &seen[p], total_resets, total_enables[p]);
	}
	if (fake_irq_wanted(h) != h->irq)
		die("the interrupt line against its registers", h->irq);
	summary = rd(h, VDC_IRQ_SUMMARY);
	if (!summary == h->irq)
		die("the interrupt line against the summary", summary);
	if (h->logged)
		die("reading the state changed it", h->log[0].event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct fake_host *h = fake_host_new(&config);
	struct seen seen[VDC_MAX_PIPES] = { { 0 } };
	const char *wrong;
	uint32_t i;

	for (i = 0; i < 4096; i++)
		h->ram[i * 61] = (uint8_t)(i * 151);
	wr(h, VDC_POWER, VDC_POWER_ON | VDC_POWER_CLOCK);
	for (i = 0; in.left && i < 400; i++) {
		struct fake_calls before;

		step(h, &in);
		/* Whatever is left to do now is one call's work. */
		before = h->calls;
		vdc_run(&h->vdc);
		wrong = fake_excess(h, &before);
		if (wrong)
			die(wrong, i);
		check(h, seen);
	}
	wrong = fake_host_free(h);
	if (wrong)
		die(wrong, 0);
	return 0;
}
