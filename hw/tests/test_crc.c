// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * CRC-32C: known answers, every path of the implementation at every length and
 * alignment, and the algebra of appending. Vectors: RFC 3720 appendix B.4, and
 * the check value of the "123456789" of Ross Williams's CRC guide.
 */
#include <stdlib.h>

#include "check.h"
#include "picture.h"
#include "vdc_frame.h"

uint32_t plain_crc(uint32_t crc, const void *data, size_t len);
uint32_t plain_crc_pixels(uint32_t crc, const uint32_t *px, size_t n);

/** struct path - one way to the same CRC */
static const struct path {
	const char *name;
	uint32_t (*crc)(uint32_t crc, const void *data, size_t len);
} paths[] = {
	{ "best", vdc_crc },
	{ "without instruction", plain_crc },
	{ "bytewise table", vdc_crc_table },
};

static void known_answers(void **state)
{
	static const uint8_t iscsi_read[48] = {
		0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18,
		0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
	};
	uint8_t up[32], down[32], ones[32], zeros[32] = { 0 };
	uint32_t i;

	(void)state;
	for (i = 0; i < 32; i++) {
		up[i] = (uint8_t)i;
		down[i] = (uint8_t)(31 - i);
		ones[i] = 0xff;
	}
	assert_int_equal(bitwise_crc("123456789", 9), 0xe3069283);	/* the reference too */
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		const struct path *p = &paths[i];

		check_case(p->crc(0, "", 0) == 0, p->name, "nothing");
		check_case(p->crc(0, "a", 1) == 0xc1d04330, p->name, "a");
		check_case(p->crc(0, "123456789", 9) == 0xe3069283, p->name, "123456789");
		check_case(p->crc(0, zeros, 32) == 0x8a9136aa, p->name, "32 zeros");
		check_case(p->crc(0, ones, 32) == 0x62a8ab43, p->name, "32 ones");
		check_case(p->crc(0, up, 32) == 0x46dd794e, p->name, "0 .. 31");
		check_case(p->crc(0, down, 32) == 0x113fdb5c, p->name, "31 .. 0");
		check_case(p->crc(0, iscsi_read, 48) == 0xd9963a56, p->name, "iSCSI read");
	}
}

static void paths_agree_at_every_length_and_alignment(void **state)
{
	uint8_t data[600];
	uint32_t i, len, at, want;

	(void)state;
	picture_store(data, sizeof(data), 4, 150, 1, 5);
	for (at = 0; at < 9; at++)
		for (len = 0; len < 590; len += len < 70 ? 1 : 13) {
			uint8_t *copy = malloc(len + at + 1);	/* ends where ASan looks */

			memcpy(copy + at + 1, data + at, len);
			want = bitwise_crc(data + at, len);
			for (i = 0; i < ARRAY_SIZE(paths); i++)
				check_case(paths[i].crc(0, copy + at + 1, len) == want,
					   paths[i].name, "%u bytes at %u", len, at);
			free(copy);
		}
}

static void pieces_make_the_whole(void **state)
{
	uint8_t data[256];
	uint32_t i, cut, want;

	(void)state;
	picture_store(data, 256, 4, 64, 1, 6);
	want = bitwise_crc(data, sizeof(data));
	for (i = 0; i < ARRAY_SIZE(paths); i++)
		for (cut = 0; cut <= sizeof(data); cut++)
			check_case(paths[i].crc(paths[i].crc(0, data, cut), data + cut,
						sizeof(data) - cut) == want, paths[i].name,
				   "cut at %u", cut);
}

static void pixels_are_read_with_x_as_zero(void **state)
{
	uint32_t px[67], masked[67];
	uint32_t n, want;

	(void)state;
	picture_store(px, sizeof(px), 4, ARRAY_SIZE(px), 1, 7);
	for (n = 0; n < ARRAY_SIZE(px); n++)
		masked[n] = px[n] & 0xffffff;
	for (n = 0; n <= ARRAY_SIZE(px); n++) {
		want = bitwise_crc(masked, n * 4);
		assert_int_equal(vdc_crc_pixels(0, px, n), want);
		assert_int_equal(plain_crc_pixels(0, px, n), want);
		assert_int_equal(vdc_crc_pixels(vdc_crc_pixels(0, px, n / 3), px + n / 3,
						n - n / 3), want);
	}
}

static void append_equals_the_crc_of_both(void **state)
{
	static struct vdc_crc_shift s;
	static const uint32_t lens[] = { 0, 1, 2, 3, 4, 7, 8, 64, 255, 256, 1000, 4096 };
	uint8_t data[8192];
	uint32_t i, a, len;

	(void)state;
	picture_store(data, sizeof(data), 4, sizeof(data) / 4, 1, 8);
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		len = lens[i];
		vdc_crc_shift_init(&s, len);
		for (a = 0; a < 4096; a += 1 + a / 2)
			assert_int_equal(vdc_crc_append(&s, vdc_crc(0, data, a),
							vdc_crc(0, data + a, len)),
					 bitwise_crc(data, a + len));
	}
}

/* A 4096x2160 frame of one repeated line, and a length beyond 32 bits. */
static void append_predicts_repeated_lines(void **state)
{
	static struct vdc_crc_shift s, two;
	static uint32_t line[4096];
	uint32_t y, line_crc, crc = 0, want = 0, a;

	(void)state;
	for (y = 0; y < 4096; y++)
		line[y] = picture_pattern(1, y, 0);
	vdc_crc_shift_init(&s, sizeof(line));
	line_crc = vdc_crc_pixels(0, line, 4096);
	for (y = 0; y < 2160; y++) {
		crc = vdc_crc_append(&s, crc, line_crc);
		want = vdc_crc_pixels(want, line, 4096);
	}
	assert_int_equal(crc, want);

	/* Appending 2^33 + 16 bytes in one go is appending 2^33, then 16. */
	vdc_crc_shift_init(&s, (1ULL << 33) + 16);
	vdc_crc_shift_init(&two, 1ULL << 33);
	a = vdc_crc_append(&two, 0x12345678, 0);
	vdc_crc_shift_init(&two, 16);
	assert_int_equal(vdc_crc_append(&s, 0x12345678, 0), vdc_crc_append(&two, a, 0));
	/* And 2^33 is twice 2^32. */
	vdc_crc_shift_init(&two, 1ULL << 32);
	a = vdc_crc_append(&two, vdc_crc_append(&two, 0x9abcdef0, 0), 0);
	vdc_crc_shift_init(&s, 1ULL << 33);
	assert_int_equal(vdc_crc_append(&s, 0x9abcdef0, 0), a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers),
		cmocka_unit_test(paths_agree_at_every_length_and_alignment),
		cmocka_unit_test(pieces_make_the_whole),
		cmocka_unit_test(pixels_are_read_with_x_as_zero),
		cmocka_unit_test(append_equals_the_crc_of_both),
		cmocka_unit_test(append_predicts_repeated_lines),
	};

	return cmocka_run_group_tests_name("crc", tests, NULL, NULL);
}
