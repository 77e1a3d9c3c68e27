// SPDX-License-Identifier: GPL-2.0-only
/* What the suites of this module have in common. */

#include <linux/module.h>

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("KUnit tests of the VDC driver");
MODULE_LICENSE("GPL");
