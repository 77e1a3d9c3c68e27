// SPDX-License-Identifier: MIT
/*
 * libFuzzer target: the input is a kernel log. It is read whole and in pieces, which must not
 * differ; every failure in it is judged, and what has to hold for any of them is checked.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/log.h"
#include "cma/verdict.h"

/** struct digest - what was found in a log */
struct digest {
	uint64_t failures;
	uint64_t sum;
};

static void die(const char *what, uint64_t value)
{
	fprintf(stderr, "log_fuzz: %s (%llu)\n", what, (unsigned long long)value);
	abort();
}

static void add(struct digest *d, uint64_t value)
{
	d->sum = (d->sum ^ value) * 0x9e3779b97f4a7c15ULL;
}

static void check_runs(const struct cma_failure *f)
{
	uint64_t sum = 0, next = 0;

	for (size_t i = 0; i < f->run_count; i++) {
		struct cma_run run = f->runs[i];

		if (!run.length || run.start + run.length < run.start)
			die("a run without length, or past the end of numbers", run.start);
		if (f->ranges < 2 && run.start < next)
			die("runs out of order", run.start);
		next = run.start + run.length;
		sum += run.length << f->area.order_per_bit;
	}
	if (f->runs_known == CMA_RUNS_ALL && sum != f->free_pages)
		die("all runs are known, but not their sum", sum);
	if (f->runs_known == CMA_RUNS_NONE && f->run_count)
		die("no run is known, and yet there are some", f->run_count);
}

static void check_verdict(const struct cma_failure *f, const struct cma_verdict *v)
{
	if (!v->summary || !v->evidence_count || !v->remedy_count)
		die("a verdict that does not speak", v->cause);
	if (v->cause == CMA_CAUSE_UNKNOWN && strncmp(v->summary, "Cannot tell", 11) && f->count)
		die("it cannot tell, and does not say so", f->count);
	if (v->cause == CMA_CAUSE_FULL && f->free_pages >= f->count)
		die("full, with room", f->free_pages);
	if (v->cause == CMA_CAUSE_FRAGMENTED && f->runs_known == CMA_RUNS_PART &&
	    f->free_pages == CMA_UNKNOWN)
		die("fragmented, by a list without an end", f->run_count);
}

static void judge(void *data, const struct cma_failure *failure)
{
	struct digest *d = data;
	struct cma_verdict v;

	check_runs(failure);
	if (cma_judge(failure, &v))
		die("no memory", failure->run_count);
	check_verdict(failure, &v);
	d->failures++;
	add(d, failure->line);
	add(d, failure->count);
	add(d, failure->run_count);
	add(d, (uint64_t)v.cause);
	for (size_t i = 0; i < v.evidence_count; i++)
		add(d, strlen(v.evidence[i]));
	cma_verdict_end(&v);
}

static struct digest read_log(const char *text, size_t size, size_t piece)
{
	struct digest d = { 0, 0 };
	struct cma_log *log = cma_log_create(judge, &d);

	if (!log)
		die("no memory", size);
	for (size_t at = 0; at < size; at += piece)
		if (cma_log_feed(log, text + at, size - at < piece ? size - at : piece))
			die("no memory", size);
	if (cma_log_flush(log))
		die("no memory", size);
	add(&d, cma_log_lines(log));
	cma_log_destroy(log);
	return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct digest whole = read_log((const char *)data, size, size ? size : 1);
	struct digest pieces = read_log((const char *)data, size, size ? 1 + data[0] % 64u : 1);

	if (whole.failures != pieces.failures || whole.sum != pieces.sum)
		die("it matters how the log is cut", pieces.failures);
	return 0;
}
