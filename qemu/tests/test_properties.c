/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* What cannot work is refused with a word about why; so is a foreign QEMU. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "controller.h"

#define OUTPUT_MAX  4096

static void refused(const Kind *kind, const char *device, const char *why)
{
    const char *args[] = {
        "-machine", kind->machine, "-accel", "qtest", "-nodefaults",
        "-display", "none", "-m", "64", "-device", device, NULL
    };
    char output[OUTPUT_MAX];
    int status = vm_fails(kind->binary, NULL, args, output);

    if (status != 1 || !strstr(output, why)) {
        fail_msg("%s: status %d and not \"%s\" but: %s", device, status, why,
                 output);
    }
}

static void bad_properties_are_refused(void **state)
{
    static const struct {
        const char *properties;
        const char *why;
    } bad[] = {
        { "outputs=5", "1-4 pipes and outputs" },
        { "outputs=0", "1-4 pipes and outputs" },
        { "pipes=9", "1-4 pipes and outputs" },
        { "overlays=7", "0-6 overlays" },
        { "outputs=1,plugged1=on", "there are 1 outputs" },
        { "edid2=none", "there are 2 outputs" },
        { "edid0=/nonexistent", "No such file" },
        { "edid0=/dev/null", "0 bytes" },
        { "plugged0=perhaps", "plugged0" },
        { "fault-underrun=1", "clock is off" },
        { "trace=/nonexistent/file", "cannot write the trace" },
    };
    static const Kind *const kinds[] = { &kind_mmio, &kind_pci };
    char device[128];
    size_t i, k;

    for (k = 0; k < 2; k++) {
        for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
            snprintf(device, sizeof(device), "%s,%s", kinds[k]->name,
                     bad[i].properties);
            refused(kinds[k], device, bad[i].why);
        }
    }
}

static void bad_places_are_refused(void **state)
{
    static const struct {
        const char *device;
        const char *why;
    } bad[] = {
        { "vdc-mmio,addr=0x09000000", "taken by 'pl011'" },
        { "vdc-mmio,addr=0x0b000100", "not a multiple of 0x10000" },
        { "vdc-mmio,addr=0x0c000000", "not a multiple of 0x10000 in" },
        { "vdc-mmio,spi=20", "spi 20 is not in 176 to 223" },
        { "vdc-mmio,spi=224", "spi 224 is not in 176 to 223" },
        { "vdc-mmio,cma-size=3M", "cma-size is not a multiple" },
        { "vdc-mmio,cma-size=1G", "within the machine's memory" },
        { "vdc-mmio,overlay=/nonexistent", "No such file" },
        { "vdc-mmio,overlay=/etc/passwd", "no compiled device tree" },
    };
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        refused(&kind_mmio, bad[i].device, bad[i].why);
    }
    refused(&kind_pci, "vdc-mmio", "is for the arm64 'virt' machine");
}

static void two_devices_share_no_place(void **state)
{
    static const struct {
        const char *second;
        const char *why;
    } bad[] = {
        { "vdc-mmio", "taken by 'vdc-mmio'" },
        { "vdc-mmio,addr=0x0b010000", "spi 200 is taken" },
    };
    char output[OUTPUT_MAX];
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *args[] = {
            "-machine", "virt", "-accel", "qtest", "-nodefaults", "-display",
            "none", "-device", "vdc-mmio", "-device", bad[i].second, NULL
        };

        assert_int_equal(vm_fails(kind_mmio.binary, NULL, args, output), 1);
        assert_non_null(strstr(output, bad[i].why));
    }
}

static void fixed_properties_stay(void **state)
{
    Controller c;
    char *response;

    controller_start(&c, &kind_pci, "", NULL);
    response = vm_qmp(&c.vm, "{'execute': 'qom-set', 'arguments': {'path': "
                      "'/machine/peripheral/vdc', 'property': 'outputs', "
                      "'value': 4}}");
    assert_non_null(strstr(response, "fixed once the device is there"));
    free(response);
    controller_stop(&c);
}

/* QEMU itself must start, and know no such device. */
static void a_plug_in_for_another_qemu_stays_out(void **state)
{
    static const char *const args[] = {
        "-machine", "none", "-nodefaults", "-display", "none",
        "-device", "vdc-pci", NULL
    };
    char output[OUTPUT_MAX];

    assert_int_equal(vm_fails(kind_pci.binary, getenv("VDC_FOREIGN"), args,
                              output), 1);
    assert_non_null(strstr(output, "vdc-qemu.so: not loaded: this QEMU is"));
    assert_non_null(strstr(output, "'vdc-pci' is not a valid device"));
}

static void other_programs_do_not_notice(void **state)
{
    static const char *const args[] = { "-c", "echo unharmed", NULL };
    char output[OUTPUT_MAX];

    assert_int_equal(vm_fails("/bin/sh", NULL, args, output), 0);
    assert_string_equal(output, "unharmed\n");
}

static void trace_tells_registers_and_events(void **state)
{
    char path[] = "/tmp/vdc-trace.XXXXXX", properties[64], line[128];
    bool write = false, vblank = false;
    int fd = mkstemp(path);
    Controller c;
    FILE *f;

    assert_true(fd >= 0);
    close(fd);
    snprintf(properties, sizeof(properties), ",trace=%s", path);
    controller_start(&c, &kind_pci, properties, NULL);
    controller_enable(&c);
    pipe_show(&c, 0, c.kind->ram);
    vm_step(&c.vm, MODE_FRAME_NS);
    f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof(line), f)) {
        write |= !strcmp(line, "0 vdc write 0x0024 0x00000003\n");
        vblank |= !strcmp(line, "3840000 vdc pipe0 vblank, frame count 1\n");
    }
    fclose(f);
    unlink(path);
    controller_stop(&c);
    assert_true(write);
    assert_true(vblank);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_properties_are_refused),
        cmocka_unit_test(bad_places_are_refused),
        cmocka_unit_test(two_devices_share_no_place),
        cmocka_unit_test(fixed_properties_stay),
        cmocka_unit_test(a_plug_in_for_another_qemu_stays_out),
        cmocka_unit_test(other_programs_do_not_notice),
        cmocka_unit_test(trace_tells_registers_and_events),
    };

    return cmocka_run_group_tests_name("properties", tests, NULL, NULL);
}
