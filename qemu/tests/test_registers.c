/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* The register map through the machine's bus. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "controller.h"
#include "vdc_regs.h"

static void the_id_and_counts_are_there(void **state)
{
    Controller *c = *state;

    assert_int_equal(reg_read(c, VDC_ID), VDC_ID_MAGIC);
    assert_int_equal(reg_read(c, VDC_CAPS) &
                     (VDC_CAPS_PIPES | VDC_CAPS_OUTPUTS), 0x22);
    assert_int_equal(reg_read(c, VDC_PIPE(0) + VDC_PIPE_CAPS), 4);
    assert_int_equal(reg_read(c, VDC_MAX_MODE), 4096 | 2160 << 16);
}

static void properties_change_the_counts(void **state)
{
    Controller *c = *state;
    const Kind *kind = c->kind;

    controller_stop(c);
    controller_start(c, kind, ",pipes=3,outputs=4,overlays=5,plugged3=on",
                     NULL);
    controller_enable(c);
    assert_int_equal(reg_read(c, VDC_CAPS) &
                     (VDC_CAPS_PIPES | VDC_CAPS_OUTPUTS), 0x43);
    assert_int_equal(reg_read(c, VDC_PIPE(2) + VDC_PIPE_CAPS), 7);
    assert_int_equal(reg_read(c, VDC_OUTPUT(3) + VDC_OUT_STATUS),
                     VDC_OUT_STATUS_PRESENT);
    assert_int_equal(reg_read(c, VDC_OUTPUT(2) + VDC_OUT_STATUS), 0);
}

static void a_stopped_clock_ignores_writes(void **state)
{
    Controller *c = *state;

    reg_write(c, VDC_SCRATCH, 0x12345678);
    assert_int_equal(reg_read(c, VDC_SCRATCH), 0x12345678);
    reg_write(c, VDC_POWER, VDC_POWER_ON);
    reg_write(c, VDC_SCRATCH, 0);
    assert_int_equal(reg_read(c, VDC_SCRATCH), 0x12345678);
}

static void narrow_writes_change_nothing(void **state)
{
    Controller *c = *state;

    reg_write(c, VDC_SCRATCH, 0x12345678);
    vm_writeb(&c->vm, c->base + VDC_SCRATCH, 0xff);
    vm_writeb(&c->vm, c->base + VDC_SCRATCH + 2, 0xff);
    assert_int_equal(reg_read(c, VDC_SCRATCH), 0x12345678);
}

static void machine_reset_loses_registers(void **state)
{
    Controller *c = *state;

    reg_write(c, VDC_SCRATCH, 1);
    pipe_show(c, 0, c->kind->ram);
    vm_qmp_ok(&c->vm, "{'execute': 'system_reset'}");
    vm_step(&c->vm, MODE_FRAME_NS);
    controller_enable(c);
    assert_int_equal(reg_read(c, VDC_SCRATCH), 0);
    assert_int_equal(reg_read(c, VDC_PIPE(0) + VDC_PIPE_STATUS), 0);
    /* What is plugged is not the controller's business. */
    assert_int_equal(reg_read(c, VDC_OUTPUT(0) + VDC_OUT_STATUS),
                     VDC_OUT_STATUS_PRESENT);
}

static void the_pci_identity_is_the_maps(void **state)
{
    Controller *c = *state;

    assert_int_equal(pci_read(c, 0), VDC_PCI_DEVICE_ID << 16 |
                     VDC_PCI_VENDOR_ID);
    assert_int_equal(pci_read(c, 8) >> 8, 0x038000);
    pci_write(c, 0x10, 0xffffffff);
    assert_int_equal(pci_read(c, 0x10), (uint32_t)-VDC_MMIO_SIZE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_MMIO(the_id_and_counts_are_there),
        ON_PCI(the_id_and_counts_are_there),
        ON_MMIO(properties_change_the_counts),
        ON_PCI(properties_change_the_counts),
        ON_MMIO(a_stopped_clock_ignores_writes),
        ON_PCI(a_stopped_clock_ignores_writes),
        ON_MMIO(narrow_writes_change_nothing),
        ON_PCI(narrow_writes_change_nothing),
        ON_MMIO(machine_reset_loses_registers),
        ON_PCI(machine_reset_loses_registers),
        ON_PCI(the_pci_identity_is_the_maps),
    };

    return cmocka_run_group_tests_name("registers", tests, NULL, NULL);
}
