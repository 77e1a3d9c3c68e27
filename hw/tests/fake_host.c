// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* The host's side of vdc_host_ops, with a check of all that a host may rely on. */
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"

static void *must_alloc(size_t bytes)
{
	void *p = malloc(bytes ? bytes : 1);

	if (!p)
		abort();
	return p;
}

static void broken(struct fake_host *h, const char *what)
{
	if (!h->broken)
		h->broken = what;
}

/* Bytes of [addr, addr + len) that can be accessed before the first that cannot. */
static uint32_t accessible(const struct fake_host *h, uint64_t addr, uint32_t len)
{
	uint64_t off = addr - FAKE_RAM_BASE;

	if (addr < FAKE_RAM_BASE || off >= FAKE_RAM_SIZE)
		return 0;
	if (len > FAKE_RAM_SIZE - off)
		len = (uint32_t)(FAKE_RAM_SIZE - off);
	if (!h->hole_len)
		return len;
	if (addr >= h->hole && addr < h->hole + h->hole_len)
		return 0;
	if (addr < h->hole && h->hole - addr < len)
		return (uint32_t)(h->hole - addr);
	return len;
}

static uint32_t fake_dma_read(void *host, uint64_t addr, void *dst, uint32_t len)
{
	struct fake_host *h = host;
	uint32_t n = accessible(h, addr, len);

	h->calls.dma_read++;
	h->calls.bytes_read += n;
	if (!len)
		broken(h, "dma_read of nothing");
	if (n)
		memcpy(dst, fake_ram(h, addr), n);
	return n;
}

static uint32_t fake_dma_write(void *host, uint64_t addr, const void *src, uint32_t len)
{
	struct fake_host *h = host;
	uint32_t n = accessible(h, addr, len);

	h->calls.dma_write++;
	if (!len)
		broken(h, "dma_write of nothing");
	if (n)
		memcpy(fake_ram(h, addr), src, n);
	return n;
}

static void fake_set_irq(void *host, bool level)
{
	struct fake_host *h = host;

	h->calls.set_irq++;
	if (level == h->irq)
		broken(h, "set_irq without a change");
	h->irq = level;
}

static uint64_t fake_now(void *host)
{
	return ((struct fake_host *)host)->now;
}

static void fake_set_timer(void *host, uint64_t deadline)
{
	struct fake_host *h = host;

	h->calls.set_timer++;
	h->deadline = deadline;
}

static void frame_free(struct vdc_frame *f)
{
	free(f->pixels);
	free(f->store);
	free(f->scratch);
	free(f);
}

/* Buffers have exactly the promised sizes, so that ASan sees each byte beyond. */
static struct vdc_frame *fake_frame_get(void *host, uint32_t pipe, uint32_t w, uint32_t h,
					size_t bytes)
{
	struct fake_host *fh = host;
	struct vdc_frame *f;

	fh->calls.frame_get++;
	if (pipe >= fh->vdc.config.num_pipes || !w || !h ||
	    w > fh->vdc.config.max_width || h > fh->vdc.config.max_height) {
		broken(fh, "frame_get for a size or pipe that does not exist");
		return NULL;
	}
	if (fh->refuse) {
		fh->refuse--;
		return NULL;
	}
	f = must_alloc(sizeof(*f));
	memset(f, 0xa5, sizeof(*f));
	f->flags = fh->display ? VDC_FRAME_DISPLAY : 0;
	f->pixels = must_alloc((size_t)w * h * 4);
	f->store = must_alloc(bytes);
	memset(f->store, 0x5a, bytes);
	f->store_bytes = bytes;
	f->scratch = must_alloc(VDC_SCRATCH_BYTES(w));
	f->host = fh;
	fh->held++;
	return f;
}

/* What vdc_frame.h promises about a frame that is handed over for composing. */
static void check_frame(struct fake_host *h, const struct vdc_frame *f)
{
	const struct vdc_config *c = &h->vdc.config;
	uint32_t i;

	if (f->host != h || f->pipe >= c->num_pipes) {
		broken(h, "frame_queue of a foreign frame");
		return;
	}
	if (!f->flags)
		return;
	if (f->num_layers > c->num_overlays + 2) {
		broken(h, "a frame with too many layers");
		return;
	}
	for (i = 0; i < f->num_layers; i++) {
		const struct vdc_frame_layer *l = &f->layer[i];
		uint64_t line = (uint64_t)l->w * vdc_format_bpp(l->format);
		uint64_t begin, end;

		if (!line || !l->h || l->x >= f->w || l->w > f->w - l->x ||
		    l->y >= f->h || l->h > f->h - l->y) {
			broken(h, "a frame's layer is empty or leaves the screen");
			return;
		}
		begin = (uintptr_t)l->data - (uintptr_t)f->store;
		end = begin + (uint64_t)(l->h - 1) * l->pitch + line;
		if ((uintptr_t)l->data < (uintptr_t)f->store || end > f->store_bytes)
			broken(h, "a frame's layer leaves the store");
	}
}

static void finish(struct fake_host *h, struct vdc_frame *f)
{
	vdc_frame_compose(f);
	if (f->flags & VDC_FRAME_DISPLAY) {
		free(h->shown[f->pipe]);
		h->shown[f->pipe] = must_alloc((size_t)f->w * f->h * 4);
		memcpy(h->shown[f->pipe], f->pixels, (size_t)f->w * f->h * 4);
		h->shown_w[f->pipe] = f->w;
		h->shown_h[f->pipe] = f->h;
	}
	vdc_frame_done(&h->vdc, f);
	frame_free(f);
}

static void fake_frame_queue(void *host, struct vdc_frame *f)
{
	struct fake_host *h = host;

	h->calls.frame_queue++;
	if (!h->held)
		broken(h, "frame_queue of a frame that was not given");
	else
		h->held--;
	check_frame(h, f);
	if (h->defer && h->queued < FAKE_QUEUE)
		h->queue[h->queued++] = f;
	else if (!h->defer)
		finish(h, f);
	else
		frame_free(f);	/* as a host that is torn down under load */
}

static void fake_trace(void *host, enum vdc_event event, uint32_t pipe, uint64_t arg)
{
	struct fake_host *h = host;

	h->calls.trace++;
	if (h->logged < FAKE_LOG)
		h->log[h->logged++] = (struct fake_event){ event, pipe, arg, h->now };
}

static const struct vdc_host_ops fake_ops = {
	.dma_read = fake_dma_read,
	.dma_write = fake_dma_write,
	.set_irq = fake_set_irq,
	.now = fake_now,
	.set_timer = fake_set_timer,
	.frame_get = fake_frame_get,
	.frame_queue = fake_frame_queue,
	.trace = fake_trace,
};

struct fake_host *fake_host_new(const struct vdc_config *config)
{
	struct fake_host *h = calloc(1, sizeof(*h));

	if (!h)
		abort();
	h->ram = calloc(1, FAKE_RAM_SIZE);
	if (!h->ram)
		abort();
	h->now = 1234567891;
	h->deadline = VDC_NEVER;
	memset(&h->vdc, 0xa5, sizeof(h->vdc));	/* vdc_init() may rely on nothing */
	if (vdc_init(&h->vdc, config ? config : &vdc_config_default, &fake_ops, h))
		abort();
	return h;
}

const char *fake_host_free(struct fake_host *h)
{
	const char *what;
	uint32_t i;

	vdc_reset(&h->vdc);
	while (h->queued) {
		struct vdc_frame *f = h->queue[--h->queued];

		vdc_frame_done(&h->vdc, f);
		frame_free(f);
	}
	if (h->held)
		broken(h, "a reset device keeps a frame");
	if (h->irq)
		broken(h, "a reset device keeps its interrupt");
	what = h->broken;
	for (i = 0; i < VDC_MAX_PIPES; i++)
		free(h->shown[i]);
	free(h->ram);
	free(h);
	return what;
}

void fake_run_to(struct fake_host *h, uint64_t t)
{
	while (h->deadline <= t) {
		uint64_t before = h->deadline;

		if (before > h->now)
			h->now = before;
		vdc_run(&h->vdc);
		if (h->deadline <= h->now) {
			broken(h, "vdc_run() left a deadline that has passed");
			break;
		}
	}
	h->now = t;
	vdc_run(&h->vdc);
}

void fake_stall_to(struct fake_host *h, uint64_t t)
{
	h->now = t;
	vdc_run(&h->vdc);
	if (h->deadline <= h->now)
		broken(h, "vdc_run() left a deadline that has passed");
}

bool fake_complete(struct fake_host *h, uint32_t pipe)
{
	uint32_t i;

	for (i = 0; i < h->queued; i++) {
		struct vdc_frame *f = h->queue[i];

		if (f->pipe != pipe)
			continue;
		h->queued--;
		memmove(&h->queue[i], &h->queue[i + 1], (h->queued - i) * sizeof(h->queue[0]));
		finish(h, f);
		return true;
	}
	return false;
}

uint32_t fake_count(const struct fake_host *h, enum vdc_event event, uint32_t pipe)
{
	uint32_t i, n = 0;

	for (i = 0; i < h->logged; i++)
		n += h->log[i].event == event && h->log[i].pipe == pipe;
	return n;
}

const struct fake_event *fake_last(const struct fake_host *h, enum vdc_event event, uint32_t pipe)
{
	uint32_t i;

	for (i = h->logged; i-- > 0;)
		if (h->log[i].event == event && h->log[i].pipe == pipe)
			return &h->log[i];
	return NULL;
}

bool fake_irq_wanted(struct fake_host *h)
{
	uint32_t i, wanted = 0;

	for (i = 0; i < h->vdc.config.num_pipes; i++)
		wanted |= rd(h, VDC_PIPE(i) + VDC_PIPE_IRQ_STATUS) &
			  rd(h, VDC_PIPE(i) + VDC_PIPE_IRQ_ENABLE);
	for (i = 0; i < h->vdc.config.num_outputs; i++)
		wanted |= rd(h, VDC_OUTPUT(i) + VDC_OUT_IRQ_STATUS) &
			  rd(h, VDC_OUTPUT(i) + VDC_OUT_IRQ_ENABLE);
	return wanted;
}

const char *fake_excess(const struct fake_host *h, const struct fake_calls *before)
{
	const struct vdc_config *c = &h->vdc.config;
	const struct fake_calls *now = &h->calls;
	uint64_t lines = 2ULL * c->num_pipes * c->max_height;

	if (h->broken)
		return h->broken;
	if (now->dma_read - before->dma_read > 2 * lines * (c->num_overlays + 2))
		return "too many reads of memory";
	/* A host that composes at once may see both frames of each pipe written back. */
	if (now->dma_write - before->dma_write > lines)
		return "too many writes to memory";
	if (now->frame_get - before->frame_get > 2 * c->num_pipes)
		return "too many frames begun";
	if (now->frame_queue - before->frame_queue > 3 * c->num_pipes)
		return "too many frames queued";
	if (now->set_timer - before->set_timer > 2 + c->num_pipes)
		return "too many deadlines";
	if (now->set_irq - before->set_irq > 2 + 2 * c->num_pipes)
		return "too many interrupts";
	if (now->trace - before->trace > 200 * c->num_pipes)
		return "too many trace events";
	if (h->deadline <= h->now)
		return "a deadline that has passed";
	if (h->held > c->num_pipes)
		return "more frames held than pipes";
	return NULL;
}
