/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* Entry of the build inside a QEMU source tree, in place of vdc_plugin.c. */
#include "qemu/osdep.h"
#include "qemu/module.h"

#include "vdc_host.h"

static void vdc_register_types(void)
{
    vdc_mmio_register();
    vdc_pci_register();
}

type_init(vdc_register_types)
