/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/* cmocka with the headers it wants before itself. */
#ifndef CHECK_H
#define CHECK_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define assert_bits(value, mask)	assert_int_equal((value) & (mask), (mask))
#define assert_no_bits(value, mask)	assert_int_equal((value) & (mask), 0)

/* Fails with the name of the case at hand, for tests that walk a table. */
#define check_case(cond, name, ...) do {					\
	if (!(cond)) {								\
		print_error("case %s: %s: ", (name), #cond);			\
		print_error(__VA_ARGS__);					\
		print_error("\n");						\
		fail();								\
	}									\
} while (0)

#endif /* CHECK_H */
