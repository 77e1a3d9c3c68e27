// SPDX-License-Identifier: MIT
/*
 * What the buffers of a long run hold. Under an emulator with a deterministic clock each
 * instruction costs the run's time, hence several words at a time.
 */
#include "igt_abi.h"
#include "vdc_uptime_pattern.h"

#define LANES		4
#define CHUNK		1024	/* words that are compared before anyone looks at the result */
#define MAX_LINE	8192	/* words of a line of a window */

typedef uint32_t lanes __attribute__((vector_size(LANES * 4), aligned(4)));

static lanes lanes_at(uint32_t seed, uint32_t i)
{
	lanes v;

	for (int n = 0; n < LANES; n++)
		v[n] = pattern_word(seed, i + n);
	return v;
}

void pattern_words(uint32_t *words, uint32_t first, size_t count, uint32_t seed)
{
	lanes v = lanes_at(seed, first);
	size_t i;

	for (i = 0; i + LANES <= count; i += LANES, v += LANES * PATTERN_STEP)
		*(lanes *)(words + i) = v;
	for (; i < count; i++)
		words[i] = pattern_word(seed, first + i);
}

static bool differs(const uint32_t *words, uint32_t from, uint32_t to, uint32_t seed)
{
	lanes v = lanes_at(seed, from), all = { 0 };
	uint32_t i, any = 0;

	for (i = from; i + LANES <= to; i += LANES, v += LANES * PATTERN_STEP)
		all |= *(const lanes *)(words + i) ^ v;
	for (; i < to; i++)
		any |= words[i] ^ pattern_word(seed, i);
	for (int n = 0; n < LANES; n++)
		any |= all[n];
	return any;
}

long long pattern_wrong(const void *map, size_t from, size_t bytes, uint32_t seed)
{
	const uint32_t *words = map;
	uint32_t i = from / 4, end = (from + bytes) / 4, next;

	for (; i < end; i = next) {
		next = end - i < CHUNK ? end : i + CHUNK;
		if (differs(words, i, next, seed))
			break;
	}
	while (i < end && words[i] == pattern_word(seed, i))
		i++;
	return i < end ? i * 4LL : PATTERN_RIGHT;
}

bool pattern_window(const struct kms_fb *fb, uint32_t seed, uint32_t x, uint32_t y,
		    struct kms_fb *window)
{
	uint32_t bpp = kms_bpp(fb->format), words[MAX_LINE];
	size_t from;

	window->format = fb->format;
	window->pitch = window->width * bpp;
	window->size = (uint64_t)window->pitch * window->height;
	window->image = malloc(window->size);
	if (!window->image || window->pitch / 4 + 2 > MAX_LINE)
		return false;
	for (uint32_t line = 0; line < window->height; line++) {
		/* Pixels of two bytes may begin in the middle of a word. */
		from = (size_t)(y + line) * fb->pitch + (size_t)x * bpp;
		pattern_words(words, from / 4, window->pitch / 4 + 2, seed);
		memcpy(window->image + (size_t)line * window->pitch, (uint8_t *)words + from % 4,
		       window->pitch);
	}
	return true;
}
