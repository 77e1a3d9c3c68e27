/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * vdc-mmio: the controller as a platform device of the arm64 `virt` machine.
 *
 * `virt` takes only platform devices that it knows, so this one has no bus: it
 * maps itself into a hole of the memory map, takes one of the GIC's spare
 * shared interrupts and adds its nodes to the machine's device tree.
 */
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "hw/boards.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "sysemu/reset.h"

#include "vdc_fdt.h"
#include "vdc_host.h"

/* What `virt` leaves free: addresses, and SPIs behind its platform bus's. */
#define HOLE_START      0x0b000000ULL
#define HOLE_END        0x0c000000ULL
#define FIRST_SPI       176
#define LAST_SPI        223

#define DEFAULT_SPI     200
#define CMA_ALIGN       (4 * MiB)   /* the kernel's, 4 KiB pages */

OBJECT_DECLARE_SIMPLE_TYPE(VDCMMIOState, VDC_MMIO)

struct VDCMMIOState {
    DeviceState parent;
    VDCHost host;
    VDCFdtNodes nodes;
    qemu_irq irq;
};

static void vdc_mmio_irq(DeviceState *dev, bool level)
{
    qemu_set_irq(VDC_MMIO(dev)->irq, level);
}

static DeviceState *find_gic(void)
{
    static const char *const types[] = {
        "arm_gic_common", "arm-gicv3-common",
    };
    Object *gic;
    uint32_t i;

    for (i = 0; i < ARRAY_SIZE(types); i++) {
        gic = object_resolve_path_type("", types[i], NULL);
        if (gic) {
            return DEVICE(gic);
        }
    }
    return NULL;
}

static bool check_machine(MachineState *machine, DeviceState *gic,
                          Error **errp)
{
    if (!object_dynamic_cast(OBJECT(machine), "virt-machine") || !gic) {
        error_setg(errp, "vdc-mmio is for the arm64 'virt' machine; on '%s' "
                   "use vdc-pci", MACHINE_GET_CLASS(machine)->name);
        return false;
    }
    if (!machine->fdt) {
        error_setg(errp, "vdc-mmio: the machine has no device tree to add "
                   "the controller to");
        return false;
    }
    return true;
}

/* Name what is mapped there. */
static bool check_free(uint64_t addr, Error **errp)
{
    MemoryRegionSection busy = memory_region_find(get_system_memory(), addr,
                                                  VDC_MMIO_SIZE);

    if (!busy.mr) {
        return true;
    }
    error_setg(errp, "vdc-mmio: addr 0x%" PRIx64 " is taken by '%s'", addr,
               memory_region_name(busy.mr));
    memory_region_unref(busy.mr);
    return false;
}

static bool check_properties(VDCMMIOState *s, MachineState *machine,
                             Error **errp)
{
    VDCFdtNodes *n = &s->nodes;

    if (!check_free(n->addr, errp)) {
        return false;
    }
    if (n->addr < HOLE_START || n->addr > HOLE_END - VDC_MMIO_SIZE ||
        n->addr % VDC_MMIO_SIZE) {
        error_setg(errp, "vdc-mmio: addr 0x%" PRIx64 " is not a multiple of "
                   "0x%x in 0x%llx to 0x%llx, which the machine leaves free",
                   n->addr, VDC_MMIO_SIZE, HOLE_START, HOLE_END - 1);
        return false;
    }
    if (n->spi < FIRST_SPI || n->spi > LAST_SPI) {
        error_setg(errp, "vdc-mmio: spi %u is not in %u to %u, which the "
                   "machine leaves free", n->spi, FIRST_SPI, LAST_SPI);
        return false;
    }
    if (n->cma_size != VDC_FDT_CMA_KEEP &&
        (n->cma_size % CMA_ALIGN || n->cma_size > machine->ram_size)) {
        error_setg(errp, "vdc-mmio: cma-size is not a multiple of 4 MiB "
                   "within the machine's memory");
        return false;
    }
    return true;
}

/* Two devices on one interrupt line would each pull it low for the other. */
static int spi_users(Object *obj, void *opaque)
{
    VDCMMIOState *s = opaque;
    VDCMMIOState *other = (VDCMMIOState *)object_dynamic_cast(obj,
                                                              TYPE_VDC_MMIO);

    return other && other != s && other->host.dev &&
           other->nodes.spi == s->nodes.spi;
}

static bool check_spi(VDCMMIOState *s, Error **errp)
{
    if (object_child_foreach_recursive(object_get_root(), spi_users, s)) {
        error_setg(errp, "vdc-mmio: spi %u is taken by another vdc-mmio",
                   s->nodes.spi);
        return false;
    }
    return true;
}

static void vdc_mmio_reset(void *opaque)
{
    VDCMMIOState *s = opaque;

    vdc_host_reset(&s->host);
}

static void vdc_mmio_realize(DeviceState *dev, Error **errp)
{
    VDCMMIOState *s = VDC_MMIO(dev);
    MachineState *machine = MACHINE(qdev_get_machine());
    DeviceState *gic = find_gic();

    if (!check_machine(machine, gic, errp) ||
        !check_properties(s, machine, errp) || !check_spi(s, errp)) {
        return;
    }
    if (!vdc_fdt_apply(machine->fdt, &s->nodes, VDC_MMIO_SIZE, errp)) {
        return;
    }
    s->host.heads = vdc_heads_new(dev);
    if (!vdc_host_realize(&s->host, dev, &address_space_memory, vdc_mmio_irq,
                          errp)) {
        object_unparent(OBJECT(s->host.heads));
        return;
    }
    if (machine->dtb) {
        warn_report("vdc-mmio: with -dtb the guest sees only the nodes that "
                    "are in that file");
    }
    s->irq = qdev_get_gpio_in(gic, s->nodes.spi);
    memory_region_add_subregion(get_system_memory(), s->nodes.addr,
                                &s->host.iomem);
    /* No bus resets this device. */
    qemu_register_reset(vdc_mmio_reset, s);
}

static void vdc_mmio_unrealize(DeviceState *dev)
{
    VDCMMIOState *s = VDC_MMIO(dev);

    qemu_unregister_reset(vdc_mmio_reset, s);
    memory_region_del_subregion(get_system_memory(), &s->host.iomem);
    vdc_host_unrealize(&s->host);
    object_unparent(OBJECT(s->host.heads));
}

static void vdc_mmio_init(Object *obj)
{
    vdc_plug_defaults(&VDC_MMIO(obj)->host);
}

static void vdc_mmio_finalize(Object *obj)
{
    vdc_host_finalize(&VDC_MMIO(obj)->host);
}

static const VMStateDescription vmstate_vdc_mmio = {
    .name = TYPE_VDC_MMIO,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        VMSTATE_STRUCT(host, VDCMMIOState, 1, vmstate_vdc_host, VDCHost),
        VMSTATE_END_OF_LIST()
    },
};

static Property vdc_mmio_properties[] = {
    DEFINE_PROP_UINT64("addr", VDCMMIOState, nodes.addr, HOLE_START),
    DEFINE_PROP_UINT32("spi", VDCMMIOState, nodes.spi, DEFAULT_SPI),
    DEFINE_PROP_SIZE("cma-size", VDCMMIOState, nodes.cma_size,
                     VDC_FDT_CMA_KEEP),
    DEFINE_PROP_STRING("overlay", VDCMMIOState, nodes.overlay),
    DEFINE_PROP_END_OF_LIST(),
};

static void vdc_mmio_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = vdc_mmio_realize;
    dc->unrealize = vdc_mmio_unrealize;
    dc->vmsd = &vmstate_vdc_mmio;
    dc->desc = "VDC display controller (arm64 virt)";
    dc->hotpluggable = false;   /* the device tree is read once */
    set_bit(DEVICE_CATEGORY_DISPLAY, dc->categories);
    device_class_set_props(dc, vdc_mmio_properties);
    vdc_props_class_init(klass, offsetof(VDCMMIOState, host));
    object_class_property_set_description(klass, "addr",
        "bus address of the registers, 0x0b000000 to 0x0bff0000");
    object_class_property_set_description(klass, "spi",
        "interrupt, 176 to 223");
    object_class_property_set_description(klass, "cma-size",
        "size of the CMA region, 0 for none (default: what the overlay says)");
    object_class_property_set_description(klass, "overlay",
        "file with a compiled device-tree overlay instead of the built-in one");
}

static const TypeInfo vdc_mmio_type = {
    .name = TYPE_VDC_MMIO,
    .parent = TYPE_DEVICE,
    .instance_size = sizeof(VDCMMIOState),
    .instance_init = vdc_mmio_init,
    .instance_finalize = vdc_mmio_finalize,
    .class_init = vdc_mmio_class_init,
};

void vdc_mmio_register(void)
{
    type_register_static(&vdc_mmio_type);
    vdc_heads_register();
}
