/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * The plug-in's entry: register the device types with the QEMU that runs.
 *
 * LD_PRELOAD brings this library into a stock QEMU, and, by accident, into
 * whatever else is started with that environment. It must do nothing there,
 * and nothing in a QEMU whose structures have another layout than those of the
 * headers it was compiled with. So functions are bound lazily, and the symbols
 * that are needed to find out are weak (vdc_weak.h).
 */
#include "qemu/osdep.h"
#include "qemu-version.h"
#include "qapi/qapi-commands-control.h"
#include "hw/boards.h"
#include "hw/pci/pci.h"
#include "sysemu/cpu-timers.h"

#include "vdc_host.h"

/* The build says what its headers are from, if QEMU's build does not. */
#ifndef VDC_BUILT_FOR
#define VDC_BUILT_FOR   QEMU_FULL_VERSION
#endif

/* MODULE_INIT_MIGRATION runs after MODULE_INIT_QOM: every type is known. */
#define STAGE   MODULE_INIT_MIGRATION

typedef struct LayoutCheck {
    const char *type;
    size_t size;
} LayoutCheck;

/* What the device's code looks into, or has as its first member. */
static const LayoutCheck layout[] = {
    { TYPE_DEVICE, sizeof(DeviceState) },
    { TYPE_BUS, sizeof(BusState) },
    { TYPE_PCI_DEVICE, sizeof(PCIDevice) },
    { TYPE_MACHINE, sizeof(MachineState) },
    { TYPE_MEMORY_REGION, sizeof(MemoryRegion) },
};

static bool same_version(void)
{
    VersionInfo *info = qmp_query_version(NULL);
    g_autofree char *version = g_strdup_printf("%" PRId64 ".%" PRId64
                                               ".%" PRId64 " (%s)",
                                               info->qemu->major,
                                               info->qemu->minor,
                                               info->qemu->micro,
                                               info->package);
    bool same = !strcmp(version, VDC_BUILT_FOR);

    if (!same) {
        fprintf(stderr, "vdc-qemu.so: not loaded: this QEMU is %s, the "
                "plug-in was built for %s\n", version, VDC_BUILT_FOR);
    }
    qapi_free_VersionInfo(info);
    return same;
}

static bool same_layout(void)
{
    uint32_t i;

    for (i = 0; i < ARRAY_SIZE(layout); i++) {
        size_t size = object_type_get_instance_size(layout[i].type);

        if (size != layout[i].size) {
            fprintf(stderr, "vdc-qemu.so: not loaded: a %s of this QEMU has "
                    "%zu bytes, in the plug-in's headers %zu\n",
                    layout[i].type, size, layout[i].size);
            return false;
        }
    }
    return true;
}

static void register_types(void)
{
    if (!qmp_query_version || !object_type_get_instance_size || !&use_icount) {
        fprintf(stderr, "vdc-qemu.so: not loaded: this program is no system "
                "emulator with TCG\n");
        return;
    }
    if (same_version() && same_layout()) {
        vdc_mmio_register();
        vdc_pci_register();
    }
}

static void __attribute__((constructor)) vdc_plugin_loaded(void)
{
    if (register_module_init) {
        register_module_init(register_types, STAGE);
    }
}
