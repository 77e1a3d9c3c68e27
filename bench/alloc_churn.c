// SPDX-License-Identifier: MIT
/*
 * Create and destroy: a client whose picture gets a new buffer in each frame, as a window does
 * that is being resized. At the beginning of a frame a 1920x1080 buffer is created, then the one of
 * the frame before is destroyed; what both take is timed, and memory that is kept for reuse has a
 * frame's time to be cleared. That costs processor time, which is measured as well. Contenders have
 * turns of a second, so that all see the same memory.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "busy.h"
#include "cma/latency.h"
#include "lab/contender.h"
#include "message.h"

#define WIDTH		1920u
#define HEIGHT		1080u
#define NS		1000000000u
#define MAX_RATE	1000u
#define MAX_SECONDS	3600u

/**
 * struct churned - a contender, and what was measured of it
 * @contender: it
 * @held: the buffer of the last frame
 * @holds: there is one
 * @created: buffers that came
 * @failed: buffers that did not
 * @late: frames that began too late, because the one before took more than its time
 * @create: ns of creating those that came
 * @cycle: ns of creating and destroying one each
 * @busy: seconds that the machine's processors worked in its turns
 */
struct churned {
	struct contender contender;
	struct contender_buffer held;
	bool holds;
	uint64_t created;
	uint64_t failed;
	uint64_t late;
	struct cma_latency create;
	struct cma_latency cycle;
	double busy;
};

/* Return: ns that it took. */
static uint64_t destroy(struct churned *c)
{
	uint64_t start = contender_clock();

	if (c->holds)
		c->contender.type->free(&c->contender, &c->held);
	c->holds = false;
	return contender_clock() - start;
}

static void cycle(struct churned *c)
{
	const struct contender_request request = { WIDTH, HEIGHT };
	struct contender_buffer fresh = { .fd = -1 };
	bool whole = c->holds;
	uint64_t ns;

	if (c->contender.type->allocate(&c->contender, &request, &fresh, &ns)) {
		c->failed++;
		destroy(c);
		return;
	}
	c->created++;
	cma_latency_add(&c->create, ns);
	ns += destroy(c);
	/* A turn's first frame destroys nothing. */
	if (whole)
		cma_latency_add(&c->cycle, ns);
	c->held = fresh;
	c->holds = true;
}

static void sleep_until(uint64_t ns)
{
	struct timespec t = { (time_t)(ns / NS), (long)(ns % NS) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}

/* Frames that are late are not made up for: there are as many, and each has its whole time. */
static void turn(struct churned *c, unsigned int rate)
{
	uint64_t due = contender_clock();
	double busy = busy_seconds();

	for (unsigned int frame = 0; frame < rate; frame++) {
		uint64_t now;

		cycle(c);
		due += NS / rate;
		now = contender_clock();
		if (now > due) {
			c->late++;
			due = now;
		}
		sleep_until(due);
	}
	destroy(c);
	c->busy += busy_seconds() - busy;
}

static void print(const struct churned *c, unsigned int rate)
{
	printf("{\"contender\":\"%s\",\"rate\":%u,\"created\":%" PRIu64 ",\"failed\":%" PRIu64
	       ",\"late\":%" PRIu64, c->contender.type->name, rate, c->created, c->failed, c->late);
	printf(",\"cycles\":%" PRIu64 ",\"p50_ns\":%" PRIu64 ",\"p99_ns\":%" PRIu64
	       ",\"max_ns\":%" PRIu64, c->cycle.count, cma_latency_percentile(&c->cycle, 50),
	       cma_latency_percentile(&c->cycle, 99), c->cycle.max);
	printf(",\"create_p50_ns\":%" PRIu64 ",\"create_max_ns\":%" PRIu64
	       ",\"busy_ms\":%.0f}\n",
	       cma_latency_percentile(&c->create, 50), c->create.max, c->busy * 1000);
}

static int usage(FILE *to)
{
	fprintf(to, "Usage: alloc-churn [--seconds N] [--rate N] CONTENDER...\n\n"
		"Creates a 1920x1080 buffer and destroys the one before, so many times a second\n"
		"(--rate, default 60) for so many seconds each (--seconds, default 10), contenders in\n"
		"turns of a second. Prints a line of JSON for each. Contenders:\n");
	for (int i = 0; i < CONTENDERS; i++)
		fprintf(to, "  %-12s %s\n", contender_types[i]->name,
			contender_types[i]->summary);
	return to == stdout ? EXIT_OK : EXIT_USAGE;
}

static bool parse(const char *text, unsigned int most, unsigned int *value)
{
	char *end;
	unsigned long n;

	if (*text < '0' || *text > '9')
		return false;
	n = strtoul(text, &end, 10);
	if (*end || !n || n > most)
		return false;
	*value = (unsigned int)n;
	return true;
}

/* Return: an exit status; a message says which is not there. */
static int open_all(struct churned *churned, char **names, int count)
{
	for (int i = 0; i < count; i++) {
		struct contender *c = &churned[i].contender;
		int ret = contender_find(names[i]);

		if (ret < 0) {
			message("no contender \"%s\"; see --help", names[i]);
			return EXIT_USAGE;
		}
		*c = (struct contender){ contender_types[ret], -1 };
		ret = c->type->open(c);
		if (ret) {
			message("%s (%s): %s", c->type->name, c->type->summary,
				ret == -ENOENT ? "not on this machine" : strerror(-ret));
			return EXIT_ENVIRONMENT;
		}
	}
	return EXIT_OK;
}

static int run(char **names, int count, unsigned int seconds, unsigned int rate)
{
	static struct churned churned[CONTENDERS];
	int status = open_all(churned, names, count);

	for (unsigned int second = 0; second < seconds && !status; second++)
		for (int i = 0; i < count; i++)
			turn(&churned[i], rate);
	for (int i = 0; i < count && !status; i++)
		print(&churned[i], rate);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "rate", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	unsigned int seconds = 10, rate = 60;
	int option;

	message_program(argv[0]);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h')
			return usage(stdout);
		if (option == 's' && parse(optarg, MAX_SECONDS, &seconds))
			continue;
		if (option == 'r' && parse(optarg, MAX_RATE, &rate))
			continue;
		return usage(stderr);
	}
	if (optind == argc || argc - optind > CONTENDERS)
		return usage(stderr);
	return run(argv + optind, argc - optind, seconds, rate);
}
