// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* The device as a whole: global and debug registers, power, reset, the interrupt line. */
#include "vdc_internal.h"

#define PITCH_ALIGN_LOG2	3	/* bytes; low bits of LAYER_PITCH are not wired */
#define ADDR_ALIGN_LOG2		1

#define VERSION_MAJOR		1U
#define VERSION_MINOR		0U

const struct vdc_config vdc_config_default = {
	.num_pipes = 2,
	.num_outputs = 2,
	.num_overlays = 2,
	.max_width = 4096,
	.max_height = 2160,
	.max_clock = 600000,
	.addr_bits = 40,
};

void vdc_trace(struct vdc *v, enum vdc_event event, uint32_t pipe, uint64_t arg)
{
	if (v->ops->trace)
		v->ops->trace(v->host, event, pipe, arg);
}

static uint32_t irq_summary(const struct vdc *v)
{
	uint32_t sum = 0, i;

	for (i = 0; i < v->config.num_pipes; i++)
		if (v->pipe[i].irq_status & v->pipe[i].irq_enable)
			sum |= VDC_IRQ_SUMMARY_PIPE(i);
	for (i = 0; i < v->config.num_outputs; i++)
		if (v->output[i].irq_status & v->output[i].irq_enable)
			sum |= VDC_IRQ_SUMMARY_OUTPUT(i);
	return sum;
}

/* Drive the line from the status registers; call after any change to them. */
void vdc_update_irq(struct vdc *v)
{
	uint32_t level = irq_summary(v) != 0;

	if (level == v->irq_level)
		return;
	v->irq_level = level;
	v->ops->set_irq(v->host, level);
}

void vdc_pipe_raise(struct vdc *v, uint32_t p, uint32_t irq)
{
	v->pipe[p].irq_status |= irq;
	vdc_update_irq(v);
}

/* An ordered fault strikes: one less to come. */
bool vdc_fault(uint32_t *counter)
{
	if (!*counter)
		return false;
	--*counter;
	return true;
}

static bool config_valid(const struct vdc_config *c)
{
	return c->num_pipes >= 1 && c->num_pipes <= VDC_MAX_PIPES &&
	       c->num_outputs >= 1 && c->num_outputs <= VDC_MAX_OUTPUTS &&
	       c->num_overlays <= VDC_MAX_LAYERS - 2 &&
	       c->max_width >= 640 && c->max_width <= 8192 &&
	       c->max_height >= 480 && c->max_height <= 8192 &&
	       c->max_clock >= 25200 && c->max_clock <= 1000000 &&
	       c->addr_bits >= 32 && c->addr_bits <= 64;
}

const char *vdc_init(struct vdc *v, const struct vdc_config *config,
		     const struct vdc_host_ops *ops, void *host)
{
	if (!config_valid(config))
		return "vdc: possible are 1-4 pipes and outputs, 0-6 overlays, 32-64 address bits";
	memset(v, 0, sizeof(*v));
	v->config = *config;
	v->ops = ops;
	v->host = host;
	vdc_reset(v);
	return NULL;
}

void vdc_reset(struct vdc *v)
{
	uint32_t i;

	v->power = 0;
	v->scratch = 0;
	v->epoch++;
	memset(&v->faults, 0, sizeof(v->faults));
	for (i = 0; i < v->config.num_pipes; i++)
		vdc_pipe_reset(v, i);
	for (i = 0; i < v->config.num_outputs; i++)
		vdc_output_reset(&v->output[i]);
	vdc_update_irq(v);
	v->deadline = VDC_NEVER;
	v->ops->set_timer(v->host, VDC_NEVER);
	vdc_trace(v, VDC_EVENT_RESET, 0, 0);
}

static uint32_t caps(const struct vdc *v)
{
	return VDC_PREP(VDC_CAPS_PIPES, v->config.num_pipes) |
	       VDC_PREP(VDC_CAPS_OUTPUTS, v->config.num_outputs) |
	       VDC_PREP(VDC_CAPS_ADDR_BITS, v->config.addr_bits) |
	       VDC_PREP(VDC_CAPS_PITCH_ALIGN, PITCH_ALIGN_LOG2) |
	       VDC_PREP(VDC_CAPS_ADDR_ALIGN, ADDR_ALIGN_LOG2) |
	       VDC_PREP(VDC_CAPS_CRC_DEPTH, VDC_CRC_DEPTH);
}

static uint32_t features(const struct vdc *v)
{
	return VDC_FEATURE_CRC | VDC_FEATURE_WRITEBACK | VDC_FEATURE_DDC | VDC_FEATURE_DEBUG |
	       VDC_FEATURE_ASYNC | VDC_FEATURE_LINE_COMPARE |
	       (v->config.budget ? VDC_FEATURE_BUDGET : 0);
}

/* The counter behind a register of the debug block. */
static uint32_t *fault_reg(struct vdc *v, uint32_t offset)
{
	switch (offset) {
	case VDC_DBG_DROP_VBLANK:
		return &v->faults.drop_vblank;
	case VDC_DBG_STUCK_COMMIT:
		return &v->faults.stuck_commit;
	case VDC_DBG_DDC_NAK:
		return &v->faults.ddc_nak;
	case VDC_DBG_UNDERRUN:
		return &v->faults.underrun;
	case VDC_DBG_BUS_ERROR:
		return &v->faults.bus_error;
	case VDC_DBG_DELAY_VBLANK:
		return &v->faults.delay_vblank;
	default:
		return NULL;
	}
}

/* What an offset addresses: a block, its index and the register in it. */
enum block { BLOCK_GLOBAL, BLOCK_OUTPUT, BLOCK_DEBUG, BLOCK_PIPE, BLOCK_LAYER, BLOCK_NONE };

struct address {
	enum block block;
	uint32_t index, layer, reg;
};

static struct address decode(const struct vdc *v, uint32_t offset)
{
	struct address a = { .block = BLOCK_NONE };
	uint32_t in_pipe;

	if (offset & 3)
		return a;
	if (offset < VDC_OUTPUT(0)) {
		a = (struct address){ .block = BLOCK_GLOBAL, .reg = offset };
	} else if (offset < VDC_OUTPUT(v->config.num_outputs)) {
		a.block = BLOCK_OUTPUT;
		a.index = (offset - VDC_OUTPUT(0)) / (VDC_OUTPUT(1) - VDC_OUTPUT(0));
		a.reg = offset - VDC_OUTPUT(a.index);
	} else if (offset >= VDC_DBG_DROP_VBLANK && offset <= VDC_DBG_DELAY_VBLANK) {
		a = (struct address){ .block = BLOCK_DEBUG, .reg = offset };
	} else if (offset >= VDC_PIPE(0) && offset < VDC_PIPE(v->config.num_pipes)) {
		a.block = BLOCK_PIPE;
		a.index = (offset - VDC_PIPE(0)) / (VDC_PIPE(1) - VDC_PIPE(0));
		a.reg = offset - VDC_PIPE(a.index);
		in_pipe = VDC_LAYER(0, 0) - VDC_PIPE(0);
		if (a.reg >= in_pipe) {
			a.layer = (a.reg - in_pipe) / (VDC_LAYER(0, 1) - VDC_LAYER(0, 0));
			a.reg = offset - VDC_LAYER(a.index, a.layer);
			a.block = a.layer < v->config.num_overlays + 2 ? BLOCK_LAYER : BLOCK_NONE;
		}
	}
	return a;
}

static uint32_t global_read(const struct vdc *v, uint32_t offset)
{
	switch (offset) {
	case VDC_ID:
		return VDC_ID_MAGIC;
	case VDC_VERSION:
		return VDC_PREP(VDC_VERSION_MAJOR, VERSION_MAJOR) |
		       VDC_PREP(VDC_VERSION_MINOR, VERSION_MINOR);
	case VDC_CAPS:
		return caps(v);
	case VDC_FEATURES:
		return features(v);
	case VDC_MAX_MODE:
		return VDC_PREP(VDC_SIZE_W, v->config.max_width) |
		       VDC_PREP(VDC_SIZE_H, v->config.max_height);
	case VDC_MAX_CLOCK:
		return v->config.max_clock;
	case VDC_MIN_CLOCK:
		return VDC_MIN_CLOCK_KHZ;
	case VDC_MAX_TOTAL:
		return VDC_PREP(VDC_SIZE_W, VDC_MAX_TOTAL_PX) |
		       VDC_PREP(VDC_SIZE_H, VDC_MAX_TOTAL_PX);
	case VDC_POWER:
		return v->power;
	case VDC_IRQ_SUMMARY:
		return irq_summary(v);
	case VDC_SCRATCH:
		return v->scratch;
	default:
		return 0;
	}
}

static void write_power(struct vdc *v, uint32_t value)
{
	value &= VDC_POWER_ON | VDC_POWER_CLOCK;
	if (!(value & VDC_POWER_ON)) {
		vdc_reset(v);
		value = 0;	/* no clock without power */
	}
	v->power = value;
}

static void global_write(struct vdc *v, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case VDC_CTRL:
		if (value & VDC_CTRL_RESET)
			vdc_reset(v);
		break;
	case VDC_POWER:
		write_power(v, value);
		break;
	case VDC_SCRATCH:
		v->scratch = value;
		break;
	}
}

uint32_t vdc_read(struct vdc *v, uint32_t offset)
{
	struct address a = decode(v, offset);
	uint32_t *fault;

	vdc_run(v);
	switch (a.block) {
	case BLOCK_GLOBAL:
		return global_read(v, a.reg);
	case BLOCK_OUTPUT:
		return vdc_output_read(v, a.index, a.reg);
	case BLOCK_DEBUG:
		fault = fault_reg(v, a.reg);
		return fault ? *fault : 0;
	case BLOCK_PIPE:
		return vdc_pipe_read(v, a.index, a.reg);
	case BLOCK_LAYER:
		return vdc_layer_read(v, a.index, a.layer, a.reg);
	default:
		return 0;
	}
}

void vdc_write(struct vdc *v, uint32_t offset, uint32_t value)
{
	struct address a = decode(v, offset);
	uint32_t *fault;

	vdc_run(v);
	if (!(v->power & VDC_POWER_CLOCK) && offset != VDC_POWER)
		return;
	switch (a.block) {
	case BLOCK_GLOBAL:
		global_write(v, a.reg, value);
		break;
	case BLOCK_OUTPUT:
		vdc_output_write(v, a.index, a.reg, value);
		break;
	case BLOCK_DEBUG:
		fault = fault_reg(v, a.reg);
		if (fault)
			*fault = value;
		break;
	case BLOCK_PIPE:
		vdc_pipe_write(v, a.index, a.reg, value);
		break;
	case BLOCK_LAYER:
		vdc_layer_write(v, a.index, a.layer, a.reg, value);
		break;
	default:
		break;
	}
	vdc_run(v);	/* what was written may be due at once, and moves the next deadline */
}

void vdc_run(struct vdc *v)
{
	uint64_t now = v->ops->now(v->host), next = VDC_NEVER, deadline;
	uint32_t p;

	for (p = 0; p < v->config.num_pipes; p++) {
		vdc_scan_run(v, p, now);
		deadline = vdc_scan_deadline(&v->pipe[p]);
		if (deadline < next)
			next = deadline;
	}
	if (next == v->deadline)
		return;
	v->deadline = next;
	v->ops->set_timer(v->host, next);
}
