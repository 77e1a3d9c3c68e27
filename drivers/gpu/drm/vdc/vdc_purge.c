// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers whose contents nobody needs (DRM_VDC_MADV_DONTNEED) lose their memory
 * when it is wanted: by the kernel, through a shrinker that also has the pool,
 * or for an allocation of our own that would fail.
 *
 * Such a buffer is on the device's list while nothing pins it. Locks: the
 * object's dma_resv, then gem_lock; to purge, it is the other way round, and
 * dma_resv is only tried: who holds it uses the buffer.
 */

#include <linux/dma-resv.h>
#include <linux/shrinker.h>

#include <drm/drm_managed.h>

#include "vdc_backing.h"
#include "vdc_drv.h"
#include "vdc_gem.h"
#include "vdc_purge.h"

static void vdc_purge_update(struct vdc_gem_object *vobj)
{
	struct drm_gem_object *obj = &vobj->base.base;
	struct vdc_device *vdc = drm_to_vdc(obj->dev);
	bool purgeable = vobj->dont_need && vobj->backing && !vobj->pins;

	dma_resv_assert_held(obj->resv);
	mutex_lock(&vdc->gem_lock);
	if (purgeable && list_empty(&vobj->purge_link)) {
		list_add_tail(&vobj->purge_link, &vdc->purge_list);
		vdc->purge_bytes += obj->size;
	} else if (!purgeable && !list_empty(&vobj->purge_link)) {
		list_del_init(&vobj->purge_link);
		vdc->purge_bytes -= obj->size;
	}
	mutex_unlock(&vdc->gem_lock);
}

/**
 * vdc_purge_pin() - keep a buffer's memory where it is: &drm_gem_object_funcs.pin
 * @obj: the buffer
 *
 * Context: with the buffer's dma_resv lock held.
 * Return: 0, or -EINVAL when its contents were declared not needed, and are not kept by another
 * pin.
 */
int vdc_purge_pin(struct drm_gem_object *obj)
{
	struct vdc_gem_object *vobj = to_vdc_gem_object(obj);

	dma_resv_assert_held(obj->resv);
	if (vobj->dont_need && !vobj->pins) {
		drm_dbg(obj->dev, "a buffer that is not needed cannot be used\n");
		return -EINVAL;
	}
	vobj->pins++;
	return 0;
}

/**
 * vdc_purge_unpin() - undo vdc_purge_pin(): &drm_gem_object_funcs.unpin
 * @obj: the buffer
 *
 * Context: with the buffer's dma_resv lock held.
 */
void vdc_purge_unpin(struct drm_gem_object *obj)
{
	struct vdc_gem_object *vobj = to_vdc_gem_object(obj);

	dma_resv_assert_held(obj->resv);
	if (!--vobj->pins)
		vdc_purge_update(vobj);
}

/**
 * vdc_purge_advise() - a client tells whether it needs a buffer's contents
 * @obj: the buffer
 * @needed: whether it does
 * @retained: returns whether the contents are there
 *
 * Return: 0, or -EINVAL for a buffer that others may have.
 */
int vdc_purge_advise(struct drm_gem_object *obj, bool needed, bool *retained)
{
	struct vdc_gem_object *vobj = to_vdc_gem_object(obj);
	int ret;

	ret = dma_resv_lock_interruptible(obj->resv, NULL);
	if (ret)
		return ret;
	if (obj->import_attach || vobj->exported) {
		drm_dbg(obj->dev, "a shared buffer is not purged\n");
		ret = -EINVAL;
	} else {
		*retained = vobj->backing;
		/* What is gone stays useless. */
		vobj->dont_need = !needed || !vobj->backing;
		vdc_purge_update(vobj);
	}
	dma_resv_unlock(obj->resv);
	return ret;
}

/* With both locks held: who has one of them may look at the backing. */
static void vdc_purge_free(struct vdc_gem_object *vobj)
{
	struct drm_gem_object *obj = &vobj->base.base;
	struct vdc_backing *backing = vobj->backing;

	drm_vma_node_unmap(&obj->vma_node, obj->dev->anon_inode->i_mapping);
	vobj->backing = NULL;
	vobj->base.vaddr = NULL;
	vdc_backing_free(backing);
}

/* With both locks held. */
static size_t vdc_purge_one(struct vdc_device *vdc, struct vdc_gem_object *vobj)
{
	struct drm_gem_object *obj = &vobj->base.base;

	list_del_init(&vobj->purge_link);
	vdc->purge_bytes -= obj->size;
	vdc_purge_free(vobj);

	spin_lock(&vdc->alloc_stats.lock);
	vdc->alloc_stats.purged++;
	spin_unlock(&vdc->alloc_stats.lock);
	return obj->size;
}

static size_t vdc_purge_locked(struct vdc_device *vdc, size_t bytes)
{
	struct vdc_gem_object *vobj, *next;
	size_t freed = 0;

	list_for_each_entry_safe(vobj, next, &vdc->purge_list, purge_link) {
		struct dma_resv *resv = vobj->base.base.resv;

		if (freed >= bytes)
			break;
		if (!dma_resv_trylock(resv))
			continue;
		freed += vdc_purge_one(vdc, vobj);
		dma_resv_unlock(resv);
	}
	return freed;
}

/**
 * vdc_purge_all() - throw away all contents that nobody needs
 * @vdc: the device
 *
 * Return: the bytes that were freed.
 */
size_t vdc_purge_all(struct vdc_device *vdc)
{
	size_t freed;

	mutex_lock(&vdc->gem_lock);
	freed = vdc_purge_locked(vdc, SIZE_MAX);
	mutex_unlock(&vdc->gem_lock);
	return freed;
}

static bool vdc_purge_may_go(const struct vdc_gem_object *vobj)
{
	return READ_ONCE(vobj->backing) && !READ_ONCE(vobj->exported) && !READ_ONCE(vobj->pins);
}

/* A buffer that may go, with a reference, or NULL. One without references is about to go itself. */
static struct vdc_gem_object *vdc_purge_find(struct vdc_device *vdc)
{
	struct vdc_gem_object *vobj, *found = NULL;

	mutex_lock(&vdc->gem_lock);
	list_for_each_entry(vobj, &vdc->gem_list, link)
		if (vdc_purge_may_go(vobj) && kref_get_unless_zero(&vobj->base.base.refcount)) {
			found = vobj;
			break;
		}
	mutex_unlock(&vdc->gem_lock);
	return found;
}

/**
 * vdc_purge_unplug() - give back the memory of a device that goes
 * @vdc: the device, unplugged and without power
 *
 * Clients keep buffers for as long as they like, but memory for DMA must not
 * outlive the driver. Only what others may have, or the kernel has mapped, is
 * left until they let it go.
 */
void vdc_purge_unplug(struct vdc_device *vdc)
{
	struct vdc_gem_object *vobj;

	while ((vobj = vdc_purge_find(vdc))) {
		struct drm_gem_object *obj = &vobj->base.base;

		dma_resv_lock(obj->resv, NULL);
		mutex_lock(&vdc->gem_lock);
		if (vdc_purge_may_go(vobj))
			vdc_purge_free(vobj);
		mutex_unlock(&vdc->gem_lock);
		vdc_purge_update(vobj);
		dma_resv_unlock(obj->resv);
		drm_gem_object_put(obj);
	}
}

/* A shrinker counts pages. */
static unsigned long vdc_shrinker_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct vdc_device *vdc = shrinker->private_data;
	size_t bytes = READ_ONCE(vdc->pool.bytes) + READ_ONCE(vdc->purge_bytes);

	return bytes >> PAGE_SHIFT ?: SHRINK_EMPTY;
}

static unsigned long vdc_shrinker_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct vdc_device *vdc = shrinker->private_data;
	size_t wanted = sc->nr_to_scan << PAGE_SHIFT, freed;

	freed = vdc_pool_shrink(&vdc->pool, wanted);
	if (freed < wanted && mutex_trylock(&vdc->gem_lock)) {
		freed += vdc_purge_locked(vdc, wanted - freed);
		mutex_unlock(&vdc->gem_lock);
	}
	/* A buffer is more than was asked for: enough of it may be enough. */
	sc->nr_scanned = max(sc->nr_scanned, freed >> PAGE_SHIFT);
	/* None: somebody has a lock for a moment, so it is worth while to come again. */
	return freed >> PAGE_SHIFT;
}

static void vdc_shrinker_free(struct drm_device *drm, void *shrinker)
{
	shrinker_free(shrinker);
}

/**
 * vdc_purge_init() - let the kernel ask for memory back
 * @vdc: the device, with its pool
 *
 * Return: 0 or a negative error code.
 */
int vdc_purge_init(struct vdc_device *vdc)
{
	struct shrinker *shrinker = shrinker_alloc(0, "drm-vdc:%s", dev_name(vdc->drm.dev));

	if (!shrinker)
		return -ENOMEM;
	shrinker->count_objects = vdc_shrinker_count;
	shrinker->scan_objects = vdc_shrinker_scan;
	shrinker->private_data = vdc;
	shrinker_register(shrinker);
	return drmm_add_action_or_reset(&vdc->drm, vdc_shrinker_free, shrinker);
}
