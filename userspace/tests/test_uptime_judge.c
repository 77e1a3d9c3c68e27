// SPDX-License-Identifier: MIT
/* What vdc_uptime makes of flip events and frames' CRCs. */
#include <string.h>

#include "harness.h"
#include "vdc_uptime_judge.h"

#define START	0xfffffff0u	/* vblank counts wrap soon */
#define TORN	1u		/* a CRC that no frame has */

/* struct stream - a judge, what it found, and the vblank count of the frame on screen */
struct stream {
	struct judge_counts counts;
	struct judge judge;
	uint32_t vblank;
	unsigned int told;	/* how often something was wrong */
};

static struct stream *current;

static uint32_t crc_of(const void *data, uint32_t k)
{
	(void)data;
	return 1000 + k * 7;
}

static void note_wrong(const struct judge *j, const struct judge_entry *e, uint32_t k)
{
	assert_ptr_equal(j, &current->judge);
	assert_int_not_equal(e->crc, crc_of(NULL, k));
	current->told++;
}

static void begin(struct stream *s)
{
	memset(s, 0, sizeof(*s));
	s->judge.predict = crc_of;
	s->judge.wrong = note_wrong;
	s->judge.counts = &s->counts;
	s->vblank = START;
	current = s;
	judge_begin(&s->judge, START);
}

static void scan(struct stream *s, uint32_t crc)
{
	judge_crc(&s->judge, s->vblank, crc);
}

/* With frame 0 on screen, and seen. */
static void begin_seen(struct stream *s)
{
	begin(s);
	scan(s, crc_of(NULL, 0));
}

/* The next frame's event. Nothing is told of its scan. */
static void flip(struct stream *s)
{
	s->judge.queued = s->judge.k + 1;
	judge_flip(&s->judge, ++s->vblank);
	judge_old(&s->judge);
}

/* @count flips, each seen. */
static void go_on(struct stream *s, unsigned int count)
{
	while (count--) {
		flip(s);
		scan(s, crc_of(NULL, s->judge.k));
	}
}

static void end(struct stream *s)
{
	assert_true(judge_has_last(&s->judge));
	judge_all(&s->judge);
	assert_int_equal(s->told, s->counts.torn + s->counts.repeated);
}

/* By the events frame k is on screen, but what is scanned is the next one already. */
static void skip_one(struct stream *s)
{
	flip(s);
	s->judge.queued = s->judge.k + 1;
	scan(s, crc_of(NULL, s->judge.k + 1));
	go_on(s, 1);
}

static void all_is_well(void **state)
{
	struct stream s;

	(void)state;
	begin_seen(&s);
	go_on(&s, 3 * JUDGE_HISTORY);
	end(&s);
	assert_int_equal(s.counts.frames, 3 * JUDGE_HISTORY);
	assert_int_equal(s.counts.torn + s.counts.repeated + s.counts.lost, 0);
	assert_int_equal(s.counts.missed + s.counts.early + s.counts.unscanned, 0);
}

static void frame_that_nobody_sees_is_lost(void **state)
{
	struct stream s;

	(void)state;
	begin_seen(&s);
	go_on(&s, 20);
	skip_one(&s);
	go_on(&s, 20);
	end(&s);
	assert_int_equal(s.counts.lost, 1);
	assert_int_equal(s.counts.early, 1);
	assert_int_equal(s.counts.torn + s.counts.repeated + s.counts.unscanned, 0);
}

static void frame_that_is_not_scanned_is_excused(void **state)
{
	struct stream s;

	(void)state;
	begin_seen(&s);
	go_on(&s, 5);
	flip(&s);
	go_on(&s, 5);
	end(&s);
	assert_int_equal(s.counts.unscanned, 1);
	assert_int_equal(s.counts.lost, 0);
}

/* What was not scanned excuses no frame that is lost later. */
static void excuse_does_not_last(void **state)
{
	struct stream s;

	(void)state;
	begin_seen(&s);
	go_on(&s, 5);
	flip(&s);
	go_on(&s, 5);
	skip_one(&s);
	skip_one(&s);
	end(&s);
	assert_int_equal(s.counts.unscanned, 1);
	assert_int_equal(s.counts.lost, 2);
}

/* One frame that was not scanned excuses one, not the two before an early one. */
static void excuse_is_no_larger_than_its_gap(void **state)
{
	struct stream s;

	(void)state;
	begin_seen(&s);
	go_on(&s, 5);
	flip(&s);
	skip_one(&s);
	end(&s);
	assert_int_equal(s.counts.unscanned, 1);
	assert_int_equal(s.counts.lost, 1);
}

/* Frames that stayed while nothing was scanned explain what was not scanned. */
static void gap_before_the_same_frame_excuses_nothing(void **state)
{
	struct stream s;

	(void)state;
	begin_seen(&s);
	go_on(&s, 5);
	s.vblank += 3;
	scan(&s, crc_of(NULL, s.judge.k));
	skip_one(&s);
	end(&s);
	assert_int_equal(s.counts.unscanned, 2);
	assert_int_equal(s.counts.missed, 3);
	assert_int_equal(s.counts.lost, 1);
}

static void torn_and_repeated_are_told_apart(void **state)
{
	struct stream s;

	(void)state;
	begin_seen(&s);
	go_on(&s, 5);
	flip(&s);
	scan(&s, crc_of(NULL, s.judge.k - 1));
	go_on(&s, 1);
	flip(&s);
	scan(&s, TORN);
	go_on(&s, 1);
	end(&s);
	assert_int_equal(s.counts.torn, 1);
	assert_int_equal(s.counts.repeated, 1);
}

static void what_came_before_is_not_judged(void **state)
{
	struct stream s;

	(void)state;
	begin(&s);
	judge_crc(&s.judge, START - 2, TORN);
	judge_crc(&s.judge, START - 1, TORN);
	assert_false(judge_has_last(&s.judge));
	judge_crc(&s.judge, START, crc_of(NULL, 0));
	go_on(&s, 3);
	end(&s);
	assert_int_equal(s.counts.torn + s.counts.unscanned + s.counts.lost, 0);
}

static void crcs_wait_for_their_events(void **state)
{
	struct stream s;

	(void)state;
	begin_seen(&s);
	for (unsigned int i = 1; i < JUDGE_WAITING; i++) {
		assert_false(judge_full(&s.judge));
		judge_crc(&s.judge, START + i, crc_of(NULL, i));
	}
	assert_true(judge_full(&s.judge));
	for (unsigned int i = 1; i < JUDGE_WAITING; i++)
		flip(&s);
	end(&s);
	assert_int_equal(s.counts.torn + s.counts.early + s.counts.lost, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_well),
		cmocka_unit_test(frame_that_nobody_sees_is_lost),
		cmocka_unit_test(frame_that_is_not_scanned_is_excused),
		cmocka_unit_test(excuse_does_not_last),
		cmocka_unit_test(excuse_is_no_larger_than_its_gap),
		cmocka_unit_test(gap_before_the_same_frame_excuses_nothing),
		cmocka_unit_test(torn_and_repeated_are_told_apart),
		cmocka_unit_test(what_came_before_is_not_judged),
		cmocka_unit_test(crcs_wait_for_their_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
