/* SPDX-License-Identifier: MIT */
/*
 * What the buffers of a long run hold: each word says whose it is and where it belongs, so that a
 * page that was swapped, lost or given to two owners shows, whichever part is looked at.
 */
#ifndef VDC_UPTIME_PATTERN_H
#define VDC_UPTIME_PATTERN_H

#include <stddef.h>
#include "vdc_kms.h"

#define PATTERN_RIGHT	(-1LL)

/* Odd, so that all words of a buffer differ (Knuth, TAOCP 3, 6.4) */
#define PATTERN_STEP	2654435761U

/** pattern_word() - the word at index @i of a buffer whose seed is @seed */
static inline uint32_t pattern_word(uint32_t seed, uint32_t i)
{
	return i * PATTERN_STEP + seed * 2246822519U;
}

/**
 * pattern_words() - words of a buffer that follow one another
 * @words: out
 * @first: index of the first
 * @count: how many
 * @seed: the buffer's number
 */
void pattern_words(uint32_t *words, uint32_t first, size_t count, uint32_t seed);

/** pattern_fill() - write all words of a buffer of @bytes bytes, a multiple of 4 */
static inline void pattern_fill(void *map, size_t bytes, uint32_t seed)
{
	pattern_words(map, 0, bytes / 4, seed);
}

/**
 * pattern_wrong() - look for a word that is not the buffer's
 * @map: the buffer
 * @from: first byte to look at, a multiple of 4
 * @bytes: how many, a multiple of 4
 * @seed: its number
 * Return: the wrong word's offset in bytes from @map, PATTERN_RIGHT if there is none.
 */
long long pattern_wrong(const void *map, size_t from, size_t bytes, uint32_t seed);

/**
 * pattern_window() - a part of a framebuffer as the pattern says it looks
 * @fb: the framebuffer, which is not read
 * @seed: its number
 * @x: left edge of the part
 * @y: its top
 * @window: in: width and height; out: the rest of a framebuffer in this process alone, for
 *	predictions; the caller frees its image
 * Return: false: no memory for it.
 */
bool pattern_window(const struct kms_fb *fb, uint32_t seed, uint32_t x, uint32_t y,
		    struct kms_fb *window);

#endif /* VDC_UPTIME_PATTERN_H */
