/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * State for savevm, loadvm and migration: all of the model's, and for each
 * pipe the frame it fills with what was fetched of it. So a frame that was cut
 * in two comes out with the CRC it would have had.
 *
 * Frames that the worker has are completed before: the VM is stopped when
 * state is saved, and a stopping VM drains the worker.
 */
#include "qemu/osdep.h"
#include "qemu/error-report.h"

#include "vdc_host.h"

/* Whoever adds a field to the model decides here whether it is to be saved. */
#if HOST_LONG_BITS == 64
QEMU_BUILD_BUG_ON(sizeof(struct vdc_pipe) != 920);
QEMU_BUILD_BUG_ON(sizeof(struct vdc_output) != 552);
QEMU_BUILD_BUG_ON(sizeof(struct vdc_frame) != 424);
#endif

#define U32(_type, _field)  VMSTATE_UINT32(_field, struct _type)
#define U64(_type, _field)  VMSTATE_UINT64(_field, struct _type)

static const VMStateDescription vmstate_layer_state = {
    .name = "vdc/layer",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        U32(vdc_layer_state, ctrl),
        U32(vdc_layer_state, addr_lo),
        U32(vdc_layer_state, addr_hi),
        U32(vdc_layer_state, pitch),
        U32(vdc_layer_state, pos),
        U32(vdc_layer_state, size),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_pipe_state = {
    .name = "vdc/pipe-state",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        U32(vdc_pipe_state, ctrl),
        U32(vdc_pipe_state, clock),
        U32(vdc_pipe_state, active),
        U32(vdc_pipe_state, total),
        U32(vdc_pipe_state, sync_start),
        U32(vdc_pipe_state, sync_end),
        U32(vdc_pipe_state, polarity),
        U32(vdc_pipe_state, background),
        U32(vdc_pipe_state, wb_ctrl),
        U32(vdc_pipe_state, wb_addr_lo),
        U32(vdc_pipe_state, wb_addr_hi),
        U32(vdc_pipe_state, wb_pitch),
        VMSTATE_STRUCT_ARRAY(layer, struct vdc_pipe_state, VDC_MAX_LAYERS, 1,
                             vmstate_layer_state, struct vdc_layer_state),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_timing = {
    .name = "vdc/timing",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        U64(vdc_timing, period),
        U64(vdc_timing, period_rem),
        U32(vdc_timing, clock),
        U32(vdc_timing, hactive),
        U32(vdc_timing, vactive),
        U32(vdc_timing, htotal),
        U32(vdc_timing, vtotal),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_pipe = {
    .name = "vdc/pipe",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        VMSTATE_STRUCT(shadow, struct vdc_pipe, 1, vmstate_pipe_state,
                       struct vdc_pipe_state),
        VMSTATE_STRUCT(latched, struct vdc_pipe, 1, vmstate_pipe_state,
                       struct vdc_pipe_state),
        U32(vdc_pipe, commit),
        U32(vdc_pipe, status),
        U32(vdc_pipe, irq_status),
        U32(vdc_pipe, irq_enable),
        U32(vdc_pipe, line_compare),
        U32(vdc_pipe, commit_frame),
        U32(vdc_pipe, underruns),
        U32(vdc_pipe, bus_errors),
        U64(vdc_pipe, bus_error_addr),
        U32(vdc_pipe, bus_error_info),
        U32(vdc_pipe, running),
        VMSTATE_STRUCT(timing, struct vdc_pipe, 1, vmstate_timing,
                       struct vdc_timing),
        U64(vdc_pipe, start),
        U64(vdc_pipe, frame),
        U64(vdc_pipe, frame_count),
        U32(vdc_pipe, next_band),
        U32(vdc_pipe, in_vblank),
        U64(vdc_pipe, line_frame),
        U64(vdc_pipe, delayed_vblank),
        U32(vdc_pipe, crc_ctrl),
        U32(vdc_pipe, crc_epoch),
        U32(vdc_pipe, crc_head),
        U32(vdc_pipe, crc_level),
        U32(vdc_pipe, crc_lost),
        VMSTATE_UINT32_ARRAY(crc_frame, struct vdc_pipe, VDC_CRC_DEPTH),
        VMSTATE_UINT32_ARRAY(crc_value, struct vdc_pipe, VDC_CRC_DEPTH),
        U32(vdc_pipe, wb_armed),
        U32(vdc_pipe, wb_busy),
        U32(vdc_pipe, wb_error),
        U32(vdc_pipe, wb_frame),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_output = {
    .name = "vdc/output",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        U32(vdc_output, present),
        U32(vdc_output, edid_len),
        VMSTATE_BUFFER(edid, struct vdc_output),
        U32(vdc_output, irq_status),
        U32(vdc_output, irq_enable),
        U32(vdc_output, ctrl),
        U32(vdc_output, ddc_data),
        U32(vdc_output, ddc_nak),
        U32(vdc_output, ddc_state),
        U32(vdc_output, ddc_offset),
        U32(vdc_output, ddc_segment),
        VMSTATE_END_OF_LIST()
    },
};

/* The configuration is not restored: both sides must have the same. */
#define SAME(_field) \
    VMSTATE_UINT32_EQUAL(_field, struct vdc, \
                         "the vdc device has other properties there")

static const VMStateDescription vmstate_model = {
    .name = "vdc/model",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        SAME(config.num_pipes),
        SAME(config.num_outputs),
        SAME(config.num_overlays),
        SAME(config.max_width),
        SAME(config.max_height),
        SAME(config.max_clock),
        SAME(config.addr_bits),
        SAME(config.budget),
        SAME(config.first_frame),
        U32(vdc, power),
        U32(vdc, scratch),
        U32(vdc, epoch),
        U32(vdc, irq_level),
        U64(vdc, deadline),
        U32(vdc, faults.drop_vblank),
        U32(vdc, faults.stuck_commit),
        U32(vdc, faults.ddc_nak),
        U32(vdc, faults.underrun),
        U32(vdc, faults.bus_error),
        U32(vdc, faults.delay_vblank),
        VMSTATE_STRUCT_ARRAY(pipe, struct vdc, VDC_MAX_PIPES, 1, vmstate_pipe,
                             struct vdc_pipe),
        VMSTATE_STRUCT_ARRAY(output, struct vdc, VDC_MAX_OUTPUTS, 1,
                             vmstate_output, struct vdc_output),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_frame_layer = {
    .name = "vdc/frame-layer",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        U32(vdc_frame_layer, format),
        U32(vdc_frame_layer, blend),
        U32(vdc_frame_layer, x),
        U32(vdc_frame_layer, y),
        U32(vdc_frame_layer, w),
        U32(vdc_frame_layer, h),
        U32(vdc_frame_layer, pitch),
        U32(vdc_frame_layer, index),
        VMSTATE_END_OF_LIST()
    },
};

#define FRAME32(_field) VMSTATE_UINT32(frame._field, VDCFilling)
#define FRAME64(_field) VMSTATE_UINT64(frame._field, VDCFilling)

static const VMStateDescription vmstate_filling = {
    .name = "vdc/filling",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        VMSTATE_BOOL(present, VDCFilling),
        FRAME64(number),
        FRAME32(epoch),
        FRAME32(crc_epoch),
        FRAME32(flags),
        FRAME32(w),
        FRAME32(h),
        FRAME32(background),
        FRAME32(num_layers),
        VMSTATE_STRUCT_ARRAY(frame.layer, VDCFilling, VDC_MAX_LAYERS, 1,
                             vmstate_frame_layer, struct vdc_frame_layer),
        FRAME64(wb_addr),
        FRAME32(wb_pitch),
        VMSTATE_UINT64_ARRAY(offset, VDCFilling, VDC_MAX_LAYERS),
        VMSTATE_UINT32(store_bytes, VDCFilling),
        VMSTATE_VBUFFER_ALLOC_UINT32(store, VDCFilling, 1, NULL, store_bytes),
        VMSTATE_END_OF_LIST()
    },
};

static uint64_t layer_end(const VDCFilling *fill, uint32_t l)
{
    const struct vdc_frame_layer *layer = &fill->frame.layer[l];

    return fill->offset[l] + (uint64_t)layer->pitch * layer->h;
}

/* The store is not copied: it stays where it is while the stream is written. */
static void save_filling(VDCFilling *fill, const struct vdc_frame *cur)
{
    uint32_t l;

    g_free(fill->store);
    memset(fill, 0, sizeof(*fill));
    if (!cur) {
        return;
    }
    fill->present = true;
    fill->frame = *cur;
    for (l = 0; l < cur->num_layers; l++) {
        fill->offset[l] = cur->layer[l].data - cur->store;
        fill->store_bytes = MAX(fill->store_bytes, layer_end(fill, l));
    }
    fill->store = g_memdup2(cur->store, fill->store_bytes);
}

static int vdc_pre_save(void *opaque)
{
    VDCHost *h = opaque;
    uint32_t p;

    vdc_worker_drain(h);
    for (p = 0; p < VDC_MAX_PIPES; p++) {
        save_filling(&h->filling[p], h->vdc.pipe[p].cur);
    }
    return 0;
}

static int vdc_post_save(void *opaque)
{
    VDCHost *h = opaque;
    uint32_t p;

    for (p = 0; p < VDC_MAX_PIPES; p++) {
        g_free(h->filling[p].store);
        h->filling[p].store = NULL;
    }
    return 0;
}

/* The frames that are filled here end with the state that replaces them. */
static int vdc_pre_load(void *opaque)
{
    VDCHost *h = opaque;
    uint32_t p;

    vdc_worker_drain(h);
    for (p = 0; p < VDC_MAX_PIPES; p++) {
        h->vdc.pipe[p].cur = NULL;
        vdc_worker_forget(h, p);
    }
    return 0;
}

/* A stream may come from anywhere: nothing in it may lead out of bounds. */
static bool layer_valid(const VDCFilling *fill, uint32_t l)
{
    const struct vdc_frame *f = &fill->frame;
    const struct vdc_frame_layer *layer = &f->layer[l];
    uint32_t bpp = vdc_format_bpp(layer->format);

    return bpp && layer->index < VDC_MAX_LAYERS &&
           layer->w && layer->w <= f->w && layer->x <= f->w - layer->w &&
           layer->h && layer->h <= f->h && layer->y <= f->h - layer->h &&
           layer->pitch == layer->w * bpp &&
           fill->offset[l] % sizeof(uint64_t) == 0 &&
           fill->offset[l] <= fill->store_bytes &&
           layer_end(fill, l) <= fill->store_bytes;
}

static bool filling_valid(const VDCHost *h, uint32_t p)
{
    const VDCFilling *fill = &h->filling[p];
    const struct vdc_pipe *pipe = &h->vdc.pipe[p];
    uint32_t l;

    if (!fill->present) {
        return true;
    }
    if (!pipe->running || fill->frame.num_layers > VDC_MAX_LAYERS ||
        fill->frame.w != pipe->timing.hactive ||
        fill->frame.h != pipe->timing.vactive) {
        return false;
    }
    for (l = 0; l < fill->frame.num_layers; l++) {
        if (!layer_valid(fill, l)) {
            return false;
        }
    }
    return true;
}

static bool pipe_valid(const VDCHost *h, uint32_t p)
{
    const struct vdc_config *c = &h->vdc.config;
    const struct vdc_pipe *pipe = &h->vdc.pipe[p];
    const struct vdc_timing *t = &pipe->timing;

    if (pipe->crc_head >= VDC_CRC_DEPTH || pipe->crc_level > VDC_CRC_DEPTH ||
        pipe->next_band > VDC_BANDS) {
        return false;
    }
    return !pipe->running ||
           (p < c->num_pipes && t->clock && t->clock <= c->max_clock &&
            t->period && t->hactive && t->hactive <= c->max_width &&
            t->vactive && t->vactive <= c->max_height &&
            t->hactive <= t->htotal && t->vactive <= t->vtotal &&
            t->htotal <= UINT16_MAX && t->vtotal <= UINT16_MAX);
}

static bool state_valid(const VDCHost *h)
{
    uint32_t i;

    for (i = 0; i < VDC_MAX_PIPES; i++) {
        if (!pipe_valid(h, i) || !filling_valid(h, i)) {
            return false;
        }
    }
    for (i = 0; i < VDC_MAX_OUTPUTS; i++) {
        if (h->vdc.output[i].edid_len > VDC_EDID_MAX) {
            return false;
        }
    }
    return true;
}

/* Put a frame that was being filled into a slot of this host. */
static bool load_filling(VDCHost *h, uint32_t p)
{
    VDCFilling *fill = &h->filling[p];
    struct vdc_frame *f, own;
    uint32_t l;

    if (!fill->present) {
        return true;
    }
    f = vdc_worker_get(h, p, fill->frame.w, fill->frame.h, fill->store_bytes);
    if (!f) {
        return false;
    }
    own = *f;
    *f = fill->frame;
    f->pipe = p;
    f->pixels = own.pixels;
    f->store = own.store;
    f->store_bytes = own.store_bytes;
    f->scratch = own.scratch;
    f->host = own.host;
    memcpy(f->store, fill->store, fill->store_bytes);
    for (l = 0; l < f->num_layers; l++) {
        f->layer[l].data = f->store + fill->offset[l];
    }
    h->vdc.pipe[p].cur = f;
    return true;
}

/* What a source has plugged is plugged here; the files it came from are not. */
static void load_plug(VDCHost *h, uint32_t o)
{
    const struct vdc_output *out = &h->vdc.output[o];
    VDCPlug *plug = &h->plug[o];

    plug->plugged = out->present;
    if (!out->present) {
        return;
    }
    plug->has_edid = out->edid_len > 0;
    plug->len = out->edid_len;
    memcpy(plug->edid, out->edid, out->edid_len);
}

static int vdc_post_load(void *opaque, int version_id)
{
    VDCHost *h = opaque;
    bool valid = state_valid(h);
    uint32_t i;

    for (i = 0; i < VDC_MAX_PIPES; i++) {
        if (valid && !load_filling(h, i)) {
            valid = false;
        }
        g_free(h->filling[i].store);
        h->filling[i].store = NULL;
    }
    if (!valid) {
        error_report("vdc: the state to load is not a VDC's");
        vdc_reset(&h->vdc);
        return -EINVAL;
    }
    for (i = 0; i < h->config.num_outputs; i++) {
        load_plug(h, i);
    }
    vdc_host_arm(h);
    return 0;
}

const VMStateDescription vmstate_vdc_host = {
    .name = "vdc",
    .version_id = 1,
    .minimum_version_id = 1,
    .pre_save = vdc_pre_save,
    .post_save = vdc_post_save,
    .pre_load = vdc_pre_load,
    .post_load = vdc_post_load,
    .fields = (VMStateField[]) {
        VMSTATE_STRUCT(vdc, VDCHost, 1, vmstate_model, struct vdc),
        VMSTATE_STRUCT_ARRAY(filling, VDCHost, VDC_MAX_PIPES, 1,
                             vmstate_filling, VDCFilling),
        VMSTATE_END_OF_LIST()
    },
};
