/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * Included first in every file of the plug-in: what the dynamic linker looks
 * up when it loads the library, and would miss in any program but QEMU. Other
 * functions are looked up at their first call.
 */
#ifndef VDC_WEAK_H
#define VDC_WEAK_H

/* Asked whether they are there: vdc_plugin.c. */
#pragma weak register_module_init
#pragma weak qmp_query_version
#pragma weak object_type_get_instance_size

/* Data. */
#pragma weak address_space_memory
#pragma weak error_abort
#pragma weak qdev_prop_size
#pragma weak qdev_prop_string
#pragma weak qdev_prop_uint32
#pragma weak qdev_prop_uint64
#pragma weak qtest_allowed
#pragma weak qemu_cond_wait_func
#pragma weak qemu_mutex_lock_func
#pragma weak use_icount
#pragma weak vmstate_info_bool
#pragma weak vmstate_info_buffer
#pragma weak vmstate_info_uint32
#pragma weak vmstate_info_uint32_equal
#pragma weak vmstate_info_uint64
#pragma weak vmstate_pci_device

#endif /* VDC_WEAK_H */
