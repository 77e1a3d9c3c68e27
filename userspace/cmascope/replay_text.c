// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>

#include "cmascope/replay.h"

const char *replay_align_name(int align)
{
	static char text[16];

	if (align == CMA_ALIGN_AS_ASKED)
		return "asked";
	snprintf(text, sizeof(text), "%d", align);
	return text;
}

double replay_mib(const struct replay *replay, uint64_t pages)
{
	return (double)pages * replay->script.page_size / (1 << 20);
}

static double per_sample(const struct replay *r, const struct cma_replay_result *result,
			 uint64_t pages)
{
	return result->samples ? replay_mib(r, pages) / (double)result->samples : 0;
}

static void print_source(const struct replay *r, FILE *out)
{
	const struct replay_options *o = &r->options;
	const struct cma_script *s = &r->script;

	if (o->workload)
		fprintf(out, "Workload %s: %s; %" PRIu64 " allocations a run, seeds from %" PRIu64
			".\n", o->workload->name, o->workload->summary, o->allocations, o->seed);
	else
		fprintf(out, "Trace %s, area %s: %" PRIu32 " allocations, %" PRIu64
			" of them failed in the recording.\n", o->trace, s->area.name, s->ids,
			s->failed);
	fprintf(out, "Most memory held at once, if nothing fails: %.1f MiB.\n",
		replay_mib(r, cma_script_peak(s)));
	if (s->lost || s->unknown)
		fprintf(out, "The recording lost %" PRIu64 " events; %" PRIu64
			" releases are of unknown allocations.\n", s->lost, s->unknown);
	if (o->busy > 0)
		fprintf(out, "%d pages hold one that cannot move with probability %g.\n",
			CMA_BUSY_BLOCK, o->busy);
	fputc('\n', out);
}

static void print_row(const struct replay *r, const struct replay_row *row, FILE *out)
{
	const struct cma_replay_result *s = &row->result;

	fprintf(out, "%9.1f  %-5s  %-9s %8.3f%% %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64
		" %9" PRIu64 " %5" PRIu64 "/%-5" PRIu64 " %9.2f %6.3f\n",
		replay_mib(r, row->pages), replay_align_name(row->align),
		cma_policy_name(row->policy), s->allocations ?
		100 * (double)cma_replay_failures(s) / (double)s->allocations : 0,
		s->failed[CMA_CAUSE_TOO_LARGE], s->failed[CMA_CAUSE_FULL],
		s->failed[CMA_CAUSE_FRAGMENTED], s->failed[CMA_CAUSE_ALIGNMENT],
		s->failed[CMA_CAUSE_BUSY], s->failed_runs, s->runs,
		per_sample(r, s, s->internal_pages + s->unaligned_pages), s->fragmentation);
}

static void print_proof(const struct replay *r, const struct replay_advice *a, FILE *out)
{
	const struct replay_options *o = &r->options;

	if (!replay_random(r))
		fprintf(out, "  Nothing here is random: this very trace fits. Of another hour\n"
			"  it says nothing: record longer, or add --busy.\n");
	else
		fprintf(out, "  %" PRIu64 " runs of new seeds had no failure: with confidence %g\n"
			"  at most %.3g%% of runs fail (Clopper-Pearson, sizes tried so: %u).\n",
			a->runs, o->confidence, 100 * a->share, a->attempts);
	if (a->larger)
		fprintf(out, "  A larger area is not always better: %.1f MiB had a failure.\n",
			replay_mib(r, a->larger));
}

static void print_advice(const struct replay *r, const struct replay_advice *a, FILE *out)
{
	double limit = (double)r->ordinary.limit / 1024;

	fprintf(out, "\nAlignment %s, %s: ", replay_align_name(a->align),
		cma_policy_name(a->policy));
	if (!a->pages) {
		fprintf(out, "no size up to %.1f MiB does without a failure.\n",
			replay_mib(r, a->tried));
		if (r->options.busy > 0)
			fprintf(out, "  Pages that cannot move fail requests in any area:\n"
				"  cmascope why tells who pins them.\n");
		return;
	}
	fprintf(out, "the smallest CMA without a failure is %.1f MiB (%.1f MiB are held).\n",
		replay_mib(r, a->pages), replay_mib(r, a->peak));
	print_proof(r, a, out);
	if (r->ordinary_known && replay_mib(r, a->pages) > limit)
		fprintf(out, "  This machine cannot have it: ordinary memory would starve.\n");
}

static void print_ordinary(const struct replay *r, FILE *out)
{
	const struct cma_ordinary *o = &r->ordinary;

	fprintf(out, "\nOrdinary memory starves if CMA is larger than %.1f MiB:\n",
		(double)o->limit / 1024);
	fprintf(out, "  %.1f of memory - %.1f unmovable, which cannot use CMA - %.1f kept free\n",
		(double)o->memory / 1024, (double)o->unmovable / 1024,
		(double)o->kept_free / 1024);
	fprintf(out, "  (%s)\n", r->ordinary_from);
}

void replay_print(const struct replay *replay, FILE *out)
{
	print_source(replay, out);
	fprintf(out, "%9s  %-5s  %-9s %9s %9s %9s %9s %9s %9s %11s %9s %6s\n", "size/MiB", "align",
		"policy", "failed", "too large", "full", "fragment.", "alignment", "busy",
		"failed runs", "waste/MiB", "fragm.");
	for (size_t i = 0; i < replay->row_count; i++)
		print_row(replay, &replay->rows[i], out);
	for (size_t i = 0; i < replay->advice_count; i++)
		print_advice(replay, &replay->advice[i], out);
	if (replay->ordinary_known)
		print_ordinary(replay, out);
}
