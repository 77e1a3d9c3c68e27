// SPDX-License-Identifier: MIT
/*
 * What a frame costs its host: the whole model (beam, fetch by bands, CRC)
 * against a bare memcpy plus CRC of the same bytes. Prints one JSON object a run:
 * {"vdc_ns": ..., "peer_ns": ...}, CPU time of this thread a frame.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vdc_model.h"

#define WIDTH	1920U
#define HEIGHT	1080U
#define PITCH	(WIDTH * 4)
#define BYTES	((size_t)PITCH * HEIGHT)
#define FRAMES	60
#define RUNS	9

struct host {
	uint8_t *ram;
	uint64_t now;
	uint64_t deadline;
	struct vdc vdc;
	struct vdc_frame frame;
	uint32_t crc;
};

static uint32_t dma_read(void *opaque, uint64_t addr, void *dst, uint32_t len)
{
	struct host *h = opaque;

	memcpy(dst, h->ram + addr, len);
	return len;
}

static uint32_t dma_write(void *opaque, uint64_t addr, const void *src, uint32_t len)
{
	struct host *h = opaque;

	memcpy(h->ram + addr, src, len);
	return len;
}

static void set_irq(void *opaque, bool level)
{
	(void)opaque;
	(void)level;
}

static uint64_t now(void *opaque)
{
	return ((struct host *)opaque)->now;
}

static void set_timer(void *opaque, uint64_t deadline)
{
	((struct host *)opaque)->deadline = deadline;
}

static struct vdc_frame *frame_get(void *opaque, uint32_t pipe, uint32_t w, uint32_t h,
				   size_t bytes)
{
	struct host *host = opaque;

	(void)pipe;
	if (w != WIDTH || h != HEIGHT || bytes != BYTES)
		abort();
	return &host->frame;
}

static void frame_queue(void *opaque, struct vdc_frame *f)
{
	struct host *h = opaque;

	vdc_frame_compose(f);
	h->crc = f->crc;
	vdc_frame_done(&h->vdc, f);
}

static const struct vdc_host_ops ops = {
	.dma_read = dma_read,
	.dma_write = dma_write,
	.set_irq = set_irq,
	.now = now,
	.set_timer = set_timer,
	.frame_get = frame_get,
	.frame_queue = frame_queue,
};

static void *alloc(size_t bytes)
{
	void *p = malloc(bytes);

	if (!p) {
		fputs("frame-cost: out of memory\n", stderr);
		exit(3);
	}
	memset(p, 0x5a, bytes);
	return p;
}

static uint32_t size(uint32_t w, uint32_t h)
{
	return VDC_PREP(VDC_SIZE_W, w) | VDC_PREP(VDC_SIZE_H, h);
}

/* 1920x1080 at 60 Hz, CTA-861 VIC 16, one XRGB8888 layer, CRC on. */
static void light_up(struct host *h)
{
	const struct {
		uint32_t reg, value;
	} writes[] = {
		{ VDC_POWER, VDC_POWER_ON | VDC_POWER_CLOCK },
		{ VDC_PIPE(0) + VDC_PIPE_CLOCK, 148500 },
		{ VDC_PIPE(0) + VDC_PIPE_ACTIVE, size(WIDTH, HEIGHT) },
		{ VDC_PIPE(0) + VDC_PIPE_SYNC_START, size(2008, 1084) },
		{ VDC_PIPE(0) + VDC_PIPE_SYNC_END, size(2052, 1089) },
		{ VDC_PIPE(0) + VDC_PIPE_TOTAL, size(2200, 1125) },
		{ VDC_LAYER(0, 0) + VDC_LAYER_CTRL, VDC_LAYER_CTRL_ENABLE },
		{ VDC_LAYER(0, 0) + VDC_LAYER_PITCH, PITCH },
		{ VDC_LAYER(0, 0) + VDC_LAYER_SIZE, size(WIDTH, HEIGHT) },
		{ VDC_PIPE(0) + VDC_PIPE_CRC_CTRL, VDC_PIPE_CRC_CTRL_ENABLE },
		{ VDC_PIPE(0) + VDC_PIPE_CTRL, VDC_PIPE_CTRL_ENABLE },
		{ VDC_PIPE(0) + VDC_PIPE_COMMIT, VDC_PIPE_COMMIT_ARM },
	};
	size_t i;

	for (i = 0; i < sizeof(writes) / sizeof(writes[0]); i++)
		vdc_write(&h->vdc, writes[i].reg, writes[i].value);
}

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static double model_cost(struct host *h)
{
	double start = cpu_ns();
	uint64_t end = h->now + FRAMES * 1000000000ULL / 60;

	while (h->deadline < end) {
		h->now = h->deadline;
		vdc_run(&h->vdc);
	}
	return (cpu_ns() - start) / FRAMES;
}

static double peer_cost(struct host *h, uint8_t *copy)
{
	double start = cpu_ns();
	uint32_t crc = 0;
	int i;

	for (i = 0; i < FRAMES; i++) {
		h->ram[0] = (uint8_t)i;	/* no two rounds alike, so that none is optimised away */
		memcpy(copy, h->ram, BYTES);
		crc ^= vdc_crc(0, copy, BYTES);
	}
	h->crc ^= crc;
	return (cpu_ns() - start) / FRAMES;
}

int main(void)
{
	struct host h = { .ram = alloc(BYTES), .deadline = VDC_NEVER };
	uint8_t *copy = alloc(BYTES);
	int i;

	h.frame.store = alloc(BYTES);
	h.frame.store_bytes = BYTES;
	h.frame.scratch = alloc(VDC_SCRATCH_BYTES(WIDTH));
	if (vdc_init(&h.vdc, &vdc_config_default, &ops, &h))
		return 3;
	light_up(&h);
	model_cost(&h);	/* warm */
	peer_cost(&h, copy);
	for (i = 0; i < RUNS; i++) {
		double vdc = model_cost(&h);

		if (h.crc != vdc_crc_pixels(0, (const uint32_t *)h.ram, BYTES / 4)) {
			fputs("frame-cost: the model's CRC is wrong\n", stderr);
			return 1;
		}
		printf("{\"vdc_ns\": %.0f, \"peer_ns\": %.0f}\n", vdc, peer_cost(&h, copy));
	}
	return 0;
}
