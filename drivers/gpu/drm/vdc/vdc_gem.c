// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers: contiguous memory of our own, or somebody else's imported.
 *
 * The DMA GEM helpers do the allocation. Added here are the sizes and pitches
 * that the controller and clients need, a reason for each import that is
 * refused, a list for debugfs, and CPU mappings that outlive the device.
 */

#include <linux/align.h>
#include <linux/dma-buf.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <drm/drm_file.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_mode.h>
#include <drm/drm_prime.h>
#include <drm/drm_print.h>

#include "vdc_drv.h"
#include "vdc_gem.h"

/* LAYER_PITCH and WB_PITCH are 24 bits wide. */
#define VDC_MAX_PITCH	(BIT(24) - 1)

static void vdc_gem_track(struct drm_gem_object *obj)
{
	struct vdc_device *vdc = drm_to_vdc(obj->dev);

	mutex_lock(&vdc->gem_lock);
	list_add_tail(&to_vdc_gem_object(obj)->link, &vdc->gem_list);
	mutex_unlock(&vdc->gem_lock);
}

static void vdc_gem_free(struct drm_gem_object *obj)
{
	struct vdc_gem_object *vobj = to_vdc_gem_object(obj);
	struct vdc_device *vdc = drm_to_vdc(obj->dev);

	mutex_lock(&vdc->gem_lock);
	list_del(&vobj->link);
	mutex_unlock(&vdc->gem_lock);
	drm_gem_dma_free(&vobj->base);
}

static unsigned long vdc_gem_pfn(const struct vdc_gem_object *vobj)
{
	void *vaddr = vobj->base.vaddr;

	return is_vmalloc_addr(vaddr) ? vmalloc_to_pfn(vaddr) : PHYS_PFN(virt_to_phys(vaddr));
}

/*
 * Mappings are complete when they are made. Only when the device is unbound
 * are they torn down, and then the memory is still there: give it back, so
 * that a client that draws lives to see -ENODEV instead of dying of SIGBUS.
 */
static vm_fault_t vdc_gem_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct drm_gem_object *obj = vma->vm_private_data;
	unsigned long page = vma->vm_pgoff + ((vmf->address - vma->vm_start) >> PAGE_SHIFT);

	if (!(vma->vm_flags & VM_PFNMAP) || is_cow_mapping(vma->vm_flags) ||
	    page >= obj->size >> PAGE_SHIFT || !to_vdc_gem_object(obj)->base.vaddr)
		return VM_FAULT_SIGBUS;

	return vmf_insert_pfn(vma, vmf->address, vdc_gem_pfn(to_vdc_gem_object(obj)) + page);
}

static const struct vm_operations_struct vdc_gem_vm_ops = {
	.open = drm_gem_vm_open,
	.close = drm_gem_vm_close,
	.fault = vdc_gem_fault,
};

static const struct drm_gem_object_funcs vdc_gem_funcs = {
	.free = vdc_gem_free,
	.print_info = drm_gem_dma_object_print_info,
	.get_sg_table = drm_gem_dma_object_get_sg_table,
	.vmap = drm_gem_dma_object_vmap,
	.mmap = drm_gem_dma_object_mmap,
	.vm_ops = &vdc_gem_vm_ops,
};

/**
 * vdc_gem_create_object() - &drm_driver.gem_create_object
 * @drm: the device
 * @size: bytes; not used
 *
 * Return: an object without memory, or an ERR_PTR().
 */
struct drm_gem_object *vdc_gem_create_object(struct drm_device *drm, size_t size)
{
	struct vdc_gem_object *vobj = kzalloc(sizeof(*vobj), GFP_KERNEL);

	/* The helper frees an object that it cannot finish as one of its own. */
	BUILD_BUG_ON(offsetof(struct vdc_gem_object, base) != 0);

	if (!vobj)
		return ERR_PTR(-ENOMEM);
	/* An object that gets no memory is freed without having been listed. */
	INIT_LIST_HEAD(&vobj->link);
	vobj->base.base.funcs = &vdc_gem_funcs;
	return &vobj->base.base;
}

static int vdc_gem_dumb_size(const struct vdc_device *vdc, struct drm_mode_create_dumb *args)
{
	u64 pitch = ALIGN(DIV_ROUND_UP_ULL((u64)args->width * args->bpp, 8),
			  vdc->caps.pitch_align);
	u64 size;

	switch (args->bpp) {
	case 8:
	case 16:
	case 24:
	case 32:
	case 64:
		break;
	default:
		drm_dbg(&vdc->drm, "no format has %u bits a pixel\n", args->bpp);
		return -EINVAL;
	}

	if (pitch > U32_MAX || check_mul_overflow(pitch, (u64)args->height, &size) ||
	    size > SIZE_MAX - PAGE_SIZE) {
		drm_dbg(&vdc->drm, "%ux%u at %u bits a pixel is too large\n",
			args->width, args->height, args->bpp);
		return -EINVAL;
	}
	args->pitch = pitch;
	args->size = PAGE_ALIGN(size);
	return 0;
}

/**
 * vdc_gem_dumb_create() - &drm_driver.dumb_create
 * @file: the client
 * @drm: the device
 * @args: width, height and bpp in; handle, pitch and size out. The size is
 *	that of the memory: whole pages
 *
 * Return: 0, -EINVAL for a size or depth that cannot be, or -ENOMEM when there
 * is no contiguous memory.
 */
int vdc_gem_dumb_create(struct drm_file *file, struct drm_device *drm,
			struct drm_mode_create_dumb *args)
{
	struct drm_gem_dma_object *dma_obj;
	int ret;

	ret = vdc_gem_dumb_size(drm_to_vdc(drm), args);
	if (ret)
		return ret;

	dma_obj = drm_gem_dma_create(drm, args->size);
	if (IS_ERR(dma_obj))
		return PTR_ERR(dma_obj);
	vdc_gem_track(&dma_obj->base);

	ret = drm_gem_handle_create(file, &dma_obj->base, &args->handle);
	/* The handle holds it now. */
	drm_gem_object_put(&dma_obj->base);
	return ret;
}

/**
 * vdc_gem_import() - &drm_driver.gem_prime_import_sg_table
 * @drm: the device
 * @attach: the attachment to the DMA-BUF
 * @sgt: where its pages are, in bus addresses
 *
 * Return: the object, or an ERR_PTR(): -EINVAL when the controller cannot show it.
 */
struct drm_gem_object *vdc_gem_import(struct drm_device *drm, struct dma_buf_attachment *attach,
				      struct sg_table *sgt)
{
	unsigned long contiguous = drm_prime_get_contiguous_size(sgt);
	struct drm_gem_object *obj;

	if (contiguous < attach->dmabuf->size) {
		drm_dbg_prime(drm, "import of %zu bytes from %s: in %u pieces, the first of %lu\n",
			      attach->dmabuf->size, attach->dmabuf->exp_name, sgt->nents,
			      contiguous);
		return ERR_PTR(-EINVAL);
	}

	obj = drm_gem_dma_prime_import_sg_table(drm, attach, sgt);
	if (!IS_ERR(obj))
		vdc_gem_track(obj);
	return obj;
}

/**
 * vdc_gem_fb_create() - &drm_mode_config_funcs.fb_create
 * @drm: the device
 * @file: the client
 * @cmd: the framebuffer it wants
 *
 * Return: the framebuffer, or an ERR_PTR(): -EINVAL for a pitch that the hardware does not have.
 */
struct drm_framebuffer *vdc_gem_fb_create(struct drm_device *drm, struct drm_file *file,
					  const struct drm_mode_fb_cmd2 *cmd)
{
	const struct vdc_device *vdc = drm_to_vdc(drm);

	if (!IS_ALIGNED(cmd->pitches[0], vdc->caps.pitch_align) ||
	    cmd->pitches[0] > VDC_MAX_PITCH) {
		drm_dbg_kms(drm, "pitch %u is not a multiple of %u up to %lu\n",
			    cmd->pitches[0], vdc->caps.pitch_align, VDC_MAX_PITCH);
		return ERR_PTR(-EINVAL);
	}
	return drm_gem_fb_create(drm, file, cmd);
}

/*
 * Where memory came from. The allocator does not tell, but CMA hands out pages
 * that each have a reference, while of a larger block from the buddy allocator
 * only the first one has.
 */
static const char *vdc_gem_origin(const struct vdc_gem_object *vobj)
{
	const struct drm_gem_object *obj = &vobj->base.base;
	unsigned long pfn;

	/* Without an address here: an import, maybe one that is being made. */
	if (!vobj->base.vaddr)
		return "imported";
	pfn = vdc_gem_pfn(vobj);
	if (!pfn_valid(pfn) || PageReserved(pfn_to_page(pfn)))
		return "pool";
	if (obj->size > PAGE_SIZE && page_count(pfn_to_page(pfn + 1)))
		return "cma";
	return "pages";
}

/**
 * vdc_gem_print_list() - print all buffers
 * @vdc: the device
 * @p: where to
 */
void vdc_gem_print_list(struct vdc_device *vdc, struct drm_printer *p)
{
	const struct vdc_gem_object *vobj;
	size_t total = 0;

	drm_printf(p, "%-18s %10s %-8s %5s %7s %6s\n",
		   "bus address", "size", "origin", "name", "handles", "shared");
	mutex_lock(&vdc->gem_lock);
	list_for_each_entry(vobj, &vdc->gem_list, link) {
		const struct drm_gem_object *obj = &vobj->base.base;

		drm_printf(p, "%#018llx %10zu %-8s %5d %7u %6s\n", (u64)vobj->base.dma_addr,
			   obj->size, vdc_gem_origin(vobj), obj->name, obj->handle_count,
			   obj->dma_buf ? "yes" : "no");
		total += obj->size;
	}
	mutex_unlock(&vdc->gem_lock);
	drm_printf(p, "total %zu\n", total);
}
