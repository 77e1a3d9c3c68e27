/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "controller.h"
#include "vdc_regs.h"

#define MMIO_BASE       0x0b000000ULL
#define MMIO_SPI        200
#define PCI_BASE        0xfd000000ULL   /* where we put BAR 0 */
#define PCI_SLOT        4
#define PCI_ADDR_PORT   0xcf8
#define PCI_DATA_PORT   0xcfc
#define PCI_COMMAND     0x04
#define PCI_MEM_MASTER  0x0006
#define PCI_BAR0        0x10
#define PCI_FIRST_GSI   16              /* q35: INTx arrive at 16 to 23 */
#define PCI_LAST_GSI    23

#define PICTURE_ROOM    0x100000        /* bytes from a picture to the next */
#define CRC_WAIT_US     1000
#define CRC_WAITS       10000

const Kind kind_mmio = {
    .name = "vdc-mmio",
    .binary = "qemu-system-aarch64",
    .machine = "virt",
    .ram = 0x41000000ULL,
    .ram_end = 0x40000000ULL + VM_RAM_MB * 0x100000ULL,
};

const Kind kind_pci = {
    .name = "vdc-pci",
    .binary = "qemu-system-x86_64",
    .machine = "q35",
    .ram = 0x01000000ULL,
    .ram_end = VM_RAM_MB * 0x100000ULL,
};

/* The GIC has no name of its own: look for its type. */
static void gic_path(VM *vm, char *path, size_t size)
{
    static const char type[] = "\"child<arm_gic>\"";
    char *list = vm_qmp(vm, "{'execute': 'qom-list', 'arguments': "
                        "{'path': '/machine/unattached'}}");
    char *at = strstr(list, type), *object;

    assert_non_null(at);
    while (at > list && *at != '{') {
        at--;
    }
    object = strstr(at, "\"name\": \"");
    assert_non_null(object);
    object += strlen("\"name\": \"");
    snprintf(path, size, "/machine/unattached/%.*s",
             (int)strcspn(object, "\""), object);
    free(list);
}

void controller_start(Controller *c, const Kind *kind, const char *properties,
                      const char *const *more)
{
    char device[256], path[64] = "ioapic";
    const char *args[16] = {
        "-machine", kind->machine, "-device", device
    };
    size_t n = 4;

    snprintf(device, sizeof(device), "%s,id=vdc%s%s", kind->name,
             kind == &kind_pci ? ",addr=4" : "", properties);
    while (more && *more) {
        assert_true(n < 15);
        args[n++] = *more++;
    }
    memset(c, 0, sizeof(*c));
    c->kind = kind;
    vm_start(&c->vm, kind->binary, args);
    if (kind == &kind_mmio) {
        gic_path(&c->vm, path, sizeof(path));
    }
    vm_intercept(&c->vm, path);
    c->base = kind == &kind_mmio ? MMIO_BASE : PCI_BASE;
}

void controller_enable(Controller *c)
{
    if (c->kind == &kind_pci) {
        pci_write(c, PCI_BAR0, PCI_BASE);
        pci_write(c, PCI_COMMAND, PCI_MEM_MASTER);
    }
    reg_write(c, VDC_POWER, VDC_POWER_ON | VDC_POWER_CLOCK);
}

void controller_stop(Controller *c)
{
    vm_stop(&c->vm);
}

uint32_t reg_read(Controller *c, uint32_t offset)
{
    return vm_readl(&c->vm, c->base + offset);
}

void reg_write(Controller *c, uint32_t offset, uint32_t value)
{
    vm_writel(&c->vm, c->base + offset, value);
}

bool controller_irq(Controller *c)
{
    bool level = false;
    uint32_t i;

    reg_read(c, VDC_ID);    /* fetches what the qtest socket has for us */
    if (c->kind == &kind_mmio) {
        return c->vm.irq[MMIO_SPI];
    }
    for (i = PCI_FIRST_GSI; i <= PCI_LAST_GSI; i++) {
        level |= c->vm.irq[i];
    }
    return level;
}

static void pci_select(Controller *c, uint32_t offset)
{
    vm_outl(&c->vm, PCI_ADDR_PORT, 1U << 31 | PCI_SLOT << 11 | offset);
}

uint32_t pci_read(Controller *c, uint32_t offset)
{
    pci_select(c, offset);
    return vm_inl(&c->vm, PCI_DATA_PORT);
}

void pci_write(Controller *c, uint32_t offset, uint32_t value)
{
    pci_select(c, offset);
    vm_outl(&c->vm, PCI_DATA_PORT, value);
}

Picture picture_make(Controller *c, uint32_t slot, uint32_t seed)
{
    Picture p = {
        .addr = c->kind->ram + slot * PICTURE_ROOM, .w = MODE_W, .h = MODE_H
    };
    uint32_t i, x = seed * 2654435761U + 1;

    p.px = malloc(p.w * p.h * 4);
    assert_non_null(p.px);
    for (i = 0; i < p.w * p.h; i++) {
        x = x * 1664525U + 1013904223U;     /* Numerical Recipes, 7.1 */
        p.px[i] = x >> 8;
    }
    vm_write(&c->vm, p.addr, p.px, p.w * p.h * 4);
    return p;
}

void picture_free(Picture *p)
{
    free(p->px);
}

uint32_t picture_crc(const Picture *p)
{
    return vdc_crc_pixels(0, p->px, p->w * p->h);
}

static uint32_t halves(uint32_t low, uint32_t high)
{
    return low | high << 16;
}

void pipe_show(Controller *c, uint32_t pipe, uint64_t addr)
{
    const struct {
        uint32_t reg;
        uint32_t value;
    } writes[] = {
        { VDC_PIPE_CLOCK, MODE_KHZ },
        { VDC_PIPE_ACTIVE, halves(MODE_W, MODE_H) },
        { VDC_PIPE_TOTAL, halves(MODE_TOTAL_W, MODE_TOTAL_H) },
        { VDC_PIPE_SYNC_START, halves(MODE_W + 2, MODE_H + 1) },
        { VDC_PIPE_SYNC_END, halves(MODE_W + 4, MODE_H + 2) },
        { VDC_PIPE_CTRL, VDC_PIPE_CTRL_ENABLE },
        { VDC_LAYER(0, 0) - VDC_PIPE(0) + VDC_LAYER_ADDR_LO, addr },
        { VDC_LAYER(0, 0) - VDC_PIPE(0) + VDC_LAYER_ADDR_HI, addr >> 32 },
        { VDC_LAYER(0, 0) - VDC_PIPE(0) + VDC_LAYER_PITCH, MODE_W * 4 },
        { VDC_LAYER(0, 0) - VDC_PIPE(0) + VDC_LAYER_POS, 0 },
        { VDC_LAYER(0, 0) - VDC_PIPE(0) + VDC_LAYER_SIZE,
          halves(MODE_W, MODE_H) },
        { VDC_LAYER(0, 0) - VDC_PIPE(0) + VDC_LAYER_CTRL,
          VDC_LAYER_CTRL_ENABLE },
        { VDC_PIPE_COMMIT, VDC_PIPE_COMMIT_ARM },
    };
    size_t i;

    for (i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
        reg_write(c, VDC_PIPE(pipe) + writes[i].reg, writes[i].value);
    }
}

void pipe_show_on(Controller *c, uint32_t pipe, uint32_t output, uint64_t addr)
{
    pipe_show(c, pipe, addr);
    reg_write(c, VDC_OUTPUT(output) + VDC_OUT_CTRL,
              VDC_OUT_CTRL_ENABLE | pipe << 4);
}

uint32_t crc_next(Controller *c, uint32_t pipe, uint32_t *frame)
{
    uint32_t crc, i;

    for (i = 0; !reg_read(c, VDC_PIPE(pipe) + VDC_PIPE_CRC_LEVEL); i++) {
        if (i == CRC_WAITS) {
            fail_msg("no CRC came");
        }
        usleep(CRC_WAIT_US);
    }
    *frame = reg_read(c, VDC_PIPE(pipe) + VDC_PIPE_CRC_FRAME);
    crc = reg_read(c, VDC_PIPE(pipe) + VDC_PIPE_CRC_VALUE);
    reg_write(c, VDC_PIPE(pipe) + VDC_PIPE_CRC_POP, 1);
    return crc;
}

static int setup(void **state, const Kind *kind)
{
    Controller *c = malloc(sizeof(*c));

    controller_start(c, kind, "", NULL);
    controller_enable(c);
    *state = c;
    return 0;
}

int setup_mmio(void **state)
{
    return setup(state, &kind_mmio);
}

int setup_pci(void **state)
{
    return setup(state, &kind_pci);
}

int teardown(void **state)
{
    Controller *c = *state;

    if (c) {
        controller_stop(c);
    }
    free(c);
    return 0;
}
