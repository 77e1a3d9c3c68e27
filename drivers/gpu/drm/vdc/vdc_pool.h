/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_POOL_H
#define VDC_POOL_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct vdc_backing;

/**
 * struct vdc_pool - memory that was freed a moment ago, to be used again
 * @lock: protects all that follows; taken while memory is reclaimed
 * @entries: &struct vdc_backing, the one freed first at the head
 * @bytes: of all @entries
 * @count: of @entries
 * @cleaning: out of the pool to be cleared, or NULL
 * @cleaned: woken up when @cleaning is none any more
 * @closed: nothing is kept any more
 * @release: frees memory
 * @clean_work: zeroes one entry
 * @expire_work: frees what nobody wanted for long
 */
struct vdc_pool {
	struct mutex lock;	/* of the entries */
	struct list_head entries;
	size_t bytes;
	unsigned int count;
	struct vdc_backing *cleaning;
	wait_queue_head_t cleaned;
	bool closed;
	void (*release)(struct vdc_backing *backing);
	struct work_struct clean_work;
	struct delayed_work expire_work;
};

void vdc_pool_init(struct vdc_pool *pool, void (*release)(struct vdc_backing *backing));
struct vdc_backing *vdc_pool_take(struct vdc_pool *pool, size_t size);
void vdc_pool_give(struct vdc_pool *pool, struct vdc_backing *backing);
size_t vdc_pool_shrink(struct vdc_pool *pool, size_t bytes);
unsigned int vdc_pool_dirty(struct vdc_pool *pool);
size_t vdc_pool_empty(struct vdc_pool *pool);
void vdc_pool_close(struct vdc_pool *pool);

#if IS_ENABLED(CONFIG_KUNIT)
extern unsigned int vdc_pool_mb, vdc_pool_ms;
#endif

#endif /* VDC_POOL_H */
