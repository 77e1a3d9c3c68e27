// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cma/log_list.h"

#define MAX_TEXT	(8u << 20)	/* some 700000 runs; more is cut */
#define MAX_ORDER	20		/* of order_per_bit, when it has to be guessed */

static const char last_words[] = "total pages";

void log_list_begin(struct log_list *list)
{
	list->size = 0;
	list->strangers = 0;
	list->cut = false;
	list->complete = false;
}

void log_list_end(struct log_list *list)
{
	free(list->text);
	memset(list, 0, sizeof(*list));
}

int log_list_add(struct log_list *list, const char *text, const char *end)
{
	size_t size, before = list->size;

	while (text < end && (*text == ' ' || *text == '\t'))
		text++;
	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	size = (size_t)(end - text);
	list->strangers = 0;
	if (!size)
		return 0;
	if (size > MAX_TEXT - list->size) {
		list->cut = true;
		return 0;
	}
	if (size > list->room - list->size) {
		size_t room = (list->size + size) * 2;
		char *grown = realloc(list->text, room);

		if (!grown)
			return -ENOMEM;
		list->text = grown;
		list->room = room;
	}
	/* Glued without a gap: what breaks lines breaks numbers too. */
	memcpy(list->text + list->size, text, size);
	list->size += size;
	/* The words may be broken in two as well. */
	before -= before < strlen(last_words) ? before : strlen(last_words);
	list->complete = list->complete ||
		log_find(list->text + before, list->text + list->size, last_words);
	return 0;
}

bool log_list_is_part(const struct log_line *line)
{
	const char *p = line->text;
	uint64_t total;

	if (p == line->end)
		return false;
	if (log_skip(&p, line->end, "range ") || log_skip(&p, line->end, "free of ") ||
	    log_skip(&p, line->end, last_words))
		return true;
	if (log_skip(&p, line->end, "of "))
		return log_number(&p, line->end, 10, &total);
	if (!strchr("0123456789+=@.", *p) && (unsigned char)*p != 0xe2)
		return false;
	/* Digits and signs, the words of the end, and an ellipsis in UTF-8. */
	for (; p < line->end; p++)
		if (!*p || !strchr("0123456789@+=>. :freoftalpgsn\xe2\x80\xa6", *p))
			return false;
	return true;
}

/** struct cursor - reading position in a list, and what was found */
struct cursor {
	const char *at;
	const char *end;
	struct cma_failure *failure;
	bool cut;
	bool complete;
};

static bool skip(struct cursor *c, const char *word)
{
	return log_skip(&c->at, c->end, word);
}

/* A position right before an ellipsis may have lost digits. */
static void cut_here(struct cursor *c, bool after_number)
{
	c->cut = true;
	if (after_number && c->failure->run_count)
		c->failure->run_count--;
}

static int read_run(struct cursor *c)
{
	uint64_t pages, bit;
	struct cma_run run;

	if (!log_number(&c->at, c->end, 10, &pages)) {
		c->at++;
		c->cut = true;
		return 0;
	}
	if (!skip(c, "@") || !log_number(&c->at, c->end, 10, &bit) || !pages) {
		c->cut = true;
		return 0;
	}
	run = (struct cma_run){ .start = bit, .length = pages };
	return cma_failure_add_run(c->failure, run);
}

static void skip_blanks(struct cursor *c)
{
	while (c->at < c->end && *c->at == ' ')
		c->at++;
}

/* "6402 free of 32768 total pages"; the blanks are gone where lines were broken. */
static void read_end(struct cursor *c)
{
	uint64_t free, total;
	bool told;

	if (!log_number(&c->at, c->end, 10, &free))
		return;
	c->failure->free_pages = free;
	skip_blanks(c);
	told = skip(c, "free");
	skip_blanks(c);
	if (told && skip(c, "of") && log_number(&c->at, c->end, 10, &total) && total) {
		c->failure->area.pages = total;
		c->complete = true;
	}
	c->at = c->end;
}

/* "range 1: ", of areas with several pieces. */
static void read_range(struct cursor *c)
{
	uint64_t n;

	if (log_number(&c->at, c->end, 10, &n))
		c->failure->ranges++;
	skip(c, ":");
}

static int read_all(struct cursor *c)
{
	bool after_number = false;
	int ret = 0;

	while (c->at < c->end && !ret) {
		if (*c->at == ' ' || *c->at == '\t' || *c->at == ':') {
			c->at++;
		} else if (skip(c, "+")) {
			after_number = false;
		} else if (skip(c, "...") || skip(c, "\xe2\x80\xa6")) {
			cut_here(c, after_number);
			after_number = false;
		} else if (skip(c, "range")) {
			read_range(c);
		} else if (skip(c, "=>")) {
			read_end(c);
		} else {
			ret = read_run(c);
			after_number = true;
		}
	}
	return ret;
}

/*
 * Whether the runs lie one behind the other, with this order_per_bit. Pieces begin anew, so only an
 * area of one piece can be held to it.
 */
static bool plausible(const struct cma_failure *f, unsigned int order, bool *drop)
{
	uint64_t next = 0, end = UINT64_MAX;

	if (f->area.pages != CMA_UNKNOWN)
		end = f->area.pages >> order;
	for (size_t i = 0; i < f->run_count; i++) {
		uint64_t length = f->runs[i].length >> order, start = f->runs[i].start;
		bool bad = !length || start > end || length > end - start ||
			(f->ranges < 2 && start < next);

		if (bad && !drop)
			return false;
		if (drop)
			drop[i] = bad;
		if (!bad)
			next = start + length;
	}
	return true;
}

/* The areas whose bits the kernel makes larger than a page. */
static bool has_large_bits(const struct cma_failure *f)
{
	return !strncmp(f->area.name, "hugetlb", strlen("hugetlb")) ||
		!strcmp(f->area.name, "kvm_cma");
}

static bool multiples(const struct cma_failure *f, unsigned int order)
{
	for (size_t i = 0; i < f->run_count; i++)
		if (f->runs[i].length & ((1ULL << order) - 1))
			return false;
	return true;
}

/*
 * Lengths are pages, positions are bits: where they overlap, a bit is more than a page. Where they
 * do not, it may be as well.
 */
static void guess_order(struct cma_failure *f, uint64_t sum)
{
	bool whole = sum == f->free_pages;
	unsigned int order = 0, max;

	while (whole && order <= MAX_ORDER && !plausible(f, order, NULL))
		order++;
	if (order > MAX_ORDER)
		return;
	f->area.order_per_bit = order;
	if (!order && !has_large_bits(f))
		return;
	for (max = order; max < MAX_ORDER && multiples(f, max + 1) &&
	     (!whole || plausible(f, max + 1, NULL));)
		max++;
	f->order_max = max;
}

static int drop_impossible(struct cursor *c)
{
	struct cma_failure *f = c->failure;
	bool *drop = calloc(f->run_count + 1, sizeof(*drop));
	size_t kept = 0;

	if (!drop)
		return -ENOMEM;
	plausible(f, f->area.order_per_bit, drop);
	for (size_t i = 0; i < f->run_count; i++) {
		if (drop[i])
			continue;
		f->runs[kept] = f->runs[i];
		f->runs[kept++].length >>= f->area.order_per_bit;
	}
	c->cut |= kept != f->run_count;
	f->run_count = kept;
	free(drop);
	return 0;
}

int log_list_read(const struct log_list *list, struct cma_failure *failure)
{
	struct cursor c = { .failure = failure, .cut = list->cut };
	uint64_t sum = 0;
	int ret = 0;

	failure->run_count = 0;
	if (list->size) {
		c.at = list->text;
		c.end = list->text + list->size;
		ret = read_all(&c);
	}
	if (ret)
		return ret;
	for (size_t i = 0; i < failure->run_count; i++)
		if (__builtin_add_overflow(sum, failure->runs[i].length, &sum))
			c.cut = true;
	guess_order(failure, sum);
	ret = drop_impossible(&c);
	if (ret)
		return ret;
	/* More than there is: parts of another list are among them. */
	if (c.complete && sum > failure->free_pages)
		failure->run_count = 0;
	if (c.complete && !c.cut && sum == failure->free_pages)
		failure->runs_known = CMA_RUNS_ALL;
	else
		failure->runs_known = failure->run_count ? CMA_RUNS_PART : CMA_RUNS_NONE;
	return 0;
}
