// SPDX-License-Identifier: MIT
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "flip/clock.h"
#include "flip/report.h"
#include "message.h"

static const char * const ends[] = {
	[RUN_GOING] = "start",
	[RUN_SECONDS] = "seconds",
	[RUN_FRAMES] = "frames",
	[RUN_SIGNAL] = "signal",
	[RUN_UNPLUGGED] = "unplugged",
	[RUN_RENDERER] = "renderer",
	[RUN_STUCK] = "stuck",
	[RUN_ERROR] = "error",
};

void report_subject(struct report_subject *s, const struct run *r)
{
	const drmModeModeInfo *mode = &r->output.mode;

	memset(s, 0, sizeof(*s));
	s->width = mode->hdisplay;
	s->height = mode->vdisplay;
	s->refresh = kms_mode_refresh(mode);
	snprintf(s->mode, sizeof(s->mode), "%ux%u@%.4g", s->width, s->height, s->refresh);
	memcpy(s->output, r->output.name, sizeof(s->output));
	memcpy(s->device, r->device.path, sizeof(s->device));
	memcpy(s->driver, r->device.driver, sizeof(s->driver));
	memcpy(s->bus, r->device.bus, sizeof(s->bus));
}

static bool verified(const struct run *r)
{
	return r->verify.counts.checked > 0;
}

static double seconds(const struct run *r)
{
	return (double)(r->last_flip - r->first_flip) / NS_PER_S;
}

int report_status(const struct run *r)
{
	bool blind = r->no_crc[0];

	if (r->end == RUN_UNPLUGGED || r->end == RUN_RENDERER || r->end == RUN_ERROR ||
	    r->end == RUN_GOING)
		return EXIT_ENVIRONMENT;
	if (r->end == RUN_STUCK || !verify_good(&r->verify.counts))
		return EXIT_FAILED;
	/* CRCs were promised and did not come. An early interrupt may be before the first. */
	if (!blind && !verified(r) && r->end != RUN_SIGNAL)
		return EXIT_FAILED;
	return EXIT_OK;
}

static const char *result(const struct run *r)
{
	int status = report_status(r);

	if (status == EXIT_ENVIRONMENT)
		return "aborted";
	if (status == EXIT_FAILED)
		return "fail";
	return verified(r) ? "pass" : "unverified";
}

static const char *fences(const struct run *r)
{
	static const char * const names[] = { "none", "sw_sync", "dma-buf", "sw_sync+dma-buf" };

	return names[r->fences & 3];
}

/* A terminal without a size (a guest's console that is recorded) is better off with lines. */
static bool in_place(FILE *f)
{
	struct winsize size;

	return isatty(fileno(f)) && !ioctl(fileno(f), TIOCGWINSZ, &size) && size.ws_col;
}

void report_live(FILE *f, const struct run *r)
{
	const struct verify_counts *c = &r->verify.counts;
	bool tty = in_place(f);

	fprintf(f, "%s%6.1f s  frames %llu  missed %llu  latency p50 %.1f p99 %.1f ms", tty ?
		"\r" : "", seconds(r), (unsigned long long)c->flips,
		(unsigned long long)c->missed, samples_percentile(&r->render_latency, 50),
		samples_percentile(&r->render_latency, 99));
	if (verified(r))
		fprintf(f, "  torn %llu repeated %llu lost %llu", (unsigned long long)c->torn,
			(unsigned long long)c->repeated, (unsigned long long)c->lost);
	if (r->cma_min >= 0)
		fprintf(f, "  CMA free >= %.1f MiB", (double)r->cma_min / 1024);
	fputs(tty ? "\033[K" : "\n", f);
	fflush(f);
}

static void row(FILE *f, const char *name, unsigned long long value, const char *unit)
{
	fprintf(f, "  %-16s %llu%s%s\n", name, value, unit[0] ? " " : "", unit);
}

static void latency_row(FILE *f, const char *name, const struct samples *s)
{
	fprintf(f, "  %-16s p50 %.2f  p99 %.2f  max %.2f ms\n", name, samples_percentile(s, 50),
		samples_percentile(s, 99), samples_percentile(s, 100));
}

static void fault_rows(FILE *f, const struct verify *v)
{
	for (unsigned int i = 0; i < v->num_faults; i++) {
		const struct verify_fault *x = &v->fault[i];

		fprintf(f, "  refresh ending at vblank %u: frame %u intended (flipped at %u), ",
			x->label, x->wanted, x->on);
		if (x->torn)
			fprintf(f, "no frame shown\n");
		else
			fprintf(f, "frame %u shown\n", x->shown);
	}
}

void report_table(FILE *f, const struct report_subject *s, const struct run *r)
{
	const struct verify_counts *c = &r->verify.counts;

	if (in_place(f))
		fputs("\r\033[K", f);
	fprintf(f, "vdc-flip: %s on %s %s (%s), %u buffer%s%s, fences %s\n", s->mode, s->driver,
		s->output, s->bus[0] ? s->bus : s->device, r->options->buffers,
		r->options->buffers > 1 ? "s" : "",
		r->options->export ? ", renderer in another process" : "", fences(r));
	row(f, "frames", c->flips, "");
	fprintf(f, "  %-16s %.2f (%.2f frames/s)\n", "seconds", seconds(r),
		seconds(r) > 0 ? (double)(c->flips - 1) / seconds(r) : 0);
	row(f, "missed vblanks", c->missed, "");
	latency_row(f, "render latency", &r->render_latency);
	latency_row(f, "commit latency", &r->commit_latency);
	if (r->cma_before >= 0)
		fprintf(f, "  %-16s before %ld  least %ld  after %ld kB\n", "CMA free",
			r->cma_before, r->cma_min, r->cma_after);
	if (verified(r)) {
		row(f, "torn", c->torn, "refreshes");
		row(f, "repeated", c->repeated, "refreshes");
		row(f, "lost", c->lost, "frames");
		row(f, "early", c->early, "refreshes (flip event late)");
		row(f, "checked", c->checked, "refreshes by CRC");
		row(f, "unseen", c->unseen, "refreshes without CRC");
		fault_rows(f, &r->verify);
	}
	if (r->no_crc[0])
		fprintf(f, "  verification is off: %s\n", r->no_crc);
	else if (!verified(r))
		fprintf(f, "  no CRC came: nothing is verified\n");
	fprintf(f, "  %-16s %s (ended by: %s%s%s)\n", "result", result(r), ends[r->end],
		r->error[0] ? ", " : "", r->error);
}

static void add_count(struct json_object *o, const char *name, uint64_t value)
{
	json_object_object_add(o, name, json_object_new_int64((int64_t)value));
}

static void add_text(struct json_object *o, const char *name, const char *value)
{
	json_object_object_add(o, name, json_object_new_string(value));
}

/* Three decimals are a microsecond; more would be noise. */
static void add_number(struct json_object *o, const char *name, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3f", value);
	json_object_object_add(o, name, json_object_new_double_s(value, text));
}

static void add_kb(struct json_object *o, const char *name, long kb)
{
	json_object_object_add(o, name, kb < 0 ? NULL : json_object_new_int64(kb));
}

static void add_latency(struct json_object *o, const char *name, const struct samples *s)
{
	struct json_object *l = json_object_new_object();

	add_number(l, "p50", samples_percentile(s, 50));
	add_number(l, "p99", samples_percentile(s, 99));
	add_number(l, "max", samples_percentile(s, 100));
	json_object_object_add(o, name, l);
}

static void add_subject(struct json_object *o, const struct report_subject *s)
{
	struct json_object *host = json_object_new_object();
	struct utsname u;

	uname(&u);
	add_text(host, "driver", s->driver);
	add_text(host, "device", s->bus[0] ? s->bus : s->device);
	add_text(host, "card", s->device);
	add_text(host, "connector", s->output);
	add_text(host, "arch", u.machine);
	add_text(host, "kernel", u.release);
	add_text(o, "mode", s->mode);
	add_count(o, "width", s->width);
	add_count(o, "height", s->height);
	add_number(o, "refresh_hz", s->refresh);
	json_object_object_add(o, "host", host);
}

static void add_faults(struct json_object *o, const struct verify *v)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < v->num_faults; i++) {
		const struct verify_fault *x = &v->fault[i];
		struct json_object *fault = json_object_new_object();

		add_count(fault, "vblank", x->label);
		add_count(fault, "intended", x->wanted);
		add_count(fault, "flipped_at", x->on);
		json_object_object_add(fault, "shown",
				       x->torn ? NULL : json_object_new_int64(x->shown));
		json_object_array_add(list, fault);
	}
	json_object_object_add(o, "faults", list);
}

static void add_misses(struct json_object *o, const struct verify *v)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < v->num_misses; i++) {
		struct json_object *miss = json_object_new_object();

		add_count(miss, "frame", v->miss[i].frame);
		add_count(miss, "vblanks", v->miss[i].vblanks);
		json_object_array_add(list, miss);
	}
	json_object_object_add(o, "misses", list);
}

static struct json_object *make_json(const struct report_subject *s, const struct run *r)
{
	const struct verify_counts *c = &r->verify.counts;
	struct json_object *o = json_object_new_object(), *cma = json_object_new_object();

	add_text(o, "result", result(r));
	add_text(o, "ended_by", ends[r->end]);
	if (r->error[0])
		add_text(o, "error", r->error);
	add_subject(o, s);
	add_count(o, "buffers", r->options->buffers);
	json_object_object_add(o, "exported", json_object_new_boolean(r->options->export));
	add_text(o, "in_fence", fences(r));
	add_count(o, "render_ms", r->options->render_ms);
	add_number(o, "seconds", seconds(r));
	add_count(o, "frames", c->flips);
	json_object_object_add(o, "verified", json_object_new_boolean(verified(r)));
	if (r->no_crc[0])
		add_text(o, "unverified_because", r->no_crc);
	add_count(o, "checked", c->checked);
	add_count(o, "torn", c->torn);
	add_count(o, "repeated", c->repeated);
	add_count(o, "lost", c->lost);
	add_count(o, "early", c->early);
	add_count(o, "disordered", c->disordered);
	add_count(o, "unseen", c->unseen);
	add_faults(o, &r->verify);
	add_count(o, "missed_vblanks", c->missed);
	add_misses(o, &r->verify);
	add_latency(o, "latency_ms", &r->render_latency);
	add_latency(o, "commit_latency_ms", &r->commit_latency);
	add_kb(cma, "before", r->cma_before);
	add_kb(cma, "after", r->cma_after);
	add_kb(cma, "min", r->cma_min);
	json_object_object_add(o, "cma_free_kb", cma);
	return o;
}

int report_json(const char *path, const struct report_subject *s, const struct run *r)
{
	struct json_object *o = make_json(s, r);
	FILE *f = strcmp(path, "-") ? fopen(path, "we") : stdout;
	int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		    JSON_C_TO_STRING_NOSLASHESCAPE;
	int ret = 0;

	if (!f || fprintf(f, "%s\n", json_object_to_json_string_ext(o, flags)) < 0)
		ret = -errno;
	if (f && (f == stdout ? fflush(f) : fclose(f)))
		ret = -errno;
	if (ret)
		message_error(ret, "writing %s", path);
	json_object_put(o);
	return ret;
}
