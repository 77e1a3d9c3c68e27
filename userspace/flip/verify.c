// SPDX-License-Identifier: MIT
#include <stddef.h>
#include <string.h>

#include "flip/verify.h"

/* Vblank counts wrap at 2^32: compare by difference. */
static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static struct verify_frame *slot(struct verify *v, uint32_t frame)
{
	return &v->history[frame % VERIFY_HISTORY];
}

static struct verify_frame *find(struct verify *v, uint32_t frame)
{
	struct verify_frame *f = slot(v, frame);

	return f->predicted && f->number == frame ? f : NULL;
}

/* All CRCs of the frame's time on screen have been judged: was it ever seen? */
static void retire(struct verify *v, struct verify_frame *f)
{
	if (!f->flipped || f->appeared)
		return;
	/* A torn frame was seen in part, and is counted as torn. */
	if ((f->closed && f->off == f->on) || (f->reported && !f->torn))
		v->counts.lost++;
}

void verify_predict(struct verify *v, uint32_t frame, uint32_t crc)
{
	struct verify_frame *f = slot(v, frame);

	if (f->predicted)
		retire(v, f);
	memset(f, 0, sizeof(*f));
	f->number = frame;
	f->crc = crc;
	f->predicted = true;
}

/* The frame that was on screen while the scan that ended at @label ran. */
static struct verify_frame *intended(struct verify *v, uint32_t label)
{
	for (uint32_t i = 0; v->any_flip && i < VERIFY_HISTORY; i++) {
		struct verify_frame *f = find(v, v->last_flip - i);

		if (f && f->flipped && before(f->on, label))
			return f;
	}
	return NULL;
}

static void remember(struct verify *v, uint32_t label, const struct verify_frame *want,
		     const struct verify_frame *shown)
{
	if (v->num_faults == VERIFY_FAULTS)
		return;
	v->fault[v->num_faults++] = (struct verify_fault){
		.label = label,
		.wanted = want->number,
		.on = want->on,
		.torn = !shown,
		.shown = shown ? shown->number : 0,
	};
}

static void judge(struct verify *v, const struct verify_crc *c)
{
	struct verify_frame *want = intended(v, c->label), *shown = NULL;

	if (v->any_label && !before(v->last_label, c->label)) {
		v->counts.disordered++;
		return;
	}
	if (want && v->any_label)
		v->counts.unseen += c->label - v->last_label - 1;
	v->any_label = true;
	v->last_label = c->label;
	if (!want)
		return;
	v->counts.checked++;
	want->reported++;
	if (want->crc == c->crc) {
		want->appeared = true;
		v->counts.right++;
		return;
	}
	for (size_t i = 0; i < VERIFY_HISTORY && !shown; i++)
		if (v->history[i].predicted && v->history[i].crc == c->crc)
			shown = &v->history[i];
	remember(v, c->label, want, shown);
	if (shown) {
		shown->appeared = true;
		if (before(shown->number, want->number))
			v->counts.repeated++;
		else
			v->counts.early++;
	} else {
		want->torn++;
		v->counts.torn++;
	}
}

static void judge_first(struct verify *v)
{
	struct verify_crc c = v->waiting[v->first_waiting];

	v->first_waiting = (v->first_waiting + 1) % VERIFY_WAITING;
	v->num_waiting--;
	judge(v, &c);
}

/* A CRC can be judged once an event at or after its label is known: then no flip before it is. */
static void judge_ready(struct verify *v)
{
	while (v->num_waiting && v->any_flip &&
	       !before(v->last_seq, v->waiting[v->first_waiting].label))
		judge_first(v);
}

static void miss(struct verify *v, uint32_t frame, uint32_t vblanks)
{
	v->counts.missed += vblanks;
	if (v->num_misses < VERIFY_FAULTS)
		v->miss[v->num_misses++] = (struct verify_miss){ frame, vblanks };
}

void verify_flip(struct verify *v, uint32_t frame, uint32_t sequence)
{
	struct verify_frame *f = find(v, frame), *old;

	v->counts.flips++;
	if (v->any_flip) {
		old = find(v, v->last_flip);
		if (old) {
			old->closed = true;
			old->off = sequence;
		}
		if (before(v->last_seq + 1, sequence))
			miss(v, frame, sequence - v->last_seq - 1);
	}
	if (f) {
		f->flipped = true;
		f->on = sequence;
	}
	v->any_flip = true;
	v->last_flip = frame;
	v->last_seq = sequence;
	judge_ready(v);
}

void verify_crc(struct verify *v, uint32_t label, uint32_t crc)
{
	unsigned int end;

	if (v->num_waiting == VERIFY_WAITING)
		judge_first(v);
	end = (v->first_waiting + v->num_waiting) % VERIFY_WAITING;
	v->waiting[end] = (struct verify_crc){ label, crc };
	v->num_waiting++;
	judge_ready(v);
}

bool verify_seen(const struct verify *v, uint32_t label)
{
	unsigned int last = (v->first_waiting + v->num_waiting + VERIFY_WAITING - 1) %
			    VERIFY_WAITING;

	if (v->num_waiting)
		return !before(v->waiting[last].label, label);
	return v->any_label && !before(v->last_label, label);
}

void verify_finish(struct verify *v)
{
	while (v->num_waiting)
		judge_first(v);
	for (size_t i = 0; i < VERIFY_HISTORY; i++)
		if (v->history[i].predicted) {
			retire(v, &v->history[i]);
			v->history[i].predicted = false;
		}
}

bool verify_good(const struct verify_counts *c)
{
	return !c->torn && !c->repeated && !c->lost && !c->disordered;
}
