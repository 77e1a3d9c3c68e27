/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* Frames out of the VM's memory, judged by their CRC. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "controller.h"
#include "vdc_regs.h"

static void start_crc(Controller *c, uint32_t pipe)
{
    reg_write(c, VDC_PIPE(pipe) + VDC_PIPE_CRC_CTRL,
              VDC_PIPE_CRC_CTRL_ENABLE);
}

static uint64_t bus_error_addr(Controller *c)
{
    return reg_read(c, VDC_PIPE(0) + VDC_PIPE_BUS_ERROR_LO) |
           (uint64_t)reg_read(c, VDC_PIPE(0) + VDC_PIPE_BUS_ERROR_HI) << 32;
}

static void the_crc_is_the_pictures(void **state)
{
    Controller *c = *state;
    Picture p = picture_make(c, 0, 1);
    uint32_t frame, i;

    start_crc(c, 0);
    pipe_show(c, 0, p.addr);
    vm_step(&c->vm, 3 * MODE_FRAME_NS);
    for (i = 0; i < 3; i++) {
        assert_int_equal(crc_next(c, 0, &frame), picture_crc(&p));
        assert_int_equal(frame, i);
    }
    assert_int_equal(reg_read(c, VDC_PIPE(0) + VDC_PIPE_FRAME), 3);
    picture_free(&p);
}

static void pipes_scan_side_by_side(void **state)
{
    Controller *c = *state;
    Picture p = picture_make(c, 0, 1), q = picture_make(c, 1, 2);
    uint32_t frame;

    start_crc(c, 0);
    start_crc(c, 1);
    pipe_show(c, 0, p.addr);
    vm_step(&c->vm, MODE_FRAME_NS / 3);
    pipe_show(c, 1, q.addr);
    vm_step(&c->vm, MODE_FRAME_NS);
    assert_int_equal(crc_next(c, 0, &frame), picture_crc(&p));
    assert_int_equal(crc_next(c, 1, &frame), picture_crc(&q));
    assert_int_equal(frame, 0);
    picture_free(&p);
    picture_free(&q);
}

static void memory_is_read_when_the_beam_is_there(void **state)
{
    Controller *c = *state;
    Picture old = picture_make(c, 0, 1), torn;
    uint32_t half = MODE_W * MODE_H / 2, frame;

    start_crc(c, 0);
    pipe_show(c, 0, old.addr);
    vm_step(&c->vm, MODE_H / 2 * MODE_LINE_NS - MODE_LINE_NS / 2);
    torn = picture_make(c, 0, 2);
    vm_step(&c->vm, MODE_FRAME_NS);
    /* The upper half was fetched from what was there before. */
    memcpy(torn.px, old.px, half * 4);
    assert_int_equal(crc_next(c, 0, &frame), picture_crc(&torn));
    picture_free(&old);
    picture_free(&torn);
}

static void a_commit_latches_at_vblank(void **state)
{
    Controller *c = *state;
    Picture p = picture_make(c, 0, 1), q = picture_make(c, 1, 2);
    uint32_t frame;

    start_crc(c, 0);
    pipe_show(c, 0, p.addr);
    vm_step(&c->vm, MODE_ACTIVE_NS / 2);
    pipe_show(c, 0, q.addr);
    assert_int_equal(reg_read(c, VDC_LAYER(0, 0) + VDC_LAYER_ACTIVE_LO),
                     p.addr);
    assert_int_equal(reg_read(c, VDC_PIPE(0) + VDC_PIPE_COMMIT),
                     VDC_PIPE_COMMIT_PENDING);
    vm_step(&c->vm, MODE_ACTIVE_NS / 2);
    assert_int_equal(reg_read(c, VDC_LAYER(0, 0) + VDC_LAYER_ACTIVE_LO),
                     q.addr);
    assert_int_equal(reg_read(c, VDC_PIPE(0) + VDC_PIPE_COMMIT_FRAME), 1);
    vm_step(&c->vm, MODE_FRAME_NS);
    assert_int_equal(crc_next(c, 0, &frame), picture_crc(&p));
    assert_int_equal(crc_next(c, 0, &frame), picture_crc(&q));
    picture_free(&p);
    picture_free(&q);
}

/* What lies behind the end of memory is black; its start is reported. */
static void the_end_of_memory_is_exact(void **state)
{
    Controller *c = *state;
    Picture p = picture_make(c, 0, 1);
    uint32_t cut = MODE_W * 20 + 21, frame, i;    /* pixels that exist */
    uint64_t addr = c->kind->ram_end - cut * 4;

    vm_write(&c->vm, addr, p.px, cut * 4);
    for (i = cut; i < p.w * p.h; i++) {
        p.px[i] = 0;
    }
    start_crc(c, 0);
    pipe_show(c, 0, addr);
    vm_step(&c->vm, MODE_FRAME_NS);
    assert_int_equal(crc_next(c, 0, &frame), picture_crc(&p));
    assert_int_equal(bus_error_addr(c), c->kind->ram_end);
    assert_int_equal(reg_read(c, VDC_PIPE(0) + VDC_PIPE_BUS_ERRORS),
                     MODE_H - 20);
    assert_true(reg_read(c, VDC_PIPE(0) + VDC_PIPE_IRQ_STATUS) &
                VDC_PIPE_IRQ_BUS_ERROR);
    picture_free(&p);
}

/* A scanout of registers would read, and with it change, another device. */
static void registers_are_not_memory(void **state)
{
    Controller *c = *state;

    pipe_show(c, 0, c->base);
    vm_step(&c->vm, MODE_ACTIVE_NS);
    assert_int_equal(bus_error_addr(c), c->base);
    assert_int_equal(reg_read(c, VDC_PIPE(0) + VDC_PIPE_BUS_ERRORS), MODE_H);
}

static void without_bus_mastering_nothing_is_read(void **state)
{
    Controller *c = *state;
    Picture p = picture_make(c, 0, 1);
    uint32_t frame;

    pci_write(c, 4, 2);     /* memory, no mastering */
    start_crc(c, 0);
    pipe_show(c, 0, p.addr);
    vm_step(&c->vm, MODE_FRAME_NS);
    assert_int_equal(bus_error_addr(c), p.addr);
    memset(p.px, 0, p.w * p.h * 4);
    assert_int_equal(crc_next(c, 0, &frame), picture_crc(&p));
    picture_free(&p);
}

static void write_back_to(Controller *c, uint64_t addr)
{
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_WB_ADDR_LO, addr);
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_WB_ADDR_HI, addr >> 32);
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_WB_PITCH, MODE_W * 4);
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_WB_CTRL, VDC_PIPE_WB_CTRL_ENABLE);
}

static void wait_for_writeback(Controller *c)
{
    uint32_t i;

    for (i = 0; i < 1000000; i++) {
        if (!(reg_read(c, VDC_PIPE(0) + VDC_PIPE_WB_STATUS) &
              VDC_PIPE_WB_STATUS_BUSY)) {
            return;
        }
    }
    fail_msg("the writeback does not end");
}

static void writeback_lands_in_memory(void **state)
{
    Controller *c = *state;
    Picture p = picture_make(c, 0, 1);
    uint32_t got[MODE_W * MODE_H], i;
    uint64_t to = c->kind->ram + 0x400000;

    pipe_show(c, 0, p.addr);
    write_back_to(c, to);
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_COMMIT, VDC_PIPE_COMMIT_ARM);
    vm_step(&c->vm, 2 * MODE_FRAME_NS);
    wait_for_writeback(c);
    assert_int_equal(reg_read(c, VDC_PIPE(0) + VDC_PIPE_WB_FRAME), 1);
    assert_int_equal(reg_read(c, VDC_PIPE(0) + VDC_PIPE_WB_STATUS), 0);
    vm_read(&c->vm, to, got, sizeof(got));
    for (i = 0; i < MODE_W * MODE_H; i++) {
        assert_int_equal(got[i] & 0xffffff, p.px[i] & 0xffffff);
    }
    picture_free(&p);
}

static void writeback_to_nowhere_is_an_error(void **state)
{
    Controller *c = *state;

    pipe_show(c, 0, c->kind->ram);
    write_back_to(c, 0xff00000000ULL);
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_COMMIT, VDC_PIPE_COMMIT_ARM);
    vm_step(&c->vm, 2 * MODE_FRAME_NS);
    wait_for_writeback(c);
    assert_int_equal(reg_read(c, VDC_PIPE(0) + VDC_PIPE_WB_STATUS),
                     VDC_PIPE_WB_STATUS_ERROR);
    assert_int_equal(bus_error_addr(c), 0xff00000000ULL);
}

/* The worker may lag, but nothing gets lost or comes in another order. */
static void many_frames_keep_their_order(void **state)
{
    Controller *c = *state;
    Picture p[2] = { picture_make(c, 0, 1), picture_make(c, 1, 2) };
    uint32_t frame, i;

    start_crc(c, 0);
    for (i = 0; i < 30; i++) {
        pipe_show(c, 0, p[i % 2].addr);
        vm_step(&c->vm, MODE_FRAME_NS);
    }
    for (i = 0; i < 30; i++) {
        /* The first commit latches at once, the others a frame later. */
        uint32_t shown = i ? (i - 1) % 2 : 0;

        assert_int_equal(crc_next(c, 0, &frame),
                         picture_crc(&p[i ? shown : 0]));
        assert_int_equal(frame, i);
    }
    picture_free(&p[0]);
    picture_free(&p[1]);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_MMIO(the_crc_is_the_pictures),
        ON_PCI(the_crc_is_the_pictures),
        ON_MMIO(pipes_scan_side_by_side),
        ON_PCI(pipes_scan_side_by_side),
        ON_MMIO(memory_is_read_when_the_beam_is_there),
        ON_PCI(memory_is_read_when_the_beam_is_there),
        ON_MMIO(a_commit_latches_at_vblank),
        ON_PCI(a_commit_latches_at_vblank),
        ON_MMIO(the_end_of_memory_is_exact),
        ON_PCI(the_end_of_memory_is_exact),
        ON_MMIO(registers_are_not_memory),
        ON_PCI(registers_are_not_memory),
        ON_PCI(without_bus_mastering_nothing_is_read),
        ON_MMIO(writeback_lands_in_memory),
        ON_PCI(writeback_lands_in_memory),
        ON_MMIO(writeback_to_nowhere_is_an_error),
        ON_PCI(writeback_to_nowhere_is_an_error),
        ON_MMIO(many_frames_keep_their_order),
        ON_PCI(many_frames_keep_their_order),
    };

    return cmocka_run_group_tests_name("scanout", tests, NULL, NULL);
}
