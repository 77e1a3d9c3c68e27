/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* The outside: what is plugged, and what QEMU's consoles show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "controller.h"
#include "vdc_model.h"

#define DDC_WRITE       0xa0U   /* address byte of the EDID memory */
#define DDC_READ        0xa1U
#define PPM_MAX         (64 + 1920 * 1080 * 3)

static char *set_property(Controller *c, const char *name, const char *value)
{
    return vm_qmp(&c->vm, "{'execute': 'qom-set', 'arguments': {'path': "
                  "'/machine/peripheral/vdc', 'property': '%s', "
                  "'value': %s}}", name, value);
}

static void set_ok(Controller *c, const char *name, const char *value)
{
    char *response = set_property(c, name, value);

    assert_null(strstr(response, "\"error\""));
    free(response);
}

static bool ddc(Controller *c, uint32_t output, uint32_t byte, uint32_t cmd)
{
    reg_write(c, VDC_OUTPUT(output) + VDC_OUT_DDC_DATA, byte);
    reg_write(c, VDC_OUTPUT(output) + VDC_OUT_DDC_CMD, cmd);
    return !(reg_read(c, VDC_OUTPUT(output) + VDC_OUT_DDC_STATUS) &
             VDC_OUT_DDC_STATUS_NAK);
}

/* As an I2C driver reads it: write the offset, repeated start, read. */
static bool read_edid(Controller *c, uint32_t output, uint8_t *edid,
                      uint32_t len)
{
    uint32_t i;

    if (!ddc(c, output, DDC_WRITE, VDC_OUT_DDC_CMD_START) ||
        !ddc(c, output, 0, VDC_OUT_DDC_CMD_WRITE) ||
        !ddc(c, output, DDC_READ, VDC_OUT_DDC_CMD_START)) {
        ddc(c, output, 0, VDC_OUT_DDC_CMD_STOP);
        return false;
    }
    for (i = 0; i < len; i++) {
        reg_write(c, VDC_OUTPUT(output) + VDC_OUT_DDC_CMD,
                  VDC_OUT_DDC_CMD_READ |
                  (i + 1 < len ? 0 :
                   VDC_OUT_DDC_CMD_NAK | VDC_OUT_DDC_CMD_STOP));
        edid[i] = reg_read(c, VDC_OUTPUT(output) + VDC_OUT_DDC_DATA);
    }
    return true;
}

static void make_file(Controller *c, const char *name, const void *data,
                      size_t len, char *path, size_t size)
{
    FILE *f;

    snprintf(path, size, "\"%s/%s\"", c->vm.dir, name);
    path[strlen(path) - 1] = '\0';
    f = fopen(path + 1, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
    strcat(path, "\"");
}

static void plugging_raises_hpd(void **state)
{
    Controller *c = *state;

    reg_write(c, VDC_OUTPUT(1) + VDC_OUT_IRQ_ENABLE, VDC_OUT_IRQ_HPD);
    assert_int_equal(reg_read(c, VDC_OUTPUT(1) + VDC_OUT_STATUS), 0);
    set_ok(c, "plugged1", "true");
    assert_true(controller_irq(c));
    assert_int_equal(reg_read(c, VDC_OUTPUT(1) + VDC_OUT_STATUS),
                     VDC_OUT_STATUS_PRESENT);
    reg_write(c, VDC_OUTPUT(1) + VDC_OUT_IRQ_STATUS, VDC_OUT_IRQ_HPD);
    assert_false(controller_irq(c));
    /* It is plugged already: nothing happens. */
    set_ok(c, "plugged1", "true");
    assert_false(controller_irq(c));
    set_ok(c, "plugged1", "false");
    assert_true(controller_irq(c));
    assert_int_equal(reg_read(c, VDC_OUTPUT(1) + VDC_OUT_STATUS), 0);
}

/* A line of the human monitor; the answer is in the response. */
static char *monitor(Controller *c, const char *line)
{
    return vm_qmp(&c->vm, "{'execute': 'human-monitor-command', "
                  "'arguments': {'command-line': '%s'}}", line);
}

static void the_human_monitor_plugs_too(void **state)
{
    Controller *c = *state;

    free(monitor(c, "qom-set /machine/peripheral/vdc plugged1 true"));
    assert_int_equal(reg_read(c, VDC_OUTPUT(1) + VDC_OUT_STATUS),
                     VDC_OUT_STATUS_PRESENT);
    free(monitor(c, "qom-set /machine/peripheral/vdc plugged1 false"));
    assert_int_equal(reg_read(c, VDC_OUTPUT(1) + VDC_OUT_STATUS), 0);
}

static void the_default_edid_is_read_by_ddc(void **state)
{
    Controller *c = *state;
    uint8_t expected[VDC_EDID_DEFAULT_BYTES], edid[sizeof(expected)];

    vdc_edid_default(expected, 1);
    assert_true(read_edid(c, 0, edid, sizeof(edid)));
    assert_memory_equal(edid, expected, sizeof(edid));
    assert_false(read_edid(c, 1, edid, sizeof(edid)));
}

static void an_edid_file_replaces_it_at_run_time(void **state)
{
    Controller *c = *state;
    uint8_t mine[128], edid[sizeof(mine)];
    char path[128];
    uint32_t i;

    for (i = 0; i < sizeof(mine); i++) {
        mine[i] = 3 * i + 7;
    }
    make_file(c, "edid", mine, sizeof(mine), path, sizeof(path));
    reg_write(c, VDC_OUTPUT(0) + VDC_OUT_IRQ_STATUS, VDC_OUT_IRQ_HPD);
    set_ok(c, "edid0", path);
    assert_int_equal(reg_read(c, VDC_OUTPUT(0) + VDC_OUT_IRQ_STATUS),
                     VDC_OUT_IRQ_HPD);
    assert_true(read_edid(c, 0, edid, sizeof(edid)));
    assert_memory_equal(edid, mine, sizeof(mine));
    set_ok(c, "edid0", "\"none\"");
    assert_false(read_edid(c, 0, edid, sizeof(edid)));
    assert_int_equal(reg_read(c, VDC_OUTPUT(0) + VDC_OUT_STATUS),
                     VDC_OUT_STATUS_PRESENT);
}

static void bad_edids_are_refused_and_change_nothing(void **state)
{
    static const char *const wrong[] = {
        "\"/nonexistent\"", "\"/dev/null\"", "17",
    };
    Controller *c = *state;
    uint8_t expected[VDC_EDID_DEFAULT_BYTES], edid[sizeof(expected)];
    char path[128], *response;
    uint32_t i;

    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        response = set_property(c, "edid0", wrong[i]);
        assert_non_null(strstr(response, "\"error\""));
        free(response);
    }
    make_file(c, "edid", expected, 127, path, sizeof(path));
    response = set_property(c, "edid0", path);
    assert_non_null(strstr(response, "127 bytes"));
    free(response);
    response = set_property(c, "plugged2", "true");
    assert_non_null(strstr(response, "no output 2"));
    free(response);
    vdc_edid_default(expected, 1);
    assert_true(read_edid(c, 0, edid, sizeof(edid)));
    assert_memory_equal(edid, expected, sizeof(edid));
}

/* What QEMU says an output puts out: a P6 file, without its header. */
static uint8_t *screendump(Controller *c, uint32_t head, uint32_t *w,
                           uint32_t *h)
{
    uint8_t *ppm = malloc(PPM_MAX);
    char path[128];
    size_t len;
    FILE *f;
    int at;

    assert_non_null(ppm);
    snprintf(path, sizeof(path), "%s/dump", c->vm.dir);
    vm_qmp_ok(&c->vm, "{'execute': 'screendump', 'arguments': {'filename': "
              "'%s', 'device': 'vdc', 'head': %u}}", path, head);
    f = fopen(path, "rb");
    assert_non_null(f);
    len = fread(ppm, 1, PPM_MAX - 1, f);
    fclose(f);
    ppm[len] = '\0';
    assert_int_equal(sscanf((char *)ppm, "P6 %u %u 255%n", w, h, &at), 2);
    at++;
    assert_int_equal(len - at, *w * *h * 3);
    memmove(ppm, ppm + at, len - at);
    return ppm;
}

static void assert_shows(Controller *c, uint32_t head, const Picture *p)
{
    uint32_t w, h, i;
    uint8_t *rgb = screendump(c, head, &w, &h);

    assert_int_equal(w, p->w);
    assert_int_equal(h, p->h);
    for (i = 0; i < w * h; i++) {
        uint32_t px = rgb[3 * i] << 16 | rgb[3 * i + 1] << 8 | rgb[3 * i + 2];

        if (px != (p->px[i] & 0xffffff)) {
            fail_msg("pixel %u,%u is %06x, not %06x", i % w, i / w, px,
                     p->px[i] & 0xffffff);
        }
    }
    free(rgb);
}

static void a_screendump_shows_the_last_whole_frame(void **state)
{
    Controller *c = *state;
    Picture p = picture_make(c, 0, 1), q;

    pipe_show_on(c, 0, 0, p.addr);
    vm_step(&c->vm, MODE_ACTIVE_NS);
    /* Memory that changes afterwards is not on the screen yet. */
    q = picture_make(c, 0, 2);
    assert_shows(c, 0, &p);
    vm_step(&c->vm, MODE_FRAME_NS);
    assert_shows(c, 0, &q);
    assert_shows(c, 0, &q);
    picture_free(&p);
    picture_free(&q);
}

static void a_change_of_few_lines_arrives(void **state)
{
    Controller *c = *state;
    Picture p = picture_make(c, 0, 1);
    uint32_t at = 17 * MODE_W + 5;

    pipe_show_on(c, 0, 0, p.addr);
    vm_step(&c->vm, MODE_ACTIVE_NS);
    assert_shows(c, 0, &p);
    p.px[at] ^= 0xffffff;
    vm_write(&c->vm, p.addr + 4 * at, &p.px[at], 4);
    vm_step(&c->vm, MODE_FRAME_NS);
    assert_shows(c, 0, &p);
    picture_free(&p);
}

static void each_output_shows_its_pipe(void **state)
{
    Controller *c = *state;
    Picture p = picture_make(c, 0, 1), q = picture_make(c, 1, 2);

    pipe_show_on(c, 0, 1, p.addr);
    pipe_show_on(c, 1, 0, q.addr);
    vm_step(&c->vm, MODE_FRAME_NS);
    assert_shows(c, 0, &q);
    assert_shows(c, 1, &p);
    /* Both show the same one. */
    pipe_show_on(c, 0, 0, p.addr);
    assert_shows(c, 0, &p);
    assert_shows(c, 1, &p);
    picture_free(&p);
    picture_free(&q);
}

static void an_output_that_is_off_has_no_signal(void **state)
{
    Controller *c = *state;
    Picture p = picture_make(c, 0, 1);
    uint32_t w, h;

    pipe_show_on(c, 0, 0, p.addr);
    vm_step(&c->vm, MODE_FRAME_NS);
    assert_shows(c, 0, &p);
    reg_write(c, VDC_OUTPUT(0) + VDC_OUT_CTRL, 0);
    free(screendump(c, 0, &w, &h));
    assert_int_equal(w, 640);
    reg_write(c, VDC_OUTPUT(0) + VDC_OUT_CTRL, VDC_OUT_CTRL_ENABLE);
    assert_shows(c, 0, &p);
    reg_write(c, VDC_POWER, 0);
    free(screendump(c, 0, &w, &h));
    assert_int_equal(w, 640);
    picture_free(&p);
}

static void a_stopped_vm_can_be_looked_at(void **state)
{
    Controller *c = *state;
    Picture p = picture_make(c, 0, 1);

    pipe_show_on(c, 0, 0, p.addr);
    vm_step(&c->vm, MODE_FRAME_NS);
    vm_qmp_ok(&c->vm, "{'execute': 'stop'}");
    assert_shows(c, 0, &p);
    picture_free(&p);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_MMIO(plugging_raises_hpd),
        ON_PCI(plugging_raises_hpd),
        ON_MMIO(the_human_monitor_plugs_too),
        ON_PCI(the_human_monitor_plugs_too),
        ON_MMIO(the_default_edid_is_read_by_ddc),
        ON_PCI(the_default_edid_is_read_by_ddc),
        ON_MMIO(an_edid_file_replaces_it_at_run_time),
        ON_PCI(an_edid_file_replaces_it_at_run_time),
        ON_MMIO(bad_edids_are_refused_and_change_nothing),
        ON_PCI(bad_edids_are_refused_and_change_nothing),
        ON_MMIO(a_screendump_shows_the_last_whole_frame),
        ON_PCI(a_screendump_shows_the_last_whole_frame),
        ON_MMIO(a_change_of_few_lines_arrives),
        ON_PCI(a_change_of_few_lines_arrives),
        ON_MMIO(each_output_shows_its_pipe),
        ON_PCI(each_output_shows_its_pipe),
        ON_MMIO(an_output_that_is_off_has_no_signal),
        ON_PCI(an_output_that_is_off_has_no_signal),
        ON_MMIO(a_stopped_vm_can_be_looked_at),
        ON_PCI(a_stopped_vm_can_be_looked_at),
    };

    return cmocka_run_group_tests_name("display", tests, NULL, NULL);
}
