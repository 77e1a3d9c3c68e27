/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * What the model asks of its host: DMA, the interrupt line, time and frames;
 * and the register map it serves.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/host-utils.h"
#include "sysemu/dma.h"

#include "vdc_host.h"

/* Of a transfer that failed, so much is tried at once to find what works. */
#define DMA_CHUNK   (64 * 1024)

/*
 * Memory only: a scanout that points at another device's registers is a bus
 * error, not a way to operate that device.
 */
static const MemTxAttrs dma_attrs = { .memory = 1 };

static bool dma(VDCHost *h, uint64_t addr, void *buf, uint32_t len,
                DMADirection dir)
{
    return dma_memory_rw(h->as, addr, buf, len, dir, dma_attrs) == MEMTX_OK;
}

/*
 * How many bytes work before the first that does not. If a transfer of n
 * bytes works then so do all shorter ones, which is why halving finds it.
 */
static uint32_t dma_partial(VDCHost *h, uint64_t addr, uint8_t *buf,
                            uint32_t len, DMADirection dir)
{
    uint32_t good = 0, step = MIN(DMA_CHUNK, pow2floor(len));

    /* Mostly nothing of it works; a hostile guest may ask for that often. */
    if (!dma(h, addr, buf, 1, dir)) {
        return 0;
    }
    while (good + step <= len && dma(h, addr + good, buf + good, step, dir)) {
        good += step;
    }
    while (step > 1) {
        step /= 2;
        if (good + step <= len && dma(h, addr + good, buf + good, step, dir)) {
            good += step;
        }
    }
    return good;
}

static uint32_t op_dma_read(void *host, uint64_t addr, void *dst, uint32_t len)
{
    if (dma(host, addr, dst, len, DMA_DIRECTION_TO_DEVICE)) {
        return len;
    }
    return dma_partial(host, addr, dst, len, DMA_DIRECTION_TO_DEVICE);
}

static uint32_t op_dma_write(void *host, uint64_t addr, const void *src,
                             uint32_t len)
{
    /* dma_memory_rw() only reads the buffer in this direction. */
    if (dma(host, addr, (void *)src, len, DMA_DIRECTION_FROM_DEVICE)) {
        return len;
    }
    return dma_partial(host, addr, (void *)src, len,
                       DMA_DIRECTION_FROM_DEVICE);
}

static void op_set_irq(void *host, bool level)
{
    VDCHost *h = host;

    /* While the model is built its line is low, and so is everybody's. */
    if (h->dev) {
        h->irq(h->dev, level);
    }
}

static uint64_t op_now(void *host)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static void op_set_timer(void *host, uint64_t deadline)
{
    VDCHost *h = host;

    if (deadline > INT64_MAX) {
        timer_del(h->timer);
    } else {
        timer_mod_ns(h->timer, deadline);
    }
}

static struct vdc_frame *op_frame_get(void *host, uint32_t pipe, uint32_t w,
                                      uint32_t height, size_t bytes)
{
    return vdc_worker_get(host, pipe, w, height, bytes);
}

static void op_frame_queue(void *host, struct vdc_frame *frame)
{
    vdc_worker_queue(host, frame);
}

static void op_trace(void *host, enum vdc_event event, uint32_t pipe,
                     uint64_t arg)
{
    VDCHost *h = host;
    uint32_t i;

    switch (event) {
    case VDC_EVENT_ENABLE:
    case VDC_EVENT_DISABLE:
        vdc_worker_forget(h, pipe);
        break;
    case VDC_EVENT_RESET:
        for (i = 0; i < h->config.num_pipes; i++) {
            vdc_worker_forget(h, i);
        }
        break;
    default:
        break;
    }
    vdc_trace_event(h, event, pipe, arg);
}

static const struct vdc_host_ops host_ops = {
    .dma_read = op_dma_read,
    .dma_write = op_dma_write,
    .set_irq = op_set_irq,
    .now = op_now,
    .set_timer = op_set_timer,
    .frame_get = op_frame_get,
    .frame_queue = op_frame_queue,
    .trace = op_trace,
};

static void deadline_reached(void *opaque)
{
    VDCHost *h = opaque;

    vdc_run(&h->vdc);
}

/* Registers through which a driver acknowledges or unmasks interrupts. */
static bool is_irq_register(uint32_t offset)
{
    uint32_t out = offset - VDC_OUTPUT(0), pipe = offset - VDC_PIPE(0);

    if (offset >= VDC_PIPE(0)) {
        pipe %= VDC_PIPE(1) - VDC_PIPE(0);
        return pipe == VDC_PIPE_IRQ_STATUS || pipe == VDC_PIPE_IRQ_ENABLE;
    }
    if (offset >= VDC_OUTPUT(0) && offset < VDC_OUTPUT(VDC_MAX_OUTPUTS)) {
        out %= VDC_OUTPUT(1) - VDC_OUTPUT(0);
        return out == VDC_OUT_IRQ_STATUS || out == VDC_OUT_IRQ_ENABLE;
    }
    return false;
}

static uint64_t iomem_read(void *opaque, hwaddr offset, unsigned size)
{
    VDCHost *h = opaque;
    uint32_t value = vdc_read(&h->vdc, offset);

    vdc_trace_register(h, false, offset, value);
    return value;
}

static void iomem_write(void *opaque, hwaddr offset, uint64_t value,
                        unsigned size)
{
    VDCHost *h = opaque;
    bool was_high = h->vdc.irq_level;

    vdc_trace_register(h, true, offset, value);
    vdc_write(&h->vdc, offset, value);
    if (was_high && h->vdc.irq_level && is_irq_register(offset)) {
        h->irq(h->dev, true);
    }
}

static const MemoryRegionOps iomem_ops = {
    .read = iomem_read,
    .write = iomem_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

/*
 * A stopped VM has no frame under way: CRCs and interrupts arrive before
 * anybody saves state, the interrupt controller's included.
 */
static void vm_state_changed(void *opaque, bool running, RunState state)
{
    if (!running) {
        vdc_worker_drain(opaque);
    }
}

static bool check_plugs(VDCHost *h, Error **errp)
{
    uint32_t o;

    for (o = h->config.num_outputs; o < VDC_MAX_OUTPUTS; o++) {
        if (h->plug[o].plugged || h->plug[o].path) {
            error_setg(errp, "vdc: plugged%u or edid%u is given, but there "
                       "are %u outputs (0 to %u)", o, o,
                       h->config.num_outputs, h->config.num_outputs - 1);
            return false;
        }
    }
    return true;
}

bool vdc_host_realize(VDCHost *h, DeviceState *dev, AddressSpace *as,
                      void (*irq)(DeviceState *dev, bool level), Error **errp)
{
    const char *wrong;
    uint32_t o;

    if (!vdc_trace_open(h, errp)) {
        return false;
    }
    h->as = as;
    h->irq = irq;
    h->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, deadline_reached, h);
    wrong = vdc_init(&h->vdc, &h->config, &host_ops, h);
    if (wrong) {
        error_setg(errp, "%s", wrong);
    }
    if (wrong || !check_plugs(h, errp)) {
        timer_free(h->timer);
        vdc_trace_close(h);
        return false;
    }
    h->dev = dev;
    vdc_worker_init(h);
    vdc_console_init(h);
    for (o = 0; o < h->config.num_outputs; o++) {
        vdc_plug_apply(h, o);
    }
    memory_region_init_io(&h->iomem, OBJECT(dev), &iomem_ops, h,
                          object_get_typename(OBJECT(dev)), VDC_MMIO_SIZE);
    h->vmstate = qemu_add_vm_change_state_handler(vm_state_changed, h);
    return true;
}

void vdc_host_unrealize(VDCHost *h)
{
    qemu_del_vm_change_state_handler(h->vmstate);
    vdc_reset(&h->vdc);
    vdc_worker_exit(h);
    vdc_console_exit(h);
    timer_free(h->timer);
    vdc_trace_close(h);
    h->dev = NULL;
}

void vdc_host_finalize(VDCHost *h)
{
    uint32_t o;

    for (o = 0; o < VDC_MAX_OUTPUTS; o++) {
        g_free(h->plug[o].path);
    }
    g_free(h->trace_path);
}

void vdc_host_reset(VDCHost *h)
{
    vdc_reset(&h->vdc);
}

void vdc_host_arm(VDCHost *h)
{
    op_set_timer(h, h->vdc.deadline);
}
