/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* The controller's nodes in the machine's device tree. */
#ifndef VDC_FDT_H
#define VDC_FDT_H

/* Property cma-size: leave what the overlay has. */
#define VDC_FDT_CMA_KEEP    UINT64_MAX

/**
 * struct VDCFdtNodes - what to put into the tree
 * @overlay: file with a compiled overlay, NULL for the built-in one
 * @addr: bus address of the registers
 * @spi: shared peripheral interrupt of the GIC
 * @cma_size: bytes of the CMA region; 0 for none; VDC_FDT_CMA_KEEP
 */
typedef struct VDCFdtNodes {
    char *overlay;
    uint64_t addr;
    uint32_t spi;
    uint64_t cma_size;
} VDCFdtNodes;

/**
 * vdc_fdt_apply() - patch the overlay and apply it
 * @fdt: the machine's tree; its blob has room to grow
 * @nodes: what to put into it
 * @size: bytes of the register map
 * @errp: error
 *
 * The controller is the overlay's node that is compatible with
 * "vdc,display-1.0"; its reg and interrupts are patched. The CMA region is the
 * node with a linux,cma-default property; there is one of it in a tree, so a
 * second device brings none. A node at the top of the overlay whose name is
 * taken gets another.
 *
 * Return: success. On failure @fdt is as it was.
 */
bool vdc_fdt_apply(void *fdt, const VDCFdtNodes *nodes, uint32_t size,
                   Error **errp);

#endif /* VDC_FDT_H */
