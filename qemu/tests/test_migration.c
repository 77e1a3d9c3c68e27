/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* State moves to another QEMU, in the middle of a frame too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "controller.h"
#include "vdc_regs.h"

#define WAITS       2000
#define WAIT_US     5000

static const char *const incoming[] = { "-incoming", "defer", NULL };

/* Wait for the end of a migration; whether it succeeded. */
static bool migrated(Controller *c)
{
    char *response;
    bool ended, good;
    uint32_t i;

    for (i = 0; i < WAITS; i++) {
        response = vm_qmp(&c->vm, "{'execute': 'query-migrate'}");
        good = strstr(response, "\"status\": \"completed\"");
        ended = good || strstr(response, "\"status\": \"failed\"");
        free(response);
        if (ended) {
            return good;
        }
        usleep(WAIT_US);
    }
    fail_msg("the migration does not end");
    return false;
}

/*
 * Write the state of @from to a file and start @to with it. The virtual clock
 * of the qtest accelerator is not part of a VM's state: it is set by hand.
 */
static void save(Controller *from, char *file, size_t size)
{
    snprintf(file, size, "%s/state", from->vm.dir);
    vm_qmp_ok(&from->vm, "{'execute': 'migrate', 'arguments': "
              "{'uri': 'exec:cat > %s'}}", file);
    assert_true(migrated(from));
}

static bool load(Controller *to, const Kind *kind, const char *properties,
                 const char *file, uint64_t now)
{
    controller_start(to, kind, properties, incoming);
    vm_clock_set(&to->vm, now);
    vm_qmp_ok(&to->vm, "{'execute': 'migrate-incoming', 'arguments': "
              "{'uri': 'exec:cat %s'}}", file);
    return migrated(to);
}

static void start_crc(Controller *c)
{
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_CRC_CTRL, VDC_PIPE_CRC_CTRL_ENABLE);
}

/*
 * The picture changes where the beam has been. If the frame began anew, or
 * were fetched again, on the other side then its CRC would tell.
 */
static void a_frame_continues_where_it_was_cut(void **state)
{
    Controller *c = *state, to;
    Picture old = picture_make(c, 0, 1), now;
    uint32_t half = MODE_W * MODE_H / 2, frame, i;
    uint64_t t;
    char file[128];

    start_crc(c);
    pipe_show(c, 0, old.addr);
    vm_step(&c->vm, MODE_FRAME_NS + MODE_H / 2 * MODE_LINE_NS -
            MODE_LINE_NS / 2);
    now = picture_make(c, 0, 2);
    t = vm_clock_set(&c->vm, 0);
    save(c, file, sizeof(file));
    assert_true(load(&to, c->kind, "", file, t));
    assert_int_equal(reg_read(&to, VDC_PIPE(0) + VDC_PIPE_FRAME), 1);
    /* The source's CRC of frame 0 came along. */
    assert_int_equal(crc_next(&to, 0, &frame), picture_crc(&old));
    assert_int_equal(frame, 0);
    for (i = 1; i < 4; i++) {
        vm_step(&to.vm, MODE_FRAME_NS);
        if (i == 1) {
            memcpy(old.px + half, now.px + half, half * 4);
            assert_int_equal(crc_next(&to, 0, &frame), picture_crc(&old));
        } else {
            assert_int_equal(crc_next(&to, 0, &frame), picture_crc(&now));
        }
        assert_int_equal(frame, i);
    }
    controller_stop(&to);
    picture_free(&old);
    picture_free(&now);
}

static void the_beam_stays_in_time(void **state)
{
    Controller *c = *state, to;
    uint32_t position, frame;
    uint64_t t;
    char file[128];

    pipe_show(c, 0, c->kind->ram);
    vm_step(&c->vm, 7 * MODE_FRAME_NS + 31 * MODE_LINE_NS + 1234);
    position = reg_read(c, VDC_PIPE(0) + VDC_PIPE_POSITION);
    frame = reg_read(c, VDC_PIPE(0) + VDC_PIPE_FRAME);
    assert_int_equal(position & VDC_PIPE_POSITION_LINE, 31);
    t = vm_clock_set(&c->vm, 0);
    save(c, file, sizeof(file));
    assert_true(load(&to, c->kind, "", file, t));
    assert_int_equal(reg_read(&to, VDC_PIPE(0) + VDC_PIPE_POSITION), position);
    assert_int_equal(reg_read(&to, VDC_PIPE(0) + VDC_PIPE_FRAME), frame);
    controller_stop(&to);
}

static void an_armed_commit_and_a_pending_interrupt_come_along(void **state)
{
    Controller *c = *state, to;
    Picture p = picture_make(c, 0, 1), q = picture_make(c, 1, 2);
    uint64_t t;
    char file[128];

    pipe_show(c, 0, p.addr);
    reg_write(c, VDC_PIPE(0) + VDC_PIPE_IRQ_ENABLE, VDC_PIPE_IRQ_VBLANK);
    vm_step(&c->vm, MODE_FRAME_NS);
    pipe_show(c, 0, q.addr);
    t = vm_clock_set(&c->vm, 0);
    save(c, file, sizeof(file));
    assert_true(load(&to, c->kind, "", file, t));
    assert_int_equal(reg_read(&to, VDC_PIPE(0) + VDC_PIPE_COMMIT),
                     VDC_PIPE_COMMIT_PENDING);
    assert_int_equal(reg_read(&to, VDC_IRQ_SUMMARY), VDC_IRQ_SUMMARY_PIPE(0));
    vm_step(&to.vm, MODE_ACTIVE_NS);
    assert_int_equal(reg_read(&to, VDC_LAYER(0, 0) + VDC_LAYER_ACTIVE_LO),
                     q.addr);
    /* The interrupt controller has the line's level: it can be lowered... */
    reg_write(&to, VDC_PIPE(0) + VDC_PIPE_IRQ_STATUS, VDC_PIPE_IRQ_ALL);
    assert_false(controller_irq(&to));
    /* ...and raised. */
    vm_step(&to.vm, MODE_FRAME_NS);
    assert_true(controller_irq(&to));
    controller_stop(&to);
    picture_free(&p);
    picture_free(&q);
}

static void what_is_plugged_comes_along(void **state)
{
    Controller *c = *state, to;
    char file[128], *response;

    vm_qmp_ok(&c->vm, "{'execute': 'qom-set', 'arguments': {'path': "
              "'/machine/peripheral/vdc', 'property': 'plugged1', "
              "'value': true}}");
    save(c, file, sizeof(file));
    assert_true(load(&to, c->kind, "", file, 0));
    assert_int_equal(reg_read(&to, VDC_OUTPUT(1) + VDC_OUT_STATUS),
                     VDC_OUT_STATUS_PRESENT);
    response = vm_qmp(&to.vm, "{'execute': 'qom-get', 'arguments': {'path': "
                      "'/machine/peripheral/vdc', 'property': 'plugged1'}}");
    assert_non_null(strstr(response, "true"));
    free(response);
    controller_stop(&to);
}

static void another_configuration_is_refused(void **state)
{
    static const char *const other[] = { ",overlays=1", ",first-frame=1" };
    Controller *c = *state, to;
    char file[128];
    size_t i;

    save(c, file, sizeof(file));
    for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
        /* A QEMU whose state does not load ends. */
        controller_start(&to, c->kind, other[i], incoming);
        vm_qmp_ok(&to.vm, "{'execute': 'migrate-incoming', 'arguments': "
                  "{'uri': 'exec:cat %s'}}", file);
        assert_int_equal(vm_wait(&to.vm), EXIT_FAILURE);
        controller_stop(&to);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_MMIO(a_frame_continues_where_it_was_cut),
        ON_PCI(a_frame_continues_where_it_was_cut),
        ON_MMIO(the_beam_stays_in_time),
        ON_PCI(the_beam_stays_in_time),
        ON_MMIO(an_armed_commit_and_a_pending_interrupt_come_along),
        ON_PCI(an_armed_commit_and_a_pending_interrupt_come_along),
        ON_MMIO(what_is_plugged_comes_along),
        ON_PCI(what_is_plugged_comes_along),
        ON_MMIO(another_configuration_is_refused),
        ON_PCI(another_configuration_is_refused),
    };

    return cmocka_run_group_tests_name("migration", tests, NULL, NULL);
}
