/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * The overlay: patch the one source of the nodes (dts/) for this device, and
 * apply it to the machine's device tree.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include <libfdt.h>

#include "vdc_fdt.h"
#include "vdc_dtbo.h"

#define CONTROLLER      "vdc,display-1.0"
#define CMA_DEFAULT     "linux,cma-default"
#define ROOM            4096    /* for longer names */
#define GIC_SPI_BASE    0       /* first cell of an SPI's specifier */
#define LEVEL_HIGH      4

/* A copy of the overlay with room to patch it; NULL and @errp if it is none. */
static void *load_overlay(const char *path, Error **errp)
{
    g_autofree char *data = NULL;
    g_autoptr(GError) gerr = NULL;
    const void *blob = vdc_dtbo;
    gsize len = sizeof(vdc_dtbo);
    void *ov;
    int ret;

    if (path) {
        if (!g_file_get_contents(path, &data, &len, &gerr)) {
            error_setg(errp, "vdc-mmio: overlay: %s", gerr->message);
            return NULL;
        }
        blob = data;
    }
    ret = len < sizeof(struct fdt_header) ? -FDT_ERR_TRUNCATED :
          fdt_check_full(blob, len);
    if (ret) {
        error_setg(errp, "vdc-mmio: overlay %s is no compiled device tree: %s",
                   path, fdt_strerror(ret));
        return NULL;
    }
    ov = g_malloc0(len + ROOM);
    ret = fdt_open_into(blob, ov, len + ROOM);
    if (ret) {
        error_setg(errp, "vdc-mmio: overlay: %s", fdt_strerror(ret));
        g_free(ov);
        return NULL;
    }
    return ov;
}

/* The node that has a property, or a negative number. */
static int node_with(const void *fdt, const char *property)
{
    int node;

    for (node = fdt_next_node(fdt, -1, NULL); node >= 0;
         node = fdt_next_node(fdt, node, NULL)) {
        if (fdt_getprop(fdt, node, property, NULL)) {
            return node;
        }
    }
    return node;
}

static bool patch_cells(void *ov, int node, const char *property,
                        const uint32_t *cells, uint32_t n, Error **errp)
{
    g_autofree fdt32_t *be = g_new(fdt32_t, n);
    uint32_t i;

    for (i = 0; i < n; i++) {
        be[i] = cpu_to_fdt32(cells[i]);
    }
    if (fdt_setprop_inplace(ov, node, property, be, n * sizeof(*be))) {
        error_setg(errp, "vdc-mmio: overlay: the controller's '%s' does not "
                   "have %u cells", property, n);
        return false;
    }
    return true;
}

static bool patch_controller(void *ov, const VDCFdtNodes *n, uint32_t size,
                             Error **errp)
{
    const uint32_t reg[] = { n->addr >> 32, n->addr, 0, size };
    const uint32_t irq[] = { GIC_SPI_BASE, n->spi, LEVEL_HIGH };
    int node = fdt_node_offset_by_compatible(ov, -1, CONTROLLER);

    if (node < 0) {
        error_setg(errp, "vdc-mmio: overlay: no node is compatible with "
                   "\"%s\"", CONTROLLER);
        return false;
    }
    return patch_cells(ov, node, "reg", reg, ARRAY_SIZE(reg), errp) &&
           patch_cells(ov, node, "interrupts", irq, ARRAY_SIZE(irq), errp);
}

/* The CMA region goes, and with it what refers to it. */
static void drop_cma(void *ov, int node)
{
    static const char ref[] = "memory-region";
    const fdt32_t *value;
    uint32_t phandle = fdt_get_phandle(ov, node);
    g_autofree char *fixups = NULL;
    char path[256];
    int user, len;

    fdt_del_node(ov, node);
    user = fdt_node_offset_by_compatible(ov, -1, CONTROLLER);
    value = fdt_getprop(ov, user, ref, &len);
    if (!phandle || !value || len < sizeof(*value) ||
        fdt32_to_cpu(*value) != phandle) {
        return;
    }
    if (!fdt_get_path(ov, user, path, sizeof(path))) {
        fixups = g_strconcat("/__local_fixups__", path, NULL);
        fdt_delprop(ov, fdt_path_offset(ov, fixups), ref);
        user = fdt_path_offset(ov, path);
    }
    fdt_delprop(ov, user, ref);
}

static bool patch_cma(const void *fdt, void *ov, uint64_t size, Error **errp)
{
    int node = node_with(ov, CMA_DEFAULT);

    if (node < 0) {
        if (size && size != VDC_FDT_CMA_KEEP) {
            error_setg(errp, "vdc-mmio: cma-size is given, but the overlay "
                       "has no node with '%s'", CMA_DEFAULT);
            return false;
        }
        return true;
    }
    if (!size || node_with(fdt, CMA_DEFAULT) >= 0) {
        drop_cma(ov, node);
    } else if (size != VDC_FDT_CMA_KEEP) {
        const uint32_t cells[] = { size >> 32, size };

        return patch_cells(ov, node, "size", cells, ARRAY_SIZE(cells), errp);
    }
    return true;
}

/* Rename a node, and its mirror among the overlay's local fixups. */
static bool rename_node(void *ov, const char *parent, const char *from,
                        const char *to, Error **errp)
{
    g_autofree char *path = g_strdup_printf("%s/%s", parent, from);
    g_autofree char *fixups = g_strdup_printf("/__local_fixups__%s", path);
    int ret = fdt_set_name(ov, fdt_path_offset(ov, path), to);
    int mirror = fdt_path_offset(ov, fixups);

    if (!ret && mirror >= 0) {
        ret = fdt_set_name(ov, mirror, to);
    }
    if (ret) {
        error_setg(errp, "vdc-mmio: overlay: renaming '%s' to '%s': %s", from,
                   to, fdt_strerror(ret));
        return false;
    }
    return true;
}

/*
 * The name a node gets: the controller's has its address; any other keeps its
 * name, unless the tree has it already, from a device before this one.
 */
static char *name_for(const void *fdt, const void *ov, int node,
                      const VDCFdtNodes *n)
{
    const char *name = fdt_get_name(ov, node, NULL);
    g_autofree char *path = g_strconcat("/", name, NULL);
    int stem = strcspn(name, "@");

    if (!fdt_node_check_compatible(ov, node, CONTROLLER)) {
        return g_strdup_printf("%.*s@%" PRIx64, stem, name, n->addr);
    }
    if (!strcmp(name, "reserved-memory") || fdt_path_offset(fdt, path) < 0) {
        return g_strdup(name);
    }
    return g_strdup_printf("%.*s-%" PRIx64 "%s", stem, name, n->addr,
                           name + stem);
}

/* Names at the top of an overlay's fragment must not clash with the tree's. */
static bool rename_children(const void *fdt, void *ov, const char *parent,
                            const VDCFdtNodes *n, Error **errp)
{
    uint32_t count = 0, i;
    int node;

    fdt_for_each_subnode(node, ov, fdt_path_offset(ov, parent)) {
        count++;
    }
    for (i = 0; i < count; i++) {
        g_autofree char *from = NULL, *to = NULL;
        uint32_t k = 0;

        /* Offsets move with each new name: count from the start. */
        fdt_for_each_subnode(node, ov, fdt_path_offset(ov, parent)) {
            if (k++ == i) {
                break;
            }
        }
        from = g_strdup(fdt_get_name(ov, node, NULL));
        to = name_for(fdt, ov, node, n);
        if (strcmp(from, to) && !rename_node(ov, parent, from, to, errp)) {
            return false;
        }
    }
    return true;
}

static bool rename_all(const void *fdt, void *ov, const VDCFdtNodes *n,
                       Error **errp)
{
    uint32_t i;

    for (i = 0;; i++) {
        g_autofree char *parent = g_strdup_printf("/fragment@%x/__overlay__",
                                                  i);
        int node = fdt_path_offset(ov, parent);

        if (node < 0) {
            return true;
        }
        if (!rename_children(fdt, ov, parent, n, errp)) {
            return false;
        }
    }
}

static bool apply(void *fdt, void *ov, Error **errp)
{
    g_autofree void *copy = g_memdup2(fdt, fdt_totalsize(fdt));
    int ret, symbols = fdt_path_offset(ov, "/__symbols__");

    /* Labels would clash with those of a device before this one. */
    if (symbols >= 0) {
        fdt_del_node(ov, symbols);
    }
    ret = fdt_overlay_apply(copy, ov);
    if (ret) {
        error_setg(errp, "vdc-mmio: the overlay does not apply to the "
                   "machine's device tree: %s", fdt_strerror(ret));
        return false;
    }
    memcpy(fdt, copy, fdt_totalsize(copy));
    return true;
}

bool vdc_fdt_apply(void *fdt, const VDCFdtNodes *nodes, uint32_t size,
                   Error **errp)
{
    g_autofree void *ov = load_overlay(nodes->overlay, errp);

    return ov && patch_controller(ov, nodes, size, errp) &&
           patch_cma(fdt, ov, nodes->cma_size, errp) &&
           rename_all(fdt, ov, nodes, errp) && apply(fdt, ov, errp);
}
