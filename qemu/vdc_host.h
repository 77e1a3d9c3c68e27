/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * QEMU host of the VDC model: what its files share.
 *
 * Everything here runs under the big QEMU lock (BQL), save for the worker
 * thread, which composes frames and touches nothing but its slots.
 */
#ifndef VDC_HOST_H
#define VDC_HOST_H

#include "qemu/thread.h"
#include "qemu/timer.h"
#include "qom/object.h"
#include "hw/qdev-core.h"
#include "migration/vmstate.h"
#include "exec/memory.h"
#include "sysemu/runstate.h"
#include "ui/console.h"

#include "vdc_model.h"

#define TYPE_VDC_MMIO   "vdc-mmio"
#define TYPE_VDC_PCI    "vdc-pci"

/* Of each pipe: one that fills, four that wait, one that a display reads. */
#define VDC_SLOTS       6

typedef struct VDCHost VDCHost;

typedef struct VDCSlot VDCSlot;

/**
 * struct VDCJob - something for the worker to do
 * @slot: with this
 * @show: make pixels for the displays; else compose it for the model
 * @next: in the worker's queues
 */
typedef struct VDCJob {
    VDCSlot *slot;
    bool show;
    QSIMPLEQ_ENTRY(VDCJob) next;
} VDCJob;

/**
 * struct VDCSlot - memory for a frame, and the frame in it
 * @frame: what model and worker use; its host points back here
 * @job: to compose it
 * @refs: users: the model that fills it, each job, and being the latest; it is
 *      free when there are none. BQL
 * @filling: the model fills it
 * @run: &VDCPipeShow.run when it was handed out
 * @scratch_bytes: room at @frame.scratch
 * @pixel_bytes: room at @frame.pixels
 * @dirty_top: first line that differs from what was shown before; valid after
 *      a show job, as is
 * @dirty_end: first line after the last such
 */
struct VDCSlot {
    struct vdc_frame frame;
    VDCJob job;
    uint32_t refs;
    bool filling;
    uint32_t run;
    size_t scratch_bytes;
    size_t pixel_bytes;
    uint32_t dirty_top;
    uint32_t dirty_end;
};

/**
 * struct VDCPipeShow - what displays may show of a pipe
 * @latest: the newest frame that was scanned to its end, or NULL
 * @run: counts enables and resets: frames of before are not shown
 * @job: to show @latest; there is one at a time
 * @busy: @job is under way
 * @serial: counts show jobs that were finished, from 1
 * @shown: pixels of the last show job (the worker's, while one is under way)
 * @w: width of @shown
 * @h: height of @shown
 */
typedef struct VDCPipeShow {
    VDCSlot *latest;
    uint32_t run;
    VDCJob job;
    bool busy;
    uint32_t serial;
    uint32_t *shown;
    uint32_t w, h;
} VDCPipeShow;

typedef QSIMPLEQ_HEAD(VDCJobQueue, VDCJob) VDCJobQueue;

/**
 * struct VDCWorker - the thread that composes frames
 * @lock: guards @todo, @done, @shown, @busy and @stop; innermost lock
 * @work: there is something in @todo, or @stop
 * @idle: something moved to @done or @shown
 * @todo: jobs, oldest first
 * @done: composed frames, to complete under the BQL, oldest first
 * @shown: show jobs that are done, to complete in the main loop
 * @busy: the thread has a job that is in no queue
 * @stop: end the thread
 * @bh: completes what is in @done and @shown
 * @slot: the slots of each pipe
 * @pipe: what displays may show
 */
typedef struct VDCWorker {
    QemuThread thread;
    QemuMutex lock;
    QemuCond work;
    QemuCond idle;
    VDCJobQueue todo;
    VDCJobQueue done;
    VDCJobQueue shown;
    bool busy;
    bool stop;
    QEMUBH *bh;
    VDCSlot slot[VDC_MAX_PIPES][VDC_SLOTS];
    VDCPipeShow pipe[VDC_MAX_PIPES];
} VDCWorker;

/**
 * struct VDCConsole - a QEMU console: what an output puts out
 * @con: QEMU's side
 * @host: the device
 * @output: which output
 * @signal: the surface shows frames (or else that there is no signal)
 * @waiting: QEMU waits for an update of this console
 * @pipe: pipe of the frame that the surface shows
 * @run: its &VDCPipeShow.run
 * @serial: its &VDCPipeShow.serial, 0 if the surface is out of date
 * @number: its frame number
 */
typedef struct VDCConsole {
    QemuConsole *con;
    VDCHost *host;
    uint32_t output;
    bool signal;
    bool waiting;
    uint32_t pipe;
    uint32_t run;
    uint32_t serial;
    uint64_t number;
} VDCConsole;

/**
 * struct VDCPlug - the display at an output, as properties describe it
 * @plugged: it is plugged
 * @has_edid: it answers on the DDC
 * @path: property edidN: a file, "none", or NULL for the built-in EDID
 * @edid: its EDID
 * @len: bytes of @edid
 */
typedef struct VDCPlug {
    bool plugged;
    bool has_edid;
    char *path;
    uint8_t edid[VDC_EDID_MAX];
    uint32_t len;
} VDCPlug;

/**
 * struct VDCFilling - the frame that a pipe fills, in the form VMState saves
 * @present: there is one
 * @frame: its plain fields; pointers are not used
 * @offset: of each layer's data in @store
 * @store_bytes: size of @store
 * @store: fetched bytes
 */
typedef struct VDCFilling {
    bool present;
    struct vdc_frame frame;
    uint64_t offset[VDC_MAX_LAYERS];
    uint32_t store_bytes;
    uint8_t *store;
} VDCFilling;

/**
 * struct VDCHost - what both device types embed
 * @vdc: the model
 * @config: properties: what the model is built with
 * @dev: the device this is part of; NULL until realize
 * @heads: the device that its consoles belong to; NULL: @dev
 * @as: where its DMA goes
 * @irq: drives its interrupt line
 * @timer: the model's deadline, QEMU_CLOCK_VIRTUAL
 * @iomem: the register map
 * @vmstate: keeps the worker idle while the VM is stopped
 */
struct VDCHost {
    struct vdc vdc;
    struct vdc_config config;
    DeviceState *dev;
    DeviceState *heads;
    AddressSpace *as;
    void (*irq)(DeviceState *dev, bool level);
    QEMUTimer *timer;
    MemoryRegion iomem;
    VMChangeStateEntry *vmstate;
    VDCWorker worker;
    VDCConsole console[VDC_MAX_OUTPUTS];
    VDCPlug plug[VDC_MAX_OUTPUTS];
    VDCFilling filling[VDC_MAX_PIPES];
    char *trace_path;
    FILE *trace;
};

/* vdc_host.c */

/**
 * vdc_host_realize() - build the controller
 * @h: zeroed, with its properties set
 * @dev: the device it is part of
 * @as: where its DMA goes
 * @irq: called with the level of the interrupt line when it changes, and
 *      again with true after a write that may have acknowledged something
 *      while the line stays high: what a host with edges (MSI) needs
 * @errp: error
 * Return: success. On failure nothing is left behind.
 */
bool vdc_host_realize(VDCHost *h, DeviceState *dev, AddressSpace *as,
                      void (*irq)(DeviceState *dev, bool level), Error **errp);

/**
 * vdc_host_unrealize() - the contrary
 * @h: the host
 */
void vdc_host_unrealize(VDCHost *h);

/**
 * vdc_host_finalize() - free what properties hold
 * @h: the host, after vdc_host_unrealize() or never realized
 */
void vdc_host_finalize(VDCHost *h);

/**
 * vdc_host_reset() - hardware reset, as machine reset does it
 * @h: the host
 */
void vdc_host_reset(VDCHost *h);

/**
 * vdc_host_arm() - set the timer to the model's deadline
 * @h: the host
 */
void vdc_host_arm(VDCHost *h);

/* vdc_worker.c */

void vdc_worker_init(VDCHost *h);
void vdc_worker_exit(VDCHost *h);

/**
 * vdc_worker_get() - &vdc_host_ops.frame_get
 * @h: the host
 * @pipe: pipe
 * @w: width, pixels
 * @height: lines
 * @bytes: room for fetched bytes
 * Return: a frame, waiting for the oldest of the pipe if none is free; NULL
 * if there is not enough memory.
 */
struct vdc_frame *vdc_worker_get(VDCHost *h, uint32_t pipe, uint32_t w,
                                 uint32_t height, size_t bytes);

/** vdc_worker_queue() - &vdc_host_ops.frame_queue */
void vdc_worker_queue(VDCHost *h, struct vdc_frame *frame);

/**
 * vdc_worker_drain() - wait for every queued frame, and complete it
 * @h: the host
 */
void vdc_worker_drain(VDCHost *h);

/**
 * vdc_worker_forget() - nothing of what a pipe scanned so far is to be shown
 * @h: the host
 * @pipe: pipe
 */
void vdc_worker_forget(VDCHost *h, uint32_t pipe);

/**
 * vdc_worker_show() - make the pixels of a pipe's latest frame
 * @h: the host
 * @pipe: a pipe with a latest frame
 *
 * vdc_console_present() is called when they are ready; if such a job is under
 * way already then it serves this caller too.
 */
void vdc_worker_show(VDCHost *h, uint32_t pipe);

/* vdc_console.c */

void vdc_console_init(VDCHost *h);
void vdc_console_exit(VDCHost *h);

/**
 * vdc_console_present() - the pixels of a frame are ready
 * @h: the host
 * @slot: the frame; valid during the call
 */
void vdc_console_present(VDCHost *h, const VDCSlot *slot);

/* vdc_plug.c */

void vdc_plug_defaults(VDCHost *h);

/**
 * vdc_plug_load() - property edidN
 * @plug: output's display
 * @path: a file, "none" for a display without EDID, "" for the built-in one
 * @serial: of the built-in EDID
 * @errp: error
 * Return: success; on failure nothing changed.
 */
bool vdc_plug_load(VDCPlug *plug, const char *path, uint32_t serial,
                   Error **errp);

/**
 * vdc_plug_apply() - tell the model what is plugged at an output
 * @h: a realized host
 * @output: which
 */
void vdc_plug_apply(VDCHost *h, uint32_t output);

/* vdc_props.c */

/**
 * vdc_props_class_init() - add the properties that both device types have
 * @klass: class
 * @offset: of VDCHost in its instances
 */
void vdc_props_class_init(ObjectClass *klass, size_t offset);

/* vdc_trace.c */

bool vdc_trace_open(VDCHost *h, Error **errp);
void vdc_trace_close(VDCHost *h);
void vdc_trace_event(VDCHost *h, enum vdc_event event, uint32_t pipe,
                     uint64_t arg);
void vdc_trace_register(VDCHost *h, bool write, uint32_t offset,
                        uint32_t value);

/* vdc_vmstate.c */

/* All of a host; devices put it behind their own. */
extern const VMStateDescription vmstate_vdc_host;

/* vdc_heads.c */

/**
 * vdc_heads_new() - a device for the consoles of one that is on no bus
 * @dev: the device; becomes the owner
 * Return: a device that can be found by @dev's id.
 */
DeviceState *vdc_heads_new(DeviceState *dev);

void vdc_heads_register(void);

/* vdc_mmio.c, vdc_pci.c */

void vdc_mmio_register(void);
void vdc_pci_register(void);

#endif /* VDC_HOST_H */
