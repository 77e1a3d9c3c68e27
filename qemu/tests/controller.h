/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * The controller of a VM, whichever device type it is, and pictures in the
 * VM's memory for it to show.
 */
#ifndef CONTROLLER_H
#define CONTROLLER_H

#include "vdc_frame.h"
#include "vm.h"

/**
 * struct Kind - a device type and the machine it is in
 * @name: device type
 * @binary: QEMU
 * @machine: option of -machine
 * @ram: bus address of memory that nothing else uses
 * @ram_end: first address behind all memory
 */
typedef struct Kind {
    const char *name;
    const char *binary;
    const char *machine;
    uint64_t ram;
    uint64_t ram_end;
} Kind;

extern const Kind kind_mmio, kind_pci;

/**
 * struct Controller - a controller that is powered and ready
 * @kind: device type
 * @vm: QEMU
 * @base: bus address of its registers
 */
typedef struct Controller {
    const Kind *kind;
    VM vm;
    uint64_t base;
} Controller;

/**
 * struct Picture - pixels in the VM's memory, and a copy of them here
 * @addr: bus address
 * @w: pixels
 * @h: lines
 * @px: XRGB8888
 */
typedef struct Picture {
    uint64_t addr;
    uint32_t w, h;
    uint32_t *px;
} Picture;

/* A mode with little to scan: 240 frames a second. */
#define MODE_W          64U
#define MODE_H          48U
#define MODE_TOTAL_W    80U
#define MODE_TOTAL_H    52U
#define MODE_KHZ        1000U
#define MODE_LINE_NS    (MODE_TOTAL_W * 1000000ULL / MODE_KHZ)
#define MODE_FRAME_NS   (MODE_TOTAL_H * MODE_LINE_NS)
#define MODE_ACTIVE_NS  (MODE_H * MODE_LINE_NS)

/**
 * controller_start() - start a VM with a controller
 * @c: out
 * @kind: device type
 * @properties: of the device, "" or ",name=value..."
 * @args: more arguments of QEMU, NULL at the end, or NULL
 */
void controller_start(Controller *c, const Kind *kind, const char *properties,
                      const char *const *args);

/** controller_enable() - what firmware does: BARs, bus mastering; and power */
void controller_enable(Controller *c);

void controller_stop(Controller *c);

uint32_t reg_read(Controller *c, uint32_t offset);
void reg_write(Controller *c, uint32_t offset, uint32_t value);

/** controller_irq() - level of its line at the interrupt controller */
bool controller_irq(Controller *c);

/* PCI configuration space; vdc-pci only */
uint32_t pci_read(Controller *c, uint32_t offset);
void pci_write(Controller *c, uint32_t offset, uint32_t value);

/**
 * picture_make() - a picture that has no two equal lines
 * @c: its pixels are written to this VM's memory
 * @slot: which of a few places in memory
 * @seed: gives different pictures
 */
Picture picture_make(Controller *c, uint32_t slot, uint32_t seed);

void picture_free(Picture *p);

/**
 * picture_crc() - the CRC of a frame that shows it, by the hw library
 * @p: full-screen picture
 */
uint32_t picture_crc(const Picture *p);

/** pipe_show() - enable or flip a pipe to a bus address, with the small mode */
void pipe_show(Controller *c, uint32_t pipe, uint64_t addr);

/** pipe_show_on() - the same and connect it to an output */
void pipe_show_on(Controller *c, uint32_t pipe, uint32_t output,
                  uint64_t addr);

/**
 * crc_next() - take the oldest CRC of a pipe, waiting for it in real time
 * @c: the controller
 * @pipe: pipe
 * @frame: out: its frame
 */
uint32_t crc_next(Controller *c, uint32_t pipe, uint32_t *frame);

/* For each test a pair of cmocka entries, one for each device type. */
int setup_mmio(void **state);
int setup_pci(void **state);
int teardown(void **state);

#define ON_MMIO(f) \
    { "vdc-mmio: " #f, f, setup_mmio, teardown, NULL }
#define ON_PCI(f) \
    { "vdc-pci: " #f, f, setup_pci, teardown, NULL }

#endif /* CONTROLLER_H */
