// SPDX-License-Identifier: GPL-2.0-only
/* Platform front end: a controller that a device tree describes. */

#include <linux/ioport.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>

#include "vdc_drv.h"

static bool vdc_platform_has_pool(const struct device *dev)
{
#ifdef CONFIG_DMA_CMA
	if (dev->cma_area)
		return true;
#endif
#ifdef CONFIG_DMA_DECLARE_COHERENT
	if (dev->dma_mem)
		return true;
#endif
	return false;
}

/*
 * Take the memory-region of the node as the device's own pool, if it has one.
 *
 * The pool stays assigned when the driver is unbound: clients may hold buffers
 * from it longer, and to be freed these need it. So the next bind may find it
 * assigned already.
 */
static int vdc_platform_init_pool(struct device *dev)
{
	int ret;

	if (vdc_platform_has_pool(dev))
		return 0;
	ret = of_reserved_mem_device_init(dev);
	if (ret && ret != -ENODEV)
		return dev_err_probe(dev, ret, "cannot use memory-region\n");
	return 0;
}

static int vdc_platform_probe(struct platform_device *pdev)
{
	struct resource *res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	struct device *dev = &pdev->dev;
	void __iomem *mmio;
	int irq, ret;

	if (!res || resource_size(res) < VDC_MMIO_SIZE)
		return dev_err_probe(dev, -EINVAL, "no register window of %#x bytes\n",
				     VDC_MMIO_SIZE);
	mmio = devm_ioremap_resource(dev, res);
	if (IS_ERR(mmio))
		return PTR_ERR(mmio);	/* and has said why */
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;
	ret = vdc_platform_init_pool(dev);
	if (ret)
		return ret;

	return vdc_device_probe(dev, mmio, irq, 0);
}

static void vdc_platform_remove(struct platform_device *pdev)
{
	vdc_device_remove(&pdev->dev);
}

static void vdc_platform_shutdown(struct platform_device *pdev)
{
	vdc_device_shutdown(&pdev->dev);
}

static const struct of_device_id vdc_platform_of_match[] = {
	{ .compatible = "vdc,display-1.0" },
	{ }
};
MODULE_DEVICE_TABLE(of, vdc_platform_of_match);

struct platform_driver vdc_platform_driver = {
	.probe = vdc_platform_probe,
	.remove = vdc_platform_remove,
	.shutdown = vdc_platform_shutdown,
	.driver = {
		.name = "vdc",
		.of_match_table = vdc_platform_of_match,
		.pm = pm_sleep_ptr(&vdc_pm_ops),
	},
};
