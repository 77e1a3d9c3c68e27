/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* The displays at the outputs: what is plugged, and their EDIDs. */
#include "qemu/osdep.h"
#include "qapi/error.h"

#include "vdc_host.h"

#define EDID_BLOCK  128     /* bytes; VESA E-EDID */
#define NO_EDID     "none"

static void set_builtin(VDCPlug *plug, uint32_t serial)
{
    vdc_edid_default(plug->edid, serial);
    plug->len = VDC_EDID_DEFAULT_BYTES;
    plug->has_edid = true;
}

/*
 * Only the size is checked: an EDID with a wrong checksum or nonsense in it is
 * a display that drivers meet in the field, and must survive.
 */
static bool set_file(VDCPlug *plug, const char *path, Error **errp)
{
    g_autoptr(GError) gerr = NULL;
    g_autofree char *data = NULL;
    gsize len;

    if (!g_file_get_contents(path, &data, &len, &gerr)) {
        error_setg(errp, "vdc: EDID: %s", gerr->message);
        return false;
    }
    if (!len || len > VDC_EDID_MAX || len % EDID_BLOCK) {
        error_setg(errp, "vdc: EDID %s has %zu bytes, not 1 to %u blocks "
                   "of %u", path, (size_t)len, VDC_EDID_MAX / EDID_BLOCK,
                   EDID_BLOCK);
        return false;
    }
    memcpy(plug->edid, data, len);
    plug->len = len;
    plug->has_edid = true;
    return true;
}

bool vdc_plug_load(VDCPlug *plug, const char *path, uint32_t serial,
                   Error **errp)
{
    if (!*path) {
        set_builtin(plug, serial);
    } else if (!strcmp(path, NO_EDID)) {
        plug->has_edid = false;
        plug->len = 0;
    } else if (!set_file(plug, path, errp)) {
        return false;
    }
    g_free(plug->path);
    plug->path = *path ? g_strdup(path) : NULL;
    return true;
}

void vdc_plug_apply(VDCHost *h, uint32_t output)
{
    VDCPlug *plug = &h->plug[output];

    if (!plug->plugged) {
        vdc_unplug(&h->vdc, output);
        return;
    }
    /* vdc_plug_load() let nothing in that the model refuses. */
    vdc_plug(&h->vdc, output, plug->has_edid ? plug->edid : NULL, plug->len);
}

void vdc_plug_defaults(VDCHost *h)
{
    uint32_t o;

    for (o = 0; o < VDC_MAX_OUTPUTS; o++) {
        set_builtin(&h->plug[o], o + 1);
    }
    h->plug[0].plugged = true;
}
