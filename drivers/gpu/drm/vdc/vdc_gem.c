// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers: contiguous memory of our own, or somebody else's imported.
 *
 * To everyone else they are buffers of the DMA GEM helpers; only where their
 * memory comes from, and when it goes, is decided here.
 */

#include <linux/align.h>
#include <linux/dma-buf.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-resv.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_mode.h>
#include <drm/drm_prime.h>
#include <drm/drm_print.h>

#include "vdc_alloc.h"
#include "vdc_backing.h"
#include "vdc_drv.h"
#include "vdc_gem.h"
#include "vdc_purge.h"
#include "vdc_space.h"

/* LAYER_PITCH and WB_PITCH are 24 bits wide. */
#define VDC_MAX_PITCH	(BIT(24) - 1)

static void vdc_gem_track(struct drm_gem_object *obj)
{
	struct vdc_gem_object *vobj = to_vdc_gem_object(obj);
	struct vdc_device *vdc = drm_to_vdc(obj->dev);

	mutex_lock(&vdc->gem_lock);
	list_add_tail(&vobj->link, &vdc->gem_list);
	if (vobj->backing)
		vdc_space_note(vdc, vobj->backing);
	mutex_unlock(&vdc->gem_lock);
}

static void vdc_gem_free(struct drm_gem_object *obj)
{
	struct vdc_gem_object *vobj = to_vdc_gem_object(obj);
	struct vdc_device *vdc = drm_to_vdc(obj->dev);

	mutex_lock(&vdc->gem_lock);
	list_del(&vobj->link);
	if (!list_empty(&vobj->purge_link)) {
		list_del(&vobj->purge_link);
		vdc->purge_bytes -= obj->size;
	}
	mutex_unlock(&vdc->gem_lock);
	if (vobj->backing) {
		vdc_pool_give(&vdc->pool, vobj->backing);
		vobj->base.vaddr = NULL;
	}
	if (vobj->scratch)
		__free_page(vobj->scratch);
	drm_gem_dma_free(&vobj->base);
}

/* Around an address as much as one page table maps: a fault a page would cost more than to draw. */
static vm_fault_t vdc_gem_insert(struct vm_fault *vmf, const struct drm_gem_object *obj,
				 unsigned long pfn)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long first = vma->vm_pgoff - drm_vma_node_start(&obj->vma_node);
	unsigned long start = max(vma->vm_start, ALIGN_DOWN(vmf->address, PMD_SIZE));
	unsigned long end = min(vma->vm_end, ALIGN(vmf->address + 1, PMD_SIZE));
	vm_fault_t ret = VM_FAULT_NOPAGE;
	unsigned long address;

	pfn += first + ((start - vma->vm_start) >> PAGE_SHIFT);
	for (address = start; address < end && ret == VM_FAULT_NOPAGE; address += PAGE_SIZE)
		ret = vmf_insert_pfn(vma, address, pfn++);
	return ret;
}

/* Without the device nobody sees what is drawn; one page is enough to draw into. */
static vm_fault_t vdc_gem_insert_scratch(struct vm_fault *vmf, struct vdc_gem_object *vobj)
{
	if (!vobj->scratch)
		vobj->scratch = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!vobj->scratch)
		return VM_FAULT_OOM;
	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(vobj->scratch));
}

/*
 * A buffer that is moved or purged is waited for; not with the address space locked, for to copy
 * takes its time. Return: 0 with the dma_resv lock held.
 */
static vm_fault_t vdc_gem_fault_lock(struct vm_fault *vmf, struct drm_gem_object *obj)
{
	if (dma_resv_trylock(obj->resv))
		return 0;
	if (!fault_flag_allow_retry_first(vmf->flags))
		return dma_resv_lock_interruptible(obj->resv, NULL) ? VM_FAULT_NOPAGE : 0;
	if (vmf->flags & FAULT_FLAG_RETRY_NOWAIT)
		return VM_FAULT_RETRY;
	drm_gem_object_get(obj);
	mmap_read_unlock(vmf->vma->vm_mm);
	if (!dma_resv_lock_interruptible(obj->resv, NULL))
		dma_resv_unlock(obj->resv);
	drm_gem_object_put(obj);
	return VM_FAULT_RETRY;
}

/*
 * Mappings are filled when they are touched. They are torn down when the device
 * is unbound: then a client that draws shall live to see -ENODEV instead of
 * dying of SIGBUS. And when the contents were not needed and are gone; then
 * SIGBUS is what is left.
 */
static vm_fault_t vdc_gem_fault(struct vm_fault *vmf)
{
	struct drm_gem_object *obj = vmf->vma->vm_private_data;
	struct vdc_gem_object *vobj = to_vdc_gem_object(obj);
	vm_fault_t ret = vdc_gem_fault_lock(vmf, obj);

	if (ret)
		return ret;
	ret = VM_FAULT_SIGBUS;
	if (vobj->backing)
		ret = vdc_gem_insert(vmf, obj, vdc_backing_pfn(vobj->backing));
	else if (drm_dev_is_unplugged(obj->dev))
		ret = vdc_gem_insert_scratch(vmf, vobj);
	dma_resv_unlock(obj->resv);
	return ret;
}

/*
 * Nothing is mapped yet: who purges the buffer finds its mappings through the
 * file, and there this one is only put when we are done.
 */
static int vdc_gem_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	struct vdc_gem_object *vobj = to_vdc_gem_object(obj);
	bool purged;

	dma_resv_lock(obj->resv, NULL);
	purged = !vobj->backing;
	dma_resv_unlock(obj->resv);
	/* A private copy is no use for a buffer. */
	if (purged || is_cow_mapping(vma->vm_flags))
		return -EINVAL;

	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
	if (!dev_is_dma_coherent(obj->dev->dev))
		vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return 0;
}

/* While the kernel has it mapped it stays. Called with the dma_resv lock held. */
static int vdc_gem_vmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	int ret;

	/* An import has no address in the kernel. */
	if (obj->import_attach)
		return -EOPNOTSUPP;
	ret = vdc_purge_pin(obj);
	if (ret)
		return ret;
	ret = drm_gem_dma_object_vmap(obj, map);
	if (ret)
		vdc_purge_unpin(obj);
	return ret;
}

static void vdc_gem_vunmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	vdc_purge_unpin(obj);
}

/* Once others may have it, its contents cannot go. */
static struct dma_buf *vdc_gem_export(struct drm_gem_object *obj, int flags)
{
	struct vdc_gem_object *vobj = to_vdc_gem_object(obj);
	bool needed;

	dma_resv_lock(obj->resv, NULL);
	needed = !vobj->dont_need;
	/* For ever: a failed export is rare, and who has it afterwards is not told. */
	vobj->exported |= needed;
	dma_resv_unlock(obj->resv);
	if (!needed) {
		drm_dbg_prime(obj->dev, "a buffer that is not needed cannot be exported\n");
		return ERR_PTR(-EINVAL);
	}
	return drm_gem_prime_export(obj, flags);
}

/* For fdinfo. May not sleep. */
static enum drm_gem_object_status vdc_gem_status(struct drm_gem_object *obj)
{
	const struct vdc_gem_object *vobj = to_vdc_gem_object(obj);

	return (READ_ONCE(vobj->backing) ? DRM_GEM_OBJECT_RESIDENT : 0) |
	       (READ_ONCE(vobj->dont_need) ? DRM_GEM_OBJECT_PURGEABLE : 0);
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
	.export = vdc_gem_export,
	.pin = vdc_purge_pin,
	.unpin = vdc_purge_unpin,
	.vmap = vdc_gem_vmap,
	.vunmap = vdc_gem_vunmap,
	.mmap = vdc_gem_mmap,
	.status = vdc_gem_status,
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
	INIT_LIST_HEAD(&vobj->purge_link);
	vobj->base.base.funcs = &vdc_gem_funcs;
	return &vobj->base.base;
}

static struct drm_gem_object *vdc_gem_create(struct vdc_device *vdc, size_t size)
{
	struct vdc_gem_object *vobj;
	struct drm_gem_object *obj;
	int ret, idx;

	/* More than the machine has: nobody shall lose anything for it. */
	if (size >> PAGE_SHIFT > totalram_pages())
		return ERR_PTR(-ENOMEM);

	obj = vdc_gem_create_object(&vdc->drm, size);
	if (IS_ERR(obj))
		return obj;
	vobj = to_vdc_gem_object(obj);
	drm_gem_private_object_init(&vdc->drm, obj, size);
	ret = drm_gem_create_mmap_offset(obj);
	if (!ret && !drm_dev_enter(&vdc->drm, &idx))
		ret = -ENODEV;
	if (ret)
		goto err_put;
	/* Until it is on the list, nobody would give it back when the device goes. */
	vobj->backing = vdc_alloc(vdc, size);
	if (vobj->backing) {
		vobj->base.vaddr = vobj->backing->vaddr;
		vobj->base.dma_addr = vobj->backing->dma_addr;
		vdc_gem_track(obj);
	} else {
		ret = -ENOMEM;
	}
	drm_dev_exit(idx);
	if (!ret)
		return obj;

err_put:
	drm_gem_object_put(obj);
	return ERR_PTR(ret);
}

/**
 * vdc_gem_create_handle() - create a buffer for a client
 * @file: the client
 * @vdc: the device
 * @size: bytes, whole pages
 * @handle: returns the client's handle
 *
 * Return: 0 or a negative error code: -ENOMEM when there is no contiguous memory.
 */
int vdc_gem_create_handle(struct drm_file *file, struct vdc_device *vdc, size_t size, u32 *handle)
{
	struct drm_gem_object *obj = vdc_gem_create(vdc, size);
	int ret;

	if (IS_ERR(obj))
		return PTR_ERR(obj);
	ret = drm_gem_handle_create(file, obj, handle);
	/* The handle holds it now. */
	drm_gem_object_put(obj);
	return ret;
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
	struct vdc_device *vdc = drm_to_vdc(drm);
	int ret;

	ret = vdc_gem_dumb_size(vdc, args);
	if (ret)
		return ret;
	return vdc_gem_create_handle(file, vdc, args->size, &args->handle);
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

/**
 * vdc_gem_fb_is_needed() - whether a framebuffer may be used, for checks of a new state
 * @fb: the framebuffer
 *
 * It may be said not to be needed a moment later: vdc_gem_pin_fb() has the last word.
 *
 * Return: true if its contents are needed, or are shown already, so that they are there.
 */
bool vdc_gem_fb_is_needed(const struct drm_framebuffer *fb)
{
	const struct vdc_gem_object *vobj = to_vdc_gem_object(fb->obj[0]);

	if (!READ_ONCE(vobj->dont_need) || READ_ONCE(vobj->pins))
		return true;
	drm_dbg_kms(fb->dev, "[FB:%d] is not needed, or its contents are gone\n", fb->base.id);
	return false;
}

static int vdc_gem_pin_object(struct drm_gem_object *obj)
{
	int ret;

	ret = dma_resv_lock_interruptible(obj->resv, NULL);
	if (ret)
		return ret;
	ret = vdc_purge_pin(obj);
	dma_resv_unlock(obj->resv);
	return ret;
}

static void vdc_gem_unpin_object(struct drm_gem_object *obj)
{
	dma_resv_lock(obj->resv, NULL);
	vdc_purge_unpin(obj);
	dma_resv_unlock(obj->resv);
}

/**
 * vdc_gem_pin_fb() - keep the memory of a framebuffer where it is
 * @fb: the framebuffer
 *
 * Return: 0, or a negative error code: -EINVAL when its contents are not needed, or gone.
 */
int vdc_gem_pin_fb(struct drm_framebuffer *fb)
{
	return vdc_gem_pin_object(fb->obj[0]);
}

/**
 * vdc_gem_unpin_fb() - undo vdc_gem_pin_fb()
 * @fb: the framebuffer
 */
void vdc_gem_unpin_fb(struct drm_framebuffer *fb)
{
	vdc_gem_unpin_object(fb->obj[0]);
}

/**
 * vdc_gem_usage() - add up what buffers hold
 * @vdc: the device
 * @usage: returns the sums
 */
void vdc_gem_usage(struct vdc_device *vdc, struct vdc_gem_usage *usage)
{
	const struct vdc_gem_object *vobj;

	*usage = (struct vdc_gem_usage) {};
	mutex_lock(&vdc->gem_lock);
	list_for_each_entry(vobj, &vdc->gem_list, link) {
		if (!READ_ONCE(vobj->backing))
			continue;
		usage->count++;
		usage->bytes += vobj->base.base.size;
		usage->shared += READ_ONCE(vobj->exported);
		usage->pinned += READ_ONCE(vobj->pins) > 0;
	}
	mutex_unlock(&vdc->gem_lock);
}

/* For people. With gem_lock held, so that it does not lose its memory. */
static const char *vdc_gem_origin(const struct vdc_gem_object *vobj)
{
	if (vobj->base.base.import_attach)
		return "imported";
	return vobj->backing ? vdc_origin_name(vobj->backing->origin) : "purged";
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
