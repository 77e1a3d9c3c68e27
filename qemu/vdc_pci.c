/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* vdc-pci: the controller as a PCI or PCI Express device of any machine. */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/pci/msi.h"
#include "hw/pci/pci.h"
#include "hw/pci/pcie.h"

#include "vdc_host.h"

#define REGISTER_BAR    0
#define EXPRESS_CAP     0x80    /* offset in configuration space */

OBJECT_DECLARE_SIMPLE_TYPE(VDCPCIState, VDC_PCI)

struct VDCPCIState {
    PCIDevice parent;
    VDCHost host;
};

/*
 * MSI has no level: a message goes out when the line rises, and again when an
 * acknowledgement left it high, so that no interrupt is lost in between.
 */
static void vdc_pci_irq(DeviceState *dev, bool level)
{
    PCIDevice *pci = PCI_DEVICE(dev);
    bool *engaged = &dev->mem_reentrancy_guard.engaged_in_io;
    bool was_engaged = *engaged;

    if (!msi_enabled(pci)) {
        pci_set_irq(pci, level);
    } else if (level) {
        /*
         * The guest chooses where the message goes. Into our own registers
         * it must not: the model is in the middle of something.
         */
        *engaged = true;
        msi_notify(pci, 0);
        *engaged = was_engaged;
    }
}

/* A driver that turns MSI on or off while the line is high must not miss it. */
static void vdc_pci_config_write(PCIDevice *pci, uint32_t addr, uint32_t value,
                                 int len)
{
    VDCHost *h = &VDC_PCI(pci)->host;
    bool before = msi_enabled(pci);

    pci_default_write_config(pci, addr, value, len);
    if (msi_enabled(pci) == before || !h->vdc.irq_level) {
        return;
    }
    if (!before) {
        pci_set_irq(pci, 0);
    }
    vdc_pci_irq(DEVICE(pci), true);
}

static void vdc_pci_realize(PCIDevice *pci, Error **errp)
{
    VDCHost *h = &VDC_PCI(pci)->host;
    Error *err = NULL;

    pci_config_set_interrupt_pin(pci->config, 1);
    if (!vdc_host_realize(h, DEVICE(pci), pci_get_address_space(pci),
                          vdc_pci_irq, errp)) {
        return;
    }
    pci_register_bar(pci, REGISTER_BAR, PCI_BASE_ADDRESS_SPACE_MEMORY,
                     &h->iomem);
    if (pci_bus_is_express(pci_get_bus(pci))) {
        pcie_endpoint_cap_init(pci, EXPRESS_CAP);
    } else {
        pci->cap_present &= ~QEMU_PCI_CAP_EXPRESS;
    }
    /* A board whose interrupt controller lacks MSI leaves INTx. */
    if (msi_init(pci, 0, 1, true, false, &err) < 0) {
        error_free(err);
    }
}

static void vdc_pci_exit(PCIDevice *pci)
{
    vdc_host_unrealize(&VDC_PCI(pci)->host);
    msi_uninit(pci);
}

static void vdc_pci_reset(DeviceState *dev)
{
    vdc_host_reset(&VDC_PCI(dev)->host);
}

static void vdc_pci_init(Object *obj)
{
    /* Realize takes it back on a conventional bus. */
    PCI_DEVICE(obj)->cap_present |= QEMU_PCI_CAP_EXPRESS;
    vdc_plug_defaults(&VDC_PCI(obj)->host);
}

static void vdc_pci_finalize(Object *obj)
{
    vdc_host_finalize(&VDC_PCI(obj)->host);
}

static const VMStateDescription vmstate_vdc_pci = {
    .name = TYPE_VDC_PCI,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        VMSTATE_PCI_DEVICE(parent, VDCPCIState),
        VMSTATE_STRUCT(host, VDCPCIState, 1, vmstate_vdc_host, VDCHost),
        VMSTATE_END_OF_LIST()
    },
};

static void vdc_pci_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

    pc->realize = vdc_pci_realize;
    pc->exit = vdc_pci_exit;
    pc->config_write = vdc_pci_config_write;
    pc->vendor_id = VDC_PCI_VENDOR_ID;
    pc->device_id = VDC_PCI_DEVICE_ID;
    pc->class_id = PCI_CLASS_DISPLAY_OTHER;
    dc->reset = vdc_pci_reset;
    dc->vmsd = &vmstate_vdc_pci;
    dc->desc = "VDC display controller (PCI)";
    set_bit(DEVICE_CATEGORY_DISPLAY, dc->categories);
    vdc_props_class_init(klass, offsetof(VDCPCIState, host));
}

static const TypeInfo vdc_pci_type = {
    .name = TYPE_VDC_PCI,
    .parent = TYPE_PCI_DEVICE,
    .instance_size = sizeof(VDCPCIState),
    .instance_init = vdc_pci_init,
    .instance_finalize = vdc_pci_finalize,
    .class_init = vdc_pci_class_init,
    .interfaces = (InterfaceInfo[]) {
        { INTERFACE_PCIE_DEVICE },
        { INTERFACE_CONVENTIONAL_PCI_DEVICE },
        { }
    },
};

void vdc_pci_register(void)
{
    type_register_static(&vdc_pci_type);
}
