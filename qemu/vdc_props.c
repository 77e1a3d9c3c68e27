/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * Properties. What the controller is built with is fixed at realize; displays
 * and faults change at run time, from QMP's qom-set or HMP's:
 *
 *     qom-set /machine/peripheral/ID plugged1 true
 *     qom-set /machine/peripheral/ID edid1 monitor.bin
 *     qom-set /machine/peripheral/ID fault-drop-vblank 3
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"

#include "vdc_host.h"

/* What a property's functions are told: which one, and where its host is. */
typedef struct VDCProperty {
    size_t offset;
    uint32_t index;     /* an output, a debug register, a field of VDCHost */
} VDCProperty;

static VDCHost *host_of(Object *obj, const VDCProperty *prop)
{
    return (VDCHost *)((char *)obj + prop->offset);
}

static bool output_exists(VDCHost *h, uint32_t output, Error **errp)
{
    if (h->dev && output >= h->config.num_outputs) {
        error_setg(errp, "vdc: there is no output %u: the device has 0 to %u",
                   output, h->config.num_outputs - 1);
        return false;
    }
    return true;
}

static void get_plugged(Object *obj, Visitor *v, const char *name,
                        void *opaque, Error **errp)
{
    VDCProperty *prop = opaque;
    bool value = host_of(obj, prop)->plug[prop->index].plugged;

    visit_type_bool(v, name, &value, errp);
}

static void set_plugged(Object *obj, Visitor *v, const char *name,
                        void *opaque, Error **errp)
{
    VDCProperty *prop = opaque;
    VDCHost *h = host_of(obj, prop);
    VDCPlug *plug = &h->plug[prop->index];
    bool value;

    if (!visit_type_bool(v, name, &value, errp) ||
        !output_exists(h, prop->index, errp) || value == plug->plugged) {
        return;
    }
    plug->plugged = value;
    if (h->dev) {
        vdc_plug_apply(h, prop->index);
    }
}

static void get_edid(Object *obj, Visitor *v, const char *name,
                     void *opaque, Error **errp)
{
    VDCProperty *prop = opaque;
    VDCPlug *plug = &host_of(obj, prop)->plug[prop->index];
    char *value = plug->path ? plug->path : (char *)"";

    visit_type_str(v, name, &value, errp);
}

static void set_edid(Object *obj, Visitor *v, const char *name,
                     void *opaque, Error **errp)
{
    VDCProperty *prop = opaque;
    VDCHost *h = host_of(obj, prop);
    VDCPlug *plug = &h->plug[prop->index];
    g_autofree char *value = NULL;

    if (!visit_type_str(v, name, &value, errp) ||
        !output_exists(h, prop->index, errp) ||
        !vdc_plug_load(plug, value, prop->index + 1, errp)) {
        return;
    }
    if (h->dev && plug->plugged) {
        vdc_plug_apply(h, prop->index);
    }
}

static void get_fault(Object *obj, Visitor *v, const char *name,
                      void *opaque, Error **errp)
{
    VDCProperty *prop = opaque;
    VDCHost *h = host_of(obj, prop);
    uint32_t value = h->dev ? vdc_read(&h->vdc, prop->index) : 0;

    visit_type_uint32(v, name, &value, errp);
}

/* Through the register, as a driver would: the clock's gate holds here too. */
static void set_fault(Object *obj, Visitor *v, const char *name,
                      void *opaque, Error **errp)
{
    VDCProperty *prop = opaque;
    VDCHost *h = host_of(obj, prop);
    uint32_t value;

    if (!visit_type_uint32(v, name, &value, errp)) {
        return;
    }
    if (!h->dev || !(h->vdc.power & VDC_POWER_CLOCK)) {
        error_setg(errp, "vdc: %s cannot be ordered while the controller's "
                   "clock is off", name);
        return;
    }
    vdc_write(&h->vdc, prop->index, value);
}

static bool can_change(VDCHost *h, const char *name, Error **errp)
{
    if (h->dev) {
        error_setg(errp, "vdc: %s is fixed once the device is there", name);
        return false;
    }
    return true;
}

static void get_config(Object *obj, Visitor *v, const char *name,
                       void *opaque, Error **errp)
{
    VDCProperty *prop = opaque;
    VDCHost *h = host_of(obj, prop);

    visit_type_uint32(v, name, (uint32_t *)((char *)h + prop->index), errp);
}

static void set_config(Object *obj, Visitor *v, const char *name,
                       void *opaque, Error **errp)
{
    VDCProperty *prop = opaque;
    VDCHost *h = host_of(obj, prop);

    if (can_change(h, name, errp)) {
        visit_type_uint32(v, name, (uint32_t *)((char *)h + prop->index),
                          errp);
    }
}

static void get_trace(Object *obj, Visitor *v, const char *name,
                      void *opaque, Error **errp)
{
    VDCHost *h = host_of(obj, opaque);
    char *value = h->trace_path ? h->trace_path : (char *)"off";

    visit_type_str(v, name, &value, errp);
}

static void set_trace(Object *obj, Visitor *v, const char *name,
                      void *opaque, Error **errp)
{
    VDCHost *h = host_of(obj, opaque);
    char *value;

    if (can_change(h, name, errp) && visit_type_str(v, name, &value, errp)) {
        g_free(h->trace_path);
        h->trace_path = value;
    }
}

static const struct {
    const char *name;
    uint32_t reg;
    const char *help;
} faults[] = {
    { "fault-drop-vblank", VDC_DBG_DROP_VBLANK,
      "vblank interrupts to lose from now on" },
    { "fault-stuck-commit", VDC_DBG_STUCK_COMMIT,
      "vblanks at which an armed commit does not latch" },
    { "fault-ddc-nak", VDC_DBG_DDC_NAK, "DDC bytes to refuse" },
    { "fault-underrun", VDC_DBG_UNDERRUN,
      "bands (1/16 frame) to fetch too late" },
    { "fault-bus-error", VDC_DBG_BUS_ERROR,
      "bands (1/16 frame) whose fetch fails" },
    { "fault-delay-vblank", VDC_DBG_DELAY_VBLANK,
      "vblank interrupts that come 2 ms late" },
};

#define CONFIG(_field)  offsetof(struct vdc_config, _field)

static const struct {
    const char *name;
    uint32_t field;
    const char *help;
} config[] = {
    { "pipes", CONFIG(num_pipes), "pipes (CRTCs), 1 to 4" },
    { "outputs", CONFIG(num_outputs), "outputs (connectors), 1 to 4" },
    { "overlays", CONFIG(num_overlays), "overlay layers of each pipe, 0 to 6" },
    { "max-width", CONFIG(max_width), "widest mode, pixels" },
    { "max-height", CONFIG(max_height), "highest mode, lines" },
    { "max-clock", CONFIG(max_clock), "fastest pixel clock, kHz" },
    { "addr-bits", CONFIG(addr_bits), "width of DMA addresses" },
    { "budget", CONFIG(budget),
      "kB/s that the layers of each pipe may fetch; 0: no limit" },
    { "first-frame", CONFIG(first_frame),
      "number of the frame that a pipe begins with" },
};

static ObjectProperty *add(ObjectClass *klass, size_t offset,
                           const char *name, const char *type, uint32_t index,
                           ObjectPropertyAccessor *get,
                           ObjectPropertyAccessor *set, const char *help)
{
    VDCProperty *prop = g_new(VDCProperty, 1);  /* lives as long as the class */
    ObjectProperty *op;

    *prop = (VDCProperty) { .offset = offset, .index = index };
    op = object_class_property_add(klass, name, type, get, set, NULL, prop);
    object_class_property_set_description(klass, name, help);
    return op;
}

static void add_config(ObjectClass *klass, size_t offset)
{
    const char *defaults = (const char *)&vdc_config_default;
    uint32_t i;

    for (i = 0; i < ARRAY_SIZE(config); i++) {
        ObjectProperty *op = add(klass, offset, config[i].name, "uint32",
                                 offsetof(VDCHost, config) + config[i].field,
                                 get_config, set_config,
                                 config[i].help);
        const uint32_t *value = (const uint32_t *)(defaults + config[i].field);

        object_property_set_default_uint(op, *value);
    }
    add(klass, offset, "trace", "str", 0, get_trace, set_trace,
        "write register accesses and events to this file; \"on\": to stderr");
}

void vdc_props_class_init(ObjectClass *klass, size_t offset)
{
    uint32_t i;

    add_config(klass, offset);
    for (i = 0; i < VDC_MAX_OUTPUTS; i++) {
        g_autofree char *plugged = g_strdup_printf("plugged%u", i);
        g_autofree char *edid = g_strdup_printf("edid%u", i);

        add(klass, offset, plugged, "bool", i, get_plugged, set_plugged,
            "a display is plugged (default: at output 0)");
        add(klass, offset, edid, "str", i, get_edid, set_edid,
            "file with the display's EDID; \"none\": a display without; "
            "empty: a 1920x1080 one that is built in");
    }
    for (i = 0; i < ARRAY_SIZE(faults); i++) {
        add(klass, offset, faults[i].name, "uint32", faults[i].reg, get_fault,
            set_fault, faults[i].help);
    }
}
