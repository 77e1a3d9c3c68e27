// SPDX-License-Identifier: GPL-2.0-only
/*
 * VDC display controller: the device as a whole, from probe to unbind.
 *
 * How the registers, the interrupt and the memory are found differs by bus:
 * vdc_platform.c and vdc_pci.c.
 */

#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/regmap.h>

#include <drm/drm_atomic_helper.h>
#include <drm/drm_client_setup.h>
#include <drm/drm_drv.h>
#include <drm/drm_fbdev_dma.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_modeset_helper.h>
#include <drm/drm_module.h>
#include <drm/drm_print.h>
#include <drm/drm_probe_helper.h>

#include "vdc_backing.h"
#include "vdc_crtc.h"
#include "vdc_debugfs.h"
#include "vdc_drv.h"
#include "vdc_gem.h"
#include "vdc_ioctl.h"
#include "vdc_irq.h"
#include "vdc_kms.h"
#include "vdc_purge.h"
#include "vdc_writeback.h"

static void vdc_show_fdinfo(struct drm_printer *p, struct drm_file *file)
{
	drm_show_memory_stats(p, file);
}

/* With the last client goes who could use what the pool has. */
static void vdc_postclose(struct drm_device *drm, struct drm_file *file)
{
	if (atomic_read(&drm->open_count) <= 1)
		vdc_pool_empty(&drm_to_vdc(drm)->pool);
}

static const struct file_operations vdc_fops = {
	.owner = THIS_MODULE,
	DRM_GEM_FOPS,
	.show_fdinfo = drm_show_fdinfo,
};

static const struct drm_driver vdc_drm_driver = {
	.driver_features = DRIVER_MODESET | DRIVER_GEM | DRIVER_ATOMIC,
	.name = "vdc",
	.desc = "VDC virtual display controller",
	.date = "20260101",
	.major = 1,
	.minor = 1,
	.fops = &vdc_fops,
	.ioctls = vdc_ioctls,
	.num_ioctls = VDC_NUM_IOCTLS,
	.postclose = vdc_postclose,
	.show_fdinfo = vdc_show_fdinfo,
	.gem_create_object = vdc_gem_create_object,
	.dumb_create = vdc_gem_dumb_create,
	.gem_prime_import_sg_table = vdc_gem_import,
	DRM_FBDEV_DMA_DRIVER_OPS,
};

/* MMIO may be touched in any context, hence the spinlock; nothing is cached. */
static const struct regmap_config vdc_regmap_config = {
	.reg_bits = 32,
	.val_bits = 32,
	.reg_stride = 4,
	.max_register = VDC_MMIO_SIZE - 4,
	.fast_io = true,
};

static void vdc_power_off(struct vdc_device *vdc)
{
	vdc_write(vdc, VDC_POWER, 0);
}

/* From off to on: whatever used the device before, nothing of it is left. */
static void vdc_power_on(struct vdc_device *vdc)
{
	vdc_power_off(vdc);
	vdc_write(vdc, VDC_POWER, VDC_POWER_ON | VDC_POWER_CLOCK);
}

static void vdc_power_off_action(void *data)
{
	vdc_power_off(data);
}

static int vdc_device_identify(struct vdc_device *vdc)
{
	struct device *dev = vdc->drm.dev;
	u32 id = vdc_read(vdc, VDC_ID);
	int ret;

	if (id != VDC_ID_MAGIC)
		return dev_err_probe(dev, -ENODEV, "no VDC: ID register reads %#x, not %#x\n",
				     id, VDC_ID_MAGIC);

	vdc_power_on(vdc);
	ret = devm_add_action_or_reset(dev, vdc_power_off_action, vdc);
	if (ret)
		return ret;
	return vdc_caps_read(vdc);
}

static int vdc_device_init_dma(struct vdc_device *vdc)
{
	struct device *dev = vdc->drm.dev;
	int ret;

	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(vdc->caps.addr_bits));
	if (ret)
		return dev_err_probe(dev, ret, "no DMA with %u address bits\n",
				     vdc->caps.addr_bits);
	/* An imported buffer is one segment, of any size. */
	dma_set_max_seg_size(dev, UINT_MAX);
	return 0;
}

static void vdc_pool_close_action(struct drm_device *drm, void *pool)
{
	vdc_pool_close(pool);
}

static int vdc_device_init_memory(struct vdc_device *vdc)
{
	int ret;

	INIT_LIST_HEAD(&vdc->gem_list);
	INIT_LIST_HEAD(&vdc->purge_list);
	init_rwsem(&vdc->move_sem);
	ret = drmm_mutex_init(&vdc->drm, &vdc->gem_lock);
	if (ret)
		return ret;
	vdc_alloc_init(&vdc->alloc_stats);
	vdc_pool_init(&vdc->pool, vdc_backing_free);
	ret = drmm_add_action_or_reset(&vdc->drm, vdc_pool_close_action, &vdc->pool);
	if (ret)
		return ret;
	return vdc_purge_init(vdc);
}

static void vdc_device_setup_client(struct drm_device *drm)
{
	if (IS_ENABLED(CONFIG_DRM_CLIENT_SETUP))
		drm_client_setup(drm, NULL);
	else
		drm_fbdev_dma_setup(drm, 0);
}

/**
 * vdc_device_probe() - bring a controller up and register it with DRM
 * @dev: the bus's device; its driver data becomes the &struct vdc_device
 * @mmio: its registers, managed by @dev
 * @irq: its interrupt
 * @irq_flags: IRQF_* beyond what the firmware says
 *
 * Return: 0 or a negative error code; then it has said why.
 */
int vdc_device_probe(struct device *dev, void __iomem *mmio, int irq, unsigned long irq_flags)
{
	struct vdc_device *vdc;
	struct drm_device *drm;
	int ret;

	vdc = devm_drm_dev_alloc(dev, &vdc_drm_driver, struct vdc_device, drm);
	if (IS_ERR(vdc))
		return PTR_ERR(vdc);
	drm = &vdc->drm;
	dev_set_drvdata(dev, vdc);
	vdc->irq = irq;
	spin_lock_init(&vdc->irq_lock);
	ret = vdc_device_init_memory(vdc);
	if (ret)
		return ret;

	vdc->regs = devm_regmap_init_mmio(dev, mmio, &vdc_regmap_config);
	if (IS_ERR(vdc->regs))
		return dev_err_probe(dev, PTR_ERR(vdc->regs), "no register map\n");

	ret = vdc_device_identify(vdc);
	if (ret)
		return ret;
	ret = vdc_device_init_dma(vdc);
	if (ret)
		return ret;
	ret = vdc_kms_init(vdc);
	if (ret)
		return dev_err_probe(dev, ret, "cannot set up KMS\n");

	vdc_irq_restore(vdc);
	ret = devm_request_threaded_irq(dev, irq, vdc_irq_handler, vdc_irq_thread, irq_flags,
					dev_name(dev), vdc);
	if (ret)
		return dev_err_probe(dev, ret, "cannot request interrupt %d\n", irq);

	vdc_debugfs_init(vdc);
	ret = drmm_kms_helper_poll_init(drm);
	if (ret)
		return ret;
	ret = drm_dev_register(drm, 0);
	if (ret) {
		/* Now: the registers go before the DRM device does. */
		drm_kms_helper_poll_fini(drm);
		return dev_err_probe(dev, ret, "cannot register with DRM\n");
	}

	vdc_device_setup_client(drm);
	return 0;
}

/**
 * vdc_device_remove() - unbind, with clients that may go on holding the device open
 * @dev: the bus's device
 */
void vdc_device_remove(struct device *dev)
{
	struct vdc_device *vdc = dev_get_drvdata(dev);
	struct drm_device *drm = &vdc->drm;
	unsigned int i;

	/* No hot-plug event may be under way when the connectors go. */
	drm_kms_helper_poll_fini(drm);
	synchronize_irq(vdc->irq);

	drm_dev_unplug(drm);

	/*
	 * Nothing but the interrupt handler touches the registers any more.
	 * Without power there is no DMA, so buffers may go; what still waits
	 * for the hardware waits in vain.
	 */
	vdc_power_off(vdc);
	synchronize_irq(vdc->irq);
	for (i = 0; i < vdc->caps.num_pipes; i++) {
		vdc_crtc_abandon(vdc->crtcs[i]);
		vdc_writeback_abort(vdc, i, -ENODEV);
	}
	drm_atomic_helper_shutdown(drm);
	vdc_purge_unplug(vdc);
	vdc_pool_close(&vdc->pool);
}

/**
 * vdc_device_shutdown() - the machine is about to stop or to start another kernel
 * @dev: the bus's device
 */
void vdc_device_shutdown(struct device *dev)
{
	struct vdc_device *vdc = dev_get_drvdata(dev);

	drm_atomic_helper_shutdown(&vdc->drm);
}

static int vdc_device_suspend(struct device *dev)
{
	struct vdc_device *vdc = dev_get_drvdata(dev);
	int ret;

	ret = drm_mode_config_helper_suspend(&vdc->drm);
	if (ret)
		return ret;
	vdc_power_off(vdc);
	return 0;
}

static int vdc_device_resume(struct device *dev)
{
	struct vdc_device *vdc = dev_get_drvdata(dev);
	int ret;

	vdc_power_on(vdc);
	vdc_irq_restore(vdc);
	ret = drm_mode_config_helper_resume(&vdc->drm);
	if (ret)
		return ret;

	/* Without power nobody heard of displays that came or went. */
	drm_helper_hpd_irq_event(&vdc->drm);
	return 0;
}

DEFINE_SIMPLE_DEV_PM_OPS(vdc_pm_ops, vdc_device_suspend, vdc_device_resume);

static int __init vdc_init(void)
{
	int ret;

	if (drm_firmware_drivers_only())
		return -ENODEV;

	ret = platform_driver_register(&vdc_platform_driver);
	if (ret)
		return ret;
#ifdef CONFIG_PCI
	ret = pci_register_driver(&vdc_pci_driver);
	if (ret)
		platform_driver_unregister(&vdc_platform_driver);
#endif
	return ret;
}
module_init(vdc_init);

static void __exit vdc_exit(void)
{
#ifdef CONFIG_PCI
	pci_unregister_driver(&vdc_pci_driver);
#endif
	platform_driver_unregister(&vdc_platform_driver);
}
module_exit(vdc_exit);

MODULE_AUTHOR("VDC authors");
MODULE_DESCRIPTION("VDC virtual display controller");
MODULE_LICENSE("GPL");
