// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool: contiguous memory costs up to seconds to get on a machine that has
 * been up for long, so what was freed is kept for a while. It is zeroed while
 * nobody waits for it, and is given back when it is old, when it is too much,
 * when memory is short, before an allocation fails, and with the last client.
 */

#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sizes.h>

#include <kunit/visibility.h>

#include "vdc_backing.h"
#include "vdc_pool.h"

VISIBLE_IF_KUNIT unsigned int vdc_pool_mb = 32;
EXPORT_SYMBOL_IF_KUNIT(vdc_pool_mb);
module_param_named(pool_mb, vdc_pool_mb, uint, 0644);
MODULE_PARM_DESC(pool_mb, "Most freed memory that a device keeps for reuse, in MiB (default 32, 0: none)");

VISIBLE_IF_KUNIT unsigned int vdc_pool_ms = 5000;
EXPORT_SYMBOL_IF_KUNIT(vdc_pool_ms);
module_param_named(pool_ms, vdc_pool_ms, uint, 0644);
MODULE_PARM_DESC(pool_ms, "How long freed memory is kept, in ms (default 5000)");

static size_t vdc_pool_limit(void)
{
	return (size_t)min_t(u64, (u64)READ_ONCE(vdc_pool_mb) * SZ_1M, SIZE_MAX);
}

/* Called with the lock held. In the order in which they were freed, nearly always at the end. */
static void vdc_pool_add(struct vdc_pool *pool, struct vdc_backing *backing)
{
	struct vdc_backing *before;

	list_for_each_entry_reverse(before, &pool->entries, link)
		if (!ktime_after(before->freed, backing->freed))
			break;
	list_add(&backing->link, &before->link);
	pool->bytes += backing->size;
	pool->count++;
}

static void vdc_pool_remove(struct vdc_pool *pool, struct vdc_backing *backing)
{
	list_del_init(&backing->link);
	pool->bytes -= backing->size;
	pool->count--;
}

static size_t vdc_pool_release_first(struct vdc_pool *pool)
{
	struct vdc_backing *backing;
	size_t size;

	backing = list_first_entry(&pool->entries, struct vdc_backing, link);
	size = backing->size;
	vdc_pool_remove(pool, backing);
	pool->release(backing);
	return size;
}

static void vdc_pool_trim(struct vdc_pool *pool, size_t limit)
{
	while (pool->bytes > limit)
		vdc_pool_release_first(pool);
}

static struct vdc_backing *vdc_pool_find_dirty(struct vdc_pool *pool)
{
	struct vdc_backing *backing;

	list_for_each_entry(backing, &pool->entries, link)
		if (!backing->clean)
			return backing;
	return NULL;
}

/* How long the oldest may stay: 0 if it must go, or if there is none. */
static s64 vdc_pool_rest_ms(struct vdc_pool *pool)
{
	struct vdc_backing *backing = list_first_entry_or_null(&pool->entries, struct vdc_backing,
							       link);

	if (!backing)
		return 0;
	return max_t(s64, READ_ONCE(vdc_pool_ms) - ktime_ms_delta(ktime_get(), backing->freed), 0);
}

/* Also when there is a date already: it may be that of a longer pool_ms. */
static void vdc_pool_expire_later(struct vdc_pool *pool)
{
	mod_delayed_work(system_unbound_wq, &pool->expire_work,
			 msecs_to_jiffies(vdc_pool_rest_ms(pool)) + 1);
}

/* One at a time, out of the pool and without the lock: nobody waits for it. */
static void vdc_pool_clean_work(struct work_struct *work)
{
	struct vdc_pool *pool = container_of(work, struct vdc_pool, clean_work);
	struct vdc_backing *backing;
	bool more;

	mutex_lock(&pool->lock);
	backing = vdc_pool_find_dirty(pool);
	if (backing)
		vdc_pool_remove(pool, backing);
	WRITE_ONCE(pool->cleaning, backing);
	mutex_unlock(&pool->lock);
	if (!backing)
		return;

	vdc_backing_zero(backing);

	mutex_lock(&pool->lock);
	WRITE_ONCE(pool->cleaning, NULL);
	vdc_pool_add(pool, backing);
	/* Others may have taken its place meanwhile. */
	vdc_pool_trim(pool, pool->closed ? 0 : vdc_pool_limit());
	/* And its date may have passed. */
	if (!list_empty(&pool->entries))
		vdc_pool_expire_later(pool);
	more = vdc_pool_find_dirty(pool);
	mutex_unlock(&pool->lock);
	wake_up_all(&pool->cleaned);
	if (more)
		queue_work(system_unbound_wq, &pool->clean_work);
}

static void vdc_pool_expire_work(struct work_struct *work)
{
	struct vdc_pool *pool = container_of(to_delayed_work(work), struct vdc_pool, expire_work);

	mutex_lock(&pool->lock);
	while (!list_empty(&pool->entries) && !vdc_pool_rest_ms(pool))
		vdc_pool_release_first(pool);
	if (!list_empty(&pool->entries))
		vdc_pool_expire_later(pool);
	mutex_unlock(&pool->lock);
}

/**
 * vdc_pool_init() - make an empty pool
 * @pool: the pool
 * @release: frees memory; called with the pool's lock held, must not allocate
 */
void vdc_pool_init(struct vdc_pool *pool, void (*release)(struct vdc_backing *backing))
{
	mutex_init(&pool->lock);
	INIT_LIST_HEAD(&pool->entries);
	pool->bytes = 0;
	pool->count = 0;
	pool->closed = false;
	pool->cleaning = NULL;
	init_waitqueue_head(&pool->cleaned);
	pool->release = release;
	INIT_WORK(&pool->clean_work, vdc_pool_clean_work);
	INIT_DELAYED_WORK(&pool->expire_work, vdc_pool_expire_work);
}
EXPORT_SYMBOL_IF_KUNIT(vdc_pool_init);

/* What is clean already is preferred, and of that what was freed last. */
static struct vdc_backing *vdc_pool_find(struct vdc_pool *pool, size_t size)
{
	struct vdc_backing *backing, *found = NULL;

	list_for_each_entry_reverse(backing, &pool->entries, link) {
		if (backing->size != size || (found && !backing->clean))
			continue;
		found = backing;
		if (backing->clean)
			break;
	}
	return found;
}

/*
 * Takes memory out. If there is none, @cleaning is what is being cleared and
 * will do, or NULL.
 */
static struct vdc_backing *vdc_pool_try_take(struct vdc_pool *pool, size_t size,
					     const struct vdc_backing **cleaning)
{
	struct vdc_backing *found;

	mutex_lock(&pool->lock);
	found = vdc_pool_find(pool, size);
	if (found)
		vdc_pool_remove(pool, found);
	*cleaning = pool->cleaning;
	if (*cleaning && (*cleaning)->size != size)
		*cleaning = NULL;
	mutex_unlock(&pool->lock);
	return found;
}

/**
 * vdc_pool_take() - take memory out of the pool
 * @pool: the pool
 * @size: bytes; only memory of exactly this size will do
 *
 * What is clean already is preferred, and of that what was freed last. What is
 * being cleared just now is waited for, as it takes no longer than to clear it
 * here: fresh memory would have to be cleared as well, after it was found.
 *
 * Context: process context, may sleep; not from the pool's own work.
 * Return: the memory, zeroed, or NULL.
 */
struct vdc_backing *vdc_pool_take(struct vdc_pool *pool, size_t size)
{
	const struct vdc_backing *cleaning;
	struct vdc_backing *found = vdc_pool_try_take(pool, size, &cleaning);

	if (!found && cleaning) {
		/* Once: others may be as quick to take it. */
		wait_event(pool->cleaned, READ_ONCE(pool->cleaning) != cleaning);
		found = vdc_pool_try_take(pool, size, &cleaning);
	}
	if (found)
		vdc_backing_zero(found);
	return found;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_pool_take);

/**
 * vdc_pool_give() - keep memory for reuse, or free it
 * @pool: the pool
 * @backing: the memory, which nobody uses any more
 *
 * Older memory makes room for it. More than the pool may hold is freed at once.
 */
void vdc_pool_give(struct vdc_pool *pool, struct vdc_backing *backing)
{
	size_t limit = vdc_pool_limit();
	bool kept;

	backing->clean = false;
	backing->freed = ktime_get();
	mutex_lock(&pool->lock);
	kept = !pool->closed && backing->size <= limit && READ_ONCE(vdc_pool_ms);
	if (kept) {
		vdc_pool_add(pool, backing);
		vdc_pool_trim(pool, limit);
		/* Under the lock: none may be queued after the pool is closed. */
		queue_work(system_unbound_wq, &pool->clean_work);
		vdc_pool_expire_later(pool);
	}
	mutex_unlock(&pool->lock);
	if (!kept)
		pool->release(backing);
}
EXPORT_SYMBOL_IF_KUNIT(vdc_pool_give);

/**
 * vdc_pool_shrink() - free some of the pool, the oldest first
 * @pool: the pool
 * @bytes: how much at least, if there is so much
 *
 * Context: may be called while memory is reclaimed; does nothing while the pool is in use.
 * Return: the bytes that were freed.
 */
size_t vdc_pool_shrink(struct vdc_pool *pool, size_t bytes)
{
	size_t freed = 0;

	if (!mutex_trylock(&pool->lock))
		return 0;
	while (freed < bytes && !list_empty(&pool->entries))
		freed += vdc_pool_release_first(pool);
	mutex_unlock(&pool->lock);
	return freed;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_pool_shrink);

/**
 * vdc_pool_dirty() - what there is still to be cleared
 * @pool: the pool
 *
 * Return: how many, with the one that is being cleared and is not in the pool for so long.
 */
unsigned int vdc_pool_dirty(struct vdc_pool *pool)
{
	const struct vdc_backing *backing;
	unsigned int count;

	mutex_lock(&pool->lock);
	count = pool->cleaning ? 1 : 0;
	list_for_each_entry(backing, &pool->entries, link)
		count += !backing->clean;
	mutex_unlock(&pool->lock);
	return count;
}

static size_t vdc_pool_release_all(struct vdc_pool *pool, bool close)
{
	size_t freed = 0;

	mutex_lock(&pool->lock);
	pool->closed |= close;
	while (!list_empty(&pool->entries))
		freed += vdc_pool_release_first(pool);
	mutex_unlock(&pool->lock);
	return freed;
}

/**
 * vdc_pool_empty() - free all of the pool
 * @pool: the pool
 *
 * Waits for what is being zeroed at the moment.
 *
 * Return: the bytes that were freed.
 */
size_t vdc_pool_empty(struct vdc_pool *pool)
{
	cancel_work_sync(&pool->clean_work);
	return vdc_pool_release_all(pool, false);
}
EXPORT_SYMBOL_IF_KUNIT(vdc_pool_empty);

/**
 * vdc_pool_close() - free all of the pool; from now on nothing is kept
 * @pool: the pool; may be closed already
 */
void vdc_pool_close(struct vdc_pool *pool)
{
	vdc_pool_release_all(pool, true);
	cancel_work_sync(&pool->clean_work);
	cancel_delayed_work_sync(&pool->expire_work);
}
EXPORT_SYMBOL_IF_KUNIT(vdc_pool_close);
