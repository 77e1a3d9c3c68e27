/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * Trace: a line for each register access and each event of the model.
 *
 *     <virtual time, ns> <device> write <offset> <value>
 *     <virtual time, ns> <device> pipe<N> <event> <argument>
 *
 * A plug-in cannot add to QEMU's own trace events, which are compiled in;
 * property trace=on|FILE works in both builds.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"

#include "vdc_host.h"

static const char *const event_names[] = {
    [VDC_EVENT_ENABLE] = "enable, frame period",
    [VDC_EVENT_DISABLE] = "disable after frame",
    [VDC_EVENT_BAD_MODE] = "bad mode",
    [VDC_EVENT_LATCH] = "latch for frame",
    [VDC_EVENT_VBLANK] = "vblank, frame count",
    [VDC_EVENT_SKIP] = "skip, frames",
    [VDC_EVENT_UNDERRUN] = "underrun in frame",
    [VDC_EVENT_BUS_ERROR] = "bus error at",
    [VDC_EVENT_CRC] = "crc of frame",
    [VDC_EVENT_WRITEBACK] = "writeback of frame",
    [VDC_EVENT_RESET] = "reset",
};

static void begin_line(VDCHost *h)
{
    fprintf(h->trace, "%" PRId64 " %s ",
            qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL),
            h->dev && h->dev->id ? h->dev->id : "vdc");
}

void vdc_trace_event(VDCHost *h, enum vdc_event event, uint32_t pipe,
                     uint64_t arg)
{
    if (!h->trace || event >= ARRAY_SIZE(event_names)) {
        return;
    }
    begin_line(h);
    fprintf(h->trace, "pipe%u %s ", pipe, event_names[event]);
    switch (event) {
    case VDC_EVENT_CRC:
        fprintf(h->trace, "%u 0x%08x\n", (uint32_t)(arg >> 32), (uint32_t)arg);
        break;
    case VDC_EVENT_BUS_ERROR:
        fprintf(h->trace, "0x%" PRIx64 "\n", arg);
        break;
    default:
        fprintf(h->trace, "%" PRIu64 "\n", arg);
        break;
    }
}

void vdc_trace_register(VDCHost *h, bool write, uint32_t offset,
                        uint32_t value)
{
    if (!h->trace) {
        return;
    }
    begin_line(h);
    fprintf(h->trace, "%s 0x%04x 0x%08x\n", write ? "write" : "read", offset,
            value);
}

bool vdc_trace_open(VDCHost *h, Error **errp)
{
    if (!h->trace_path || !strcmp(h->trace_path, "off")) {
        return true;
    }
    if (!strcmp(h->trace_path, "on")) {
        h->trace = stderr;
        return true;
    }
    h->trace = fopen(h->trace_path, "w");
    if (!h->trace) {
        error_setg_errno(errp, errno, "vdc: cannot write the trace to %s",
                         h->trace_path);
        return false;
    }
    setvbuf(h->trace, NULL, _IOLBF, 0);
    return true;
}

void vdc_trace_close(VDCHost *h)
{
    if (h->trace && h->trace != stderr) {
        fclose(h->trace);
    }
    h->trace = NULL;
}
