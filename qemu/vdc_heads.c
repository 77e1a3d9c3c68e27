/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * vdc-heads: what makes the consoles of vdc-mmio addressable.
 *
 * QEMU looks for the device of "screendump device=ID head=N" or
 * "-vnc :0,display=ID,head=N" along the buses from the system bus on, and so
 * misses a device without a bus. This one is on a bus of its own below the
 * platform bus, has the same id, and the consoles.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"

#include "vdc_host.h"

#define TYPE_VDC_HEADS  "vdc-heads"
#define TYPE_VDC_BUS    "vdc-bus"

DeviceState *vdc_heads_new(DeviceState *dev)
{
    Object *platform = object_resolve_path_type("", "platform-bus-device",
                                                NULL);
    DeviceState *heads = qdev_new(TYPE_VDC_HEADS);
    BusState *bus = qbus_new(TYPE_VDC_BUS, DEVICE(platform), NULL);

    object_property_add_child(OBJECT(dev), "heads", OBJECT(heads));
    heads->id = g_strdup(dev->id);
    qbus_realize(bus, &error_abort);
    qdev_realize_and_unref(heads, bus, &error_abort);
    return heads;
}

static void vdc_heads_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->bus_type = TYPE_VDC_BUS;
    dc->desc = "consoles of a vdc-mmio";
    dc->user_creatable = false;
    dc->hotpluggable = false;
}

static const TypeInfo vdc_heads_types[] = {
    {
        .name = TYPE_VDC_BUS,
        .parent = TYPE_BUS,
        .instance_size = sizeof(BusState),
    },
    {
        .name = TYPE_VDC_HEADS,
        .parent = TYPE_DEVICE,
        .instance_size = sizeof(DeviceState),
        .class_init = vdc_heads_class_init,
    },
};

void vdc_heads_register(void)
{
    type_register_static_array(vdc_heads_types, ARRAY_SIZE(vdc_heads_types));
}
