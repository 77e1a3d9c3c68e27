// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* Programming the controller by its registers, and the reference arithmetic of time. */
#include "check.h"
#include "screen.h"

const struct mode mode_tiny = {
	"64x48 at 1.6 MHz", 1600, 64, 66, 70, 80, 48, 49, 51, 60,
};

void screen_power(struct fake_host *h)
{
	wr(h, VDC_POWER, VDC_POWER_ON);
	wr(h, VDC_POWER, VDC_POWER_ON | VDC_POWER_CLOCK);
}

struct fake_host *screen_new(const struct vdc_config *config)
{
	struct fake_host *h = fake_host_new(config);

	screen_power(h);
	return h;
}

void screen_end(struct fake_host *h)
{
	const char *what;

	if (fake_irq_wanted(h) != h->irq)
		fail_msg("the interrupt line is %d against its registers", h->irq);
	what = fake_host_free(h);
	if (what)
		fail_msg("%s", what);
}

void screen_mode(struct fake_host *h, uint32_t pipe, const struct mode *m)
{
	wr(h, REG(pipe, CLOCK), m->clock);
	wr(h, REG(pipe, ACTIVE), m->hactive | m->vactive << 16);
	wr(h, REG(pipe, TOTAL), m->htotal | m->vtotal << 16);
	wr(h, REG(pipe, SYNC_START), m->hss | m->vss << 16);
	wr(h, REG(pipe, SYNC_END), m->hse | m->vse << 16);
	wr(h, REG(pipe, POLARITY), 0);
}

void screen_addr(struct fake_host *h, uint32_t pipe, uint32_t layer, uint64_t addr)
{
	wr(h, LREG(pipe, layer, ADDR_LO), (uint32_t)addr);
	wr(h, LREG(pipe, layer, ADDR_HI), (uint32_t)(addr >> 32));
}

void screen_layer(struct fake_host *h, uint32_t pipe, uint32_t layer, const struct shown *s)
{
	if (!s) {
		wr(h, LREG(pipe, layer, CTRL), 0);
		return;
	}
	screen_addr(h, pipe, layer, s->addr);
	wr(h, LREG(pipe, layer, PITCH), s->pitch);
	wr(h, LREG(pipe, layer, POS), ((uint32_t)s->x & 0xffff) | (uint32_t)s->y << 16);
	wr(h, LREG(pipe, layer, SIZE), s->w | s->h << 16);
	wr(h, LREG(pipe, layer, CTRL),
	   VDC_LAYER_CTRL_ENABLE | VDC_PREP(VDC_LAYER_CTRL_FORMAT, s->format) |
	   VDC_PREP(VDC_LAYER_CTRL_BLEND, s->blend));
}

void screen_commit(struct fake_host *h, uint32_t pipe)
{
	wr(h, REG(pipe, COMMIT), VDC_PIPE_COMMIT_ARM);
}

uint64_t screen_on(struct fake_host *h, uint32_t pipe, const struct mode *m)
{
	screen_mode(h, pipe, m);
	wr(h, REG(pipe, CTRL), VDC_PIPE_CTRL_ENABLE);
	screen_commit(h, pipe);
	return h->now;
}

uint32_t screen_irq(struct fake_host *h, uint32_t pipe)
{
	uint32_t status = rd(h, REG(pipe, IRQ_STATUS));

	wr(h, REG(pipe, IRQ_STATUS), status);
	return status;
}

uint64_t screen_count(struct fake_host *h, uint32_t pipe)
{
	return rd(h, REG(pipe, FRAME)) | (uint64_t)rd(h, REG(pipe, FRAME_HI)) << 32;
}

uint64_t screen_time(const struct mode *m, uint64_t frame, uint32_t line)
{
	unsigned __int128 px = (unsigned __int128)frame * m->htotal * m->vtotal +
			       (unsigned __int128)line * m->htotal;

	return (uint64_t)(px * 1000000 / m->clock);
}

unsigned __int128 screen_pixels(const struct mode *m, uint64_t ns)
{
	return (unsigned __int128)ns * m->clock / 1000000;
}

uint32_t screen_crcs(struct fake_host *h, uint32_t pipe, struct crc_entry *e, uint32_t max)
{
	uint32_t n = 0;

	while (n < max && rd(h, REG(pipe, CRC_LEVEL))) {
		e[n].frame = rd(h, REG(pipe, CRC_FRAME));
		e[n++].value = rd(h, REG(pipe, CRC_VALUE));
		wr(h, REG(pipe, CRC_POP), 1);
	}
	return n;
}

uint32_t screen_crc_of(struct fake_host *h, uint32_t pipe, uint64_t start, const struct mode *m,
		       uint32_t frame)
{
	struct crc_entry e[VDC_CRC_DEPTH];
	uint32_t n, i;

	fake_run_to(h, start + screen_time(m, frame, m->vactive) + 2);
	n = screen_crcs(h, pipe, e, ARRAY_SIZE(e));
	for (i = 0; i < n; i++)
		if (e[i].frame == frame)
			return e[i].value;
	fail_msg("no CRC of frame %u among %u", frame, n);
	return 0;
}
