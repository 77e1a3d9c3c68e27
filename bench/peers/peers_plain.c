// SPDX-License-Identifier: GPL-2.0-only
/*
 * vdc-plain: a DRM device that has dumb buffers and PRIME and nothing else,
 * all of it the DMA (CMA) GEM helpers' own: how most display drivers for SoCs
 * allocate.
 *
 * An open device and an exported DMA-BUF each hold the module. Unbinding the
 * driver leaves them the memory but, these helpers being what they are, not the
 * mappings; the DRM device lives until the last of them is gone.
 */

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_drv.h>
#include <drm/drm_gem_dma_helper.h>

#include "vdc_peers.h"

#define PLAIN_NAME	"vdc-plain"

/** struct plain_device - nothing but what DRM keeps of a device */
struct plain_device {
	struct drm_device drm;
};

DEFINE_DRM_GEM_DMA_FOPS(plain_fops);

static const struct drm_driver plain_drm_driver = {
	.driver_features = DRIVER_GEM,
	.name = PLAIN_NAME,
	.desc = "Dumb buffers of the plain DMA GEM helpers",
	.date = "20260101",
	.major = 1,
	.minor = 0,
	.fops = &plain_fops,
	DRM_GEM_DMA_DRIVER_OPS,
};

static int plain_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct plain_device *plain;
	int ret;

	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));
	if (ret)
		return dev_err_probe(dev, ret, "no DMA with 64 address bits\n");
	/* An imported buffer is one segment, of any size. */
	dma_set_max_seg_size(dev, UINT_MAX);

	plain = devm_drm_dev_alloc(dev, &plain_drm_driver, struct plain_device, drm);
	if (IS_ERR(plain))
		return PTR_ERR(plain);
	platform_set_drvdata(pdev, plain);
	return drm_dev_register(&plain->drm, 0);
}

static void plain_remove(struct platform_device *pdev)
{
	struct plain_device *plain = platform_get_drvdata(pdev);

	drm_dev_unplug(&plain->drm);
}

static struct platform_driver plain_driver = {
	.probe = plain_probe,
	.remove = plain_remove,
	.driver = {
		.name = PLAIN_NAME,
	},
};

static struct platform_device *plain_device;

int peers_plain_register(void)
{
	int ret = platform_driver_register(&plain_driver);

	if (ret)
		return ret;
	plain_device = platform_device_register_simple(PLAIN_NAME, PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(plain_device)) {
		platform_driver_unregister(&plain_driver);
		return PTR_ERR(plain_device);
	}
	return 0;
}

void peers_plain_unregister(void)
{
	platform_device_unregister(plain_device);
	platform_driver_unregister(&plain_driver);
}
