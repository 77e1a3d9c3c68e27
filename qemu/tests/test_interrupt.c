/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* The interrupt line, MSI, and ordered misbehaviour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "controller.h"
#include "vdc_regs.h"

#define MSI_CAPABILITY  0x05
#define MSI_ENABLE      (1U << 16)
#define MSI_64BIT       (1U << 23)
#define MSI_DATA        0x4d5aU

static void enable_vblank_irq(Controller *c)
{
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_IRQ_STATUS, VDC_PIPE_IRQ_ALL);
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_IRQ_ENABLE, VDC_PIPE_IRQ_VBLANK);
}

static void the_line_follows_vblank_and_acknowledge(void **state)
{
    Controller *c = *state;

    pipe_show(c, 0, c->kind->ram);
    enable_vblank_irq(c);
    assert_false(controller_irq(c));
    vm_step(&c->vm, MODE_ACTIVE_NS - 1);
    assert_false(controller_irq(c));
    vm_step(&c->vm, 1);
    assert_true(controller_irq(c));
    assert_int_equal(reg_read(c, VDC_IRQ_SUMMARY), VDC_IRQ_SUMMARY_PIPE(0));
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_IRQ_STATUS, VDC_PIPE_IRQ_VBLANK);
    assert_false(controller_irq(c));
}

static void masking_lowers_the_line(void **state)
{
    Controller *c = *state;

    pipe_show(c, 0, c->kind->ram);
    enable_vblank_irq(c);
    vm_step(&c->vm, MODE_ACTIVE_NS);
    assert_true(controller_irq(c));
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_IRQ_ENABLE, 0);
    assert_false(controller_irq(c));
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_IRQ_ENABLE, VDC_PIPE_IRQ_VBLANK);
    assert_true(controller_irq(c));
}

static void machine_reset_lowers_the_line(void **state)
{
    Controller *c = *state;

    pipe_show(c, 0, c->kind->ram);
    enable_vblank_irq(c);
    vm_step(&c->vm, MODE_ACTIVE_NS);
    assert_true(controller_irq(c));
    vm_qmp_ok(&c->vm, "{'execute': 'system_reset'}");
    vm_step(&c->vm, 1);     /* the main loop resets, then serves us */
    controller_enable(c);
    assert_false(controller_irq(c));
}

static void enable_msi_to(Controller *c, uint64_t target)
{
    uint32_t cap = pci_read(c, 0x34) & 0xff;

    while (cap && (pci_read(c, cap) & 0xff) != MSI_CAPABILITY) {
        cap = pci_read(c, cap) >> 8 & 0xff;
    }
    assert_int_not_equal(cap, 0);
    assert_true(pci_read(c, cap) & MSI_64BIT);
    pci_write(c, cap + 4, target);
    pci_write(c, cap + 8, target >> 32);
    pci_write(c, cap + 12, MSI_DATA);
    pci_write(c, cap, pci_read(c, cap) | MSI_ENABLE);
}

/* Messages go to a word of memory, where the test sees them. */
static uint64_t enable_msi(Controller *c)
{
    uint64_t target = c->kind->ram + 0x800000;

    enable_msi_to(c, target);
    vm_writel(&c->vm, target, 0);
    return target;
}

static bool message_came(Controller *c, uint64_t target)
{
    uint32_t data = vm_readl(&c->vm, target);

    vm_writel(&c->vm, target, 0);
    return data == MSI_DATA;
}

static void msi_sends_a_message_instead(void **state)
{
    Controller *c = *state;
    uint64_t target = enable_msi(c);

    pipe_show(c, 0, c->kind->ram);
    enable_vblank_irq(c);
    assert_false(message_came(c, target));
    vm_step(&c->vm, MODE_ACTIVE_NS);
    assert_true(message_came(c, target));
    assert_false(controller_irq(c));
}

/* A driver clears what it has seen; what came meanwhile must not get lost. */
static void msi_comes_again_if_an_acknowledge_left_something(void **state)
{
    Controller *c = *state;
    uint64_t target = enable_msi(c);

    pipe_show(c, 0, c->kind->ram);
    enable_vblank_irq(c);
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_IRQ_ENABLE,
              VDC_PIPE_IRQ_VBLANK | VDC_PIPE_IRQ_COMMIT_DONE);
    pipe_show(c, 0, c->kind->ram);
    vm_step(&c->vm, MODE_ACTIVE_NS);
    assert_true(message_came(c, target));
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_IRQ_STATUS, VDC_PIPE_IRQ_VBLANK);
    assert_true(message_came(c, target));
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_IRQ_STATUS, VDC_PIPE_IRQ_COMMIT_DONE);
    assert_false(message_came(c, target));
}

static void msi_that_is_enabled_late_still_comes(void **state)
{
    Controller *c = *state;

    pipe_show(c, 0, c->kind->ram);
    enable_vblank_irq(c);
    vm_step(&c->vm, MODE_ACTIVE_NS);
    assert_true(controller_irq(c));
    /* enable_msi() clears the word behind the message, so look at the line. */
    enable_msi(c);
    assert_false(controller_irq(c));
}

/* A message into the device's own registers would come while it is at work. */
static void msi_does_not_reach_its_own_registers(void **state)
{
    Controller *c = *state;

    enable_msi_to(c, c->base + VDC_SCRATCH);
    pipe_show(c, 0, c->kind->ram);
    enable_vblank_irq(c);
    vm_step(&c->vm, MODE_ACTIVE_NS);
    assert_true(reg_read(c, VDC_PIPE(0) + VDC_PIPE_IRQ_STATUS) &
                VDC_PIPE_IRQ_VBLANK);
    assert_int_equal(reg_read(c, VDC_SCRATCH), 0);
}

static char *order(Controller *c, const char *fault, uint32_t times)
{
    return vm_qmp(&c->vm, "{'execute': 'qom-set', 'arguments': {'path': "
                  "'/machine/peripheral/vdc', 'property': '%s', "
                  "'value': %u}}", fault, times);
}

static void an_ordered_fault_strikes_so_often(void **state)
{
    Controller *c = *state;
    uint32_t i, count = 0;

    pipe_show(c, 0, c->kind->ram);
    enable_vblank_irq(c);
    free(order(c, "fault-drop-vblank", 2));
    assert_int_equal(reg_read(c, VDC_DBG_DROP_VBLANK), 2);
    for (i = 0; i < 5; i++) {
        vm_step(&c->vm, MODE_FRAME_NS);
        count += controller_irq(c);
        reg_write(c, VDC_PIPE(0) + VDC_PIPE_IRQ_STATUS, VDC_PIPE_IRQ_VBLANK);
    }
    assert_int_equal(count, 3);
    assert_int_equal(reg_read(c, VDC_DBG_DROP_VBLANK), 0);
}

static void every_fault_has_its_register(void **state)
{
    static const struct {
        const char *name;
        uint32_t reg;
    } faults[] = {
        { "fault-drop-vblank", VDC_DBG_DROP_VBLANK },
        { "fault-stuck-commit", VDC_DBG_STUCK_COMMIT },
        { "fault-ddc-nak", VDC_DBG_DDC_NAK },
        { "fault-underrun", VDC_DBG_UNDERRUN },
        { "fault-bus-error", VDC_DBG_BUS_ERROR },
        { "fault-delay-vblank", VDC_DBG_DELAY_VBLANK },
    };
    Controller *c = *state;
    uint32_t i;

    for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        free(order(c, faults[i].name, 100 + i));
        assert_int_equal(reg_read(c, faults[i].reg), 100 + i);
    }
}

static void faults_need_the_clock(void **state)
{
    Controller *c = *state;
    char *response;

    reg_write(c, VDC_POWER, 0);
    response = order(c, "fault-underrun", 1);
    assert_non_null(strstr(response, "clock is off"));
    free(response);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_MMIO(the_line_follows_vblank_and_acknowledge),
        ON_PCI(the_line_follows_vblank_and_acknowledge),
        ON_MMIO(masking_lowers_the_line),
        ON_PCI(masking_lowers_the_line),
        ON_MMIO(machine_reset_lowers_the_line),
        ON_PCI(machine_reset_lowers_the_line),
        ON_PCI(msi_sends_a_message_instead),
        ON_PCI(msi_comes_again_if_an_acknowledge_left_something),
        ON_PCI(msi_that_is_enabled_late_still_comes),
        ON_PCI(msi_does_not_reach_its_own_registers),
        ON_MMIO(an_ordered_fault_strikes_so_often),
        ON_PCI(an_ordered_fault_strikes_so_often),
        ON_MMIO(every_fault_has_its_register),
        ON_PCI(every_fault_has_its_register),
        ON_MMIO(faults_need_the_clock),
        ON_PCI(faults_need_the_clock),
    };

    return cmocka_run_group_tests_name("interrupt", tests, NULL, NULL);
}
