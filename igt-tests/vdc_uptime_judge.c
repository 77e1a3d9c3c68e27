// SPDX-License-Identifier: MIT
/* What flips' events and the CRCs of scanned frames say together. */
#include <string.h>
#include "vdc_uptime_judge.h"

#define MAX_EARLY	3

static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;	/* vblank counts wrap */
}

static uint32_t *shown_at(struct judge *j, uint32_t k)
{
	return &j->shown_at[k % JUDGE_HISTORY];
}

void judge_begin(struct judge *j, uint32_t vblank)
{
	*shown_at(j, 0) = vblank;
}

void judge_flip(struct judge *j, uint32_t vblank)
{
	j->counts->missed += vblank - *shown_at(j, j->k) - 1;
	j->k++;
	*shown_at(j, j->k) = vblank;
	j->counts->frames++;
}

void judge_crc(struct judge *j, uint32_t vblank, uint32_t crc)
{
	struct judge_entry *e = &j->entry[j->waiting];

	if (before(vblank, *shown_at(j, 0)) && !j->any)
		return;
	*e = (struct judge_entry){ vblank, crc, j->any ? vblank - j->last - 1 : 0 };
	j->counts->unscanned += e->gap;
	j->any = true;
	j->last = vblank;
	j->waiting++;
}

/*
 * Which frame from @k on a CRC is of. An interrupt that came late, on a busy machine, gave its
 * event too high a number, so that a frame is on screen early; for others there is no excuse.
 */
static bool find_frame(const struct judge *j, uint32_t crc, uint32_t k, uint32_t *found)
{
	for (*found = k; *found <= j->queued && *found <= k + MAX_EARLY; ++*found)
		if (crc == j->predict(j->data, *found))
			return true;
	return false;
}

/*
 * Frame @found follows the last that was seen. Those between had their vblanks too, and nobody saw
 * them: each frame that was not scanned may have been one of them, any further are lost.
 */
static void see_frame(struct judge *j, uint32_t found)
{
	uint32_t between = found > j->shown ? found - j->shown - 1 : 0;

	if (between > j->gap)
		j->counts->lost += between - j->gap;
	if (found > j->shown)
		j->shown = found;
	j->gap = 0;
}

/* A CRC of a frame that was scanned when, by the events, frame @k was on screen. */
static void judge_entry(struct judge *j, const struct judge_entry *e, uint32_t k)
{
	uint32_t found;

	j->gap += e->gap;
	if (find_frame(j, e->crc, k, &found)) {
		j->counts->early += found > k;
		see_frame(j, found);
		return;
	}
	if (k && e->crc == j->predict(j->data, k - 1))
		j->counts->repeated++;
	else
		j->counts->torn++;
	j->wrong(j, e, k);
}

void judge_old(struct judge *j)
{
	uint32_t k = j->k > JUDGE_HISTORY - 2 ? j->k - (JUDGE_HISTORY - 2) : 0;
	unsigned int done = 0;

	for (; done < j->waiting; done++) {
		const struct judge_entry *e = &j->entry[done];

		if (!before(e->vblank, *shown_at(j, j->k)))
			break;
		while (k < j->k && !before(e->vblank, *shown_at(j, k + 1)))
			k++;
		judge_entry(j, e, k);
	}
	j->waiting -= done;
	memmove(j->entry, j->entry + done, j->waiting * sizeof(*j->entry));
}

void judge_all(struct judge *j)
{
	judge_old(j);
	for (unsigned int i = 0; i < j->waiting; i++)
		judge_entry(j, &j->entry[i], j->k);
	j->waiting = 0;
}

bool judge_has_last(const struct judge *j)
{
	return j->any && !before(j->last, j->shown_at[j->k % JUDGE_HISTORY]);
}
