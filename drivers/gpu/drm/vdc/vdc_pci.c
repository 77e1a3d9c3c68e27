// SPDX-License-Identifier: GPL-2.0-only
/* PCI front end. */

#include <linux/module.h>
#include <linux/pci.h>

#include "vdc_drv.h"

#define VDC_PCI_BAR	0

static int vdc_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	void __iomem *mmio;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return dev_err_probe(dev, ret, "cannot enable\n");

	if (pci_resource_len(pdev, VDC_PCI_BAR) < VDC_MMIO_SIZE)
		return dev_err_probe(dev, -ENODEV, "BAR %d has %#llx bytes, not %#x\n", VDC_PCI_BAR,
				     (unsigned long long)pci_resource_len(pdev, VDC_PCI_BAR),
				     VDC_MMIO_SIZE);
	mmio = pcim_iomap_region(pdev, VDC_PCI_BAR, "vdc");
	if (IS_ERR(mmio))
		return dev_err_probe(dev, PTR_ERR(mmio), "cannot map BAR %d\n", VDC_PCI_BAR);

	/* Without it the bus drops each fetch without a word. */
	pci_set_master(pdev);

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_INTX);
	if (ret < 0)
		return dev_err_probe(dev, ret, "no interrupt\n");

	return vdc_device_probe(dev, mmio, pci_irq_vector(pdev, 0),
				pci_dev_msi_enabled(pdev) ? 0 : IRQF_SHARED);
}

static void vdc_pci_remove(struct pci_dev *pdev)
{
	vdc_device_remove(&pdev->dev);
}

static void vdc_pci_shutdown(struct pci_dev *pdev)
{
	vdc_device_shutdown(&pdev->dev);
}

static const struct pci_device_id vdc_pci_ids[] = {
	{ PCI_DEVICE(VDC_PCI_VENDOR_ID, VDC_PCI_DEVICE_ID) },
	{ }
};
MODULE_DEVICE_TABLE(pci, vdc_pci_ids);

struct pci_driver vdc_pci_driver = {
	.name = "vdc",
	.id_table = vdc_pci_ids,
	.probe = vdc_pci_probe,
	.remove = vdc_pci_remove,
	.shutdown = vdc_pci_shutdown,
	.driver.pm = pm_sleep_ptr(&vdc_pm_ops),
};
