// SPDX-License-Identifier: MIT
/*
 * A journal made up, of which the truth is known (lab_report.sh):
 *
 *	lab-synth BURSTS SEED [FLAW]...
 *
 * In each burst 1200 frames are shown and 30 buffers checked. Each contender tries four times;
 * "plain" fails once in each burst of the second half, "buddy-10" always in it and "buddy-11" from
 * the beginning. Flaws: in burst 1 a torn frame (torn), a wrong CRC (mismatch) or wrong contents of
 * a buffer (wrong); a leaked buffer (leak); order 10 goes on succeeding (young); no end, and a torn
 * line (dead); a program that was killed; garbage as a serial line has it, three lines of it, and
 * two records in a line (noise); kinds, numbers and names that nobody expects (strange).
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/random.h"

#define PERIOD_NS	3600000000000ull
#define BURST_NS	20000000000ull
#define TRIES		4u
#define CELLS		512u

enum flaw { TORN, MISMATCH, WRONG, LEAK, YOUNG, DEAD, KILLED, NOISE, STRANGE, FLAWS };

static const char *const flaw_names[FLAWS] = {
	"torn", "mismatch", "wrong", "leak", "young", "dead", "killed", "noise",
	"strange" };

struct synth {
	unsigned long bursts;
	unsigned long seed;
	bool flaws[FLAWS];
	struct cma_random random;
	unsigned long burst;
	uint64_t ns;
	char map[CELLS + 1];
	uint64_t kswapd_ns;
	uint64_t stalls;
};

static void num(const char *name, double value)
{
	printf(",\"%s\":%.0f", name, value);
}

static void text(const char *name, const char *value)
{
	printf(",\"%s\":\"%s\"", name, value);
}

static void end(void)
{
	printf("}\n");
}

static void begin(struct synth *s, const char *who, const char *what)
{
	s->ns += 1000 + cma_random_below(&s->random, 100000);
	printf("{\"ns\":%llu", (unsigned long long)s->ns);
	text("who", who);
	text("what", what);
}

static void begin_burst(struct synth *s, const char *who, const char *what)
{
	begin(s, who, what);
	num("burst", (double)s->burst);
}

static double any(struct synth *s, uint64_t below)
{
	return (double)cma_random_below(&s->random, below);
}

/* From 0 at the beginning to 1 at the end. */
static double age(const struct synth *s)
{
	return s->bursts > 1 ? (double)s->burst / (double)(s->bursts - 1) : 1;
}

static bool late(const struct synth *s)
{
	return s->burst * 2 >= s->bursts;
}

static void put_start(struct synth *s)
{
	begin(s, "lab", "start");
	num("seed", (double)s->seed);
	text("profile", s->flaws[STRANGE] ? "<script>alert(1)</script>\\n\\u0001#" : "mixed");
	num("hours", (double)s->bursts);
	num("period_s", 3600);
	num("burst_s", 20);
	num("mem_kb", 655360);
	num("cma_kb", 131072);
	text("kernel", "6.12.117");
	text("arch", "x86_64");
	text("clock", "icount");
	end();
}

static void put_balance(struct synth *s, const char *when, bool leak)
{
	begin(s, "lab", "balance");
	text("when", when);
	num("cma_free_kb", leak ? 108000 : 118000);
	num("cma_used_pages", leak ? 2060 : 12);
	num("dmabufs", leak ? 3 : 2);
	num("slab_kb", 9000);
	num("fds", 96);
	end();
}

static void put_profiles(struct synth *s)
{
	static const char *const profiles[] = { "files", "slab", "anonymous", "pins", "desktop" };

	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		begin_burst(s, "age", "burst");
		text("profile", profiles[i]);
		num("operations", 1000.0 * (double)(i + 1) + any(s, 500));
		num("failures", i == 3 ? any(s, 20) : 0);
		num("held_kb", 20000.0 * (double)(i + 1) + any(s, 9000));
		end();
	}
}

static void put_failure(struct synth *s, const char *contender, bool busy)
{
	begin_burst(s, "probe", "failure");
	text("contender", contender);
	num("pages", 2025);
	num("align", 8);
	num("error", -12);
	num("free_pages", 3100);
	num("max_run", 1900);
	num("max_aligned_run", 1790);
	text("cause", busy ? "busy" : "fragmented");
	text("summary", busy ? "There was room, but pages in it could not be moved" :
	     "3100 pages are free, but no run of 2025 begins at a multiple of 256");
	printf(",\"evidence\":[\"free: 3100 pages\",\"longest run: 1790 <of 2025>\"]");
	end();
}

/* One try. A failure of the plain path is looked into. */
static void put_allocation(struct synth *s, const char *name, unsigned int pages, bool failed,
			   double ns)
{
	double spread = 0.7 + cma_random_unit(&s->random);

	if (!cma_random_below(&s->random, 40))
		spread *= 20;
	begin_burst(s, "probe", "allocation");
	text("contender", name);
	num("pages", pages);
	num("ns_taken", ns * spread);
	num("error", failed ? -12 : 0);
	end();
	if (failed && !strcmp(name, "plain"))
		put_failure(s, name, s->burst % 3 == 0);
}

static void put_allocations(struct synth *s)
{
	static const struct {
		const char *name;
		unsigned int pages;
		double ns;
		double growth;	/* at the end */
	} contenders[] = {
		{ "vdc", 2025, 300e3, 2 }, { "plain", 2025, 900e3, 40 },
		{ "heap-cma", 2025, 800e3, 30 }, { "heap-system", 2025, 500e3, 2 },
		{ "vkms", 2025, 200e3, 3 }, { "buddy-10", 1024, 3e3, 100 },
		{ "buddy-11", 2048, 1e3, 1 } };

	for (size_t i = 0; i < sizeof(contenders) / sizeof(contenders[0]); i++) {
		const char *name = contenders[i].name;
		double ns = contenders[i].ns * (1 + age(s) * contenders[i].growth);

		for (unsigned int n = 0; n < TRIES; n++) {
			bool failed = (!strcmp(name, "plain") && late(s) && !n) ||
				      (!strcmp(name, "buddy-10") && late(s) && !s->flaws[YOUNG]) ||
				      !strcmp(name, "buddy-11");

			put_allocation(s, name, contenders[i].pages, failed, ns);
		}
	}
}

/* The map changes a little from burst to burst. */
static void age_map(struct synth *s)
{
	static const char kinds[] = "AABBBBB.P";

	for (unsigned int i = 0; i < 6; i++) {
		uint64_t start = cma_random_below(&s->random, CELLS), length;
		char kind = kinds[cma_random_below(&s->random, sizeof(kinds) - 1)];

		length = kind == 'P' ? 1 : 8 + cma_random_below(&s->random, 24);
		for (uint64_t c = start; c < start + length && c < CELLS; c++)
			s->map[c] = kind;
	}
}

static void put_orders(const char *name, double first, double shrink)
{
	printf("\"%s\":[", name);
	for (int order = 0; order <= 10; order++, first *= shrink)
		printf("%s%.0f", order ? "," : "", first);
	putchar(']');
}

static void put_types(double old)
{
	printf(",\"types\":{");
	put_orders("Unmovable", 20 + 300 * old, 0.6);
	putchar(',');
	put_orders("Movable", 100 + 3000 * old, 0.8 - 0.35 * old);
	putchar(',');
	put_orders("HighAtomic", 0, 1);
	putchar(',');
	put_orders("CMA", 50 + 400 * old, 0.9 - 0.2 * old);
	putchar('}');
}

static void put_memory(struct synth *s, const char *when)
{
	double old = age(s);

	age_map(s);
	s->kswapd_ns += 1000000 + cma_random_below(&s->random, 40000000);
	s->stalls += 5;
	begin_burst(s, "probe", "memory");
	text("when", when);
	num("stalls", (double)s->stalls);
	num("compact_stalls", 7);
	num("cma_free_kb", 110000 - 70000 * old + any(s, 9000));
	num("mem_free_kb", 160000 - 80000 * old + any(s, 20000));
	num("slab_kb", 18000 + 14000 * old);
	num("kswapd_ns", (double)s->kswapd_ns);
	putchar(',');
	put_orders("free", 200 + 4000 * old, 0.85 - 0.4 * old);
	printf(",\"unusable\":[");
	for (int order = 0; order <= 10; order++)
		printf("%s%.0f", order ? "," : "", old * 100 * order * (0.9 + old * 0.1));
	printf("],\"extfrag\":[-1000,-1000,-1000,-1000,-1000,-1000,510,640,700,760,820]");
	put_types(old);
	text("map", s->map);
	end();
}

static void put_wakeups(struct synth *s)
{
	static const char *const during[] = { "cma", "other", "nothing" };

	for (size_t i = 0; i < sizeof(during) / sizeof(during[0]); i++) {
		double factor = i == 0 ? 4 : 1;

		begin_burst(s, "probe", "wakeup");
		text("during", during[i]);
		num("count", 2000);
		num("p50_ns", 9000 + 4000 * age(s));
		num("p99_ns", factor * (60000 + age(s) * any(s, 400000)));
		num("max_ns", factor * (500000 + age(s) * any(s, 9000000)));
		end();
	}
}

static void put_frames(struct synth *s, double frames, double torn, double missed)
{
	begin_burst(s, "uptime", "frames");
	num("frames", frames);
	num("torn", torn);
	num("repeated", 0);
	num("lost", 0);
	num("missed", missed);
	end();
}

static void put_events(struct synth *s, double modesets, const char *line_end)
{
	begin_burst(s, "uptime", "events");
	num("modesets", modesets);
	num("unplugs", 1);
	num("kills", 1);
	printf("}%s", line_end);
}

static void put_uptime(struct synth *s)
{
	put_frames(s, 1200, s->flaws[TORN] && s->burst == 1, s->burst % 10 == 9);
	begin_burst(s, "uptime", "buffers");
	num("allocated", 32);
	num("failed", 2);
	num("exported", 8);
	num("imported", 8);
	num("scanned", 16);
	num("checked", 30);
	num("wrong", s->flaws[WRONG] && s->burst == 1);
	num("crc_mismatches", s->flaws[MISMATCH] && s->burst == 1);
	end();
	put_events(s, 2, "\n");
}

static void put_noise(struct synth *s)
{
	if (s->burst)
		return;
	printf("\x01\xff\xfe{\"ns\":12,\"who\":\"uptime\",\"what\":\"frames\",\"frames\":1e9\n");
	printf("[    3.141592] random: crng init done\n\r\n");
	put_events(s, 100, "");
	put_events(s, 200, "\n");
	for (int i = 0; i < 70000; i++)
		putchar('{');
	putchar('\n');
}

static void put_strange(struct synth *s)
{
	static const char *const lines[] = {
		"{\"ns\":1}",
		"{\"ns\":-5,\"who\":7,\"what\":[]}",
		"{\"ns\":1,\"who\":\"uptime\",\"what\":\"of another kind\"}",
		"{\"ns\":1,\"who\":\"uptime\",\"what\":\"frames\",\"burst\":9223372036854775807}",
		"{\"ns\":1,\"who\":\"uptime\",\"what\":\"frames\",\"frames\":-3,\"torn\":\"many\"}",
		"{\"ns\":1,\"who\":\"uptime\",\"what\":\"frames\",\"burst\":{},\"lost\":null}",
		"{\"ns\":1,\"who\":\"probe\",\"what\":\"allocation\",\"contender\":\"<b>&\\\"\\u0001\"}",
		"{\"ns\":1,\"who\":\"probe\",\"what\":\"allocation\",\"ns_taken\":9223372036854775807}",
		"{\"ns\":1,\"who\":\"probe\",\"what\":\"failure\",\"contender\":\"</script>\"}",
		"{\"ns\":1,\"who\":\"probe\",\"what\":\"failure\",\"evidence\":[null,7,\"<b>\"]}",
		"{\"ns\":1,\"who\":\"probe\",\"what\":\"memory\",\"free\":[1e300,-7,\"x\"],\"map\":\"<&A\"}",
		"{\"ns\":1,\"who\":\"probe\",\"what\":\"memory\",\"types\":[1],\"unusable\":{}}" };

	for (size_t i = 0; !s->burst && i < sizeof(lines) / sizeof(lines[0]); i++)
		puts(lines[i]);
}

static void put_complaint(struct synth *s, const char *name, const char *cause, const char *summary)
{
	begin(s, "uptime", "complaint");
	text("name", name);
	printf(",\"reproduced\":%s", *cause ? "true" : "false");
	text("cause", cause);
	text("summary", summary);
	end();
}

static void put_ended(struct synth *s, const char *program, double status)
{
	begin(s, "lab", "ended");
	text("program", program);
	num("status", status);
	end();
}

static void put_end(struct synth *s)
{
	put_complaint(s, "anholt/linux #135", "fragmented",
		      "16 MiB fail with 100 of 128 MiB not allocated");
	put_complaint(s, "raspberrypi/linux #2680", "", "no busy page within the run");
	put_ended(s, "uptime", 0);
	put_ended(s, "age", s->flaws[KILLED] ? 137 : 0);
	put_ended(s, "probe", 0);
	put_balance(s, "end", s->flaws[LEAK]);
	begin(s, "lab", "end");
	num("status", 0);
	end();
}

static void put_bursts(struct synth *s)
{
	for (s->burst = 0; s->burst < s->bursts; s->burst++) {
		s->ns = s->burst * PERIOD_NS;
		put_memory(s, "begin");
		put_profiles(s);
		put_allocations(s);
		put_uptime(s);
		if (s->flaws[NOISE])
			put_noise(s);
		if (s->flaws[STRANGE])
			put_strange(s);
		s->ns = s->burst * PERIOD_NS + BURST_NS;
		put_memory(s, "end");
		put_wakeups(s);
	}
}

static int refuse(void)
{
	fprintf(stderr, "Usage: lab-synth BURSTS SEED [FLAW]...\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct synth s = { 0 };

	if (argc < 3)
		return refuse();
	s.bursts = strtoul(argv[1], NULL, 10);
	s.seed = strtoul(argv[2], NULL, 10);
	s.random.state = s.seed;
	for (int i = 3; i < argc; i++) {
		size_t flaw = 0;

		while (flaw < FLAWS && strcmp(flaw_names[flaw], argv[i]))
			flaw++;
		if (flaw == FLAWS)
			return refuse();
		s.flaws[flaw] = true;
	}
	memset(s.map, '.', CELLS);
	put_start(&s);
	put_balance(&s, "start", false);
	begin(&s, "age", "filled");
	num("kb", 410000);
	end();
	begin(&s, "age", "skipped");
	text("profile", "camera");
	text("reason", "no vivid <here>");
	end();
	begin(&s, "age", "killed");
	text("profile", "pins");
	num("signal", 9);
	end();
	put_bursts(&s);
	if (s.flaws[DEAD])
		printf("{\"ns\":%llu,\"who\":\"uptime\",\"what\":\"fram", (unsigned long long)s.ns);
	else
		put_end(&s);
	return fflush(stdout) ? 1 : 0;
}
