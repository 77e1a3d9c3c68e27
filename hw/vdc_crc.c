// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/*
 * CRC-32C (Castagnoli polynomial 0x1edc6f41, reflected), as RFC 3720 defines it.
 *
 * This polynomial because both architectures have an instruction for it that
 * works on general registers, and so is allowed inside a kernel too. Without the
 * instruction, tables of 8 x 256 entries take eight bytes a step (Kounavis and
 * Berry, "A systematic approach to building high performance software-based CRC
 * generators", 2005).
 */
#include "vdc_internal.h"

#ifdef __KERNEL__
#ifdef CONFIG_X86_64
#include <asm/cpufeature.h>
#define HAVE_INSN()	boot_cpu_has(X86_FEATURE_XMM4_2)
#endif
#elif defined(__x86_64__)
#define HAVE_INSN()	__builtin_cpu_supports("sse4.2")
#endif
#ifdef __ARM_FEATURE_CRC32
#define HAVE_INSN()	1
#endif
#ifndef HAVE_INSN
#define HAVE_INSN()	0
#endif

/*
 * A CRC is linear over GF(2), so a table row is spanned by the CRCs of its eight
 * single-bit bytes; these macros write out all 256 sums.
 */
#define SPAN1(x, a)			(x), (x) ^ (a)
#define SPAN2(x, a, b)			SPAN1(x, a), SPAN1((x) ^ (b), a)
#define SPAN3(x, a, b, c)		SPAN2(x, a, b), SPAN2((x) ^ (c), a, b)
#define SPAN4(x, a, b, c, d)		SPAN3(x, a, b, c), SPAN3((x) ^ (d), a, b, c)
#define SPAN5(x, a, b, c, d, e)		SPAN4(x, a, b, c, d), SPAN4((x) ^ (e), a, b, c, d)
#define SPAN6(x, a, b, c, d, e, f)	SPAN5(x, a, b, c, d, e), SPAN5((x) ^ (f), a, b, c, d, e)
#define SPAN7(x, a, b, c, d, e, f, g)	\
	SPAN6(x, a, b, c, d, e, f), SPAN6((x) ^ (g), a, b, c, d, e, f)
#define BYTE(a, b, c, d, e, f, g, h)	\
	SPAN7(0U, a, b, c, d, e, f, g), SPAN7((h), a, b, c, d, e, f, g)

/* table[k][i]: what byte i, followed by k zero bytes, adds to a CRC */
static const uint32_t table[8][256] = {
	{ BYTE(0xf26b8303, 0xe13b70f7, 0xc79a971f, 0x8ad958cf,
	       0x105ec76f, 0x20bd8ede, 0x417b1dbc, 0x82f63b78) },
	{ BYTE(0x13a29877, 0x274530ee, 0x4e8a61dc, 0x9d14c3b8,
	       0x3fc5f181, 0x7f8be302, 0xff17c604, 0xfbc3faf9) },
	{ BYTE(0xa541927e, 0x4f6f520d, 0x9edea41a, 0x38513ec5,
	       0x70a27d8a, 0xe144fb14, 0xc76580d9, 0x8b277743) },
	{ BYTE(0xdd45aab8, 0xbf672381, 0x7b2231f3, 0xf64463e6,
	       0xe964b13d, 0xd725148b, 0xaba65fe7, 0x52a0c93f) },
	{ BYTE(0x38116fac, 0x7022df58, 0xe045beb0, 0xc5670b91,
	       0x8f2261d3, 0x1ba8b557, 0x37516aae, 0x6ea2d55c) },
	{ BYTE(0xef306b19, 0xdb8ca0c3, 0xb2f53777, 0x6006181f,
	       0xc00c303e, 0x85f4168d, 0x0e045beb, 0x1c08b7d6) },
	{ BYTE(0x68032cc8, 0xd0065990, 0xa5e0c5d1, 0x4e2dfd53,
	       0x9c5bfaa6, 0x3d5b83bd, 0x7ab7077a, 0xf56e0ef4) },
	{ BYTE(0x493c7d27, 0x9278fa4e, 0x211d826d, 0x423b04da,
	       0x847609b4, 0x0d006599, 0x1a00cb32, 0x34019664) },
};

static inline uint64_t load64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint32_t step8(uint32_t crc, uint8_t byte)
{
	return (crc >> 8) ^ table[0][(crc ^ byte) & 0xff];
}

static inline uint32_t step64(uint32_t crc, uint64_t v)
{
	v ^= crc;
	return table[7][v & 0xff] ^ table[6][(v >> 8) & 0xff] ^
	       table[5][(v >> 16) & 0xff] ^ table[4][(v >> 24) & 0xff] ^
	       table[3][(v >> 32) & 0xff] ^ table[2][(v >> 40) & 0xff] ^
	       table[1][(v >> 48) & 0xff] ^ table[0][v >> 56];
}

static inline uint32_t insn64(uint32_t crc, uint64_t v)
{
#if defined(__x86_64__)
	uint64_t c = crc;

	__asm__("crc32q %1, %0" : "+r" (c) : "rm" (v));
	return (uint32_t)c;
#elif defined(__ARM_FEATURE_CRC32)
	__asm__("crc32cx %w0, %w0, %x1" : "+r" (crc) : "r" (v));
	return crc;
#else
	return step64(crc, v);
#endif
}

/* Both paths in one body, so that the compiler makes two loops without a call in them. */
static inline __attribute__((always_inline)) uint32_t
crc_words(uint32_t crc, const uint8_t *p, size_t words, uint64_t mask, bool insn)
{
	for (; words; words--, p += 8)
		crc = insn ? insn64(crc, load64(p) & mask) : step64(crc, load64(p) & mask);
	return crc;
}

static inline uint32_t run(uint32_t crc, const uint8_t *p, size_t len, uint32_t mask)
{
	uint64_t mask64 = (uint64_t)mask << 32 | mask;
	uint32_t i;

	crc = ~crc;
	if (HAVE_INSN())
		crc = crc_words(crc, p, len / 8, mask64, true);
	else
		crc = crc_words(crc, p, len / 8, mask64, false);
	p += len & ~(size_t)7;
	for (i = 0; i < (len & 7); i++)
		crc = step8(crc, p[i] & (uint8_t)(mask >> (8 * (i & 3))));
	return ~crc;
}

uint32_t vdc_crc(uint32_t crc, const void *data, size_t len)
{
	return run(crc, data, len, 0xffffffffU);
}

uint32_t vdc_crc_pixels(uint32_t crc, const uint32_t *px, size_t n)
{
	return run(crc, (const uint8_t *)px, n * 4, 0x00ffffffU);
}

uint32_t vdc_crc_table(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (crc = ~crc; len; len--)
		crc = step8(crc, *p++);
	return ~crc;
}

/* The product of two polynomials modulo the CRC's, bits reflected: x^0 is bit 31. */
static uint32_t multiply(uint32_t a, uint32_t b)
{
	uint32_t r = 0;

	for (; a; a <<= 1) {
		if (a & 0x80000000U)
			r ^= b;
		b = (b >> 1) ^ ((b & 1) ? table[0][0x80] : 0);
	}
	return r;
}

void vdc_crc_shift_init(struct vdc_crc_shift *s, uint64_t len)
{
	uint32_t power = 0x00800000U;	/* x^8: one byte */
	uint32_t op = 0x80000000U;	/* x^0 */
	uint32_t k, i;

	for (; len; len >>= 1) {
		if (len & 1)
			op = multiply(op, power);
		power = multiply(power, power);
	}
	for (k = 0; k < 4; k++)
		for (i = 0; i < 256; i++)
			s->table[k][i] = multiply(op, i << (8 * k));
}
