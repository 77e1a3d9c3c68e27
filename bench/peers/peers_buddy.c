// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs vdc-peers/buddy: whether, and how soon, the buddy allocator has
 * contiguous pages now. Writing "ORDER" allocates 1 << ORDER pages as a driver
 * without CMA would, and frees them; reading, from offset 0, tells of the
 * last such write: "ORDER ERRNO NS", the errno 0 or -12, the time that of the
 * allocation alone.
 */

#include <linux/debugfs.h>
#include <linux/gfp.h>
#include <linux/kstrtox.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "vdc_peers.h"

/* One above what there is: a 1080p framebuffer, which can only fail. */
#define BUDDY_MAX_ORDER	(MAX_PAGE_ORDER + 1)

/**
 * struct buddy_result - the last allocation
 * @lock: an allocation, and the rest here, are one user's at a time
 * @text: what the file reads
 * @length: of @text; 0: nothing was asked yet
 */
static struct buddy_result {
	struct mutex lock;	/* of the rest */
	char text[48];
	int length;
} buddy_result = { .lock = __MUTEX_INITIALIZER(buddy_result.lock) };

static struct dentry *buddy_dir;

static void buddy_try(unsigned int order)
{
	struct page *pages;
	u64 begin, end;

	begin = ktime_get_ns();
	pages = alloc_pages(GFP_KERNEL | __GFP_NOWARN, order);
	end = ktime_get_ns();
	if (pages)
		__free_pages(pages, order);
	buddy_result.length = scnprintf(buddy_result.text, sizeof(buddy_result.text),
					"%u %d %llu\n", order, pages ? 0 : -ENOMEM, end - begin);
}

static ssize_t buddy_write(struct file *file, const char __user *text, size_t count, loff_t *pos)
{
	unsigned int order;
	int ret = kstrtouint_from_user(text, count, 10, &order);

	if (ret == -EFAULT)
		return ret;
	if (ret || order > BUDDY_MAX_ORDER)
		return -EINVAL;

	ret = mutex_lock_interruptible(&buddy_result.lock);
	if (ret)
		return ret;
	buddy_try(order);
	mutex_unlock(&buddy_result.lock);
	return count;
}

static ssize_t buddy_read(struct file *file, char __user *text, size_t count, loff_t *pos)
{
	ssize_t ret = mutex_lock_interruptible(&buddy_result.lock);

	if (ret)
		return ret;
	ret = simple_read_from_buffer(text, count, pos, buddy_result.text, buddy_result.length);
	mutex_unlock(&buddy_result.lock);
	return ret;
}

static const struct file_operations buddy_fops = {
	.owner = THIS_MODULE,
	.write = buddy_write,
	.read = buddy_read,
	.llseek = default_llseek,
};

void peers_buddy_register(void)
{
	buddy_dir = debugfs_create_dir("vdc-peers", NULL);
	debugfs_create_file("buddy", 0600, buddy_dir, NULL, &buddy_fops);
}

void peers_buddy_unregister(void)
{
	debugfs_remove(buddy_dir);
}
