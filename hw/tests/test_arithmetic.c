// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* The integer short cuts inside vdc_compose.c, against what they stand for. */
#include "check.h"
#include "../vdc_compose.c"

static void sixteen_bits_round_to_the_nearest_eight(void **state)
{
	uint32_t v;

	(void)state;
	for (v = 0; v < 65536; v++)
		check_case(narrow8(v) == (v * 510ULL + 65535) / 131070, "narrow8", "%u", v);
}

static void products_round_to_the_nearest(void **state)
{
	uint64_t a, b;

	(void)state;
	for (a = 0; a < 65536; a += a < 300 || a > 65300 ? 1 : 251)
		for (b = 0; b < 65536; b += b < 300 || b > 65300 ? 1 : 127)
			check_case(mul16((uint32_t)a, (uint32_t)b) ==
				   (2 * a * b + 65535) / 131070, "mul16", "%u * %u",
				   (uint32_t)a, (uint32_t)b);
}

static void widening_keeps_both_ends_and_order(void **state)
{
	static const struct {
		const char *name;
		uint32_t max;
		uint16_t (*widen)(uint32_t v);
	} cases[] = {
		{ "5 bits", 31, widen5 }, { "6 bits", 63, widen6 }, { "8 bits", 255, widen8 },
		{ "10 bits", 1023, widen10 },
	};
	uint32_t i, v;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(cases[i].widen(0), 0);
		assert_int_equal(cases[i].widen(cases[i].max), 65535);
		for (v = 0; v < cases[i].max; v++)
			check_case(cases[i].widen(v) < cases[i].widen(v + 1), cases[i].name,
				   "%u", v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sixteen_bits_round_to_the_nearest_eight),
		cmocka_unit_test(products_round_to_the_nearest),
		cmocka_unit_test(widening_keeps_both_ends_and_order),
	};

	return cmocka_run_group_tests_name("arithmetic", tests, NULL, NULL);
}
