// SPDX-License-Identifier: GPL-2.0-only
/*
 * What vdc's buffers are measured beside: the plain drm_gem_dma helpers, and
 * the buddy allocator. For measurements in guests, not for use.
 */

#include <linux/module.h>

#include "vdc_peers.h"

static int __init vdc_peers_init(void)
{
	int ret = peers_plain_register();

	if (ret)
		return ret;
	peers_buddy_register();
	return 0;
}
module_init(vdc_peers_init);

static void __exit vdc_peers_exit(void)
{
	peers_buddy_unregister();
	peers_plain_unregister();
}
module_exit(vdc_peers_exit);

MODULE_AUTHOR("VDC authors");
MODULE_DESCRIPTION("Memory that VDC's buffers are measured beside");
MODULE_LICENSE("GPL");
