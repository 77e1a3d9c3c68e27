// SPDX-License-Identifier: MIT
/* Streams of predictions, flip events and CRCs, and the verdict they must lead to. */
#include <stdlib.h>
#include <string.h>

#include "flip/verify.h"
#include "harness.h"

/* Frame @n has this CRC; @torn ones have one that no frame has. */
#define CRC(n)	(0x1000u + (uint32_t)(n))
#define TORN	0xdeadu

enum kind { END, FLIP, SCAN };

/* FLIP: frame and vblank; SCAN: label and CRC. */
struct step {
	enum kind kind;
	uint32_t a, b;
};

struct stream {
	const char *name;
	struct step steps[24];
	struct verify_counts want;
};

/* Every stream is of frames 1, 2, 3, ..., which are predicted before. */
static const struct stream streams[] = {
	{
		.name = "each frame once",
		.steps = { { FLIP, 1, 10 }, { FLIP, 2, 11 }, { SCAN, 11, CRC(1) }, { FLIP, 3, 12 },
			   { SCAN, 12, CRC(2) }, { SCAN, 13, CRC(3) } },
		.want = { .flips = 3, .checked = 3, .right = 3 },
	}, {
		.name = "CRC before its event is read",
		.steps = { { FLIP, 1, 10 }, { SCAN, 11, CRC(1) }, { SCAN, 12, CRC(2) },
			   { FLIP, 2, 11 }, { FLIP, 3, 12 } },
		.want = { .flips = 3, .checked = 2, .right = 2 },
	}, {
		.name = "CRCs many frames late",
		.steps = { { FLIP, 1, 10 }, { FLIP, 2, 11 }, { FLIP, 3, 12 }, { FLIP, 4, 13 },
			   { SCAN, 11, CRC(1) }, { SCAN, 12, CRC(2) }, { SCAN, 13, CRC(3) },
			   { SCAN, 14, CRC(4) } },
		.want = { .flips = 4, .checked = 4, .right = 4 },
	}, {
		.name = "a frame that stays is no repeat, but misses vblanks",
		.steps = { { FLIP, 1, 10 }, { SCAN, 11, CRC(1) }, { SCAN, 12, CRC(1) },
			   { SCAN, 13, CRC(1) }, { FLIP, 2, 13 }, { SCAN, 14, CRC(2) } },
		.want = { .flips = 2, .checked = 4, .right = 4, .missed = 2 },
	}, {
		.name = "scans of before the first flip do not count",
		.steps = { { SCAN, 8, 7 }, { SCAN, 9, 7 }, { SCAN, 10, 7 }, { FLIP, 1, 10 },
			   { SCAN, 11, CRC(1) } },
		.want = { .flips = 1, .checked = 1, .right = 1 },
	}, {
		.name = "torn",
		.steps = { { FLIP, 1, 10 }, { SCAN, 11, TORN }, { FLIP, 2, 11 },
			   { SCAN, 12, CRC(2) } },
		.want = { .flips = 2, .checked = 2, .right = 1, .torn = 1 },
	}, {
		.name = "an older frame again, and the one it hid",
		.steps = { { FLIP, 1, 10 }, { SCAN, 11, CRC(1) }, { FLIP, 2, 11 },
			   { SCAN, 12, CRC(1) }, { FLIP, 3, 12 }, { SCAN, 13, CRC(3) } },
		.want = { .flips = 3, .checked = 3, .right = 2, .repeated = 1, .lost = 1 },
	}, {
		.name = "an older frame first, then the right one: nothing is lost",
		.steps = { { FLIP, 1, 10 }, { SCAN, 11, CRC(1) }, { FLIP, 2, 11 },
			   { SCAN, 12, CRC(1) }, { SCAN, 13, CRC(2) }, { FLIP, 3, 13 } },
		.want = { .flips = 3, .checked = 3, .right = 2, .repeated = 1, .missed = 1 },
	}, {
		.name = "a flip event that is late",
		.steps = { { FLIP, 1, 10 }, { SCAN, 11, CRC(1) }, { SCAN, 12, CRC(2) },
			   { SCAN, 13, CRC(2) }, { FLIP, 2, 13 }, { SCAN, 14, CRC(2) } },
		.want = { .flips = 2, .checked = 4, .right = 2, .early = 2, .missed = 2 },
	}, {
		.name = "a frame that its successor hid",
		.steps = { { FLIP, 1, 10 }, { SCAN, 11, CRC(2) }, { FLIP, 2, 11 },
			   { SCAN, 12, CRC(2) } },
		.want = { .flips = 2, .checked = 2, .right = 1, .early = 1, .lost = 1 },
	}, {
		.name = "two flips at one vblank: the first never was on screen",
		.steps = { { FLIP, 1, 10 }, { SCAN, 11, CRC(1) }, { FLIP, 2, 11 }, { FLIP, 3, 11 },
			   { SCAN, 12, CRC(3) } },
		.want = { .flips = 3, .checked = 2, .right = 2, .lost = 1 },
	}, {
		.name = "missing CRCs are unseen, not lost",
		.steps = { { FLIP, 1, 10 }, { SCAN, 11, CRC(1) }, { FLIP, 2, 11 }, { FLIP, 3, 12 },
			   { FLIP, 4, 13 }, { SCAN, 14, CRC(4) } },
		.want = { .flips = 4, .checked = 2, .right = 2, .unseen = 2 },
	}, {
		.name = "a label that does not grow",
		.steps = { { FLIP, 1, 10 }, { SCAN, 11, CRC(1) }, { FLIP, 2, 11 },
			   { SCAN, 11, CRC(1) }, { SCAN, 12, CRC(2) } },
		.want = { .flips = 2, .checked = 2, .right = 2, .disordered = 1 },
	}, {
		.name = "counts wrap",
		.steps = { { FLIP, 1, 0xfffffffe }, { SCAN, 0xffffffff, CRC(1) },
			   { FLIP, 2, 0xffffffff }, { SCAN, 0, CRC(2) }, { FLIP, 3, 0 },
			   { SCAN, 1, CRC(3) }, { FLIP, 4, 2 }, { SCAN, 2, CRC(3) },
			   { SCAN, 3, CRC(4) } },
		.want = { .flips = 4, .checked = 5, .right = 5, .missed = 1 },
	}, {
		.name = "all wrong at once",
		.steps = { { FLIP, 1, 10 }, { SCAN, 11, TORN }, { FLIP, 2, 11 },
			   { SCAN, 12, CRC(1) }, { FLIP, 3, 12 }, { SCAN, 15, CRC(3) },
			   { FLIP, 4, 15 }, { SCAN, 16, TORN + 1 } },
		.want = { .flips = 4, .checked = 4, .right = 1, .torn = 2, .repeated = 1, .lost = 1,
			  .unseen = 2, .missed = 2 },
	},
};

static void check(const struct verify_counts *got, const struct verify_counts *want,
		  const char *name)
{
	static const struct {
		const char *name;
		size_t offset;
	} fields[] = {
		{ "flips", offsetof(struct verify_counts, flips) },
		{ "checked", offsetof(struct verify_counts, checked) },
		{ "right", offsetof(struct verify_counts, right) },
		{ "torn", offsetof(struct verify_counts, torn) },
		{ "repeated", offsetof(struct verify_counts, repeated) },
		{ "early", offsetof(struct verify_counts, early) },
		{ "lost", offsetof(struct verify_counts, lost) },
		{ "unseen", offsetof(struct verify_counts, unseen) },
		{ "disordered", offsetof(struct verify_counts, disordered) },
		{ "missed", offsetof(struct verify_counts, missed) },
	};

	for (size_t i = 0; i < COUNT(fields); i++) {
		uint64_t g = *(const uint64_t *)((const char *)got + fields[i].offset);
		uint64_t w = *(const uint64_t *)((const char *)want + fields[i].offset);

		if (g != w)
			fail_msg("%s: %s is %llu, must be %llu", name, fields[i].name,
				 (unsigned long long)g, (unsigned long long)w);
	}
}

static void remembers_faults(void **state)
{
	struct verify *v = calloc(1, sizeof(*v));

	(void)state;
	for (uint32_t f = 0; f < 100; f++)
		verify_predict(v, f, CRC(f));
	for (uint32_t f = 10; f < 50; f++) {
		verify_flip(v, f, 1000 + f);
		verify_crc(v, 1001 + f, f % 2 ? TORN : CRC(f - 1));
	}
	verify_finish(v);
	assert_int_equal(v->num_faults, VERIFY_FAULTS);
	assert_int_equal(v->fault[0].label, 1011);
	assert_int_equal(v->fault[0].wanted, 10);
	assert_int_equal(v->fault[0].on, 1010);
	assert_false(v->fault[0].torn);
	assert_int_equal(v->fault[0].shown, 9);
	assert_true(v->fault[1].torn);
	free(v);
}

static void remembers_late_frames(void **state)
{
	struct verify *v = calloc(1, sizeof(*v));

	(void)state;
	/* Every third flip comes two vblanks late. */
	for (uint32_t f = 0, seq = 0xfffffff0; f < 100; f++, seq += f % 3 ? 1 : 3)
		verify_flip(v, f, seq);
	assert_int_equal(v->counts.missed, 33 * 2);
	assert_int_equal(v->num_misses, VERIFY_FAULTS);
	assert_int_equal(v->miss[0].frame, 3);
	assert_int_equal(v->miss[0].vblanks, 2);
	assert_int_equal(v->miss[VERIFY_FAULTS - 1].frame, 3 * VERIFY_FAULTS);
	free(v);
}

static void judges_streams(void **state)
{
	struct verify *v = malloc(sizeof(*v));

	(void)state;
	for (size_t i = 0; i < COUNT(streams); i++) {
		memset(v, 0, sizeof(*v));
		for (uint32_t f = 0; f < 10; f++)
			verify_predict(v, f, CRC(f));
		for (const struct step *s = streams[i].steps; s->kind != END; s++) {
			if (s->kind == FLIP)
				verify_flip(v, s->a, s->b);
			else
				verify_crc(v, s->a, s->b);
		}
		verify_finish(v);
		check(&v->counts, &streams[i].want, streams[i].name);
		assert_int_equal(verify_good(&v->counts),
				 !(streams[i].want.torn + streams[i].want.repeated +
				   streams[i].want.lost + streams[i].want.disordered));
	}
	free(v);
}

/* A long run, where frames leave the history; every 1000th refresh shows the frame before. */
static void judges_a_long_run(void **state)
{
	struct verify *v = calloc(1, sizeof(*v));
	struct verify_counts want = { 0 };

	(void)state;
	for (uint32_t f = 1; f <= 20000; f++) {
		bool bad = f % 1000 == 0;

		verify_predict(v, f, CRC(f));
		verify_flip(v, f, f);
		verify_crc(v, f + 1, bad ? CRC(f - 1) : CRC(f));
		want.flips++;
		want.checked++;
		want.right += !bad;
		want.repeated += bad;
		want.lost += bad;
	}
	verify_finish(v);
	check(&v->counts, &want, "long run");
	free(v);
}

/* When events stop and CRCs go on, the waiting ones are judged by what is known. */
static void survives_crcs_without_events(void **state)
{
	struct verify *v = calloc(1, sizeof(*v));
	struct verify_counts want = { .flips = 1, .checked = 3 * VERIFY_WAITING,
				      .right = 3 * VERIFY_WAITING };

	(void)state;
	verify_predict(v, 1, CRC(1));
	verify_flip(v, 1, 100);
	for (uint32_t i = 1; i <= 3 * VERIFY_WAITING; i++)
		verify_crc(v, 100 + i, CRC(1));
	assert_true(verify_seen(v, 100 + 3 * VERIFY_WAITING));
	assert_false(verify_seen(v, 101 + 3 * VERIFY_WAITING));
	verify_finish(v);
	assert_true(verify_seen(v, 100 + 3 * VERIFY_WAITING));
	check(&v->counts, &want, "no events");
	free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_streams),
		cmocka_unit_test(remembers_faults),
		cmocka_unit_test(remembers_late_frames),
		cmocka_unit_test(judges_a_long_run),
		cmocka_unit_test(survives_crcs_without_events),
	};

	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
