/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * QEMU's graphic consoles, one head for each output.
 *
 * A console shows the latest frame that was scanned to its end, made from the
 * bytes that the beam fetched: guest memory is not looked at again. Pixels are
 * made only when QEMU asks (a display refreshes, or screendump), by the worker;
 * so a VM that nobody watches pays nothing, and a stopped one can be looked at.
 */
#include "qemu/osdep.h"

#include "vdc_host.h"

#define NO_SIGNAL_W     640
#define NO_SIGNAL_H     480

static void show_no_signal(VDCConsole *c)
{
    g_autofree char *text = NULL;

    if (!c->signal && c->serial) {
        return;
    }
    text = g_strdup_printf("VDC output %u: no signal", c->output);
    dpy_gfx_replace_surface(c->con,
                            qemu_create_placeholder_surface(NO_SIGNAL_W,
                                                            NO_SIGNAL_H,
                                                            text));
    c->signal = false;
    c->serial = 1;
}

static bool is_current(const VDCConsole *c, uint32_t pipe,
                       const VDCPipeShow *show)
{
    return c->signal && c->serial && c->pipe == pipe && c->run == show->run &&
           c->number == show->latest->frame.number;
}

/* QEMU wants the surface up to date; graphic_hw_update_done() when it is. */
static void console_update(void *opaque)
{
    VDCConsole *c = opaque;
    VDCHost *h = c->host;
    int pipe = vdc_output_pipe(&h->vdc, c->output);
    VDCPipeShow *show;

    if (pipe < 0) {
        show_no_signal(c);
        graphic_hw_update_done(c->con);
        return;
    }
    show = &h->worker.pipe[pipe];
    if (!show->latest || is_current(c, pipe, show)) {
        graphic_hw_update_done(c->con);
        return;
    }
    c->waiting = true;
    vdc_worker_show(h, pipe);
}

static void console_invalidate(void *opaque)
{
    VDCConsole *c = opaque;

    c->serial = 0;
}

static const GraphicHwOps console_ops = {
    .invalidate = console_invalidate,
    .gfx_update = console_update,
    .gfx_update_async = true,
};

static DisplaySurface *surface_for(VDCConsole *c, const struct vdc_frame *f)
{
    DisplaySurface *surface = qemu_console_surface(c->con);

    if (c->signal && surface_width(surface) == f->w &&
        surface_height(surface) == f->h) {
        return surface;
    }
    surface = qemu_create_displaysurface(f->w, f->h);
    dpy_gfx_replace_surface(c->con, surface);
    c->serial = 0;
    return surface;
}

/* Copy what changed, or all if the surface has not the frame before. */
static void present(VDCConsole *c, const VDCSlot *slot, const VDCPipeShow *show)
{
    const struct vdc_frame *f = &slot->frame;
    DisplaySurface *surface = surface_for(c, f);
    bool partial = c->pipe == f->pipe && c->serial == show->serial - 1;
    uint32_t top = partial ? slot->dirty_top : 0;
    uint32_t end = partial ? slot->dirty_end : f->h;
    uint8_t *to = surface_data(surface);
    uint32_t y;

    for (y = top; y < end; y++) {
        memcpy(to + (size_t)y * surface_stride(surface),
               f->pixels + (size_t)y * f->w, f->w * sizeof(uint32_t));
    }
    c->signal = true;
    c->pipe = f->pipe;
    c->run = slot->run;
    c->serial = show->serial;
    c->number = f->number;
    if (top < end) {
        dpy_gfx_update(c->con, 0, top, f->w, end - top);
    }
}

void vdc_console_present(VDCHost *h, const VDCSlot *slot)
{
    const VDCPipeShow *show = &h->worker.pipe[slot->frame.pipe];
    uint32_t o;

    for (o = 0; o < h->config.num_outputs; o++) {
        VDCConsole *c = &h->console[o];
        int pipe = vdc_output_pipe(&h->vdc, o);

        if (!c->waiting) {
            continue;
        }
        if (pipe >= 0 && (uint32_t)pipe != slot->frame.pipe) {
            continue;
        }
        if (pipe < 0) {
            show_no_signal(c);
        } else if (slot->run == show->run) {
            present(c, slot, show);
        }
        c->waiting = false;
        graphic_hw_update_done(c->con);
    }
}

void vdc_console_init(VDCHost *h)
{
    uint32_t o;

    for (o = 0; o < h->config.num_outputs; o++) {
        VDCConsole *c = &h->console[o];

        *c = (VDCConsole) { .host = h, .output = o };
        c->con = graphic_console_init(h->heads ? h->heads : h->dev, o,
                                      &console_ops, c);
    }
}

void vdc_console_exit(VDCHost *h)
{
    uint32_t o;

    for (o = 0; o < h->config.num_outputs; o++) {
        if (h->console[o].waiting) {
            graphic_hw_update_done(h->console[o].con);
        }
        graphic_console_close(h->console[o].con);
    }
}
